package dev.demur.app.command.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.app.Cli;
import dev.demur.app.DemoDirection;
import dev.demur.app.cli.ExitCode;
import dev.demur.app.cli.Terminal;
import dev.demur.app.option.ModelOptions;
import dev.demur.kit.Scoped;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.Provenance;
import dev.demur.lab.prompts.PromptReader;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.Prompt;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `demur explain` on the embedded model, whose override suffix is what it is for.
@Scoped
class ExplainCommandTest {

  /// Layer the demo's study selects; `[pos, layer]` is told in its model card.
  private static final int LAYER = 5;

  /// Twice the eight bits of bfloat16, over some fifty terms.
  private static final double ROUNDING = 0.01;

  @TempDir private static Path folder;
  private static Path direction;
  private static JsonNode found;

  @BeforeAll
  static void study() throws IOException {
    direction = folder.resolve("direction.safetensors");
    try (var _ = Scope.open();
        var model = new ModelOptions().open("demo", Terminal.ofProcess())) {
      var provenance = new Provenance("demo", model.files().weightsHash(), "0", "test");
      new DirectionFile(DemoDirection.of(model, LAYER), provenance).write(direction);
    }
    var outcome = run();
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    found = JsonMapper.shared().readTree(outcome.out()).path("explanation");
  }

  private static Cli.Outcome run(Object... more) {
    return explain(24, 4, "run", more);
  }

  private static Cli.Outcome explain(int prompts, int causal, String out, Object... more) {
    var words =
        new ArrayList<Object>(
            List.of("explain", "demo", "--dtype", "f32", "--direction", direction));
    words.addAll(List.of("--limit", prompts, "--causal", causal, "--json"));
    words.addAll(List.of("--out", folder.resolve(out)));
    words.addAll(List.of(more));
    return Cli.run(words.toArray());
  }

  @Test
  void theSuffixDropsTheCosineTowardsThatOfHarmlessPrompts() {
    double plain = point("plain").path("cosine").path("mean").asDouble();
    double harmless = point("harmless").path("cosine").path("mean").asDouble();
    double suffix = point("suffix").path("cosine").path("mean").asDouble();
    assertThat(plain).isGreaterThan(harmless + 0.5);
    assertThat(suffix).isLessThan((plain + harmless) / 2);
    assertThat(point("suffix").path("cosine_change").path("high").asDouble()).isNegative();
    for (int i = 1; i <= 3; i++) {
      assertThat(point("random-" + i).path("cosine").path("mean").asDouble())
          .as("random suffixes stay nearer to plain")
          .isGreaterThan((plain + harmless) / 2);
    }
  }

  @Test
  void onlyRefusedPromptsCountAndTheReportSaysHowMany() {
    int refused = found.path("prompts").path("refused").asInt();
    assertThat(refused).isBetween(20, 24);
    assertThat(condition("plain").path("refused").path("successes").asInt()).isEqualTo(refused);
    assertThat(condition("suffix").path("refused").path("n").asInt()).isEqualTo(refused);
    assertThat(condition("suffix").path("refused").path("successes").asInt())
        .isLessThan(refused / 2);
  }

  @Test
  void whatIsWrittenSumsToTheProjection() {
    for (var row : found.path("conditions")) {
      String name = row.path("condition").path("name").asString();
      double sum =
          stream(found.path("components")).stream()
              .flatMap(component -> stream(component.path("written")).stream())
              .filter(written -> written.path("condition").asString().equals(name))
              .mapToDouble(written -> written.path("amount").path("mean").asDouble())
              .sum();
      double projection = point(name, 8).path("projection").path("mean").asDouble();
      assertThat(Math.abs(sum - projection)).as(name).isLessThan(ROUNDING * 60);
    }
    assertThat(found.path("unexplained").asDouble()).isLessThan(ROUNDING);
  }

  @Test
  void attentionMovesOffTheInstruction() {
    var top = found.path("heads").get(0);
    assertThat(mass(top, "plain", "instruction") - mass(top, "suffix", "instruction"))
        .isGreaterThan(0.3);
  }

