package dev.demur.model.text;

import java.util.ArrayList;
import java.util.List;

/// Turns ids that come one by one into text, holding back a character until all its tokens are
/// there. Special tokens are left out. Changed by each call; not for several threads.
public final class StreamingDecoder {

  /// What a decoder writes for bytes that do not form a whole character yet.
  private static final String INCOMPLETE = "\uFFFD";

  private final Tokenizer tokenizer;

  /// Ids from the last two pieces on: a decoder may treat the first id of a text differently, so
  /// the piece before the new one is kept as context.
  private final List<Integer> recent = new ArrayList<>();

  private int emitted;

  StreamingDecoder(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /// The text that is certain after one more id; empty while a character is incomplete.
  ///
  /// @throws IllegalArgumentException if the id is outside the vocabulary
  public String next(int id) {
    recent.add(id);
    String before = text(emitted);
    String now = text(recent.size());
    if (now.length() <= before.length() || now.endsWith(INCOMPLETE)) {
      return "";
    }
    recent.subList(0, emitted).clear();
    emitted = recent.size();
    return now.substring(before.length());
  }

  /// What is still held back, incomplete characters as U+FFFD. The decoder then starts anew.
  public String finish() {
    String before = text(emitted);
    String now = text(recent.size());
    recent.clear();
    emitted = 0;
    return now.length() > before.length() ? now.substring(before.length()) : "";
  }

  private String text(int size) {
    return tokenizer.decode(TokenIds.of(recent.subList(0, size)));
  }
}
