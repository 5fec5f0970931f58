package dev.demur.model.tensor;

import java.util.Optional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// The operations neural networks are made of, as libtorch computes them. All differentiable.
public final class Neural {

  private static final int RMS_OPERATIONS = 6;
  private static final int RMS_READS = 4;
  private static final int RMS_WRITES = 3;

  private Neural() {}

  /// `x Wᵀ + b`.
  ///
  /// @param x `[…, in]`
  /// @param weight `[out, in]`, of x's type
  /// @param bias `[out]`
  /// @return `[…, out]`
  /// @throws IllegalStateException if x is on a device, and the matrix or its bias is not there
  public static Tensor linear(Tensor x, Tensor weight, Optional<Tensor> bias) {
    var here = weight.here(x);
    if (!Device.onlyHost()) {
      requireTogether(weight, here);
      bias.ifPresent(b -> requireTogether(weight, b.raw()));
    }
    var product = new Tensor(torch.linear(here, weight.raw(), optional(bias)));
    Meter.made(product, x, weight);
    return product;
  }

  /// Rows of a table: `[vocab, d]` at int64 `[pos]` → `[pos, d]`.
  public static Tensor embedding(Tensor table, Tensor ids) {
    return table.device().equals(Device.META)
        ? table.rows(ids)
        : Tensor.taken(torch.embedding(table.raw(), table.here(ids)));
  }

  /// `x / sqrt(mean(x²) + eps) ⊙ weight` along the last dimension.
  ///
  /// Source: Zhang and Sennrich 2019 (arXiv 1910.07467).
  ///
  /// @param x `[…, d]`
  /// @param weight `[d]`
  public static Tensor rmsNorm(Tensor x, Tensor weight, double eps) {
    var raw = weight.here(x);
    if (x.dtype() == DType.F32 && weight.device().isHost() && !Torch.gradients()) {
      return rmsNormByLength(x, raw, weight, eps);
    }
    var normalised =
        new Tensor(
            torch.rms_norm(
                raw,
                new long[] {weight.dim(0)},
                new TensorOptional(weight.raw()),
                new DoubleOptional(eps)));
    // libtorch 2.10 on a CPU: square, mean, plus eps, root, times root, times weight.
    Meter.several(RMS_OPERATIONS, x, RMS_READS, RMS_WRITES);
    return normalised;
  }

  /// Without a copy of the squares, and with one result: two thirds of the time.
  private static Tensor rmsNormByLength(
      Tensor x, org.bytedeco.pytorch.Tensor raw, Tensor weight, double eps) {
    var length =
        torch.linalg_vector_norm(
            raw, new Scalar(2), new long[] {-1}, true, new ScalarTypeOptional());
    var mean = new Scalar(1.0 / weight.dim(0));
    var root = torch.addcmul(torch.scalar_tensor(new Scalar(eps)), length, length, mean);
    var normalised = new Tensor(raw.mul(root.rsqrt_()));
    normalised.raw().mul_(weight.raw());
    Meter.several(RMS_OPERATIONS, x, RMS_READS - 1, RMS_WRITES - 1);
    return normalised;
  }

  /// `(x − mean) / sqrt(var + eps) ⊙ weight + bias` along the last dimension.
  ///
  /// @param x `[…, d]`
  /// @param weight `[d]`
  /// @param bias `[d]`
  public static Tensor layerNorm(Tensor x, Tensor weight, Optional<Tensor> bias, double eps) {
    if (weight.device().equals(Device.META)) { // libtorch knows no shape of its own for it
      return x.times(weight);
    }
    return Tensor.made(
        torch.layer_norm(
            weight.here(x),
            new long[] {weight.dim(0)},
            new TensorOptional(weight.raw()),
            optional(bias),
            eps,
            false),
        x);
  }

  /// `(x − mean) / sqrt(var + eps)` along the last dimension.
  public static Tensor standardize(Tensor x, double eps) {
    if (x.device().equals(Device.META)) { // libtorch knows no shape of its own for it
      return x.copy();
    }
    return Tensor.made(
        torch.layer_norm(
            x.raw(),
            new long[] {x.dim(x.rank() - 1)},
            new TensorOptional(),
            new TensorOptional(),
            eps,
            false),
        x);
  }

  /// Values brought into a range.
  public static Tensor clamp(Tensor x, double low, double high) {
    return Tensor.made(
        torch.clamp(
            x.raw(), new ScalarOptional(new Scalar(low)), new ScalarOptional(new Scalar(high))),
        x);
  }

  /// `x · sigmoid(x)`.
  public static Tensor silu(Tensor x) {
    return Tensor.made(torch.silu(x.raw()), x);
  }

  /// `x · Φ(x)`, exact.
  public static Tensor gelu(Tensor x) {
    return Tensor.made(torch.gelu(x.raw()), x);
  }

  /// `x · Φ(x)` with the tanh approximation.
  public static Tensor geluTanh(Tensor x) {
    return Tensor.made(torch.gelu(x.raw(), "tanh"), x);
  }

  /// `max(x, 0)`.
  public static Tensor relu(Tensor x) {
    if (x.device().equals(Device.META)) { // libtorch knows no shape of its own for it
      return x.times(1);
    }
    return Tensor.made(torch.relu(x.raw()), x);
  }

  /// `x · tanh(softplus(x))` (Misra 2019, arXiv 1908.08681).
  public static Tensor mish(Tensor x) {
    return Tensor.made(torch.mish(x.raw()), x);
  }

