package dev.demur.model.forward;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Devices;
import dev.demur.kit.LoadedLibraries;
import dev.demur.kit.Scoped;
import dev.demur.model.arch.Holding;
import dev.demur.model.arch.Holding.Quantised;
import dev.demur.model.arch.Pass;
import dev.demur.model.arch.Past;
import dev.demur.model.arch.Placement;
import dev.demur.model.arch.Transformer;
import dev.demur.model.arch.family.Family;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Rows;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A pass asks the card for nothing until a number of its result is read: libtorch is told to throw
/// where the host would wait for the card.
@Tag("gpu")
@Scoped
class CardSyncTest {

  private static final Device CARD = Devices.card();

  /// `c10::cuda::warning_state()`, whose first member is what `torch.cuda.set_sync_debug_mode`
  /// sets.
  private static final String MODE = "_ZZN3c104cuda13warning_stateEvE14warning_state_";

  private static final int THROW = 2;
  private static final int NOTHING = 0;
  private static final int PROMPT = 9;

  /// Enough to say where.
  private static final int FRAMES = 6;

  @BeforeEach
  void there() {
    assumeTrue(CARD.kind() == Device.Kind.CUDA, "nothing waits for " + CARD);
    Devices.require(CARD);
  }

  @Test
  void readingANumberIsSeen() {
    var one = Tensor.of(new float[] {1}, 1).on(CARD);
    assertThatThrownBy(() -> watched(one::item)).hasMessageContaining("synchronizing");
  }

  @Test
  void promptsAreReadAndTokensWrittenWithoutWaiting() throws IOException {
    try (var files = Checkpoints.open(Checkpoints.named("qwen2-untied"))) {
      for (var dtype : List.of(DType.F32, DType.BF16)) {
        var model = Family.load(files, new Holding(dtype, Quantised.DECODED, Placement.on(CARD)));
        var plan = ablation(model);
        passes(model, plan); // kernels are loaded, memory is taken
        assertThatCode(() -> watched(() -> passes(model, plan))).doesNotThrowAnyException();
      }
    }
  }

  /// Two prompts into a cache, a token of each behind them, and both without one.
  private static void passes(Transformer model, HookPlan plan) {
    var ids = Tensor.ofIndices(IntStream.range(3, 3 + 2 * PROMPT));
    var cache = model.cache(model.cacheType(), 2, 2 * PROMPT);
    var slots = new Past.Slots(cache, List.of(0, 1));
    var prompts = new Pass(Rows.beginning(List.of(0, 1), PROMPT), slots, plan);
    model.greedy(model.lastRows(model.embed(ids, prompts), 0, prompts));
    var next = new Pass(Rows.from(List.of(0, 1), List.of(1, 1), List.of(0, 0)), slots, plan);
    model.greedy(model.lastRows(model.embed(ids.narrow(0, 0, 2), next), 0, next));
    var alone = new Pass(Rows.beginning(List.of(0, 1), PROMPT), new Past.Nothing(), plan);
    model.unembed(model.lastRows(model.embed(ids, alone), 0, alone));
  }

  private static HookPlan ablation(Transformer model) {
    var unit = Tensor.gaussian(new SplittableRandom(1), model.config().dModel()).on(CARD);
    var plan = HookPlan.none();
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      plan =
          plan.edit(
              new HookPoint(layer, Site.RESID_PRE),
              x -> x.plusOuter(x.dotRows(unit).times(-1), unit));
    }
    return plan;
  }

  private static void watched(Runnable work) {
    var mode = mode();
    mode.set(ValueLayout.JAVA_INT, 0, THROW);
    try {
      work.run();
    } catch (RuntimeException e) {
      var places =
          Arrays.stream(e.getStackTrace())
              .filter(frame -> frame.getClassName().startsWith("dev.demur.model"))
              .limit(FRAMES)
              .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
              .toList();
      throw new IllegalStateException(
          e.getMessage().lines().findFirst().orElse("") + " at " + places);
    } finally {
      mode.set(ValueLayout.JAVA_INT, 0, NOTHING);
    }
  }

  @SuppressWarnings("restricted") // the first member alone
  private static MemorySegment mode() {
    return LoadedLibraries.find("libc10_cuda.so", MODE).reinterpret(Integer.BYTES);
  }
}
