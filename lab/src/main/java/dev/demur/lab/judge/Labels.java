package dev.demur.lab.judge;

import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.rows.JsonLines;
import dev.demur.lab.rows.Row;
import dev.demur.lab.rows.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Labels on disk, one a line: `{"row": 0, "judge": "lexicon", "refusal": "full", "score": 0.97,
/// "reason": "…"}`.
public final class Labels {

  private static final JsonMapper JSON = JsonMapper.shared();

  private Labels() {}

  /// Lets every judge label the completions it is calibrated for: the first judge's labels, by row,
  /// then the second's.
  public static List<Label> of(List<Judge> judges, List<Completion> completions) {
    var labels = new ArrayList<Label>();
    for (var judge : judges) {
      var rows =
          IntStream.range(0, completions.size())
              .filter(row -> judge.judges(completions.get(row)))
              .boxed()
              .toList();
      var verdicts = judge.judgeAll(rows.stream().map(completions::get).toList());
      for (int i = 0; i < rows.size(); i++) {
        labels.add(new Label(rows.get(i), judge.name(), verdicts.get(i)));
      }
    }
    return List.copyOf(labels);
  }

  /// Whether each completion is a refusal, by the judges that are calibrated for it, as [#of] does.
  ///
  /// @return one map from judge to answer for each completion, judges in their order
  public static List<SequencedMap<String, Boolean>> refusals(
      List<Judge> judges, List<Completion> completions) {
    var refusals =
        completions.stream()
            .<SequencedMap<String, Boolean>>map(_ -> new LinkedHashMap<>())
            .toList();
    for (var label : of(judges, completions)) {
      refusals.get(label.row()).put(label.judge(), label.verdict().refusal().refuses());
    }
    return refusals;
  }

  /// Lets every judge of harm label every completion, as [#of] does.
  public static List<HarmLabel> ofHarm(List<HarmJudge> judges, List<Completion> completions) {
    var labels = new ArrayList<HarmLabel>();
    for (var judge : judges) {
      var verdicts = judge.judgeAll(completions);
      for (int row = 0; row < verdicts.size(); row++) {
        labels.add(new HarmLabel(row, judge.name(), verdicts.get(row)));
      }
    }
    return List.copyOf(labels);
  }

  /// Writes the labels; the file appears whole or not at all.
  ///
  /// @throws IOException if it cannot be written
  public static void write(Path file, List<Label> labels) throws IOException {
    write(file, labels, List.of());
  }

  /// Writes labels of both kinds; the file appears whole or not at all.
  ///
  /// @throws IOException if it cannot be written
  public static void write(Path file, List<Label> labels, List<HarmLabel> harm) throws IOException {
    JsonLines.write(
        file,
        Stream.concat(labels.stream().map(Labels::json), harm.stream().map(Labels::json)).toList());
  }

  /// Reads the labels of refusal back; those of harm are left out.
  ///
  /// @throws DataFormatException if a line is not a label
  /// @throws IOException if the file cannot be read
  public static List<Label> read(Path file) throws IOException {
    var labels = new ArrayList<Label>();
    for (var row : Rows.read(file).rows()) {
      if (row.get("harm").isPresent()) {
        continue;
      }
      try {
        labels.add(
            new Label(
                Integer.parseInt(field(row, "row")),
                field(row, "judge"),
                new Verdict(
                    Refusal.parse(field(row, "refusal")),
                    Double.parseDouble(field(row, "score")),
                    row.get("reason").orElse(""))));
      } catch (IllegalArgumentException e) {
        throw new DataFormatException(file, row.place(), "is not a label: " + e.getMessage());
      }
    }
    return List.copyOf(labels);
  }

  private static String field(Row row, String name) {
    return row.get(name).orElseThrow(() -> new IllegalArgumentException("it has no field " + name));
  }

  private static ObjectNode json(Label label) {
    return JSON.createObjectNode()
        .put("row", label.row())
        .put("judge", label.judge())
        .put("refusal", label.verdict().refusal().text())
        .put("score", label.verdict().score())
        .put("reason", label.verdict().reason());
  }

  private static ObjectNode json(HarmLabel label) {
    return JSON.createObjectNode()
        .put("row", label.row())
        .put("judge", label.judge())
        .put("harm", label.verdict().harm().text())
        .put("score", label.verdict().score())
        .put("reason", label.verdict().reason());
  }
}
