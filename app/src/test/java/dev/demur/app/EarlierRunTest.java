package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.lab.report.format.JsonReport;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.study.EvaluationResult.RateRow;
import dev.demur.lab.study.Role;
import dev.demur.lab.study.ScreenResult.ScreenedSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A run folder of version 0.1.0 opens, although names have changed since: prompts were called
/// target and baseline there, and the unedited model baseline.
class EarlierRunTest {

  private static final Path EARLIER = Path.of("src/test/resources/earlier-run");

  @TempDir Path folder;

  @Test
  void theReportIsWrittenAgainWithTheSameNumbersUnderTodaysNames() throws IOException {
    var outcome = Cli.run("report", EARLIER, "--out", folder);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    Path report = folder.resolve("report.json");
    assertThat(numbers(study(report))).isEqualTo(numbers(study(EARLIER.resolve("report.json"))));
    assertThat(Files.readString(report)).doesNotContain("baseline", "\"target");
    var result = JsonReport.read(report);
    assertThat(result.screen().sets())
        .extracting(ScreenedSet::role)
        .containsExactlyElementsOf(Role.drawn());
    assertThat(result.evaluation().rates()).extracting(RateRow::variant).contains(Variant.UNEDITED);
    assertThat(result.config().evaluation().harmlessPrompts()).isEqualTo(4);
  }

  @Test
  void itIsComparedWithItself() {
    var outcome = Cli.run("diff", EARLIER, EARLIER, "--json");
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(outcome.out()).contains("\"variant\" : \"unedited\"").doesNotContain("baseline");
  }

  @Test
  void optionsGoOnWorkingUnderTheirEarlierNames() {
    var outcome = Cli.run("study", "demo", "--baseline-prompts=0", "--out", folder);
    assertThat(outcome.messages()).singleElement().asString().contains("harmless prompts must");
  }

  private static JsonNode study(Path report) {
    return JsonMapper.shared().readTree(report).path("study");
  }

  /// Every number, in the order of the file.
  private static List<Double> numbers(JsonNode node) {
    var numbers = new ArrayList<Double>();
    if (node.isNumber()) {
      numbers.add(node.doubleValue());
    }
    node.forEach(child -> numbers.addAll(numbers(child)));
    return numbers;
  }
}
