package dev.demur.lab.profile;

import dev.demur.model.arch.Attention;
import dev.demur.model.arch.Block;
import dev.demur.model.arch.Linear;
import dev.demur.model.arch.Matrix;
import dev.demur.model.arch.Mlp;
import dev.demur.model.arch.Part;
import dev.demur.model.arch.Transformer;
import dev.demur.model.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The bytes a pass cannot do without.
///
/// The implementation this is the measure of reads all prompts in one batch. Each product reads its
/// input and its matrix once and writes its result once, in the matrix's type. What has one row's
/// place in a product is done there and moves nothing: biases, rotations, the gate with its
/// activation, the addition to the float32 stream. A norm needs its whole row, so it reads the
/// stream and writes what the products read. Attention reads queries, keys and values once and
/// writes z. Of the last block only keys and values are made for every token.
///
/// @param bytes by part; nothing for a part that moves nothing
record LeastBytes(Map<Part, Long> bytes) {

  private static final long STREAM = DType.F32.bytes();

  LeastBytes {
    bytes = Map.copyOf(bytes);
  }

  long of(Part part) {
    return bytes.getOrDefault(part, 0L);
  }

  /// The least for prompts whose last tokens get logits; empty for a model that has other layers
  /// than attention and dense MLPs.
  ///
  /// @param tokens of all prompts, of which no two begin alike
  /// @param prompts how many
  static Optional<LeastBytes> of(Transformer model, long tokens, long prompts) {
    long d = model.config().dModel();
    var sums = new Sums(new EnumMap<>(Part.class));
    sums.add(Part.EMBEDDING, (model.embedding().tokens().dtype().bytes() + STREAM) * tokens * d);
    int last = model.blocks().size() - 1;
    for (var block : model.blocks()) {
      if (!(block.mixer() instanceof Attention attention)
          || !(block.mlp() instanceof Mlp.Dense mlp)) {
        return Optional.empty();
      }
      long leaving = block.layer() == last ? prompts : tokens;
      attention(sums, attention, d, tokens, leaving);
      mlp(sums, block, mlp, d, leaving);
    }
    var unembedding = model.unembedding().matrix();
    sums.add(Part.NORM, 2 * STREAM * d * prompts);
    sums.add(
        Part.UNEMBEDDING,
        STREAM * prompts * (d + unembedding.matrix().rows()) + weights(List.of(unembedding)));
    return Optional.of(new LeastBytes(sums.bytes));
  }

  private static void attention(Sums sums, Attention attention, long d, long tokens, long leaving) {
    var in = attention.in();
    long type = attention.o().matrix().dtype().bytes();
    long queries = leaving * in.projection().queries().matrix().rows();
    long seen =
        attention.borrowed().isPresent()
            ? 0
            : tokens * in.shape().kvHeads() * (in.shape().dHead() + in.shape().dValue());
    long z = leaving * attention.o().matrix().columns();
    sums.add(Part.NORM, (STREAM + type) * d * tokens);
    sums.add(Part.QKV, type * (tokens * d + queries + seen) + weights(in.projection().matrices()));
    sums.add(Part.ATTENTION, type * (queries + seen + z));
    sums.add(Part.OUTPUT, type * z + weights(List.of(attention.o())) + 2 * STREAM * leaving * d);
  }

  private static void mlp(Sums sums, Block block, Mlp.Dense mlp, long d, long rows) {
    long type = mlp.down().matrix().dtype().bytes();
    long neurons = rows * mlp.down().matrix().columns();
    var up = mlp.matrices().stream().filter(each -> !each.equals(mlp.down())).toList();
    if (block.wiring() == Block.Wiring.SEQUENTIAL) {
      sums.add(Part.NORM, (STREAM + type) * d * rows);
    }
    sums.add(Part.UP, type * (rows * d + neurons) + weights(up));
    sums.add(Part.DOWN, type * neurons + weights(List.of(mlp.down())) + 2 * STREAM * rows * d);
  }

  /// What matrices take where they lie.
  private static long weights(List<Linear> matrices) {
    return matrices.stream().map(Linear::matrix).mapToLong(LeastBytes::weights).sum();
  }

  private static long weights(Matrix matrix) {
    long dense = matrix.rows() * matrix.columns() * matrix.dtype().bytes();
    return matrix.memory().map(MemorySegment::byteSize).orElse(dense);
  }

  private record Sums(Map<Part, Long> bytes) {
    void add(Part part, long more) {
      bytes.merge(part, more, Long::sum);
    }
  }
}
