package dev.demur.model.arch.row;

import dev.demur.model.arch.Attention;
import dev.demur.model.arch.Projection;
import dev.demur.model.arch.QueryGrowth;
import dev.demur.model.arch.Rope;
import dev.demur.model.arch.RowLinear;
import dev.demur.model.hook.Site;
import dev.demur.model.kernel.RowAttention;
import dev.demur.model.kernel.RowMath;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Attention of some sequences' tokens on plain arrays; the same as [Attention]'s.
///
/// @param attention the same for many rows, for its shape, positions and window
/// @param in makes queries, keys and values, in that order, and behind them the gate of z; only
///   queries and gate where keys and values are another block's
/// @param looking what queries do with keys and values
/// @param o output projection
record RowHeads(
    Attention attention,
    Made in,
    RowNorm queryNorm,
    RowNorm keyNorm,
    RowAttention looking,
    RowLinear o)
    implements RowMixer {

  /// Queries, keys, values and the gate of rows.
  @FunctionalInterface
  interface Made {

    List<float[]> apply(float[] x, int rows);

    /// The same as a [Projection] makes; what is made of short vectors is left to libtorch.
    static Made by(Projection projection, Optional<RowLinear> gate) {
      return switch (projection) {
        case Projection.Separate(var q, var k, var v) -> {
          var made = Stream.of(q, k, v).map(RowLinear::of);
          var matrices = Stream.concat(made, gate.stream()).toList();
          yield (x, rows) -> RowLinear.apply(x, rows, matrices);
        }
        case Projection.Borrowing(var q, _) -> {
          var matrices = Stream.concat(Stream.of(RowLinear.of(q)), gate.stream()).toList();
          yield (x, rows) -> RowLinear.apply(x, rows, matrices);
        }
        case Projection.NormedValues made -> (x, rows) -> byLibtorch(made, gate, x, rows);
        case Projection.Latent latent -> (x, rows) -> byLibtorch(latent, gate, x, rows);
      };
    }

    private static List<float[]> byLibtorch(
        Projection projection, Optional<RowLinear> gate, float[] x, int rows) {
      try (var _ = Scope.open()) {
        var made = projection.apply(Tensor.of(x, rows, x.length / rows));
        var seen = made.seen().orElseThrow();
        return Stream.concat(
                Stream.of(made.q(), seen.k(), seen.v()).map(Tensor::toFloats),
                gate.map(matrix -> matrix.apply(x, rows)).stream())
            .toList();
      }
    }
  }

  static RowHeads of(Attention attention) {
    var in = attention.in();
    var shape = in.shape();
    var scoring = attention.scoring();
    var looking =
        new RowAttention(
            shape.heads(),
            shape.kvHeads(),
            shape.dHead(),
            shape.dValue(),
            new RowAttention.Scoring(
                scoring.scale(), scoring.softcap(), scoring.sinks().map(Tensor::toFloats)));
    return new RowHeads(
        attention,
        Made.by(in.projection(), attention.gate().map(RowLinear::of)),
        RowNorm.of(in.norm().query()),
        RowNorm.of(in.norm().key()),
        looking,
        RowLinear.of(attention.o()));
  }

  @Override
  public float[] apply(int layer, float[] x, RowPass pass) {
    int rows = pass.rows();
    var projected = in.apply(x, rows);
    float[] q = queryNorm.apply(projected.getFirst());
    turn(q, pass);
    attention.in().position().growth().ifPresent(growth -> grow(q, growth, pass));
    var heads = attention.in().shape();
    int keeper = attention.borrowed().orElse(layer);
    if (attention.borrowed().isEmpty()) {
      float[] k = keyNorm.apply(projected.get(1));
      turn(k, pass);
      float[] v = pass.at(layer, Site.V, projected.get(2), heads.kvHeads(), heads.dValue());
      for (int row = 0; row < rows; row++) {
        var token = pass.tokens().get(row);
        var keys = pass.cache().keyRows(keeper, token.slot());
        var values = pass.cache().valueRows(keeper, token.slot());
        keys.store(token.position(), k, row * (k.length / rows));
        values.store(token.position(), v, row * (v.length / rows));
      }
    }
    float[] z = looking.mix(q, seen(keeper, pass), Torch.threads());
    if (attention.gate().isPresent()) {
      RowMath.gate(z, projected.getLast());
    }
    return o.apply(pass.at(layer, Site.Z, z, heads.heads(), heads.dValue()), rows);
  }

  /// What each row looks at.
  private List<RowAttention.Seen> seen(int keeper, RowPass pass) {
    return pass.tokens().stream()
        .map(
            token ->
                new RowAttention.Seen(
                    pass.cache().keyRows(keeper, token.slot()),
                    pass.cache().valueRows(keeper, token.slot()),
                    attention.scoring().reach().first(token.position()),
                    token.position() + 1))
        .toList();
  }

  private static void grow(float[] q, QueryGrowth growth, RowPass pass) {
    int width = q.length / pass.rows();
    for (int row = 0; row < pass.rows(); row++) {
      RowMath.scale(
          q, row * width, (row + 1) * width, growth.at(pass.tokens().get(row).position()));
    }
  }

  /// Turns queries or keys to their positions.
  private void turn(float[] heads, RowPass pass) {
    attention.in().position().rope().ifPresent(rope -> turn(heads, rope, pass));
  }

  private void turn(float[] heads, Rope rope, RowPass pass) {
    int dHead = attention.in().shape().dHead();
    int width = heads.length / pass.rows();
    var turns = pass.turns(rope);
    for (int row = 0; row < pass.rows(); row++) {
      var turn = turns.get(row);
      int from = row * width;
      switch (rope.pairing()) {
        case HALVES -> RowMath.rotate(heads, from, from + width, dHead, turn.cos(), turn.sin());
        case NEIGHBOURS ->
            RowMath.rotateNeighbours(heads, from, from + width, dHead, turn.cos(), turn.sin());
      }
    }
  }
}