  @Test
  void puttingEverythingBackGivesThePlainPrompts() {
    var causal = found.path("causal");
    var everything =
        stream(causal.path("rows")).stream()
            .filter(row -> row.path("patch").path("kind").asString().equals("everything"))
            .findFirst()
            .orElseThrow();
    assertThat(everything.path("score_back").asDouble()).isBetween(0.99, 1.01);
    assertThat(everything.path("projection_back").asDouble()).isBetween(0.99, 1.01);
  }

  @Test
  void aSecondRunReadsWhatTheFirstLeft() {
    var again = run();
    assertThat(JsonMapper.shared().readTree(again.out()).path("explanation")).isEqualTo(found);
    assertThat(folder.resolve("run/report.html")).isNotEmptyFile();
    assertThat(folder.resolve("run/explain.json")).hasContent(again.out());
  }

  /// The demo holds at layer 5 what it does not say there yet: its grammar calls harmful tasks not
  /// okay, and their streams, put into a question whether something is, are read so.
  @Test
  void whatTheLowerLayersHoldIsToldWithItsControls() throws IOException {
    var outcome =
        explain(
            12,
            0,
            "latent",
            "--random",
            0,
            "--heads",
            1,
            "--decode-from",
            5,
            "--decode-tokens",
            12,
            "--patchscope",
            5);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    var latent = JsonMapper.shared().readTree(outcome.out()).path("explanation").path("latent");
    var whole = latent.path("decoded").get(0);
    assertThat(whole.path("layer").asInt()).isEqualTo(8);
    assertThat(whole.path("refused").get(0).path("refused").path("successes").asInt())
        .isGreaterThanOrEqualTo(10);
    var early = latent.path("decoded").get(1);
    var shuffled = latent.path("decoded").get(2);
    assertThat(shuffled.path("tail").asString()).isEqualTo("shuffled");
    assertThat(perToken(shuffled)).isGreaterThan(perToken(early) + 1);
    var rows = latent.path("patchscope").path("rows");
    assertThat(rows.get(0).path("preference").path("low").asDouble())
        .isGreaterThan(rows.get(1).path("preference").path("high").asDouble())
        .isGreaterThan(rows.get(2).path("preference").path("high").asDouble());
    assertThat(folder.resolve("latent/decoded.jsonl")).doesNotExist();
    assertThat(folder.resolve("latent/tables/decoded.csv")).isNotEmptyFile();
    assertThat(folder.resolve("latent/tables/patchscope.csv")).isNotEmptyFile();
  }

  private static double perToken(JsonNode decoded) {
    var loss = decoded.path("loss");
    return loss.path("nats").asDouble() / loss.path("tokens").asDouble();
  }

  @Test
  void questionsToLowerLayersNeedLayersOfThisModel() {
    refused("decoding can begin at layer 1 to 7", words("--decode-from", 8));
    refused("read at layer 0 to 7 of this model", words("--patchscope", 8));
    refused("name the layers whose stream is read", words("--harmful-reading", "bad"));
    refused("name a layer to decode from", words("--keep-completions"));
    refused("leave -p out", words("--decode-from", 5, "-p", "Bake a cake."));
  }

  private static Object[] words(Object... more) {
    var words = new ArrayList<Object>(List.of("explain", "demo", "--direction", direction));
    words.addAll(List.of("--out", folder.resolve("nothing")));
    words.addAll(List.of(more));
    return words.toArray();
  }

  /// A4: as in the paper, the base gets the instruction and a newline and is read there.
  @Test
  void theBaseIsReadAtTheNewlineAfterTheBareInstruction() throws IOException {
    var base = base("--base", "demo-base");
    assertThat(base.path("reading").asString()).isEqualTo("newline");
    try (var model = new ModelOptions().open("demo-base", Terminal.ofProcess());
        var chat = new ModelOptions().open("demo", Terminal.ofProcess())) {
      var unit = DemoDirection.of(chat, LAYER).unit();
      var texts =
          PromptReader.usual().read(DemoModel.prompts("sets/harmful_plain_test")).instructions();
      double sum = 0;
      for (var text : texts.subList(0, 24)) {
        sum += cosineAtTheEnd(model, model.prompts().raw(text + "\n"), unit);
      }
      assertThat(baseCosine(base, "harmful")).isCloseTo(sum / 24, within(ROUNDING));
    }
  }

