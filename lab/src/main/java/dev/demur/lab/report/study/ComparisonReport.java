package dev.demur.lab.report.study;

import dev.demur.lab.diff.RunDiff;
import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Drawing;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Lead;
import dev.demur.lab.report.Block.Notice;
import dev.demur.lab.report.Block.Points;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Block.SideBySide;
import dev.demur.lab.report.Numbers;
import dev.demur.lab.report.Report;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Wording;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.study.EvaluationResult.RateRow;
import dev.demur.lab.study.StudyResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// Several runs side by side: what they found, what each was asked, and whether they may be
/// compared at all.
///
/// Changes are counted from the first run, and tested on the prompts that both asked.
public final class ComparisonReport {

  private static final List<String> SYMBOLS = List.of("circle", "rect", "triangle", "diamond");

  /// As many series colours as the style sheet has.
  private static final int COLOURS = 8;

  private final List<NamedRun> runs;
  private final ComparisonTables tables;
  private final List<RunDiff> diffs;
  private final List<List<Optional<Double>>> cosines;
  private final List<Section> beside;

  private ComparisonReport(
      List<NamedRun> runs,
      List<RunDiff> diffs,
      List<List<Optional<Double>>> cosines,
      List<Section> beside) {
    this.runs = runs;
    this.tables = new ComparisonTables(runs);
    this.diffs = diffs;
    this.cosines = cosines;
    this.beside = beside;
  }

  /// A run with the name it has in this report.
  ///
  /// @param name short and unlike the others, for example the run folder's
  public record NamedRun(String name, StudyResult study) {}

  /// Lays runs side by side.
  ///
  /// @param runs at least two, of different names
  /// @param diffs from the first run to each other
  /// @param cosines of the chosen directions, run by run
  /// @param beside what else was measured
  public static Report of(
      List<NamedRun> runs,
      List<RunDiff> diffs,
      List<List<Optional<Double>>> cosines,
      List<Section> beside) {
    if (runs.size() < 2) {
      throw new IllegalArgumentException(
          "a comparison needs at least two runs, found " + runs.size());
    }
    var names = new LinkedHashSet<String>();
    for (var run : runs) {
      if (!names.add(run.name())) {
        throw new IllegalArgumentException(
            "two runs are named " + run.name() + "; give each a name of its own");
      }
    }
    return new ComparisonReport(List.copyOf(runs), diffs, cosines, beside).report();
  }

  private Report report() {
    var sections = new ArrayList<Section>();
    sections.add(summary());
    sections.add(rates());
    if (runs.stream().anyMatch(run -> chosen(run.study()))) {
      sections.add(directions());
    }
    sections.addAll(beside);
    sections.add(differences());
    sections.add(new Section("time", "Time", List.of(new Data(tables.timings(), Fold.OPEN))));
    return new Report(
        "Demur comparison",
        Numbers.counted(runs.size(), "run") + " side by side",
        String.join(" · ", runs.stream().map(NamedRun::name).toList()),
        sections);
  }

  private Section summary() {
    var blocks = new ArrayList<Block>();
    blocks.add(new Lead(lead()));
    blocks.add(
        new SideBySide(
            List.of(
                new Points(
                    "What each found",
                    runs.stream()
                        .map(run -> run.name() + ": " + run.study().finding().sentence())
                        .toList()),
                new Points(
                    "What this does not show",
                    List.of(
                        "A test by intervals: each belongs to its own run; overlapping ones do not"
                            + " prove equality. The paired tests use only the prompts that both"
                            + " runs asked.",
                        "What caused a difference, where more than one setting differs.")))));
    diffs.stream()
        .flatMap(
            diff ->
                diff.obstacles().stream().map(obstacle -> diff.second().name() + ". " + obstacle))
        .distinct()
        .forEach(obstacle -> blocks.add(new Notice(obstacle)));
    blocks.add(new Data(tables.runsTable(), Fold.OPEN));
    return new Section("summary", "Summary", blocks);
  }

  private String lead() {
    long found = runs.stream().filter(run -> chosen(run.study())).count();
    return String.format(Locale.ROOT, "%d of %d runs found a direction.", found, runs.size());
  }

  private static boolean chosen(StudyResult study) {
    return study.selection().flatMap(s -> s.chosen()).isPresent();
  }

  private Section rates() {
    var blocks = new ArrayList<Block>();
    for (String judge : distinct(RateRow::judge)) {
      for (String set : distinct(RateRow::set)) {
        drawing(judge, set).forEach(blocks::add);
      }
    }
    blocks.add(new Data(tables.rates(), Fold.OPEN));
    if (diffs.stream().anyMatch(diff -> !diff.rates().isEmpty())) {
      blocks.add(new Data(new DiffTables(diffs).tests(), Fold.OPEN));
    }
    return new Section("rates", "Refusal rates", blocks);
  }

  private Section directions() {
    var blocks = new ArrayList<Block>();
    var names = runs.stream().map(NamedRun::name).toList();
    blocks.add(new Data(DiffTables.chosen(names, cosines), Fold.OPEN));
    blocks.add(new Data(new DiffTables(diffs).selections(), Fold.OPEN));
    for (int i = 0; i < diffs.size(); i++) {
      if (!diffs.get(i).candidates().isEmpty()) {
        var fold = diffs.size() == 1 ? Fold.OPEN : Fold.FOLDED;
        blocks.add(new Data(DiffTables.cosines(diffs.get(i), i + 2), fold));
      }
    }
    return new Section("directions", "Directions", blocks);
  }

  private List<Block> drawing(String judge, String set) {
    var series = new ArrayList<IntervalChart.Series>();
    var bands = new LinkedHashSet<String>();
    for (int i = 0; i < runs.size(); i++) {
      var rates = new LinkedHashMap<String, Rate>();
      for (var row : runs.get(i).study().evaluation().rates()) {
        if (row.judge().equals(judge) && row.set().equals(set)) {
          rates.put(Wording.variant(row.variant()), row.refused());
        }
      }
      bands.addAll(rates.keySet());
      series.add(
          new IntervalChart.Series(
              runs.get(i).name(),
              String.format(Locale.ROOT, "var(--series-%d)", i % COLOURS + 1),
              SYMBOLS.get(i % SYMBOLS.size()),
              rates));
    }
    series.removeIf(s -> s.rates().isEmpty());
    if (series.size() < 2) {
      return List.of(); // nothing to lay side by side
    }
    return List.of(
        new Drawing(
            new IntervalChart(List.copyOf(bands), series)
                .toChart(
                    "rates-" + judge + "-" + set,
                    "Refusals on %s by the judge “%s”".formatted(set, judge),
                    "Share of completions judged refusals (dots) by variant and run, with 95 %"
                        + " Wilson intervals (lines); the table below holds the numbers.")));
  }

  private Section differences() {
    var settings = tables.differences();
    var prompts = tables.sets();
    var blocks = new ArrayList<Block>();
    blocks.add(
        settings.isEmpty()
            ? new Prose("Model facts and settings are the same in all runs.")
            : new Data(settings, Fold.OPEN));
    if (tables.promptsDiffer()) {
      blocks.add(
          new Notice(
              "Not all runs used the same prompts: rates on sets that differ are not comparable"
                  + " prompt by prompt."));
    }
    blocks.add(new Data(prompts, Fold.OPEN));
    return new Section("differences", "Differences", blocks);
  }

  private List<String> distinct(Function<RateRow, String> part) {
    return runs.stream()
        .flatMap(run -> run.study().evaluation().rates().stream())
        .map(part)
        .distinct()
        .toList();
  }
}
