package dev.demur.model.hook;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// How sequences lie in a packed activation `[tokens, …]`: one after the other, without padding.
///
/// @param sequences which of the caller's prompts each packed sequence is
/// @param lengths tokens of each packed sequence
/// @param offsets row at which each packed sequence begins
public record Packing(List<Integer> sequences, List<Integer> lengths, List<Integer> offsets) {

  public Packing {
    sequences = List.copyOf(sequences);
    lengths = List.copyOf(lengths);
    offsets = List.copyOf(offsets);
  }

  /// Sequences of the given lengths in order.
  ///
  /// @param sequences which of the caller's prompts each is
  /// @throws IllegalArgumentException if a length is below 1 or the lists differ in size
  public static Packing of(List<Integer> sequences, List<Integer> lengths) {
    if (sequences.size() != lengths.size()) {
      throw new IllegalArgumentException(
          sequences.size() + " sequences, but " + lengths.size() + " lengths");
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
    return new Packing(sequences, lengths, offsets);
  }

  /// One sequence.
  public static Packing single(int sequence, int length) {
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

  /// Each sequence's last row, in packed order.
  public IntStream lastRows() {
    return IntStream.range(0, size()).map(i -> end(i) - 1);
  }

  /// Row after the last one of packed sequence `i`.
  public int end(int i) {
    return offsets.get(i) + lengths.get(i);
  }
}
