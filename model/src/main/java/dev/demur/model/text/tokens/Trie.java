package dev.demur.model.text.tokens;

import dev.demur.model.text.regex.Work;

/// Texts by their beginnings, to find those that a text begins with.
final class Trie {

  /// Far above any vocabulary's sum of characters (Gemma 3: 1.9 million).
  private static final int MAX_NODES = 1 << 22;

  private static final int BITS = 21;

  private final LongIntMap next = new LongIntMap(1 << 10);
  private int[] values = new int[1 << 10];
  private int nodes = 1;

  Trie() {
    java.util.Arrays.fill(values, LongIntMap.NONE);
  }

  /// Takes what is found.
  interface Found {
    void text(int length, int value);
  }

  /// The node every text begins at.
  static final int ROOT = 0;

  /// Adds a text, or gives one that is there a new value.
  ///
  /// @throws IllegalArgumentException if there are too many
  void put(int[] text, int value) {
    int node = ROOT;
    for (int c : text) {
      long key = (long) node << BITS | c;
      int child = next.get(key);
      if (child == LongIntMap.NONE) {
        child = add();
        next.put(key, child);
      }
      node = child;
    }
    values[node] = value;
  }

  private int add() {
    if (nodes == MAX_NODES) {
      throw new IllegalArgumentException(
          "has more than " + MAX_NODES + " characters in its tokens");
    }
    if (nodes == values.length) {
      values = java.util.Arrays.copyOf(values, 2 * nodes);
      java.util.Arrays.fill(values, nodes, 2 * nodes, LongIntMap.NONE);
    }
    return nodes++;
  }

  /// The value of exactly that text.
  int get(int[] text) {
    int node = after(ROOT, text);
    return node == LongIntMap.NONE ? LongIntMap.NONE : values[node];
  }

  /// The node behind some characters, or [LongIntMap#NONE].
  int after(int from, int[] text) {
    int node = from;
    for (int i = 0; i < text.length && node != LongIntMap.NONE; i++) {
      node = next.get((long) node << BITS | text[i]);
    }
    return node;
  }

  /// Hands on the texts that begin at `start`, the shortest first.
  void find(int from, Aligned text, int start, Work work, Found found) {
    int node = from;
    int i = start;
    while (i < text.length()) {
      node = next.get((long) node << BITS | text.at(i));
      i++;
      if (node == LongIntMap.NONE) {
        break;
      }
      if (values[node] != LongIntMap.NONE) {
        found.text(i - start, values[node]);
      }
    }
    work.spend(i - start);
  }
}
