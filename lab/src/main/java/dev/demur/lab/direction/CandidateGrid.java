package dev.demur.lab.direction;

import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.ShapeException;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/// Differences of means at every position and layer.
///
/// Source: Arditi et al. 2024, section 2.3: `r[i,l]` = mean over target − mean over contrast of
/// resid_pre(l) at token i.
///
/// @param meanDiffs float64 `[pos, layer, d_model]`; the last position is −1
public record CandidateGrid(Tensor meanDiffs) {

  /// Shorter than this and a candidate is rounding noise: layer 0 holds the same embedding in both
  /// sets at template tokens, which leaves about 1e-14 of sums of float32 values of size 1.
  private static final double NOISE = 1e-4;

  public CandidateGrid {
    if (meanDiffs.rank() != 3 || meanDiffs.dtype() != DType.F64) {
      throw new ShapeException(
          "mean differences must be F64[pos, layer, d_model], were " + meanDiffs);
    }
  }

  /// The grid of two sets' means.
  ///
  /// @param target float64 `[pos, layer, d_model]`
  /// @param contrast float64 `[pos, layer, d_model]`
  public static CandidateGrid between(Tensor target, Tensor contrast) {
    return new CandidateGrid(target.minus(contrast));
  }

  /// Number of positions.
  public int positions() {
    return Math.toIntExact(meanDiffs.dim(0));
  }

  /// Number of layers.
  public int layers() {
    return Math.toIntExact(meanDiffs.dim(1));
  }

  /// All places in the order that settles ties: position ascending, then layer ascending.
  public List<Candidate> candidates() {
    return IntStream.range(0, positions() * layers())
        .mapToObj(i -> new Candidate(i / layers() - positions(), i % layers()))
        .toList();
  }

  /// Candidates a search looks at, in the same order: early enough, and more than noise.
  public List<Candidate> open(SelectionRules rules) {
    int end = rules.firstPrunedLayer(layers());
    return candidates().stream().filter(c -> c.layer() < end && !isNoise(c)).toList();
  }

  /// The difference of means at one place, `[d_model]`; a view.
  public Tensor at(Candidate candidate) {
    return meanDiffs.row(candidate.position() + positions()).row(candidate.layer());
  }

  /// True when the two sets do not differ there at all.
  public boolean isNoise(Candidate candidate) {
    return !(at(candidate).norm() > NOISE);
  }

  /// The direction at one place.
  ///
  /// @throws IllegalArgumentException if it is no more than noise
  public Direction direction(Candidate candidate) {
    return Direction.fromMeanDiff(
        at(candidate), new HookPoint(candidate.layer(), Site.RESID_PRE), candidate.position());
  }
}
