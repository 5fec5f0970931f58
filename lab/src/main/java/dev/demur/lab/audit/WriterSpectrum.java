package dev.demur.lab.audit;

import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.arch.writer.StreamWriter.Component;
import dev.demur.model.tensor.Eigen;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// One component of one layer, seen by itself.
///
/// @param matrices its matrices
/// @param lowest its lowest energies relative to the mean, ascending
/// @param bottom its lowest left singular vector, float64 `[d_model]`; empty when the matrices have
///   fewer columns than rows
/// @param rowEnergies squared lengths of its rows as stored, float64 `[d_model]`
record WriterSpectrum(
    Component component,
    int layer,
    List<StreamWriter> matrices,
    List<Double> lowest,
    Optional<Tensor> bottom,
    Tensor rowEnergies) {

  /// Energies below this are zero to rounding.
  private static final double ZERO = 1e-12;

  /// @param gram of what enters the stream, float64 `[d_model, d_model]`
  static WriterSpectrum of(
      Component component,
      int layer,
      List<StreamWriter> matrices,
      Tensor gram,
      Tensor rowEnergies) {
    var eigen = Eigen.ofSymmetric(gram.times(1 / Grams.meanEnergy(gram)));
    var lowest = lowest(eigen);
    // An edit empties a few directions, too few columns empty many.
    boolean determined = lowest.getLast() > ZERO;
    return new WriterSpectrum(
        component,
        layer,
        matrices,
        lowest,
        determined ? Optional.of(eigen.vectors().row(0).copy()) : Optional.empty(),
        rowEnergies);
  }

  /// Enough of the lower end of a spectrum to find a gap in.
  static List<Double> lowest(Eigen eigen) {
    long wanted = Math.min(eigen.values().dim(0), EdgeGap.MAX_RANK + EdgeGap.FOLLOWING);
    return Values.of(eigen.values().narrow(0, 0, wanted));
  }

  double bottomEnergy() {
    return Math.max(0, lowest.getFirst());
  }

  double secondEnergy() {
    return Math.max(0, lowest.get(1));
  }
}
