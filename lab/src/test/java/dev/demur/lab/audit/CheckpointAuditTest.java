package dev.demur.lab.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.EveryCheckpoint;
import dev.demur.kit.Scoped;
import dev.demur.kit.TinyModels;
import dev.demur.kit.WriterEdits;
import dev.demur.lab.run.Progress;
import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.arch.writer.StreamWriter.PostNorm;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.UnaryOperator;

/// The audit on the tiny random checkpoints of every family. Their streams are 12 to 32 wide: the
/// direction is found, but hardly ever is it unlikely enough for a verdict.
@Scoped
class CheckpointAuditTest {

  /// What float32 rounding leaves of a cosine.
  private static final double EXACT = 1e-4;

  @EveryCheckpoint
  void callsNoCleanFamilyEdited(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder)) {
      var result = CheckpointAudit.of(files, Progress.silent()).result();
      assertThat(result.verdict()).isEqualTo(Verdict.CLEAN);
      assertThat(result.layers()).hasSize(2 * result.model().nLayers());
    }
  }

  @EveryCheckpoint
  void findsTheDirectionInEveryFamily(Path folder) throws IOException {
    try (var files = Checkpoints.open(folder)) {
      var unit = TinyModels.unit(new Random(3), CheckpointWriters.of(files).dModel());
      var edited = orthogonal(files, unit);
      var run = CheckpointAudit.of(edited, Progress.silent());
      var candidate = run.result().candidate().orElseThrow();
      assertThat(candidate.gap().rank()).isEqualTo(1);
      assertThat(candidate.energy()).isLessThan(1e-9);
      assertThat(run.directions().orElseThrow().row(0).dotRows(unit).abs().item())
          .isGreaterThan(1 - EXACT);
      assertThat(run.result().matrices()).allMatch(m -> m.energy() < 1e-9);
    }
  }

  /// Orthogonalised as an exact edit does it: behind a norm, against γ ⊙ r̂.
  private static ModelFiles orthogonal(ModelFiles files, Tensor unit) throws IOException {
    return WriterEdits.edited(files, _ -> true, writer -> removing(files, writer, unit), "F32");
  }

  private static UnaryOperator<Tensor> removing(
      ModelFiles files, StreamWriter writer, Tensor unit) {
    var seen = writer.after().map(norm -> scale(files, norm).times(unit)).orElse(unit);
    return WriterEdits.removing(seen.times(1 / seen.norm()), 1);
  }

  private static Tensor scale(ModelFiles files, PostNorm norm) {
    try {
      return norm.scale(name -> files.weights().load(name, DType.F32));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
