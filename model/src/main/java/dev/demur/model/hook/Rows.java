package dev.demur.model.hook;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Whose rows a packed activation `[tokens, …]` holds: sequences one after the other, without
/// padding.
///
/// Row `r` belongs to prompt [#prompt] and lies at [#position], which counts from the end of the
/// prompt as [Positions] does.
///
/// @param sequences which of the caller's prompts each packed sequence is
/// @param lengths rows of each packed sequence
/// @param offsets row at which each packed sequence begins
/// @param firsts position of each packed sequence's first row
public record Rows(
    List<Integer> sequences, List<Integer> lengths, List<Integer> offsets, List<Integer> firsts) {

  /// Position of shared beginnings, before any that a bounded run of positions names.
  private static final int FAR = Integer.MIN_VALUE / 2;

  public Rows {
    sequences = List.copyOf(sequences);
    lengths = List.copyOf(lengths);
    offsets = List.copyOf(offsets);
    firsts = List.copyOf(firsts);
  }

  /// Sequences that begin at given positions.
  ///
  /// @throws IllegalArgumentException if a length is below 1 or the lists differ in size
  public static Rows from(List<Integer> sequences, List<Integer> lengths, List<Integer> firsts) {
    if (sequences.size() != lengths.size() || sequences.size() != firsts.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d sequences, but %d lengths and %d positions",
              sequences.size(),
              lengths.size(),
              firsts.size()));
    }
    var offsets = new ArrayList<Integer>();
    int next = 0;
    for (int length : lengths) {
      if (length < 1) {
        throw new IllegalArgumentException("a sequence needs at least one token, had " + length);
      }
      offsets.add(next);
      next += length;
    }
    return new Rows(sequences, lengths, offsets, firsts);
  }

  /// The last rows of prompts: whole ones, or what follows a common beginning.
  ///
  /// @throws IllegalArgumentException if a length is below 1 or the lists differ in size
  public static Rows of(List<Integer> sequences, List<Integer> lengths) {
    return from(sequences, lengths, lengths.stream().map(length -> -length).toList());
  }

  /// What several prompts begin with. It lies at no position in particular: further from the end of
  /// each prompt than any that a plan names, which is why it can be run once for all.
  public static Rows beginning(List<Integer> sequences, int length) {
    int count = sequences.size();
    return from(sequences, Collections.nCopies(count, length), Collections.nCopies(count, FAR));
  }

  /// One whole prompt.
  public static Rows single(int sequence, int length) {
    return of(List.of(sequence), List.of(length));
  }

  /// Number of packed sequences.
  public int size() {
    return lengths.size();
  }

  /// Rows altogether.
  public int tokens() {
    return size() == 0 ? 0 : end(size() - 1);
  }

  /// How many neighbouring sequences from packed sequence `first` on are as long as it is.
  public int equallyLong(int first) {
    int next = first + 1;
    while (next < size() && lengths.get(next).equals(lengths.get(first))) {
      next++;
    }
    return next - first;
  }

  /// Row after the last one of packed sequence `i`.
  public int end(int i) {
    return offsets.get(i) + lengths.get(i);
  }

  /// Which of the caller's prompts a row belongs to.
  public int prompt(int row) {
    return sequences.get(packed(row));
  }

  /// Where a row lies, counted from the end of its prompt: −1 is the last prompt token.
  public int position(int row) {
    int i = packed(row);
    return firsts.get(i) + row - offsets.get(i);
  }

  /// Each sequence's last row, in packed order.
  public IntStream lastRows() {
    return IntStream.range(0, size()).map(i -> end(i) - 1);
  }

  /// Each sequence's last row as rows of their own.
  public Rows ofLastRows() {
    var positions = IntStream.range(0, size()).mapToObj(i -> firsts.get(i) + lengths.get(i) - 1);
    return from(sequences, Collections.nCopies(size(), 1), positions.toList());
  }

  /// One packed sequence alone.
  public Rows only(int i) {
    return from(List.of(sequences.get(i)), List.of(lengths.get(i)), List.of(firsts.get(i)));
  }

  /// The rows at some positions, as rows of their own; sequences without any are left out.
  public Rows at(Positions positions) {
    if (positions.equals(Positions.all())) {
      return this;
    }
    var kept = new ArrayList<Integer>();
    var keptLengths = new ArrayList<Integer>();
    var keptFirsts = new ArrayList<Integer>();
    for (int i = 0; i < size(); i++) {
      int first = Math.max(firsts.get(i), positions.from());
      long last = Math.min(firsts.get(i) + lengths.get(i) - 1L, positions.to());
      if (first <= last) {
        kept.add(sequences.get(i));
        keptLengths.add(Math.toIntExact(last - first + 1));
        keptFirsts.add(first);
      }
    }
    return from(kept, keptLengths, keptFirsts);
  }

  /// Where the rows of [#at(Positions)] lie among these.
  public IntStream indices(Positions positions) {
    return IntStream.range(0, size())
        .flatMap(
            i -> {
              int shift = offsets.get(i) - firsts.get(i);
              int first = Math.max(firsts.get(i), positions.from());
              long last = Math.min(firsts.get(i) + lengths.get(i) - 1L, positions.to());
              return last < first
                  ? IntStream.empty()
                  : IntStream.rangeClosed(first + shift, Math.toIntExact(last) + shift);
            });
  }

  private int packed(int row) {
    if (row < 0 || row >= tokens()) {
      throw new IllegalArgumentException("row must be 0 to " + (tokens() - 1) + ", was " + row);
    }
    int found = Collections.binarySearch(offsets, row);
    return found >= 0 ? found : -found - 2;
  }
}
