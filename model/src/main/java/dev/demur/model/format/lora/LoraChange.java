package dev.demur.model.format.lora;

import dev.demur.model.format.ModelFormatException;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.Weights;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What an adapter does to one tensor: it may replace it, and it may add a product of two thin
/// matrices, W + factor · B A. Summed in float32, then converted.
///
/// @param replacement name of the tensor in the adapter that stands in the base tensor's place
/// @param product what is added
record LoraChange(Optional<String> replacement, Optional<Product> product) {

  /// Two thin matrices.
  ///
  /// @param down name of A, `[rank, in]`
  /// @param up name of B, `[out, rank]`
  /// @param factor what their product is multiplied by
  /// @param layout how the base tensor lies
  record Product(String down, String up, double factor, Layout layout) {}

  /// How a base tensor lies in its file.
  enum Layout {
    /// `[out, in]`.
    OUT_IN,
    /// `[in, out]`: GPT-2's matrices, and embeddings, which are `[d_vocab, d_model]`.
    IN_OUT
  }

  /// Makes sure that the change goes with the base tensor.
  ///
  /// @param module the module as the adapter names it
  void requireFits(LoraConfig config, TensorInfo base, Weights adapter, String module)
      throws IOException {
    if (replacement.isPresent()) {
      var shape = adapter.info(replacement.get()).shape();
      if (!shape.equals(base.shape())) {
        throw new ModelFormatException(
            config.file(),
            ("replaces \"%s\" of shape %s by one of shape %s; the base model is another, or its"
                    + " vocabulary was resized")
                .formatted(base.name(), base.shape(), shape));
      }
    }
    if (product.isPresent()) {
      requireFits(config, base, adapter, module, product.get());
    }
  }

  private static void requireFits(
      LoraConfig config, TensorInfo base, Weights adapter, String module, Product product)
      throws IOException {
    var down = adapter.info(product.down()).shape();
    var up = adapter.info(product.up()).shape();
    long rank = config.rankOf(module);
    var expected =
        switch (product.layout()) {
          case OUT_IN -> base.shape();
          case IN_OUT -> base.shape().reversed();
        };
    if (down.size() != 2
        || up.size() != 2
        || !expected.equals(List.of(up.get(0), down.get(1)))
        || down.get(0) != rank
        || up.get(1) != rank) {
      throw new ModelFormatException(
          config.file(),
          String.format(
              Locale.ROOT,
              "adapts \"%s\" of shape %s by matrices of shapes %s and %s, expected rank %d; it"
                  + " belongs to another base model",
              base.name(),
              base.shape(),
              up,
              down,
              rank));
    }
  }

  /// Reads the changed tensor.
  Tensor load(Weights base, String name, Weights adapter, DType to) throws IOException {
    if (product.isEmpty()) {
      return adapter.load(replacement.orElseThrow(), to);
    }
    try (var scope = Scope.open()) {
      var weight =
          replacement.isPresent()
              ? adapter.load(replacement.get(), DType.F32)
              : base.load(name, DType.F32);
      return scope.keep(weight.plus(delta(adapter, product.get())).contiguous().to(to));
    }
  }

  private static Tensor delta(Weights adapter, Product product) throws IOException {
    var up = adapter.load(product.up(), DType.F32);
    var down = adapter.load(product.down(), DType.F32);
    var delta = up.matmul(down).times(product.factor());
    return switch (product.layout()) {
      case OUT_IN -> delta;
      case IN_OUT -> delta.transpose(0, 1);
    };
  }
}
