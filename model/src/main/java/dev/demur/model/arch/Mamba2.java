package dev.demur.model.arch;

import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Mamba 2: a short convolution makes values, keys (B) and queries (C); a decaying memory is
/// written at keys and read at queries; what is read, and a share of the values, is gated and
/// normalised.
///
/// Source: Dao and Gu 2024 (arXiv 2405.21060) and `GraniteMoeHybridMambaLayer` of transformers.
///
/// @param in what makes its parts of the normalised stream
/// @param convolution of values, keys and queries
/// @param activation behind the convolution
/// @param dynamics how the memory fades and is written
/// @param gating what becomes of what is read
/// @param o output projection
public record Mamba2(
    In in,
    Convolution convolution,
    Activation activation,
    Dynamics dynamics,
    Gating gating,
    Linear o)
    implements Recurrent {

  /// Projections of the normalised stream.
  ///
  /// @param gate of what is read, `[head · d_head, d_model]`
  /// @param vkq values, keys and queries, `[head · d_head + 2 · group · d_state, d_model]`
  /// @param step how long a token's step is, before the softplus, `[head, d_model]`
  public record In(Linear gate, Linear vkq, Linear step, Shape shape) {}

  /// @param heads heads of values
  /// @param dHead their width
  /// @param groups heads of keys and queries; neighbouring heads share one
  /// @param dState their width
  public record Shape(int heads, int dHead, int groups, int dState) {

    public Shape {
      if (heads % groups != 0) {
        throw new IllegalArgumentException(
            "heads must be a multiple of groups, were " + heads + " and " + groups);
      }
    }

    /// Elements of all values.
    public int values() {
      return Math.multiplyExact(heads, dHead);
    }

    /// Elements of all keys.
    public int keys() {
      return Math.multiplyExact(groups, dState);
    }
  }

  /// A step of length s = softplus(step + bias) leaves exp(−exp(a) s) of the memory and writes s
  /// times the value.
  ///
  /// @param log a, `[head]`, float32
  /// @param bias `[head]`, float32
  /// @param through how much of a value goes past the memory, `[head]`, float32
  public record Dynamics(Tensor log, Tensor bias, Tensor through) {

    Tensor steps(Tensor step) {
      return Neural.softplus(step.plus(bias));
    }

    Tensor decay(Tensor steps) {
      return steps.times(log.exp().times(-1));
    }
  }

  /// What becomes of what is read.
  ///
  /// @param order which comes first
  /// @param norm of each group of heads; where there is one
  public record Gating(Order order, Optional<GroupNorm> norm) {

    /// Which of gate and norm comes first.
    public enum Order {
      GATE_FIRST,
      NORM_FIRST
    }

    /// @param x `[tokens, head · d_head]`
    /// @param gate before the activation, of the same shape
    Tensor apply(Tensor x, Tensor gate) {
      var open = Neural.silu(gate);
      if (norm.isEmpty()) {
        return x.times(open);
      }
      return switch (order) {
        case GATE_FIRST -> norm.get().apply(x.times(open));
        case NORM_FIRST -> norm.get().apply(x).times(open);
      };
    }
  }

  /// An RMS norm of each of several parts of a row.
  ///
  /// @param weight γ, `[part, width]`
  public record GroupNorm(Tensor weight, double eps) {

    Tensor apply(Tensor x) {
      var parts = x.reshape(x.dim(0), weight.dim(0), weight.dim(1));
      var scale = parts.square().mean(2).plus(eps).sqrt().unsqueeze(2);
      return parts.dividedBy(scale).times(weight).reshape(x.dim(0), x.dim(1));
    }
  }

  @Override
  public Tensor z(int layer, Tensor x, Pass pass) {
    var narrow = in.gate.input(x);
    var vkq = in.vkq.apply(narrow);
    var steps = dynamics.steps(in.step.apply(narrow)); // [tokens, head]
    var read =
        new Remembering(layer, this, pass)
            .run(in.shape.values(), (rows, before) -> run(rows.of(vkq), rows.of(steps), before));
    var z = gating.apply(read, in.gate.apply(narrow));
    return z.reshape(x.dim(0), in.shape.heads, in.shape.dHead);
  }

  /// @param vkq `[sequence, pos, channel]`
  /// @param steps `[sequence, pos, head]`
  private Run run(Tensor vkq, Tensor steps, List<Tensor> before) {
    var shape = in.shape;
    var convolved = convolution.apply(vkq, before.getFirst());
    var mixed = activation.apply(convolved.out());
    var v = heads(mixed.narrow(2, 0, shape.values()), shape.heads);
    var k = heads(mixed.narrow(2, shape.values(), shape.keys()), shape.groups);
    var q =
        heads(mixed.narrow(2, (long) shape.values() + shape.keys(), shape.keys()), shape.groups);
    var byHead = steps.transpose(1, 2); // [sequence, head, pos]
    var memory =
        new LinearRecurrence(
                repeat(q),
                repeat(k),
                v.times(byHead.unsqueeze(3)),
                dynamics.decay(steps).transpose(1, 2),
                Optional.empty())
            .from(before.getLast());
    var out = memory.out().plus(v.times(dynamics.through.reshape(shape.heads, 1, 1)));
    return new Run(
        out.transpose(1, 2), List.of(convolved.after().getFirst(), memory.after().getFirst()));
  }

  /// `[sequence, pos, head · d]` as `[sequence, head, pos, d]`.
  private static Tensor heads(Tensor x, int heads) {
    return x.reshape(x.dim(0), x.dim(1), heads, x.dim(2) / heads).transpose(1, 2);
  }

  /// Each group for the heads that share it.
  private Tensor repeat(Tensor x) {
    int share = in.shape.heads / in.shape.groups;
    return share == 1
        ? x
        : x.unsqueeze(2)
            .expand(x.dim(0), x.dim(1), share, x.dim(2), x.dim(3))
            .reshape(x.dim(0), in.shape.heads, x.dim(2), x.dim(3));
  }

  @Override
  public Heads heads() {
    return new Heads(in.shape.heads, in.shape.dHead);
  }

  @Override
  public Kept.State kept() {
    var shape = in.shape;
    return new Kept.State(
        List.of(convolution.kept(), List.of(shape.heads, shape.dState, shape.dHead)));
  }

  @Override
  public Recurrent withOutput(UnaryOperator<Linear> edit) {
    return new Mamba2(in, convolution, activation, dynamics, gating, edit.apply(o));
  }

  @Override
  public List<Linear> matrices() {
    return List.of(in.gate, in.vkq, in.step, o);
  }
}
