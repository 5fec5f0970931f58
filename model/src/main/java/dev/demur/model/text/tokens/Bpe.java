package dev.demur.model.text.tokens;

import dev.demur.model.text.regex.Work;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Byte-pair encoding: the pair of neighbours with the best rank becomes one token, again and
/// again.
///
/// Source: `models/bpe/{model,word}.rs` of tokenizers.
final class Bpe implements WordModel {

  /// @param unknown what a character without a token becomes, if anything
  /// @param fuses whether several of those in a row are one
  /// @param bytes tokens of single bytes, for characters without a token of their own
  /// @param wholeWords whether a word that is a token is taken whole, whatever the merges say
  record Settings(
      Optional<Integer> unknown, boolean fuses, Optional<ByteTokens> bytes, boolean wholeWords) {}

  private final Map<String, Integer> vocabulary;
  private final Map<Integer, Integer> characters;
  private final LongIntMap ranks;
  private final int[] merged;
  private final Settings settings;

  /// @param merges left, right and resulting ids, the best rank first
  Bpe(Map<String, Integer> vocabulary, int[] merges, Settings settings) {
    this.vocabulary = vocabulary;
    this.settings = settings;
    this.characters = new HashMap<>();
    vocabulary.forEach(
        (token, id) -> {
          if (token.length() <= 2 && token.codePointCount(0, token.length()) == 1) {
            characters.put(token.codePointAt(0), id);
          }
        });
    int count = merges.length / 3;
    this.ranks = new LongIntMap(count);
    this.merged = new int[count];
    for (int rank = 0; rank < count; rank++) {
      ranks.put(pair(merges[3 * rank], merges[3 * rank + 1]), rank);
      merged[rank] = merges[3 * rank + 2];
    }
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }

  @Override
  public void tokenize(Aligned word, Work work, Tokens tokens) {
    work.spend(4L * word.length());
    if (settings.wholeWords()) {
      Integer whole = vocabulary.get(word.text());
      if (whole != null) {
        tokens.add(whole, word, 0, word.length());
        return;
      }
    }
    Symbols symbols = new Symbols(word.length());
    spell(word, symbols);
    merge(symbols, work);
    symbols.addTo(tokens, word);
  }

  /// A token for each character, as far as there are any.
  private void spell(Aligned word, Symbols symbols) {
    int unknownFrom = -1;
    for (int i = 0; i < word.length(); i++) {
      Integer id = characters.get(word.at(i));
      if (id != null) {
        unknownFrom = endUnknown(symbols, unknownFrom);
        symbols.add(id, i);
      } else if (settings.bytes().isPresent() && settings.bytes().get().spells(word.at(i))) {
        for (int token : settings.bytes().get().of(word.at(i))) {
          symbols.add(token, i);
        }
      } else if (settings.unknown().isPresent()) {
        if (unknownFrom >= 0 && !settings.fuses()) {
          endUnknown(symbols, unknownFrom);
        }
        unknownFrom = unknownFrom < 0 || !settings.fuses() ? i : unknownFrom;
      }
    }
    endUnknown(symbols, unknownFrom);
  }

  private int endUnknown(Symbols symbols, int from) {
    if (from >= 0) {
      symbols.add(settings.unknown().orElseThrow(), from);
    }
    return -1;
  }

  private void merge(Symbols symbols, Work work) {
    LongHeap queue = new LongHeap();
    for (int i = 0; i + 1 < symbols.size; i++) {
      offer(symbols, i, queue);
    }
    long steps = 0;
    while (!queue.isEmpty()) {
      long best = queue.poll();
      steps += 4;
      int at = (int) best;
      int id = merged[(int) (best >>> 32)];
      int right = symbols.next[at];
      if (symbols.ids[at] < 0 || right < 0) {
        continue;
      }
      int rank = ranks.get(pair(symbols.ids[at], symbols.ids[right]));
      if (rank == LongIntMap.NONE || merged[rank] != id) {
        continue;
      }
      symbols.join(at, id);
      if (symbols.before[at] >= 0) {
        offer(symbols, symbols.before[at], queue);
      }
      if (symbols.next[at] >= 0) {
        offer(symbols, at, queue);
      }
    }
    work.spend(steps);
  }

  private void offer(Symbols symbols, int at, LongHeap queue) {
    int rank = ranks.get(pair(symbols.ids[at], symbols.ids[symbols.next[at]]));
    if (rank != LongIntMap.NONE) {
      queue.add((long) rank << 32 | at);
    }
  }

  /// The tokens of a word so far, as a list in which neighbours are joined.
  private static final class Symbols {

    private int[] ids;
    private int[] starts;
    private int[] next = {};
    private int[] before = {};
    private int size;

    Symbols(int expected) {
      ids = new int[expected];
      starts = new int[expected];
    }

    void add(int id, int start) {
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, 2 * size + 4);
        starts = Arrays.copyOf(starts, 2 * size + 4);
      }
      ids[size] = id;
      starts[size++] = start;
      if (next.length < ids.length) {
        next = Arrays.copyOf(next, ids.length);
        before = Arrays.copyOf(before, ids.length);
      }
      next[size - 1] = -1;
      before[size - 1] = size - 2;
      if (size > 1) {
        next[size - 2] = size - 1;
      }
    }

    /// Joins a symbol with the next one.
    void join(int at, int id) {
      int right = next[at];
      ids[at] = id;
      ids[right] = -1;
      next[at] = next[right];
      if (next[at] >= 0) {
        before[next[at]] = at;
      }
    }

    void addTo(Tokens tokens, Aligned word) {
      for (int i = size == 0 ? -1 : 0; i >= 0; i = next[i]) {
        int end = next[i] < 0 ? word.length() : starts[next[i]];
        // The bytes of one character all begin where it does.
        tokens.add(ids[i], word, starts[i], Math.max(end, starts[i] + 1));
      }
    }
  }
}
