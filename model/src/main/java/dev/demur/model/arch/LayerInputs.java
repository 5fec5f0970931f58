package dev.demur.model.arch;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;

/// What a token means to each layer beside the stream: a vector that is looked up, and one made of
/// its embedding (Gemma 4's per-layer embeddings).
///
/// ```text
/// input(l) = (norm(W(l) e / √d_model) + scale · table(l)[id]) / √2
/// ```
///
/// Source: `Gemma4TextModel` of transformers.
///
/// @param table `[d_vocab, layer · width]`
/// @param scale √width, rounded to the type of the weights
/// @param context W of all layers, `[layer · width, d_model]`
/// @param norm of what W makes, `[width]`
/// @param width of an input
public record LayerInputs(Matrix table, double scale, Linear context, Norm norm, int width) {

  /// @param ids int64 `[tokens]`
  /// @param embedded `[tokens, d_model]`, float32
  /// @return `[tokens, layer, width]`, float32
  Tensor apply(Tensor ids, Tensor embedded) {
    long tokens = ids.dim(0);
    var looked = table.at(ids).to(DType.F32).times(scale).reshape(tokens, -1, width);
    var made = context.apply(embedded).to(DType.F32).times(1 / Math.sqrt((double) embedded.dim(1)));
    return norm.apply(made.reshape(tokens, -1, width)).plus(looked).times(Math.sqrt(0.5));
  }
}
