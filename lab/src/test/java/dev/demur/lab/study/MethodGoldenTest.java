package dev.demur.lab.study;

import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Scoped;
import dev.demur.kit.Tolerance;
import dev.demur.lab.Seeds;
import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.direction.CandidateScores.Verdict;
import dev.demur.lab.direction.ChoiceEstimate;
import dev.demur.lab.direction.PromptActivations;
import dev.demur.lab.direction.ScoredCandidate;
import dev.demur.lab.direction.Selection;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.direction.SelectionRules.Criterion;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.run.Workers;
import dev.demur.lab.score.RefusalScore;
import dev.demur.lab.steer.Cosmic;
import dev.demur.model.ModelLocator;
import dev.demur.model.arch.family.Family;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Extraction and selection against a plain re-statement of the method over transformers
/// (tools/golden/method.py), from token ids to the chosen candidate.
@Scoped
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MethodGoldenTest {

  private static final Tolerance SCORES =
      Tolerance.ofLargest(1e-4, "logarithms of float32 softmaxes of two implementations").at(1);

  /// Means of float32 streams of size about 10.
  private static final double MEAN_TOLERANCE = 1e-5;

  private static final Path GOLDEN = Path.of("src/test/resources/golden/method");

  private final JsonNode golden =
      JsonMapper.shared().readTree(GOLDEN.resolve("method.json").toFile());

  private ModelFiles files;
  private Forward forward;

  @BeforeAll
  void open() throws IOException {
    files = ModelLocator.open(GOLDEN.resolve("checkpoint"));
    forward = new Forward(Family.load(files, DType.F32), 64);
  }

  @AfterAll
  void close() {
    files.close();
  }

  @Test
  void refusalScoresAndTheScreenAreTheSame() {
    for (String set : List.of("target_train", "baseline_train", "target_val", "baseline_val")) {
      var logits = forward.lastLogits(prompts(set), HookPlan.none());
      var scores = RefusalScore.of(logits, refusalTokens());
      double sign = set.startsWith("target") ? 1 : -1;
      for (int i = 0; i < scores.size(); i++) {
        assertClose(set, scores.get(i), golden.at("/scores/" + set).get(i).doubleValue(), SCORES);
      }
      assertThat(IntStream.range(0, scores.size()).filter(i -> sign * scores.get(i) > 0).boxed())
          .isEqualTo(kept(set));
    }
  }

  @Test
  void meanDifferencesAreTheSame() throws IOException {
    try (var expected = Safetensors.open(GOLDEN.resolve("method.safetensors"))) {
      long[] shape =
          expected.info("mean_diffs").shape().stream().mapToLong(Long::longValue).toArray();
      var diffs = Tensor.map(expected.bytes("mean_diffs"), DType.F64, shape);
      assertThat(grid().meanDiffs().minus(diffs).abs().max()).isLessThan(MEAN_TOLERANCE);
    }
  }

  @Test
  void everyCandidateHasTheSameScoresAndTheSameOneIsChosen(@TempDir Path folder)
      throws IOException {
    var full = select(StudyConfig.Grid.FULL, folder.resolve("full"));
    for (int i = 0; i < full.rows().size(); i++) {
      var row = full.rows().get(i);
      var expected = golden.at("/candidates").get(i);
      assertThat(row.candidate().position()).isEqualTo(expected.get("position").intValue());
      assertThat(row.candidate().layer()).isEqualTo(expected.get("layer").intValue());
      assertThat(row.verdict() == Verdict.NOISE).isEqualTo(expected.get("noise").booleanValue());
      if (row.verdict() != Verdict.NOISE) {
        assertClose(
            "bypass", row.bypass().orElseThrow(), expected.get("bypass").doubleValue(), SCORES);
        assertClose(
            "induce", row.induce().orElseThrow(), expected.get("induce").doubleValue(), SCORES);
        assertClose("kl", row.kl().orElseThrow(), expected.get("kl").doubleValue(), SCORES);
        assertThat(row.verdict() == Verdict.ELIGIBLE)
            .as("" + row)
            .isEqualTo(expected.get("dropped").isEmpty());
      }
    }
    var chosen = full.chosen().orElseThrow().candidate();
    assertThat(chosen.position()).isEqualTo(golden.at("/selected/position").intValue());
    assertThat(chosen.layer()).isEqualTo(golden.at("/selected/layer").intValue());

    var pruned = select(StudyConfig.Grid.PRUNED, folder.resolve("pruned"));
    assertThat(pruned.chosen()).as("pruning changes no choice").isEqualTo(full.chosen());
  }

  @Test
  void workersScoreEveryCandidateAlike(@TempDir Path folder) throws IOException {
    var alone = scored(StudyConfig.Grid.FULL, folder.resolve("alone"), 2);
    List<ScoredCandidate> beside;
    try (var _ = Workers.hire()) {
      beside = scored(StudyConfig.Grid.FULL, folder.resolve("beside"), 2);
    }
    for (int i = 0; i < alone.size(); i++) {
      assertThat(beside.get(i).scores().verdict()).isEqualTo(alone.get(i).scores().verdict());
      assertAllClose(alone.get(i).bypass(), beside.get(i).bypass());
      assertAllClose(alone.get(i).induce(), beside.get(i).induce());
      assertAllClose(alone.get(i).kl(), beside.get(i).kl());
    }
    assertThat(beside).anyMatch(row -> !row.bypass().isEmpty());
  }

  private static void assertAllClose(List<Double> expected, List<Double> seen) {
    assertThat(seen).hasSameSizeAs(expected);
    for (int i = 0; i < seen.size(); i++) {
      Tolerance.assertClose("prompt " + i, seen.get(i), expected.get(i), SCORES);
    }
  }

  @Test
  void halvingChoosesTheSameAndMixesNoMeans(@TempDir Path folder) throws IOException {
    int times = 6; // the fixture's prompts are too few for rounds
    var full = scored(StudyConfig.Grid.FULL, folder.resolve("full"), times);
    var halved = scored(StudyConfig.Grid.HALVED, folder.resolve("halved"), times);
    assertThat(selection(halved).chosen().map(CandidateScores::candidate))
        .isEqualTo(selection(full).chosen().map(CandidateScores::candidate));
    assertThat(halved).anyMatch(row -> row.scores().verdict() == Verdict.DROPPED_EARLY);
    for (int i = 0; i < full.size(); i++) {
      var row = halved.get(i);
      assertThat(row.scores().candidate()).isEqualTo(full.get(i).scores().candidate());
      if (row.scores().verdict() != Verdict.DROPPED_EARLY) {
        assertThat(row.induce().size()).isIn(0, full.get(i).induce().size());
        assertThat(row.kl().size()).isIn(0, full.get(i).kl().size());
        assertThat(row.bypass().size()).isIn(0, full.get(i).bypass().size());
      }
    }
    var rules = StudyConfig.paper().rules();
    int layers = forward.transformer().config().nLayers();
    assertThat(new ChoiceEstimate(halved, rules, layers, new Seeds(1)).choice()).isPresent();
  }

  /// COSMIC's scores against tools/golden/cosmic.py.
  @Test
  void cosmicScoresEveryCandidateAsItsFormulaDoes() {
    var cosmic = cosmic();
    var expected = JsonMapper.shared().readTree(GOLDEN.resolve("cosmic.json").toFile());
    assertThat(cosmic.layers())
        .isEqualTo(expected.at("/layers").values().stream().map(JsonNode::intValue).toList());
    var grid = grid();
    for (int i = 0; i < grid.candidates().size(); i++) {
      var score = expected.at("/scores").get(i);
      if (!score.isNull()) {
        var direction = grid.direction(grid.candidates().get(i));
        assertClose("cosmic", cosmic.of(direction), score.doubleValue(), SCORES);
      }
    }
  }

  @Test
  void cosmicChoosesTheHighestScoreWhateverRefusalTokensSay(@TempDir Path folder)
      throws IOException {
    var rules = StudyConfig.paper().rules().by(Criterion.COSMIC);
    var scored = scored(StudyConfig.Grid.FULL, folder, 1, rules);
    var cosmic = cosmic();
    var stage = new CosmicScores("cosmic", grid(), CosmicScores.eligible(scored), cosmic, 1);
    try (var store = RunStore.at(folder)) {
      var rows = stage.added(scored, store.get(stage, Progress.silent()));
      var chosen = Selection.of(rows, rules).chosen().orElseThrow();
      assertThat(rows).noneMatch(row -> row.verdict() == Verdict.INDUCE_TOO_LOW);
      assertThat(rows.stream().flatMap(row -> row.cosmic().stream()))
          .as("all that pass the filters are scored, and none scores higher")
          .hasSize(stage.size())
          .allMatch(score -> score <= chosen.cosmic().orElseThrow());
    }
  }

  private Cosmic cosmic() {
    return new Cosmic(
        forward,
        pick(prompts("target_val"), kept("target_val")),
        pick(prompts("baseline_val"), kept("baseline_val")),
        Cosmic.layers(last(mean("target_train")), last(mean("baseline_train"))));
  }

  private static Tensor last(Tensor means) {
    return means.row(means.dim(0) - 1);
  }

  private Selection select(StudyConfig.Grid wanted, Path folder) throws IOException {
    return selection(scored(wanted, folder, 1));
  }

  private static Selection selection(List<ScoredCandidate> scored) {
    return Selection.of(
        scored.stream().map(ScoredCandidate::scores).toList(), StudyConfig.paper().rules());
  }

  /// @param times how often each validation prompt is taken
  private List<ScoredCandidate> scored(StudyConfig.Grid wanted, Path folder, int times)
      throws IOException {
    return scored(wanted, folder, times, StudyConfig.paper().rules());
  }

  private List<ScoredCandidate> scored(
      StudyConfig.Grid wanted, Path folder, int times, SelectionRules rules) throws IOException {
    var harmful = repeated(pick(prompts("target_val"), kept("target_val")), times);
    var harmless = repeated(pick(prompts("baseline_val"), kept("baseline_val")), times);
    var grid = grid();
    var race =
        CandidateRace.of(
            grid,
            rules,
            wanted,
            new CandidatePasses.Validation(
                harmful, harmless, forward.lastLogits(harmless, HookPlan.none())),
            part -> new CandidatePasses(forward, grid, refusalTokens(), part));
    try (var store = RunStore.at(folder)) {
      return store.get(new ScoreCandidates(wanted, grid, race), Progress.silent());
    }
  }

  private static List<TokenIds> repeated(List<TokenIds> prompts, int times) {
    return Collections.nCopies(times, prompts).stream().flatMap(List::stream).toList();
  }

  private CandidateGrid grid() {
    return CandidateGrid.between(mean("target_train"), mean("baseline_train"));
  }

  private Tensor mean(String set) {
    var prompts = prompts(set);
    var seen =
        PromptActivations.of(forward, prompts, golden.at("/eoi/ids").size(), HookPlan.none());
    return PromptActivations.mean(seen.values(), kept(set));
  }

  private List<TokenIds> prompts(String set) {
    return golden.at("/ids/" + set).values().stream().map(MethodGoldenTest::ids).toList();
  }

  private List<Integer> kept(String set) {
    return golden.at("/kept/" + set).values().stream().map(JsonNode::intValue).toList();
  }

  private Set<Integer> refusalTokens() {
    return golden.at("/refusal_tokens").values().stream()
        .map(JsonNode::intValue)
        .collect(Collectors.toSet());
  }

  private static TokenIds ids(JsonNode list) {
    return TokenIds.of(list.values().stream().map(JsonNode::intValue).toList());
  }

  private static List<TokenIds> pick(List<TokenIds> prompts, List<Integer> places) {
    return places.stream().map(prompts::get).toList();
  }
}
