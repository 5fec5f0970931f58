package dev.demur.model.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Lines of mixed text, the same for the same seed: words of many scripts, numbers, code, runs of
/// white space, emoji, combining marks, right-to-left text and rare characters. No special tokens.
public final class MixedLines {

  private static final List<String> WORDS =
      List.of(
          "the",
          "kettle",
          "it's",
          "WE'LL",
          "they're",
          "Don't",
          "I'M",
          "naïve",
          "cafe\u0301",
          "Straße",
          "İstanbul",
          "ﬁne",
          "ångström",
          "Привет",
          "как",
          "καλημέρα",
          "今天天气很好",
          "東京タワー",
          "한국어",
          "नमस्ते",
          "مرحبا",
          "שלום",
          "ไทย",
          "zero\u200bwidth",
          "no\u00a0break",
          "▁",
          "Ġ",
          "<",
          ">",
          "<|",
          "|>",
          "</",
          "[INST",
          "e\u0301\u0327",
          "ﷺ",
          "ǅ",
          "ª",
          "²",
          "Ⅷ");

  private static final List<String> NUMBERS =
      List.of("0", "7", "12", "365", "1,204", "31415926", "3.14", "1e-9", "0x1F", "٣٤٥", "१२", "½");

  private static final List<String> CODE =
      List.of(
          "def add(a, b):",
          "return a+b;",
          "if (x != y) {",
          "}",
          "// TODO",
          "/* ok */",
          "#include",
          "a[i]->b",
          "\"quoted\"",
          "'c'",
          "x := y",
          "===",
          "&&",
          "http://a.b/c?d=e#f",
          "\\n",
          "$x_1");

  private static final List<String> SIGNS =
      List.of(
          "🙂",
          "👩‍👩‍👧",
          "🇩🇪",
          "🌧️",
          "👍🏽",
          "…",
          "—",
          "!!!",
          "?!",
          "。",
          "、",
          "؟",
          "(",
          ")",
          "\ufffd",
          "\u0001",
          "\u007f",
          "\ue000",
          "𝔘",
          "𠮷");

  private static final List<String> SPACES =
      List.of(
          " ", " ", " ", " ", "  ", "   ", "\t", "\n", "\n\n", "\r\n", " \n", "\u3000", "\u2009",
          "");

  private MixedLines() {}

  /// As many lines as asked for.
  public static List<String> of(int count, long seed) {
    var random = new Random(seed);
    var lines = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      lines.add(line(random));
    }
    return lines;
  }

  private static String line(Random random) {
    var line = new StringBuilder();
    for (int i = random.nextInt(14); i >= 0; i--) {
      line.append(one(SPACES, random)).append(piece(random));
    }
    return line.append(random.nextInt(4) == 0 ? one(SPACES, random) : "").toString();
  }

  private static String piece(Random random) {
    return switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> one(WORDS, random);
      case 4 -> one(NUMBERS, random);
      case 5 -> one(CODE, random);
      case 6 -> one(SIGNS, random);
      case 7 -> String.valueOf(random.nextInt(1_000_000));
      case 8 -> Character.toString(character(random));
      default -> " ".repeat(random.nextInt(9));
    };
  }

  /// Any assigned character that is no half of a pair.
  private static int character(Random random) {
    while (true) {
      int character = random.nextInt(0x20000);
      if (Character.isDefined(character) && (character < 0xD800 || character > 0xDFFF)) {
        return character;
      }
    }
  }

  private static String one(List<String> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }
}
