package dev.demur.lab.report.study;

import static dev.demur.lab.report.Columns.code;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.range;
import static dev.demur.lab.report.Columns.rate;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.report.Bands;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Drawing;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Chart;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Option;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import dev.demur.lab.report.Wording;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.study.DosePoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The section of a report that shows how refusal answers to parts of an intervention.
final class DoseReport {

  private DoseReport() {}

  static Section of(List<DosePoint> points) {
    return new Section(
        "dose",
        "Dose and response",
        List.of(
            new Prose(
                "How strong must an intervention be? Ablation at λ takes that share of the"
                    + " component from all that is written to the stream, as an edit of the weights"
                    + " at this strength does; addition and subtraction take the coefficient. 0 is"
                    + " the unedited model."),
            new Drawing(chart(points)),
            new Data(table(points), Fold.FOLDED)));
  }

  private static Chart chart(List<DosePoint> points) {
    var series = new ArrayList<Option>();
    var names = new ArrayList<String>();
    for (var variant : points.stream().map(DosePoint::variant).distinct().toList()) {
      String name = name(variant);
      String colour = String.format(Locale.ROOT, "var(--series-%d)", names.size() + 1);
      var own = points.stream().filter(p -> p.variant().equals(variant)).toList();
      names.add(name);
      series.add(
          Option.series("line", name)
              .with("symbol", CandidateLines.SYMBOLS.get(names.size() - 1))
              .with("symbolSize", 7)
              .with("color", colour)
              .with("lineStyle", Option.line(colour, 2))
              .with("data", own.stream().map(DoseReport::point).toList()));
      series.addAll(
          Bands.of(
              name,
              colour,
              own.stream()
                  .map(p -> new Bands.End(p.dose(), p.score().low(), p.score().high()))
                  .toList()));
    }
    series.set(0, series.getFirst().with("markLine", Option.limit("yAxis", 0, "refuses above")));
    var option =
        Option.chart()
            .with("grid", Option.grid(8, 16, 56, 30))
            .with("legend", Option.legend(names))
            .with("xAxis", Option.axis("value", "λ, or coefficient", 28))
            .with("yAxis", Option.upright("value", "Refusal score, nats"))
            .with("series", series);
    return new Chart(
        "dose-response",
        "Refusal score by dose",
        "Mean refusal score of the validation prompts, with 95 % intervals as bands. The study's"
            + " own strength is 1.",
        340,
        320,
        option.responsive(Option.of("grid", Option.grid(8, 16, 56 + 22 * names.size(), 30))));
  }

  private static String name(Variant variant) {
    return (variant.equals(Variant.ADDITION) ? "harmless" : "harmful")
        + ", "
        + Wording.variant(variant);
  }

  private static Option point(DosePoint point) {
    return Option.point(
        String.format(
            Locale.ROOT,
            "%s at %s\n%s nats (95 %% interval %s)\n%d of %d above 0",
            name(point.variant()),
            Numbers.plain(point.dose()),
            Numbers.nats(point.score().mean()),
            Numbers.range(point.score().interval(), Unit.NATS),
            point.refusing().successes(),
            point.refusing().n()),
        point.dose(),
        point.score().mean());
  }

  private static Table table(List<DosePoint> points) {
    return Table.of(
        "doses",
        "Refusal scores of the validation prompts by dose, and how many are above 0.",
        points,
        code("variant", "Variant", p -> p.variant().text()),
        text("kind", "Prompts", p -> p.variant().equals(Variant.ADDITION) ? "harmless" : "harmful"),
        number("dose", "Dose", Unit.COEFFICIENT, DosePoint::dose),
        number("score", "Score, nats", Unit.NATS, p -> p.score().mean()),
        range("score_interval", "95 % interval", Unit.NATS, p -> p.score().interval()),
        rate("refusing", "Above 0", DosePoint::refusing));
  }
}
