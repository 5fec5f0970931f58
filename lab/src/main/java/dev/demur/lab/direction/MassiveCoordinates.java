package dev.demur.lab.direction;

import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/// Coordinates of the stream that are massively active whatever the prompt, and so take up the
/// differences of means.
///
/// A difference of means adds up squares. One coordinate that is a thousand times as large as the
/// others outweighs them all when the sets move it by a percent. Such a direction says how large
/// that coordinate is; ablating it takes away what the norms divide by, and breaks the model.
///
/// A coordinate counts as massive when at one place its mean over all prompts is at least
/// [#LEAST_RATIO] times the median coordinate's, and it holds at least [#LEAST_SHARE] of the
/// difference of means there. Ratios of 40 to 120 without such a share are ordinary, for example in
/// Qwen2.5 and SmolLM2.
///
/// Source: Sun et al. 2024, "Massive Activations in Large Language Models" (arXiv 2402.17762),
/// whose limit of 1,000 is for the tokens where they arise; that they take up differences of means
/// is our own rule.
///
/// @param coordinates the massive ones, largest share first
/// @param chosenShare what they hold together of the difference of means at the chosen place,
///   before anything is left out; empty where none was chosen
public record MassiveCoordinates(List<Coordinate> coordinates, Optional<Double> chosenShare) {

  /// How many times the median coordinate's size.
  public static final double LEAST_RATIO = 30;

  /// Share of the squared length of the difference of means.
  public static final double LEAST_SHARE = 0.1;

  public MassiveCoordinates {
    coordinates = List.copyOf(coordinates);
  }

  /// One massive coordinate.
  ///
  /// @param index of the coordinate, 0 to d_model − 1
  /// @param ratio its size over the median coordinate's, at the place below
  /// @param share of the squared difference of means, at the place where it is largest
  /// @param place where that is
  public record Coordinate(int index, double ratio, double share, Candidate place) {}

  /// The massive coordinates of two sets' means.
  ///
  /// @param target float64 `[pos, layer, d_model]`
  /// @param contrast float64 `[pos, layer, d_model]`
  public static MassiveCoordinates of(Tensor target, Tensor contrast) {
    var grid = CandidateGrid.between(target, contrast);
    var sizes = new CandidateGrid(target.plus(contrast).times(0.5).abs());
    var largest = new HashMap<Integer, Coordinate>();
    for (var place : grid.candidates()) {
      if (!grid.isNoise(place)) {
        for (var found : at(place, sizes.at(place).toDoubles(), grid.at(place).toDoubles())) {
          largest.merge(found.index(), found, (a, b) -> a.share() >= b.share() ? a : b);
        }
      }
    }
    return new MassiveCoordinates(
        largest.values().stream()
            .sorted(
                Comparator.comparingDouble((Coordinate c) -> -c.share())
                    .thenComparingInt(Coordinate::index))
            .toList(),
        Optional.empty());
  }

  private static List<Coordinate> at(Candidate place, double[] sizes, double[] difference) {
    double[] sorted = sizes.clone();
    Arrays.sort(sorted);
    double median = sorted[sorted.length / 2];
    double squares = Arrays.stream(difference).map(x -> x * x).sum();
    var found = new ArrayList<Coordinate>();
    for (int i = 0; i < sizes.length; i++) {
      double share = difference[i] * difference[i] / squares;
      if (sizes[i] >= LEAST_RATIO * median && share >= LEAST_SHARE) {
        found.add(new Coordinate(i, sizes[i] / median, share, place));
      }
    }
    return found;
  }

  /// No coordinate at all.
  public static MassiveCoordinates none() {
    return new MassiveCoordinates(List.of(), Optional.empty());
  }

  /// The same with what they hold of the chosen difference of means.
  ///
  /// @param difference float64 `[d_model]`, with all its coordinates
  public MassiveCoordinates ofChosen(Tensor difference) {
    return new MassiveCoordinates(coordinates, Optional.of(share(difference.toDoubles())));
  }

  private double share(double[] difference) {
    double squares = Arrays.stream(difference).map(x -> x * x).sum();
    return coordinates.stream().mapToDouble(c -> Math.pow(difference[c.index()], 2)).sum()
        / squares;
  }

  /// Whether there are none.
  public boolean isEmpty() {
    return coordinates.isEmpty();
  }

  /// The same vectors with 0 in these coordinates.
  ///
  /// @param vectors float64 `[…, d_model]`
  public Tensor takenFrom(Tensor vectors) {
    double[] kept = new double[Math.toIntExact(vectors.dim(vectors.rank() - 1))];
    Arrays.fill(kept, 1);
    coordinates.forEach(c -> kept[c.index()] = 0);
    return vectors.times(Tensor.ofDoubles(kept, kept.length));
  }
}
