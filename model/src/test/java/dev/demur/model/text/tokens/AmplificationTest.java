package dev.demur.model.text.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.model.text.MixedLines;
import dev.demur.model.text.regex.TooMuchWorkException;
import dev.demur.model.text.regex.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// How much work and how much text each part makes of a byte. What real tokenizers do stays far
/// below the budget; what grows beyond it ends.
final class AmplificationTest {

  /// An eighth of the steps a text may take: no real text comes near the budget.
  private static final double HONEST_STEPS = 125;

  /// U+FDFA makes eighteen characters of three bytes, the most of all.
  private static final double HONEST_GROWTH = 6;

  /// As the budget has it, with what a short text may have for nothing.
  private static final double MOST_GROWTH = 16.5;

  private static final int LENGTH = 20_000;

  private static final Path FILE = Path.of("tokenizer.json");

  private static final List<String> UNITS =
      List.of(
          "a", " ", "\n", "1", "é", "e\u0301", "日", "🙂", "\uFDFA", "İ", "\ufb03", "각", "'s ",
          "a ");

  private static Map<String, ObjectNode> parts(List<String> types) {
    Map<String, ObjectNode> parts = new LinkedHashMap<>();
    for (String type : types) {
      parts.put(
          type,
          Documents.typed(type)
              .put("prepend", "▁")
              .put("behavior", "Isolated")
              .put("content", "a")
              .put("delimiter", "a")
              .put("suffix", "a")
              .put("prefix", "a")
              .put("start", 1)
              .put("stop", 1));
    }
    return parts;
  }

  @Test
  void normalizersGrowATextByAFewCharactersAByte() throws IOException {
    List<String> types =
        List.of(
            "NFC",
            "NFD",
            "NFKC",
            "NFKD",
            "Lowercase",
            "StripAccents",
            "Nmt",
            "ByteLevel",
            "Prepend",
            "Strip",
            "BertNormalizer");
    for (Map.Entry<String, ObjectNode> part : parts(types).entrySet()) {
      List<Normalizers.Step> steps = Normalizers.of(new Parts(FILE), part.getValue());
      for (String unit : UNITS) {
        int[] points = unit.repeat(LENGTH / unit.length()).codePoints().toArray();
        long bytes = Pipeline.bytes(points);
        Work work = Work.onBytes(bytes);
        long before = work.left();
        Aligned changed = Normalizers.apply(steps, Aligned.of(points), work);
        String what = part.getKey() + " on " + unit;
        assertThat((double) changed.length() / bytes).as(what).isLessThanOrEqualTo(HONEST_GROWTH);
        assertThat((double) (before - work.left()) / bytes).as(what).isLessThan(HONEST_STEPS);
      }
    }
  }

  @Test
  void splittersWorkALittleOnAByte() throws IOException {
    Map<String, ObjectNode> parts =
        parts(
            List.of(
                "ByteLevel",
                "Metaspace",
                "Digits",
                "Punctuation",
                "Whitespace",
                "WhitespaceSplit",
                "BertPreTokenizer",
                "UnicodeScripts",
                "CharDelimiterSplit"));
    Documents.PATTERNS.forEach(p -> parts.put(p, Documents.split(p, "Isolated", false)));
    parts.put(
        "DeepSeek coder",
        Documents.sequence(
            "pretokenizers",
            Stream.of("[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", "[一-龥ࠀ-一가-퟿]+", "\\p{N}")
                .map(pattern -> Documents.split(pattern, "Isolated", false))
                .toList()));
    // Looks ahead to the end of the number from each of its digits, as its authors wanted it.
    parts.remove("(?=(\\d{3})+(?!\\d))");
    for (Map.Entry<String, ObjectNode> part : parts.entrySet()) {
      List<Splitters.Step> steps = Splitters.of(new Parts(FILE), part.getValue());
      for (String unit : UNITS) {
        int[] points = unit.repeat(LENGTH / unit.length()).codePoints().toArray();
        long bytes = Pipeline.bytes(points);
        Work work = Work.onBytes(bytes);
        long before = work.left();
        Splitters.split(steps, Aligned.of(points), work, _ -> {});
        assertThat((double) (before - work.left()) / bytes)
            .as(part.getKey() + " on " + unit)
            .isLessThan(HONEST_STEPS);
      }
    }
  }

  /// Nothing is quadratic for free, however harmless it looks.
  @Test
  void aPatternThatLooksToTheEndFromEachCharacterEnds() throws IOException {
    ObjectNode split = Documents.split(".(?:.*?\\n)?", "Isolated", false);
    List<Splitters.Step> steps = Splitters.of(new Parts(FILE), split);
    int[] points = "a".repeat(LENGTH).codePoints().toArray();
    assertThatThrownBy(
            () -> Splitters.split(steps, Aligned.of(points), Work.onBytes(LENGTH), _ -> {}))
        .isInstanceOf(TooMuchWorkException.class)
        .message()
        .hasLineCount(1);
  }

  @Test
  void decodersGrowATextByAFewCharactersAByte() throws IOException {
    List<String> types =
        List.of(
            "ByteLevel", "Metaspace", "ByteFallback", "Fuse", "Strip", "BPEDecoder", "WordPiece");
    for (Map.Entry<String, ObjectNode> part : parts(types).entrySet()) {
      List<Decoders.Step> steps = Decoders.of(new Parts(FILE), part.getValue());
      for (String unit : UNITS) {
        List<String> tokens = Collections.nCopies(LENGTH / unit.length(), unit);
        long bytes = (unit.length() + 1L) * tokens.size();
        Work work = Work.onBytes(bytes);
        long before = work.left();
        String text = Decoders.decode(steps, tokens, work);
        String what = part.getKey() + " on " + unit;
        assertThat((double) text.length() / bytes).as(what).isLessThanOrEqualTo(HONEST_GROWTH);
        assertThat((double) (before - work.left()) / bytes).as(what).isLessThan(HONEST_STEPS);
      }
    }
  }

  /// Finding D3, from within: a chain of replacements ends as soon as it has grown too far.
  @Test
  void replacementsEndWhereTheBudgetDoes() throws IOException {
    for (int links = 1; links <= 12; links++) {
      ObjectNode replace = Documents.replace("String", "a", "aaa");
      ObjectNode chain = Documents.sequence("normalizers", Collections.nCopies(links, replace));
      List<Normalizers.Step> steps = Normalizers.of(new Parts(FILE), chain);
      int[] points = "a".repeat(LENGTH).codePoints().toArray();
      try {
        Aligned grown = Normalizers.apply(steps, Aligned.of(points), Work.onBytes(LENGTH));
        assertThat(grown.length()).isLessThan((int) (MOST_GROWTH * LENGTH));
      } catch (TooMuchWorkException e) {
        assertThat(links).as("3 and 9 times are within the budget").isGreaterThan(2);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama2", "mistral", "gemma", "llama3", "qwen2", "smollm", "gpt2", "cl100k", "o200k"
      })
  void wholeTokenizersTakeAFractionOfTheBudget(String kind) throws IOException {
    Path file = Path.of("src/test/resources/golden/tokenizer-pairs", kind, "tokenizer.json");
    Pipeline pipeline = Pipeline.of(file, Documents.object(Files.readString(file)));
    int[] points = String.join("\n", MixedLines.of(1000, 1)).codePoints().toArray();
    long bytes = Pipeline.bytes(points);
    Work work = Work.onBytes(bytes);
    long before = work.left();
    assertThat(pipeline.encode(points, work).size()).isPositive();
    assertThat((double) (before - work.left()) / bytes).as(kind).isLessThan(HONEST_STEPS);
  }
}
