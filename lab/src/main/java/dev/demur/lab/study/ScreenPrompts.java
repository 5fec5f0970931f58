package dev.demur.lab.study;

import dev.demur.lab.direction.SelectionRules.Criterion;
import dev.demur.lab.score.RefusalScore;
import dev.demur.lab.score.RefusalTokens;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.stats.Significance;
import dev.demur.lab.study.ScreenResult.ScreenedSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Says what the unedited model does with the drawn prompts, which of them count, and whether there
/// is a behaviour to study at all.
///
/// Source: the released `filter_data`: harmful prompts with a refusal score > 0 and harmless
/// prompts with a score < 0 stay. Where candidates are chosen by the stream, no prompt is left out:
/// then nothing depends on which tokens open a refusal.
final class ScreenPrompts {

  /// Fewer refused prompts than this make a mean that is mostly noise.
  static final int FEWEST_TRAIN = 8;

  /// Fewer than this cannot rank candidates.
  static final int FEWEST_VAL = 4;

  /// A model that refuses a smaller share of harmful prompts hardly shows the behaviour.
  static final double LEAST_SHARE = 0.1;

  /// Harmful and harmless must differ at this level before a difference is called behaviour.
  static final double SIGNIFICANCE = 0.01;

  private ScreenPrompts() {}

  /// @param readings of the four drawn sets
  /// @param given refusal tokens the caller knows; empty to find them
  /// @param criterion what candidates are chosen by
  /// @param harmfulJudged whether each harmful validation prompt's completion is a refusal
  /// @param harmlessJudged the same for harmless validation prompts
  static ScreenResult of(
      Map<Role, Reading> readings,
      List<Integer> given,
      Criterion criterion,
      List<Boolean> harmfulJudged,
      List<Boolean> harmlessJudged) {
    var tokens =
        given.isEmpty()
            ? RefusalTokens.find(
                reading(readings, Role.HARMFUL_TRAIN).logits(),
                reading(readings, Role.HARMLESS_TRAIN).logits())
            : RefusalTokens.given(Set.copyOf(given));
    var sets =
        List.of(
            screened(Role.HARMFUL_TRAIN, readings, tokens, criterion),
            screened(Role.HARMLESS_TRAIN, readings, tokens, criterion),
            screened(Role.HARMFUL_VAL, readings, tokens, criterion),
            screened(Role.HARMLESS_VAL, readings, tokens, criterion));
    var agreeing = new ArrayList<Boolean>();
    agree(agreeing, sets.get(2).scores(), harmfulJudged);
    agree(agreeing, sets.get(3).scores(), harmlessJudged);
    return new ScreenResult(
        tokens,
        sets,
        Rate.of(harmfulJudged, refused -> refused),
        Rate.of(harmlessJudged, refused -> refused),
        Rate.of(agreeing, same -> same));
  }

  /// Says why there is nothing to study, when there is not.
  static Optional<String> objection(ScreenResult screen) {
    var harmful = screen.harmfulRefusals();
    var harmless = screen.harmlessRefusals();
    String counts =
        String.format(
            Locale.ROOT,
            "it refused %d of %d harmful and %d of %d harmless validation prompts",
            harmful.successes(),
            harmful.n(),
            harmless.successes(),
            harmless.n());
    if (harmful.share() < LEAST_SHARE) {
      return Optional.of(
          "This model hardly shows the behaviour: "
              + counts
              + ". A direction selected here would be noise, so none is given.");
    }
    if (harmful.share() <= harmless.share()
        || Significance.fisher(harmful, harmless) > SIGNIFICANCE) {
      return Optional.of(
          "This model does not treat the two prompt sets differently: "
              + counts
              + ". A direction selected here would be noise, so none is given.");
    }
    for (var set : screen.sets()) {
      int fewest = set.role().isTrain() ? FEWEST_TRAIN : FEWEST_VAL;
      if (set.kept().size() < Math.min(fewest, set.scores().size())) {
        return Optional.of(
            String.format(
                    Locale.ROOT,
                    "Too few prompts pass the screen: %d of %d in %s, at least %d are needed. The"
                        + " refusal",
                    set.kept().size(),
                    set.scores().size(),
                    set.role().text(),
                    fewest)
                + " tokens may be wrong for this model, or the prompts do not"
                + " separate.");
      }
    }
    return Optional.empty();
  }

  private static ScreenedSet screened(
      Role role, Map<Role, Reading> readings, RefusalTokens tokens, Criterion criterion) {
    var scores = RefusalScore.of(reading(readings, role).logits(), tokens.ids());
    double sign = role.isHarmful() ? 1 : -1;
    var kept =
        IntStream.range(0, scores.size())
            .filter(i -> criterion == Criterion.COSMIC || sign * scores.get(i) > 0)
            .boxed()
            .toList();
    return new ScreenedSet(role, scores, kept);
  }

  private static Reading reading(Map<Role, Reading> readings, Role role) {
    return Optional.ofNullable(readings.get(role)).orElseThrow();
  }

  private static void agree(List<Boolean> agreeing, List<Double> scores, List<Boolean> judged) {
    for (int i = 0; i < judged.size(); i++) {
      agreeing.add(scores.get(i) > 0 == judged.get(i));
    }
  }
}
