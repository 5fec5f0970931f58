package dev.demur.lab.report.paper;

import static dev.demur.lab.report.Columns.cell;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.coherence.Coherence;
import dev.demur.lab.paper.Published;
import dev.demur.lab.paper.Published.Model;
import dev.demur.lab.paper.Published.Value;
import dev.demur.lab.paper.Quantity;
import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Points;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell;
import dev.demur.lab.report.Cell.Amount;
import dev.demur.lab.report.Cell.Missing;
import dev.demur.lab.report.Cell.Ordinal;
import dev.demur.lab.report.Cell.Range;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Column;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import dev.demur.lab.report.measure.BenchmarkReport;
import dev.demur.lab.stats.Summary;
import dev.demur.lab.study.StudyResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A run beside the published values of a work: of the same model where the work measured it, else
/// beside the smallest, the middle and the largest of its models.
///
/// @param published the work
/// @param model whose values; empty to go by the run's model
public record AgainstReport(Published published, Optional<String> model) {

  private static final String ID = "against";
  private static final String NOT_MEASURED = "not measured here";

  /// One published number and the run's.
  private record Line(
      Quantity quantity, Optional<Double> here, Optional<Range> interval, Value value) {

    Unit unit() {
      return AgainstReport.unit(quantity);
    }

    Optional<Double> deviation() {
      return here.map(number -> number - value.value());
    }
  }

  /// The published numbers of one quantity and the run's.
  private record Spread(Quantity quantity, Measured.Measurement here, Summary values) {}

  /// The section.
  ///
  /// @param coherence cross-entropies measured apart from the study
  /// @param benchmarks what was scored apart from the study
  /// @throws IllegalArgumentException if the work has no model called so
  public Section of(
      StudyResult study, List<Coherence> coherence, List<BenchmarkReport.Document> benchmarks) {
    var measured = Measured.of(study).addCoherence(coherence);
    benchmarks.forEach(measured::addBenchmark);
    var found =
        model.isPresent()
            ? Optional.of(named(model.get()))
            : published.modelOf(study.model().name());
    var blocks = new ArrayList<Block>();
    if (found.isPresent()) {
      blocks.addAll(beside(found.get(), measured, study));
    } else {
      blocks.add(
          new Prose(
              "%s measured %s, and %s is not among them. Its numbers stand beside the smallest, the middle and the largest of theirs; name one of them to compare with it alone. Prompts may be others: compare the sets."
                  .formatted(
                      published.title(),
                      Numbers.counted(published.models().size(), "model"),
                      study.model().name())));
      blocks.add(new Data(spreads(measured), Fold.OPEN));
    }
    blocks.add(new Points("What was published without a number", published.missing()));
    if (!published.checked().isEmpty()) {
      blocks.add(new Points("How the published numbers were checked", published.checked()));
    }
    return new Section(ID, "Against published values", blocks);
  }

  private Model named(String name) {
    return published.models().stream()
        .filter(one -> one.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s measured no model called \"%s\"; it measured %s"
                        .formatted(
                            published.name(),
                            name,
                            String.join(
                                ", ", published.models().stream().map(Model::name).toList()))));
  }

  private List<Block> beside(Model found, Measured measured, StudyResult study) {
    var lines = new ArrayList<Line>();
    for (var value : published.of(found)) {
      var number = measured.number(value.quantity());
      lines.add(
          new Line(
              value.quantity(),
              number.map(Measured.Measurement::value),
              number
                  .flatMap(Measured.Measurement::interval)
                  .map(interval -> new Range(interval, unit(value.quantity()))),
              value));
    }
    long both = lines.stream().filter(line -> line.here().isPresent()).count();
    return List.of(
        new Prose(
            String.format(
                Locale.ROOT,
                "%s beside %s of %s. %d of %d published numbers have one of this run beside them. A"
                    + " covered number lies in this run's 95 %% interval; the published one has an"
                    + " error of its own. Prompts may be others: compare the sets.",
                study.model().name(),
                found.name(),
                published.title(),
                both,
                lines.size())),
        new Data(lines(lines), Fold.OPEN));
  }

  private static Table lines(List<Line> lines) {
    return Table.of(
        ID,
        "Published numbers and this run's, their difference, and whether this run's 95 % interval"
            + " covers the published one.",
        lines,
        text("quantity", "What", line -> line.quantity().text()),
        cell(Column.number("published", "Published"), l -> amount(l.value().value(), l.unit())),
        cell(Column.number("run", "This run"), l -> orMissing(l.here(), l.unit())),
        cell(
            Column.range("interval", "95 % interval"),
            l -> l.interval().<Cell>map(range -> range).orElse(new Missing("none"))),
        cell(Column.number("deviation", "Deviation"), l -> orMissing(l.deviation(), difference(l))),
        text("covered", "Covered", AgainstReport::covered),
        text("source", "Source", line -> line.value().source()));
  }

  private static String covered(Line line) {
    if (line.here().isEmpty()) {
      return NOT_MEASURED;
    }
    return line.interval()
        .map(range -> range.interval().contains(line.value().value()) ? "yes" : "no")
        .orElse("no interval");
  }

  private Table spreads(Measured measured) {
    var values = new LinkedHashMap<Quantity, List<Double>>();
    published
        .values()
        .forEach(
            value ->
                values
                    .computeIfAbsent(value.quantity(), _ -> new ArrayList<>())
                    .add(value.value()));
    var rows = new ArrayList<Spread>();
    values.forEach(
        (quantity, numbers) ->
            measured
                .number(quantity)
                .ifPresent(here -> rows.add(new Spread(quantity, here, Summary.of(numbers)))));
    return Table.of(
        ID,
        "This run's numbers with their 95 % intervals beside those of the published models.",
        rows,
        text("quantity", "What", row -> row.quantity().text()),
        cell(Column.number("run", "This run"), s -> amount(s.here().value(), unit(s.quantity()))),
        cell(
            Column.range("interval", "95 % interval"),
            s ->
                s.here()
                    .interval()
                    .<Cell>map(interval -> new Range(interval, unit(s.quantity())))
                    .orElse(new Missing("none"))),
        cell(
            Column.number("smallest", "Smallest"),
            s -> amount(s.values().min(), unit(s.quantity()))),
        cell(
            Column.number("middle", "Middle"),
            s -> amount(s.values().median(), unit(s.quantity()))),
        cell(
            Column.number("largest", "Largest"), s -> amount(s.values().max(), unit(s.quantity()))),
        cell(Column.number("models", "Models"), s -> new Cell.Count(s.values().n())));
  }

  private static Cell orMissing(Optional<Double> value, Unit unit) {
    return value.map(number -> amount(number, unit)).orElse(new Missing(NOT_MEASURED));
  }

  private static Cell amount(double value, Unit unit) {
    return unit == Unit.DIMENSIONS ? new Ordinal(Math.round(value)) : new Amount(value, unit);
  }

  private static Unit difference(Line line) {
    return line.unit() == Unit.SHARE ? Unit.POINTS : line.unit();
  }

  private static Unit unit(Quantity quantity) {
    return switch (quantity.measure()) {
      case "position", "layer", "layers" -> Unit.DIMENSIONS;
      case "bypass", "induce" -> Unit.NATS;
      case "kl" -> Unit.KL;
      case "cross_entropy", "cross_entropy_change" -> Unit.LOSS;
      case "accuracy_change" -> Unit.POINTS;
      default -> Unit.SHARE;
    };
  }
}
