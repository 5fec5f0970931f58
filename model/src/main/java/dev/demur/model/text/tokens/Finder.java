package dev.demur.model.text.tokens;

import dev.demur.model.text.regex.Matcher;
import dev.demur.model.text.regex.Regex;
import dev.demur.model.text.regex.Work;
import java.util.function.IntPredicate;

/// Cuts a text into what matches and what stands between.
///
/// Source: the implementations of `Pattern` in tokenizers (`tokenizer/pattern.rs`).
interface Finder {

  /// Takes one piece.
  interface Pieces {
    void piece(int from, int to, boolean match);
  }

  /// Hands on all pieces in order. Empty ones are handed on too where the pattern matches nothing.
  void cut(Aligned text, Work work, Pieces pieces);

  /// The matches of a regular expression.
  static Finder of(Regex regex) {
    return (text, work, pieces) -> {
      int begin = text.begin();
      Matcher matcher = regex.matcher(text.points(), begin, text.end(), work);
      int done = begin;
      while (matcher.find()) {
        if (matcher.start() > done) {
          pieces.piece(done - begin, matcher.start() - begin, false);
        }
        pieces.piece(matcher.start() - begin, matcher.end() - begin, true);
        done = matcher.end();
      }
      if (done < text.end()) {
        pieces.piece(done - begin, text.length(), false);
      }
    };
  }

  /// Each place where a text stands.
  static Finder text(String wanted) {
    int[] sought = wanted.codePoints().toArray();
    return (text, work, pieces) -> {
      int done = 0;
      for (int i = 0; i + sought.length <= text.length(); ) {
        int same = 0;
        while (same < sought.length && text.at(i + same) == sought[same]) {
          same++;
        }
        work.spend(1 + same);
        if (same < sought.length) {
          i++;
          continue;
        }
        if (i > done) {
          pieces.piece(done, i, false);
        }
        pieces.piece(i, i + sought.length, true);
        i += sought.length;
        done = i;
      }
      if (done < text.length()) {
        pieces.piece(done, text.length(), false);
      }
    };
  }

  /// Each character that passes a test is a match of its own.
  static Finder characters(IntPredicate test) {
    return (text, work, pieces) -> {
      work.spend(text.length());
      int done = 0;
      for (int i = 0; i < text.length(); i++) {
        if (test.test(text.at(i))) {
          if (i > done) {
            pieces.piece(done, i, false);
          }
          pieces.piece(i, i + 1, true);
          done = i + 1;
        }
      }
      if (done < text.length()) {
        pieces.piece(done, text.length(), false);
      }
    };
  }

  /// Matches and gaps change places.
  default Finder inverted() {
    return (text, work, pieces) ->
        cut(text, work, (from, to, match) -> pieces.piece(from, to, !match));
  }
}
