package dev.demur.lab.report.map;

import dev.demur.lab.map.MapResult;
import dev.demur.lab.map.effect.Effect;
import dev.demur.lab.map.effect.Tried.Purpose;
import dev.demur.lab.map.effect.Tried.Way;
import dev.demur.lab.report.Bands;
import dev.demur.lab.report.Chart;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Option;
import dev.demur.lab.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// Curves of what counts by how much of a direction is added.
final class MapDoses {

  private static final String READ =
      "Share that counts when a direction is added, with 95 % intervals as bands. A dose is a share"
          + " of the stream's median length.";

  private MapDoses() {}

  /// One set, a line for each direction.
  static Chart onSet(MapResult result, String set) {
    return curves(
        "map-doses-" + (1 + sets(result).indexOf(set)),
        "By dose, on " + set,
        READ + " Dashed: a random direction.",
        added(result).stream().filter(e -> e.set().equals(set)).toList(),
        e -> e.tried().direction());
  }

  /// One direction, a line for each set; empty where it was not added.
  static Optional<Chart> ofDirection(MapResult result, String direction) {
    var own = added(result).stream().filter(e -> e.tried().direction().equals(direction)).toList();
    return own.isEmpty()
        ? Optional.empty()
        : Optional.of(
            curves(
                "map-doses-of-" + MapPairs.place(result, direction),
                "By dose of " + direction,
                READ,
                own,
                Effect::set));
  }

  /// The sets that directions were added on.
  static List<String> sets(MapResult result) {
    return result.effects().stream()
        .filter(e -> e.tried().way() == Way.ADDITION)
        .map(Effect::set)
        .distinct()
        .toList();
  }

  private static List<Effect> added(MapResult result) {
    return result.effects().stream()
        .filter(e -> e.tried().way() == Way.ADDITION && e.edited().isPresent())
        .toList();
  }

  private static Chart curves(
      String id,
      String title,
      String description,
      List<Effect> added,
      Function<Effect, String> named) {
    var series = new ArrayList<Option>();
    var names = added.stream().map(named).distinct().toList();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      var own = added.stream().filter(e -> named.apply(e).equals(name)).toList();
      boolean control = own.getFirst().tried().purpose() == Purpose.CONTROL;
      var line = MapCharts.line(name, i).with("data", own.stream().map(MapDoses::point).toList());
      var dashed = Option.line(MapCharts.colour(i), 1.5).with("type", "dashed");
      series.add(control ? line.with("lineStyle", dashed) : line);
      series.addAll(Bands.of(name, MapCharts.colour(i), own.stream().map(MapDoses::end).toList()));
    }
    return MapCharts.curves(
        id,
        title,
        description,
        names,
        Option.axis("value", "Dose", 28),
        Option.upright("value", "Share").with("min", 0).with("max", 1),
        series);
  }

  private static Bands.End end(Effect effect) {
    var interval = effect.edited().orElseThrow().wilson(Interval.USUAL_LEVEL);
    return new Bands.End(effect.tried().amount(), interval.low(), interval.high());
  }

  private static Option point(Effect effect) {
    return Option.point(
        String.format(
            Locale.ROOT,
            "%s, on %s\n%s",
            effect.tried().text(),
            effect.set(),
            effect.edited().map(Numbers::rate).orElse("")),
        effect.tried().amount(),
        effect.edited().orElseThrow().share());
  }
}
