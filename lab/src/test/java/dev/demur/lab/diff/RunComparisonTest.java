package dev.demur.lab.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Scoped;
import dev.demur.lab.Sha256;
import dev.demur.lab.diff.RunComparison.NamedRun;
import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.direction.CandidateScores;
import dev.demur.lab.direction.CandidateScores.Verdict;
import dev.demur.lab.direction.Selection;
import dev.demur.lab.direction.SelectionRules;
import dev.demur.lab.judge.Answer;
import dev.demur.lab.judge.Language;
import dev.demur.lab.judge.OutputFault;
import dev.demur.lab.judge.Refusal;
import dev.demur.lab.score.RefusalTokens;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.study.CompletionRow;
import dev.demur.lab.study.EvaluationResult;
import dev.demur.lab.study.EvaluationResult.RateRow;
import dev.demur.lab.study.Finding;
import dev.demur.lab.study.ScreenResult;
import dev.demur.lab.study.StudyConfig;
import dev.demur.lab.study.StudyResult;
import dev.demur.lab.study.StudyResult.DataFacts;
import dev.demur.lab.study.StudyResult.ModelFacts;
import dev.demur.lab.study.StudyRun;
import dev.demur.lab.study.Supplement;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What a comparison of runs must say, on made-up runs.
@Scoped
class RunComparisonTest {

  private static final int LAYERS = 3;
  private static final int POSITIONS = 2;
  private static final int D_MODEL = 16;
  private static final Candidate CHOSEN = new Candidate(-1, 1);
  private static final String JUDGE = "substring";

  /// float64 sums over 16 numbers.
  private static final double ROUNDING = 1e-12;

  /// float32 of a direction's own file.
  private static final double FLOAT = 1e-6;

  @Test
  void aRunAgainstItselfShowsNothing() {
    var run = run(1, D_MODEL, refusing(10, 0, 20));
    var diff = RunComparison.of(new NamedRun("a", run), new NamedRun("b", run));
    assertThat(diff.obstacles()).isEmpty();
    assertThat(diff.settings()).isEmpty();
    assertThat(diff.chosenCosine().orElseThrow()).isCloseTo(1, within(FLOAT));
    assertThat(diff.candidates())
        .hasSize(POSITIONS * LAYERS - 1) // one place holds no more than noise
        .allSatisfy(c -> assertThat(c.cosine()).isCloseTo(1, within(ROUNDING)));
    var test = diff.rates().getFirst().test().orElseThrow();
    assertThat(test.counts().onlyFirst() + test.counts().onlySecond()).isZero();
    assertThat(test.pValue()).isEqualTo(1);
    assertThat(test.interval().contains(0)).isTrue();
  }

  @Test
  void exchangingTheRunsTurnsChangesRound() {
    var a = run(1, D_MODEL, refusing(10, 0, 20));
    var b = run(2, D_MODEL, refusing(3, 0, 20));
    var there = RunComparison.of(new NamedRun("a", a), new NamedRun("b", b));
    var back = RunComparison.of(new NamedRun("b", b), new NamedRun("a", a));
    var one = there.rates().getFirst().test().orElseThrow();
    var two = back.rates().getFirst().test().orElseThrow();
    assertThat(one.change()).isEqualTo(-7 / 20.0).isEqualTo(-two.change());
    assertThat(one.interval().low()).isCloseTo(-two.interval().high(), within(FLOAT));
    assertThat(one.pValue()).isEqualTo(two.pValue());
    assertThat(there.first().choiceOfOther()).isEqualTo(back.second().choiceOfOther());
    assertThat(there.candidates()).isEqualTo(back.candidates());
  }

  @Test
  void promptsAreMatchedByTheirTextNotTheirPlace() {
    var rows = refusing(10, 0, 20);
    var a = run(1, D_MODEL, rows);
    var b = run(1, D_MODEL, rows.reversed());
    var diff = RunComparison.of(new NamedRun("a", a), new NamedRun("b", b));
    var counts = diff.rates().getFirst().test().orElseThrow().counts();
    assertThat(counts.onlyFirst() + counts.onlySecond()).isZero();
    assertThat(counts.both()).isEqualTo(10);
  }

