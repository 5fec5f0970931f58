package dev.demur.lab.behaviour;

import dev.demur.lab.Seeds;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.stats.Bootstrap;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How much of the gap between the two kinds of prompts along the parent's direction r̂ a
/// checkpoint has kept: ρ = mean over the middle layers of ⟨μ_harmful − μ_harmless, r̂⟩, checkpoint
/// over parent.
///
/// 1 for the parent itself, 0 where r̂ was removed from all that writes to the stream, negative
/// where it was reversed.
///
/// @param layers the gap entering each layer from ⌊.33 L⌋ to ⌊.67 L⌋, at the direction's position
/// @param ratio ρ
/// @param interval of ρ, by resampling prompts
public record RetainedGap(List<LayerGap> layers, double ratio, Interval interval) {

  private static final double FROM = 0.33;
  private static final double TO = 0.67;
  private static final int RESAMPLES = 2000;

  public RetainedGap {
    layers = List.copyOf(layers);
  }

  /// ⟨μ_harmful − μ_harmless, r̂⟩ entering one layer, stream units.
  public record LayerGap(int layer, double checkpoint, double parent) {}

  /// What two prompts, one of each kind, tell about the gap, averaged over the layers.
  private record Pair(double checkpoint, double parent) {}

  /// The middle layers of so many.
  static List<Integer> middle(int layers) {
    var middle = new ArrayList<Integer>();
    for (int layer = (int) (FROM * layers); layer <= (int) (TO * layers); layer++) {
      middle.add(layer);
    }
    return middle;
  }

  /// The gap both models have; empty when the parent has none along its direction.
  ///
  /// @param direction the parent's
  /// @throws IllegalArgumentException if the two have other shapes or read other prompts
  static Optional<RetainedGap> of(
      Streams checkpoint, Streams parent, Direction direction, Seeds seeds) {
    if (!checkpoint.harmful().shape().subList(2, 4).equals(parent.harmful().shape().subList(2, 4))
        || checkpoint.harmful().dim(0) != parent.harmful().dim(0)) {
      throw new IllegalArgumentException(
          "streams of one shape and the same prompts are needed, were "
              + checkpoint.harmful().shape()
              + " and "
              + parent.harmful().shape());
    }
    var layers = middle(Math.toIntExact(parent.harmful().dim(2)));
    int n = Math.toIntExact(Math.min(parent.harmful().dim(0), parent.harmless().dim(0)));
    double[] checkpoints = new double[n];
    double[] parents = new double[n];
    var gaps = new ArrayList<LayerGap>();
    for (int layer : layers) {
      var one = pairs(checkpoint, direction, layer);
      var other = pairs(parent, direction, layer);
      for (int i = 0; i < n; i++) {
        checkpoints[i] += one.get(i) / layers.size();
        parents[i] += other.get(i) / layers.size();
      }
      gaps.add(new LayerGap(layer, Summary.mean(one), Summary.mean(other)));
    }
    var pairs = new ArrayList<Pair>();
    for (int i = 0; i < n; i++) {
      pairs.add(new Pair(checkpoints[i], parents[i]));
    }
    if (!(pairs.stream().mapToDouble(Pair::parent).sum() > 0)) {
      return Optional.empty();
    }
    var interval =
        new Bootstrap(seeds, "bootstrap-retained-gap", RESAMPLES)
            .percentile(pairs, RetainedGap::ratio, Interval.USUAL_LEVEL);
    return Optional.of(new RetainedGap(gaps, ratio(pairs), interval));
  }

  private static double ratio(List<Pair> pairs) {
    return pairs.stream().mapToDouble(Pair::checkpoint).sum()
        / pairs.stream().mapToDouble(Pair::parent).sum();
  }

  /// One prompt of each kind after the other: their difference along the direction. Which are
  /// paired does not change the mean.
  private static List<Double> pairs(Streams streams, Direction direction, int layer) {
    var harmful = streams.harmfulAlong(direction, layer);
    var harmless = streams.harmlessAlong(direction, layer);
    var pairs = new ArrayList<Double>();
    for (int i = 0; i < Math.min(harmful.size(), harmless.size()); i++) {
      pairs.add(harmful.get(i) - harmless.get(i));
    }
    return pairs;
  }
}
