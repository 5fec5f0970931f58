package dev.demur.model.arch;

import dev.demur.model.kernel.RowCache;
import dev.demur.model.kernel.StoredAs;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// Keys and values of tokens already seen, for several sequences ("slots") at once. Changed by
/// every pass that is given it.
///
/// Make it inside the scope that is to own its memory.
public final class KvCache {

  private final List<Tensor> keys = new ArrayList<>();
  private final List<Tensor> values = new ArrayList<>();
  private final int[] lengths;
  private final int capacity;
  private final DType dtype;

  /// Starts out as zeros: an unseen tail is multiplied by a weight of 0, which must not meet a NaN.
  ///
  /// @param config shape of the model
  /// @param placement where each layer's are
  /// @param dtype type keys and values are kept in
  /// @param slots how many sequences fit
  /// @param capacity how many tokens of each fit
  KvCache(ModelConfig config, Placement placement, DType dtype, int slots, int capacity) {
    this.lengths = new int[slots];
    this.capacity = capacity;
    this.dtype = dtype;
    for (int layer = 0; layer < config.nLayers(); layer++) {
      var device = placement.block(layer);
      long[] shape = {slots, capacity, config.nKvHeads(), config.dHead()};
      keys.add(Tensor.zeros(device, dtype, shape));
      values.add(Tensor.zeros(device, dtype, shape));
    }
  }

  /// What a slot of `capacity` tokens takes, bytes.
  public static long slotBytes(ModelConfig config, DType dtype, int capacity) {
    return 2L * config.nLayers() * config.nKvHeads() * config.dHead() * dtype.bytes() * capacity;
  }

  /// Tokens kept for a slot.
  public int length(int slot) {
    return lengths[slot];
  }

  /// Type keys and values are kept in.
  public DType dtype() {
    return dtype;
  }

  /// How many tokens a slot can hold.
  public int capacity() {
    return capacity;
  }

  /// Forgets a slot's tokens from `length` on.
  ///
  /// @throws IllegalArgumentException if the slot holds fewer
  public void truncate(int slot, int length) {
    if (length < 0 || length > lengths[slot]) {
      throw new IllegalArgumentException(
          "slot " + slot + " holds " + lengths[slot] + " tokens, cannot be cut to " + length);
    }
    lengths[slot] = length;
  }

  /// Copies one slot's tokens over another's.
  public void copy(int from, int to) {
    if (from == to) {
      return;
    }
    int length = lengths[from];
    lengths[to] = length;
    if (length == 0) {
      return;
    }
    for (int layer = 0; layer < keys.size(); layer++) {
      slotView(keys.get(layer), to, length).copyInPlace(slotView(keys.get(layer), from, length));
      slotView(values.get(layer), to, length)
          .copyInPlace(slotView(values.get(layer), from, length));
    }
  }

  /// Keys of one layer for the first `slots` slots, `[slot, kv_head, length, d_head]`; a view.
  Tensor keys(int layer, int slots, int length) {
    return leading(keys.get(layer), slots, length);
  }

  /// Values of one layer for the first `slots` slots, `[slot, kv_head, length, d_head]`; a view.
  Tensor values(int layer, int slots, int length) {
    return leading(values.get(layer), slots, length);
  }

  /// Keys of equally long slots, `[slot, kv_head, length, d_head]`.
  ///
  /// @param slots any, the same one as often as one likes
  Tensor keysOf(int layer, List<Integer> slots) {
    return chosen(keys.get(layer), slots);
  }

  /// Values of equally long slots, `[slot, kv_head, length, d_head]`.
  ///
  /// @param slots any, the same one as often as one likes
  Tensor valuesOf(int layer, List<Integer> slots) {
    return chosen(values.get(layer), slots);
  }

  private Tensor chosen(Tensor all, List<Integer> slots) {
    var seen = all.narrow(1, 0, length(slots.getFirst()));
    if (lengths.length == 1) {
      return seen.expand(slots.size(), seen.dim(1), seen.dim(2), seen.dim(3)).transpose(1, 2);
    }
    return seen.rows(Tensor.ofIndices(slots.stream().mapToInt(Integer::intValue))).transpose(1, 2);
  }

  /// Keys of one slot, `[1, kv_head, length, d_head]`; a view.
  Tensor slotKeys(int layer, int slot, int length) {
    return slotView(keys.get(layer), slot, length).transpose(0, 1).unsqueeze(0);
  }

  /// Values of one slot, `[1, kv_head, length, d_head]`; a view.
  Tensor slotValues(int layer, int slot, int length) {
    return slotView(values.get(layer), slot, length).transpose(0, 1).unsqueeze(0);
  }

  /// Keys of one layer and slot, for kernels.
  public RowCache keyRows(int layer, int slot) {
    return rows(keys.get(layer), slot);
  }

  /// Values of one layer and slot, for kernels.
  public RowCache valueRows(int layer, int slot) {
    return rows(values.get(layer), slot);
  }

  private RowCache rows(Tensor all, int slot) {
    int width = Math.toIntExact(all.dim(2) * all.dim(3));
    long bytes = (long) capacity * width * dtype.bytes();
    var type = dtype == DType.F32 ? StoredAs.F32 : StoredAs.BF16;
    return new RowCache(type, all.segment().asSlice(slot * bytes, bytes), width);
  }

  /// Where the next tokens of some slots go: rows of the cache seen as `[slot · capacity, …]`.
  ///
  /// @param lengths tokens to come for each of `slots`
  /// @return int64 `[tokens]`, sequence after sequence
  Tensor rows(List<Integer> slots, List<Integer> lengths) {
    return Tensor.ofLongs(
        IntStream.range(0, slots.size())
            .boxed()
            .flatMapToLong(
                i -> {
                  long first = (long) slots.get(i) * capacity + this.lengths[slots.get(i)];
                  return LongStream.range(first, first + lengths.get(i));
                }));
  }

  /// Stores new tokens, without counting them yet.
  ///
  /// @param rows where, as [#rows] has it
  /// @param k `[token, kv_head, d_head]`
  /// @param v `[token, kv_head, d_head]`
  void store(int layer, Tensor rows, Tensor k, Tensor v) {
    flat(keys.get(layer)).copyRowsInPlace(rows, k.to(dtype));
    flat(values.get(layer)).copyRowsInPlace(rows, v.to(dtype));
  }

  /// Makes room certain before a pass writes.
  void require(int slot, int more) {
    if (lengths[slot] + more > capacity) {
      throw new IllegalStateException(
          "the cache holds "
              + capacity
              + " tokens a sequence; slot "
              + slot
              + " would need "
              + (lengths[slot] + more));
    }
  }

  /// Counts tokens all layers have stored.
  void advance(int slot, int count) {
    lengths[slot] += count;
  }

  /// `[slot, kv_head, length, d_head]`
  private static Tensor leading(Tensor all, int slots, int length) {
    return all.narrow(0, 0, slots).narrow(1, 0, length).transpose(1, 2);
  }

  /// `[length, kv_head, d_head]`
  private static Tensor slotView(Tensor all, int slot, int length) {
    return all.row(slot).narrow(0, 0, length);
  }

  /// `[slot · capacity, kv_head, d_head]`
  private static Tensor flat(Tensor all) {
    return all.reshape(-1, all.dim(2), all.dim(3));
  }

  @Override
  public String toString() {
    return "KvCache" + Arrays.toString(lengths);
  }
}
