package dev.demur.model.arch.family;

import static dev.demur.kit.Tolerance.FLOAT32;
import static dev.demur.kit.Tolerance.assertClose;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Devices;
import dev.demur.kit.EveryDevice;
import dev.demur.kit.Scoped;
import dev.demur.model.ModelLocator;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// A gpt-oss as it is published, experts in four-bit floats (tools/golden/mxfp4_folder.py).
@Scoped
@EveryDevice
class PackedExpertsTest {

  @Test
  void logitsEqualTransformersWithTheExpertsUnpacked() throws IOException {
    Path folder = Path.of("src/test/resources/golden/mxfp4");
    try (var files = ModelLocator.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var forward = new Forward(Family.load(files, Devices.held(DType.F32)));
      var logits = forward.logits(Checkpoints.ids(golden, "tokens"), HookPlan.none());
      assertClose(logits, Checkpoints.tensor(golden, "logits"), FLOAT32);
    }
  }
}
