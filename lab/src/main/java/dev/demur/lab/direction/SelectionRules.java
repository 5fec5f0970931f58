package dev.demur.lab.direction;

/// Which candidates may be chosen.
///
/// Source: the released `filter_fn`: `kl_threshold`, `induce_refusal_threshold`,
/// `prune_layer_percentage`.
///
/// @param klLimit a candidate with a larger KL divergence is dropped, nats
/// @param induceLimit a candidate with a smaller induce score is dropped, nats
/// @param pruneShare share of the layers nearest the output that are dropped, in [0, 1)
/// @param coordinates which coordinates candidates are made of
/// @param criterion by which score the best is chosen
public record SelectionRules(
    double klLimit,
    double induceLimit,
    double pruneShare,
    Coordinates coordinates,
    Criterion criterion) {

  /// By which score the best candidate is chosen.
  public enum Criterion {
    /// The lowest bypass score, as in the paper; the induce limit holds.
    BYPASS,
    /// The highest score of COSMIC, which looks at the stream alone; there is no induce limit.
    COSMIC
  }

  /// Which coordinates of the stream candidates are made of.
  public enum Coordinates {
    /// All, as in the paper.
    ALL,
    /// All but those with massive activations ([MassiveCoordinates]).
    WITHOUT_MASSIVE
  }

  public SelectionRules {
    if (!(klLimit > 0)) {
      throw new IllegalArgumentException("KL limit must be > 0, was " + klLimit);
    }
    if (!Double.isFinite(induceLimit)) {
      throw new IllegalArgumentException("induce limit must be finite, was " + induceLimit);
    }
    if (!(pruneShare >= 0 && pruneShare < 1)) {
      throw new IllegalArgumentException("prune share must be in [0, 1), was " + pruneShare);
    }
  }

  /// 0.1, 0 and 0.2, all coordinates, as in Arditi et al. 2024.
  public static SelectionRules paper() {
    return new SelectionRules(0.1, 0.0, 0.2, Coordinates.ALL, Criterion.BYPASS);
  }

  /// The same with candidates made of other coordinates.
  public SelectionRules with(Coordinates other) {
    return new SelectionRules(klLimit, induceLimit, pruneShare, other, criterion);
  }

  /// The same with another score to choose by.
  public SelectionRules by(Criterion other) {
    return new SelectionRules(klLimit, induceLimit, pruneShare, coordinates, other);
  }

  /// The first layer that is too close to the output: int(L · (1 − share)).
  public int firstPrunedLayer(int layers) {
    return (int) (layers * (1.0 - pruneShare));
  }
}
