package dev.demur.lab.audit;

import dev.demur.lab.audit.AuditResult.Agreement;
import dev.demur.lab.audit.AuditResult.Candidate;
import dev.demur.lab.audit.AuditResult.Facts;
import dev.demur.lab.audit.AuditResult.LayerRow;
import dev.demur.lab.audit.AuditResult.MatrixRow;
import dev.demur.lab.run.Progress;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Eigen;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The audit of one checkpoint by itself, without its parent.
///
/// 1. Each attention and MLP output W (all experts of a layer as one wide matrix, behind its norm's
///    γ where there is one) gives a Gram matrix W Wᵀ in float64, scaled to mean energy 1.
/// 2. Sums over writers, for all and for parts of the layers ([Pool]), are decomposed. A direction
///    nothing writes to is an eigenvalue far below the others ([EdgeGap]).
/// 3. A second walk measures how much each matrix, embeddings included, writes along the most
///    isolated direction found.
public final class CheckpointAudit {

  private CheckpointAudit() {}

  /// Audits a checkpoint. The directions belong to the caller's innermost scope.
  ///
  /// Memory: two to three times 8 matrices `[d_model, d_model]` of float64, and the writer being
  /// read.
  ///
  /// @throws dev.demur.model.format.UnsupportedModelException if the family is not known
  public static AuditRun of(ModelFiles files, Progress progress) throws IOException {
    var checkpoint = CheckpointWriters.of(files);
    var config = checkpoint.config();
    try (var scope = Scope.open()) {
      var reading = CheckpointReading.of(checkpoint, progress);
      var pools = Pool.of(checkpoint.hasPostNorms(), config.nLayers());
      var isolation = Isolation.of(reading.pooled(), pools, config);
      var facts =
          new Facts(
              files.name(),
              config.family(),
              config.nLayers(),
              config.dModel(),
              files.weightsHash());
      if (isolation.best().isEmpty()) {
        return new AuditRun(Judgement.tooNarrow(facts), Optional.empty());
      }
      var found = isolation.best().get();
      var along = AlongCandidate.of(checkpoint, reading.spectra(), found, progress);
      var candidate = candidate(found, along);
      var result =
          Judgement.of(
              facts,
              candidate,
              agreement(reading, found),
              isolation.rows(),
              layers(reading, found, along),
              matrices(along));
      var directions = scope.keep(found.directions().to(DType.F32));
      return new AuditRun(result, Optional.of(directions));
    }
  }

  private static Candidate candidate(Isolation.Found found, AlongCandidate along) {
    double edge = found.above().getFirst();
    var all = along.blocks().stream().flatMap(w -> w.matrices().stream()).toList();
    var lacking = all.stream().filter(m -> m.energy() < edge).toList();
    var measured = lacking.isEmpty() ? all : lacking;
    double energy = Values.median(measured.stream().map(MatrixRow::energy).toList());
    double rounding =
        Values.median(measured.stream().map(m -> Residue.ofStored(m.type())).toList());
    return new Candidate(
        found.pool(),
        found.gap(),
        energy,
        edge,
        lacking.size(),
        all.size(),
        Strength.of(energy, rounding, found.above()),
        Residue.explaining(energy),
        found.coordinates());
  }

  private static Agreement agreement(CheckpointReading reading, Isolation.Found found) {
    var bottoms = reading.bottoms();
    int n = Math.toIntExact(bottoms.dim(0));
    double d = found.directions().dim(1);
    double independent = Math.sqrt(2 / (Math.PI * d));
    if (n < 2) {
      return new Agreement(0, independent, 0, 0, n);
    }
    var cosines = bottoms.matmul(bottoms.transpose(0, 1));
    double pairs = (cosines.abs().sum().item() - n) / (n * (n - 1.0));
    double shared = cosinesWith(found, bottoms).stream().mapToDouble(x -> x).average().orElse(0);
    // The top eigenvector of Σ v vᵀ is Vᵀ times that of the small matrix V Vᵀ.
    var top = Eigen.ofSymmetric(cosines).vectors().row(n - 1).unsqueeze(0).matmul(bottoms);
    var votes = top.times(1 / top.norm());
    double withVotes = cosinesWith(found, votes).getFirst();
    return new Agreement(pairs, independent, shared, withVotes, n);
  }

  /// Length of each vector's projection onto the candidate's directions.
  private static List<Double> cosinesWith(Isolation.Found found, Tensor vectors) {
    return Values.of(vectors.matmul(found.directions().transpose(0, 1)).square().sum(1).sqrt());
  }

  private static List<LayerRow> layers(
      CheckpointReading reading, Isolation.Found found, AlongCandidate along) {
    var rows = new ArrayList<LayerRow>();
    for (int i = 0; i < reading.spectra().size(); i++) {
      var spectrum = reading.spectra().get(i);
      rows.add(
          new LayerRow(
              spectrum.layer(),
              spectrum.component().name().toLowerCase(Locale.ROOT),
              spectrum.bottomEnergy(),
              spectrum.secondEnergy(),
              EdgeGap.of(spectrum.lowest()),
              spectrum.bottom().map(v -> cosinesWith(found, v.unsqueeze(0)).getFirst()),
              along.blocks().get(i).energy()));
    }
    return rows;
  }

  private static List<MatrixRow> matrices(AlongCandidate along) {
    var rows = new ArrayList<>(along.embeddings());
    along.blocks().forEach(w -> rows.addAll(w.matrices()));
    return rows;
  }
}
