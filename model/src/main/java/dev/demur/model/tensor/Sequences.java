package dev.demur.model.tensor;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/// Where sequences lie among the rows of a tensor, for kernels that take all of them at once.
///
/// @param lengths of each, at least 1
/// @param starts first row of each and the end of the last, int32 `[sequence + 1]`, on the device
///   they are for
/// @param taken the lengths, int32 `[sequence]`, where there are other rows between sequences;
///   empty where one lies behind the other
public record Sequences(List<Integer> lengths, Tensor starts, Optional<Tensor> taken) {

  public Sequences {
    lengths = List.copyOf(lengths);
  }

  /// Sequences of which one lies behind the other.
  public static Sequences of(List<Integer> lengths, Device device) {
    long[] starts = new long[lengths.size() + 1];
    for (int i = 0; i < lengths.size(); i++) {
      starts[i + 1] = starts[i] + lengths.get(i);
    }
    return new Sequences(lengths, indices(LongStream.of(starts), device), Optional.empty());
  }

  /// Sequences with any rows between them, in any order.
  ///
  /// @param starts first row of each
  public static Sequences apart(List<Long> starts, List<Integer> lengths, Device device) {
    long end = starts.getLast() + lengths.getLast();
    var all = LongStream.concat(starts.stream().mapToLong(Long::longValue), LongStream.of(end));
    var taken = indices(lengths.stream().mapToLong(Integer::longValue), device);
    return new Sequences(lengths, indices(all, device), Optional.of(taken));
  }

  private static Tensor indices(LongStream values, Device device) {
    return Tensor.ofLongs(values).to(DType.I32).on(device);
  }

  /// The longest one's length.
  public int longest() {
    return lengths.stream().mapToInt(Integer::intValue).max().orElse(0);
  }
}
