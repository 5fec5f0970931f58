package dev.demur.app.command.study;

import dev.demur.app.cli.ShownRate;
import dev.demur.lab.study.EvaluationResult.Ending;
import dev.demur.lab.study.EvaluationResult.RateRow;
import dev.demur.lab.study.StudyResult;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// What the study command prints at the end.
///
/// @param result what was found
/// @param folder the run folder
record StudySummary(StudyResult result, Path folder) {

  /// For people.
  String text() {
    var text = new StringBuilder();
    text.append(result.model().name()).append(": ").append(result.finding().sentence());
    text.append("\n\n");
    thinking().ifPresent(text::append);
    var rates = rates();
    if (rates.isEmpty()) {
      return text.append(report()).toString();
    }
    int widest =
        rates.stream()
            .mapToInt(r -> r.set().length() + r.variant().text().length() + 2)
            .max()
            .orElse(0);
    text.append("Refused").append(" ".repeat(Math.max(1, widest - 5)));
    text.append("(95 % interval, judge ").append(judge()).append(")\n");
    for (var row : rates) {
      String name = row.set() + ", " + row.variant();
      text.append(new ShownRate(row.refused()).line(name, widest));
    }
    return text.append(report()).toString();
  }

  private String report() {
    return "\nReport: " + folder.resolve("report.html") + "\n";
  }

  /// Completions without an answer are in no rate, so they are told apart.
  private Optional<String> thinking() {
    int unfinished = unfinished();
    return unfinished == 0
        ? Optional.empty()
        : Optional.of(
            "%d completions were still thinking at the limit (--max-new-tokens); they are in no rate.%n%n"
                .formatted(unfinished));
  }

  private int unfinished() {
    return result.evaluation().endings().stream().mapToInt(Ending::unfinished).sum();
  }

  /// For programs.
  String json() {
    var summary = new LinkedHashMap<String, Object>();
    summary.put("finding", result.finding().kind().name().toLowerCase(Locale.ROOT));
    summary.put("sentence", result.finding().sentence());
    result
        .selection()
        .flatMap(selection -> selection.chosen())
        .ifPresent(
            row -> {
              summary.put("position", row.candidate().position());
              summary.put("layer", row.candidate().layer());
            });
    summary.put("folder", folder.toString());
    summary.put("unfinished", unfinished());
    summary.put("rates", rates().stream().map(StudySummary::row).toList());
    return JsonMapper.shared().writeValueAsString(summary) + "\n";
  }

  private static Map<String, Object> row(RateRow row) {
    var values = new LinkedHashMap<String, Object>();
    values.put("set", row.set());
    values.put("variant", row.variant());
    values.put("judge", row.judge());
    values.putAll(new ShownRate(row.refused()).values());
    return values;
  }

  /// The first judge; the report has all of them.
  private String judge() {
    return rates().getFirst().judge();
  }

  private List<RateRow> rates() {
    var all = result.evaluation().rates();
    return all.stream().filter(r -> r.judge().equals(all.getFirst().judge())).toList();
  }
}
