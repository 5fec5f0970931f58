package dev.demur.model.arch;

import static dev.demur.kit.Tolerance.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Devices;
import dev.demur.kit.EveryDevice;
import dev.demur.kit.Scoped;
import dev.demur.kit.Tolerance;
import dev.demur.model.arch.family.Family;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.Rows;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The memory of recurrent layers: a chunk is its tokens one by one, and a cache knows where it is.
@Scoped
@EveryDevice
class LinearRecurrenceTest {

  private static final Tolerance ROUNDING =
      Tolerance.ofLargestOrOne(1e-4, "products within chunks of 64 tokens in another order");

  /// Lengths within a chunk, at its border and over several.
  @ParameterizedTest
  @CsvSource({"1,true", "7,true", "64,true", "65,true", "200,true", "7,false", "130,false"})
  void chunksAreTheirTokensOneByOne(int length, boolean delta) {
    var random = new SplittableRandom(length);
    var q = Tensor.gaussian(random, 2, 3, length, 6).times(0.4);
    var k = Tensor.gaussian(random, 2, 3, length, 6);
    k = k.dividedBy(k.square().sum(3).sqrt().unsqueeze(3));
    var v = Tensor.gaussian(random, 2, 3, length, 5);
    var decay = Neural.softplus(Tensor.gaussian(random, 2, 3, length)).times(-0.3);
    var strength =
        delta
            ? Optional.of(Neural.sigmoid(Tensor.gaussian(random, 2, 3, length)))
            : Optional.<Tensor>empty();
    var state = Tensor.gaussian(random, 2, 3, 6, 5);
    var run = new LinearRecurrence(q, k, v, decay, strength).from(state);
    var outs = new ArrayList<Tensor>();
    for (int t = 0; t < length; t++) {
      var key = k.narrow(2, t, 1).transpose(2, 3); // [2, 3, 6, 1]
      var value = v.narrow(2, t, 1);
      state = state.times(decay.narrow(2, t, 1).exp().unsqueeze(3));
      if (strength.isPresent()) {
        var held = state.times(key).sum(2).unsqueeze(2);
        value = value.minus(held).times(strength.get().narrow(2, t, 1).unsqueeze(3));
      }
      state = state.plus(key.times(value));
      outs.add(q.narrow(2, t, 1).matmul(state));
    }
    assertClose("y", run.out(), Tensor.cat(outs, 2), ROUNDING);
    assertClose("S", run.after().getFirst(), state, ROUNDING);
  }

  @Test
  void aCacheWithAStateGoesBackToItsStartAndNoOtherLength() throws IOException {
    try (var files = Checkpoints.open(Checkpoints.named("qwen3.5"));
        var _ = Torch.inference()) {
      var model = Family.load(files, Devices.held(DType.F32));
      var cache = model.cache(DType.F32, 2, 16);
      float[] once = run(model, cache, 9).toFloats();
      assertThatThrownBy(() -> cache.truncate(0, 4))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "slot 0 holds the state behind 9 tokens of a recurrent layer, which cannot go back to"
                  + " 4; read the sequence from its start");
      cache.truncate(0, 9);
      cache.truncate(0, 0);
      assertThat(run(model, cache, 9).toFloats()).isEqualTo(once);
      cache.copy(0, 1);
      assertThat(cache.length(1)).isEqualTo(9);
    }
  }

  private static Tensor run(Transformer model, KvCache cache, int tokens) {
    var past = new Past.Slots(cache, List.of(0));
    var pass = new Pass(Rows.single(0, tokens), past, HookPlan.none());
    var embedded = model.embed(Tensor.ofIndices(IntStream.range(3, 3 + tokens)), pass);
    return model.stream(embedded, 0, model.config().nLayers(), pass);
  }
}
