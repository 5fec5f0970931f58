package dev.demur.model.arch.writer;

import dev.demur.model.arch.Attention;
import dev.demur.model.arch.Norm;
import dev.demur.model.arch.Transformer;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.ShapeException;
import dev.demur.model.tensor.Tensor;
import java.util.List;

/// What attention heads write along one vector of the stream.
///
/// The stream is a sum, so its component along r̂ is one too:
///
/// ```text
/// resid_pre(l)·r̂ = resid_pre(0)·r̂ + Σ over blocks below l of (Σ over heads (z_h W_O^h)·r̂ + bias·r̂ + mlp_out·r̂)
/// ```
///
/// Where attention's output passes a norm before it enters the stream (Gemma 2 and 3, OLMo-2), the
/// norm is taken as the linear map it is on the current row: its scale is held at the value all
/// heads together give it, so that the heads still add up. Granite's residual multiplier is in.
///
/// ```java
/// var along = WrittenAlong.of(model.transformer(), direction.unit());
/// try (var a = model.run(List.of(prompt), Capture.at(Site.Z).layer(3).last(), HookPlan.none())) {
///   var shares = along.shares(3, a.get(new HookPoint(3, Site.Z), 0)); // heads [1, head]
/// }
/// ```
///
/// Belongs to the scope it was made in.
public final class WrittenAlong {

  private final List<Reader> readers;

  /// One block's attention.
  ///
  /// @param heads what z of each head is multiplied with, `[head, d_head]`, float32, before scaling
  /// @param bias what the output bias writes, before scaling
  /// @param constant what is written besides
  private record Reader(HeadWriting writing, Tensor heads, double bias, double constant) {}

  /// What the heads of one block write.
  ///
  /// @param heads `[rows, head]`, stream units
  /// @param bias what attention writes without any head, `[rows]`
  public record Shares(Tensor heads, Tensor bias) {}

  private WrittenAlong(List<Reader> readers) {
    this.readers = readers;
  }

  /// The heads of a model along a vector.
  ///
  /// @param unit `[d_model]`, float32
  public static WrittenAlong of(Transformer transformer, Tensor unit) {
    if (unit.rank() != 1 || unit.dim(0) != transformer.config().dModel()) {
      throw new ShapeException(
          "a vector of the stream is [" + transformer.config().dModel() + "], was " + unit);
    }
    return new WrittenAlong(
        transformer.blocks().stream().map(b -> reader(HeadWriting.of(b), unit)).toList());
  }

  private static Reader reader(HeadWriting writing, Tensor unit) {
    try (var scope = Scope.open()) {
      var seen = writing.before(unit);
      var o = writing.mixer().o();
      var shape = writing.mixer().heads();
      var heads = seen.unsqueeze(0).matmul(o.weight().to(DType.F32));
      return new Reader(
          writing,
          scope.keep(heads.reshape(shape.count(), shape.width())),
          o.bias().map(b -> b.to(DType.F32).dotRows(seen).item()).orElse(0.0),
          writing.constant(unit));
    }
  }

  /// What each head of a block writes along the vector.
  ///
  /// @param z [Site#Z] of some rows, `[rows, head, d_head]`
  public Shares shares(int layer, Tensor z) {
    var reader = readers.get(layer);
    try (var scope = Scope.open()) {
      var scale = reader.writing.scale(z);
      var raw = z.to(DType.F32).times(reader.heads.unsqueeze(0)).sum(2);
      return new Shares(
          scope.keep(raw.times(scale.unsqueeze(1))),
          scope.keep(scale.times(reader.bias).plus(reader.constant)));
    }
  }

  /// What one head of a block writes along the vector at one row: as [#shares], with fewer steps.
  ///
  /// @param z [Site#Z] of the row, `[1, head, d_head]`
  public double share(int layer, int head, Tensor z) {
    var reader = readers.get(layer);
    try (var _ = Scope.open()) {
      var raw = z.row(0).row(head).to(DType.F32).dotRows(reader.heads.row(head));
      return reader.writing.after() instanceof Norm.Identity
          ? raw.item() * reader.writing.multiplier()
          : raw.item() * reader.writing.scale(z).item();
    }
  }

  /// What the heads write at one query, split by the token they read it from, with the pattern as
  /// it is: `pattern[h, k] · (v_k W_O^h)·r̂`. Over all keys it sums to the head's share.
  ///
  /// Where z is gated (Qwen3-Next), the gate is part of each share.
  ///
  /// @param pattern row of [Site#PATTERN] of that query, `[head, key]`
  /// @param values [Site#V] of the sequence, `[key, kv_head, d_head]`
  /// @param z [Site#Z] of that query, `[1, head, d_head]`
  /// @return `[head, key]`, stream units
  /// @throws IllegalArgumentException if the layer has no attention
  public Tensor bySource(int layer, Tensor pattern, Tensor values, Tensor z) {
    var reader = readers.get(layer);
    if (!(reader.writing.mixer() instanceof Attention attention)) {
      throw new IllegalArgumentException(
          "layer "
              + layer
              + " has a recurrence instead of attention: what its heads write cannot be split by"
              + " token");
    }
    var shape = attention.in().shape();
    int group = shape.heads() / shape.kvHeads();
    long keys = values.dim(0);
    try (var scope = Scope.open()) {
      var each = // [head, key, d_head]
          values
              .to(DType.F32)
              .transpose(0, 1)
              .unsqueeze(1)
              .expand(shape.kvHeads(), group, keys, shape.dValue())
              .reshape(shape.heads(), keys, shape.dValue())
              .times(pattern.to(DType.F32).unsqueeze(2));
      var seen =
          attention.gate().isPresent()
              ? each.times(gate(z.row(0).to(DType.F32), each).unsqueeze(1))
              : each;
      var read = seen.matmul(reader.heads.unsqueeze(2)).reshape(shape.heads(), keys);
      return scope.keep(read.times(reader.writing.scale(z)));
    }
  }

  /// What z was multiplied with, read off z itself, `[head, d_head]`: a sigmoid, so from 0 to 1.
  private static Tensor gate(Tensor z, Tensor each) {
    var sum = each.sum(1);
    var isNothing = sum.isEqual(0);
    return Neural.clamp(z.dividedBy(sum.plus(isNothing)), 0, 1);
  }
}