  /// `x · min(max(x + 3, 0), 6) / 6`.
  public static Tensor hardSwish(Tensor x) {
    return Tensor.made(torch.hardswish(x.raw()), x);
  }

  /// `max(x, 0.01 x)`.
  public static Tensor leakyRelu(Tensor x) {
    return Tensor.made(torch.leaky_relu(x.raw()), x);
  }

  /// `ln(1 + exp(x))`.
  public static Tensor softplus(Tensor x) {
    return Tensor.made(torch.softplus(x.raw()), x);
  }

  /// `exp(x) − 1`, exact near 0.
  public static Tensor expm1(Tensor x) {
    return Tensor.made(torch.expm1(x.raw()), x);
  }

  /// 1 where an element is not above a bound, else 0, of x's type.
  public static Tensor notAbove(Tensor x, double bound) {
    return new Tensor(torch.le(x.raw(), new Scalar(bound)).to(x.raw().scalar_type()));
  }

  /// The error function.
  public static Tensor erf(Tensor x) {
    return Tensor.made(torch.erf(x.raw()), x);
  }

  /// [#silu] of x, in its place.
  public static Tensor siluInPlace(Tensor x) {
    torch.silu_(x.raw());
    Meter.changed(x);
    return x;
  }

  /// [#gelu] of x, in its place.
  public static Tensor geluInPlace(Tensor x) {
    torch.gelu_(x.raw());
    Meter.changed(x);
    return x;
  }

  /// [#geluTanh] of x, in its place.
  public static Tensor geluTanhInPlace(Tensor x) {
    torch.gelu_(x.raw(), "tanh");
    Meter.changed(x);
    return x;
  }

  /// [#relu] of x, in its place.
  public static Tensor reluInPlace(Tensor x) {
    torch.relu_(x.raw());
    Meter.changed(x);
    return x;
  }

  public static Tensor sigmoid(Tensor x) {
    return Tensor.made(torch.sigmoid(x.raw()), x);
  }

  public static Tensor tanh(Tensor x) {
    return Tensor.made(torch.tanh(x.raw()), x);
  }

  /// Attention in which query `i` sees keys `0…i`: softmax(q kᵀ · scale) v without storing the
  /// pattern.
  ///
  /// @param q `[batch, head, pos, d_head]`
  /// @param k `[batch, head, pos, d_head]`
  /// @param v `[batch, head, pos, d_head]`
  /// @return `[batch, head, pos, d_head]`
  public static Tensor causalAttention(Tensor q, Tensor k, Tensor v, double scale) {
    return attention(q, k, v, new TensorOptional(), true, scale);
  }

  /// Attention with what is added to the scores given: softmax(q kᵀ · scale + mask) v.
  ///
  /// @param q `[batch, head, query, d_head]`
  /// @param k `[batch, head, key, d_head]`
  /// @param v `[batch, head, key, d_head]`
  /// @param mask broadcastable to `[batch, head, query, key]`; 0 where seen, −∞ where not; of q's
  ///   type
  /// @return `[batch, head, query, d_head]`
  public static Tensor maskedAttention(Tensor q, Tensor k, Tensor v, Tensor mask, double scale) {
    Meter.also(mask);
    return attention(q, k, v, new TensorOptional(q.here(mask)), false, scale);
  }

  /// On the host, libtorch's kernel shares heads and queries out over its threads, and each
  /// multiplies blocks large enough for OpenBLAS to share them out once more; threads that wait for
  /// threads took up to fifty times as long. So OpenBLAS gets one thread meanwhile.
  private static Tensor attention(
      Tensor q, Tensor k, Tensor v, TensorOptional mask, boolean causal, double scale) {
    try (var _ = Torch.oneThreadInProducts()) {
      return Tensor.made(
          torch.scaled_dot_product_attention(
              q.raw(), k.raw(), v.raw(), mask, 0.0, causal, new DoubleOptional(scale), false),
          q,
          k,
          v);
    }
  }

  /// X with `L X = b`, where L is a lower triangle with ones on its diagonal.
  ///
  /// @param l `[…, n, n]`; what lies on and above the diagonal is not read
  /// @param b `[…, n, d]`
  public static Tensor solveUnitLower(Tensor l, Tensor b) {
    if (l.device().equals(Device.META)) { // libtorch knows no shape of its own for it
      return b.copy();
    }
    return new Tensor(torch.linalg_solve_triangular(l.raw(), b.raw(), false, true, true));
  }

  /// Mean over rows of −ln softmax(logits) at the target id, in nats.
  ///
  /// @param logits `[pos, d_vocab]`
  /// @param targets int64 `[pos]`
  /// @return a scalar one can differentiate
  public static Tensor crossEntropy(Tensor logits, Tensor targets) {
    return new Tensor(torch.cross_entropy_loss(logits.raw(), logits.here(targets)));
  }

  /// On a card libtorch refuses the product by itself, on shapes alone it does not.
  private static void requireTogether(Tensor weight, org.bytedeco.pytorch.Tensor other) {
    var device = weight.device();
    if (!device.holds(other)) {
      throw new IllegalStateException(
          "a product of what lies on " + Device.of(other) + " with a matrix on " + device);
    }
  }

  private static TensorOptional optional(Optional<Tensor> tensor) {
    return tensor.map(t -> new TensorOptional(t.raw())).orElseGet(TensorOptional::new);
  }
}
