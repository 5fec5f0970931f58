package dev.demur.model.hook;

import java.util.stream.IntStream;

/// The same prompts several times in one pass, each time with something else done to them: a pass
/// of few rows leaves a machine half idle.
///
/// Sequence `copy · prompts + i` is prompt `i`. An edit learns from the [Packing] which sequences
/// it sees, and so which copy each row belongs to.
///
/// @param count how often each prompt is run
/// @param prompts how many prompts there are
public record Copies(int count, int prompts) {

  public Copies {
    if (count < 1 || prompts < 1) {
      throw new IllegalArgumentException(
          "expected at least 1 copy of 1 prompt, was " + count + " of " + prompts);
    }
  }

  /// Which copy a sequence belongs to.
  public int of(int sequence) {
    return sequence / prompts;
  }

  /// The sequence that is a prompt's place in a copy.
  public int sequence(int copy, int prompt) {
    return copy * prompts + prompt;
  }

  /// Which copy each row belongs to, in the rows' order.
  public IntStream rows(Packing packing) {
    return IntStream.range(0, packing.size())
        .flatMap(
            i ->
                IntStream.generate(() -> of(packing.sequences().get(i)))
                    .limit(packing.lengths().get(i)));
  }
}
