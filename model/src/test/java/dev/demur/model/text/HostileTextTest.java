package dev.demur.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.model.text.jinja.HostileTemplates;
import dev.demur.model.text.tokens.HostileCase;
import dev.demur.model.text.tokens.HostileTokenizers;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/// No tokenizer, no template and no text ends the process, takes more than 256 MB or a second
/// beyond its honest work. They are tried in processes of their own, in a heap of that size.
///
/// `-Ddemur.fuzz.cases=100000` runs longer, `-Dtests.seed=…` repeats a run.
@Order(1) // the slowest begin first
final class HostileTextTest {

  private static final String CASES = System.getProperty("demur.fuzz.cases", "400");

  private static final String SEED = System.getProperty("tests.seed", "20261127");

  private static final String HEAP = "256m";

  /// A text of 11 million characters and its tokens, at some ten numbers for each.
  private static final String HEAP_FOR_A_LONG_TEXT = "1500m";

  private static final long SOON = 2;
  private static final long MINUTES = 120;

  /// Finding D1: each of these ended the process by a signal; the output says which.
  @Test
  void d1NoTokenizerEndsTheProcess() throws Exception {
    var names =
        List.of("exploding-regex", "nested-brackets", "empty-match", "word-edge", "empty-prepend");
    var lines = ended(HEAP, names).lines().toList();
    assertThat(lines).hasSameSizeAs(names);
    for (int i = 0; i < names.size(); i++) {
      assertThat(lines.get(i)).matches(names.get(i) + ": (tokens|refused) .*");
    }
  }

  /// Finding D2: a prompt of "a", 11 million spaces and "b" ended the process.
  @Test
  void d2NoPromptEndsTheProcess() throws Exception {
    assertThat(ended(HEAP_FOR_A_LONG_TEXT, List.of("run-of-spaces")))
        .startsWith("run-of-spaces: tokens 11000002 11000002");
  }

  /// Finding D3: chained replacements took 17.8 GB.
  @Test
  void d3NoTokenizerTakesMemoryWithoutEnd() throws Exception {
    assertThat(ended(HEAP, List.of("growing-normalizer", "growing-decoder")).lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).contains(": refused ", "makes more than"));
  }

  private static String ended(String heap, List<String> names)
      throws IOException, InterruptedException {
    ChildJvm.Outcome outcome =
        ChildJvm.run(HostileCase.class, heap, SOON, names.toArray(String[]::new));
    assertThat(outcome.code()).as(outcome.output()).isZero();
    return outcome.output();
  }

  @Test
  void composedTokenizersEndInTokensOrOneLine() throws Exception {
    passes(HostileTokenizers.class);
  }

  @Test
  void composedTemplatesEndInATextOrOneLine() throws Exception {
    passes(HostileTemplates.class);
  }

  private static void passes(Class<?> main) throws IOException, InterruptedException {
    ChildJvm.Outcome outcome = ChildJvm.run(main, HEAP, MINUTES, CASES, SEED);
    assertThat(outcome.code()).as(outcome.output()).isZero();
    System.Logger log = System.getLogger(HostileTextTest.class.getName());
    log.log(System.Logger.Level.DEBUG, outcome.output());
  }
}
