package dev.demur.model.text.tokens;

import dev.demur.model.text.regex.Work;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/// Finds tokens that are written out in a text, before or after it is normalized.
///
/// Source: `tokenizer/added_vocabulary.rs` of tokenizers.
final class AddedTokens {

  /// A token matched in the text before anything else.
  ///
  /// @param singleWord whether it is none inside a word
  /// @param left whether white space before it belongs to it
  /// @param right whether white space behind it belongs to it
  /// @param normalized whether it is sought in the normalized text
  @SuppressWarnings("ArrayRecordComponent") // code points; records of this kind are never compared
  record Added(
      int id,
      int[] content,
      boolean special,
      boolean singleWord,
      boolean left,
      boolean right,
      boolean normalized) {}

  private final List<Added> tokens;
  private final Trie asWritten = new Trie();
  private final Trie inNormalized = new Trie();
  private final boolean any;

  /// @throws IllegalArgumentException if there are too many
  AddedTokens(List<Added> all, List<Normalizers.Step> normalizers) {
    tokens = new ArrayList<>(all);
    // Of equal texts the first counts, and special tokens come first.
    tokens.sort(Comparator.comparing(token -> !token.special()));
    for (int i = tokens.size() - 1; i >= 0; i--) {
      Added token = tokens.get(i);
      int[] content = token.content();
      if (token.normalized()) {
        Aligned written = Aligned.of(content);
        Work work = Work.onBytes(4L * content.length);
        Aligned changed = Normalizers.apply(normalizers, written, work);
        content = changed.text().codePoints().toArray();
      }
      if (content.length > 0) {
        (token.normalized() ? inNormalized : asWritten).put(content, i);
      }
    }
    any = !tokens.isEmpty();
  }

  /// Takes the pieces of a text.
  interface Pieces {

    void text(Aligned piece);

    void token(int id, Aligned piece);
  }

  /// Hands on tokens and what is between them, normalized, in order.
  void cut(Aligned text, List<Normalizers.Step> normalizers, Work work, Pieces pieces) {
    Consumer<Aligned> normalize =
        piece ->
            find(
                inNormalized,
                Normalizers.apply(normalizers, piece, work),
                work,
                pieces,
                pieces::text);
    find(asWritten, text, work, pieces, normalize);
  }

  private void find(Trie trie, Aligned text, Work work, Pieces pieces, Consumer<Aligned> between) {
    int done = 0;
    int i = 0;
    while (any && i < text.length()) {
      int[] longest = {0, -1};
      trie.find(
          Trie.ROOT,
          text,
          i,
          work,
          (size, token) -> {
            longest[0] = size;
            longest[1] = token;
          });
      if (longest[1] < 0) {
        i++;
        continue;
      }
      Added token = tokens.get(longest[1]);
      int start = i;
      int end = i + longest[0];
      i = end;
      if (token.singleWord() && isInWord(text, start, end)) {
        continue;
      }
      while (token.left() && start > done && Characters.isSpace(text.at(start - 1))) {
        start--;
      }
      while (token.right() && end < text.length() && Characters.isSpace(text.at(end))) {
        end++;
      }
      if (done < start) {
        between.accept(text.slice(done, start));
      }
      pieces.token(token.id(), text.slice(start, end));
      done = end;
      i = Math.max(i, end);
    }
    if (done < text.length()) {
      between.accept(text.slice(done, text.length()));
    }
  }

  private static boolean isInWord(Aligned text, int start, int end) {
    return (start > 0 && Characters.isWord(text.at(start - 1)))
        || (end < text.length() && Characters.isWord(text.at(end)));
  }
}
