package dev.demur.model.arch;

import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Packing;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/// Grouped-query causal self-attention: `[tokens, d_model] → [tokens, d_model]`.
///
/// Sequences never see one another. Neighbouring sequences of equal length share one kernel call.
///
/// @param in what makes queries, keys and values
/// @param o output projection W_O, `[d_model, head · d_head]`
/// @param scoring how queries weigh keys
public record Attention(Input in, Linear o, Scoring scoring) {

  /// Queries up to which libtorch's fused kernel is fastest. Above, its small products are large
  /// enough for OpenBLAS to share out, within threads that already share: 128 queries took up to
  /// fifty times what the three operations take one by one (docs/performance.md).
  private static final int FUSED_QUERIES = 120;

  /// Queries of a block, whose pattern with 4096 keys and 32 heads is 256 MB.
  private static final int BLOCK_QUERIES = 512;

  /// What makes queries, keys and values of the normalised stream.
  ///
  /// @param q query projection, `[head · d_head, d_model]`
  /// @param k key projection, `[kv_head · d_head, d_model]`
  /// @param v value projection, `[kv_head · d_head, d_model]`
  /// @param norm what is done to queries and keys before they are rotated
  /// @param position how they learn their positions
  public record Input(
      Linear q, Linear k, Linear v, Shape shape, QueryKeyNorm norm, Position position) {}

  /// @param heads query heads
  /// @param kvHeads key-value heads
  /// @param dHead width of a head
  public record Shape(int heads, int kvHeads, int dHead) {}

  /// How queries and keys learn their positions.
  ///
  /// @param rope the rotation, when there is one
  /// @param logBase queries at a position p > logBase are multiplied by log_logBase(p), counting
  ///   from 1, when present (Qwen 1)
  public record Position(Optional<Rope> rope, OptionalInt logBase) {

    /// Not in attention: the embedding has them (GPT-2).
    public static Position none() {
      return new Position(Optional.empty(), OptionalInt.empty());
    }

    /// By rotation alone.
    public static Position rotary(Rope rope) {
      return new Position(Optional.of(rope), OptionalInt.empty());
    }
  }

  /// The rotation of queries and keys, when there is one.
  Optional<Rope> rope() {
    return in.position.rope;
  }

  /// @param x normalised input, `[tokens, d_model]`
  Tensor apply(int layer, Tensor x, Pass pass, PassTables tables) {
    var shape = in.shape;
    var narrow = in.q.input(x);
    var queries = in.norm.queries(in.q.apply(narrow), shape.heads, shape.dHead);
    var keys = in.norm.keys(in.k.apply(narrow), shape.kvHeads, shape.dHead);
    var values = in.v.apply(narrow).reshape(x.dim(0), shape.kvHeads, shape.dHead);
    values = pass.at(layer, Site.V, values);
    if (rope().isPresent()) {
      queries = tables.rotate(rope().get(), queries);
      keys = tables.rotate(rope().get(), keys);
    }
    if (in.position.logBase.isPresent()) {
      queries = queries.times(logarithms(pass.positions(), in.position.logBase.getAsInt()));
    }
    var z = attend(layer, new Heads(queries, keys, values), pass, tables);
    z = pass.at(layer, Site.Z, z);
    return o.apply(z.reshape(x.dim(0), (long) shape.heads * shape.dHead));
  }

  /// The same attention with another output projection.
  Attention withOutput(UnaryOperator<Linear> edit) {
    return new Attention(in, edit.apply(o), scoring);
  }

