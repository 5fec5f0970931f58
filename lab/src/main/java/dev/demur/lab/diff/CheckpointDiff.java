package dev.demur.lab.diff;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// What one checkpoint has that another has not, tensor by tensor, as numbers: under Hugging Face
/// names, in float32, whatever types they are stored in.
///
/// @param first name of the checkpoint changes are counted from
/// @param second name of the one they are counted to
/// @param other what differs besides tensors, in words: family settings, chat template, storage
/// @param onlyFirst tensors the second does not have
/// @param onlySecond tensors the first does not have
/// @param same how many tensors hold equal numbers
/// @param changed tensors that do not: first those that write to the stream, then all others, each
///   in the order of the first checkpoint
/// @param common the direction along which writers changed
public record CheckpointDiff(
    String first,
    String second,
    List<String> other,
    List<String> onlyFirst,
    List<String> onlySecond,
    int same,
    List<Change> changed,
    Optional<Common> common) {

  private static final List<String> KINDS = List.of("embedding", "attention", "mlp", "other");

  public CheckpointDiff {
    other = List.copyOf(other);
    onlyFirst = List.copyOf(onlyFirst);
    onlySecond = List.copyOf(onlySecond);
    changed = List.copyOf(changed);
  }

  /// A tensor that is not the same; Δ is second minus first, behind its norm's γ for a writer that
  /// has one.
  ///
  /// @param kind `embedding`, `attention` or `mlp` for matrices that write to the stream, else
  ///   `other`
  /// @param relative ‖Δ‖ / ‖first‖, Frobenius
  /// @param rankOne σ₁² / ‖Δ‖²: the share of Δ that a matrix of rank 1 holds, one over its stable
  ///   rank; 1 for vectors
  /// @param writer how a writer changed in the stream; empty for other tensors, and for a writer
  ///   that changed alone, because then there is nothing in common
  public record Change(
      String tensor, String kind, double relative, double rankOne, Optional<InStream> writer) {}

  /// A writer's change, seen from the stream.
  ///
  /// @param alignment |cos| between its strongest direction and the common one
  /// @param removed share of what it wrote along the common direction that it no longer writes: 1
  ///   all, 2 reversed, negative when it grew
  /// @param withGiven |cos| between its strongest direction and the one given
  public record InStream(double alignment, double removed, Optional<Double> withGiven) {}

  /// The direction that the strongest directions of the changes have in common.
  ///
  /// @param agreement mean |cos| between those of different writers: near 1 when one direction was
  ///   edited everywhere
  /// @param independent what changes that have nothing to do with each other give, √(2 / (π d))
  /// @param removed median of [InStream#removed]
  /// @param withGiven |cos| between the common direction and the one given
  public record Common(
      double agreement, double independent, double removed, Optional<Double> withGiven) {}

  /// The changed tensors of one kind together.
  ///
  /// @param kind as in [Change#kind]
  /// @param changed how many
  /// @param leastRelative least of [Change#relative]
  /// @param largestRelative largest of the same
  /// @param leastRankOne least of [Change#rankOne]
  /// @param largestRankOne largest of the same
  public record KindOfTensor(
      String kind,
      int changed,
      double leastRelative,
      double largestRelative,
      double leastRankOne,
      double largestRankOne) {

    private static KindOfTensor of(String kind, List<Change> changes) {
      return new KindOfTensor(
          kind,
          changes.size(),
          least(changes, Change::relative),
          largest(changes, Change::relative),
          least(changes, Change::rankOne),
          largest(changes, Change::rankOne));
    }

    private static double least(List<Change> changes, ToDoubleFunction<Change> value) {
      return changes.stream().mapToDouble(value).min().orElseThrow();
    }

    private static double largest(List<Change> changes, ToDoubleFunction<Change> value) {
      return changes.stream().mapToDouble(value).max().orElseThrow();
    }
  }

  /// Kinds of tensors that changed, embedding first.
  public List<KindOfTensor> kinds() {
    return KINDS.stream()
        .map(kind -> changed.stream().filter(change -> change.kind().equals(kind)).toList())
        .filter(changes -> !changes.isEmpty())
        .map(changes -> KindOfTensor.of(changes.getFirst().kind(), changes))
        .toList();
  }

  /// Whether the two hold the same tensors with the same numbers.
  public boolean isEmpty() {
    return changed.isEmpty() && onlyFirst.isEmpty() && onlySecond.isEmpty();
  }
}
