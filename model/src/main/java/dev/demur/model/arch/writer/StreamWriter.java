package dev.demur.model.arch.writer;

import java.util.Optional;
import java.util.OptionalInt;

/// A stored tensor that writes to the residual stream: an embedding, the output matrix of attention
/// or an MLP (of each expert), or a bias of one.
///
/// @param tensor its name in the checkpoint
/// @param component what it belongs to
/// @param layer its block; empty for embeddings
/// @param layout where its stream vectors lie
/// @param after the RMS norm that what it writes passes before it enters the stream
public record StreamWriter(
    String tensor,
    Component component,
    OptionalInt layer,
    Layout layout,
    Optional<PostNorm> after) {

  /// What writes to the stream.
  public enum Component {
    /// Token embedding, and learnt positions.
    EMBEDDING,
    ATTENTION,
    MLP
  }

  /// Where the vectors of a tensor lie that live in the stream.
  public enum Layout {
    /// Each row is one: embeddings `[d_vocab, d_model]`, biases `[d_model]`, matrices stored `[in,
    /// d_model]`.
    ROWS,
    /// Each column is one: matrices `[d_model, in]`.
    COLUMNS
  }

  /// An RMS norm's scale γ: the stored vector plus a constant.
  ///
  /// @param tensor its name in the checkpoint
  /// @param plus 1 where the family stores γ − 1, else 0
  public record PostNorm(String tensor, double plus) {}

  /// Whether it is a bias.
  public boolean isBias() {
    return tensor.endsWith("bias");
  }
}
