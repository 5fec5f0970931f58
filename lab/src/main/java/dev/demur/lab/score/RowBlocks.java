package dev.demur.lab.score;

import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Rows of logits a few at a time: 4 softmaxes over 150,000 tokens in float64 are 5 MB each time a
/// value is formed, and a divergence forms ten. A card has room for more, and is waited for once a
/// block.
final class RowBlocks {

  private static final int ROWS = 4;
  private static final int ROWS_ON_A_CARD = 64;

  private RowBlocks() {}

  /// One number per row, formed by blocks.
  ///
  /// @param logits `[row, d_vocab]`
  static List<Double> each(Tensor logits, Block block) {
    long rows = logits.dim(0);
    int most = logits.device().isHost() ? ROWS : ROWS_ON_A_CARD;
    return IntStream.iterate(0, start -> start < rows, start -> start + most)
        .boxed()
        .flatMap(
            start -> {
              try (var _ = Scope.open()) {
                double[] values = block.of(start, (int) Math.min(most, rows - start));
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
