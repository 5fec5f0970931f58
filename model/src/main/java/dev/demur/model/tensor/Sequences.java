package dev.demur.model.tensor;

import java.util.List;
import java.util.stream.LongStream;

/// Where sequences begin that lie one behind the other, for kernels that take all of them at once.
///
/// @param lengths of each, at least 1
/// @param starts first row of each and the end of the last, int32 `[sequence + 1]`, on the device
///   they are for
public record Sequences(List<Integer> lengths, Tensor starts) {

  public Sequences {
    lengths = List.copyOf(lengths);
  }

  /// Makes them for a device.
  public static Sequences of(List<Integer> lengths, Device device) {
    long[] starts = new long[lengths.size() + 1];
    for (int i = 0; i < lengths.size(); i++) {
      starts[i + 1] = starts[i] + lengths.get(i);
    }
    return new Sequences(lengths, Tensor.ofLongs(LongStream.of(starts)).to(DType.I32).on(device));
  }

  /// The longest one's length.
  public int longest() {
    return lengths.stream().mapToInt(Integer::intValue).max().orElse(0);
  }
}
