package dev.demur.lab.report.measure;

import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.ordinal;
import static dev.demur.lab.report.Columns.range;
import static dev.demur.lab.report.Columns.rangeOr;
import static dev.demur.lab.report.Columns.text;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.demur.lab.benchmark.BenchmarkResult;
import dev.demur.lab.benchmark.BenchmarkResult.Row;
import dev.demur.lab.benchmark.ChangedAnswer;
import dev.demur.lab.benchmark.Outcome.Change;
import dev.demur.lab.benchmark.Task;
import dev.demur.lab.benchmark.WholeEstimate;
import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.SummaryJson;
import dev.demur.lab.report.Table;
import dev.demur.lab.stats.Interval;
import dev.demur.lab.steer.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The page of a benchmark, for a terminal and for programs.
public final class BenchmarkReport {

  private static final String HARNESS = "lm-evaluation-harness " + Task.HARNESS;
  private static final String UNEDITED = "unedited";

  private static final String READING =
      " % intervals. Change: from the unedited model on the same questions, in points; p by the"
          + " exact McNemar test.";

  private BenchmarkReport() {}

  /// Tells what a model scored.
  public static Report of(BenchmarkResult result) {
    return new Report(
        "Demur benchmark",
        result.model(),
        "as in " + HARNESS,
        List.of(
            new Section(
                "outcomes",
                "",
                blocks("outcomes", "", document(result), new Prose(reading(result.level()))))));
  }

  /// The tables of a result, with words between them.
  private static List<Block> blocks(String id, String caption, Document document, Prose words) {
    var blocks = new ArrayList<Block>();
    blocks.add(new Data(table(id, caption, document), Fold.OPEN));
    blocks.add(words);
    document
        .changed()
        .ifPresent(answers -> blocks.add(new Data(changes(id + "_changed", answers), Fold.FOLDED)));
    document
        .whole()
        .ifPresent(estimates -> blocks.add(new Data(whole(id + "_whole", estimates), Fold.OPEN)));
    return blocks;
  }

  /// Which of TruthfulQA's answers changed.
  private static Table changes(String id, List<ChangedAnswer> answers) {
    return Table.of(
        id,
        "Questions of TruthfulQA to which another answer is likeliest than for the unedited model.",
        answers,
        text("task", "Task", ChangedAnswer::task),
        text("variant", "Variant", answer -> answer.variant().text()),
        ordinal("question", "Number", ChangedAnswer::question),
        text("asked", "Question", ChangedAnswer::text),
        text("before", "Unedited", ChangedAnswer::before),
        text("was", "was", answer -> truth(answer.wasTrue())),
        text("after", "Now", ChangedAnswer::after),
        text("is", "is", answer -> truth(answer.isTrue())));
  }

  /// Estimates after tinyBenchmarks.
  private static Table whole(String id, List<WholeEstimate> estimates) {
    return Table.of(
        id,
        "What chosen questions say of a whole benchmark, after tinyBenchmarks: the answers weighted"
            + " (IRT), with the other questions predicted (p-IRT), and both mixed (gp-IRT), which"
            + " is what TinyHellaSwag reports. An estimate has no interval: the questions are no"
            + " sample.",
        estimates,
        text("task", "Task", e -> e.task() + " " + e.metric().text()),
        text("variant", "Variant", e -> e.variant().text()),
        number("asked", "Asked", Unit.SHARE, WholeEstimate::asked),
        number("irt", "IRT", Unit.SHARE, e -> e.estimate().weighted()),
        number("pirt", "p-IRT", Unit.SHARE, e -> e.estimate().predicted()),
        number("gpirt", "gp-IRT", Unit.SHARE, e -> e.estimate().mixed()),
        numberOr("change", "Change", Unit.POINTS, WholeEstimate::change, UNEDITED));
  }

  private static String truth(boolean isTrue) {
    return isTrue ? "true" : "false";
  }

