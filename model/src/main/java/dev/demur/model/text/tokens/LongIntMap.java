package dev.demur.model.text.tokens;

/// A map from longs that are not negative to ints that are not negative, without objects: a
/// vocabulary has up to a million merges.
final class LongIntMap {

  static final int NONE = -1;

  private long[] keys;
  private int[] values;
  private int size;

  LongIntMap(int expected) {
    int capacity = Integer.highestOneBit(Math.max(16, expected * 2 - 1)) * 2;
    keys = new long[capacity];
    values = new int[capacity];
    java.util.Arrays.fill(values, NONE);
  }

  int get(long key) {
    int slot = slot(key);
    return values[slot];
  }

  void put(long key, int value) {
    int slot = slot(key);
    if (values[slot] == NONE) {
      if (++size * 2 > keys.length) {
        grow();
        slot = slot(key);
      }
      keys[slot] = key;
    }
    values[slot] = value;
  }

  /// Where a key is, or would be.
  private int slot(long key) {
    int mask = keys.length - 1;
    long mixed = key * 0x9E3779B97F4A7C15L;
    int slot = (int) (mixed >>> 32) & mask;
    while (values[slot] != NONE && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    LongIntMap larger = new LongIntMap(keys.length);
    for (int i = 0; i < keys.length; i++) {
      if (values[i] != NONE) {
        larger.put(keys[i], values[i]);
      }
    }
    keys = larger.keys;
    values = larger.values;
  }
}
