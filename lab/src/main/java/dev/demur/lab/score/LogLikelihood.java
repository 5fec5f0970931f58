package dev.demur.lab.score;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.stream.LongStream;

/// How likely given tokens are, in nats.
public final class LogLikelihood {

  private LogLikelihood() {}

  /// The logarithm of each row's softmax at its token, in float64.
  ///
  /// @param logits `[rows, d_vocab]`
  /// @param tokens one id a row
  /// @throws IllegalArgumentException if there is not one token a row
  public static List<Double> of(Tensor logits, List<Integer> tokens) {
    if (logits.dim(0) != tokens.size()) {
      throw new IllegalArgumentException(
          "a token a row is needed: " + logits.dim(0) + " rows, " + tokens.size() + " tokens");
    }
    long vocab = logits.dim(1);
    return RowBlocks.each(
        logits,
        (start, count) -> {
          var places =
              Tensor.ofLongs(
                  LongStream.range(0, count)
                      .map(row -> row * vocab + tokens.get(Math.toIntExact(start + row))));
          return logits
              .narrow(0, start, count)
              .to(DType.F64)
              .logSoftmax()
              .reshape(count * vocab)
              .rows(places)
              .toDoubles();
        });
  }
}