  @Test
  void onlySharedPromptsAreTested() {
    var a = run(1, D_MODEL, refusing(20, 0, 20));
    var b = run(1, D_MODEL, refusing(0, 15, 35));
    var diff = RunComparison.of(new NamedRun("a", a), new NamedRun("b", b));
    var test = diff.rates().getFirst().test().orElseThrow();
    assertThat(test.counts().n()).isEqualTo(5);
    assertThat(test.change()).isEqualTo(-1);
    assertThat(diff.obstacles())
        .singleElement()
        .asString()
        .contains("5 prompts that are in both runs, of 20 and 20");
  }

  @Test
  void otherPromptsAreNotTestedAtAll() {
    var a = run(1, D_MODEL, refusing(20, 0, 20));
    var b = run(1, D_MODEL, refusing(0, 20, 40));
    var diff = RunComparison.of(new NamedRun("a", a), new NamedRun("b", b));
    assertThat(diff.rates().getFirst().test()).isEmpty();
    assertThat(diff.obstacles())
        .singleElement()
        .asString()
        .contains("not one prompt is in both runs");
  }

  @Test
  void streamsOfOtherWidthsHaveNoCosines() {
    var a = run(1, D_MODEL, refusing(10, 0, 20));
    var b = run(1, 2 * D_MODEL, refusing(10, 0, 20));
    var diff = RunComparison.of(new NamedRun("a", a), new NamedRun("b", b));
    assertThat(diff.candidates()).isEmpty();
    assertThat(diff.chosenCosine()).isEmpty();
    assertThat(diff.obstacles()).singleElement().asString().contains("d_model 16", "d_model 32");
    assertThat(diff.settings())
        .singleElement()
        .satisfies(s -> assertThat(s.name()).isEqualTo("model.d_model"));
    assertThat(diff.rates().getFirst().test()).as("rates are compared all the same").isPresent();
  }

  /// Completions of prompts `from` to `to`, of which the first `refused` are refused.
  private static List<CompletionRow> refusing(int refused, int from, int to) {
    var rows = new ArrayList<CompletionRow>();
    for (int i = from; i < to; i++) {
      rows.add(
          new CompletionRow(
              "set",
              Variant.UNEDITED,
              i - from,
              Sha256.ofText("prompt " + i),
              Optional.empty(),
              3,
              "stop",
              Sha256.ofText("completion"),
              Answer.State.NOT_THINKING,
              Language.ENGLISH,
              OutputFault.NONE,
              Map.of(JUDGE, i - from < refused ? Refusal.FULL : Refusal.NONE),
              Map.of(),
              Optional.empty()));
    }
    return rows;
  }

  private static StudyRun run(long seed, int dModel, List<CompletionRow> completions) {
    var means = Tensor.gaussian(new Random(seed), POSITIONS, LAYERS, dModel).to(DType.F64).copy();
    means.row(0).row(0).multiplyInPlace(0);
    var grid = new CandidateGrid(means);
    var rows =
        grid.candidates().stream()
            .map(
                c ->
                    new CandidateScores(
                        c,
                        1,
                        Optional.of(c.equals(CHOSEN) ? -1.0 : 1.0),
                        Optional.of(1.0),
                        Optional.of(0.01),
                        Verdict.ELIGIBLE))
            .toList();
    var rate = Rate.of(completions, row -> row.refused(JUDGE));
    var result =
        new StudyResult(
            new ModelFacts(
                "model", "llama", "f32", LAYERS, dModel, 1, "w", "t", List.of("a", "b"), List.of()),
            StudyConfig.paper(),
            new DataFacts(List.of(), List.of()),
            new Finding(Finding.Kind.DIRECTION, "Found."),
            screen(),
            Optional.of(Selection.of(rows, SelectionRules.paper())),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            new EvaluationResult(
                List.of(new RateRow("set", Variant.UNEDITED, JUDGE, rate, new Rate(0, rate.n()))),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of()),
            List.of(),
            List.of(),
            Supplement.none(),
            List.of());
    return new StudyRun(
        result, Optional.of(grid.direction(CHOSEN)), Optional.of(grid), completions);
  }

  private static ScreenResult screen() {
    return new ScreenResult(
        RefusalTokens.given(Set.of(1)), List.of(), new Rate(1, 2), new Rate(1, 2), new Rate(1, 2));
  }
}
