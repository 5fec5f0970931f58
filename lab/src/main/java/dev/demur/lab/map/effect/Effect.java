package dev.demur.lab.map.effect;

import dev.demur.lab.map.effect.Tried.Purpose;
import dev.demur.lab.map.effect.Tried.Way;
import dev.demur.lab.map.pairs.AskedSet.Role;
import dev.demur.lab.stats.Estimate;
import dev.demur.lab.stats.PairedTest;
import dev.demur.lab.stats.Rate;
import java.util.List;
import java.util.Optional;

/// What an edit changes on one set of prompts, paired by prompt.
///
/// @param tried the edit
/// @param set name of the set
/// @param role what its prompts are
/// @param unedited share that counts in the unedited model; empty where nobody may say
/// @param edited the same under the edit
/// @param broken answers that are empty, loop, or hold nothing to compare; of scores, none
/// @param before mean score of the unedited model, nats; empty where the outcome has no score
/// @param score mean score under the edit
/// @param change of the score, 95 % interval over prompts; empty with fewer than two
/// @param test of the change of the share, corrected over all edits of its way and purpose
/// @param reserve why the share should not be read; empty where it may
public record Effect(
    Tried tried,
    String set,
    Role role,
    Optional<Rate> unedited,
    Optional<Rate> edited,
    Rate broken,
    Optional<Double> before,
    Optional<Double> score,
    Optional<Estimate> change,
    Optional<PairedTest> test,
    Optional<String> reserve) {

  /// What ablating a direction changes on a set, among all that was tried.
  public static Optional<Effect> ofAblating(String direction, String set, List<Effect> effects) {
    return effects.stream()
        .filter(e -> e.tried().way() == Way.ABLATION && e.tried().purpose() == Purpose.TRIED)
        .filter(e -> e.tried().direction().equals(direction) && e.set().equals(set))
        .findFirst();
  }

  /// The change of the share under the ablation of a direction; empty where it was not tried or
  /// should not be read.
  public static Optional<Double> changeByAblating(
      String direction, String set, List<Effect> effects) {
    return ofAblating(direction, set, effects)
        .filter(effect -> effect.reserve.isEmpty())
        .flatMap(Effect::test)
        .map(PairedTest::change);
  }

  Effect with(PairedTest corrected) {
    return new Effect(
        tried,
        set,
        role,
        unedited,
        edited,
        broken,
        before,
        score,
        change,
        Optional.of(corrected),
        reserve);
  }
}
