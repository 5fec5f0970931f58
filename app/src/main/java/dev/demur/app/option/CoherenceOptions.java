package dev.demur.app.option;

import dev.demur.lab.study.CoherenceCorpora;
import dev.demur.lab.study.CoherenceCorpora.Own;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a study measures the cost of its interventions on.
public final class CoherenceOptions {

  @Option(
      names = "--coherence-text",
      paramLabel = "FILE",
      description = "Texts to measure cross-entropy on: JSON Lines with a text, or a text a line.")
  private @Nullable Path text;

  @Option(
      names = "--coherence-instructions",
      paramLabel = "FILE",
      description = "Instructions with completions to measure it on: Alpaca's JSON.")
  private @Nullable Path instructions;

  @Option(
      names = "--coherence-limit",
      paramLabel = "N",
      description = "At most this many of each file, drawn by the seed (default: 4096).")
  private @Nullable Integer limit;

  @Option(
      names = "--no-own-coherence",
      description = "Do not measure it on the model's own answers to harmless prompts.")
  private boolean withoutOwn;

  /// What the options ask for.
  public CoherenceCorpora corpora() {
    return new CoherenceCorpora(
        Optional.ofNullable(text),
        Optional.ofNullable(instructions),
        withoutOwn ? Own.LEFT_OUT : Own.MEASURED,
        limit == null ? CoherenceCorpora.USUAL_LIMIT : limit);
  }
}
