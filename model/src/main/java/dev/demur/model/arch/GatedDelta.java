package dev.demur.model.arch;

import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A gated DeltaNet: a short convolution makes queries, keys and values, which read and write a
/// decaying memory by the delta rule; what is read is normalised head by head and gated.
///
/// Source: Yang et al. 2024 (arXiv 2412.06464) and `Qwen3NextGatedDeltaNet` of transformers.
///
/// @param in what makes its parts of the normalised stream
/// @param convolution of queries, keys and values
/// @param activation behind the convolution
/// @param decay how fast the memory fades
/// @param norm of what each head reads
/// @param o output projection
public record GatedDelta(
    In in, Convolution convolution, Activation activation, Decay decay, Norm norm, Linear o)
    implements Recurrent {

  /// Added to the squared length of queries and keys, as transformers does.
  private static final double SQUARED_LENGTH_EPSILON = 1e-6;

  /// Projections of the normalised stream.
  ///
  /// @param qkv queries, keys and values of all heads, `[2 · key_head · d_key + value_head ·
  ///   d_value, d_model]`
  /// @param gate of what is read, `[value_head · d_value, d_model]`
  /// @param strength how much a token writes, before the sigmoid, `[value_head, d_model]`
  /// @param step how much it fades, before the softplus, `[value_head, d_model]`
  public record In(Linear qkv, Linear gate, Linear strength, Linear step, Shape shape) {}

  /// @param keyHeads heads of queries and keys
  /// @param dKey their width
  /// @param valueHeads heads of values, a multiple; neighbours share a key head
  /// @param dValue their width
  public record Shape(int keyHeads, int dKey, int valueHeads, int dValue) {

    public Shape {
      if (valueHeads % keyHeads != 0) {
        throw new IllegalArgumentException(
            "value heads must be a multiple of key heads, were " + valueHeads + " and " + keyHeads);
      }
    }

    /// Elements of all keys.
    public int keys() {
      return Math.multiplyExact(keyHeads, dKey);
    }

    /// Elements of all values.
    public int values() {
      return Math.multiplyExact(valueHeads, dValue);
    }
  }

  /// `g = −exp(a) · softplus(step + bias)`, the logarithm of what a token leaves of the memory.
  ///
  /// @param log a, `[value_head]`, float32
  /// @param bias `[value_head]`, float32
  public record Decay(Tensor log, Tensor bias) {

    Tensor of(Tensor step) {
      return Neural.softplus(step.plus(bias)).times(log.exp().times(-1));
    }
  }

  @Override
  public Tensor z(int layer, Tensor x, Pass pass) {
    var narrow = in.qkv.input(x);
    var qkv = in.qkv.apply(narrow);
    var strength = Neural.sigmoid(in.strength.apply(narrow)); // [tokens, value_head]
    var fading = decay.of(in.step.apply(narrow));
    var read =
        new Remembering(layer, this, pass)
            .run(
                in.shape.values(),
                (rows, before) -> run(rows.of(qkv), rows.of(strength), rows.of(fading), before));
    var heads = split(read, heads().count());
    var gate = split(Neural.silu(in.gate.apply(narrow)), heads().count());
    return norm.apply(heads).times(gate);
  }

  /// @param qkv `[sequence, pos, channel]`
  /// @param strength `[sequence, pos, value_head]`
  /// @param fading `[sequence, pos, value_head]`
  private Run run(Tensor qkv, Tensor strength, Tensor fading, List<Tensor> before) {
    var shape = in.shape;
    var convolved = convolution.apply(qkv, before.getFirst());
    var mixed = activation.apply(convolved.out());
    var q = heads(mixed.narrow(2, 0, shape.keys()), shape.keyHeads);
    var k = heads(mixed.narrow(2, shape.keys(), shape.keys()), shape.keyHeads);
    var v = heads(mixed.narrow(2, 2L * shape.keys(), shape.values()), shape.valueHeads);
    var memory =
        new LinearRecurrence(
                repeat(unit(q).times(1 / Math.sqrt(shape.dKey))),
                repeat(unit(k)),
                v,
                fading.transpose(1, 2),
                Optional.of(strength.transpose(1, 2)))
            .from(before.getLast());
    return new Run(
        memory.out().transpose(1, 2),
        List.of(convolved.after().getFirst(), memory.after().getFirst()));
  }

  /// `[sequence, pos, head · d]` as `[sequence, head, pos, d]`.
  private static Tensor heads(Tensor x, int heads) {
    return x.reshape(x.dim(0), x.dim(1), heads, x.dim(2) / heads).transpose(1, 2);
  }

  private static Tensor unit(Tensor heads) {
    var length = heads.square().sum(3).plus(SQUARED_LENGTH_EPSILON).sqrt();
    return heads.dividedBy(length.unsqueeze(3));
  }

  /// Each key head for the value heads that share it.
  private Tensor repeat(Tensor x) {
    int group = in.shape.valueHeads / in.shape.keyHeads;
    return group == 1
        ? x
        : x.unsqueeze(2)
            .expand(x.dim(0), x.dim(1), group, x.dim(2), x.dim(3))
            .reshape(x.dim(0), in.shape.valueHeads, x.dim(2), x.dim(3));
  }

  /// `[tokens, head · width]` as `[tokens, head, width]`.
  private static Tensor split(Tensor rows, int heads) {
    return rows.reshape(rows.dim(0), heads, rows.dim(1) / heads);
  }

  @Override
  public Heads heads() {
    return new Heads(in.shape.valueHeads, in.shape.dValue);
  }

  @Override
  public Kept.State kept() {
    var shape = in.shape;
    return new Kept.State(
        List.of(convolution.kept(), List.of(shape.valueHeads, shape.dKey, shape.dValue)));
  }

  @Override
  public Recurrent withOutput(UnaryOperator<Linear> edit) {
    return new GatedDelta(in, convolution, activation, decay, norm, edit.apply(o));
  }

  @Override
  public List<Linear> matrices() {
    return List.of(in.qkv, in.gate, in.strength, in.step, o);
  }
}
