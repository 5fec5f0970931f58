package dev.demur.lab.audit;

import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.stream.LongStream;

/// Gram matrices W Wᵀ over the stream, float64 `[d_model, d_model]`.
final class Grams {

  /// A row this much shorter than the mean is not stretched further.
  private static final double SHORTEST_ROW = 1e-6;

  private Grams() {}

  /// The sum over matrices, as stored: those of all experts together are one wide matrix.
  static Tensor of(CheckpointWriters checkpoint, List<StreamWriter> matrices) throws IOException {
    var gram = Tensor.zeros(DType.F64, checkpoint.dModel(), checkpoint.dModel());
    for (var writer : matrices) {
      checkpoint.vectors(writer, v -> gram.addInPlace(v.transpose(0, 1).matmul(v)));
    }
    return gram;
  }

  /// Mean of the eigenvalues.
  static double meanEnergy(Tensor gram) {
    double d = gram.dim(0);
    return diagonal(gram).sum().item() / d;
  }

  /// The diagonal, `[d_model]`.
  static Tensor diagonal(Tensor gram) {
    long d = gram.dim(0);
    return gram.reshape(-1).rows(Tensor.ofLongs(LongStream.range(0, d).map(i -> i * (d + 1))));
  }

  /// diag(s) G diag(s).
  static Tensor scaled(Tensor gram, Tensor scale) {
    return gram.times(scale).times(scale.unsqueeze(1));
  }

  /// G with a diagonal of about 1: rows of W stretched to one length.
  static Tensor equalRows(Tensor gram) {
    var energies = diagonal(gram);
    double least = SHORTEST_ROW * meanEnergy(gram);
    var scale = Tensor.zeros(DType.F64, gram.dim(0)).plus(1).dividedBy(energies.plus(least).sqrt());
    return scaled(gram, scale);
  }
}
