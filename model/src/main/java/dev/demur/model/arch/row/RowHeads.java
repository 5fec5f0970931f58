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
/// @param in makes queries, keys and values, in that order, and behind them the gate of z
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
        case Projection.Latent latent -> x -> byLibtorch(latent, gate, x);
      };
    }

    private static List<float[]> byLibtorch(
        Projection projection, Optional<RowLinear> gate, float[] x) {
      try (var _ = Scope.open()) {
        var made = projection.apply(Tensor.of(x, 1, x.length));
        return Stream.concat(
                Stream.of(made.q(), made.k(), made.v()).map(Tensor::toFloats),
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
    float[] q = queryNorm.apply(projected.get(0));
    float[] k = keyNorm.apply(projected.get(1));
    var heads = attention.in().shape();
    float[] v = pass.at(layer, Site.V, projected.get(2), 1, heads.kvHeads(), heads.dValue());
    turn(q, k, pass);
    var keys = pass.cache().keyRows(layer, pass.slot());
    var values = pass.cache().valueRows(layer, pass.slot());
    keys.store(pass.position(), k);
    values.store(pass.position(), v);
    int end = pass.position() + 1;
    int first = attention.scoring().reach().first(pass.position());
    float[] z = looking.mix(q, keys, values, first, end, Torch.threads());
    if (attention.gate().isPresent()) {
      RowMath.gate(z, projected.get(3));
    }
    return o.apply(pass.at(layer, Site.Z, z, 1, heads.heads(), heads.dValue()));
  }

  /// Turns queries and keys to their position.
  private void turn(float[] q, float[] k, RowPass pass) {
    int dHead = attention.in().shape().dHead();
    var how = attention.in().position();
    how.rope()
        .ifPresent(
            rope -> {
              var turn = pass.turn(rope);
              switch (rope.pairing()) {
                case HALVES -> {
                  RowMath.rotate(q, dHead, turn.cos(), turn.sin());
                  RowMath.rotate(k, dHead, turn.cos(), turn.sin());
                }
                case NEIGHBOURS -> {
                  RowMath.rotateNeighbours(q, dHead, turn.cos(), turn.sin());
                  RowMath.rotateNeighbours(k, dHead, turn.cos(), turn.sin());
                }
              }
            });
    how.growth().ifPresent(growth -> RowMath.scale(q, growth.at(pass.position())));
  }
}
