package dev.demur.serve.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.demur.serve.answer.Usage;
import java.util.List;
import java.util.Optional;

/// A chat completion, whole or a chunk of one.
///
/// @param id the same in all chunks
/// @param object `chat.completion` or `chat.completion.chunk`
/// @param created seconds since 1970
/// @param model as it was asked for
/// @param choices the answers
/// @param usage tokens, with the whole answer or the last chunk
/// @param demur what was done to the model, and the answers beside
record ChatCompletion(
    String id,
    String object,
    long created,
    String model,
    List<Choice> choices,
    Optional<Tokens> usage,
    Optional<Beside> demur) {

  ChatCompletion {
    choices = List.copyOf(choices);
  }

  /// One answer.
  ///
  /// @param index its number
  /// @param message what was said, of a whole answer
  /// @param delta what more was said, of a chunk
  /// @param logprobs of its tokens
  /// @param finishReason `stop` or `length`
  /// @param demur what was read
  record Choice(
      int index,
      Optional<Message> message,
      Optional<Message> delta,
      Optional<ChatLogprobs> logprobs,
      @JsonInclude(JsonInclude.Include.ALWAYS) Optional<String> finishReason,
      Optional<Readings> demur) {}

  /// What was said.
  ///
  /// @param role `assistant`
  /// @param content what was said
  /// @param reasoningContent what was thought
  record Message(
      Optional<String> role, Optional<String> content, Optional<String> reasoningContent) {}

  /// How many tokens.
  record Tokens(int promptTokens, int completionTokens, int totalTokens) {

    static Tokens of(Usage usage) {
      return new Tokens(
          usage.promptTokens(),
          usage.completionTokens(),
          usage.promptTokens() + usage.completionTokens());
    }
  }
}
