package dev.demur.app.command.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal.Channel;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.Provenance;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// `demur chat` on a tiny random model: what it says means nothing, but it says the same each time.
class ChatCommandTest {

  @TempDir Path folder;

  @Test
  void answersOnceWithMinusP() {
    var outcome = chat("", Set.of(), "-p", "Hello!");
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(outcome.out()).endsWith("\n").hasSizeGreaterThan(1);
    assertThat(outcome.err()).isEqualTo("demur: cut after 8 tokens (--max-new-tokens)\n");
  }

  @Test
  void aPipedPromptIsTheSameAsMinusP() {
    assertThat(chat("Hello!", Set.of()).out()).isEqualTo(chat("", Set.of(), "-p", "Hello!").out());
  }

  @Test
  void aConversationRemembersItsTurns() {
    var terminals = Set.of(Channel.IN, Channel.OUT, Channel.ERR);
    var twice = chat("Hello!\nHello!\n", terminals);
    String once = chat("", Set.of(), "-p", "Hello!").out();
    assertThat(twice.code()).isZero();
    assertThat(twice.out()).startsWith(once);
    assertThat(twice.out()).isNotEqualTo(once + once);
  }

  @Test
  void aSystemMessageChangesTheAnswer() {
    assertThat(chat("", Set.of(), "-p", "Hello!", "--system", "Be rude").out())
        .isNotEqualTo(chat("", Set.of(), "-p", "Hello!").out());
  }

  @Test
  void aDrawnAnswerDependsOnTheSeedAlone() {
    Object[] drawn = {"-p", "Hello!", "--temperature", 2, "--seed", 7};
    assertThat(chat("", Set.of(), drawn).out()).isEqualTo(chat("", Set.of(), drawn).out());
  }

  @Test
  void aSteeredAnswerDiffers() throws IOException {
    Path file = direction(24);
    String plain = chat("", Set.of(), "-p", "Hello!").out();
    assertThat(chat("", Set.of(), "-p", "Hello!", "--add", file, "--coefficient", 0).out())
        .isEqualTo(plain);
    assertThat(chat("", Set.of(), "-p", "Hello!", "--add", file, "--coefficient", 50).out())
        .isNotEqualTo(plain);
  }

  @Test
  void aDirectionOfAnotherWidthIsRefused() throws IOException {
    var outcome = chat("", Set.of(), "-p", "Hello!", "--ablate", direction(32));
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages())
        .singleElement()
        .asString()
        .contains("32 components", "24 wide", "somewhere");
  }

  /// Unedited and steered answers of one batch are those that each gives alone.
  @Test
  void compareShowsWhatEachAnswersAlone() throws IOException {
    Path file = direction(24);
    String unedited = chat("", Set.of(), "-p", "Hello!").out().strip();
    String steered = chat("", Set.of(), "-p", "Hello!", "--add", file, "--coefficient", 50).out();
    var outcome = chat("/add " + file + "\n/coefficient 50\n/compare Hello!\n", Set.of(Channel.IN));
    assertThat(outcome.out())
        .isEqualTo("unedited: " + unedited + "\nsteered:  " + steered.strip() + "\n");
  }

  @Test
  void aWrongCommandEndsTheLineAndNotTheChat() {
    var lines = "/ad x\n/coefficient 2\n/save\n/ablate nowhere\n/compare\nHello!\n/quit\nHello!\n";
    var outcome = chat(lines, Set.of(Channel.IN));
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).isEqualTo(chat("", Set.of(), "-p", "Hello!").out());
    assertThat(outcome.err())
        .contains("there is no /ad; did you mean /add?")
        .contains("nothing is added yet")
        .contains("something is missing: /save FILE")
        .contains("nowhere: no such file")
        .contains("nothing was asked yet");
  }

  @Test
  void resetForgetsAndSystemStands() {
    var outcome = chat("Hello!\n/reset\n/system Be rude\nHello!\n", Set.of(Channel.IN));
    assertThat(outcome.out())
        .isEqualTo(
            chat("", Set.of(), "-p", "Hello!").out()
                + chat("", Set.of(), "-p", "Hello!", "--system", "Be rude").out());
  }

  @Test
  void jsonIsALineForEachAnswer() {
    var line = JsonMapper.shared().readTree(chat("", Set.of(), "-p", "Hello!", "--json").out());
    assertThat(line.path("reply").asString() + "\n")
        .isEqualTo(chat("", Set.of(), "-p", "Hello!").out());
    assertThat(line.path("tokens").intValue()).isEqualTo(8);
    assertThat(line.path("finished").booleanValue()).isFalse();
  }

  @Test
  void anEmptyPromptIsRefused() {
    var outcome = chat("  \n", Set.of());
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages()).singleElement().asString().contains("prompt is empty");
  }

  private Path direction(int width) throws IOException {
    Path file = folder.resolve("direction" + width + ".safetensors");
    try (var _ = Scope.open()) {
      float[] values = new float[width];
      values[1] = 3;
      values[2] = -4;
      var raw = Tensor.of(values, width);
      var direction = Direction.fromMeanDiff(raw, new HookPoint(1, Site.RESID_PRE), -1);
      new DirectionFile(direction, new Provenance("somewhere", "0", "0", "test")).write(file);
    }
    return file;
  }

  private static Cli.Outcome chat(String in, Set<Channel> interactive, Object... more) {
    Object[] words = new Object[more.length + 4];
    words[0] = "chat";
    words[1] = Cli.checkpoint("llama-gqa-tied");
    words[2] = "--max-new-tokens";
    words[3] = 8;
    System.arraycopy(more, 0, words, 4, more.length);
    return Cli.run(in, interactive, words);
  }
}
