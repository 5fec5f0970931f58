package dev.demur.model.arch;

import dev.demur.model.kernel.RowCache;
import dev.demur.model.kernel.StoredAs;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.NativeHeap;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// What blocks keep of tokens already seen, for several sequences ("slots") at once: keys and
/// values, or the state of a recurrent mixer. Changed by every pass that is given it.
///
/// A state knows one length alone, so a model with one cannot go back to any other but 0.
///
/// Make it inside the scope that is to own its memory.
public final class KvCache {

  private final List<Layer> layers = new ArrayList<>();
  private final List<List<RowCache>> keyRows = new ArrayList<>();
  private final List<List<RowCache>> valueRows = new ArrayList<>();
  private final int[] lengths;
  private final int capacity;
  private final DType dtype;

  /// What one block keeps.
  ///
  /// @param looked what attention looks back at, when there is attention
  /// @param states each `[slot, …]`, float32; means nothing for a slot of length 0
  private record Layer(Optional<Looked> looked, List<Tensor> states) {}

  /// @param keys `[slot, capacity, kv_head, d_head]`
  /// @param values `[slot, capacity, kv_head, d_value]`
  /// @param allKeys the same, all slots' one behind the other, `[slot · capacity, kv_head, d_head]`
  /// @param allValues likewise
  private record Looked(Tensor keys, Tensor values, Tensor allKeys, Tensor allValues) {
    Looked(Tensor keys, Tensor values) {
      this(keys, values, flat(keys), flat(values));
    }
  }

  /// Starts out as zeros: an unseen tail is multiplied by a weight of 0, which must not meet a NaN.
  /// On the host it takes memory as tokens come.
  ///
  /// @param blocks of the model
  /// @param dtype type keys and values are kept in
  /// @param slots how many sequences fit
  /// @param capacity how many tokens of each fit
  KvCache(List<Block> blocks, DType dtype, int slots, int capacity) {
    this.lengths = new int[slots];
    this.capacity = capacity;
    this.dtype = dtype;
    for (var block : blocks) {
      layers.add(layer(block.device(), block.mixer().kept()));
      keyRows.add(List.of());
      valueRows.add(List.of());
    }
  }

  private Layer layer(Device device, Kept kept) {
    return switch (kept) {
      case Kept.KeysAndValues looked -> new Layer(Optional.of(zeros(device, looked)), List.of());
      case Kept.State state -> new Layer(Optional.empty(), state.zeros(device, lengths.length));
      case Kept.Elsewhere _ -> new Layer(Optional.empty(), List.of());
      case Kept.Both(var looked, var state) ->
          new Layer(Optional.of(zeros(device, looked)), state.zeros(device, lengths.length));
    };
  }

