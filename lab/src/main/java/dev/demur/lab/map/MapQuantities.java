package dev.demur.lab.map;

import dev.demur.lab.map.effect.ControlledRow;
import dev.demur.lab.map.effect.Effect;
import dev.demur.lab.map.effect.Tried;
import dev.demur.lab.map.effect.Tried.Purpose;
import dev.demur.lab.map.effect.Tried.Way;
import dev.demur.lab.map.geometry.Angle;
import dev.demur.lab.map.geometry.PairGeometry;
import dev.demur.lab.map.pairs.AskedSet.Role;
import dev.demur.lab.paper.Quantity;
import dev.demur.lab.stats.Rate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/// A map's number of the kind a published one is of.
///
/// @param result the map
public record MapQuantities(MapResult result) {

  /// The number; empty where the map has none of the kind.
  public Optional<Double> of(Quantity quantity) {
    return switch (quantity.measure()) {
      case "lowest" -> numbers(quantity).min().stream().boxed().findFirst();
      case "highest" -> numbers(quantity).max().stream().boxed().findFirst();
      case "complied" -> complied(quantity.subject(), quantity.variant());
      default -> Optional.empty();
    };
  }

  private DoubleStream numbers(Quantity quantity) {
    return switch (quantity.subject()) {
      case "cosine" ->
          result.angles().stream().filter(a -> !a.isDiagonal()).mapToDouble(Angle::cosine);
      case "redrawn-cosine" ->
          result.pairs().stream().mapToDouble(pair -> pair.stability().cosine().mean());
      case "accuracy" -> shares(quantity.variant(), ControlledRow::right);
      case "refused-harmful" -> shares(quantity.variant(), ControlledRow::harmful);
      case "refused-benign" -> shares(quantity.variant(), ControlledRow::benign);
      case "complied" ->
          tried(quantity.variant())
              .filter(e -> e.role() == Role.TARGET || e.role() == Role.GIVEN)
              .flatMap(e -> e.edited().stream())
              .mapToDouble(rate -> 1 - rate.share());
      default -> DoubleStream.empty();
    };
  }

  /// Shares of the controlled set; of additions, those of the largest dose.
  private DoubleStream shares(String variant, Function<ControlledRow, Rate> share) {
    double largest =
        result.controlled().stream()
            .flatMap(row -> row.tried().stream())
            .filter(tried -> tried.way() == Way.ADDITION)
            .mapToDouble(Tried::amount)
            .max()
            .orElse(0);
    return result.controlled().stream()
        .filter(
            row ->
                row.tried()
                    .filter(tried -> isOf(tried, variant))
                    .filter(t -> t.way() != Way.ADDITION || t.amount() == largest)
                    .isPresent())
        .mapToDouble(row -> share.apply(row).share());
  }

  private Stream<Effect> tried(String variant) {
    return result.effects().stream().filter(e -> isOf(e.tried(), variant));
  }

  private static boolean isOf(Tried tried, String variant) {
    return tried.purpose() == Purpose.TRIED
        && switch (tried.way()) {
          case ABLATION -> variant.equals("ablation");
          case ADDITION -> variant.equals("addition");
          case SCALING -> variant.equals("scaling");
        };
  }

  /// The share of a language's target prompts complied with, by the first pair's direction where
  /// one is ablated.
  private Optional<Double> complied(String language, String variant) {
    var own =
        result.pairs().stream()
            .filter(pair -> pair.language().equals(language))
            .map(PairGeometry::name)
            .findFirst();
    if (own.isEmpty()) {
      return Optional.empty();
    }
    List<Effect> effects =
        result.effects().stream()
            .filter(e -> e.role() == Role.TARGET && e.set().equals(own.get()))
            .filter(e -> isOf(e.tried(), "ablation"))
            .filter(e -> e.tried().direction().equals(result.pairs().getFirst().name()))
            .toList();
    return effects.stream()
        .findFirst()
        .flatMap(e -> variant.equals("unedited") ? e.unedited() : e.edited())
        .map(rate -> 1 - rate.share());
  }
}
