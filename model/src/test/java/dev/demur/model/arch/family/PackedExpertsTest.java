package dev.demur.model.arch.family;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.model.ModelLocator;
import dev.demur.model.arch.Checkpoints;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// A gpt-oss as it is published, experts in four-bit floats (tools/golden/mxfp4_folder.py).
class PackedExpertsTest {

  /// Two float32 implementations that sum in different orders; the bound the project sets itself.
  private static final double TOLERANCE = 1e-4;

  @Test
  void logitsEqualTransformersWithTheExpertsUnpacked() throws IOException {
    Path folder = Path.of("src/test/resources/golden/mxfp4");
    try (var _ = Scope.open();
        var files = ModelLocator.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var forward = new Forward(Family.load(files, DType.F32), Forward.DEFAULT_BATCH_TOKENS);
      var logits = forward.logits(Checkpoints.ids(golden, "tokens"), HookPlan.none());
      var expected = Checkpoints.tensor(golden, "logits");
      assertThat(logits.shape()).isEqualTo(expected.shape());
      assertThat(logits.minus(expected).abs().max())
          .isLessThanOrEqualTo(TOLERANCE * expected.abs().max());
    }
  }
}
