package dev.demur.model.arch.row;

import dev.demur.model.arch.Attention;
import dev.demur.model.arch.Projection;
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

/// Attention of one token on plain arrays; the same as [Attention]'s.
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

  /// Queries, keys, values and the gate of a row.
  @FunctionalInterface
  interface Made {

    List<float[]> apply(float[] x);

    /// The same as a [Projection] makes; what is made of short vectors is left to libtorch.
    static Made by(Projection projection, Optional<RowLinear> gate) {
      return switch (projection) {
        case Projection.Separate(var q, var k, var v) -> {
          var made = Stream.of(q, k, v).map(RowLinear::of);
          var matrices = Stream.concat(made, gate.stream()).toList();
          yield x -> RowLinear.apply(x, matrices);
        }
        case Projection.Borrowing(var q, _) -> {
          var matrices = Stream.concat(Stream.of(RowLinear.of(q)), gate.stream()).toList();
          yield x -> RowLinear.apply(x, matrices);
        }
        case Projection.NormedValues made -> x -> byLibtorch(made, gate, x);
        case Projection.Latent latent -> x -> byLibtorch(latent, gate, x);
      };
    }

    private static List<float[]> byLibtorch(
        Projection projection, Optional<RowLinear> gate, float[] x) {
      try (var _ = Scope.open()) {
        var made = projection.apply(Tensor.of(x, 1, x.length));
        var seen = made.seen().orElseThrow();
        return Stream.concat(
                Stream.of(made.q(), seen.k(), seen.v()).map(Tensor::toFloats),
                gate.map(matrix -> matrix.apply(x)).stream())
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
    var projected = in.apply(x);
    float[] q = queryNorm.apply(projected.getFirst());
    turn(q, pass);
    attention.in().position().growth().ifPresent(g -> RowMath.scale(q, g.at(pass.position())));
    var heads = attention.in().shape();
    int keeper = attention.borrowed().orElse(layer);
    var keys = pass.cache().keyRows(keeper, pass.slot());
    var values = pass.cache().valueRows(keeper, pass.slot());
    if (attention.borrowed().isEmpty()) {
      float[] k = keyNorm.apply(projected.get(1));
      turn(k, pass);
      keys.store(pass.position(), k);
      float[] v = pass.at(layer, Site.V, projected.get(2), 1, heads.kvHeads(), heads.dValue());
      values.store(pass.position(), v);
    }
    int end = pass.position() + 1;
    int first = attention.scoring().reach().first(pass.position());
    float[] z = looking.mix(q, keys, values, first, end, Torch.threads());
    if (attention.gate().isPresent()) {
      RowMath.gate(z, projected.getLast());
    }
    return o.apply(pass.at(layer, Site.Z, z, 1, heads.heads(), heads.dValue()));
  }

  /// Turns queries or keys to their position.
  private void turn(float[] heads, RowPass pass) {
    int dHead = attention.in().shape().dHead();
    attention
        .in()
        .position()
        .rope()
        .ifPresent(
            rope -> {
              var turn = pass.turn(rope);
              switch (rope.pairing()) {
                case HALVES -> RowMath.rotate(heads, dHead, turn.cos(), turn.sin());
                case NEIGHBOURS -> RowMath.rotateNeighbours(heads, dHead, turn.cos(), turn.sin());
              }
            });
  }
}
