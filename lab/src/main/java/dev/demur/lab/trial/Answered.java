package dev.demur.lab.trial;

import dev.demur.lab.benchmark.Outcome;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What one row answered.
///
/// @param row how the model was run
/// @param answers by set
/// @param loss along the unedited model's benign answers; empty where it is not measured
/// @param attention to alarming words, by set; empty where it is not measured
/// @param outcomes of benchmarks; empty where none was asked
record Answered(
    TrialRow row,
    Map<Column, List<AnswerRow>> answers,
    Optional<OwnLoss> loss,
    Map<Column, Attention> attention,
    List<Outcome> outcomes) {

  Answered {
    answers = new EnumMap<>(answers);
    attention = Map.copyOf(attention);
    outcomes = List.copyOf(outcomes);
  }

  List<AnswerRow> of(Column column) {
    return answers.getOrDefault(column, List.of());
  }

  List<AnswerRow> all() {
    return answers.values().stream().flatMap(Collection::stream).toList();
  }

  double secondsPerToken() {
    double seconds = all().stream().mapToDouble(AnswerRow::seconds).sum();
    return seconds / Math.max(1, all().stream().mapToInt(AnswerRow::tokens).sum());
  }
}
