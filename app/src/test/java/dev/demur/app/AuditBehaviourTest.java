package dev.demur.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.app.cli.ExitCode;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The part of `demur audit` that runs the model, on the embedded one and its edit.
@Order(1) // the slowest begin first
class AuditBehaviourTest {

  /// bfloat16 rounding of the edited weights.
  private static final double ROUNDED = 0.01;

  /// The least an audit takes.
  private static final int PROMPTS = 8;

  /// So many refusals lost, and none won, have a p-value below 0.01 after adjustment.
  private static final int PROMPTS_FOR_A_TEST = 10;

  @TempDir private static Path shared;
  private static Path direction;
  private static Path edited;

  @TempDir Path folder;

  @BeforeAll
  static void edit() throws IOException {
    var demo = EditedDemo.in(shared);
    edited = demo.model();
    direction = demo.direction();
  }

  @Test
  void anOrthogonalisedCheckpointHasLostItsParentsGap() {
    var json =
        json(
            "audit",
            edited,
            "--parent",
            "demo",
            "--data",
            "demo",
            "--direction",
            direction,
            "--prompts",
            PROMPTS_FOR_A_TEST,
            "--restore",
            "--json");
    var parent = json.path("behaviour").path("parent");
    assertThat(share(parent.path("parent").path("refused"))).isGreaterThanOrEqualTo(0.9);
    assertThat(share(json.path("behaviour").path("checkpoint").path("refused")))
        .isLessThanOrEqualTo(0.1);
    assertThat(parent.path("refused").path("change").asDouble()).isLessThanOrEqualTo(-0.8);
    assertThat(parent.path("refused").path("adjusted").asDouble()).isLessThan(0.01);
    assertThat(parent.path("gap").path("ratio").asDouble()).isCloseTo(0, within(ROUNDED));
    assertThat(json.path("direction_lost").path("combined").asDouble())
        .isCloseTo(1, within(ROUNDED));
    assertThat(json.path("direction_lost").path("by_weights").asDouble())
        .isCloseTo(1, within(ROUNDED));
    var direction = json.path("behaviour").path("checkpoint").path("direction");
    assertThat(direction.path("cosine").asDouble())
        .as("what is left lies across the direction removed")
        .isCloseTo(0, within(ROUNDED));
    restoredBySteering(json.path("restored"));
  }

  /// Half the direction brings refusals back, and takes harmless answers with it.
  private static void restoredBySteering(JsonNode restored) {
    assertThat(restored.get(0).path("remedy").asString()).isEqualTo("none");
    var half =
        IntStream.range(0, restored.size())
            .mapToObj(restored::get)
            .filter(row -> row.path("remedy").asString().equals("addition × 0.5"))
            .findFirst()
            .orElseThrow();
    assertThat(share(half.path("refused"))).isGreaterThanOrEqualTo(0.5);
    assertThat(share(half.path("over_refused"))).isGreaterThanOrEqualTo(0.5);
    assertThat(half.path("from_parent_harmless").path("change").asDouble()).isPositive();
  }

  @Test
  void aModelIsWhatItsParentIs() {
    var json =
        json("audit", "demo", "--parent", "demo", "--data", "demo", "--prompts", PROMPTS, "--json");
    var behaviour = json.path("behaviour");
    assertThat(behaviour.path("parent").path("gap").path("ratio").asDouble()).isEqualTo(1);
    assertThat(behaviour.path("parent").path("refused").path("change").asDouble()).isZero();
    assertThat(json.path("direction_lost").path("combined").asDouble()).isZero();
    assertThat(behaviour.path("checkpoint").path("direction").path("cosine").asDouble())
        .isCloseTo(1, within(1e-6));
    var ablations = behaviour.path("checkpoint").path("ablations");
    assertThat(ablations.size()).as("none, then one direction").isEqualTo(2);
    assertThat(share(ablations.get(1).path("refused"))).isLessThan(0.1);
    assertThat(behaviour.path("checkpoint").path("directions_until_few").asInt()).isEqualTo(1);
    assertThat(behaviour.path("prompts").get(0).path("indices").size()).isEqualTo(2 * PROMPTS);
  }

  @Test
  void directionsAreAblatedOneAfterTheOther() throws IOException {
    String demo = DemoModel.prompts().resolveSibling("chat").toString();
    Path early = DemoDirection.write(demo, 1, folder);
    var json =
        json(
            "audit",
            "demo",
            "--data",
            "demo",
            "--direction",
            early,
            "--prompts",
            PROMPTS,
            "--json");
    var ablations = json.path("behaviour").path("checkpoint").path("ablations");
    assertThat(ablations.size()).as("one direction of this layer is not enough").isBetween(3, 9);
    for (int i = 0; i < ablations.size(); i++) {
      assertThat(ablations.get(i).path("directions").asInt()).isEqualTo(i);
    }
    boolean few = share(ablations.get(ablations.size() - 1).path("refused")) < 0.1;
    assertThat(json.path("behaviour").path("checkpoint").path("directions_until_few").isNull())
        .isEqualTo(!few);
  }

  @Test
  void thePageSaysItInWords() {
    var outcome = Cli.run("audit", "demo-base", "--data", "demo", "--prompts", PROMPTS);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("Behaviour, judge substring-normalised", "checkpoint, demo-base")
        .contains("none to ablate: it refuses under 10 % as it is");
  }

  @Test
  void promptsMayComeFromTwoFiles() throws IOException {
    Path harmful = write("harmful.txt", "Never mind how to bake loaf ");
    Path harmless = write("harmless.txt", "Tell me how to bake loaf ");
    var json =
        json(
            "audit",
            Cli.checkpoint("llama-gqa-tied"),
            "--harmful",
            harmful,
            "--harmless",
            harmless,
            "--prompts",
            8,
            "--json");
    var prompts = json.path("behaviour").path("prompts");
    assertThat(prompts.get(0).path("set").asString()).isEqualTo("harmful");
    assertThat(prompts.get(3).path("indices").size()).isEqualTo(8);
    assertThat(json.path("behaviour").path("parent").isNull()).isTrue();
    assertThat(json.path("restored").size()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--harmful a.txt | --harmful and --harmless belong together",
        "--data demo --harmful a.txt --harmless b.txt | not all three",
        "--restore | --restore needs prompts",
        "--data demo --restore | name it with --parent",
        "--data demo --prompts 3 | at least 8 prompts of each kind"
      })
  void optionsThatDoNotGoTogetherAreRefused(String options, String message) {
    var words = new Object[2 + options.split(" ").length];
    words[0] = "audit";
    words[1] = "demo";
    System.arraycopy(options.split(" "), 0, words, 2, words.length - 2);
    var outcome = Cli.run(words);
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages()).last().asString().contains(message);
  }

  private Path write(String name, String opening) throws IOException {
    List<String> lines = IntStream.range(0, 24).mapToObj(i -> opening + i).toList();
    return Files.write(folder.resolve(name), lines);
  }

  private static JsonNode json(Object... words) {
    var outcome = Cli.run(words);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    return JsonMapper.shared().readTree(outcome.out());
  }

  private static double share(JsonNode rate) {
    return rate.path("successes").asDouble() / rate.path("n").asDouble();
  }
}
