package dev.demur.model.format;

import dev.demur.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// What has to be undone to turn a GGUF tensor into the Hugging Face one.
///
/// Source: llama.cpp's `convert_hf_to_gguf.py`, whose changes these take back.
public sealed interface Relayout {

  /// Nothing: the tensor is the same in both.
  record None() implements Relayout {}

  /// Query and key rows whose rotary pairs stand next to each other; Hugging Face has them half a
  /// head apart.
  ///
  /// @param heads query heads, or key heads
  record RotaryPairs(long heads) implements Relayout {}

  /// Query, key and value rows one matrix after the other; GPT-NeoX has them head by head.
  ///
  /// @param heads attention heads
  record QueryKeyValue(long heads) implements Relayout {}

  /// A norm's weight with one added; Gemma adds it when it runs.
  record PlusOne() implements Relayout {}

  /// A matrix `[out, in]`; GPT-2 keeps `[in, out]`.
  record Transposed() implements Relayout {}

  /// A stack of matrices `[expert, out, in]`; Hugging Face has `[expert, in, out]`.
  record TransposedStack() implements Relayout {}

  /// A vector `[d]`; Hugging Face has the matrix `[1, d]`.
  record Row() implements Relayout {}

  /// A matrix `[channel, kernel]`; Hugging Face has `[channel, 1, kernel]`.
  record Channels() implements Relayout {}

  /// Values of any shape; Hugging Face has a vector.
  record Flat() implements Relayout {}

  /// Rows of value heads, those of one key head after the other's; llama.cpp has the first of each
  /// key head, then the second.
  ///
  /// @param first rows before them, which stay
  /// @param keyHeads key heads
  /// @param width rows of a head
  record TiledHeads(long first, long keyHeads, long width) implements Relayout {}

  /// The same of columns.
  record TiledColumns(long keyHeads, long width) implements Relayout {}

  /// −eˣ of a vector x (`A_log` of a recurrence).
  record NegativeExponentials() implements Relayout {}

  /// One change and then another, both to be undone, the last first.
  record Both(Relayout last, Relayout first) implements Relayout {}

  /// Puts a tensor right.
  default Tensor undo(Tensor stored) {
    return switch (this) {
      case None _ -> stored;
      case RotaryPairs(long heads) -> stored.rows(Tensor.ofLongs(halves(stored.dim(0), heads)));
      case QueryKeyValue(long heads) -> stored.rows(Tensor.ofLongs(byHead(stored.dim(0), heads)));
      case PlusOne _ -> stored.plus(-1);
      case Transposed _ -> stored.transpose(0, 1).contiguous();
      case TransposedStack _ -> stored.transpose(1, 2).contiguous();
      case Row _ -> stored.unsqueeze(0);
      case Channels _ -> stored.unsqueeze(1);
      case Flat _ -> stored.reshape(-1);
      case TiledHeads tiled -> stored.rows(Tensor.ofLongs(grouped(stored.dim(0), tiled)));
      case TiledColumns(long keyHeads, long width) -> {
        var order = grouped(stored.dim(1), new TiledHeads(0, keyHeads, width));
        yield stored.transpose(0, 1).rows(Tensor.ofLongs(order)).transpose(0, 1).contiguous();
      }
      case NegativeExponentials _ -> stored.times(-1).log();
      case Both(var last, var first) -> first.undo(last.undo(stored));
    };
  }

  /// Which stored row comes at each place, when rows change places and nothing else.
  default Optional<long[]> order(long rows) {
    return switch (this) {
      case RotaryPairs(long heads) -> Optional.of(halves(rows, heads).toArray());
      case QueryKeyValue(long heads) -> Optional.of(byHead(rows, heads).toArray());
      case None _, PlusOne _, Transposed _, TransposedStack _, Row _, Channels _, Flat _ ->
          Optional.empty();
      case TiledHeads tiled -> Optional.of(grouped(rows, tiled).toArray());
      case TiledColumns _, NegativeExponentials _, Both _ -> Optional.empty();
    };
  }

  /// The shape a tensor of shape `stored` has afterwards.
  default List<Long> shape(List<Long> stored) {
    return switch (this) {
      case None _,
          RotaryPairs _,
          QueryKeyValue _,
          PlusOne _,
          TiledHeads _,
          TiledColumns _,
          NegativeExponentials _ ->
          stored;
      case Both(var last, var first) -> first.shape(last.shape(stored));
      case Transposed _ -> stored.reversed();
      case TransposedStack _ -> List.of(stored.get(0), stored.get(2), stored.get(1));
      case Row _ -> Stream.concat(Stream.of(1L), stored.stream()).toList();
      case Channels _ -> List.of(stored.get(0), 1L, stored.get(1));
      case Flat _ -> List.of(stored.stream().reduce(1L, Math::multiplyExact));
    };
  }

  /// Row `2 i + h` of a head goes to `i + h · d_head / 2`.
  private static LongStream halves(long rows, long heads) {
    long dHead = rows / heads;
    return LongStream.range(0, rows)
        .map(
            row -> row - row % dHead + 2 * (row % dHead % (dHead / 2)) + row % dHead / (dHead / 2));
  }

  /// Row `(key head, value head, i)` comes from `(value head, key head, i)`.
  private static LongStream grouped(long rows, TiledHeads tiled) {
    long each = (rows - tiled.first) / tiled.width / tiled.keyHeads;
    return LongStream.range(0, rows)
        .map(
            row -> {
              if (row < tiled.first) {
                return row;
              }
              long head = (row - tiled.first) / tiled.width;
              long from = head % each * tiled.keyHeads + head / each;
              return tiled.first + from * tiled.width + (row - tiled.first) % tiled.width;
            });
  }

  /// Row `(part, head, i)` goes to `(head, part, i)`.
  private static LongStream byHead(long rows, long heads) {
    long dHead = rows / 3 / heads;
    return LongStream.range(0, rows)
        .map(row -> (row / dHead % 3 * heads + row / dHead / 3) * dHead + row % dHead);
  }
}
