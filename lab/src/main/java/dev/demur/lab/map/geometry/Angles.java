package dev.demur.lab.map.geometry;

import dev.demur.lab.Seeds;
import dev.demur.lab.Sha256;
import dev.demur.lab.direction.StabilityEstimate;
import dev.demur.lab.map.pairs.MapPrompt;
import dev.demur.lab.map.reading.Placed;
import dev.demur.lab.map.reading.Reads;
import dev.demur.lab.stats.Auroc;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.Significance;
import dev.demur.lab.stats.Summary;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;

/// The angles between all directions, with what chance and shared prompts make of them.
///
/// @param reads the stream
/// @param placed every pair's direction
/// @param seeds the map's seeds
public record Angles(Reads reads, List<Placed> placed, Seeds seeds) {

  /// Draws of an interval, a null, a deal.
  private static final int DRAWS = 200;

  /// Deals of shared prompts over which a cosine is averaged.
  private static final int DEALS = 20;

  private static final double TAIL = (1 - Interval.USUAL_LEVEL) / 2;

  /// A mean over fewer prompts says nothing.
  private static final int LEAST = 2;

  /// All cells, row by row.
  public List<Angle> cells() {
    var cells = new ArrayList<Angle>();
    for (var first : placed) {
      for (var second : placed) {
        try (var _ = Scope.open()) {
          cells.add(first.name().equals(second.name()) ? diagonal(first) : cell(first, second));
        }
      }
    }
    return adjusted(cells);
  }

  private static List<Angle> adjusted(List<Angle> cells) {
    var tested = cells.stream().filter(c -> !c.isDiagonal() && c.pValue().isPresent()).toList();
    var holm = Significance.holm(tested.stream().map(c -> c.pValue().orElseThrow()).toList());
    return cells.stream()
        .map(c -> tested.contains(c) ? c.adjustedTo(holm.get(tested.indexOf(c))) : c)
        .toList();
  }

  /// What every direction is by itself.
  public List<PairGeometry> pairs() {
    var found = new ArrayList<PairGeometry>();
    for (var one : placed) {
      try (var _ = Scope.open()) {
        var estimate = estimate(one);
        found.add(
            new PairGeometry(
                one.name(),
                one.side().pair().language(),
                one.place(),
                one.targets(),
                one.size() - one.targets(),
                one.side().test().size(),
                estimate.stability(),
                estimate.nulls(),
                otherContrast(one)));
      }
    }
    return found;
  }

  private StabilityEstimate estimate(Placed one) {
    return new StabilityEstimate(
        one.target(), one.contrast(), new Seeds(seeds.forStage("map/" + one.name())));
  }

  private Optional<Double> otherContrast(Placed one) {
    var own = new HashSet<>(one.texts());
    var others =
        placed.stream()
            .filter(other -> !other.name().equals(one.name()))
            .flatMap(other -> other.side().train().stream())
            .filter(prompt -> !own.contains(prompt.text()))
            .distinct()
            .toList();
    if (others.size() < LEAST) {
      return Optional.empty();
    }
    var difference = one.target().mean(0).minus(reads.at(one.place(), others).mean(0));
    return Optional.of(cosine(difference, unit(one)));
  }

  // ---- cells ---------------------------------------------------------------------------------

  private Angle diagonal(Placed one) {
    var estimate = estimate(one);
    var stability = estimate.stability();
    var nulls = estimate.nulls();
    return new Angle(
        one.name(),
        one.name(),
        1,
        stability.cosine().interval(),
        Optional.of(stability.splitHalf().mean()),
        nulls.randomCosine(),
        Optional.of(nulls.shuffledPValue()),
        Optional.empty(),
        auroc(one, one),
        dPrime(one, one));
  }

  Angle cell(Placed first, Placed second) {
    double cosine = first.direction().cosine(second.direction());
    var deals = deals(first, second);
    return new Angle(
        first.name(),
        second.name(),
        cosine,
        interval(first, second, cosine),
        deals.isEmpty()
            ? Optional.empty()
            : Optional.of(
                deals.stream().mapToDouble(d -> d.cosine(first, second)).sum() / deals.size()),
        nullCosine(first, second),
        deals.isEmpty() ? Optional.empty() : Optional.of(pValue(first, second, deals.getFirst())),
        Optional.empty(),
        auroc(first, second),
        dPrime(first, second));
  }

  /// The redrawn cosines' spread around their middle, about the cosine itself: a redrawn direction
  /// is noisier than the drawn one, so cosines of redrawn ones are too small on the whole.
  private Interval interval(Placed first, Placed second, double cosine) {
    var summary = Summary.of(cosines(redrawn(first), redrawn(second)));
    double low = Math.max(-1, 2 * cosine - summary.quantile(1 - TAIL));
    double high = Math.min(1, 2 * cosine - summary.quantile(TAIL));
    return new Interval(
        Math.min(low, high), Math.max(low, high), Interval.USUAL_LEVEL, "basic bootstrap");
  }

  /// Directions of redrawn prompts, `[draw, d_model]`. A side of prompts is drawn alike wherever it
  /// stands.
  private Tensor redrawn(Placed one) {
    var weights = new double[DRAWS * one.size()];
    draw(one.side().train(), weights, one.size(), 0, 1);
    draw(one.side().trainContrast(), weights, one.size(), one.targets(), -1);
    return Tensor.ofDoubles(weights, DRAWS, one.size()).matmul(one.rows());
  }

