package dev.demur.lab.audit;

import java.util.List;
import java.util.Optional;

/// How a checkpoint differs from the one it was made of.
///
/// @param parent name of the parent
/// @param verdict the conclusion from the difference alone
/// @param sentences the conclusion in words, most important first
/// @param kinds what changed, by kind of tensor
/// @param agreement mean |cos| over pairs of changed writers between the directions they changed
///   most along; near 1 when one direction was removed everywhere
/// @param independent what independent directions give, √(2 / (π d))
/// @param strength median over changed writers of the share of the common direction taken away
/// @param cosine |cos| of the common direction with the one given
/// @param writers one row for each matrix that writes to the stream
public record ParentResult(
    String parent,
    Verdict verdict,
    List<String> sentences,
    List<KindRow> kinds,
    double agreement,
    double independent,
    double strength,
    Optional<Double> cosine,
    List<DeltaRow> writers) {

  public ParentResult {
    sentences = List.copyOf(sentences);
    kinds = List.copyOf(kinds);
    writers = List.copyOf(writers);
  }

  /// Tensors of one kind.
  ///
  /// @param kind `embedding`, `attention`, `mlp` for writers, `readers and norms` for all others
  /// @param tensors how many there are
  /// @param changed how many of them differ
  /// @param largest the largest ‖ΔW‖ / ‖W‖ among them
  public record KindRow(String kind, int tensors, int changed, double largest) {}

  /// One writer's change ΔW, as it enters the stream.
  ///
  /// @param energy ‖ΔW‖² / ‖W‖²
  /// @param topShare share of ‖ΔW‖² in its largest singular direction; 1 is rank one
  /// @param stableRank ‖ΔW‖²_F / ‖ΔW‖²₂
  /// @param strength share of the common direction that was removed: 1 all, 2 reversed, negative if
  ///   it grew
  /// @param cosine |cos| of the largest singular direction with the direction given
  public record DeltaRow(
      String tensor,
      String component,
      double energy,
      double topShare,
      double stableRank,
      double strength,
      Optional<Double> cosine) {}
}
