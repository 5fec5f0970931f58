package dev.demur.model.text.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.model.text.MixedLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Every part does what Hugging Face `tokenizers` does: the same ids, the same places in the text,
/// the same text again.
///
/// `-Ddemur.fuzz.cases=100000` runs longer, `-Dtests.seed=…` repeats a run.
final class LibraryParityTest {

  private static final int CASES = Integer.getInteger("demur.fuzz.cases", 300);

  private static final long SEED = Long.getLong("tests.seed", 20_261_127L);

  private static final Path PAIRS = Path.of("src/test/resources/golden/tokenizer-pairs");

  private static final Path NOWHERE = Path.of("tokenizer.json");

  /// Every published pattern on its own, on mixed text.
  @Test
  void patternsCutAsInTheLibrary() throws IOException {
    String text = String.join("\n", MixedLines.of(Math.clamp(CASES, 300, 3000), SEED));
    for (String pattern : Documents.PATTERNS) {
      for (String behavior : List.of("Isolated", "Removed", "MergedWithNext")) {
        ObjectNode document = Documents.words();
        document.set("pre_tokenizer", Documents.split(pattern, behavior, false));
        encodesAlike(document, text);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama2", "mistral", "gemma", "llama3", "qwen2", "smollm", "gpt2", "cl100k", "o200k"
      })
  void wholeTokenizersAgree(String kind) throws IOException {
    Path file = PAIRS.resolve(kind).resolve("tokenizer.json");
    ObjectNode document = Documents.object(Files.readString(file));
    try (Library library = Library.of(document)) {
      Pipeline ours = Pipeline.of(file, document);
      for (String line : MixedLines.of(CASES, SEED)) {
        agree(library, ours, line, kind);
        List<Integer> whole = new ArrayList<>(ours.before());
        for (int id : ours.encode(line).ids()) {
          whole.add(id);
        }
        whole.addAll(ours.after());
        assertThat(whole).as(line).isEqualTo(library.encodeWithSpecialTokens(line));
      }
    }
  }

  /// Normalizers, pre-tokenizers and decoders in any order, with tokens added.
  @Test
  void composedDocumentsAgree() throws IOException {
    Random random = new Random(SEED);
    List<String> lines = MixedLines.of(CASES, SEED);
    for (int i = 0; i < CASES; i++) {
      ObjectNode document = random.nextBoolean() ? Documents.words() : Documents.bytes();
      document.set("normalizer", Documents.sequence("normalizers", some(random, 0)));
      document.set("pre_tokenizer", Documents.sequence("pretokenizers", some(random, 1)));
      List<ObjectNode> decoders = some(random, 2);
      document.set(
          "decoder",
          decoders.isEmpty() ? Documents.typed("Fuse") : Documents.sequence("decoders", decoders));
      addTokens((ArrayNode) document.path("added_tokens"), document, random);
      try (Library library = Library.of(document)) {
        String line = lines.get(i).replace("<|", random.nextInt(3) == 0 ? " <sep> " : "a");
        agree(library, Pipeline.of(NOWHERE, document), line, "case " + i + " " + document);
      }
    }
  }

  private static List<ObjectNode> some(Random random, int kind) {
    List<ObjectNode> parts = new ArrayList<>();
    for (int n = random.nextInt(3); n > 0; n--) {
      parts.add(
          switch (kind) {
            case 0 -> Documents.normalizer(random);
            case 1 -> Documents.splitter(random);
            default -> Documents.decoder(random);
          });
    }
    return parts;
  }

  private static void addTokens(ArrayNode added, ObjectNode document, Random random) {
    int id = document.path("model").path("vocab").size();
    for (String content : List.of("<sep>", "the", "日", "é")) {
      if (random.nextInt(3) == 0) {
        added
            .addObject()
            .put("id", id++)
            .put("content", content)
            .put("single_word", random.nextBoolean())
            // The library ends the process when it strips some texts.
            .put("lstrip", false)
            .put("rstrip", false)
            .put("normalized", !content.equals("<sep>") && random.nextBoolean())
            .put("special", random.nextBoolean());
      }
    }
  }

  private static void encodesAlike(ObjectNode document, String text) throws IOException {
    try (Library library = Library.of(document)) {
      Tokens ours = Pipeline.of(NOWHERE, document).encode(text);
      assertThat(Library.tokens(ours))
          .as("seed %d, %s", SEED, document)
          .isEqualTo(library.encode(text));
    }
  }

  private static void agree(Library library, Pipeline ours, String line, String what) {
    Tokens tokens = ours.encode(line);
    assertThat(Library.tokens(tokens))
        .as("seed %d, %s: \"%s\"", SEED, what, line)
        .isEqualTo(library.encode(line));
    for (boolean skips : new boolean[] {true, false}) {
      assertThat(ours.decode(tokens.ids(), skips))
          .as("decoded, seed %d, %s: \"%s\"", SEED, what, line)
          .isEqualTo(library.decode(tokens.ids(), skips));
    }
  }
}
