package dev.demur.model.arch;

import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.stream.LongStream;

/// What a cache keeps of one sequence in one block.
public sealed interface Kept {

  /// A key and a value for every token.
  record KeysAndValues(int kvHeads, int dHead, int dValue) implements Kept {}

  /// Nothing: it looks at what another block keeps.
  record Elsewhere() implements Kept {}

  /// Both, where a block has attention and a recurrence beside it.
  record Both(KeysAndValues looked, State state) implements Kept {}

  /// A state that every token changes, so that it knows one length alone; float32.
  ///
  /// @param shapes of its tensors
  record State(List<List<Integer>> shapes) implements Kept {
    public State {
      shapes = shapes.stream().map(List::copyOf).toList();
    }

    /// What sequences without a past begin with, each `[sequence, …]`.
    List<Tensor> zeros(Device device, int sequences) {
      return shapes.stream()
          .map(
              shape ->
                  Tensor.zeros(
                      device,
                      DType.F32,
                      LongStream.concat(LongStream.of(sequences), shape.stream().mapToLong(i -> i))
                          .toArray()))
          .toList();
    }
  }

  /// What a sequence of `tokens` takes, bytes.
  ///
  /// @param dtype type keys and values are kept in
  default long bytes(DType dtype, int tokens) {
    return switch (this) {
      case KeysAndValues(int kvHeads, int dHead, int dValue) ->
          (long) kvHeads * (dHead + dValue) * dtype.bytes() * tokens;
      case Elsewhere() -> 0;
      case Both(var looked, var state) -> looked.bytes(dtype, tokens) + state.bytes(dtype, tokens);
      case State(var shapes) ->
          shapes.stream()
              .mapToLong(
                  shape ->
                      shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact))
              .map(elements -> elements * DType.F32.bytes())
              .sum();
    };
  }
}
