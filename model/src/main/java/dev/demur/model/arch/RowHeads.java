package dev.demur.model.arch;

import dev.demur.model.hook.Site;
import dev.demur.model.kernel.RowAttention;
import dev.demur.model.kernel.RowMath;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import java.util.List;

/// Attention of one token on plain arrays; the same as [Attention]'s.
///
/// @param in its projections in the order q, k, v
/// @param o output projection
record RowHeads(
    Attention.Input shape,
    List<RowLinear> in,
    RowNorm queryNorm,
    RowNorm keyNorm,
    RowAttention attention,
    Scoring scoring,
    RowLinear o) {

  static RowHeads of(Attention attention) {
    var in = attention.in();
    var shape = in.shape();
    var scoring = attention.scoring();
    var kernel =
        new RowAttention(
            shape.heads(),
            shape.kvHeads(),
            shape.dHead(),
            new RowAttention.Scoring(
                scoring.scale(), scoring.softcap(), scoring.sinks().map(Tensor::toFloats)));
    return new RowHeads(
        in,
        List.of(RowLinear.of(in.q()), RowLinear.of(in.k()), RowLinear.of(in.v())),
        queryNorm(in.norm()),
        keyNorm(in.norm()),
        kernel,
        scoring,
        RowLinear.of(attention.o()));
  }

  private static RowNorm queryNorm(QueryKeyNorm norm) {
    return switch (norm) {
      case QueryKeyNorm.None() -> x -> x;
      case QueryKeyNorm.EachHead(var query, _) -> RowNorm.of(query);
      case QueryKeyNorm.AllHeads(var query, _) -> RowNorm.of(query);
    };
  }

  private static RowNorm keyNorm(QueryKeyNorm norm) {
    return switch (norm) {
      case QueryKeyNorm.None() -> x -> x;
      case QueryKeyNorm.EachHead(_, var key) -> RowNorm.of(key);
      case QueryKeyNorm.AllHeads(_, var key) -> RowNorm.of(key);
    };
  }

  /// @param x normalised row, `[d_model]`
  float[] apply(int layer, float[] x, RowPass pass) {
    var projected = RowLinear.apply(x, in);
    float[] q = queryNorm.apply(projected.get(0));
    float[] k = keyNorm.apply(projected.get(1));
    var heads = shape.shape();
    float[] v = pass.at(layer, Site.V, projected.get(2), 1, heads.kvHeads(), heads.dHead());
    turn(q, k, pass.position());
    var keys = pass.cache().keyRows(layer, pass.slot());
    var values = pass.cache().valueRows(layer, pass.slot());
    keys.store(pass.position(), k);
    values.store(pass.position(), v);
    int end = pass.position() + 1;
    int first = Math.max(0, end - scoring.window().orElse(end));
    float[] z = attention.mix(q, keys, values, first, end, Torch.threads());
    return o.apply(pass.at(layer, Site.Z, z, 1, heads.heads(), heads.dHead()));
  }

  /// Turns queries and keys to their position.
  private void turn(float[] q, float[] k, int position) {
    var how = shape.position();
    how.rope()
        .ifPresent(
            rope -> {
              var turn = rope.turn(position, position + 1);
              RowMath.rotate(q, shape.shape().dHead(), turn.cos(), turn.sin());
              RowMath.rotate(k, shape.shape().dHead(), turn.cos(), turn.sin());
            });
    how.logBase().ifPresent(base -> RowMath.scale(q, Attention.logarithm(position, base)));
  }
}
