package dev.demur.lab.policy;

import dev.demur.model.hook.HookPoint;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// One rule of a policy: when × where × what.
///
/// A rule with a gate acts on all that comes after the gate's reading: at places behind it, for
/// tokens from the one it is read at. So it gives the same numbers whether an answer is written
/// token by token or read in one pass, and whether its prompt is read at once or in pieces.
///
/// @param gate for which prompts
/// @param span which tokens
/// @param places which sites and layers
/// @param operator what is done there
public record Rule(Gate gate, Span span, Places places, Operator operator) {

  /// A rule for every prompt and every token, where its operator acts by itself.
  public static Rule of(Operator operator) {
    return new Rule(new Gate.Always(), Span.EVERY, Places.own(), operator);
  }

  /// The same for some prompts only.
  public Rule when(Gate other) {
    return new Rule(other, span, places, operator);
  }

  /// The same for some tokens only.
  public Rule at(Span other) {
    return new Rule(gate, other, places, operator);
  }

  /// The same elsewhere.
  public Rule at(Places other) {
    return new Rule(gate, span, other, operator);
  }

  /// The names it uses.
  Stream<String> names() {
    return Stream.concat(Stream.of(operator.name()), gateName().stream());
  }

  /// The name its gate reads.
  Optional<String> gateName() {
    return name(gate);
  }

  private static Optional<String> name(Gate gate) {
    return switch (gate) {
      case Gate.Always() -> Optional.empty();
      case Gate.Above(String name, _) -> Optional.of(name);
      case Gate.Cosine(String name, _) -> Optional.of(name);
      case Gate.Not(Gate inner) -> name(inner);
    };
  }

  /// The places it names in a model, in the order of a pass; a gate may leave some of them out.
  ///
  /// @param ingredient what its operator's name stands for
  List<HookPoint> named(Ingredient ingredient, int layers) {
    return switch (bare()) {
      case Operator.Scale _ -> places.ofScaling(layers);
      case Operator.Add _,
          Operator.Affine _,
          Operator.Clamp _,
          Operator.Map _,
          Operator.KeepNorm _ ->
          places.around(ingredient.source());
    };
  }

  /// Its operator, without what keeps a row's length.
  Operator bare() {
    return operator instanceof Operator.KeepNorm(Operator inner) ? inner : operator;
  }

  /// The rule as a line of the language.
  @Override
  public String toString() {
    return PolicyText.of(this);
  }
}
