package dev.demur.lab.direction;

import dev.demur.lab.Seeds;
import dev.demur.lab.direction.DirectionUncertainty.Cosine;
import dev.demur.lab.direction.DirectionUncertainty.Nulls;
import dev.demur.lab.direction.DirectionUncertainty.Stability;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.Summary;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/// Draws the training prompts of one direction again and again.
///
/// A draw is a row of weights over all prompts, target first: what each adds to mean(target) −
/// mean(contrast). So all drawn directions are one matrix product.
public final class StabilityEstimate {

  private static final int DRAWS = 1000;
  private static final double TAIL = (1 - Interval.USUAL_LEVEL) / 2;

  private final Tensor prompts;
  private final int targets;
  private final int contrasts;
  private final Seeds seeds;
  private final Tensor direction;

  /// Make it inside the scope that is to own it.
  ///
  /// @param target activations of target prompts at the direction's place, float64 `[prompt,
  ///   d_model]`
  /// @param contrast activations of contrast prompts, float64 `[prompt, d_model]`
  /// @param seeds the run's seeds
  public StabilityEstimate(Tensor target, Tensor contrast, Seeds seeds) {
    this.prompts = Tensor.cat(List.of(target, contrast), 0);
    this.targets = Math.toIntExact(target.dim(0));
    this.contrasts = Math.toIntExact(contrast.dim(0));
    this.seeds = seeds;
    this.direction = Tensor.ofDoubles(difference(order()), 1, prompts.dim(0)).matmul(prompts);
  }

  /// The direction against those of prompts drawn with replacement, and of two halves against each
  /// other.
  public Stability stability() {
    try (var _ = Scope.open()) {
      var bootstrap = seeds.generator("bootstrap-direction");
      var resampled = drawn(_ -> withReplacement(bootstrap));
      var halves = seeds.generator("split-half");
      var orders = IntStream.range(0, DRAWS).mapToObj(_ -> halved(halves)).toList();
      var left = drawn(draw -> half(orders.get(draw), 0));
      var right = drawn(draw -> half(orders.get(draw), 1));
      return new Stability(
          DRAWS, cosine(cosines(resampled, direction)), DRAWS, cosine(cosines(left, right)));
    }
  }

  /// Directions of shuffled labels, and random ones.
  public Nulls nulls() {
    try (var _ = Scope.open()) {
      var labels = seeds.generator("shuffled-labels");
      var shuffled =
          drawn(
              _ -> {
                int[] order = order();
                PermutationSampler.shuffle(labels, order);
                return difference(order);
              });
      var norms = norms(shuffled);
      double norm = direction.norm();
      long asLong = Arrays.stream(norms).filter(n -> n >= norm).count();
      return new Nulls(
          DRAWS,
          norm,
          high(norms),
          (1.0 + asLong) / (1 + DRAWS),
          high(absolute(cosines(gaussians(), direction))));
    }
  }

  private interface Draw {
    /// Weights of one draw, one a prompt.
    double[] weights(int draw);
  }

  /// `[draw, d_model]`
  private Tensor drawn(Draw draw) {
    double[] all =
        IntStream.range(0, DRAWS)
            .boxed()
            .flatMapToDouble(i -> Arrays.stream(draw.weights(i)))
            .toArray();
    return Tensor.ofDoubles(all, DRAWS, prompts.dim(0)).matmul(prompts);
  }

  private int[] order() {
    return IntStream.range(0, targets + contrasts).toArray();
  }

  /// The first places of `order` count as target, the rest as contrast.
  private double[] difference(int[] order) {
    var weights = new double[order.length];
    for (int i = 0; i < order.length; i++) {
      weights[order[i]] = i < targets ? 1.0 / targets : -1.0 / contrasts;
    }
    return weights;
  }

  private double[] withReplacement(UniformRandomProvider random) {
    var weights = new double[targets + contrasts];
    for (int i = 0; i < targets; i++) {
      weights[random.nextInt(targets)] += 1.0 / targets;
    }
    for (int i = 0; i < contrasts; i++) {
      weights[targets + random.nextInt(contrasts)] -= 1.0 / contrasts;
    }
    return weights;
  }

  /// For each prompt, which half it is in; either kind is halved by itself.
  private int[] halved(UniformRandomProvider random) {
    var halves = new int[targets + contrasts];
    for (int start : new int[] {0, targets}) {
      int n = start == 0 ? targets : contrasts;
      int[] order = IntStream.range(0, n).toArray();
      PermutationSampler.shuffle(random, order);
      for (int i = 0; i < n; i++) {
        halves[start + order[i]] = i < n / 2 ? 0 : 1;
      }
    }
    return halves;
  }

  private double[] half(int[] halves, int wanted) {
    long ofTargets = Arrays.stream(halves, 0, targets).filter(h -> h == wanted).count();
    long ofContrasts =
        Arrays.stream(halves, targets, halves.length).filter(h -> h == wanted).count();
    return IntStream.range(0, halves.length)
        .mapToDouble(
            i -> halves[i] != wanted ? 0 : i < targets ? 1.0 / ofTargets : -1.0 / ofContrasts)
        .toArray();
  }

  private Tensor gaussians() {
    var gaussian = ZigguratSampler.NormalizedGaussian.of(seeds.generator("random-cosine"));
    long width = prompts.dim(1);
    return Tensor.ofDoubles(gaussian.samples(DRAWS * width).toArray(), DRAWS, width);
  }

  /// Cosines of rows with rows, or with the one row of `other`.
  private static double[] cosines(Tensor rows, Tensor other) {
    double[] products = rows.times(other).sum(1).toDoubles();
    double[] norms = norms(rows);
    double[] others = norms(other);
    return IntStream.range(0, products.length)
        .mapToDouble(i -> products[i] / (norms[i] * others[others.length == 1 ? 0 : i]))
        .toArray();
  }

  private static double[] norms(Tensor rows) {
    return rows.square().sum(1).sqrt().toDoubles();
  }

  private static double[] absolute(double[] values) {
    return Arrays.stream(values).map(Math::abs).toArray();
  }

  private static double high(double[] values) {
    return summary(values).quantile(Interval.USUAL_LEVEL);
  }

  private static Cosine cosine(double[] values) {
    var summary = summary(values);
    return new Cosine(
        summary.mean(),
        new Interval(
            summary.quantile(TAIL),
            summary.quantile(1 - TAIL),
            Interval.USUAL_LEVEL,
            "percentiles"));
  }

  private static Summary summary(double[] values) {
    return Summary.of(Arrays.stream(values).boxed().toList());
  }
}
