package dev.demur.lab.report.trial;

import static dev.demur.lab.report.Columns.count;
import static dev.demur.lab.report.Columns.number;
import static dev.demur.lab.report.Columns.numberOr;
import static dev.demur.lab.report.Columns.rangeOr;
import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Cell.Unit;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import dev.demur.lab.stats.Estimate;
import dev.demur.lab.trial.Column;
import dev.demur.lab.trial.TrialResult;
import dev.demur.lab.trial.TrialResult.Line;
import dev.demur.lab.trial.TrialResult.Looked;
import java.util.List;
import java.util.Optional;

/// What rows look at: the part of a trial's page about alarming words.
final class TrialAttention {

  private TrialAttention() {}

  /// One set in one row.
  private record Read(Line line, Column column, Looked looked) {}

  /// The section; empty where nothing was measured.
  static Optional<Section> of(TrialResult result) {
    var all =
        result.lines().stream()
            .flatMap(
                line ->
                    line.looked().entrySet().stream()
                        .map(entry -> new Read(line, entry.getKey(), entry.getValue())))
            .toList();
    return all.isEmpty() ? Optional.empty() : Optional.of(section(all));
  }

  private static Section section(List<Read> all) {
    var table =
        Table.of(
            "attention",
            "Share of what the last token looks at in the instruction that lies on alarming words.",
            all,
            text("row", "Row", read -> read.line().row().name()),
            text("set", "Set", read -> read.column().text()),
            count("n", "n", read -> read.looked().prompts()),
            number("share", "On alarming words", Unit.SHARE, read -> read.looked().share()),
            number("tokens", "Of the tokens", Unit.SHARE, read -> read.looked().words()),
            numberOr(
                "change",
                "Change",
                Unit.POINTS,
                read -> read.looked().change().map(Estimate::mean),
                "unedited"),
            rangeOr(
                "interval",
                "Interval",
                Unit.POINTS,
                read -> read.looked().change().map(Estimate::interval),
                "unedited"));
    return new Section(
        "attention",
        "Attention to alarming words",
        List.of(
            new Data(table, Fold.OPEN),
            new Prose(
                "Rows that change no stream. Prompts without such a word, or with no other, are"
                    + " left out. Text around an instruction does not count. Attention is not use:"
                    + " what heads write for these words may be something else.")));
  }
}
