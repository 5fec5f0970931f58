package dev.demur.model.text.regex;

import java.util.Arrays;
import java.util.function.IntPredicate;

/// An immutable set of Unicode code points.
final class CodePoints {

  static final CodePoints NONE = new CodePoints(new int[0], 0);

  private static final int LAST = Character.MAX_CODE_POINT;

  /// First and last of each range, in order, with gaps between.
  private final int[] ranges;

  private final long ascii0;
  private final long ascii1;

  private CodePoints(int[] bounds, int size) {
    this.ranges = Arrays.copyOf(bounds, size);
    this.ascii0 = bits(0);
    this.ascii1 = bits(64);
  }

  private long bits(int from) {
    long bits = 0;
    for (int c = 0; c < 64; c++) {
      bits |= inRanges(from + c) ? 1L << c : 0;
    }
    return bits;
  }

  static CodePoints of(int codePoint) {
    return range(codePoint, codePoint);
  }

  static CodePoints range(int first, int last) {
    return new CodePoints(new int[] {first, last}, 2);
  }

  static CodePoints where(IntPredicate holds) {
    Builder builder = new Builder();
    int start = -1;
    for (int c = 0; c <= LAST + 1; c++) {
      boolean in = c <= LAST && holds.test(c);
      if (in && start < 0) {
        start = c;
      } else if (!in && start >= 0) {
        builder.add(start, c - 1);
        start = -1;
      }
    }
    return builder.build();
  }

  boolean contains(int c) {
    return c < 64
        ? (ascii0 >>> c & 1) != 0
        : c < 128 ? (ascii1 >>> (c - 64) & 1) != 0 : inRanges(c);
  }

  private boolean inRanges(int c) {
    int low = 0;
    int high = ranges.length / 2 - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (c < ranges[2 * middle]) {
        high = middle - 1;
      } else if (c > ranges[2 * middle + 1]) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  /// How many ranges the set is made of.
  int size() {
    return ranges.length / 2;
  }

  CodePoints complement() {
    Builder builder = new Builder();
    int next = 0;
    for (int i = 0; i < ranges.length; i += 2) {
      builder.add(next, ranges[i] - 1);
      next = ranges[i + 1] + 1;
    }
    builder.add(next, LAST);
    return builder.build();
  }

  CodePoints union(CodePoints other) {
    Builder builder = new Builder();
    int i = 0;
    int j = 0;
    while (i < ranges.length || j < other.ranges.length) {
      boolean mine =
          j >= other.ranges.length || (i < ranges.length && ranges[i] <= other.ranges[j]);
      if (mine) {
        builder.add(ranges[i], ranges[i + 1]);
        i += 2;
      } else {
        builder.add(other.ranges[j], other.ranges[j + 1]);
        j += 2;
      }
    }
    return builder.build();
  }

  CodePoints intersection(CodePoints other) {
    return complement().union(other.complement()).complement();
  }

  /// Joins ranges that come in the order of their beginnings.
  static final class Builder {

    private int[] ranges = new int[16];
    private int size;

    void add(int first, int last) {
      if (first > last) {
        return;
      }
      if (size > 0 && first <= ranges[size - 1] + 1) {
        ranges[size - 1] = Math.max(ranges[size - 1], last);
        return;
      }
      if (size + 2 > ranges.length) {
        ranges = Arrays.copyOf(ranges, 2 * ranges.length);
      }
      ranges[size++] = first;
      ranges[size++] = last;
    }

    CodePoints build() {
      return new CodePoints(ranges, size);
    }
  }
}
