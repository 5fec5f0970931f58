package dev.demur.model.hook;

import dev.demur.model.tensor.Tensor;
import java.util.stream.IntStream;

/// The same prompts several times in one pass, each time with something else done to them: a pass
/// of few rows leaves a machine half idle.
///
/// Sequence `copy · prompts + i` is prompt `i`. An edit that treats copies differently is given to
/// [HookPlan#editCopies].
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

  /// Replaces rows of one activation, knowing the copy of each and nothing else of it.
  @FunctionalInterface
  public interface CopyEdit {

    /// @param activation as an [Edit] is given it
    /// @param copies the copy of each row, in the rows' order
    /// @return a tensor of the same shape
    Tensor apply(Tensor activation, IntStream copies);
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
  IntStream rows(Rows rows) {
    return IntStream.range(0, rows.size())
        .flatMap(
            i ->
                IntStream.generate(() -> of(rows.sequences().get(i))).limit(rows.lengths().get(i)));
  }
}
