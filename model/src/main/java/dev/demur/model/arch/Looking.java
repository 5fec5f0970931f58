package dev.demur.model.arch;

import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Rows;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.FlashAttention;
import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// How the queries of one pass find their keys: which sequences share a kernel call, where earlier
/// keys come from, and which of several equal computations is fastest.
///
/// All routes compute `softmax(q kᵀ · scale + mask) v`. Sequences never see one another;
/// neighbouring sequences of equal length share one call.
///
/// @param layer index of the block
/// @param borrowed the block whose keys and values are looked at, where that is not itself
/// @param shape heads and their width
/// @param scoring how queries weigh keys
/// @param policy of the device it runs on
record Looking(
    int layer,
    OptionalInt borrowed,
    Attention.Shape shape,
    Scoring scoring,
    Pass pass,
    PassTables tables,
    DevicePolicy policy) {

  /// @param queries `[tokens, head, d_head]`
  /// @param keys `[tokens, kv_head, d_head]`
  /// @param values `[tokens, kv_head, d_value]`
  /// @return z, `[tokens, head, d_value]`
  Tensor mix(Tensor queries, Tensor keys, Tensor values) {
    if (pass.past() instanceof Past.Slots(var cache, _)) {
      var appended = tables.appended().orElseThrow();
      if (borrowed.isEmpty()) {
        cache.store(layer, appended.rows(), keys, values);
      }
      if (appended.step().isPresent() && !isShown() && !isPackable(queries)) {
        return oneToken(queries, cache, appended.step().get());
      }
    }
    if (!isShown() && isPackable(queries)) {
      return packed(queries, keys, values, tables.packing().orElseThrow());
    }
    var rows = pass.rows();
    var parts = new ArrayList<Tensor>();
    for (int i = 0; i < rows.size(); ) {
      int count = pass.past() instanceof Past.Slots ? 1 : rows.equallyLong(i);
      parts.add(equallyLong(queries, keys, values, i, count));
      i += count;
    }
    return Tensor.cat(parts, 0).reshape(queries.dim(0), shape.heads(), shape.dValue());
  }

  /// The block that keeps the keys and values.
  private int keeper() {
    return borrowed.orElse(layer);
  }

  /// All sequences in one call.
  private Tensor packed(Tensor queries, Tensor keys, Tensor values, PassTables.Packing packing) {
    var k = packing.behindPast(pass.past(), past -> here(past.allKeys(keeper()), queries), keys);
    var v =
        packing.behindPast(pass.past(), past -> here(past.allValues(keeper()), queries), values);
    return FlashAttention.apply(
        queries, k, v, packing.queries(), packing.keys(), scoring.scale(), scoring.reach().size());
  }

  private boolean isPackable(Tensor queries) {
    return scoring.isPackable(shape, queries.device(), queries.dtype());
  }

  /// Whether the plan looks at scores or weights.
  private boolean isShown() {
    return isWatched() || pass.touches(layer, Site.PATTERN_LAST);
  }

  /// Whether the plan looks at scores or weights of every query.
  private boolean isWatched() {
    return pass.touches(layer, Site.PATTERN) || pass.touches(layer, Site.ATTN_SCORES);
  }

  /// `count` equally long sequences from packed sequence `first` on.
  ///
  /// @return `[count · length, kv_head, group, d_value]`
  private Tensor equallyLong(Tensor queries, Tensor keys, Tensor values, int first, int count) {
    int offset = pass.rows().offsets().get(first);
    int length = pass.rows().lengths().get(first);
    var q = sequences(queries, offset, count, length); // [sequence, head, query, d_head]
    var k = sequences(keys, offset, count, length); // [sequence, kv_head, key, d_head]
    var v = sequences(values, offset, count, length);
    switch (pass.past()) {
      case Past.Nothing() -> {}
      case Past.SharedPrefix(var cache, var copies) -> {
        var sequences = pass.rows().sequences().subList(first, first + count);
        var beginnings = sequences.stream().map(copies::of).toList();
        k = behind(here(cache.keysOf(keeper(), beginnings), q), k);
        v = behind(here(cache.valuesOf(keeper(), beginnings), q), v);
      }
      case Past.Slots(var cache, var slots) -> {
        int slot = slots.get(first);
        int total = cache.length(slot) + length;
        k = here(cache.slotKeys(keeper(), slot, total), q).to(q.dtype());
        v = here(cache.slotValues(keeper(), slot, total), q).to(q.dtype());
      }
    }
    if (pass.touches(layer, Site.PATTERN_LAST)) {
      showLast(q.narrow(2, length - 1, 1), repeat(k), first);
    }
    boolean fused = scoring.isPlain() && length <= policy.fusedQueries();
    if (fused && count == 1 && !isWatched()) {
      return oneSequence(q, k, v);
    }
    var z = byFastestRoute(q, repeat(k), repeat(v), first); // [sequence, head, query, d_value]
    return z.transpose(1, 2)
        .reshape((long) count * length, shape.kvHeads(), group(), shape.dValue());
  }

  /// softmax(q kᵀ) v of one sequence by the fused kernel, with key-value heads as its batches, so
  /// that keys and values are never repeated.
  ///
  /// @param q `[1, head, query, d_head]`
  /// @param k `[1, kv_head, key, d_head]`
  /// @param v `[1, kv_head, key, d_value]`
  /// @return `[query, kv_head, group, d_value]`
  private Tensor oneSequence(Tensor q, Tensor k, Tensor v) {
    var z =
        fused(
            q.reshape(shape.kvHeads(), group(), q.dim(2), shape.dHead()),
            shared(k),
            shared(v)); // [kv_head, group, query, d_value]
    return z.transpose(1, 2).transpose(0, 1);
  }

  /// Keys or values `[1, kv_head, key, d]` for each of the query heads that share them, `[kv_head,
  /// group, key, d]`; a view.
  private Tensor shared(Tensor x) {
    return x.transpose(0, 1).expand(shape.kvHeads(), group(), x.dim(2), x.dim(3));
  }

  /// softmax(q kᵀ) v for `[sequence, head, pos, d_head]`; queries are the last of the keys'
  /// positions.
  private Tensor byFastestRoute(Tensor q, Tensor k, Tensor v, int first) {
    if (isWatched()) {
      return watched(q, k, first).matmul(v);
    }
    if (q.dim(2) > (scoring.isPlain() ? policy.fusedQueries() : policy.blockQueries())) {
      return byBlocks(q, k, v);
    }
    return fused(q, k, v);
  }

  /// softmax(q kᵀ) v in one call where libtorch's own attention computes the same.
  private Tensor fused(Tensor q, Tensor k, Tensor v) {
    int queries = Math.toIntExact(q.dim(2));
    int keys = Math.toIntExact(k.dim(2));
    boolean bounded = scoring.reach().first(keys - 1) > 0;
    if (scoring.isPlain() && queries == keys && !bounded) {
      return Neural.causalAttention(q, k, v, scoring.scale());
    }
    return scoring.mix(q, k, v, tables.mask(queries, keys, scoring.reach()));
  }

  /// softmax(q kᵀ) v of some queries at a time, each block with the keys up to its last query: many
  /// queries' products are large enough to be run one by one.
  private Tensor byBlocks(Tensor q, Tensor k, Tensor v) {
    int queries = Math.toIntExact(q.dim(2));
    int before = Math.toIntExact(k.dim(2)) - queries;
    var parts = new ArrayList<Tensor>();
    for (int start = 0; start < queries; start += policy.blockQueries()) {
      int count = Math.min(policy.blockQueries(), queries - start);
      int seen = before + start + count;
      var mask = tables.mask(count, seen, scoring.reach());
      var pattern = scoring.pattern(q.narrow(2, start, count), k.narrow(2, 0, seen), mask);
      parts.add(pattern.matmul(v.narrow(2, 0, seen).to(DType.F32)));
    }
    return Tensor.cat(parts, 2);
  }

  /// Lets the plan see what the last queries `[sequence, head, 1, d_head]` attend to.
  private void showLast(Tensor q, Tensor k, int first) {
    // The last query sees every key where nothing bounds it.
    var pattern =
        scoring.reach().first(Math.toIntExact(k.dim(2)) - 1) == 0
            ? scoring.pattern(q, k)
            : scoring.pattern(q, k, Masks.causal(1, Math.toIntExact(k.dim(2)), scoring.reach()));
    for (int i = 0; i < pattern.dim(0); i++) {
      at(Site.PATTERN_LAST, pattern.row(i), pass.rows().only(first + i).ofLastRows());
    }
  }

  /// The weights, with what the plan makes of scores and weights one sequence at a time:
  /// `[sequence, head, query, key]`.
  private Tensor watched(Tensor q, Tensor k, int first) {
    var mask = Masks.causal(Math.toIntExact(q.dim(2)), Math.toIntExact(k.dim(2)), scoring.reach());
    var scores = scoring.scores(q, k).plus(mask);
    var weights = scoring.weights(eachSequence(Site.ATTN_SCORES, scores, first));
    return eachSequence(Site.PATTERN, weights, first);
  }

  private Tensor eachSequence(Site site, Tensor pairs, int first) {
    if (!pass.touches(layer, site)) {
      return pairs;
    }
    var seen = new ArrayList<Tensor>();
    for (int i = 0; i < pairs.dim(0); i++) {
      seen.add(at(site, pairs.row(i), pass.rows().only(first + i)));
    }
    return Tensor.stack(seen);
  }

  private Tensor at(Site site, Tensor activation, Rows rows) {
    return pass.plan().apply(new HookPoint(layer, site), activation, rows);
  }

  /// One new token for each of the first `slots` slots. Query heads that share a key-value head are
  /// laid out as that head's queries, so keys and values are never repeated.
  private Tensor oneToken(Tensor queries, KvCache cache, PassTables.Step step) {
    var q =
        queries.reshape(step.slots(), shape.kvHeads(), group(), shape.dHead()).to(cache.dtype());
    var z =
        scoring.mix(
            q,
            here(cache.keys(keeper(), step.slots(), step.longest()), q),
            here(cache.values(keeper(), step.slots(), step.longest()), q),
            step.mask(scoring.reach()));
    return z.to(queries.dtype()).reshape(step.slots(), shape.heads(), shape.dValue());
  }

  /// Rows `[count · length, head, d_head]` from `offset` on as `[count, head, length, d_head]`.
  private static Tensor sequences(Tensor rows, int offset, int count, int length) {
    return rows.narrow(0, offset, (long) count * length)
        .reshape(count, length, rows.dim(1), rows.dim(2))
        .transpose(1, 2);
  }

  /// What a cache has, where the queries are: a block may look at what one on another device keeps.
  private static Tensor here(Tensor kept, Tensor queries) {
    return kept.on(queries.device());
  }

  private static Tensor behind(Tensor before, Tensor x) {
    return Tensor.cat(List.of(before.to(x.dtype()), x), 2);
  }

  /// Query heads that share a key-value head.
  private int group() {
    return shape.heads() / shape.kvHeads();
  }

  /// Each key-value head repeated for the query heads that share it.
  private Tensor repeat(Tensor x) {
    if (group() == 1) {
      return x;
    }
    return x.unsqueeze(2)
        .expand(x.dim(0), x.dim(1), group(), x.dim(2), x.dim(3))
        .reshape(x.dim(0), shape.heads(), x.dim(2), x.dim(3));
  }
}
