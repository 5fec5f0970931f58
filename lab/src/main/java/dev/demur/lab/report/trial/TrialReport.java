package dev.demur.lab.report.trial;

import static dev.demur.lab.report.Columns.cell;
import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.rangeOr;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Drawing;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Points;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Columns;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.SummaryJson;
import dev.demur.lab.report.Table;
import dev.demur.lab.stats.Estimate;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.stats.PairedTest;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.trial.Column;
import dev.demur.lab.trial.TrialResult;
import dev.demur.lab.trial.TrialResult.Asked;
import dev.demur.lab.trial.TrialResult.Attacked;
import dev.demur.lab.trial.TrialResult.Line;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The page of a trial, for people and for programs.
public final class TrialReport {

  private static final String UNEDITED = "unedited";
  private static final String NOT_JUDGED = "no answer judged";

  private TrialReport() {}

  /// Tells what every row is.
  public static Report of(TrialResult result) {
    var sections = new ArrayList<Section>();
    sections.add(new Section("verdicts", "What each row is", verdicts(result)));
    sections.add(new Section("changes", "Refusals by set", changes(result)));
    attacks(result).ifPresent(sections::add);
    TrialAttention.of(result).ifPresent(sections::add);
    sections.add(
        new Section(
            "policies",
            "The rows",
            List.of(
                new Data(
                    Table.of(
                        "rows",
                        "",
                        result.lines(),
                        text("row", "Row", line -> line.row().name()),
                        Columns.code("policy", "Policy", line -> line.row().policy().toString()),
                        text("wrap", "Wrapper", line -> line.row().wrap().name())),
                    Fold.OPEN))));
    return new Report(
        "Demur trial",
        result.model(),
        "refusals judged by " + result.judge() + ", the same prompts in every row",
        sections);
  }

  private static List<Block> verdicts(TrialResult result) {
    var blocks = new ArrayList<Block>();
    blocks.add(new Data(table(result), Fold.OPEN));
    TradeOff.of(result).map(Drawing::new).ifPresent(blocks::add);
    blocks.add(
        new Points(
            "How to read it",
            List.of(
                "Verdicts rest on exact McNemar tests against the unedited model, corrected by Holm"
                    + " over all rows tried and sets, and on the margin: something is within it"
                    + " where the whole 95 % interval of its change is ("
                    + Numbers.chosenShare(result.margin()).replace('\u00a0', ' ')
                    + ").",
                "Own answers: what the unedited model's benign answers cost more, in nats a token.",
                "A row (random) is the same policy along random directions, each row"
                    + " of the stream moved as far.",
                "Broken answers are empty or loop; they are no refusals and no help.",
                "The judge is calibrated for its languages only (docs/judges.md)."
                    + " Compare a few answers by eye before you trust a verdict.")));
    return blocks;
  }

  private static Table table(TrialResult result) {
    var columns = new ArrayList<Columns<Line>>();
    columns.add(text("row", "Row", line -> line.row().name()));
    for (var column : columnsOf(result)) {
      String key = key(column);
      columns.add(
          numberOr(
              key,
              capital(column.text()),
              Unit.SHARE,
              line -> line.cell(column).flatMap(TrialResult.Cell::refused).map(Rate::share),
              NOT_JUDGED));
    }
    columns.add(number("broken", "Broken", Unit.SHARE, TrialReport::broken));
    columns.add(
        numberOr(
            "own_answers",
            "Own answers",
            Unit.LOSS,
            line -> line.loss().map(Estimate::mean),
            "unedited, not read at once, or longer than the model sees"));
    for (var task : tasksOf(result)) {
      columns.add(
          numberOr(
              task,
              task,
              Unit.SHARE,
              line -> Optional.ofNullable(line.asked().get(task)).map(Asked::mean),
              "not asked of this row"));
    }
    columns.add(number("tokens", "Tokens", Unit.DIMENSIONS, line -> line.cost().tokens()));
    columns.add(number("times", "Time ×", Unit.RATIO, line -> line.cost().times()));
    columns.add(text("verdict", "Verdict", line -> line.verdict().words()));
    return new Table(
        "trial",
        tasksOf(result).isEmpty()
            ? "Share of refused prompts by set."
            : "Share of refused prompts by set, and of right answers by benchmark.",
        Columns.together(columns).parts().stream().map(Columns.Part::column).toList(),
        result.lines().stream()
            .map(
                line ->
                    new Table.Row(
                        Columns.together(columns).parts().stream()
                            .<Cell>map(part -> part.cell().apply(line))
                            .toList(),
                        Table.Mark.NONE))
            .toList());
  }

  private static double broken(Line line) {
    var cells = line.cells().values();
    int all = cells.stream().mapToInt(cell -> cell.broken().n()).sum();
    return (double) cells.stream().mapToInt(cell -> cell.broken().successes()).sum() / all;
  }

  static List<Column> columnsOf(TrialResult result) {
    return List.copyOf(result.lines().getFirst().cells().keySet());
  }

