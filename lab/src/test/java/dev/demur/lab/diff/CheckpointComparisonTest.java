package dev.demur.lab.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.AlteredFiles;
import dev.demur.kit.Checkpoints;
import dev.demur.kit.Scoped;
import dev.demur.kit.TinyModels;
import dev.demur.kit.WriterEdits;
import dev.demur.lab.run.Progress;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What a comparison of checkpoints must say, on tiny random ones.
@Scoped
class CheckpointComparisonTest {

  /// What float32 rounding of the edited weights leaves of shares and cosines.
  private static final double ROUNDING = 1e-4;

  private final ModelFiles tiny = TinyModels.files(TinyModels.SEED, 2);

  @Test
  void aCheckpointAgainstItselfShowsNothing() throws IOException {
    var run = compare(tiny, tiny);
    assertThat(run.diff().isEmpty()).isTrue();
    assertThat(run.diff().same()).isEqualTo(tiny.weights().names().size());
    assertThat(run.diff().other()).isEmpty();
    assertThat(run.diff().common()).isEmpty();
    assertThat(run.direction()).isEmpty();
  }

  @Test
  void anOrthogonalisationIsOneDirectionOfRankOne() throws IOException {
    var unit = TinyModels.unit(new Random(5), 24);
    var edited = WriterEdits.edited(tiny, _ -> true, _ -> WriterEdits.removing(unit, 1), "F32");
    var run = CheckpointComparison.of(tiny, edited, Optional.of(unit), Progress.silent());
    var common = run.diff().common().orElseThrow();
    assertThat(common.agreement()).isCloseTo(1, within(ROUNDING));
    assertThat(common.removed()).isCloseTo(1, within(ROUNDING));
    assertThat(common.withGiven().orElseThrow()).isCloseTo(1, within(ROUNDING));
    assertThat(run.direction().orElseThrow().norm()).isCloseTo(1, within(ROUNDING));
    assertThat(run.diff().changed())
        .hasSize(1 + 2 * 3) // the embedding; attention and MLP of three blocks
        .allSatisfy(
            change -> {
              assertThat(change.rankOne()).isCloseTo(1, within(ROUNDING));
              assertThat(change.writer().orElseThrow().alignment()).isCloseTo(1, within(ROUNDING));
              assertThat(change.relative()).isBetween(0.05, 0.6); // about 1/√24
            });
  }

  @Test
  void aChangedReaderIsNamedAndMeasured() throws IOException {
    String name = "model.layers.1.mlp.up_proj.weight";
    var column = Tensor.gaussian(new Random(1), 40);
    var row = Tensor.gaussian(new Random(2), 24);
    var changed =
        new AlteredFiles(
            tiny, (tensor, x) -> tensor.equals(name) ? x.plusOuter(column, row) : x, "F32");
    var diff = compare(tiny, changed).diff();
    var change = diff.changed().getFirst();
    assertThat(diff.changed()).hasSize(1);
    assertThat(change.tensor()).isEqualTo(name);
    assertThat(change.kind()).isEqualTo("other");
    assertThat(change.rankOne()).isCloseTo(1, within(ROUNDING));
    assertThat(change.writer()).isEmpty();
    assertThat(diff.common()).isEmpty();
  }

  @Test
  void aWriterThatChangedAloneHasNothingInCommon() throws IOException {
    var unit = TinyModels.unit(new Random(5), 24);
    var edited =
        WriterEdits.edited(
            tiny,
            w -> w.tensor().equals("model.layers.1.mlp.down_proj.weight"),
            _ -> WriterEdits.removing(unit, 1),
            "F32");
    var run = compare(tiny, edited);
    assertThat(run.diff().common()).isEmpty();
    assertThat(run.direction()).isEmpty();
    assertThat(run.diff().changed())
        .singleElement()
        .satisfies(c -> assertThat(c.kind()).isEqualTo("mlp"))
        .satisfies(c -> assertThat(c.writer()).isEmpty());
  }

  @Test
  void biasesThatWriteToTheStreamAreNotForgotten() throws IOException {
    String name = "model.layers.2.mlp.down_proj.bias";
    var changed =
        new AlteredFiles(tiny, (tensor, x) -> tensor.equals(name) ? x.times(2) : x, "F32");
    assertThat(compare(tiny, changed).diff().changed())
        .singleElement()
        .satisfies(c -> assertThat(c.tensor()).isEqualTo(name))
        .satisfies(c -> assertThat(c.relative()).isCloseTo(1, within(ROUNDING)));
  }

  @Test
  void checkpointsOfOtherShapesAreRefusedInWords() throws IOException {
    try (var other = Checkpoints.open(Checkpoints.named("llama-gqa-tied"))) {
      assertThatThrownBy(() -> compare(tiny, other))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("\"model.embed_tokens.weight\" is [61, 24] in tiny")
          .hasMessageContaining("only checkpoints of one shape can be compared");
    }
  }

  private static CheckpointDiffRun compare(ModelFiles one, ModelFiles two) throws IOException {
    return CheckpointComparison.of(one, two, Optional.empty(), Progress.silent());
  }
}
