package dev.demur.lab.think;

import dev.demur.lab.study.Prompting;
import dev.demur.model.ChatModel;
import dev.demur.model.text.TokenIds;
import dev.demur.model.text.Tokenizer;

/// How a model marks its thoughts.
///
/// @param tokenizer of the model
/// @param opening what opens a block; empty where the prompt has opened it
/// @param close the token that closes a block
record ThinkBlock(Tokenizer tokenizer, String opening, int close) {

  /// The marks of a model.
  ///
  /// @throws IllegalArgumentException if it has none, or its template closes the block before the
  ///   answer begins
  static ThinkBlock of(ChatModel model) {
    var close = model.tokenizer().single(Prompting.CLOSE);
    if (close.isEmpty()) {
      throw new IllegalArgumentException(
          model.name()
              + " has no token "
              + Prompting.CLOSE
              + ", so it does not think in blocks; take a model that does, such as demo-think");
    }
    String opening =
        switch (Prompting.Block.of(model.prompts())) {
          case OPEN -> "";
          case UNKNOWN -> Prompting.OPEN;
          case CLOSED ->
              throw new IllegalArgumentException(
                  "the template of " + model.name() + " closes the think block by itself");
        };
    return new ThinkBlock(model.tokenizer(), opening, close.getAsInt());
  }

  /// A thought of given words; no words give an empty block. The line breaks that templates write
  /// behind such a block are part of it.
  Thought of(String words) {
    var tokens = tokenizer.encode(opening + "\n" + words + "\n" + Prompting.CLOSE + "\n\n");
    return new Thought(tokens, Thought.State.CLOSED);
  }

  /// What a model wrote until it closed its thought.
  Thought closed(TokenIds written) {
    return new Thought(written.plus(TokenIds.of(close)), Thought.State.CLOSED);
  }
}
