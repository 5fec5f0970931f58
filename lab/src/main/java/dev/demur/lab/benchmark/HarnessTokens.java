package dev.demur.lab.benchmark;

import dev.demur.lab.benchmark.Question.Request;
import dev.demur.model.ChatModel;
import dev.demur.model.forward.Passage;
import dev.demur.model.text.TokenIds;
import dev.demur.model.text.Tokenizer;
import java.util.Locale;

/// Tokens of prompts and continuations as the harness makes them.
///
/// Source: `_encode_pair` in `lm_eval/api/model.py`, `tok_encode` and `_loglikelihood_tokens` in
/// `models/huggingface.py`.
///
/// @param tokenizer the model's
/// @param longest tokens the model can see
public record HarnessTokens(Tokenizer tokenizer, int longest) {

  /// Those of a model.
  static HarnessTokens of(ChatModel model) {
    return new HarnessTokens(model.tokenizer(), model.config().nCtx());
  }

  /// A prompt's tokens, with what the tokenizer puts in front unless it is written there already.
  TokenIds encode(String text) {
    String opening = tokenizer.specialTokens().get("bos_token");
    return opening != null && text.startsWith(opening)
        ? tokenizer.encode(text)
        : tokenizer.encodeWithSpecialTokens(text);
  }

  /// The last tokens of a prompt that leave room for an answer.
  TokenIds prompt(String text, int room) {
    return last(encode(text), Math.max(1, longest - room));
  }

  /// Prompt and continuation, of which the continuation is predicted. Space that ends the prompt
  /// belongs to the continuation; what the prompt's tokens are when it stands alone decides where
  /// the continuation begins in the tokens of both.
  ///
  /// @throws IllegalArgumentException if no token is left for the continuation, or it is too long
  Passage passage(Request request) {
    int end = PythonText.withoutTrailingSpace(request.context());
    String context = request.context().substring(0, end);
    var before = encode(context);
    var whole = encode(request.context() + request.continuation());
    if (whole.size() <= before.size() || whole.size() - before.size() > longest) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the continuation \"%s\" has %d tokens, expected 1 to %d",
              request.continuation(),
              Math.max(0, whole.size() - before.size()),
              longest));
    }
    var after = whole.slice(before.size(), whole.size());
    var tokens = last(before.plus(after), longest + 1);
    return new Passage(tokens, tokens.size() - after.size());
  }

  private static TokenIds last(TokenIds ids, int count) {
    return ids.slice(Math.max(0, ids.size() - count), ids.size());
  }
}