  private static List<String> tasksOf(TrialResult result) {
    return List.copyOf(result.lines().getFirst().asked().keySet());
  }

  private static String key(Column column) {
    return column.text().replace('-', '_');
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  /// One set in one row.
  private record Change(Line line, Column column) {

    TrialResult.Cell cell() {
      return line.cell(column).orElseThrow();
    }

    Optional<PairedTest> test() {
      return cell().change();
    }
  }

  private static List<Block> changes(TrialResult result) {
    var all =
        result.lines().stream()
            .flatMap(line -> line.cells().keySet().stream().map(c -> new Change(line, c)))
            .toList();
    return List.of(
        new Data(
            Table.of(
                "changes",
                "Refusals, and their change from the unedited model on the same prompts.",
                all,
                text("row", "Row", c -> c.line().row().name()),
                text("set", "Set", c -> c.column().text()),
                count("n", "n", c -> c.cell().refused().map(Rate::n).orElse(0)),
                numberOr(
                    "refused",
                    "Refused",
                    Unit.SHARE,
                    c -> c.cell().refused().map(Rate::share),
                    NOT_JUDGED),
                rangeOr(
                    "wilson",
                    "Wilson",
                    Unit.SHARE,
                    c -> c.cell().refused().map(rate -> rate.wilson(Interval.USUAL_LEVEL)),
                    NOT_JUDGED),
                numberOr(
                    "change",
                    "Change",
                    Unit.POINTS,
                    c -> c.test().map(PairedTest::change),
                    UNEDITED),
                rangeOr(
                    "interval",
                    "Interval",
                    Unit.POINTS,
                    c -> c.test().map(PairedTest::interval),
                    UNEDITED),
                numberOr(
                    "p_holm",
                    "p (Holm)",
                    Unit.P_VALUE,
                    c -> c.test().map(PairedTest::adjusted),
                    UNEDITED),
                number("broken", "Broken", Unit.SHARE, c -> c.cell().broken().share())),
            Fold.FOLDED));
  }

  private static Optional<Section> attacks(TrialResult result) {
    var lines = result.lines().stream().filter(line -> line.attack().isPresent()).toList();
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    var table =
        Table.of(
            "attacks",
            "Defences attacked again: in the defended state, the difference of means that lowers"
                + " the refusal score most is ablated, then the next.",
            lines,
            text("row", "Row", line -> line.row().name()),
            text("steps", "Refused, by first token", line -> steps(attack(line).steps())),
            count("directions", "Directions", line -> attack(line).steps().size() - 1L),
            number("kl", "KL spent", Unit.KL, line -> attack(line).kl()),
            cell(
                dev.demur.lab.report.Column.text("cosines", "Cosines with the first"),
                line -> new Cell.Text(cosines(attack(line).cosines()))),
            text("words", "What it came to", line -> attack(line).words()));
    return Optional.of(
        new Section(
            "attacks",
            "Every defence attacked again",
            List.of(
                new Data(table, Fold.OPEN),
                new Prose(
                    "An attacker who can read and edit the defended model's stream. Shares are of"
                        + " harmful prompts that were not used to find the directions, by the first"
                        + " token of the answer. An attack that fails here may succeed"
                        + " otherwise."))));
  }

  private static Attacked attack(Line line) {
    return line.attack().orElseThrow();
  }

  private static String steps(List<Double> shares) {
    return shares.stream().map(Numbers::headline).collect(Collectors.joining(" → "));
  }

  private static String cosines(List<Double> cosines) {
    return cosines.isEmpty()
        ? "–"
        : cosines.stream()
            .map(cosine -> Numbers.amount(cosine, Unit.COSINE))
            .collect(Collectors.joining(", "));
  }

  /// The same for programs.
  public static String json(TrialResult result) {
    var all = new LinkedHashMap<String, Object>();
    all.put("model", result.model());
    all.put("judge", result.judge());
    all.put("margin", result.margin());
    all.put("rows", result.lines().stream().map(TrialReport::facts).toList());
    return SummaryJson.JSON.writeValueAsString(all) + "\n";
  }

  private static Map<String, Object> facts(Line line) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("row", line.row().name());
    facts.put("role", line.row().role());
    facts.put("policy", line.row().policy().toString());
    facts.put("wrap", line.row().wrap().name());
    var sets = new LinkedHashMap<String, Object>();
    line.cells().forEach((column, one) -> sets.put(key(column), one));
    facts.put("sets", sets);
    line.loss().ifPresent(loss -> facts.put("own_answers", loss));
    if (!line.looked().isEmpty()) {
      var looked = new LinkedHashMap<String, Object>();
      line.looked().forEach((column, one) -> looked.put(key(column), one));
      facts.put("alarming_words", looked);
    }
    if (!line.asked().isEmpty()) {
      facts.put("benchmarks", line.asked());
    }
    facts.put("cost", line.cost());
    facts.put("verdict", line.verdict());
    line.attack().ifPresent(attack -> facts.put("attack", attack));
    return facts;
  }
}
