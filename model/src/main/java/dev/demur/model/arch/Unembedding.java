package dev.demur.model.arch;

import dev.demur.model.kernel.RowMath;
import dev.demur.model.kernel.RowProducts;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.tensor.Torch;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// What makes logits of the normalised final stream: `cap · tanh(scale · W_U x / cap)`.
///
/// @param matrix W_U, `[d_vocab, d_model]`
/// @param scale factor on the products; 1 in all families but Granite
/// @param softcap bound on logits, where there is one (Gemma 2)
public record Unembedding(Linear matrix, double scale, OptionalDouble softcap) {

  /// Rounding to bfloat16 moves a logit by at most 2⁻⁸ of itself; 16 leave ample room.
  private static final int CANDIDATES = 16;

  public Unembedding {
    if (!(scale > 0)) {
      throw new IllegalArgumentException("scale of the logits must be positive, was " + scale);
    }
  }

  /// Plain products, as most families have them.
  public static Unembedding of(Linear matrix) {
    return new Unembedding(matrix, 1, OptionalDouble.empty());
  }

  /// The embedding's matrix with a bias of its own, which follows it to its card.
  public static Linear tied(Matrix tokens, Optional<Tensor> bias) {
    return new Linear(tokens, bias.map(each -> each.on(tokens.device())));
  }

  /// Logits, multiplied and summed in float32.
  ///
  /// @param x normalised final stream, `[rows, d_model]`
  /// @return `[rows, d_vocab]`, float32
  Tensor apply(Tensor x) {
    var products = products(there(x));
    var scaled = scale == 1 ? products : products.times(scale);
    if (softcap.isEmpty()) {
      return scaled;
    }
    double cap = softcap.getAsDouble();
    return Neural.tanh(scaled.times(1 / cap)).times(cap);
  }

  /// Index of the largest logit of each row, int64 `[rows]`. Scale and cap do not change it.
  ///
  /// With bfloat16 weights a bfloat16 product finds the few candidates, whose logits are then
  /// computed in float32.
  Tensor greedy(Tensor normalised) {
    var x = there(normalised);
    // A matrix that stays in its file is decoded a few rows at a time, never whole.
    boolean stored = matrix.matrix() instanceof Matrix.Stored;
    if (isFewRows(x)) {
      return largest(RowLinear.of(matrix).apply(x.toFloats(), Math.toIntExact(x.dim(0))));
    }
    if (matrix.matrix().dtype() == DType.F32 || stored) {
      return apply(x).argmax();
    }
    long rows = x.dim(0);
    int count = Math.toIntExact(Math.min(CANDIDATES, matrix.matrix().rows()));
    var candidates = matrix.apply(x).topIndices(count);
    var flat = candidates.reshape(rows * count);
    var weight =
        matrix.matrix().at(flat).to(DType.F32).reshape(rows, count, matrix.matrix().columns());
    var products = weight.matmul(x.unsqueeze(2)).reshape(rows, count);
    var exact =
        matrix
            .bias()
            .map(bias -> products.plus(bias.rows(flat).to(DType.F32).reshape(rows, count)))
            .orElse(products);
    var firsts = Tensor.ofLongs(LongStream.range(0, rows).map(row -> row * count));
    return flat.rows(exact.argmax().plus(firsts));
  }

  /// The stream where the matrix is: a tied one lies with the first block, on the first card.
  private Tensor there(Tensor x) {
    return x.on(matrix.matrix().device());
  }

  private Tensor largest(float[] logits) {
    int vocab = Math.toIntExact(matrix.matrix().rows());
    return Tensor.ofIndices(
        IntStream.range(0, logits.length / vocab)
            .map(row -> RowMath.indexOfLargest(logits, row * vocab, (row + 1) * vocab)));
  }

  /// Whether a kernel can multiply in float32 without a float32 copy of the matrix, and is no
  /// slower than libtorch.
  private boolean isFewRows(Tensor x) {
    return !Torch.gradients()
        && x.dim(0) <= RowProducts.MOST_VECTORS
        && matrix.matrix().forRows().isPresent();
  }

  private Tensor products(Tensor x) {
    // Not by kernels: scores are the same to the bit however many prompts a run reads at once.
    if (matrix.matrix().dtype() == DType.F32) {
      return matrix.apply(x);
    }
    if (x.dim(0) == 1 && isFewRows(x)) {
      return Tensor.of(RowLinear.of(matrix).apply(x.toFloats()), 1, matrix.matrix().rows());
    }
    // A bfloat16 kernel would round each logit to 8 bits; scores compare small differences.
    int vocab = Math.toIntExact(matrix.matrix().rows());
    var logits = Tensor.empty(matrix.matrix().device(), DType.F32, x.dim(0), vocab);
    int most = DevicePolicy.of(matrix.matrix().device()).unembeddedRows();
    for (int start = 0; start < vocab; start += most) {
      int from = start;
      int rows = Math.min(most, vocab - start);
      try (var _ = Scope.open()) {
        var weight = matrix.rows(start, rows).weight().to(DType.F32);
        var bias = matrix.bias().map(b -> b.to(DType.F32).narrow(0, from, rows));
        logits.narrow(1, start, rows).copyInPlace(Neural.linear(x, weight, bias));
      }
    }
    return logits;
  }
}
