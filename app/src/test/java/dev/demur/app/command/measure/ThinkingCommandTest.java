package dev.demur.app.command.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.app.Cli;
import dev.demur.app.DemoDirection;
import dev.demur.app.cli.ExitCode;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ThinkingCommandTest {

  @TempDir private Path folder;

  @Test
  void everyCellIsComparedWithThePlainModelAndFoundAgain() throws IOException {
    Path direction =
        DemoDirection.write(DemoModel.prompts().resolveSibling("think").toString(), 5, folder);
    var first = thinking(direction);
    assertThat(first.code()).as(first.err()).isZero();
    var found = JsonMapper.shared().readTree(first.out());
    assertThat(found.path("cells").findValuesAsString("thought"))
        .containsExactly("own", "own", "none", "none", "own", "none");
    assertThat(found.path("cells").findValuesAsString("answer_steering"))
        .containsExactly("off", "on", "off", "on", "on", "on");
    assertThat(refused(found.path("cells").get(0)))
        .as("the plain model, having thought, refuses what it should")
        .isGreaterThanOrEqualTo(3);
    assertThat(found.path("timeline").path("harmful").size()).isEqualTo(4);
    assertThat(folder.resolve("run/report.html")).content().contains("Where a thought turns");
    assertThat(thinking(direction).out()).isEqualTo(first.out());
  }

  @Test
  void aModelWithoutThinkBlocksIsRefusedInOneLine() throws IOException {
    var outcome =
        Cli.run("thinking", "demo", "--policy", "ablate r", "--vector", "r=" + direction("chat"));
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages().getLast()).contains("has no token </think>");
  }

  @Test
  void aRuleThatNamesItsTokensIsRefusedInOneLine() throws IOException {
    var outcome =
        Cli.run(
            "thinking",
            "demo-think",
            "--policy",
            "ablate r @answer",
            "--vector",
            "r=" + direction("think"),
            "--out",
            folder.resolve("run"));
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages().getLast())
        .contains("for every token, @thinking or @after-thinking");
  }

  private Path direction(String model) throws IOException {
    return DemoDirection.write(DemoModel.prompts().resolveSibling(model).toString(), 5, folder);
  }

  private static long refused(JsonNode cell) {
    return cell.path("sets").path("harmful").path("refused").path("successes").asLong();
  }

  private Cli.Outcome thinking(Path direction) {
    var words = new ArrayList<Object>(List.of("thinking", "demo-think", "--policy", "ablate r"));
    words.addAll(List.of("--vector", "r=" + direction, "--limit", 4, "--thoughts", "own,none"));
    words.addAll(List.of("--max-thought-tokens", 40, "--max-new-tokens", 24, "--dtype", "f32"));
    words.addAll(List.of("--judge", "substring-normalised", "--json"));
    words.addAll(List.of("--out", folder.resolve("run")));
    return Cli.run(words.toArray());
  }
}
