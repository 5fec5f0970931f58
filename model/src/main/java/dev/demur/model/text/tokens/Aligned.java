package dev.demur.model.text.tokens;

import dev.demur.model.text.regex.Work;
import java.util.Arrays;

/// A text as code points, each of which knows the characters of the original text it came from.
/// Immutable; a slice shares its arrays.
final class Aligned {

  private final int[] points;
  private final int start;
  private final int length;

  /// First and last-but-one original code points, by index into `points`. Both are empty where
  /// nothing has been changed: then each code point is its own origin, `shift` further.
  private final int[] from;

  private final int[] to;
  private final int shift;

  private Aligned(int[] points, int start, int length, int[] from, int[] to, int shift) {
    this.points = points;
    this.start = start;
    this.length = length;
    this.from = from;
    this.to = to;
    this.shift = shift;
  }

  /// A text nothing has been done to.
  static Aligned of(int[] points) {
    return new Aligned(points, 0, points.length, NO_INTS, NO_INTS, 0);
  }

  private static final int[] NO_INTS = {};

  int length() {
    return length;
  }

  boolean isEmpty() {
    return length == 0;
  }

  int at(int index) {
    return points[start + index];
  }

  /// The array the code points are in, from [#begin] to [#end].
  int[] points() {
    return points;
  }

  int begin() {
    return start;
  }

  int end() {
    return start + length;
  }

  /// Index of the first original code point that `index` came from.
  int from(int index) {
    return from.length == 0 ? start + index + shift : from[start + index];
  }

  /// Index behind the last original code point that `index` came from.
  int to(int index) {
    return to.length == 0 ? start + index + shift + 1 : to[start + index];
  }

  /// Code points `first` inclusive to `last` exclusive.
  Aligned slice(int first, int last) {
    return new Aligned(points, start + first, last - first, from, to, shift);
  }

  String text() {
    return new String(points, start, length);
  }

  /// Makes a new text out of an old one.
  static final class Builder {

    private final Work work;
    private int[] points;
    private int[] from;
    private int[] to;
    private int size;

    Builder(Work work, int expected) {
      this.work = work;
      int room = Math.max(16, expected);
      work.make(room);
      this.points = new int[room];
      this.from = new int[room];
      this.to = new int[room];
    }

    /// Adds a code point that came from the one at `index` of `origin`.
    void add(int point, Aligned origin, int index) {
      add(point, origin.from(index), origin.to(index));
    }

    /// Copies code points as they are.
    void copy(Aligned origin, int first, int last) {
      for (int i = first; i < last; i++) {
        add(origin.at(i), origin, i);
      }
    }

    void add(int point, int fromOriginal, int toOriginal) {
      if (size == points.length) {
        int room = Math.toIntExact(Math.min(2L * size, Integer.MAX_VALUE - 8));
        work.make(size + 1L);
        work.spend(size);
        points = Arrays.copyOf(points, room);
        from = Arrays.copyOf(from, room);
        to = Arrays.copyOf(to, room);
      }
      points[size] = point;
      from[size] = fromOriginal;
      to[size] = toOriginal;
      size++;
    }

    Aligned build() {
      work.make(size);
      return new Aligned(points, 0, size, from, to, 0);
    }
  }
}
