package dev.demur.lab.report.trial;

import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.rangeOr;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Points;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.SummaryJson;
import dev.demur.lab.report.Table;
import dev.demur.lab.stats.PairedTest;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.think.GridCell;
import dev.demur.lab.think.ThinkingResult;
import dev.demur.lab.think.ThinkingResult.Line;
import dev.demur.lab.think.Timeline;
import dev.demur.lab.trial.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// The page of a thinking grid, for people and for programs.
public final class ThinkingReport {

  private static final String PLAIN = "the plain model";

  /// Parts a thought is cut into, so that short and long ones can be laid over each other.
  private static final int PARTS = 5;

  private ThinkingReport() {}

  /// One set in one cell.
  private record At(Line line, Column column) {

    ThinkingResult.Numbers numbers() {
      return line.of(column).orElseThrow();
    }

    Optional<PairedTest> test() {
      return numbers().change();
    }
  }

  /// Tells what every cell does.
  public static Report of(ThinkingResult result) {
    var sections = new ArrayList<Section>();
    sections.add(new Section("cells", "Thought and answer", cells(result)));
    result
        .timeline()
        .map(found -> new Section("timeline", "Where a thought turns", timeline(found)))
        .ifPresent(sections::add);
    return new Report(
        "Demur thinking",
        result.model(),
        "policy: " + result.policy() + "; refusals judged by " + result.judge(),
        sections);
  }

  private static List<Block> cells(ThinkingResult result) {
    var all =
        result.lines().stream()
            .flatMap(line -> line.sets().keySet().stream().map(c -> new At(line, c)))
            .toList();
    return List.of(
        new Data(
            Table.of(
                "thinking",
                "Refusals by the thought before the answer, and what was done behind it.",
                all,
                text("cell", "Cell", at -> at.line().cell().name()),
                text("set", "Set", at -> at.column().text()),
                count("judged", "n", at -> at.numbers().refused().map(Rate::n).orElse(0)),
                numberOr(
                    "refused",
                    "Refused",
                    Unit.SHARE,
                    at -> at.numbers().refused().map(Rate::share),
                    "no answer was judged"),
                numberOr(
                    "freed",
                    "No longer refused",
                    Unit.SHARE,
                    at -> at.numbers().freed().map(Rate::share),
                    PLAIN + ", or it refuses none"),
                numberOr(
                    "change",
                    "Change",
                    Unit.POINTS,
                    at -> at.test().map(PairedTest::change),
                    PLAIN),
                rangeOr(
                    "interval",
                    "Interval",
                    Unit.POINTS,
                    at -> at.test().map(PairedTest::interval),
                    PLAIN),
                numberOr(
                    "p_holm",
                    "p (Holm)",
                    Unit.P_VALUE,
                    at -> at.test().map(PairedTest::adjusted),
                    PLAIN),
                number(
                    "unfinished",
                    "Unfinished",
                    Unit.SHARE,
                    at -> at.numbers().unfinished().share()),
                number("broken", "Broken", Unit.SHARE, at -> at.numbers().broken().share()),
                number(
                    "thought_tokens",
                    "Thought tokens",
                    Unit.DIMENSIONS,
                    at -> at.numbers().thoughtTokens())),
            Fold.OPEN),
        new Points(
            "How to read it",
            List.of(
                "Every cell is compared with the plain model, its own thought and nothing steered,"
                    + " prompt by prompt: exact McNemar tests, corrected by Holm over all cells and"
                    + " sets. Controls are a family of their own.",
                "No longer refused: of the prompts that the plain model refuses, the share that"
                    + " gets an answer which the judge does not call a refusal.",
                "An unfinished thought has no answer. It counts neither as a refusal nor as help.",
                "A steered thought reaches the answer as text alone: what was done to the stream"
                    + " while it was written is gone.",
                "A cell (random) is the same policy along a random direction.")));
  }

