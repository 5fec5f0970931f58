package dev.demur.model.arch.writer;

import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A stored tensor that writes to the residual stream: an embedding, the output matrix of attention
/// or an MLP (of each expert), or a bias of one.
///
/// @param tensor its name in the checkpoint
/// @param component what it belongs to
/// @param layer its block; empty for embeddings
/// @param layout where its stream vectors lie
/// @param after the RMS norms that what it writes passes before it enters the stream
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

  /// The scale γ of an RMS norm, or of several one behind the other: the stored vectors plus a
  /// constant, multiplied.
  ///
  /// @param tensors their names in the checkpoint
  /// @param plus 1 where the family stores γ − 1, else 0
  public record PostNorm(List<String> tensors, double plus) {
    public PostNorm {
      tensors = List.copyOf(tensors);
    }

    /// γ, `[d_model]`, in the type of the vectors.
    ///
    /// @param load reads one by its name
    public Tensor scale(Loader load) throws IOException {
      var scale = load.load(tensors.getFirst()).plus(plus);
      for (String tensor : tensors.subList(1, tensors.size())) {
        scale = scale.times(load.load(tensor).plus(plus));
      }
      return scale;
    }
  }

  /// Reads a tensor by its name.
  @FunctionalInterface
  public interface Loader {
    Tensor load(String tensor) throws IOException;
  }

  /// Whether it is a bias.
  public boolean isBias() {
    return tensor.endsWith("bias");
  }
}
