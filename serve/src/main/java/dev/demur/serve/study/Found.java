package dev.demur.serve.study;

import dev.demur.lab.stats.PairedTest;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.trial.Column;
import dev.demur.lab.trial.TrialResult;
import dev.demur.lab.trial.TrialResult.Cell;
import dev.demur.lab.trial.TrialResult.Line;
import dev.demur.lab.trial.TrialRow;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/// What was measured.
///
/// @param sentence for people
/// @param rows a trial's numbers, the unedited model first; empty for a study
record Found(String sentence, List<Row> rows) {

  Found {
    rows = List.copyOf(rows);
  }

  /// One way the model was run.
  ///
  /// @param name of the way
  /// @param role `unedited`, `tried` or `control`
  /// @param verdict what it amounts to, in words
  /// @param sets refusals by set; one of which no answer was judged is left out
  record Row(String name, String role, String verdict, List<Share> sets) {

    Row {
      sets = List.copyOf(sets);
    }
  }

  /// Refusals of one set.
  ///
  /// @param set its name
  /// @param prompts that were judged
  /// @param refused share of them, 0 to 1
  /// @param change of the share from the unedited model on the same prompts
  /// @param low lower end of the change's 95 % interval
  /// @param high upper end
  record Share(
      String set,
      int prompts,
      double refused,
      OptionalDouble change,
      OptionalDouble low,
      OptionalDouble high) {

    static Share of(Column column, Rate refused, Cell cell) {
      var test = cell.change();
      return new Share(
          column.text(),
          refused.n(),
          refused.share(),
          value(test.map(PairedTest::change)),
          value(test.map(t -> t.interval().low())),
          value(test.map(t -> t.interval().high())));
    }

    private static OptionalDouble value(Optional<Double> number) {
      return number.map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
    }
  }

  /// What a trial found: its verdicts, and every row's refusals.
  static Found of(TrialResult result) {
    return new Found(
        result.lines().stream()
            .filter(line -> line.row().role() == TrialRow.Role.TRIED)
            .map(line -> line.row().name() + ": " + line.verdict().words() + ".")
            .collect(Collectors.joining(" ")),
        result.lines().stream().map(Found::row).toList());
  }

  private static Row row(Line line) {
    return new Row(
        line.row().name(),
        line.row().role().name().toLowerCase(Locale.ROOT),
        line.verdict().words(),
        line.cells().entrySet().stream()
            .flatMap(
                entry -> {
                  var cell = entry.getValue();
                  return cell.refused().stream().map(rate -> Share.of(entry.getKey(), rate, cell));
                })
            .toList());
  }
}
