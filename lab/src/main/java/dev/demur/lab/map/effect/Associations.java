package dev.demur.lab.map.effect;

import dev.demur.lab.Seeds;
import dev.demur.lab.map.effect.Tried.Purpose;
import dev.demur.lab.map.effect.Tried.Way;
import dev.demur.lab.map.geometry.Angle;
import dev.demur.lab.map.pairs.AskedSet;
import dev.demur.lab.map.pairs.AskedSet.Role;
import dev.demur.lab.map.reading.Placed;
import dev.demur.lab.stats.RankCorrelation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Rank correlations over directions between what the stream shows and what edits do.
///
/// @param placed the directions
/// @param angles all cosines
/// @param effects of all edits
/// @param seeds of the permutations
public record Associations(
    List<Placed> placed, List<Angle> angles, List<Effect> effects, Seeds seeds) {

  /// All that can be formed.
  ///
  /// @param sets that were asked
  /// @param unedited what they gave without any edit
  public List<Association> of(List<AskedSet> sets, Optional<Answered> unedited) {
    var found = new ArrayList<Association>();
    unedited.flatMap(answers -> separation(sets, answers)).ifPresent(found::add);
    for (var set : sets) {
      if (set.role() != Role.CONTRAST) {
        effect(set, Way.ABLATION, 0).ifPresent(found::add);
      }
    }
    return found;
  }

  /// Whether prompts that lie far apart are the ones the unedited model treats as they should be.
  private Optional<Association> separation(List<AskedSet> sets, Answered unedited) {
    return correlated(
        "d′ of a pair along its own direction, and the unedited model's share on its target",
        one -> Angle.between(one.name(), one.name(), angles).dPrime(),
        one ->
            sets.stream()
                .filter(s -> s.role() == Role.TARGET && s.name().equals(one.name()))
                .findFirst()
                .map(s -> share(unedited.of(s))));
  }

  private static double share(List<Reading> readings) {
    return readings.stream().mapToInt(r -> r.counts().orElse(false) ? 1 : 0).average().orElse(0);
  }

  /// Whether directions that lie near the one of a set's own pair do the same to it. For a set that
  /// has no pair, near the first pair's.
  private Optional<Association> effect(AskedSet set, Way way, double amount) {
    String reference =
        placed.stream().map(Placed::name).anyMatch(set.name()::equals)
            ? set.name()
            : placed.getFirst().name();
    return correlated(
        "cosine with " + reference + ", and what ablating changes on " + set.name(),
        one ->
            one.name().equals(reference)
                ? Optional.empty()
                : Optional.of(Angle.between(one.name(), reference, angles).cosine()),
        one ->
            effects.stream()
                .filter(e -> e.tried().way() == way && e.tried().amount() == amount)
                .filter(e -> e.tried().purpose() == Purpose.TRIED)
                .filter(e -> e.tried().direction().equals(one.name()))
                .filter(e -> e.set().equals(set.name()) && e.role() == set.role())
                .findFirst()
                .flatMap(Associations::changed));
  }

  /// The change of the score, or of the share where there is none.
  private static Optional<Double> changed(Effect effect) {
    return effect
        .change()
        .map(change -> change.mean())
        .or(() -> effect.test().map(test -> test.change()));
  }

  private Optional<Association> correlated(
      String what,
      Function<Placed, Optional<Double>> first,
      Function<Placed, Optional<Double>> second) {
    var one = new ArrayList<Double>();
    var two = new ArrayList<Double>();
    for (var direction : placed) {
      var left = first.apply(direction);
      var right = second.apply(direction);
      if (left.isPresent() && right.isPresent()) {
        one.add(left.get());
        two.add(right.get());
      }
    }
    return one.size() < RankCorrelation.LEAST
        ? Optional.empty()
        : Optional.of(
            new Association(
                what, RankCorrelation.of(one, two, seeds.generator("map-ranks/" + what))));
  }
}
