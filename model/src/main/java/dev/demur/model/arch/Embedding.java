package dev.demur.model.arch;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Neural;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// What enters block 0: `scale · W_E[id]`, plus a learnt vector for the position in GPT-2.
///
/// @param tokens W_E, `[d_vocab, d_model]`
/// @param positions a vector for each position, `[n_ctx, d_model]`
/// @param scale √d_model in Gemma, the embedding multiplier in Granite, else 1
/// @param layers what tokens mean to each layer beside the stream, where they mean something (Gemma
///   4)
public record Embedding(
    Matrix tokens, Optional<Tensor> positions, double scale, Optional<LayerInputs> layers) {

  /// One that all layers read by the stream alone.
  public Embedding(Matrix tokens, Optional<Tensor> positions, double scale) {
    this(tokens, positions, scale, Optional.empty());
  }

  /// Only tokens, as most families embed.
  public static Embedding of(Matrix tokens) {
    return new Embedding(tokens, Optional.empty(), 1);
  }

  /// What the layers read beside the stream, `[tokens, layer, width]`.
  ///
  /// @param ids int64 `[tokens]`
  Optional<Tensor> inputs(Tensor ids) {
    return layers.map(made -> made.apply(ids, apply(ids, List.of())));
  }

  /// @param ids int64 `[tokens]`
  /// @param at position of each id in its sequence
  /// @return `[tokens, d_model]`, float32
  /// @throws IllegalArgumentException if an id has no row
  Tensor apply(Tensor ids, List<Integer> at) {
    requireRows(ids);
    var rows = tokens.at(ids).to(DType.F32);
    var scaled = scale == 1 ? rows : rows.times(scale);
    return positions.map(table -> scaled.plus(learnt(table, at))).orElse(scaled);
  }

  private void requireRows(Tensor ids) {
    for (long id : ids.toLongs()) {
      if (id < 0 || id >= tokens.rows()) {
        throw new IllegalArgumentException(
            "token id "
                + id
                + " has no row in the embedding, which has "
                + tokens.rows()
                + "; the tokenizer and the weights are not of the same model");
      }
    }
  }

  private static Tensor learnt(Tensor table, List<Integer> at) {
    int last = at.stream().mapToInt(Integer::intValue).max().orElse(0);
    if (last >= table.dim(0)) {
      throw new IllegalArgumentException(
          "the model knows "
              + table.dim(0)
              + " positions, a sequence of "
              + (last + 1)
              + " tokens does not fit");
    }
    return Neural.embedding(table, Tensor.ofIndices(at.stream().mapToInt(Integer::intValue)))
        .to(DType.F32);
  }

  Embedding withWriters(WriterEdit edit) {
    var table = tokens.values();
    var edited = edit.embedding(table);
    return new Embedding(
        edited == table ? tokens : new Matrix.Dense(edited),
        positions.map(edit::positions),
        scale,
        layers);
  }
}
