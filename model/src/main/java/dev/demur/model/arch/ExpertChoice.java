package dev.demur.model.arch;

import static java.util.Objects.requireNonNull;

import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Optional;
import java.util.stream.LongStream;

/// How a router's scores choose experts and weigh them.
///
/// Experts are chosen by their ratings (see [Weights]), plus [#favour], among the groups that are
/// kept; they are weighed by the ratings alone.
///
/// @param perToken experts a token uses
/// @param weights what the weights are made of
/// @param groups which groups of experts a token can choose from, when not from all
/// @param favour what is added to the ratings for the choice alone, `[expert]` (DeepSeek-V3's
///   correction bias)
/// @param scale factor on the weights
/// @param factors on the weights of each expert besides, `[expert]` (Gemma 4)
/// @param weighed what the weights multiply
public record ExpertChoice(
    int perToken,
    Weights weights,
    Optional<Groups> groups,
    Optional<Tensor> favour,
    double scale,
    Optional<Tensor> factors,
    Weighed weighed) {

  /// What is far below every rating, and added to 1 is not lost.
  private static final double NEVER = 1e30;

  /// What keeps a sum of sigmoids from being 0.
  private static final double LEAST_SUM = 1e-20;

  public ExpertChoice {
    requireNonNull(weights, "weights");
    if (perToken < 1) {
      throw new IllegalArgumentException("experts per token must be >= 1, were " + perToken);
    }
    if (!Double.isFinite(scale)) {
      throw new IllegalArgumentException("scale of experts must be finite, was " + scale);
    }
  }

  /// What rates the experts, and what the weights of the chosen ones are.
  public enum Weights {
    /// The softmax over all, so that the weights of the chosen ones sum to less than 1.
    OF_ALL,
    /// The softmax over the chosen; experts are rated by the softmax over all.
    OF_CHOSEN,
    /// A sigmoid of each score.
    SIGMOIDS,
    /// A sigmoid of each score, over their sum.
    SIGMOIDS_OF_CHOSEN,
    /// A sigmoid of each score, over their sum and 10⁻⁶ (LFM2).
    SIGMOIDS_OF_CHOSEN_AND_A_MILLIONTH
  }

  /// What the weights multiply.
  public enum Weighed {
    /// What an expert writes.
    OUTPUT,
    /// What an expert reads (Llama 4).
    INPUT
  }

  /// Groups of neighbouring experts (DeepSeek-AI 2024, arXiv 2405.04434, section 2.1.3).
  ///
  /// @param count how many there are
  /// @param kept how many a token can choose from
  /// @param best how many of its best experts a group is rated by, the sum of them
  public record Groups(int count, int kept, int best) {
    public Groups {
      if (count < 1 || kept < 1 || kept > count) {
        throw new IllegalArgumentException("cannot keep " + kept + " groups of " + count);
      }
    }
  }

  /// Experts chosen from all, their outputs weighed.
  public static ExpertChoice of(int perToken, Weights weights) {
    return new ExpertChoice(
        perToken, weights, Optional.empty(), Optional.empty(), 1, Optional.empty(), Weighed.OUTPUT);
  }

  public ExpertChoice within(Groups bound) {
    return new ExpertChoice(perToken, weights, Optional.of(bound), favour, scale, factors, weighed);
  }

  public ExpertChoice favouring(Tensor experts) {
    return new ExpertChoice(
        perToken, weights, groups, Optional.of(experts), scale, factors, weighed);
  }

  public ExpertChoice scaled(double factor) {
    return new ExpertChoice(perToken, weights, groups, favour, factor, factors, weighed);
  }

  public ExpertChoice scaledEach(Tensor experts) {
    return new ExpertChoice(
        perToken, weights, groups, favour, scale, Optional.of(experts), weighed);
  }

  public ExpertChoice ofInputs() {
    return new ExpertChoice(perToken, weights, groups, favour, scale, factors, Weighed.INPUT);
  }

  /// Makes sure that so many experts can be chosen from.
  ///
  /// @throws IllegalArgumentException if there are too few
  void require(int experts) {
    int reachable = experts;
    if (groups.isPresent()) {
      var bound = groups.get();
      int size = experts / bound.count;
      if (experts % bound.count != 0 || size < bound.best) {
        throw new IllegalArgumentException(
            experts + " experts cannot be shared out among " + bound.count + " groups");
      }
      reachable = bound.kept * size;
    }
    if (perToken > reachable) {
      throw new IllegalArgumentException(perToken + " experts per token of " + reachable);
    }
  }

  /// The experts of each token, int64 `[tokens, perToken]`.
  ///
  /// @param scores `[tokens, expert]`
  Tensor chosen(Tensor scores) {
    if (groups.isEmpty() && favour.isEmpty()) {
      return scores.topIndices(perToken); // ratings have the order of scores
    }
    var ratings = ratings(scores);
    var liked = favour.map(ratings::plus).orElse(ratings);
    return groups
        .map(bound -> liked.plus(outside(bound, liked)))
        .orElse(liked)
        .topIndices(perToken);
  }

  /// Weights of the chosen experts, `[tokens, perToken]`.
  ///
  /// @param scores `[tokens, expert]`
  /// @param chosen int64 `[tokens, perToken]`
  Tensor weights(Tensor scores, Tensor chosen) {
    var plain =
        switch (weights) {
          case OF_ALL, SIGMOIDS -> at(ratings(scores), chosen);
          case OF_CHOSEN -> at(scores, chosen).softmax();
          case SIGMOIDS_OF_CHOSEN -> shares(at(ratings(scores), chosen), LEAST_SUM);
          case SIGMOIDS_OF_CHOSEN_AND_A_MILLIONTH -> shares(at(ratings(scores), chosen), 1e-6);
        };
    var scaled = scale == 1 ? plain : plain.times(scale);
    return factors
        .map(each -> scaled.times(each.rows(chosen.reshape(-1)).reshape(chosen.dim(0), -1)))
        .orElse(scaled);
  }

  private static Tensor shares(Tensor chosen, double more) {
    return chosen.dividedBy(chosen.sum(1).plus(more).unsqueeze(1));
  }

  private Tensor ratings(Tensor scores) {
    return switch (weights) {
      case OF_ALL, OF_CHOSEN -> scores.softmax();
      case SIGMOIDS, SIGMOIDS_OF_CHOSEN, SIGMOIDS_OF_CHOSEN_AND_A_MILLIONTH ->
          Neural.sigmoid(scores);
    };
  }

  /// 0 for experts of the groups kept, far below 0 for others, `[tokens, expert]`.
  private static Tensor outside(Groups bound, Tensor ratings) {
    long tokens = ratings.dim(0);
    long size = ratings.dim(1) / bound.count;
    var inGroups = ratings.reshape(tokens * bound.count, size);
    var best = at(inGroups, inGroups.topIndices(bound.best)).sum(1).reshape(tokens, bound.count);
    var kept = best.topIndices(bound.kept); // [tokens, kept]
    var columns = new ArrayList<Tensor>();
    for (int group = 0; group < bound.count; group++) {
      columns.add(kept.isEqual(group).sum(1).unsqueeze(1).expand(tokens, size));
    }
    return Tensor.cat(columns, 1).plus(-1).times(NEVER);
  }

  /// Entries of each row at its own indices.
  ///
  /// @param x `[n, m]`
  /// @param indices int64 `[n, k]`
  private static Tensor at(Tensor x, Tensor indices) {
    long rows = x.dim(0);
    long columns = x.dim(1);
    var firsts = Tensor.ofLongs(LongStream.range(0, rows).map(row -> row * columns));
    var places = indices.plus(firsts.reshape(rows, 1)).reshape(-1);
    return x.reshape(-1).rows(places).reshape(rows, indices.dim(1));
  }
}