  private Looked zeros(Device device, Kept.KeysAndValues kept) {
    int slots = lengths.length;
    return new Looked(
        NativeHeap.roomFor(device, dtype, slots, capacity, kept.kvHeads(), kept.dHead()),
        NativeHeap.roomFor(device, dtype, slots, capacity, kept.kvHeads(), kept.dValue()));
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
  /// @throws IllegalStateException if a block has a state, which cannot go back to that length
  public void truncate(int slot, int length) {
    if (length < 0 || length > lengths[slot]) {
      throw new IllegalArgumentException(
          "slot " + slot + " holds " + lengths[slot] + " tokens, cannot be cut to " + length);
    }
    if (length > 0 && length < lengths[slot] && hasStates()) {
      throw new IllegalStateException(
          "slot "
              + slot
              + " holds the state behind "
              + lengths[slot]
              + " tokens of a recurrent layer, which cannot go back to "
              + length
              + "; read the sequence from its start");
    }
    lengths[slot] = length;
  }

  private boolean hasStates() {
    return layers.stream().anyMatch(layer -> !layer.states.isEmpty());
  }

  /// Copies one slot's tokens over another's.
  public void copy(int from, int to) {
    copy(from, to, lengths[from]);
  }

  /// Whether a slot knows what its sequence was after fewer tokens: not where a block has a state,
  /// which is known behind the last token alone.
  public boolean holdsBeginnings() {
    return !hasStates();
  }

  /// Whether the first `length` tokens of a slot can be taken over.
  public boolean holds(int slot, int length) {
    return length == lengths[slot] || (length < lengths[slot] && holdsBeginnings());
  }

  /// Copies the first `length` tokens of one slot over another's; see [#holds].
  public void copy(int from, int to, int length) {
    if (!holds(from, length)) {
      throw new IllegalStateException(
          "slot "
              + from
              + " holds "
              + lengths[from]
              + " tokens, of which no "
              + length
              + " can go");
    }
    if (from == to) {
      truncate(to, length);
      return;
    }
    lengths[to] = length;
    if (length == 0) {
      return;
    }
    for (var layer : layers) {
      layer.looked.ifPresent(
          seen -> {
            slotView(seen.keys, to, length).copyInPlace(slotView(seen.keys, from, length));
            slotView(seen.values, to, length).copyInPlace(slotView(seen.values, from, length));
          });
      layer.states.forEach(state -> state.row(to).copyInPlace(state.row(from)));
    }
  }

  private Tensor keys(int layer) {
    return looked(layer).keys();
  }

  private Tensor values(int layer) {
    return looked(layer).values();
  }

  private Looked looked(int layer) {
    return layers
        .get(layer)
        .looked
        .orElseThrow(
            () -> new IllegalStateException("layer " + layer + " keeps no keys and values"));
  }

  /// States of a recurrent layer behind the tokens of some slots, each `[slot, …]`; zeros where a
  /// slot holds no token.
  ///
  /// @param slots any, the same one as often as one likes
  List<Tensor> states(int layer, List<Integer> slots) {
    return layers.get(layer).states.stream().map(all -> behind(all, slots)).toList();
  }

  private Tensor behind(Tensor all, List<Integer> slots) {
    if (slots.stream().allMatch(slot -> lengths[slot] > 0)) {
      return all.rows(Tensor.ofIndices(slots.stream().mapToInt(Integer::intValue)));
    }
    var none = all.row(0).times(0);
    return Tensor.stack(
        slots.stream().map(slot -> lengths[slot] > 0 ? all.row(slot) : none).toList());
  }

  /// Stores what recurrent tokens leave.
  ///
  /// @param states each `[slot, …]`
  void storeState(int layer, List<Integer> slots, List<Tensor> states) {
    var rows = Tensor.ofIndices(slots.stream().mapToInt(Integer::intValue));
    var all = layers.get(layer).states;
    for (int i = 0; i < all.size(); i++) {
      all.get(i).copyRowsInPlace(rows, states.get(i));
    }
  }

  /// Keys of one layer for the first `slots` slots, `[slot, kv_head, length, d_head]`; a view.
  Tensor keys(int layer, int slots, int length) {
    return leading(keys(layer), slots, length);
  }

  /// Values of one layer for the first `slots` slots, `[slot, kv_head, length, d_head]`; a view.
  Tensor values(int layer, int slots, int length) {
    return leading(values(layer), slots, length);
  }

  /// Keys of equally long slots, `[slot, kv_head, length, d_head]`.
  ///
  /// @param slots any, the same one as often as one likes
  Tensor keysOf(int layer, List<Integer> slots) {
    return chosen(keys(layer), slots);
  }

  /// Values of equally long slots, `[slot, kv_head, length, d_head]`.
  ///
  /// @param slots any, the same one as often as one likes
  Tensor valuesOf(int layer, List<Integer> slots) {
    return chosen(values(layer), slots);
  }

  /// Keys of one layer, all slots' one behind the other, `[slot · capacity, kv_head, d_head]`; a
  /// view.
  Tensor allKeys(int layer) {
    return looked(layer).allKeys;
  }

  /// Values of one layer, all slots' one behind the other, `[slot · capacity, kv_head, d_head]`; a
  /// view.
  Tensor allValues(int layer) {
    return looked(layer).allValues;
  }

  /// Rows of [#allKeys] that are a slot's first `count` tokens.
  LongStream rowsOf(int slot, int count) {
    return LongStream.range(firstRow(slot), firstRow(slot) + count);
  }

  /// Which row of [#allKeys] a slot's first token is.
  long firstRow(int slot) {
    return (long) slot * capacity;
  }

  /// How many rows [#allKeys] has.
  long allRows() {
    return (long) lengths.length * capacity;
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
    return slotView(keys(layer), slot, length).transpose(0, 1).unsqueeze(0);
  }

  /// Values of one slot, `[1, kv_head, length, d_head]`; a view.
  Tensor slotValues(int layer, int slot, int length) {
    return slotView(values(layer), slot, length).transpose(0, 1).unsqueeze(0);
  }

  /// Keys of one layer and slot, for kernels.
  public RowCache keyRows(int layer, int slot) {
    return rows(keyRows, layer, keys(layer), slot);
  }

  /// Values of one layer and slot, for kernels.
  public RowCache valueRows(int layer, int slot) {
    return rows(valueRows, layer, values(layer), slot);
  }

  /// What kernels see of every slot; made once, because the memory never moves.
  private RowCache rows(List<List<RowCache>> made, int layer, Tensor all, int slot) {
    if (made.get(layer).isEmpty()) {
      made.set(layer, IntStream.range(0, lengths.length).mapToObj(i -> rows(all, i)).toList());
    }
    return made.get(layer).get(slot);
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
    looked(layer).allKeys.copyRowsInPlace(rows, k.to(dtype));
    looked(layer).allValues.copyRowsInPlace(rows, v.to(dtype));
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
