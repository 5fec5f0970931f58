package dev.demur.serve.registry;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.policy.Ingredient;
import dev.demur.lab.policy.Numbers;
import dev.demur.lab.score.RefusalTokens;
import java.util.Optional;

/// Something a policy can name.
///
/// @param name as policies have it
/// @param ingredient what it is
/// @param sha256 of its numbers
/// @param doubt what speaks against using it on this model
/// @param refusalTokens with which the model opens refusals, where the study that found it says so
public record Known(
    String name,
    Ingredient ingredient,
    String sha256,
    Optional<String> doubt,
    Optional<RefusalTokens> refusalTokens) {

  /// A direction under a name.
  static Known direction(String name, Direction direction, Optional<String> doubt) {
    return new Known(
        name,
        new Ingredient.Line(direction),
        new Numbers(direction.unit()).hash(),
        doubt,
        Optional.empty());
  }

  /// The same with the tokens that open refusals.
  Known opening(Optional<RefusalTokens> tokens) {
    return new Known(name, ingredient, sha256, doubt, tokens);
  }

  /// The direction it is, if it is one.
  public Optional<Direction> direction() {
    return direction(ingredient);
  }

  /// The direction an ingredient is, if it is one.
  static Optional<Direction> direction(Ingredient ingredient) {
    return switch (ingredient) {
      case Ingredient.Line(var direction) -> Optional.of(direction);
      case Ingredient.Centred(var direction, _) -> Optional.of(direction);
      case Ingredient.Subspace _, Ingredient.LinearMap _, Ingredient.Detector _ -> Optional.empty();
    };
  }
}
