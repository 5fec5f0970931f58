package dev.demur.model.tensor;

import java.util.OptionalInt;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;

/// Attention of several sequences at once that lie one behind the other, whatever their lengths:
/// libtorch's `aten::_flash_attention_forward`, which its Java bindings have under no name of its
/// own (Dao 2023, arXiv 2307.08691).
public final class FlashAttention {

  /// Heads wider than this, or of a width that is no multiple of 8, have no kernel.
  private static final int WIDEST = 256;

  private static final int WIDTH_STEP = 8;

  private static final OperatorHandle OPERATION = operation();

  private FlashAttention() {}

  private static OperatorHandle operation() {
    var found = Dispatcher.singleton().findSchemaOrThrow("aten::_flash_attention_forward", "");
    found.retainReference(); // whichever scope is open
    return found;
  }

  /// Whether there is a kernel for heads of such a width: on a card, in bfloat16.
  public static boolean takes(Device device, DType type, int width) {
    return device.kind() == Device.Kind.CUDA
        && type == DType.BF16
        && width <= WIDEST
        && width % WIDTH_STEP == 0;
  }

  /// Query `i` from the end of its sequence sees all keys of that sequence but the last `i`.
  ///
  /// @param q `[query, head, d_head]`, as [#takes] wants them
  /// @param k `[key, kv_head, d_head]`
  /// @param v `[key, kv_head, d_head]`
  /// @param queries how many of each sequence
  /// @param keys how many of each sequence, at least as many
  /// @param window how many tokens back a query sees, itself included
  /// @return `[query, head, d_head]`
  public static Tensor apply(
      Tensor q,
      Tensor k,
      Tensor v,
      Sequences queries,
      Sequences keys,
      double scale,
      OptionalInt window) {
    var stack =
        new IValueVector(
            new IValue(q.raw()),
            new IValue(k.raw()),
            new IValue(v.raw()),
            new IValue(queries.starts().raw()),
            new IValue(keys.starts().raw()),
            new IValue((long) queries.longest()),
            new IValue((long) keys.longest()),
            new IValue(0.0), // dropout
            new IValue(true), // causal
            new IValue(false), // no pattern to look at
            new IValue(scale),
            window.isPresent() ? new IValue(window.getAsInt() - 1L) : new IValue(),
            window.isPresent() ? new IValue(0L) : new IValue(),
            keys.taken().map(taken -> new IValue(taken.raw())).orElseGet(IValue::new),
            new IValue()); // no slopes of positions
    Dispatcher.singleton().callBoxed(OPERATION, stack);
    return Tensor.made(stack.get(0).toTensor(), q, k, v);
  }
}
