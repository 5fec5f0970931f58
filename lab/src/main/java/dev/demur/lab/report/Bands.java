package dev.demur.lab.report;

import java.util.List;

/// Intervals of a curve as a pale band behind it.
///
/// ECharts fills the space between two lines when one is stacked on the other: the lower end is an
/// unseen line, and the width of the interval stands on it. It stacks the first dimension of the
/// data, so here y comes before x.
public final class Bands {

  private Bands() {}

  /// The ends of an interval at one place of the curve.
  public record End(double x, double low, double high) {}

  /// @param name of the curve, so that the legend switches both
  /// @param colour of the curve
  public static List<Option> of(String name, String colour, List<End> ends) {
    var low = ends.stream().map(e -> List.of(e.low(), e.x())).toList();
    var width = ends.stream().map(e -> List.of(e.high() - e.low(), e.x())).toList();
    return List.of(
        line(name, colour).with("data", low),
        line(name, colour)
            .with("areaStyle", Option.of("color", colour).with("opacity", 0.14))
            .with("data", width));
  }

  private static Option line(String name, String colour) {
    return Option.series("line", name)
        .with("stack", "band " + name)
        .with("encode", Option.of("x", 1).with("y", 0))
        .with("stackStrategy", "all") // the lower end may be below 0
        .with("symbol", "none")
        .with("silent", true)
        .with("color", colour)
        .with("lineStyle", Option.of("opacity", 0));
  }
}
