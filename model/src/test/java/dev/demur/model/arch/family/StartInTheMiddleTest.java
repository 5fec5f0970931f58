package dev.demur.model.arch.family;

import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Devices;
import dev.demur.kit.EveryDevice;
import dev.demur.kit.Scoped;
import dev.demur.kit.Tolerance;
import dev.demur.model.forward.Forward;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A pass that begins behind some layers is the whole pass, whatever layers read beside the stream.
@Scoped
@EveryDevice
class StartInTheMiddleTest {

  private static final Tolerance ROUNDING =
      Tolerance.ofLargestOrOne(
          5e-5, "two orders of float32 sums over at most 64 terms through a few layers");

  /// Also where late layers look at what earlier ones made, and where layers read the tokens.
  @ParameterizedTest
  @ValueSource(strings = {"qwen3-tied", "gemma4", "gemma4-small"})
  void aPassFromTheMiddleIsAWholePass(String checkpoint) throws IOException {
    try (var files = Checkpoints.open(Checkpoints.named(checkpoint));
        var golden = Checkpoints.golden(Checkpoints.named(checkpoint))) {
      var forward = new Forward(Family.load(files, Devices.held(DType.F32)), 32);
      var ids = Checkpoints.ids(golden, "prompt.0.tokens");
      var prompts = List.of(ids, ids.slice(0, 5), ids.slice(0, 3).plus(ids));
      int last = forward.transformer().config().nLayers() - 1;
      for (int layer = 0; layer <= last; layer++) {
        var plan = HookPlan.none().edit(new HookPoint(layer, Site.ATTN_OUT), x -> x.times(0.5));
        var whole = forward.lastLogits(prompts, plan);
        var from = forward.lastLogitsFrom(forward.streams(prompts), layer, plan);
        assertClose("from layer " + layer, from, whole, ROUNDING);
      }
    }
  }

  @Test
  void keysOfALayerThatLooksAtAnothersAreAnErrorThatNamesIt() throws IOException {
    try (var files = Checkpoints.open(Checkpoints.named("gemma4-small"))) {
      var model = Family.load(files, Devices.held(DType.F32));
      assertThatThrownBy(() -> model.require(new HookPoint(3, Site.V)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("looks at keys and values of layer 1; name that layer");
      assertThatThrownBy(() -> model.requireAttention("a monitor"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("multiplies the whole stream with");
    }
  }
}
