package dev.demur.lab.trial;

import dev.demur.lab.study.Prompting;
import dev.demur.model.ChatModel;
import java.io.IOException;
import java.util.Optional;

/// The weights a row is run with.
///
/// @param source opens a version of the model; empty for the model as it is
public record Weights(Optional<Source> source) {

  /// Opens a version of the model; who opens it closes it.
  @FunctionalInterface
  public interface Source {
    /// @throws IOException if it cannot be opened
    ChatModel open() throws IOException;
  }

  /// What is done with an open model.
  ///
  /// @param <T> what comes of it
  @FunctionalInterface
  interface Work<T> {
    T with(ChatModel model) throws IOException;
  }

  /// The model as it is.
  public static Weights own() {
    return new Weights(Optional.empty());
  }

  /// Another version of it, such as one with an adapter.
  public static Weights of(Source source) {
    return new Weights(Optional.of(source));
  }

  /// Does something with the row's model, which is open for as long. Like the model as it is,
  /// another version answers at once where it would think first.
  ///
  /// @param own the model as it is
  <T> T run(ChatModel own, Work<T> work) throws IOException {
    if (source.isEmpty()) {
      return work.with(own);
    }
    try (var other = source.get().open()) {
      return work.with(Prompting.usual().answeringAtOnce(other));
    }
  }
}
