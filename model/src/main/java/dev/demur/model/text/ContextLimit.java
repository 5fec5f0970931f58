package dev.demur.model.text;

import java.util.List;
import java.util.Locale;

/// How many tokens a model sees at once, and the one rule about longer texts:
///
/// * a text with more tokens is refused before anything is run, and so is a prompt that leaves no
///   room for a single token of an answer;
/// * an answer ends where the context does, and counts as cut.
///
/// Beyond its context a model computes something, fluent or not, that it was never trained for.
///
/// @param tokens the longest sequence, at least 1
public record ContextLimit(int tokens) {

  /// Characters of a text that a message shows.
  private static final int SHOWN = 40;

  public ContextLimit {
    if (tokens < 1) {
      throw new IllegalArgumentException("a context must be >= 1 token, was " + tokens);
    }
  }

  /// No limit: of a tokenizer whose model is not known.
  public static ContextLimit none() {
    return new ContextLimit(Integer.MAX_VALUE);
  }

  /// Makes sure that texts can be read.
  ///
  /// @throws ContextLengthException naming the first that cannot, by its place in the list
  public void requireReadable(List<TokenIds> texts) {
    for (int i = 0; i < texts.size(); i++) {
      require("prompt " + i, texts.get(i).size(), tokens);
    }
  }

  /// Makes sure that prompts can be answered.
  ///
  /// @throws ContextLengthException naming the first that cannot, by its place in the list
  public void requireAnswerable(List<TokenIds> prompts) {
    for (int i = 0; i < prompts.size(); i++) {
      require("prompt " + i, prompts.get(i).size(), tokens - 1);
    }
  }

  /// Makes sure that a text can be read.
  ///
  /// @param words what the user knows it by
  /// @throws ContextLengthException naming it by its first words
  void requireReadable(String words, TokenIds text) {
    require(named(words), text.size(), tokens);
  }

  /// Makes sure that a prompt can be answered.
  ///
  /// @throws ContextLengthException naming it by its first words
  public void requireAnswerable(Prompt prompt) {
    require(named(prompt.instruction()), prompt.length(), tokens - 1);
  }

  private static String named(String words) {
    String line = words.strip().replaceAll("\\s+", " ");
    String shown = line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
    return "the prompt \"" + shown + "\"";
  }

  /// How many tokens an answer to a prompt can have, of those wanted.
  public int answer(TokenIds prompt, int wanted) {
    return Math.min(wanted, tokens - prompt.size());
  }

  private void require(String what, int size, int most) {
    if (size > most) {
      throw new ContextLengthException(
          String.format(
              Locale.ROOT,
              "%s has %,d tokens; this model sees %,d at once (n_ctx)%s. Shorten it.",
              what,
              size,
              tokens,
              most < tokens ? ", and an answer needs room for one" : ""));
    }
  }
}
