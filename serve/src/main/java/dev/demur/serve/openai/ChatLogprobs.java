package dev.demur.serve.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.demur.model.text.Tokenizer;
import dev.demur.serve.answer.Token;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Log-probabilities of an answer's tokens.
///
/// @param content one for each token
record ChatLogprobs(List<Content> content) {

  ChatLogprobs {
    content = List.copyOf(content);
  }

  /// A token.
  ///
  /// @param token its text
  /// @param logprob natural logarithm of its probability
  /// @param bytes of the text; null where it is a part of a character
  /// @param topLogprobs the likeliest in its place
  record Content(
      String token,
      double logprob,
      @JsonInclude(JsonInclude.Include.ALWAYS) Optional<List<Integer>> bytes,
      List<Content> topLogprobs) {}

  /// Of tokens that have likelihoods; empty where none has.
  static Optional<ChatLogprobs> of(List<Token> tokens, Tokenizer tokenizer) {
    var content = new ArrayList<Content>();
    for (var token : tokens) {
      token
          .likelihood()
          .ifPresent(
              likelihood ->
                  content.add(
                      content(
                          token.id(),
                          likelihood.logProbability(),
                          likelihood.likeliest().stream()
                              .map(a -> content(a.id(), a.logProbability(), List.of(), tokenizer))
                              .toList(),
                          tokenizer)));
    }
    return content.isEmpty() ? Optional.empty() : Optional.of(new ChatLogprobs(content));
  }

  private static Content content(
      int id, double logProbability, List<Content> likeliest, Tokenizer tokenizer) {
    String text = tokenizer.text(id);
    return new Content(text, logProbability, bytes(id, text, tokenizer), likeliest);
  }

  private static Optional<List<Integer>> bytes(int id, String text, Tokenizer tokenizer) {
    if (text.equals(tokenizer.token(id)) && !text.chars().allMatch(c -> c < 0x80)) {
      return Optional.empty();
    }
    var bytes = new ArrayList<Integer>();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      bytes.add(Byte.toUnsignedInt(b));
    }
    return Optional.of(bytes);
  }
}
