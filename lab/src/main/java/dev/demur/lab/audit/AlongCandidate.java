package dev.demur.lab.audit;

import dev.demur.lab.audit.AuditResult.MatrixRow;
import dev.demur.lab.run.Progress;
import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The second walk: how much each matrix writes along the candidate.
///
/// @param embeddings one row for each embedding
/// @param blocks for each writer of [CheckpointReading#spectra], its matrices
record AlongCandidate(List<MatrixRow> embeddings, List<Writer> blocks) {

  /// One component of one layer.
  ///
  /// @param energy along the candidate, relative to the mean, all its matrices together
  record Writer(double energy, List<MatrixRow> matrices) {}

  /// Squared length along the candidate, and altogether per direction.
  private record Energy(double along, double mean) {

    double relative() {
      return mean == 0 ? 0 : along / mean;
    }
  }

  static AlongCandidate of(
      CheckpointWriters checkpoint,
      List<WriterSpectrum> spectra,
      Isolation.Found found,
      Progress progress)
      throws IOException {
    var ones = Tensor.zeros(DType.F64, checkpoint.dModel()).plus(1);
    var embeddings = new ArrayList<MatrixRow>();
    for (var writer : checkpoint.embeddings()) {
      embeddings.add(row(checkpoint, writer, energy(checkpoint, writer, found, ones)));
    }
    var blocks = new ArrayList<Writer>();
    try (var task = progress.start("measure writers", spectra.size())) {
      for (var spectrum : spectra) {
        blocks.add(writer(checkpoint, spectrum, found, ones));
        task.advance(1);
      }
    }
    return new AlongCandidate(List.copyOf(embeddings), List.copyOf(blocks));
  }

  private static Writer writer(
      CheckpointWriters checkpoint, WriterSpectrum spectrum, Isolation.Found found, Tensor ones)
      throws IOException {
    try (var _ = Scope.open()) {
      double along = 0;
      double mean = 0;
      var rows = new ArrayList<MatrixRow>();
      for (var matrix : spectrum.matrices()) {
        var scale =
            switch (found.pool().view()) {
              case STREAM -> checkpoint.scale(matrix);
              case MATRIX -> ones;
              case EQUAL_ROWS ->
                  ones.dividedBy(spectrum.rowEnergies().plus(Double.MIN_NORMAL).sqrt());
            };
        var energy = energy(checkpoint, matrix, found, scale);
        rows.add(row(checkpoint, matrix, energy));
        along += energy.along;
        mean += energy.mean;
      }
      return new Writer(new Energy(along, mean).relative(), List.copyOf(rows));
    }
  }

  private static MatrixRow row(CheckpointWriters checkpoint, StreamWriter writer, Energy energy)
      throws IOException {
    String type = checkpoint.type(writer);
    double left = Math.max(0, energy.relative() - Residue.ofStored(type));
    return new MatrixRow(
        writer.tensor(),
        writer.component().name().toLowerCase(Locale.ROOT),
        type,
        energy.relative(),
        Math.max(0, 1 - Math.sqrt(left)));
  }

  private static Energy energy(
      CheckpointWriters checkpoint, StreamWriter writer, Isolation.Found found, Tensor scale)
      throws IOException {
    var directions = found.directions().times(scale).transpose(0, 1);
    double rank = found.directions().dim(0);
    double d = checkpoint.dModel();
    double[] sums = new double[2];
    checkpoint.vectors(
        writer,
        v -> {
          sums[0] += v.matmul(directions).square().sum().item();
          sums[1] += v.times(scale).square().sum().item();
        });
    return new Energy(sums[0] / rank, sums[1] / d);
  }
}