  private void draw(List<MapPrompt> side, double[] weights, int width, int start, int sign) {
    String texts = String.join("\n", side.stream().map(MapPrompt::text).toList());
    var random = seeds.generator("map-redraw/" + Sha256.ofText(texts));
    for (int draw = 0; draw < DRAWS; draw++) {
      for (int i = 0; i < side.size(); i++) {
        int at = draw * width + start + random.nextInt(side.size());
        weights[at] += (double) sign / side.size();
      }
    }
  }

  private double nullCosine(Placed first, Placed second) {
    var random = random("map-null", first, second);
    var weights = new double[DRAWS * first.size()];
    for (int draw = 0; draw < DRAWS; draw++) {
      int[] order = IntStream.range(0, first.size()).toArray();
      PermutationSampler.shuffle(random, order);
      for (int i = 0; i < order.length; i++) {
        weights[draw * order.length + order[i]] =
            i < first.targets() ? 1.0 / first.targets() : -1.0 / (first.size() - first.targets());
      }
    }
    var shuffled = Tensor.ofDoubles(weights, DRAWS, first.size()).matmul(first.rows());
    return Summary.of(
            cosines(shuffled, unit(second).reshape(1, -1)).stream().map(Math::abs).toList())
        .quantile(Interval.USUAL_LEVEL);
  }

  private UniformRandomProvider random(String stage, Placed first, Placed second) {
    return seeds.generator(stage + "/" + first.name() + "/" + second.name());
  }

  // ---- prompts of both -----------------------------------------------------------------------

  /// Which training prompts count for which of two directions.
  private record Deal(Set<String> notFirst, Set<String> notSecond) {

    double cosine(Placed first, Placed second) {
      return Angles.cosine(without(first, notFirst), without(second, notSecond));
    }
  }

  /// Deals of the prompts both share; empty where one leaves a side with too few.
  private List<Deal> deals(Placed first, Placed second) {
    var shared = new ArrayList<>(first.texts());
    shared.retainAll(new HashSet<>(second.texts()));
    if (shared.isEmpty()) {
      return List.of(new Deal(Set.of(), Set.of()));
    }
    var random = random("map-deal", first, second);
    var deals = new ArrayList<Deal>();
    for (int i = 0; i < DEALS; i++) {
      int[] order = IntStream.range(0, shared.size()).toArray();
      PermutationSampler.shuffle(random, order);
      var notFirst = new HashSet<String>();
      var notSecond = new HashSet<String>();
      for (int j = 0; j < order.length; j++) {
        (j % 2 == 0 ? notFirst : notSecond).add(shared.get(order[j]));
      }
      var deal = new Deal(notFirst, notSecond);
      if (leavesTooFew(first, notFirst) || leavesTooFew(second, notSecond)) {
        return List.of();
      }
      deals.add(deal);
    }
    return deals;
  }

  private static boolean leavesTooFew(Placed one, Set<String> without) {
    return kept(one.side().train(), without).size() < LEAST
        || kept(one.side().trainContrast(), without).size() < LEAST;
  }

  private static List<Integer> kept(List<MapPrompt> side, Set<String> without) {
    return IntStream.range(0, side.size())
        .filter(i -> !without.contains(side.get(i).text()))
        .boxed()
        .toList();
  }

  /// The difference of means without some prompts, `[d_model]`.
  private static Tensor without(Placed one, Set<String> texts) {
    return some(one.target(), kept(one.side().train(), texts))
        .mean(0)
        .minus(some(one.contrast(), kept(one.side().trainContrast(), texts)).mean(0));
  }

  private static Tensor some(Tensor rows, List<Integer> which) {
    return rows.rows(Tensor.ofIndices(which.stream().mapToInt(Integer::intValue)));
  }

  private double pValue(Placed first, Placed second, Deal deal) {
    var along = without(second, deal.notSecond());
    var target = some(first.target(), kept(first.side().train(), deal.notFirst()));
    var contrast = some(first.contrast(), kept(first.side().trainContrast(), deal.notFirst()));
    return Shuffles.pValue(
        target.dotRows(along).toDoubles(),
        contrast.dotRows(along).toDoubles(),
        random("map-shuffle", first, second));
  }

  // ---- test prompts --------------------------------------------------------------------------

  private Auroc auroc(Placed first, Placed second) {
    return Auroc.of(along(first, second.side().test()), along(first, second.side().testContrast()));
  }

  private Optional<Double> dPrime(Placed first, Placed second) {
    return Projections.dPrime(
        along(first, second.side().test()), along(first, second.side().testContrast()));
  }

  private List<Double> along(Placed one, List<MapPrompt> prompts) {
    return Projections.of(reads.at(one.place(), prompts), unit(one));
  }

  private static Tensor unit(Placed one) {
    return one.direction().unit().to(DType.F64);
  }

  // ---- cosines -------------------------------------------------------------------------------

  private static double cosine(Tensor one, Tensor two) {
    double norms = one.norm() * two.norm();
    return norms == 0 ? 0 : one.dotRows(two).item() / norms;
  }

  /// Of rows with rows, or with the one row of `other`.
  private static List<Double> cosines(Tensor rows, Tensor other) {
    double[] products = rows.times(other).sum(1).toDoubles();
    double[] one = rows.square().sum(1).sqrt().toDoubles();
    double[] two = other.square().sum(1).sqrt().toDoubles();
    return IntStream.range(0, products.length)
        .mapToObj(
            i -> products[i] / Math.max(Double.MIN_NORMAL, one[i] * two[two.length == 1 ? 0 : i]))
        .toList();
  }
}
