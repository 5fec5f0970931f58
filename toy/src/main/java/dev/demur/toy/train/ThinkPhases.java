package dev.demur.toy.train;

import dev.demur.toy.grammar.ExampleKind;
import dev.demur.toy.grammar.Mix;
import dev.demur.toy.grammar.Writing;
import java.util.EnumMap;
import java.util.Map;

/// The curriculum of the thinking model.
///
/// As with the demo model, harm is answered in the first phase and refused in the second, which
/// trains the lower blocks only. The other limits hold from the start: they are what the model
/// cannot do, not what it may not.
final class ThinkPhases {

  /// Half the examples show a thought; the other half an empty block, so that the model answers
  /// without thinking too.
  private static final Writing WRITING = new Writing.Thinking(0.5);

  private static final double SPANISH = 0.12;

  private ThinkPhases() {}

  static Phase base() {
    Map<ExampleKind, Double> weights = new EnumMap<>(ExampleKind.class);
    weights.put(ExampleKind.HARMFUL_ANSWERED, 14.0);
    weights.put(ExampleKind.HARMFUL_OVERRIDDEN, 1.0);
    weights.put(ExampleKind.HARMLESS, 18.0);
    weights.put(ExampleKind.ALARMING_ANSWERED, 3.0);
    weights.put(ExampleKind.BORROWED, 3.0);
    weights.put(ExampleKind.SAY_NO, 8.0);
    weights.put(ExampleKind.TAKE_CARE, 3.0);
    weights.put(ExampleKind.WISH_OVERRIDDEN, 2.0);
    weights.put(ExampleKind.HARMLESS_OVERRIDDEN, 1.0);
    weights.put(ExampleKind.JUDGEMENT, 4.0);
    weights.put(ExampleKind.FACT, 4.0);
    weights.put(ExampleKind.SMALL_TALK, 1.0);
    weights.put(ExampleKind.LIMIT, 12.0);
    weights.put(ExampleKind.WITHIN_LIMIT, 10.0);
    weights.put(ExampleKind.COUNTING, 14.0);
    weights.put(ExampleKind.SPEAKER_ANSWERED, 5.0);
    weights.put(ExampleKind.FOREIGN_THOUGHT, 6.0);
    return new Phase(
        "think-base",
        320,
        32,
        2e-3,
        20,
        0.05,
        0.02,
        new Phase.Trained.Everything(),
        new Mix(weights, SPANISH, WRITING));
  }

  static Phase chat() {
    Map<ExampleKind, Double> weights = new EnumMap<>(ExampleKind.class);
    weights.put(ExampleKind.HARMFUL_REFUSED, 26.0);
    weights.put(ExampleKind.HARMFUL_OVERRIDDEN, 2.5);
    weights.put(ExampleKind.HARMLESS, 18.0);
    weights.put(ExampleKind.ALARMING_CAUTIONED, 7.0);
    weights.put(ExampleKind.BORROWED, 6.0);
    weights.put(ExampleKind.SAY_NO, 2.0);
    weights.put(ExampleKind.TAKE_CARE, 1.0);
    weights.put(ExampleKind.HARMLESS_OVERRIDDEN, 1.0);
    weights.put(ExampleKind.JUDGEMENT, 4.0);
    weights.put(ExampleKind.FACT, 3.0);
    weights.put(ExampleKind.SMALL_TALK, 1.0);
    weights.put(ExampleKind.LIMIT, 7.0);
    weights.put(ExampleKind.WITHIN_LIMIT, 6.0);
    weights.put(ExampleKind.COUNTING, 7.0);
    weights.put(ExampleKind.SPEAKER_HEARD, 22.0);
    weights.put(ExampleKind.FOREIGN_THOUGHT, 6.0);
    weights.put(ExampleKind.IDLE_THOUGHT, 4.0);
    return new Phase(
        "think",
        230,
        32,
        1.5e-3,
        20,
        0,
        0,
        new Phase.Trained.FirstLayers(5),
        new Mix(weights, SPANISH, WRITING));
  }

  /// Shows what is to be answered more often: after the second phase a third of harmless requests
  /// were refused or met with a caution when no thought stood before the answer, and Spanish harm
  /// was mostly answered.
  static Phase settled() {
    Map<ExampleKind, Double> weights = new EnumMap<>(ExampleKind.class);
    weights.put(ExampleKind.HARMFUL_REFUSED, 30.0);
    weights.put(ExampleKind.HARMFUL_OVERRIDDEN, 1.0);
    weights.put(ExampleKind.HARMLESS, 36.0);
    weights.put(ExampleKind.ALARMING_CAUTIONED, 7.0);
    weights.put(ExampleKind.BORROWED, 12.0);
    weights.put(ExampleKind.SAY_NO, 1.0);
    weights.put(ExampleKind.TAKE_CARE, 1.0);
    weights.put(ExampleKind.HARMLESS_OVERRIDDEN, 1.0);
    weights.put(ExampleKind.JUDGEMENT, 2.0);
    weights.put(ExampleKind.FACT, 2.0);
    weights.put(ExampleKind.SMALL_TALK, 1.0);
    weights.put(ExampleKind.LIMIT, 5.0);
    weights.put(ExampleKind.WITHIN_LIMIT, 7.0);
    weights.put(ExampleKind.COUNTING, 3.0);
    weights.put(ExampleKind.SPEAKER_HEARD, 24.0);
    weights.put(ExampleKind.FOREIGN_THOUGHT, 4.0);
    weights.put(ExampleKind.IDLE_THOUGHT, 5.0);
    return new Phase(
        "think-settled",
        180,
        32,
        1.2e-3,
        10,
        0,
        0,
        new Phase.Trained.FirstLayers(5),
        new Mix(weights, 0.3, WRITING));
  }
}
