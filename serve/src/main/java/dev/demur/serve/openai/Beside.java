package dev.demur.serve.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.demur.serve.answer.Seen;
import dev.demur.serve.registry.Done;
import java.util.List;
import java.util.Optional;

/// What an answer tells beside OpenAI's fields.
///
/// @param done what was done to the model
/// @param unedited the unedited answers, where they were asked for; in a stream, what more was said
/// @param monitor what the server's monitor saw of the prompt
record Beside(
    Optional<Done> done,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Unedited> unedited,
    Optional<Seen> monitor) {

  Beside {
    unedited = List.copyOf(unedited);
  }

  /// An answer of the unedited model.
  ///
  /// @param index its number
  /// @param content what was said
  /// @param reasoningContent what was thought
  /// @param finishReason why it ended
  /// @param logprobs of its tokens
  /// @param demur what was read
  record Unedited(
      int index,
      String content,
      Optional<String> reasoningContent,
      Optional<String> finishReason,
      Optional<ChatLogprobs> logprobs,
      Optional<Readings> demur) {}
}
