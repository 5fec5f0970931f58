package dev.demur.lab.report.study;

import dev.demur.lab.report.Chart;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Option;
import dev.demur.lab.report.Wording;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.Rate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Rates as dots with whiskers: one band for each row, one dot for each series.
///
/// @param bands labels of the rows, top to bottom
/// @param series what is drawn in them
record IntervalChart(List<String> bands, List<Series> series) {

  private static final int DOT_HEIGHT = 22;

  /// Where dots are many they stand closer.
  private static final int CLOSE_HEIGHT = 13;

  private static final int MANY = 3;

  /// A longer name in the legend would not fit on a phone.
  private static final int LONGEST_NAME = 40;

  /// Entries of the legend that fit into a line of a page.
  private static final int LEGEND_COLUMNS = 3;

  /// Space between bands, as a share of a band.
  private static final double MARGIN = 0.16;

  IntervalChart {
    bands = List.copyOf(bands);
    series = List.copyOf(series);
  }

  /// Rates of one kind.
  ///
  /// @param colour a colour of the style sheet
  /// @param symbol an ECharts symbol, so that colour is not all that tells series apart
  /// @param rates by band; a band may have none
  record Series(String name, String colour, String symbol, Map<String, Rate> rates) {
    Series {
      name = Wording.shortened(name, LONGEST_NAME);
      rates = new LinkedHashMap<>(rates);
    }
  }

  Chart toChart(String id, String title, String description) {
    var all = new ArrayList<Option>();
    for (int i = 0; i < series.size(); i++) {
      all.add(dots(i)); // first, so that the legend shows their symbols
      all.add(whiskers(i));
    }
    var names = series.stream().map(Series::name).toList();
    int legend = 18 + 22 * Math.ceilDiv(names.size(), LEGEND_COLUMNS);
    var option =
        Option.chart()
            .with("grid", Option.grid(8, 24, legend, 30))
            .with("legend", Option.symbols(names))
            .with(
                "xAxis",
                Option.axis("value", "Judged refusals, %", 28).with("min", 0).with("max", 100))
            .with("yAxis", List.of(labels(), places()))
            .with("series", all);
    var narrow =
        Option.of("grid", Option.grid(8, 24, 16 + 24 * series.size(), 30))
            .with(
                "yAxis",
                List.of(
                    Option.of("axisLabel", Option.of("width", 96).with("overflow", "break")),
                    Option.empty()));
    int most = bands.stream().mapToInt(this::dots).max().orElse(0);
    int dots = most * (most > MANY ? CLOSE_HEIGHT : DOT_HEIGHT);
    int height = 70 + legend + bands.size() * Math.max(30, dots);
    return new Chart(id, title, description, height, 320, option.responsive(narrow));
  }

  private int dots(String band) {
    return Math.toIntExact(series.stream().filter(s -> s.rates().containsKey(band)).count());
  }

  private Option labels() {
    return Option.of("type", "category")
        .with("data", bands)
        .with("inverse", true)
        .with("axisLabel", Option.of("width", 240).with("overflow", "break"))
        .with("axisTick", Option.of("show", false))
        .with("splitLine", Option.of("show", true));
  }

  /// Dots of one band stand one below the other, so they need places between categories.
  private Option places() {
    return Option.of("type", "value")
        .with("min", 0)
        .with("max", bands.size())
        .with("inverse", true)
        .with("show", false);
  }

  private Option whiskers(int index) {
    var own = series.get(index);
    var data = new ArrayList<Option>();
    for (var entry : own.rates().entrySet()) {
      var interval = entry.getValue().wilson(Interval.USUAL_LEVEL);
      double y = height(entry.getKey(), index);
      var ends = List.of(List.of(100 * interval.low(), y), List.of(100 * interval.high(), y));
      data.add(Option.of("name", tip(own, entry.getKey(), entry.getValue())).with("coords", ends));
    }
    return Option.series("lines", own.name())
        .with("coordinateSystem", "cartesian2d")
        .with("yAxisIndex", 1)
        .with("color", own.colour())
        .with("lineStyle", Option.line(own.colour(), 2.5).with("opacity", 0.55))
        .with("data", data);
  }

  private Option dots(int index) {
    var own = series.get(index);
    var data = new ArrayList<Option>();
    for (var entry : own.rates().entrySet()) {
      data.add(
          Option.point(
              tip(own, entry.getKey(), entry.getValue()),
              100 * entry.getValue().share(),
              height(entry.getKey(), index)));
    }
    return Option.series("scatter", own.name())
        .with("yAxisIndex", 1)
        .with("symbol", own.symbol())
        .with("symbolSize", 11)
        .with("color", own.colour())
        .with("z", 4)
        .with("data", data);
  }

  private double height(String band, int index) {
    var there = series.stream().filter(one -> one.rates().containsKey(band)).toList();
    double inside = (there.indexOf(series.get(index)) + 0.5) / there.size();
    return bands.indexOf(band) + MARGIN + (1 - 2 * MARGIN) * inside;
  }

  private static String tip(Series series, String band, Rate rate) {
    return String.format(
        Locale.ROOT,
        "%s — %s\n%s\n%d of %d",
        band,
        series.name(),
        Numbers.rate(rate),
        rate.successes(),
        rate.n());
  }
}
