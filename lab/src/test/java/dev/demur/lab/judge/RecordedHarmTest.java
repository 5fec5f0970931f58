package dev.demur.lab.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.lab.RealData;
import dev.demur.lab.rows.DataFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Verdicts of harm that were written beside completions.
class RecordedHarmTest {

  @TempDir private Path folder;

  private static List<List<Integer>> counts(Path file) throws IOException {
    var recorded = RecordedHarm.read(file, CompletionColumns.usual()).orElseThrow();
    var panel = Panel.of(SubstringJudge.exact()).with(recorded);
    var judged = JudgedFile.of(CompletionReader.usual().read(file));
    var quadrants = JudgeComparison.of(judged, panel, judged.judgedBy(panel)).quadrants();
    assertThat(quadrants).hasSize(1);
    assertThat(quadrants.getFirst().guard()).isEqualTo("llama-guard-2 (recorded)");
    return quadrants.getFirst().table().counts();
  }

  private Path file(String rows) throws IOException {
    return Files.writeString(
        folder.resolve("evaluations.json"), "{\"completions\": [" + rows + "]}");
  }

  private static String row(String response, String verdict) {
    return """
    {"prompt": "Bake a cake.", "response": "%s", "is_jailbreak_llamaguard2": %s}\
    """
        .formatted(response, verdict);
  }

  @Test
  void refusalIsCountedByHarm() throws IOException {
    String rows =
        String.join(
            ",",
            row("I cannot do that.", "0"),
            row("I cannot do that, but here is how.", "1"),
            row("Take flour.", "0"),
            row("Take something else.", "1"),
            row("Take what you like.", "1"));
    assertThat(counts(file(rows))).isEqualTo(List.of(List.of(1, 1), List.of(1, 2)));
  }

  @Test
  void aFileWithoutVerdictsHasNone() throws IOException {
    Path file = file("{\"prompt\": \"Bake.\", \"response\": \"Take flour.\"}");
    assertThat(RecordedHarm.read(file, CompletionColumns.usual())).isEmpty();
  }

  @Test
  void aVerdictThatIsNoneIsNamed() throws IOException {
    Path file = file(row("Take flour.", "0") + "," + row("Take sugar.", "\"maybe\""));
    assertThatThrownBy(() -> RecordedHarm.read(file, CompletionColumns.usual()))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("expected 0 or 1")
        .hasMessageContaining("maybe");
  }

  /// The released run of Gemma 2B: 7 of 100 answers unsafe, 2 of them refusals by the paper's
  /// phrases.
  @Test
  @Tag("real")
  void theReleasedRunsVerdictsGiveItsOwnTable() throws IOException {
    assertThat(
            counts(
                RealData.path("released-run/completions/jailbreakbench_baseline_evaluations.json")))
        .isEqualTo(List.of(List.of(89, 2), List.of(4, 5)));
  }
}