  private static List<Block> timeline(Timeline timeline) {
    return List.of(
        new Data(
            Table.of(
                "commitment",
                "Thoughts by the side of the middle they end on. A thought commits at the token"
                    + " from which on it stays on that side.",
                List.of(
                    new Kind("harmful", timeline.harmful(), timeline.middle()),
                    new Kind("benign", timeline.benign(), timeline.middle())),
                text("set", "Set", Kind::name),
                count("thoughts", "Thoughts", kind -> kind.tracks().size()),
                number("length", "Median tokens", Unit.DIMENSIONS, Kind::length),
                number("commits", "Median commit token", Unit.DIMENSIONS, Kind::commits),
                number("above", "Ends on the harmful side", Unit.SHARE, Kind::above),
                number("agrees", "Answer agrees with the side", Unit.SHARE, Kind::agrees)),
            Fold.OPEN),
        new Data(
            Table.of(
                "timeline",
                "Mean x·r̂ along thoughts, each cut into "
                    + PARTS
                    + " equal parts; the middle is "
                    + Numbers.amount(timeline.middle(), Unit.STREAM)
                    + ".",
                IntStream.range(0, PARTS).boxed().toList(),
                text("part", "Part", part -> (part + 1) + " of " + PARTS),
                number("harmful", "Harmful", Unit.STREAM, part -> mean(timeline.harmful(), part)),
                number("benign", "Benign", Unit.STREAM, part -> mean(timeline.benign(), part))),
            Fold.OPEN));
  }

  /// The thoughts about one set.
  private record Kind(String name, List<Timeline.Track> tracks, double middle) {

    double length() {
      return median(tracks.stream().mapToDouble(t -> t.projections().size()).sorted().toArray());
    }

    double commits() {
      return median(tracks.stream().mapToDouble(t -> t.commits(middle)).sorted().toArray());
    }

    double above() {
      return Rate.of(tracks, t -> t.endsAbove(middle)).share();
    }

    double agrees() {
      return Rate.of(tracks, t -> t.endsAbove(middle) == t.refused()).share();
    }

    private static double median(double[] sorted) {
      int n = sorted.length;
      return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }
  }

  private static double mean(List<Timeline.Track> tracks, int part) {
    return tracks.stream()
        .flatMapToDouble(
            track -> {
              var along = track.projections();
              return IntStream.range(0, along.size())
                  .filter(i -> i * PARTS / along.size() == part)
                  .mapToDouble(along::get);
            })
        .average()
        .orElse(Double.NaN);
  }

  /// The same for programs.
  public static String json(ThinkingResult result) {
    var all = new LinkedHashMap<String, Object>();
    all.put("model", result.model());
    all.put("judge", result.judge());
    all.put("policy", result.policy());
    all.put("cells", result.lines().stream().map(ThinkingReport::facts).toList());
    result.timeline().ifPresent(found -> all.put("timeline", facts(found)));
    return SummaryJson.JSON.writeValueAsString(all) + "\n";
  }

  private static Map<String, Object> facts(Line line) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("thought", line.cell().source().text());
    facts.put("answer_steering", line.cell().answer().text());
    facts.put("random", line.cell().role() == GridCell.Role.CONTROL);
    var sets = new LinkedHashMap<String, Object>();
    line.sets().forEach((column, one) -> sets.put(column.text().replace('-', '_'), one));
    facts.put("sets", sets);
    return facts;
  }

  private static Map<String, Object> facts(Timeline timeline) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("middle", timeline.middle());
    facts.put("harmful", tracks(timeline.harmful(), timeline.middle()));
    facts.put("benign", tracks(timeline.benign(), timeline.middle()));
    return facts;
  }

  private static List<Map<String, Object>> tracks(List<Timeline.Track> tracks, double middle) {
    return tracks.stream()
        .<Map<String, Object>>map(
            track -> {
              var facts = new LinkedHashMap<String, Object>();
              facts.put("commits", track.commits(middle));
              facts.put("refused", track.refused());
              facts.put("projections", track.projections());
              return facts;
            })
        .toList();
  }
}
