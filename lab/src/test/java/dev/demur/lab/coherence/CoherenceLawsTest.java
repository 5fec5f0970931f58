package dev.demur.lab.coherence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.EveryDevice;
import dev.demur.kit.Scoped;
import dev.demur.kit.TinyModels;
import dev.demur.lab.Seeds;
import dev.demur.lab.coherence.Coherence.Stretch;
import dev.demur.lab.coherence.CoherenceProbe.Divergence;
import dev.demur.lab.coherence.Corpus.Kind;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.stats.Bootstrap;
import dev.demur.lab.steer.Variant;
import dev.demur.lab.steer.WeightEdit;
import dev.demur.model.arch.Transformer;
import dev.demur.model.forward.Forward;
import dev.demur.model.forward.Passage;
import dev.demur.model.forward.TeacherForcing;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Equalities that losses and divergences must satisfy.
@Scoped
@EveryDevice
class CoherenceLawsTest {

  /// float32 logits of size about 5, a few nats a token, a dozen tokens a passage.
  private static final double ROUNDING = 1e-4;

  private static final int LAYERS = 3;
  private static final int D_MODEL = 24;
  private static final Bootstrap BOOTSTRAP = new Bootstrap(new Seeds(1), "laws", 200);

  private Transformer model;
  private Corpus corpus;

  @BeforeEach
  void open() {
    model = TinyModels.llama(TinyModels.SEED, 2, DType.F32);
    corpus =
        new Corpus(
            "random",
            Kind.TEXT,
            TinyModels.prompts(TinyModels.SEED, 40).stream().map(Passage::whole).toList());
  }

  @Test
  void aModelThatKnowsNothingLosesTheLogarithmOfItsVocabulary() {
    var silent = HookPlan.none().edit(new HookPoint(LAYERS - 1, Site.RESID_POST), x -> x.times(0));
    for (var row : run(model, List.of(silent))) {
      assertThat(row.nats().getFirst())
          .isCloseTo(row.tokens() * Math.log(TinyModels.VOCAB), within(ROUNDING));
    }
  }

  @Test
  void aModelDoesNotDivergeFromItself() {
    for (var row : run(model, List.of(HookPlan.none(), HookPlan.none()))) {
      assertThat(row.divergence().getFirst()).hasSize(row.tokens()).containsOnly(0.0);
      assertThat(row.nats().get(1)).isEqualTo(row.nats().get(0));
    }
  }

  @Test
  void blocksOfRowsAndBatchesChangeOnlyRounding() {
    var plans = List.of(HookPlan.none(), ablation());
    var whole = run(model, plans);
    var pieces =
        new CoherenceProbe(new TeacherForcing(new Forward(model, 7), plans, 2), Divergence.MEASURED)
            .run(corpus);
    for (int i = 0; i < whole.size(); i++) {
      for (int variant = 0; variant < 2; variant++) {
        assertThat(pieces.get(i).nats().get(variant))
            .isCloseTo(whole.get(i).nats().get(variant), within(ROUNDING));
      }
      for (int t = 0; t < whole.get(i).tokens(); t++) {
        assertThat(pieces.get(i).divergence().getFirst().get(t))
            .isCloseTo(whole.get(i).divergence().getFirst().get(t), within(ROUNDING));
      }
    }
  }

  @Test
  void hooksLoseWhatEditedWeightsLose() {
    var hooks = run(model, List.of(ablation()));
    var edited = model.withWriters(new WeightEdit.Orthogonalize(direction()));
    var weights = run(edited, List.of(HookPlan.none()));
    var plain = run(model, List.of(HookPlan.none()));
    for (int i = 0; i < hooks.size(); i++) {
      assertThat(hooks.get(i).nats().getFirst())
          .isCloseTo(weights.get(i).nats().getFirst(), within(ROUNDING));
    }
    assertThat(hooks).as("the edit does something").isNotEqualTo(plain);
  }

  @Test
  void sumsAreTotalsOverTotalsAndDifferencesArePaired() {
    var rows =
        List.of(
            new PassageScores(0, 1, List.of(4.0, 5.0), List.of(List.of(0.5))),
            new PassageScores(1, 3, List.of(4.0, 3.0), List.of(List.of(0.1, 0.2, 0.3))),
            new PassageScores(2, 0, List.of(0.0, 0.0), List.of(List.of())));
    var summary =
        Coherence.of(
            "text", Kind.TEXT, List.of(Variant.UNEDITED, Variant.ADDITION), rows, BOOTSTRAP);
    var unedited = summary.variants().getFirst();
    assertThat(unedited.loss()).isEqualTo(new CrossEntropy(2, 4, 8));
    assertThat(unedited.loss().perToken()).isEqualTo(2);
    assertThat(unedited.change()).isEmpty();
    var change = summary.variants().get(1).change().orElseThrow();
    assertThat(change.difference()).isZero();
    assertThat(change.interval().low()).isCloseTo(-1.0 / 3, within(1e-12));
    assertThat(change.interval().high()).isEqualTo(1);
    assertThat(change.divergence().orElseThrow()).isCloseTo(1.1 / 4, within(1e-12));
    assertThat(change.along().getFirst()).isEqualTo(new Stretch(1, 1, 2, 0.3));
    assertThat(change.along().get(1)).isEqualTo(new Stretch(2, 3, 2, 0.25));
  }

  @Test
  void divergencesAreLeftOutWhereNotAskedFor() {
    var rows =
        CoherenceProbe.of(
                new Forward(model, 64), List.of(HookPlan.none(), ablation()), Divergence.LEFT_OUT)
            .run(corpus);
    var summary =
        Coherence.of(
            "text", Kind.TEXT, List.of(Variant.UNEDITED, Variant.ABLATION), rows, BOOTSTRAP);
    var change = summary.variants().get(1).change().orElseThrow();
    assertThat(change.divergence()).isEmpty();
    assertThat(change.along()).isEmpty();
    assertThat(change.interval().contains(change.difference())).isTrue();
  }

  private List<PassageScores> run(Transformer transformer, List<HookPlan> plans) {
    return CoherenceProbe.of(new Forward(transformer, 64), plans, Divergence.MEASURED).run(corpus);
  }

  private static HookPlan ablation() {
    return Policy.ablation(direction()).plan(LAYERS);
  }

  private static Direction direction() {
    return Direction.fromMeanDiff(
        Tensor.gaussian(new Random(TinyModels.SEED), D_MODEL),
        new HookPoint(1, Site.RESID_PRE),
        -1);
  }
}
