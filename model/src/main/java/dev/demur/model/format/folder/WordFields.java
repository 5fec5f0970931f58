package dev.demur.model.format.folder;

/// Small whole numbers without sign, several in a 32-bit word, the first in the lowest bits.
///
/// @param bits of a number, a divisor of 32
record WordFields(int bits) {

  /// Numbers in a word.
  int perWord() {
    return Integer.SIZE / bits;
  }

  /// Words that `count` numbers take.
  long words(long count) {
    return Math.ceilDiv(count, (long) perWord());
  }

  /// The number at a place of a word.
  int at(int word, int place) {
    return (word >>> (place * bits)) & ((1 << bits) - 1);
  }

  /// A word whose numbers are all one.
  int ones() {
    int word = 0;
    for (int place = 0; place < perWord(); place++) {
      word |= 1 << (place * bits);
    }
    return word;
  }
}
