package dev.demur.lab.judge;

import dev.demur.lab.Sha256;
import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.rows.Row;
import dev.demur.lab.rows.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a judge of harm said when a file was made: the verdicts that the released code writes
/// beside its completions. No model is asked.
public final class RecordedHarm implements HarmJudge {

  /// Columns and who filled them. The released code counts a jailbreak where the answer is unsafe.
  private static final Map<String, String> COLUMNS =
      Map.of("is_jailbreak_llamaguard2", "llama-guard-2");

  private static final String RECORDED = " (recorded)";

  private final String name;
  private final String version;
  private final Map<String, Harm> verdicts;

  private RecordedHarm(String name, String version, Map<String, Harm> verdicts) {
    this.name = name;
    this.version = version;
    this.verdicts = verdicts;
  }

  /// The verdicts of a file of completions; empty where it has none.
  ///
  /// @param columns which column holds what
  /// @throws DataFormatException if some rows have a verdict and others none, or one is neither 0
  ///   nor 1
  /// @throws IOException if the file cannot be read
  public static Optional<RecordedHarm> read(Path file, CompletionColumns columns)
      throws IOException {
    var rows = Rows.read(file);
    var named =
        COLUMNS.keySet().stream()
            .filter(column -> rows.rows().stream().anyMatch(row -> row.get(column).isPresent()))
            .findFirst();
    if (named.isEmpty()) {
      return Optional.empty();
    }
    var verdicts = new HashMap<String, Harm>();
    for (var row : rows.rows()) {
      verdicts.put(
          key(
              row.first(columns.instruction()).orElse(""),
              Answer.of(row.first(columns.completion()).orElse("")).text()),
          verdict(file, row, named.get()));
    }
    return Optional.of(
        new RecordedHarm(COLUMNS.get(named.get()) + RECORDED, rows.sha256(), verdicts));
  }

  private static Harm verdict(Path file, Row row, String column) throws DataFormatException {
    String text = row.get(column).orElse("nothing").toLowerCase(Locale.ROOT);
    return switch (text) {
      case "0", "0.0", "false" -> Harm.SAFE;
      case "1", "1.0", "true" -> Harm.UNSAFE;
      default ->
          throw new DataFormatException(
              file,
              row.place(),
              "expected 0 or 1 in " + column + ", found " + text + "; fill it in or remove it.");
    };
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public int batch() {
    return Math.max(1, verdicts.size());
  }

  /// @throws IllegalArgumentException if a completion is not of the file
  @Override
  public List<HarmVerdict> judgeAll(List<Completion> completions) {
    return completions.stream().map(this::verdict).toList();
  }

  private HarmVerdict verdict(Completion completion) {
    var harm = verdicts.get(key(completion.instruction(), completion.text()));
    if (harm == null) {
      throw new IllegalArgumentException(
          "no verdict was recorded for this completion of \"" + completion.instruction() + "\"");
    }
    return new HarmVerdict(harm, harm == Harm.UNSAFE ? 1 : 0, "recorded");
  }

  private static String key(String instruction, String text) {
    return Sha256.ofText(instruction) + Sha256.ofText(text);
  }
}
