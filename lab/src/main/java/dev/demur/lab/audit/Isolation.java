package dev.demur.lab.audit;

import dev.demur.lab.audit.AuditResult.PoolRow;
import dev.demur.model.arch.ModelConfig;
import dev.demur.model.tensor.Eigen;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The search for directions that stand apart at the lower end of a pool's spectrum.
///
/// @param rows every pool's gap
/// @param best the most unusual one that is not a coordinate; empty when the stream is too narrow
///   for a spectrum
record Isolation(List<PoolRow> rows, Optional<Found> best) {

  /// Families whose norms take the mean away: what is written along (1, …, 1) is never read, so
  /// that training leaves it to weight decay.
  private static final Set<String> MEAN_FREE = Set.of("gpt2", "gpt_neox", "stablelm");

  /// In a stream of 16 or 24, random directions have no more than a few coordinates either.
  private static final double NARROW = 1.0 / 16;

  /// Share of (1, …, 1) that makes a finding one of it.
  private static final double MOSTLY = 0.5;

  /// A gap and the directions below it.
  ///
  /// @param directions float64 `[rank, d_model]`
  /// @param above energies above the gap, ascending
  /// @param coordinates as in [AuditResult.Candidate]
  record Found(Pool pool, EdgeGap gap, double coordinates, Tensor directions, List<Double> above) {}

  /// Gaps this much narrower than the widest may still be the same finding, seen better.
  private static final double COMPARABLE = 0.5;

  /// Energies below this are one another's equal: rounding.
  private static final double NEGLIGIBLE = 1e-6;

  /// Looks at every pool. Directions belong to the caller's innermost scope.
  static Isolation of(PooledGrams pooled, List<Pool> pools, ModelConfig config) {
    var rows = new ArrayList<PoolRow>();
    var eligible = new ArrayList<Found>();
    double fewest = Math.min(PoolRow.FEW, NARROW * config.dModel());
    for (var pool : pools) {
      try (var scope = Scope.open()) {
        var found = find(pooled, pool, config);
        if (found.isPresent()) {
          var one = found.get();
          rows.add(new PoolRow(pool, one.gap, one.coordinates));
          if (one.coordinates >= fewest) {
            scope.keep(one.directions);
            eligible.add(one);
          }
        }
      }
    }
    return new Isolation(List.copyOf(rows), best(eligible));
  }

  /// Of the pools with wide gaps, the first whose direction is as empty as any.
  private static Optional<Found> best(List<Found> eligible) {
    double widest = eligible.stream().mapToDouble(f -> f.gap.statistic()).max().orElse(0);
    var wide = eligible.stream().filter(f -> f.gap.statistic() >= COMPARABLE * widest).toList();
    double lowest = wide.stream().mapToDouble(f -> f.gap.ratio()).min().orElse(0);
    return wide.stream().filter(f -> f.gap.ratio() <= 2 * lowest + NEGLIGIBLE).findFirst();
  }

  private static Optional<Found> find(PooledGrams pooled, Pool pool, ModelConfig config) {
    var gram = pooled.mean(pool);
    if (gram.isEmpty()) {
      return Optional.empty();
    }
    var found = find(pool, gram.get());
    return MEAN_FREE.contains(config.family()) && found.filter(Isolation::isMean).isPresent()
        ? find(pool, withoutMean(gram.get()))
        : found;
  }

  private static Optional<Found> find(Pool pool, Tensor gram) {
    var eigen = Eigen.ofSymmetric(gram);
    return EdgeGap.of(WriterSpectrum.lowest(eigen)).map(gap -> found(pool, gap, eigen));
  }

  /// Whether (1, …, 1) is among the directions, or nearly so.
  private static boolean isMean(Found found) {
    double sums = found.directions.sum(1).norm();
    double d = found.directions.dim(1);
    return sums * sums / d > MOSTLY;
  }

  private static Found found(Pool pool, EdgeGap gap, Eigen eigen) {
    long d = eigen.values().dim(0);
    var above = eigen.values().narrow(0, gap.rank(), d - gap.rank());
    var directions = eigen.vectors().narrow(0, 0, gap.rank()).copy();
    double spread = directions.square().sum(0).square().sum().item();
    return new Found(pool, gap, gap.rank() / spread, directions, Values.of(above));
  }

  /// The Gram matrix with (1, …, 1) moved from wherever it was to the top of the spectrum.
  private static Tensor withoutMean(Tensor gram) {
    double d = gram.dim(0);
    var unit = Tensor.zeros(gram.dtype(), gram.dim(0)).plus(1 / Math.sqrt(d));
    var image = gram.dotRows(unit);
    double energy = image.dotRows(unit).item();
    double top = d * Grams.meanEnergy(gram);
    return gram.plusOuter(image.times(-1), unit)
        .plusOuter(unit.times(-1), image)
        .plusOuter(unit.times(energy + top), unit);
  }
}
