package dev.demur.lab.diff;

import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.direction.CandidatesFile;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.report.JsonReport;
import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.study.CompletionRow;
import dev.demur.lab.study.StudyRun;
import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The folder of a finished study, read back.
///
/// @param path the folder
public record RunFolder(Path path) {

  /// The direction, when the study chose one.
  public static final String DIRECTION = "direction.safetensors";

  /// All differences of means, when the behaviour is there.
  public static final String CANDIDATES = "candidates.safetensors";

  /// How files name a language that nothing tells.
  private static final String UNTOLD = "undetermined";

  /// Every completion's labels.
  public static final String COMPLETIONS = "completions.jsonl";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enumNamingStrategy(EnumNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /// Whether a study has worked here, finished or not.
  public boolean isRun() {
    return Files.exists(report()) || Files.isDirectory(path.resolve("stages"));
  }

  /// The study and the tensors its result speaks of, which belong to the caller's innermost scope.
  ///
  /// @throws IOException if the study is not finished
  /// @throws DataFormatException if a file in it is not what this version writes
  public StudyRun read() throws IOException {
    if (!Files.exists(report())) {
      throw new IOException(
          report() + ": no such file; the study is not finished, run the same command to go on.");
    }
    return new StudyRun(JsonReport.read(report()), direction(), candidates(), completions());
  }

  private Path report() {
    return path.resolve("report.json");
  }

  private Optional<Direction> direction() throws IOException {
    Path file = path.resolve(DIRECTION);
    return Files.exists(file)
        ? Optional.of(DirectionFile.read(file).direction())
        : Optional.empty();
  }

  private Optional<CandidateGrid> candidates() throws IOException {
    Path file = path.resolve(CANDIDATES);
    return Files.exists(file) ? Optional.of(CandidatesFile.read(file).grid()) : Optional.empty();
  }

  private List<CompletionRow> completions() throws IOException {
    Path file = path.resolve(COMPLETIONS);
    var rows = new ArrayList<CompletionRow>();
    for (String line : RegularFile.lines(file)) {
      try {
        rows.add(JSON.treeToValue(completed(JSON.readTree(line)), CompletionRow.class));
      } catch (JacksonException e) {
        throw new DataFormatException(
            file,
            String.format(
                Locale.ROOT,
                "line %d is no completion this version writes (%s); run the study again.",
                rows.size() + 1,
                e.getOriginalMessage()),
            e);
      }
    }
    return rows;
  }

  /// A row of an earlier version, which did not tell languages apart: every judge judged every
  /// answer.
  private static JsonNode completed(JsonNode row) {
    if (row instanceof ObjectNode object && !object.has("language")) {
      object.put("language", UNTOLD);
    }
    return row;
  }
}
