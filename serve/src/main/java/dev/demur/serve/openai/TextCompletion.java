package dev.demur.serve.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/// A text completion, whole or a chunk of one.
///
/// @param id the same in all chunks
/// @param object `text_completion`
/// @param created seconds since 1970
/// @param model as it was asked for
/// @param choices the answers
/// @param usage tokens, with the whole answer or the last chunk
/// @param demur what was done to the model
record TextCompletion(
    String id,
    String object,
    long created,
    String model,
    List<Choice> choices,
    Optional<ChatCompletion.Tokens> usage,
    Optional<Beside> demur) {

  TextCompletion {
    choices = List.copyOf(choices);
  }

  /// One answer.
  ///
  /// @param index its number
  /// @param text what was written
  /// @param logprobs of its tokens
  /// @param finishReason `stop` or `length`
  /// @param demur what was read
  record Choice(
      int index,
      String text,
      Optional<TextLogprobs> logprobs,
      @JsonInclude(JsonInclude.Include.ALWAYS) Optional<String> finishReason,
      Optional<Readings> demur) {}
}
