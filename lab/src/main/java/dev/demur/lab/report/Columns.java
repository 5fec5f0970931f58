package dev.demur.lab.report;

import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Code;
import dev.demur.lab.report.Cell.Count;
import dev.demur.lab.report.Cell.Missing;
import dev.demur.lab.report.Cell.Ordinal;
import dev.demur.lab.report.Cell.Range;
import dev.demur.lab.report.Cell.Text;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/// One column of a table, or several that belong together, each with its heading and with where a
/// row's cell comes from; so heading and cell cannot part.
///
/// ```java
/// Table.of("heads", "The heads that write most.", heads,
///     text("head", "Head", Head::name),
///     number("written", "Written", Unit.STREAM, Head::written));
/// ```
///
/// @param <R> what a row is made from
/// @param parts one for each column
public record Columns<R>(List<Part<R>> parts) {

  public Columns {
    parts = List.copyOf(parts);
  }

  /// One column.
  ///
  /// @param cell the row's entry
  public record Part<R>(Column column, Function<R, ? extends Cell> cell) {}

  /// Words.
  public static <R> Columns<R> text(String key, String heading, Function<R, String> value) {
    return cell(Column.text(key, heading), row -> new Text(value.apply(row)));
  }

  /// Something to be read letter by letter.
  public static <R> Columns<R> code(String key, String heading, Function<R, String> value) {
    return cell(Column.text(key, heading), row -> new Code(value.apply(row)));
  }

  /// How many.
  public static <R> Columns<R> count(String key, String heading, ToLongFunction<R> value) {
    return cell(Column.number(key, heading), row -> new Count(value.applyAsLong(row)));
  }

  /// A number that names something.
  public static <R> Columns<R> ordinal(String key, String heading, ToLongFunction<R> value) {
    return cell(Column.number(key, heading), row -> new Ordinal(value.applyAsLong(row)));
  }

  /// A measured number.
  public static <R> Columns<R> number(
      String key, String heading, Unit unit, ToDoubleFunction<R> value) {
    return cell(Column.number(key, heading), row -> new Amount(value.applyAsDouble(row), unit));
  }

  /// A measured number that some rows lack.
  ///
  /// @param why such rows have none, in a few words
  public static <R> Columns<R> numberOr(
      String key, String heading, Unit unit, Function<R, Optional<Double>> value, String why) {
    return cell(
        Column.number(key, heading),
        row -> orMissing(value.apply(row).map(number -> new Amount(number, unit)), why));
  }

  /// An interval.
  public static <R> Columns<R> range(
      String key, String heading, Unit unit, Function<R, Interval> value) {
    return cell(Column.range(key, heading), row -> new Range(value.apply(row), unit));
  }

  /// An interval that some rows lack.
  ///
  /// @param why such rows have none, in a few words
  public static <R> Columns<R> rangeOr(
      String key, String heading, Unit unit, Function<R, Optional<Interval>> value, String why) {
    return cell(
        Column.range(key, heading),
        row -> orMissing(value.apply(row).map(interval -> new Range(interval, unit)), why));
  }

  /// How many of how many, with the share and its 95 % Wilson interval: the columns `key`, `n`,
  /// `share` and `wilson`.
  public static <R> Columns<R> rate(String key, String heading, Function<R, Rate> value) {
    return together(
        List.of(
            count(key, heading, row -> value.apply(row).successes()),
            count("n", "of", row -> value.apply(row).n()),
            share("share", "Share", value),
            wilson("wilson", value)));
  }

  /// A share.
  public static <R> Columns<R> share(String key, String heading, Function<R, Rate> value) {
    return number(key, heading, Unit.SHARE, row -> value.apply(row).share());
  }

  /// The 95 % Wilson interval of a share.
  public static <R> Columns<R> wilson(String key, Function<R, Rate> value) {
    return range(key, "Wilson", Unit.SHARE, row -> value.apply(row).wilson(Interval.USUAL_LEVEL));
  }

  /// Any cell.
  public static <R> Columns<R> cell(Column column, Function<R, ? extends Cell> cell) {
    return new Columns<>(List.of(new Part<>(column, cell)));
  }

  /// All columns of these, in order.
  public static <R> Columns<R> together(List<Columns<R>> columns) {
    var parts = new ArrayList<Part<R>>();
    columns.forEach(one -> parts.addAll(one.parts()));
    return new Columns<>(parts);
  }

  /// The cell, or that there is none.
  public static Cell orMissing(Optional<? extends Cell> cell, String why) {
    return cell.isPresent() ? cell.get() : new Missing(why);
  }
}
