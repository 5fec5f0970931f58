package dev.demur.lab.report.map;

import dev.demur.lab.map.MapResult;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Chart;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Option;
import java.util.List;

/// The directions of a map as points of a plane.
final class MapPlane {

  /// Width and height of the plane.
  private static final int SIDE = 380;

  private MapPlane() {}

  static Chart of(MapResult result) {
    double stress = result.layout().stress();
    var points =
        result.layout().points().stream()
            .map(point -> Option.point(point.direction(), point.x(), point.y()))
            .toList();
    var square = // a distance has the same length across and up
        Option.of("left", 56).with("top", 20).with("width", SIDE).with("height", SIDE);
    double reach =
        1.1
            * result.layout().points().stream()
                .mapToDouble(point -> Math.max(Math.abs(point.x()), Math.abs(point.y())))
                .max()
                .orElse(1);
    var axis = Option.of("type", "value").with("min", -reach).with("max", reach);
    var plain = axis.with("axisLabel", Option.of("show", false)).bare();
    var option =
        Option.chart()
            .with("grid", square)
            .with("xAxis", plain)
            .with("yAxis", plain)
            .with(
                "series",
                List.of(
                    Option.series("scatter", "directions")
                        .with("symbolSize", 11)
                        .with("color", MapCharts.colour(0))
                        .with(
                            "label",
                            Option.of("show", true)
                                .with("formatter", "{b}")
                                .with("position", "right")
                                .with("color", "var(--ink)"))
                        .with("labelLayout", Option.of("hideOverlap", true))
                        .with("data", points)));
    return new Chart(
        "map-plane",
        "The directions on a plane",
        "Distances are chords between unit directions, √(2 − 2 cos), as well as two dimensions can"
            + " show them. Stress "
            + Numbers.amount(stress, Unit.RATIO)
            + (stress > 0.2 ? ": the plane misleads; read the cosines." : "; 0 is exact."),
        SIDE + 40,
        SIDE + 160,
        option);
  }
}
