package dev.demur.model.arch;

import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/// What is added to attention scores: 0 where a query sees a key, −∞ where it does not.
final class Masks {

  private Masks() {}

  /// Queries are the last `queries` of `keys` positions: `[query, key]`.
  static Tensor causal(int queries, int keys, Reach reach) {
    float[] mask = new float[queries * keys];
    for (int i = 0; i < queries; i++) {
      int position = keys - queries + i;
      for (int key = 0; key < keys; key++) {
        mask[i * keys + key] = seen(position, key, reach);
      }
    }
    return Tensor.of(mask, queries, keys);
  }

  /// The masks of a pass: its blocks ask for the same ones. They belong to the scope this is made
  /// in.
  static final class Kept {

    /// Masks of more elements are made anew each time: 16 MB.
    private static final long MOST = 4L << 20;

    private final Map<Wanted, Tensor> made = new HashMap<>();
    private final Scope owner;

    Kept(Scope owner) {
      this.owner = owner;
    }

    private record Wanted(int queries, int keys, Reach reach) {}

    /// [#causal], made when first asked for.
    Tensor of(int queries, int keys, Reach reach) {
      if ((long) queries * keys > MOST) {
        return causal(queries, keys, reach);
      }
      return made.computeIfAbsent(
          new Wanted(queries, keys, reach),
          wanted -> owner.adopt(causal(wanted.queries, wanted.keys, wanted.reach)));
    }
  }

  /// One query behind each slot's tokens: `[slot, 1, 1, key]`.
  static Tensor lengths(KvCache cache, int slots, int keys, Reach reach) {
    float[] mask = new float[slots * keys];
    for (int slot = 0; slot < slots; slot++) {
      for (int key = 0; key < keys; key++) {
        mask[slot * keys + key] = seen(cache.length(slot), key, reach);
      }
    }
    return Tensor.of(mask, slots, 1, 1, keys);
  }

  private static float seen(int query, int key, Reach reach) {
    return key > query || key < reach.first(query) ? Float.NEGATIVE_INFINITY : 0;
  }
}
