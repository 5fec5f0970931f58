package dev.demur.lab.report;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// An ECharts option object as a value.
///
/// @param entries names and values in the order they were given: strings, numbers, booleans, lists
///   and further options
/// @see <a href="https://echarts.apache.org/en/option.html">ECharts options</a>
public record Option(@JsonValue SequencedMap<String, Object> entries) {

  /// Pixels below which legends take more than one line.
  private static final int NARROW = 560;

  public Option {
    entries = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
  }

  /// An option without entries.
  public static Option empty() {
    return new Option(new LinkedHashMap<>());
  }

  /// An option with one entry.
  public static Option of(String name, Object value) {
    return empty().with(name, value);
  }

  /// The same option with one entry more, or another value for it.
  public Option with(String name, Object value) {
    var more = new LinkedHashMap<>(entries);
    more.put(name, value);
    return new Option(more);
  }

  /// What all charts have in common.
  public static Option chart() {
    return of("animation", false)
        .with(
            "tooltip",
            of("trigger", "item")
                // The name of a point is its whole tooltip; ECharts escapes it.
                .with("formatter", "{b}")
                .with("confine", true)
                .with("extraCssText", "white-space:pre-line;max-width:24rem"));
  }

  /// The same chart with entries of `narrow` where it is no wider than a phone held upright.
  public Option responsive(Option narrow) {
    var query = of("query", of("maxWidth", NARROW)).with("option", narrow);
    return of("baseOption", this).with("media", List.of(query));
  }

  /// The names of an axis that counts: 0, 1, ….
  public static List<String> numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  /// A series.
  public static Option series(String type, String name) {
    return of("type", type).with("name", name);
  }

  /// A point that says `name` when pointed at.
  public static Option point(String name, Object... value) {
    return of("name", name).with("value", List.of(value));
  }

  /// Where the drawing stands in its box, in pixels from the edges; labels come inside.
  public static Option grid(int left, int right, int top, int bottom) {
    return of("left", left)
        .with("right", right)
        .with("top", top)
        .with("bottom", bottom)
        .with("containLabel", true);
  }

  /// A legend in the upper left corner.
  public static Option legend(List<String> names) {
    return of("top", 0).with("left", 0).with("data", names);
  }

  /// The same for symbols that must not be stretched.
  public static Option symbols(List<String> names) {
    return legend(names).with("itemWidth", 11).with("itemHeight", 11);
  }

  /// An axis with its title in the middle.
  ///
  /// @param gap pixels between axis and title
  public static Option axis(String type, String title, int gap) {
    return of("type", type)
        .with("name", title)
        .with("nameLocation", "middle")
        .with("nameGap", gap)
        .with("axisLabel", of("hideOverlap", true));
  }

  /// A vertical axis with its title above, where no edge cuts it.
  public static Option upright(String type, String title) {
    return of("type", type)
        .with("name", title)
        .with("nameGap", 12)
        .with("nameTextStyle", of("align", "left"));
  }

  /// The same axis without its line and ticks.
  public Option bare() {
    return with("axisTick", of("show", false)).with("axisLine", of("show", false));
  }

  /// A dashed line across the drawing.
  ///
  /// @param axis `xAxis` or `yAxis`
  /// @param label beside its end; may be empty
  public static Option limit(String axis, double at, String label) {
    return of("silent", true)
        .with("symbol", "none")
        .with("lineStyle", line("var(--rule-strong)", 1).with("type", "dashed"))
        .with(
            "label",
            of("show", true)
                .with("formatter", label)
                .with("position", "insideEndTop")
                .with("color", "var(--quiet)")
                .with("fontSize", 11))
        .with("data", List.of(of(axis, at)));
  }

  /// The style of a line.
  public static Option line(String colour, double width) {
    return of("color", colour).with("width", width);
  }
}
