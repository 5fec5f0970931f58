package dev.demur.lab.score;

import dev.demur.model.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Rows of logits a few at a time: 4 softmaxes over 150,000 tokens in float64 are 5 MB each time a
/// value is formed, and a divergence forms ten.
final class RowBlocks {

  private static final int ROWS = 4;

  private RowBlocks() {}

  /// One number per row, formed by blocks.
  static List<Double> each(long rows, Block block) {
    return IntStream.iterate(0, start -> start < rows, start -> start + ROWS)
        .boxed()
        .flatMap(
            start -> {
              try (var _ = Scope.open()) {
                double[] values = block.of(start, (int) Math.min(ROWS, rows - start));
                return Arrays.stream(values).boxed();
              }
            })
        .toList();
  }

  /// What is formed of `count` rows from `start`: a number per row.
  @FunctionalInterface
  interface Block {
    double[] of(int start, int count);
  }
}
