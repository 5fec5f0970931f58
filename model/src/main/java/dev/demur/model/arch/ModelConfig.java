package dev.demur.model.arch;

/// The shape of a model: what every family has.
///
/// @param family `model_type` of the configuration, e.g. `llama`, `qwen2`
/// @param nLayers number of blocks
/// @param dModel width of the residual stream
/// @param nHeads attention heads
/// @param nKvHeads key-value heads; `nHeads` is a multiple of it (grouped-query attention)
/// @param dHead width of a head
/// @param dMlp inner width of the MLP
/// @param dVocab rows of the unembedding
/// @param nCtx longest sequence the model was made for
/// @param tiedEmbeddings whether the unembedding is the embedding
public record ModelConfig(
    String family,
    int nLayers,
    int dModel,
    int nHeads,
    int nKvHeads,
    int dHead,
    int dMlp,
    int dVocab,
    int nCtx,
    boolean tiedEmbeddings) {

  public ModelConfig {
    positive("n_layers", nLayers);
    positive("d_model", dModel);
    positive("n_heads", nHeads);
    positive("n_kv_heads", nKvHeads);
    positive("d_head", dHead);
    positive("d_mlp", dMlp);
    positive("d_vocab", dVocab);
    positive("n_ctx", nCtx);
    if (nHeads % nKvHeads != 0) {
      throw new IllegalArgumentException(
          "n_heads must be a multiple of n_kv_heads, were " + nHeads + " and " + nKvHeads);
    }
    if ((long) nHeads * dHead > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "n_heads × d_head must be below 2^31, were " + nHeads + " and " + dHead);
    }
  }

  /// The same shape with the embedding for an unembedding.
  public ModelConfig tied() {
    return withTying(true);
  }

  /// The same shape with an unembedding of its own.
  public ModelConfig untied() {
    return withTying(false);
  }

  private ModelConfig withTying(boolean tied) {
    return new ModelConfig(
        family, nLayers, dModel, nHeads, nKvHeads, dHead, dMlp, dVocab, nCtx, tied);
  }

  /// The same shape with another number of blocks.
  public ModelConfig withLayers(int layers) {
    return new ModelConfig(
        family, layers, dModel, nHeads, nKvHeads, dHead, dMlp, dVocab, nCtx, tiedEmbeddings);
  }

  /// The same shape with another width of the MLP.
  public ModelConfig withMlp(int width) {
    return new ModelConfig(
        family, nLayers, dModel, nHeads, nKvHeads, dHead, width, dVocab, nCtx, tiedEmbeddings);
  }

  /// Query heads that share one key-value head.
  public int groupSize() {
    return nHeads / nKvHeads;
  }

  private static void positive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be >= 1, was " + value);
    }
  }
}