  /// One outcome as `benchmark.json` has it.
  ///
  /// @param interval how the mean's interval was made
  /// @param difference from the unedited model on the same questions; empty for that model itself
  @JsonInclude(Include.NON_ABSENT)
  public record Line(
      String task,
      String metric,
      Variant variant,
      int n,
      double mean,
      double low,
      double high,
      String interval,
      Optional<Double> difference,
      Optional<Double> differenceLow,
      Optional<Double> differenceHigh,
      Optional<Double> mcnemarP) {

    static Line of(Row row) {
      var outcome = row.outcome();
      var change = row.change();
      return new Line(
          outcome.task(),
          outcome.metric().text(),
          outcome.variant(),
          outcome.values().size(),
          outcome.mean(),
          row.interval().low(),
          row.interval().high(),
          row.interval().method(),
          change.map(Change::difference),
          change.map(c -> c.interval().low()),
          change.map(c -> c.interval().high()),
          change.flatMap(Change::mcNemar));
    }

    private Interval meanInterval(double level) {
      return new Interval(low, high, level, interval);
    }

    private Optional<Interval> differenceInterval(double level) {
      return differenceLow.flatMap(
          l -> differenceHigh.map(h -> new Interval(l, h, level, "paired")));
    }
  }

  /// What `benchmark.json` holds.
  ///
  /// @param level of its intervals; absent in files of earlier versions, where it is 0.95
  /// @param changed answers to TruthfulQA that changed; absent where none did
  /// @param whole estimates of whole benchmarks; absent where no items were given
  @JsonInclude(Include.NON_ABSENT)
  public record Document(
      String model,
      String harness,
      Optional<Double> level,
      List<Line> outcomes,
      Optional<List<ChangedAnswer>> changed,
      Optional<List<WholeEstimate>> whole) {
    public Document {
      outcomes = List.copyOf(outcomes);
    }

    private double levelOrUsual() {
      return level.orElse(Interval.USUAL_LEVEL);
    }
  }

  private static String reading(double level) {
    return Numbers.plain(Math.round(1000 * level) / 10.0) + READING;
  }

  private static Table table(String id, String caption, Document document) {
    double level = document.levelOrUsual();
    return Table.of(
        id,
        caption,
        document.outcomes(),
        text("task", "Task", line -> line.task() + " " + line.metric()),
        text("variant", "Variant", line -> line.variant().text()),
        count("n", "n", Line::n),
        number("mean", "Mean", Unit.SHARE, Line::mean),
        range("interval", "Interval", Unit.SHARE, line -> line.meanInterval(level)),
        numberOr("change", "Change", Unit.POINTS, Line::difference, UNEDITED),
        rangeOr(
            "change_interval",
            "Interval",
            Unit.POINTS,
            line -> line.differenceInterval(level),
            UNEDITED),
        numberOr("mcnemar_p", "p", Unit.P_VALUE, Line::mcnemarP, "unedited, or no count"));
  }

  /// The same for programs: `benchmark.json`.
  public static String json(BenchmarkResult result) {
    return SummaryJson.JSON.writeValueAsString(document(result)) + "\n";
  }

  /// What a `benchmark.json` holds.
  ///
  /// @throws IllegalArgumentException if it holds no such numbers
  public static Document parse(JsonNode json) {
    return SummaryJson.JSON.treeToValue(json, Document.class);
  }

  private static Document document(BenchmarkResult result) {
    return new Document(
        result.model(),
        HARNESS,
        Optional.of(result.level()),
        result.rows().stream().map(Line::of).toList(),
        Optional.of(result.changed()).filter(answers -> !answers.isEmpty()),
        Optional.of(result.whole()).filter(estimates -> !estimates.isEmpty()));
  }

  /// The section of a report that shows what a `benchmark.json` holds.
  ///
  /// @param id of the section and its table
  /// @throws IllegalArgumentException if it holds no such numbers
  public static Section read(String id, JsonNode json) {
    var document = parse(json);
    var words =
        new Prose(
            "What "
                + document.model()
                + " knows, before and after an intervention, asked and scored as in "
                + document.harness()
                + ". "
                + reading(document.levelOrUsual()));
    return new Section(id, "Benchmark", blocks(id, "Tasks by variant.", document, words));
  }
}
