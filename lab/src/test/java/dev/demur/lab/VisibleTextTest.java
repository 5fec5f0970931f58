package dev.demur.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// D10: nothing a terminal obeys leaves as it is.
class VisibleTextTest {

  @Test
  void writesOutWhatATerminalObeys() {
    assertThat(VisibleText.of("a\u001b]0;pwned\u0007b\u009b31mc\u007f"))
        .isEqualTo("a\\u001b]0;pwned\\u0007b\\u009b31mc\\u007f");
    assertThat(VisibleText.of("\u202eevil\u2069 \u200f\u061c \u2028"))
        .isEqualTo("\\u202eevil\\u2069 \\u200f\\u061c \\u2028");
    assertThat(VisibleText.of("over\rwritten\b")).isEqualTo("over\\u000dwritten\\u0008");
    assertThat(VisibleText.of("\ud83d \ude00")).isEqualTo("\\ud83d \\ude00");
  }

  @Test
  void leavesTextAlone() {
    String text = "Zwölf Boxkämpfer\tjagen\r\nعربي 漢字 😀 e\u0301 \u200d\n";
    assertThat(VisibleText.of(text)).isSameAs(text);
  }

  @Test
  void keepsALineALine() {
    assertThat(VisibleText.line("no such file: a\nb\r\nc"))
        .isEqualTo("no such file: a\\u000ab\\u000d\\u000ac");
  }

  /// Any text of any characters: nothing hidden is left, a second pass changes nothing, and inside
  /// JSON the text read back is the same.
  @Test
  void holdsForAnyText() {
    var random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        int range = new int[] {0x20, 0xa0, 0x2100, 0x10000}[random.nextInt(4)];
        text.append((char) random.nextInt(range));
      }
      String shown = VisibleText.of(text.toString());
      assertThat(shown.codePoints())
          .allMatch(c -> c == '\n' || c == '\t' || c == '\r' || !Character.isISOControl(c))
          .noneMatch(c -> c >= 0x202a && c <= 0x202e);
      assertThat(VisibleText.of(shown)).isEqualTo(shown);
      String json = JsonMapper.shared().writeValueAsString(text.toString());
      assertThat(JsonMapper.shared().readValue(VisibleText.of(json), String.class))
          .isEqualTo(text.toString());
    }
  }
}
