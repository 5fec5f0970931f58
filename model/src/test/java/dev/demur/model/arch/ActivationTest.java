package dev.demur.model.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Finding B4: every activation transformers names, but for those with weights of their own.
class ActivationTest {

  /// Rounding of float32 functions that are written in two ways.
  private static final double TOLERANCE = 2e-6;

  private static JsonNode golden() {
    return new JsonMapper()
        .readTree(Path.of("src/test/resources/golden/activations.json").toFile());
  }

  @Test
  void everyCurveIsThatOfTransformers() {
    var golden = golden();
    float[] x = floats(golden.path("x"));
    for (var curve : golden.path("y").properties()) {
      float[] expected = floats(curve.getValue());
      var activation = Activation.ofName(curve.getKey()).orElseThrow();
      try (var _ = Scope.open()) {
        var up = Tensor.of(x, x.length);
        float[] found = activation.apply(Tensor.of(x, x.length)).toFloats();
        float[] gated = activation.gate(Tensor.of(x, x.length), up).toFloats();
        for (int i = 0; i < x.length; i++) {
          double bound = TOLERANCE * Math.max(1, Math.abs(expected[i]));
          assertThat(found[i])
              .as("%s(%s)", curve.getKey(), x[i])
              .isCloseTo(expected[i], within((float) bound));
          assertThat((double) gated[i])
              .as("%s(%s) as a gate", curve.getKey(), x[i])
              .isCloseTo((double) expected[i] * x[i], within(bound * Math.max(1, Math.abs(x[i]))));
        }
      }
    }
  }

  @Test
  void thoseWithWeightsAreNotKnown() {
    for (var name : golden().path("trained")) {
      assertThat(Activation.ofName(name.asString())).as(name.asString()).isEmpty();
    }
  }

  private static float[] floats(JsonNode numbers) {
    float[] floats = new float[numbers.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers.get(i).asDouble();
    }
    return floats;
  }
}
