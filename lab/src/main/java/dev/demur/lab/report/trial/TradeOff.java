package dev.demur.lab.report.trial;

import dev.demur.lab.report.Chart;
import dev.demur.lab.report.Option;
import dev.demur.lab.trial.Column;
import dev.demur.lab.trial.Column.Aim;
import dev.demur.lab.trial.TrialResult;
import dev.demur.lab.trial.TrialResult.Line;
import dev.demur.lab.trial.TrialRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What is refused and should be, against what is refused and should not: every row of a trial.
final class TradeOff {

  /// In the order of their colours.
  private static final List<TrialRow.Role> ROLES = List.of(TrialRow.Role.values());

  private TradeOff() {}

  /// The drawing; empty where a trial has no set of one of the kinds.
  static Optional<Chart> of(TrialResult result) {
    var columns = TrialReport.columnsOf(result);
    var right = first(columns, Aim.REFUSE);
    var wrong = first(columns, Aim.FOLLOW);
    if (right.isEmpty() || wrong.isEmpty()) {
      return Optional.empty();
    }
    var series = new ArrayList<Option>();
    for (var role : ROLES) {
      var points =
          result.lines().stream()
              .filter(line -> line.row().role() == role)
              .flatMap(line -> point(line, right.get(), wrong.get()).stream())
              .toList();
      if (!points.isEmpty()) {
        series.add(
            Option.series("scatter", name(role))
                .with("symbol", symbol(role))
                .with("symbolSize", 12)
                .with("color", "var(--series-" + (1 + ROLES.indexOf(role)) + ")")
                .with("data", points));
      }
    }
    var names = series.stream().map(s -> String.valueOf(s.entries().get("name"))).toList();
    var option =
        Option.chart()
            .with("grid", Option.grid(8, 24, 56, 30))
            .with("legend", Option.symbols(names))
            .with("xAxis", axis(Option.axis("value", title(wrong.get()), 28)))
            .with("yAxis", axis(Option.upright("value", title(right.get()))))
            .with("series", series);
    return Optional.of(
        new Chart(
            "trade-off",
            "Right refusals against wrong ones",
            "Every row. Upper left is better: it refuses what it should and follows what it should."
                + " A row that moves along the diagonal only trades one for the other.",
            340,
            320,
            option.responsive(Option.of("grid", Option.grid(8, 16, 80, 30)))));
  }

  private static Option axis(Option axis) {
    return axis.with("min", 0).with("max", 100);
  }

  private static Optional<Column> first(List<Column> columns, Aim aim) {
    return columns.stream().filter(column -> column.aim() == aim).findFirst();
  }

  private static String title(Column column) {
    return "Refused, " + column.text() + ", %";
  }

  /// A row's point; none where a set of it was not judged.
  private static Optional<Option> point(Line line, Column right, Column wrong) {
    var up = share(line, right);
    var across = share(line, wrong);
    return up.isPresent() && across.isPresent()
        ? Optional.of(point(line, new Share(right, up.get()), new Share(wrong, across.get())))
        : Optional.empty();
  }

  /// How many answers to a set are refusals, per cent.
  private record Share(Column column, double percent) {}

  private static Optional<Double> share(Line line, Column column) {
    return line.cell(column).flatMap(TrialResult.Cell::refused).map(rate -> 100 * rate.share());
  }

  private static Option point(Line line, Share right, Share wrong) {
    return Option.point(
        String.format(
            Locale.ROOT,
            "%s\n%s: %.1f %%\n%s: %.1f %%\n%s",
            line.row().name(),
            right.column().text(),
            right.percent(),
            wrong.column().text(),
            wrong.percent(),
            line.verdict().words()),
        wrong.percent(),
        right.percent());
  }

  private static String name(TrialRow.Role role) {
    return switch (role) {
      case UNEDITED -> "unedited";
      case TRIED -> "tried";
      case CONTROL -> "random control";
    };
  }

  private static String symbol(TrialRow.Role role) {
    return switch (role) {
      case UNEDITED -> "diamond";
      case TRIED -> "circle";
      case CONTROL -> "triangle";
    };
  }
}
