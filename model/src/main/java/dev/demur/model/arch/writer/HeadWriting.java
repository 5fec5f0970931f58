package dev.demur.model.arch.writer;

import dev.demur.model.arch.Beside;
import dev.demur.model.arch.Block;
import dev.demur.model.arch.Mixer;
import dev.demur.model.arch.Norm;
import dev.demur.model.arch.Transformer;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;

/// How the heads of one block write to the stream, as a sum: a norm behind attention is taken as
/// the linear map it is on the current row, its scale held at the value all heads together give it.
///
/// @param mixer the block's attention, or what it has instead; not both
/// @param after the norm its output passes
/// @param multiplier what it is multiplied with then
public record HeadWriting(Mixer mixer, Norm after, double multiplier) {

  public HeadWriting {
    if (mixer instanceof Beside) {
      throw new IllegalArgumentException(
          "a recurrence beside attention writes, too; what heads write does not sum to attn_out");
    }
    if (after instanceof Norm.LayerByHead) {
      throw new IllegalArgumentException("what enters the stream has no heads to normalise by");
    }
  }

  public static HeadWriting of(Block block) {
    return new HeadWriting(
        block.mixer(), block.norms().afterAttention(), block.residualMultiplier());
  }

  /// What each head of a block adds to the stream: its slice of W_O applied to its z. The heads and
  /// what attention writes without any (see [WrittenAlong]) sum to attn_out; a norm behind
  /// attention is taken as linear, with the scale it has on these rows.
  ///
  /// @param z [Site#Z] of some rows, `[rows, head, d_head]`
  /// @return `[rows, head, d_model]`, float32
  public static Tensor outputs(Transformer transformer, int layer, Tensor z) {
    try (var scope = Scope.open()) {
      return scope.keep(of(transformer.blocks().get(layer)).outputs(z));
    }
  }

  /// What each head adds, without bias.
  ///
  /// @param z `[rows, head, d_head]`
  /// @return `[rows, head, d_model]`, float32
  public Tensor outputs(Tensor z) {
    long heads = z.dim(1);
    var columns = // [head, d_head, d_model]
        mixer.o().weight().to(DType.F32).transpose(0, 1).reshape(heads, z.dim(2), -1);
    var raw = z.to(DType.F32).transpose(0, 1).matmul(columns).transpose(0, 1);
    var normed =
        switch (after) {
          case Norm.Identity() -> raw;
          case Norm.Rms(var weight, _) -> raw.times(weight);
          case Norm.Layer(var weight, _, _) -> raw.minus(raw.mean(2).unsqueeze(2)).times(weight);
          case Norm.LayerByHead _ -> throw new IllegalStateException("refused when made");
        };
    return normed.times(scale(z).reshape(-1, 1, 1));
  }

  /// What a row of the stream looks like from before the norm, up to the scale: `f` with
  /// `output·row = scale · (W_O z)·f`.
  ///
  /// @param row `[d_model]`, float32
  Tensor before(Tensor row) {
    return switch (after) {
      case Norm.Identity() -> row;
      case Norm.Rms(var weight, _) -> weight.times(row);
      case Norm.Layer(var weight, _, _) -> {
        var seen = weight.times(row);
        yield seen.minus(seen.mean(0));
      }
      case Norm.LayerByHead _ -> throw new IllegalStateException("refused when made");
    };
  }

  /// What norm and multiplier make of rows, `[rows]`.
  ///
  /// @param z `[rows, head, d_head]`
  Tensor scale(Tensor z) {
    var constant = Tensor.zeros(DType.F32, z.dim(0)).plus(multiplier);
    return switch (after) {
      case Norm.Identity() -> constant;
      case Norm.Rms(_, var eps) -> constant.dividedBy(root(output(z), eps));
      case Norm.Layer(_, _, var eps) -> {
        var out = output(z);
        yield constant.dividedBy(root(out.minus(out.mean(1).unsqueeze(1)), eps));
      }
      case Norm.LayerByHead _ -> throw new IllegalStateException("refused when made");
    };
  }

  /// What is written whatever the heads do and however large they are: a LayerNorm's own bias.
  ///
  /// @param row `[d_model]`
  double constant(Tensor row) {
    return after instanceof Norm.Layer(_, var beta, _)
        ? multiplier * beta.map(b -> b.dotRows(row).item()).orElse(0.0)
        : 0;
  }

  private Tensor output(Tensor z) {
    return mixer.o().apply(z.reshape(z.dim(0), -1));
  }

  private static Tensor root(Tensor rows, double eps) {
    return rows.square().mean(1).plus(eps).sqrt();
  }
}
