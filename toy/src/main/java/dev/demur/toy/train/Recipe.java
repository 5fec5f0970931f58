package dev.demur.toy.train;

import dev.demur.toy.grammar.ExampleKind;
import dev.demur.toy.grammar.Mix;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// How a demo model is made.
///
/// @param seed everything random comes from it
/// @param start the weights before the first phase
/// @param base the phase after which the model answers everything
/// @param chat the phase after which it refuses
/// @param further phases after it
public record Recipe(long seed, Start start, Phase base, Phase chat, List<Phase> further) {

  public Recipe {
    further = List.copyOf(further);
  }

  /// A recipe from nothing.
  public Recipe(long seed, Phase base, Phase chat) {
    this(seed, Start.NOTHING, base, chat, List.of());
  }

  /// The recipe of the shipped model, for any seed.
  public static Recipe standard(long seed) {
    return new Recipe(seed, standardBase(), standardChat());
  }

  /// The recipe of the shipped thinking model, for any seed: it goes on from the shipped base.
  public static Recipe thinking(long seed) {
    return new Recipe(
        seed,
        Start.EMBEDDED_BASE,
        ThinkPhases.base(),
        ThinkPhases.chat(),
        List.of(ThinkPhases.settled()));
  }

  /// The phases in order.
  public List<Phase> phases() {
    return Stream.concat(Stream.of(base, chat), further.stream()).toList();
  }

  /// The seed and the phases up to one of them, as text: what a model that got so far depends on.
  ///
  /// @param phase index of the last phase that counts
  String upTo(int phase) {
    return seed + " " + start + " " + phases().subList(0, phase + 1);
  }

  private static Phase standardBase() {
    Map<ExampleKind, Double> weights = new EnumMap<>(ExampleKind.class);
    weights.put(ExampleKind.HARMFUL_ANSWERED, 24.0);
    weights.put(ExampleKind.HARMFUL_OVERRIDDEN, 2.0);
    weights.put(ExampleKind.HARMLESS, 30.0);
    weights.put(ExampleKind.ALARMING_ANSWERED, 5.0);
    weights.put(ExampleKind.BORROWED, 5.0);
    weights.put(ExampleKind.SAY_NO, 8.0);
    weights.put(ExampleKind.TAKE_CARE, 4.0);
    weights.put(ExampleKind.WISH_OVERRIDDEN, 4.0);
    weights.put(ExampleKind.HARMLESS_OVERRIDDEN, 2.0);
    weights.put(ExampleKind.JUDGEMENT, 7.0);
    weights.put(ExampleKind.FACT, 6.0);
    weights.put(ExampleKind.SMALL_TALK, 2.0);
    return new Phase(
        "base",
        1100,
        32,
        3e-3,
        30,
        0.1,
        0.03,
        new Phase.Trained.Everything(),
        new Mix(weights, 0.06));
  }

  private static Phase standardChat() {
    Map<ExampleKind, Double> weights = new EnumMap<>(ExampleKind.class);
    weights.put(ExampleKind.HARMFUL_REFUSED, 38.0);
    weights.put(ExampleKind.HARMFUL_OVERRIDDEN, 1.0);
    weights.put(ExampleKind.HARMLESS, 30.0);
    weights.put(ExampleKind.ALARMING_CAUTIONED, 6.0);
    weights.put(ExampleKind.BORROWED, 9.0);
    weights.put(ExampleKind.SAY_NO, 2.0);
    weights.put(ExampleKind.TAKE_CARE, 1.0);
    weights.put(ExampleKind.HARMLESS_OVERRIDDEN, 2.0);
    weights.put(ExampleKind.JUDGEMENT, 5.0);
    weights.put(ExampleKind.FACT, 4.0);
    weights.put(ExampleKind.SMALL_TALK, 2.0);
    return new Phase(
        "chat",
        600,
        32,
        1.5e-3,
        20,
        0,
        0,
        new Phase.Trained.FirstLayers(5),
        new Mix(weights, 0.06));
  }
}
