package dev.demur.app.option;

import dev.demur.lab.explain.ExplainConfig;
import dev.demur.lab.explain.ExplainData;
import dev.demur.model.text.Tokenizer;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The prompts of an explanation and what decides its numbers.
public final class ExplainOptions {

  @Option(
      names = "--prompts",
      paramLabel = "FILE",
      description = "Prompts that show the behaviour (default for demo: its own).")
  private @Nullable Path prompts;

  @Option(
      names = "--harmless",
      paramLabel = "FILE",
      description = "Prompts that do not (default for demo: its own).")
  private @Nullable Path harmless;

  @Option(
      names = "--suffix",
      paramLabel = "FILE",
      description =
          "Texts to append to each prompt, one a line, each a condition of its own; a space is put "
              + "before those that begin with none (default for demo: the suffix it falls for).")
  private @Nullable Path suffix;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most this many prompts of each file (default: ${DEFAULT-VALUE}).",
      defaultValue = "128")
  private int limit = 128;

  @Option(
      names = "--random",
      paramLabel = "N",
      description =
          "Random suffixes for each prompt, with as many tokens as the first given suffix"
              + " (default: ${DEFAULT-VALUE}).",
      defaultValue = "3")
  private int random = 3;

  @Option(
      names = "--heads",
      paramLabel = "N",
      description = "Heads to look at closely (default: ${DEFAULT-VALUE}).",
      defaultValue = "8")
  private int heads = 8;

  @Option(
      names = "--causal",
      paramLabel = "N",
      description =
          "Prompts on which activations are patched to test what attribution suggests; 0 leaves it "
              + "out (default: ${DEFAULT-VALUE}).",
      defaultValue = "16")
  private int causal = 16;

  @Option(
      names = "--readout",
      paramLabel = "LAYER",
      description =
          "Account for the stream entering this layer, so that only heads below it count "
              + "(default: the final stream, all heads).")
  private @Nullable Integer readout;

  @Option(
      names = "--refusal-tokens",
      split = ",",
      paramLabel = "TOKEN",
      description =
          "Tokens that open a refusal, as ids or as text, separated by commas (default:"
              + " those of the run folder, else found from the model's behaviour).")
  private List<String> refusalTokens = List.of();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the random suffixes (default: ${DEFAULT-VALUE}).",
      defaultValue = "42")
  private long seed = 42;

  /// Reads the prompts.
  ///
  /// @param demo whether the demo's own stand in for those not given
  public ExplainData data(boolean demo) throws IOException {
    return new ExplainData(
        PromptsArgument.read(prompts, "--prompts", "sets/harmful_plain_test", demo),
        PromptsArgument.read(harmless, "--harmless", "splits/harmless_test", demo),
        suffixes(demo));
  }

  /// The given suffixes; the demo's own when neither they nor prompts are given.
  private List<String> suffixes(boolean demo) throws IOException {
    return suffix == null && demo && prompts == null
        ? List.of(DemoModel.overrideSuffix())
        : givenSuffixes();
  }

  /// The suffixes of the file named, none when none is.
  public List<String> givenSuffixes() throws IOException {
    return suffix == null ? List.of() : Suffixes.read(suffix);
  }

  /// Tokens named by the options, as ids.
  public List<Integer> refusalTokens(Tokenizer tokenizer) {
    return TokenArgument.ids(refusalTokens, tokenizer);
  }

  public int heads() {
    return heads;
  }

  /// Seed of what is drawn.
  public long seed() {
    return seed;
  }

  /// The configuration the options ask for.
  ///
  /// @param tokens ids that open a refusal; empty means found
  public ExplainConfig config(List<Integer> tokens) {
    return new ExplainConfig(
        limit,
        random,
        heads,
        causal,
        readout == null ? OptionalInt.empty() : OptionalInt.of(readout),
        tokens,
        seed);
  }
}
