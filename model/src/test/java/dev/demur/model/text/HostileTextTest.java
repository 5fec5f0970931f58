package dev.demur.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.model.text.jinja.HostileTemplates;
import dev.demur.model.text.tokens.HostileCase;
import dev.demur.model.text.tokens.HostileTokenizers;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// No tokenizer, no template and no text ends the process, takes more than 256 MB or a second
/// beyond its honest work. Each is tried in a process of its own, in a heap of that size.
///
/// `-Ddemur.fuzz.cases=100000` runs longer, `-Dtests.seed=…` repeats a run.
final class HostileTextTest {

  private static final String CASES = System.getProperty("demur.fuzz.cases", "400");

  private static final String SEED = System.getProperty("tests.seed", "20261127");

  private static final String HEAP = "256m";

  /// A text of 11 million characters and its tokens, at some ten numbers for each.
  private static final String HEAP_FOR_A_LONG_TEXT = "1500m";

  private static final long SOON = 2;
  private static final long MINUTES = 120;

  /// Finding D1: each of these ended the process by a signal.
  @ParameterizedTest
  @ValueSource(
      strings = {"exploding-regex", "nested-brackets", "empty-match", "word-edge", "empty-prepend"})
  void d1NoTokenizerEndsTheProcess(String name) throws Exception {
    assertThat(ended(name, HEAP)).containsPattern("^(tokens|refused) ");
  }

  /// Finding D2: a prompt of "a", 11 million spaces and "b" ended the process.
  @Test
  void d2NoPromptEndsTheProcess() throws Exception {
    assertThat(ended("run-of-spaces", HEAP_FOR_A_LONG_TEXT)).startsWith("tokens 11000002 11000002");
  }

  /// Finding D3: chained replacements took 17.8 GB.
  @ParameterizedTest
  @ValueSource(strings = {"growing-normalizer", "growing-decoder"})
  void d3NoTokenizerTakesMemoryWithoutEnd(String name) throws Exception {
    assertThat(ended(name, HEAP)).startsWith("refused ").contains("makes more than");
  }

  private static String ended(String name, String heap) throws IOException, InterruptedException {
    ChildJvm.Outcome outcome = ChildJvm.run(HostileCase.class, heap, SOON, name);
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
