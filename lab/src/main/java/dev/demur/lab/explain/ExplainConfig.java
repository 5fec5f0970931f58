package dev.demur.lab.explain;

import java.util.List;
import java.util.OptionalInt;

/// What decides an explanation's numbers, besides prompts and model.
///
/// @param prompts at most so many prompts of each set
/// @param randomSuffixes how many random suffixes each prompt gets; none without a given suffix
/// @param heads how many heads are looked at closely
/// @param causalPrompts prompts on which those heads are tested by intervention; 0 leaves it out
/// @param readout layer whose resid_pre is accounted for; empty means the final stream, which all
///   components write to
/// @param refusalTokens ids that open a refusal; empty means found from what the model does
/// @param seed of the random suffixes
public record ExplainConfig(
    int prompts,
    int randomSuffixes,
    int heads,
    int causalPrompts,
    OptionalInt readout,
    List<Integer> refusalTokens,
    long seed) {

  public ExplainConfig {
    refusalTokens = List.copyOf(refusalTokens);
    atLeast("prompts", prompts, 2);
    atLeast("random suffixes", randomSuffixes, 0);
    atLeast("heads", heads, 1);
    atLeast("causal prompts", causalPrompts, 0);
    if (readout.isPresent()) {
      atLeast("readout", readout.getAsInt(), 1);
    }
  }

  /// The paper's: 128 prompts, the 8 heads that write most, all layers.
  public static ExplainConfig paper() {
    return new ExplainConfig(128, 3, 8, 16, OptionalInt.empty(), List.of(), 42);
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be >= " + least + ", was " + value);
    }
  }
}
