package dev.demur.model.arch;

import static dev.demur.kit.Tolerance.assertClose;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Scoped;
import dev.demur.kit.Tolerance;
import dev.demur.model.arch.family.Family;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Rows;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Meter;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Prompts of hundreds of tokens attend in the fused kernel, alone and beside equally long ones.
@Scoped
class FusedAttentionTest {

  private static final Tolerance SAME =
      Tolerance.ofLargestOrOne(1e-5, "float32 sums of up to 300 products in another order");

  private static final int HEADS = 6;
  private static final int KV_HEADS = 2;
  private static final int WIDTH = 16;

  private final SplittableRandom random = new SplittableRandom(5);

  @ParameterizedTest
  @ValueSource(ints = {100, 1000})
  void attendsAsWhereThePatternIsLookedAt(int window) throws IOException {
    var rows = Rows.of(List.of(0, 1, 2, 3), List.of(300, 300, 150, 33));
    var q = Tensor.gaussian(random, rows.tokens(), HEADS, WIDTH);
    var k = Tensor.gaussian(random, rows.tokens(), KV_HEADS, WIDTH);
    var v = Tensor.gaussian(random, rows.tokens(), KV_HEADS, WIDTH);
    var shown = HookPlan.none().probe(new HookPoint(0, Site.PATTERN), (_, _) -> {});
    int threads = Torch.threads();
    try (var _ = Torch.inference()) {
      Torch.threads(
          2); // with threads that share, products inside of the kernel must not share again
      assertClose(
          mixed(HookPlan.none(), rows, window, q, k, v), mixed(shown, rows, window, q, k, v), SAME);
      assertThat(Torch.threads()).isEqualTo(2);
    } finally {
      Torch.threads(threads);
    }
  }

  /// Scores, a mask and weights of 300 × 300 would be many times this.
  @Test
  void readsKeysAndValuesOnceAndWritesNoPattern() throws IOException {
    var rows = Rows.of(List.of(0), List.of(300));
    var q = Tensor.gaussian(random, rows.tokens(), HEADS, WIDTH);
    var k = Tensor.gaussian(random, rows.tokens(), KV_HEADS, WIDTH);
    var v = Tensor.gaussian(random, rows.tokens(), KV_HEADS, WIDTH);
    try (var _ = Torch.inference();
        var meter = Meter.open(Part.REST)) {
      mixed(HookPlan.none(), rows, 1000, q, k, v);
      var tally = requireNonNull(meter.tallies().get(Part.ATTENTION), "attention ran");
      long queries = 4L * rows.tokens() * HEADS * WIDTH;
      // Queries, keys and values as the heads see them, and z, which is then put in order.
      assertThat(tally.read()).isLessThanOrEqualTo(3 * queries);
      assertThat(tally.written()).isLessThanOrEqualTo(2 * queries);
    }
  }

  private static Tensor mixed(HookPlan plan, Rows rows, int window, Tensor q, Tensor k, Tensor v)
      throws IOException {
    try (var files = Checkpoints.open(Checkpoints.named("llama-gqa-tied"));
        var whole = Scope.open()) {
      var model = Family.load(files, Holding.decoded(DType.F32));
      var pass = new Pass(rows, new Past.Nothing(), plan);
      var blocks = model.blocks();
      var tables = PassTables.of(blocks, pass, Lent.among(blocks), Optional.empty(), whole);
      var looking =
          new Looking(
              0,
              OptionalInt.empty(),
              new Attention.Shape(HEADS, KV_HEADS, WIDTH, WIDTH),
              Scoring.scaled(0.3).withWindow(OptionalInt.of(window)),
              pass,
              tables,
              DevicePolicy.of(Device.CPU));
      Part.ATTENTION.begins();
      var z = looking.mix(q, k, v);
      Part.REST.begins();
      return whole.keep(z);
    }
  }
}
