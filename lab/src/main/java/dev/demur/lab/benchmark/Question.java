package dev.demur.lab.benchmark;

import java.util.List;

/// What a model is asked about one document.
///
/// @param requests a prompt with a continuation for each choice; a single one where the model
///   writes
public record Question(List<Request> requests) {

  /// A prompt, and the continuation whose likelihood is wanted.
  ///
  /// @param context the prompt
  /// @param continuation what may follow, with the space before it; empty where the model writes
  public record Request(String context, String continuation) {}

  public Question {
    requests = List.copyOf(requests);
  }
}