  /// Factors `[tokens, 1, 1]`.
  private static Tensor logarithms(List<Integer> positions, int base) {
    float[] factors = new float[positions.size()];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = logarithm(positions.get(i), base);
    }
    return Tensor.of(factors, factors.length, 1, 1);
  }

  /// All its matrices.
  List<Linear> matrices() {
    return List.of(in.q, in.k, in.v, o);
  }

  /// What a query at a position is multiplied with.
  public static float logarithm(int position, int base) {
    return (float) Math.max(1, Math.log(position + 1) / Math.log(base));
  }

  /// Rows of queries, keys and values, `[tokens, head, d_head]` each.
  private record Heads(Tensor q, Tensor k, Tensor v) {}

  private Tensor attend(int layer, Heads heads, Pass pass, PassTables tables) {
    var packing = pass.packing();
    if (pass.past() instanceof Past.Slots(var cache, _)) {
      var appended = tables.appended().orElseThrow();
      cache.store(layer, appended.rows(), heads.k, heads.v);
      if (appended.step().isPresent() && !pass.touches(layer, Site.PATTERN)) {
        return decodeStep(layer, heads.q, cache, appended.step().get());
      }
    }
    var parts = new ArrayList<Tensor>();
    for (int i = 0; i < packing.size(); ) {
      int count = pass.past() instanceof Past.Slots ? 1 : equalRun(packing, i);
      parts.add(attendGroup(layer, heads, pass, i, count));
      i += count;
    }
    return Tensor.cat(parts, 0);
  }

  /// Attention of `count` equally long sequences from packed sequence `first` on.
  private Tensor attendGroup(int layer, Heads heads, Pass pass, int first, int count) {
    var packing = pass.packing();
    int offset = packing.offsets().get(first);
    int length = packing.lengths().get(first);
    var q = sequences(heads.q, offset, count, length);
    var k = sequences(heads.k, offset, count, length);
    var v = sequences(heads.v, offset, count, length);
    switch (pass.past()) {
      case Past.Nothing() -> {}
      case Past.SharedPrefix(var cache, var copies) -> {
        var sequences = packing.sequences().subList(first, first + count);
        var beginnings = sequences.stream().map(copies::of).toList();
        k = behind(cache.keysOf(layer, beginnings), k);
        v = behind(cache.valuesOf(layer, beginnings), v);
      }
      case Past.Slots(var cache, var slots) -> {
        int slot = slots.get(first);
        int total = cache.length(slot) + length;
        k = cache.slotKeys(layer, slot, total).to(q.dtype());
        v = cache.slotValues(layer, slot, total).to(q.dtype());
      }
    }
    var z = mix(layer, q, repeat(k), repeat(v), pass, first);
    return z.transpose(1, 2).reshape((long) count * length, in.shape.heads, in.shape.dHead);
  }

  /// softmax(q kᵀ) v for `[sequence, head, pos, d_head]`; queries are the last of the keys'
  /// positions.
  private Tensor mix(int layer, Tensor q, Tensor k, Tensor v, Pass pass, int first) {
    int queries = Math.toIntExact(q.dim(2));
    int keys = Math.toIntExact(k.dim(2));
    boolean bounded = scoring.window().isPresent() && scoring.window().getAsInt() < keys;
    boolean watched = pass.touches(layer, Site.PATTERN);
    if (pass.touches(layer, Site.PATTERN_LAST)) {
      showLast(layer, q.narrow(2, queries - 1, 1), k, pass, first);
    }
    if (!watched && queries > FUSED_QUERIES) {
      return byBlocks(q, k, v);
    }
    if (scoring.isPlain() && !watched && queries == keys && !bounded) {
      return Neural.causalAttention(q, k, v, scoring.scale());
    }
    var mask = Masks.causal(queries, keys, scoring.window());
    return watched
        ? watched(layer, scoring.pattern(q, k, mask), pass, first).matmul(v)
        : scoring.mix(q, k, v, mask);
  }

  /// softmax(q kᵀ) v of some queries at a time, each block with the keys up to its last query: many
  /// queries' products are large enough to be run one by one.
  private Tensor byBlocks(Tensor q, Tensor k, Tensor v) {
    int queries = Math.toIntExact(q.dim(2));
    int before = Math.toIntExact(k.dim(2)) - queries;
    var parts = new ArrayList<Tensor>();
    for (int start = 0; start < queries; start += BLOCK_QUERIES) {
      int count = Math.min(BLOCK_QUERIES, queries - start);
      int seen = before + start + count;
      var mask = Masks.causal(count, seen, scoring.window());
      var pattern = scoring.pattern(q.narrow(2, start, count), k.narrow(2, 0, seen), mask);
      parts.add(pattern.matmul(v.narrow(2, 0, seen).to(DType.F32)));
    }
    return Tensor.cat(parts, 2);
  }

  /// Lets the plan see what the last queries `[sequence, head, 1, d_head]` attend to.
  private void showLast(int layer, Tensor q, Tensor k, Pass pass, int first) {
    // The last query sees every key but for a window's.
    var pattern =
        scoring.window().isEmpty()
            ? scoring.pattern(q, k)
            : scoring.pattern(q, k, Masks.causal(1, Math.toIntExact(k.dim(2)), scoring.window()));
    for (int i = 0; i < pattern.dim(0); i++) {
      pass.plan()
          .apply(new HookPoint(layer, Site.PATTERN_LAST), pattern.row(i), single(pass, first + i));
    }
  }

  private static Packing single(Pass pass, int i) {
    var packing = pass.packing();
    return Packing.single(packing.sequences().get(i), packing.lengths().get(i));
  }

  /// Lets the plan see and replace the pattern, one sequence at a time.
  private static Tensor watched(int layer, Tensor pattern, Pass pass, int first) {
    var rows = new ArrayList<Tensor>();
    for (int i = 0; i < pattern.dim(0); i++) {
      var at = new HookPoint(layer, Site.PATTERN);
      rows.add(pass.plan().apply(at, pattern.row(i), single(pass, first + i)));
    }
    return Tensor.stack(rows);
  }

  /// One new token for each of the first `slots` slots. Query heads that share a key-value head are
  /// laid out as that head's queries, so keys and values are never repeated.
  private Tensor decodeStep(int layer, Tensor queries, KvCache cache, PassTables.Step step) {
    var shape = in.shape;
    var q =
        queries
            .reshape(step.slots(), shape.kvHeads, shape.heads / shape.kvHeads, shape.dHead)
            .to(cache.dtype());
    var z =
        scoring.mix(
            q,
            cache.keys(layer, step.slots(), step.longest()),
            cache.values(layer, step.slots(), step.longest()),
            step.mask(scoring.window()));
    return z.to(queries.dtype()).reshape(step.slots(), shape.heads, shape.dHead);
  }

  private static int equalRun(Packing packing, int first) {
    int length = packing.lengths().get(first);
    int next = first + 1;
    while (next < packing.size() && packing.lengths().get(next) == length) {
      next++;
    }
    return next - first;
  }

  /// Rows `[count · length, head, d_head]` from `offset` on as `[count, head, length, d_head]`.
  private static Tensor sequences(Tensor rows, int offset, int count, int length) {
    return rows.narrow(0, offset, (long) count * length)
        .reshape(count, length, rows.dim(1), rows.dim(2))
        .transpose(1, 2);
  }

  private static Tensor behind(Tensor before, Tensor x) {
    return Tensor.cat(List.of(before.to(x.dtype()), x), 2);
  }

  /// Each key-value head repeated for the query heads that share it.
  private Tensor repeat(Tensor x) {
    int group = in.shape.heads / in.shape.kvHeads;
    if (group == 1) {
      return x;
    }
    return x.unsqueeze(2)
        .expand(x.dim(0), x.dim(1), group, x.dim(2), x.dim(3))
        .reshape(x.dim(0), in.shape.heads, x.dim(2), x.dim(3));
  }
}