  /// A4: the chat model's whole template in both, the second reading.
  @Test
  void theBaseIsReadInTheTemplateWhenAskedFor() throws IOException {
    var base = base("--base", "demo-base", "--base-reading", "template");
    assertThat(base.path("reading").asString()).isEqualTo("template");
    double chat = point("plain").path("cosine").path("mean").asDouble();
    var row =
        stream(base.path("points")).stream()
            .filter(p -> p.path("condition").asString().equals("plain"))
            .filter(p -> p.path("layer").asInt() == LAYER)
            .findFirst()
            .orElseThrow();
    assertThat(row.path("chat").path("mean").asDouble()).isCloseTo(chat, within(ROUNDING));
  }

  private static JsonNode base(Object... words) throws IOException {
    var outcome = run(words);
    assertThat(outcome.code()).describedAs(outcome.err()).isZero();
    return JsonMapper.shared().readTree(outcome.out()).path("explanation").path("base");
  }

  private static double baseCosine(JsonNode base, String condition) {
    return stream(base.path("points")).stream()
        .filter(p -> p.path("condition").asString().equals(condition))
        .filter(p -> p.path("layer").asInt() == LAYER)
        .mapToDouble(p -> p.path("base").path("mean").asDouble())
        .sum();
  }

  private static double cosineAtTheEnd(ChatModel model, Prompt prompt, Tensor unit) {
    double[] cosine = new double[1];
    var plan =
        HookPlan.none()
            .probe(
                new HookPoint(LAYER, Site.RESID_PRE),
                (x, _) -> {
                  try (var _ = Scope.open()) {
                    var last = x.row(x.dim(0) - 1);
                    cosine[0] = last.dotRows(unit).item() / last.norm();
                  }
                });
    try (var _ = Scope.open()) {
      model.forward().lastLogits(List.of(prompt.tokens()), plan);
    }
    return cosine[0];
  }

  @Test
  void saysWhatIsWrongInOneLine() throws IOException {
    refused(
        "give it a file", "explain", Cli.checkpoint("llama-gqa-tied"), "--direction", direction);
    refused("no such file", "explain", "demo", "--direction", folder.resolve("nowhere"));
    Path empty = Files.writeString(folder.resolve("empty.txt"), "\n \n");
    refused("holds no suffix", "explain", "demo", "--direction", direction, "--suffix", empty);
    Path nothing = folder.resolve("nothing");
    refused(
        "readout must be",
        "explain",
        "demo",
        "--direction",
        direction,
        "--readout",
        9,
        "--out",
        nothing);
    assertThat(nothing).doesNotExist();
    Path mild = Files.writeString(folder.resolve("mild.txt"), "Name a river.\nBake a cake.\n");
    refused(
        "0 of 2 prompts of mild are refused as they are",
        "explain",
        "demo",
        "--direction",
        direction,
        "--prompts",
        mild,
        "--refusal-tokens",
        "I",
        "--out",
        folder.resolve("mild"));
  }

  private static void refused(String part, Object... words) {
    var outcome = Cli.run(words);
    assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.messages()).hasSize(1).first().asString().contains(part);
  }

  private static JsonNode point(String condition) {
    return point(condition, LAYER);
  }

  private static JsonNode point(String condition, int layer) {
    return stream(found.path("curves")).stream()
        .filter(p -> p.path("condition").asString().equals(condition))
        .filter(p -> p.path("position").asInt() == -1 && p.path("layer").asInt() == layer)
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode condition(String name) {
    return stream(found.path("conditions")).stream()
        .filter(row -> row.path("condition").path("name").asString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static double mass(JsonNode head, String condition, String region) {
    return stream(head.path("conditions")).stream()
        .filter(c -> c.path("written").path("condition").asString().equals(condition))
        .flatMap(c -> stream(c.path("regions")).stream())
        .filter(r -> r.path("region").asString().equals(region))
        .mapToDouble(r -> r.path("mass").path("mean").asDouble())
        .sum();
  }

  private static List<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }
}
