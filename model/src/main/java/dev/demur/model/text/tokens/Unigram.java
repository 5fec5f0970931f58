package dev.demur.model.text.tokens;

import dev.demur.model.text.regex.Work;
import java.util.Arrays;
import java.util.Optional;

/// The likeliest way to cut a word into tokens, each with a probability of its own.
///
/// Source: `models/unigram/model.rs` of tokenizers (`encode_optimized`).
final class Unigram implements WordModel {

  /// How much less likely than the rarest token an unknown character is.
  private static final double UNKNOWN_PENALTY = 10;

  private final Trie tokens;
  private final double[] scores;
  private final int unknown;
  private final double unknownScore;
  private final Optional<ByteTokens> bytes;

  /// @param bytes tokens of single bytes, for text without tokens of its own
  Unigram(Trie tokens, double[] scores, int unknown, Optional<ByteTokens> bytes) {
    this.tokens = tokens;
    this.scores = scores;
    this.unknown = unknown;
    this.unknownScore = Arrays.stream(scores).min().orElse(0) - UNKNOWN_PENALTY;
    this.bytes = bytes;
  }

  @Override
  public void tokenize(Aligned word, Work work, Tokens found) {
    int length = word.length();
    work.spend(4L * length);
    double[] best = new double[length + 1];
    int[] starts = new int[length + 1];
    int[] ids = new int[length + 1];
    Arrays.fill(starts, -1);
    for (int i = 0; i < length; i++) {
      int start = i;
      boolean[] single = {false};
      tokens.find(
          Trie.ROOT,
          word,
          start,
          work,
          (size, id) -> {
            single[0] |= size == 1;
            improve(best, starts, ids, start, start + size, id, scores[id]);
          });
      if (!single[0]) {
        improve(best, starts, ids, start, start + 1, unknown, unknownScore);
      }
    }
    addPath(word, starts, ids, found);
  }

  private static void improve(
      double[] best, int[] starts, int[] ids, int start, int end, int id, double score) {
    double sum = best[start] + score;
    if (starts[end] < 0 || sum > best[end]) {
      best[end] = sum;
      starts[end] = start;
      ids[end] = id;
    }
  }

  /// Adds the tokens of the best way; unknown ones in a row are one.
  private void addPath(Aligned word, int[] starts, int[] ids, Tokens found) {
    int[] ends = new int[word.length()];
    int count = 0;
    for (int end = word.length(); end > 0; end = starts[end]) {
      ends[count++] = end;
    }
    for (int i = count - 1; i >= 0; i--) {
      int start = starts[ends[i]];
      if (ids[ends[i]] != unknown) {
        found.add(ids[ends[i]], word, start, ends[i]);
        continue;
      }
      while (i > 0 && ids[ends[i - 1]] == unknown) {
        i--;
      }
      addUnknown(word, start, ends[i], found);
    }
  }

  private void addUnknown(Aligned word, int start, int end, Tokens found) {
    // A token may be spelled by unknown characters that were cut one by one.
    int[] text = Arrays.copyOfRange(word.points(), word.begin() + start, word.begin() + end);
    int id = tokens.get(text);
    boolean spelled = bytes.isPresent() && Arrays.stream(text).allMatch(bytes.get()::spells);
    if (id == LongIntMap.NONE && spelled) {
      for (int c : text) {
        for (int token : bytes.get().of(c)) {
          found.add(token, word, start, end);
        }
      }
      return;
    }
    found.add(id == LongIntMap.NONE ? unknown : id, word, start, end);
  }
}
