package dev.demur.model.text.tokens;

import dev.demur.model.text.regex.Work;

/// The longest token a word begins with, then the longest continuation, and so on; a word that
/// cannot be spelled so is unknown.
///
/// Source: `models/wordpiece/mod.rs` of tokenizers.
final class WordPiece implements WordModel {

  private final Trie tokens;
  private final int continuation;
  private final int unknown;
  private final int longest;

  /// @param prefix what marks a token that continues a word
  /// @param longest words with more characters are unknown
  WordPiece(Trie tokens, int[] prefix, int unknown, int longest) {
    this.tokens = tokens;
    this.continuation = tokens.after(Trie.ROOT, prefix);
    this.unknown = unknown;
    this.longest = longest;
  }

  @Override
  public void tokenize(Aligned word, Work work, Tokens found) {
    Tokens pieces = new Tokens();
    int start = 0;
    while (start < word.length() && word.length() <= longest) {
      int[] best = {0, LongIntMap.NONE};
      int from = start == 0 ? Trie.ROOT : continuation;
      if (from != LongIntMap.NONE) {
        tokens.find(
            from,
            word,
            start,
            work,
            (size, id) -> {
              best[0] = size;
              best[1] = id;
            });
      }
      if (best[0] == 0) {
        break;
      }
      pieces.add(best[1], word, start, start + best[0]);
      start += best[0];
    }
    if (start < word.length()) {
      found.add(unknown, word, 0, word.length());
      return;
    }
    int[] ids = pieces.ids();
    for (int i = 0; i < ids.length; i++) {
      found.add(ids[i], pieces.from(i), pieces.to(i));
    }
  }
}
