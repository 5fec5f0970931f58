package dev.demur.serve.direct;

import dev.demur.lab.direction.Direction;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.registry.Known;
import dev.demur.serve.registry.Treatments;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// What policies can name.
///
/// @param model the model
/// @param treatments whose names
/// @param offers what else the server does
record Directions(ServedModel model, Treatments treatments, List<String> offers) {

  private static final int VERSION = 1;

  Directions {
    offers = List.copyOf(offers);
  }

  /// All names.
  ///
  /// @param version of this form
  /// @param model its name
  /// @param weightsSha256 of its weight files
  /// @param layers of the model
  /// @param dModel width of its stream
  /// @param directions what policies can name
  /// @param policies under which the model can be asked by name
  /// @param offers what else the server does: `studies`, and `prompts` where they need none given
  record Listing(
      int version,
      String model,
      String weightsSha256,
      int layers,
      int dModel,
      List<Item> directions,
      List<Named> policies,
      List<String> offers) {}

  /// Something a policy can name.
  ///
  /// @param name as policies have it
  /// @param kind `a direction`, `a probe`, …
  /// @param sha256 of its numbers
  /// @param hookPoint where it was read
  /// @param layer of that place
  /// @param position token it was read at, from the end of the prompt
  /// @param norm of the raw difference of means, stream units
  /// @param refusalTokens ids with which the model opens refusals, where its study says so
  /// @param doubt what speaks against using it on this model
  record Item(
      String name,
      String kind,
      String sha256,
      String hookPoint,
      int layer,
      OptionalInt position,
      OptionalDouble norm,
      List<Integer> refusalTokens,
      Optional<String> doubt) {}

  /// A policy under a name.
  ///
  /// @param model name to ask for
  /// @param policy the line
  record Named(String model, String policy) {}

  Listing list() {
    var shape = model.chat().config();
    return new Listing(
        VERSION,
        model.name(),
        model.weightsSha256(),
        shape.nLayers(),
        shape.dModel(),
        treatments.registry().all().stream().map(Directions::item).toList(),
        treatments.modelNames().stream()
            .map(name -> new Named(name, treatments.policyOf(name).toString()))
            .toList(),
        offers);
  }

  private static Item item(Known known) {
    var source = known.ingredient().source();
    Optional<Direction> direction = known.direction();
    return new Item(
        known.name(),
        known.ingredient().kind(),
        known.sha256(),
        source.toString(),
        source.layer(),
        direction.map(d -> OptionalInt.of(d.position())).orElseGet(OptionalInt::empty),
        direction.map(d -> OptionalDouble.of(d.norm())).orElseGet(OptionalDouble::empty),
        known.refusalTokens().map(all -> all.ids().stream().sorted().toList()).orElse(List.of()),
        known.doubt());
  }
}
