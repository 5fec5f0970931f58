package dev.demur.model.arch;

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
/// Which queries meet which keys, and in how many kernel calls, is [Looking]'s business.
///
/// @param in what makes queries, keys and values
/// @param gate what z is multiplied with, before the sigmoid, `[head · d_value, d_model]`; where
///   there is one (Qwen3-Next)
/// @param o output projection W_O, `[d_model, head · d_value]`
/// @param scoring how queries weigh keys
public record Attention(Input in, Optional<Linear> gate, Linear o, Scoring scoring)
    implements Mixer {

  /// Attention without a gate.
  public Attention(Input in, Linear o, Scoring scoring) {
    this(in, Optional.empty(), o, scoring);
  }

  /// What makes queries, keys and values of the normalised stream.
  ///
  /// @param projection the matrices
  /// @param norm what is done to queries and keys before they are rotated
  /// @param position how they learn their positions
  public record Input(Projection projection, Shape shape, QueryKeyNorm norm, Position position) {

    /// @param q query projection, `[head · d_head, d_model]`
    /// @param k key projection, `[kv_head · d_head, d_model]`
    /// @param v value projection, `[kv_head · d_value, d_model]`
    public Input(Linear q, Linear k, Linear v, Shape shape, QueryKeyNorm norm, Position position) {
      this(new Projection.Separate(q, k, v), shape, norm, position);
    }
  }

  /// @param heads query heads
  /// @param kvHeads key-value heads
  /// @param dHead width of a query or key
  /// @param dValue width of a value, and of what a head writes
  public record Shape(int heads, int kvHeads, int dHead, int dValue) {

    /// Values as wide as keys, as in most families.
    public Shape(int heads, int kvHeads, int dHead) {
      this(heads, kvHeads, dHead, dHead);
    }
  }

  /// How queries and keys learn their positions.
  ///
  /// @param rope the rotation, when there is one
  /// @param growth what queries are multiplied with besides, when there is something
  public record Position(Optional<Rope> rope, Optional<QueryGrowth> growth) {

    /// Not in attention: the embedding has them (GPT-2).
    public static Position none() {
      return new Position(Optional.empty(), Optional.empty());
    }

    /// By rotation alone.
    public static Position rotary(Rope rope) {
      return new Position(Optional.of(rope), Optional.empty());
    }
  }

  @Override
  public Optional<Rope> rope() {
    return in.position.rope;
  }

  /// @param x normalised input, `[tokens, d_model]`
  /// @return `[tokens, d_model]`, not yet normalised or scaled, float32 or as
  ///   [DevicePolicy#between] has it
  Tensor apply(int layer, Tensor x, Pass pass, PassTables tables) {
    long tokens = x.dim(0);
    Part.QKV.begins();
    var made = in.projection.apply(x);
    var q = at(layer, Site.Q, made.q(), pass); // [tokens, head · d_head]
    Part.NORM.begins();
    var queries = in.norm.queries(q, in.shape.heads, in.shape.dHead); // [tokens, head, d_head]
    Part.ROTATION.begins();
    if (rope().isPresent()) {
      queries = tables.rotate(rope().get(), queries);
    }
    if (in.position.growth.isPresent()) {
      queries = queries.times(factors(pass.positions(), in.position.growth.get()));
    }
    var seen =
        made.seen()
            .map(own -> seen(layer, own, pass, tables))
            .orElseGet(() -> tables.lent().of(borrowed().orElseThrow(), x.device()));
    Part.ATTENTION.begins();
    var policy = DevicePolicy.of(x.device());
    if (policy.between() == DevicePolicy.Between.MATRIX_TYPE) {
      var type = in.projection.queries().matrix().dtype();
      queries = queries.to(type);
      seen = new Lent.Seen(seen.keys().to(type), seen.values().to(type));
    }
    var looking = new Looking(layer, borrowed(), in.shape, scoring, pass, tables, policy);
    var z = looking.mix(queries, seen.keys(), seen.values()); // [tokens, head, d_value]
    if (gate.isPresent()) {
      var open = Neural.sigmoid(gate.get().apply(x));
      z = z.to(DType.F32).times(open.reshape(z.dim(0), z.dim(1), z.dim(2)));
    }
    z = pass.in32(layer, Site.Z, z);
    Part.OUTPUT.begins();
    return o.between(z.reshape(tokens, (long) in.shape.heads * in.shape.dValue));
  }

  /// Whether all sequences of a pass can attend in one call.
  ///
  /// @param type of queries, keys and values
  boolean isPackable(DType type) {
    return scoring.isPackable(in.shape, device(), type);
  }

  /// The block whose keys and values this one looks at, where that is not itself.
  public OptionalInt borrowed() {
    return in.projection instanceof Projection.Borrowing(_, int of)
        ? OptionalInt.of(of)
        : OptionalInt.empty();
  }

  /// Normalised and rotated keys, and values.
  private Lent.Seen seen(int layer, Projection.KeysAndValues made, Pass pass, PassTables tables) {
    var k = at(layer, Site.K, made.k(), pass); // [tokens, kv_head · d_head]
    Part.NORM.begins();
    var keys = in.norm.keys(k, in.shape.kvHeads, in.shape.dHead); // [tokens, kv_head, d_head]
    Part.ROTATION.begins();
    if (rope().isPresent()) {
      keys = tables.rotate(rope().get(), keys);
    }
    var values = made.v().reshape(keys.dim(0), in.shape.kvHeads, in.shape.dValue);
    values = pass.in32(layer, Site.V, values); // [tokens, kv_head, d_value]
    var seen = new Lent.Seen(keys, values);
    tables.lent().offer(layer, seen);
    return seen;
  }

  /// Shows projections to the plan head by head.
  private Tensor at(int layer, Site site, Tensor projected, Pass pass) {
    return pass.touches(layer, site)
        ? pass.in32(layer, site, projected.reshape(projected.dim(0), -1, in.shape.dHead))
            .reshape(projected.dim(0), -1)
        : projected;
  }

  @Override
  public Heads heads() {
    return new Heads(in.shape.heads, in.shape.dValue);
  }

  @Override
  public Kept kept() {
    return borrowed().isPresent() ? new Kept.Elsewhere() : keysAndValues();
  }

  Kept.KeysAndValues keysAndValues() {
    return new Kept.KeysAndValues(in.shape.kvHeads, in.shape.dHead, in.shape.dValue);
  }

  @Override
  public boolean has(Site site) {
    return switch (site) {
      case Q, Z, ATTN_SCORES, PATTERN, PATTERN_LAST -> true;
      case K, V -> borrowed().isEmpty();
      case RESID_PRE, ATTN_OUT, RESID_MID, MLP_OUT, RESID_POST, MLP_POST, LN_FINAL -> false;
    };
  }

  @Override
  public Attention withOutput(UnaryOperator<Linear> edit) {
    return new Attention(in, gate, edit.apply(o), scoring);
  }

  /// Factors `[tokens, 1, 1]`.
  private static Tensor factors(List<Integer> positions, QueryGrowth growth) {
    float[] factors = new float[positions.size()];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = growth.at(positions.get(i));
    }
    return Tensor.of(factors, factors.length, 1, 1);
  }

  @Override
  public List<Linear> matrices() {
    var all = new ArrayList<>(in.projection.matrices());
    all.add(o);
    gate.ifPresent(all::add);
    return all;
  }
}
