package dev.demur.kit;

import dev.demur.model.arch.family.Writers;
import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.arch.writer.StreamWriter.Component;
import dev.demur.model.arch.writer.StreamWriter.Layout;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Eigen;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Ways in which people take directions out of weights, for tests of what an audit sees.
public final class WriterEdits {

  private static final int BLOCK = 32;

  private WriterEdits() {}

  /// What is done to the stream vectors of one writer, `[n, d_model]`.
  @FunctionalInterface
  public interface OnVectors extends Function<StreamWriter, UnaryOperator<Tensor>> {}

  /// A checkpoint with an edit in every writer that `where` names, rounded to a type.
  ///
  /// @param type `F32`, `BF16`, `Q8_0` or `Q4_0`; all writers are rounded, edited or not
  public static ModelFiles edited(
      ModelFiles files, Predicate<StreamWriter> where, OnVectors edit, String type)
      throws IOException {
    Map<String, StreamWriter> writers =
        Writers.of(files).tensors().stream()
            .filter(w -> !w.isBias())
            .collect(Collectors.toMap(StreamWriter::tensor, w -> w));
    return new AlteredFiles(
        files,
        (name, tensor) -> {
          var writer = writers.get(name);
          if (writer == null) {
            return tensor;
          }
          var changed = where.test(writer) ? apply(writer, tensor, edit.apply(writer)) : tensor;
          return rounded(changed.contiguous(), type);
        },
        type);
  }

  private static Tensor apply(StreamWriter writer, Tensor stored, UnaryOperator<Tensor> edit) {
    if (writer.layout() == Layout.COLUMNS) {
      var vectors = stored.transpose(stored.rank() - 2, stored.rank() - 1);
      long[] turned = vectors.shape().stream().mapToLong(Long::longValue).toArray();
      return edit.apply(vectors.reshape(-1, vectors.dim(vectors.rank() - 1)))
          .reshape(turned)
          .transpose(stored.rank() - 2, stored.rank() - 1);
    }
    long d = stored.dim(stored.rank() - 1);
    long[] shape = stored.shape().stream().mapToLong(Long::longValue).toArray();
    return edit.apply(stored.reshape(-1, d)).reshape(shape);
  }

  /// X − λ (X r̂) r̂ᵀ.
  public static UnaryOperator<Tensor> removing(Tensor unit, double strength) {
    return x -> x.plusOuter(x.dotRows(unit).times(-strength), unit);
  }

  /// The same, and then each vector back to the length it had.
  public static UnaryOperator<Tensor> removingKeepingVectorLengths(Tensor unit) {
    return x -> {
      var after = removing(unit, 1).apply(x);
      return after.times(lengths(x, 1).dividedBy(lengths(after, 1)).unsqueeze(1));
    };
  }

  /// Coordinates scaled to one length, the direction removed, coordinates back to their lengths.
  public static UnaryOperator<Tensor> removingKeepingCoordinateLengths(Tensor unit) {
    return x -> {
      var before = lengths(x, 0);
      var after = removing(unit, 1).apply(x.dividedBy(before));
      return after.times(before.dividedBy(lengths(after, 0)));
    };
  }

  /// The same as a LoRA of rank 1 whose two factors are stored in bfloat16, and then merged.
  public static UnaryOperator<Tensor> removingByLora(Tensor unit, double strength) {
    return x -> x.plusOuter(bfloat16(x.dotRows(unit)).times(-1), bfloat16(unit.times(strength)));
  }

  private static Tensor bfloat16(Tensor tensor) {
    return tensor.to(DType.BF16).to(DType.F32);
  }

  /// Vectors turned by a random rotation of the stream. One rotation for all writers keeps what
  /// they share and hides which coordinates it lies in; one for each leaves nothing that is shared.
  public static UnaryOperator<Tensor> rotating(long seed, int dModel) {
    try (var scope = Scope.open()) {
      var gaussian = Tensor.gaussian(new Random(seed), dModel, dModel).to(DType.F64);
      // Eigenvectors of the Gaussian orthogonal ensemble are uniformly distributed.
      var vectors = Eigen.ofSymmetric(gaussian.plus(gaussian.transpose(0, 1))).vectors();
      var rotation = scope.keep(vectors.to(DType.F32));
      return x -> x.matmul(rotation);
    }
  }

  /// A random change of rank 8, so large relative to the whole.
  public static UnaryOperator<Tensor> lowRankNoise(long seed, double share) {
    return x -> {
      var random = new Random(seed);
      var noise = Tensor.gaussian(random, x.dim(0), 8).matmul(Tensor.gaussian(random, 8, x.dim(1)));
      return x.plus(noise.times(share * x.norm() / noise.norm()));
    };
  }

  private static Tensor lengths(Tensor x, int dim) {
    return x.square().sum(dim).sqrt().plus(1e-12);
  }

  /// Attention and MLP, without embeddings.
  public static boolean inBlocks(StreamWriter writer) {
    return writer.component() != Component.EMBEDDING;
  }

  private static Tensor rounded(Tensor tensor, String type) {
    return switch (type) {
      case "F32" -> tensor;
      case "BF16" -> bfloat16(tensor);
      case "Q8_0" -> blocks(tensor, WriterEdits::q8);
      case "Q4_0" -> blocks(tensor, WriterEdits::q4);
      default -> throw new IllegalArgumentException(type);
    };
  }

  private static Tensor blocks(Tensor tensor, BlockRounding rounding) {
    float[] values = tensor.toFloats();
    int length = Math.toIntExact(tensor.dim(tensor.rank() - 1));
    int block = length % BLOCK == 0 ? BLOCK : length; // tiny models are narrower than a block
    for (int start = 0; start < values.length; start += block) {
      rounding.round(values, start, start + block);
    }
    return Tensor.of(values, tensor.shape().stream().mapToLong(Long::longValue).toArray());
  }

  @FunctionalInterface
  private interface BlockRounding {
    void round(float[] values, int from, int to);
  }

  private static void q8(float[] values, int from, int to) {
    float step = Math.abs(largest(values, from, to)) / 127;
    for (int i = from; i < to && step > 0; i++) {
      values[i] = Math.round(values[i] / step) * step;
    }
  }

  /// The value largest in size becomes exactly −8 steps, as in ggml.
  private static void q4(float[] values, int from, int to) {
    float step = largest(values, from, to) / -8;
    for (int i = from; i < to && step != 0; i++) {
      values[i] = (Math.clamp((int) (values[i] / step + 8.5f), 0, 15) - 8) * step;
    }
  }

  private static float largest(float[] values, int from, int to) {
    float largest = 0;
    for (int i = from; i < to; i++) {
      largest = Math.abs(values[i]) > Math.abs(largest) ? values[i] : largest;
    }
    return largest;
  }
}
