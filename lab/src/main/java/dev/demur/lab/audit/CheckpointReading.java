package dev.demur.lab.audit;

import dev.demur.lab.run.Progress;
import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.arch.writer.StreamWriter.Component;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The first walk over a checkpoint: what every writer looks like by itself, and the pooled sums.
///
/// @param spectra one for each component of each layer
/// @param pooled sums over writers
record CheckpointReading(List<WriterSpectrum> spectra, PooledGrams pooled) {

  /// Reads one writer after the other. Tensors kept belong to the caller's innermost scope.
  static CheckpointReading of(CheckpointWriters checkpoint, Progress progress) throws IOException {
    int layers = checkpoint.config().nLayers();
    var pooled = new PooledGrams(layers, checkpoint.dModel(), checkpoint.hasPostNorms());
    var spectra = new ArrayList<WriterSpectrum>();
    try (var task = progress.start("read writers", layers)) {
      for (int layer = 0; layer < layers; layer++) {
        for (var component : List.of(Component.ATTENTION, Component.MLP)) {
          var matrices = checkpoint.matrices(component, layer);
          if (!matrices.isEmpty()) {
            spectra.add(read(checkpoint, component, layer, matrices, pooled));
          }
        }
        task.advance(1);
      }
    }
    return new CheckpointReading(List.copyOf(spectra), pooled);
  }

  private static WriterSpectrum read(
      CheckpointWriters checkpoint,
      Component component,
      int layer,
      List<StreamWriter> matrices,
      PooledGrams pooled)
      throws IOException {
    try (var scope = Scope.open()) {
      var stored = Tensor.zeros(DType.F64, checkpoint.dModel(), checkpoint.dModel());
      var stream = Tensor.zeros(DType.F64, checkpoint.dModel(), checkpoint.dModel());
      for (var alike : behindTheSame(matrices)) {
        var gram = Grams.of(checkpoint, alike);
        stored.addInPlace(gram);
        stream.addInPlace(Grams.scaled(gram, checkpoint.scale(alike.getFirst())));
      }
      pooled.add(View.STREAM, component, layer, stream);
      pooled.add(View.EQUAL_ROWS, component, layer, Grams.equalRows(stored));
      if (checkpoint.hasPostNorms()) {
        pooled.add(View.MATRIX, component, layer, stored);
      }
      var spectrum = WriterSpectrum.of(component, layer, matrices, stream, Grams.diagonal(stored));
      spectrum.bottom().ifPresent(scope::keep);
      scope.keep(spectrum.rowEnergies());
      return spectrum;
    }
  }

  /// Matrices by the norms they write through: those of one MLP may have different ones (Gemma 4).
  private static List<List<StreamWriter>> behindTheSame(List<StreamWriter> matrices) {
    return List.copyOf(
        matrices.stream().collect(Collectors.groupingBy(StreamWriter::after)).values());
  }

  /// The lowest vectors of the writers that have one, float64 `[writer, d_model]`.
  Tensor bottoms() {
    var rows = spectra.stream().flatMap(s -> s.bottom().stream()).toList();
    return rows.isEmpty() ? Tensor.zeros(DType.F64, 0, 1) : Tensor.stack(rows);
  }
}
