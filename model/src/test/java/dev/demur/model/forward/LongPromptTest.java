package dev.demur.model.forward;

import static dev.demur.kit.Tolerance.assertClose;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Devices;
import dev.demur.kit.EveryDevice;
import dev.demur.kit.Scoped;
import dev.demur.kit.Tolerance;
import dev.demur.model.arch.Pass;
import dev.demur.model.arch.Past;
import dev.demur.model.arch.Transformer;
import dev.demur.model.arch.family.Family;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.Rows;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import dev.demur.model.text.TokenIds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Long prompts, whose attention runs in the fused kernel or, with caps and sinks, in blocks of
/// queries, are what short pieces of them are.
@Scoped
@EveryDevice
class LongPromptTest {

  private static final Tolerance ROUNDING =
      Tolerance.ofLargestOrOne(1e-4, "float32 sums over 700 keys in another order");

  private static final int LENGTH = 700;

  /// Too short for blocks.
  private static final int PIECE = 50;

  @ParameterizedTest
  @ValueSource(strings = {"llama-gqa-tied", "mistral-window", "gemma2", "gpt-oss", "qwen2-tied"})
  void equalThePiecesTheyAreMadeOf(String name) throws IOException {
    try (var _ = Torch.inference();
        var files = Checkpoints.open(Checkpoints.named(name));
        var golden = Checkpoints.golden(Checkpoints.named(name))) {
      var model = Family.load(files, Devices.held(DType.F32));
      var ids = repeated(Checkpoints.ids(golden, "prompt.0.tokens"));
      var cache = model.cache(DType.F32, 1, LENGTH);
      var whole = run(model, ids, new Past.Nothing());
      for (int start = 0; start < LENGTH; start += PIECE) {
        var past = new Past.Slots(cache, List.of(0));
        var piece = run(model, ids.slice(start, start + PIECE), past);
        var expected = whole.narrow(0, start, PIECE);
        assertClose("from token " + start, piece, expected, ROUNDING);
      }
    }
  }

  private static Tensor run(Transformer model, TokenIds ids, Past past) {
    var pass = new Pass(Rows.single(0, ids.size()), past, HookPlan.none());
    var embedded = model.embed(Tensor.ofIndices(ids.stream()), pass);
    return model.stream(embedded, 0, model.config().nLayers(), pass);
  }

  private static TokenIds repeated(TokenIds ids) {
    var all = new ArrayList<Integer>();
    for (int i = 0; i < LENGTH; i++) {
      all.add(ids.stream().toArray()[i * 7 % ids.size()]);
    }
    return TokenIds.of(all);
  }
}
