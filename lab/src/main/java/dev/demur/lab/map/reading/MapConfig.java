package dev.demur.lab.map.reading;

import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.SelectionRules;
import java.util.List;

/// How a map is made.
///
/// @param place where directions are read
/// @param rules which places can be chosen
/// @param train most prompts of a side that make a direction
/// @param test most prompts of a side that are asked, and most that choose a place
/// @param doses of additions, as shares of the stream's median length; may be empty
/// @param scalings LiReF scalings; none for no such edit
/// @param controls random directions of each kind of edit, 0 or more
/// @param controlled most prompts of each cell of the controlled set
/// @param writing how answers are written, where an outcome needs them
/// @param seed of parts, draws and controls
public record MapConfig(
    PlaceChoice place,
    SelectionRules rules,
    int train,
    int test,
    List<Double> doses,
    Scalings scalings,
    int controls,
    int controlled,
    Writing writing,
    long seed) {

  public MapConfig {
    doses = List.copyOf(doses);
    if (train < 2 || test < 1 || controls < 0 || controlled < 1) {
      throw new IllegalArgumentException(
          "train must be >= 2, test and controlled >= 1, controls >= 0; were "
              + List.of(train, test, controlled, controls));
    }
    for (double dose : doses) {
      if (!Double.isFinite(dose) || dose == 0) {
        throw new IllegalArgumentException("a dose must be finite and not 0, was " + dose);
      }
    }
  }

  /// How answers are written.
  ///
  /// @param maxNewTokens length at which one is cut
  /// @param batch written together
  public record Writing(int maxNewTokens, int batch) {
    public Writing {
      if (maxNewTokens < 1 || batch < 1) {
        throw new IllegalArgumentException(
            "new tokens and batch must be >= 1, were " + maxNewTokens + " and " + batch);
      }
    }
  }

  /// Multiplications of the component along directions of several layers.
  ///
  /// Source: Hong et al. 2025 (arXiv 2503.23084), with the released code: x + s (x·d̂) d̂ at all
  /// layers and sites, one source layer at a time.
  ///
  /// @param factors 1 + s; 0 ablates, 1 changes nothing; empty for no such edit
  /// @param layers source layers
  public record Scalings(List<Double> factors, List<Integer> layers) {
    public Scalings {
      factors = List.copyOf(factors);
      layers = List.copyOf(layers);
      for (double factor : factors) {
        if (!Double.isFinite(factor)) {
          throw new IllegalArgumentException("a factor must be finite, was " + factor);
        }
      }
    }

    /// No such edit.
    public static Scalings none() {
      return new Scalings(List.of(), List.of());
    }
  }

  /// One place for all pairs, chosen for the first by the study's rule, 64 and 32 prompts a side,
  /// doses of a quarter to the whole stream, one control.
  public static MapConfig usual() {
    return new MapConfig(
        new PlaceChoice.Selected(PlaceChoice.Rule.BYPASS, PlaceChoice.Reach.FIRST),
        SelectionRules.paper(),
        64,
        32,
        List.of(0.25, 0.5, 1.0),
        Scalings.none(),
        1,
        50,
        new Writing(48, 32),
        42);
  }

  /// The same at a known place.
  public MapConfig at(int layer, int position) {
    return with(new PlaceChoice.Fixed(new Candidate(position, layer)));
  }

  /// The same with another choice of the place.
  public MapConfig with(PlaceChoice other) {
    return new MapConfig(
        other, rules, train, test, doses, scalings, controls, controlled, writing, seed);
  }

  /// The same with other sizes of sets.
  public MapConfig withSizes(int trained, int asked) {
    return new MapConfig(
        place, rules, trained, asked, doses, scalings, controls, controlled, writing, seed);
  }

  /// The same with other doses.
  public MapConfig withDoses(List<Double> other) {
    return new MapConfig(
        place, rules, train, test, other, scalings, controls, controlled, writing, seed);
  }

  /// The same with scalings.
  public MapConfig with(Scalings other) {
    return new MapConfig(
        place, rules, train, test, doses, other, controls, controlled, writing, seed);
  }

  /// The same with other rules for a place.
  public MapConfig with(SelectionRules other) {
    return new MapConfig(
        place, other, train, test, doses, scalings, controls, controlled, writing, seed);
  }

  /// The same with other ways of writing.
  public MapConfig with(Writing other) {
    return new MapConfig(
        place, rules, train, test, doses, scalings, controls, controlled, other, seed);
  }
}
