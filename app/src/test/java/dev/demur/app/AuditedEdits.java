package dev.demur.app;

import dev.demur.kit.TinyModels;
import dev.demur.kit.WriterEdits;
import dev.demur.kit.WriterEdits.OnVectors;
import dev.demur.lab.direction.Direction;
import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.arch.writer.StreamWriter.Component;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// The edits of the table in docs/results/audit.md.
final class AuditedEdits {

  /// One edit.
  ///
  /// @param name as the table has it
  /// @param where the writers it changes
  /// @param edit what it does to them
  /// @param type what all writers are rounded to
  /// @param removed the directions that are taken out everywhere; none where each layer has its own
  record Kind(
      String name,
      Predicate<StreamWriter> where,
      OnVectors edit,
      String type,
      List<Tensor> removed) {}

  private final List<Kind> kinds = new ArrayList<>();
  private final Map<Integer, Direction> byLayer;
  private final Tensor unit;

  private AuditedEdits(Map<Integer, Direction> byLayer, int layer) {
    this.byLayer = byLayer;
    this.unit = unit(layer);
  }

  /// All edits, in the table's order.
  ///
  /// @param byLayer the difference of means entering each layer from the second
  /// @param layer the one that is the direction
  static List<Kind> of(Map<Integer, Direction> byLayer, int layer) {
    var edits = new AuditedEdits(byLayer, layer);
    edits.clean();
    edits.strengths();
    edits.parts();
    edits.otherwise();
    edits.afterwards();
    return edits.kinds;
  }

  private void clean() {
    for (String type : List.of("F32", "BF16", "Q8_0", "Q4_0")) {
      clean("clean, " + type, _ -> x -> x, type);
    }
    clean("clean, random rank-8 change of 0.1", w -> noise(w, 0.1), "BF16");
  }

  private void clean(String name, OnVectors change, String type) {
    kinds.add(new Kind(name, _ -> true, change, type, List.of()));
  }

  private void strengths() {
    for (double strength : List.of(1.0, 0.9, 0.7, 0.5, 0.3, 1.3, 2.0)) {
      everywhere("λ = " + strength, WriterEdits.removing(unit, strength), "BF16");
    }
    for (double strength : List.of(1.0, 0.9, 0.7)) {
      for (String type : List.of("Q8_0", "Q4_0")) {
        everywhere("λ = " + strength + ", " + type, WriterEdits.removing(unit, strength), type);
      }
    }
  }

  private void parts() {
    var whole = WriterEdits.removing(unit, 1);
    kinds.add(
        new Kind("embeddings untouched", WriterEdits::inBlocks, _ -> whole, "BF16", List.of(unit)));
    only("MLP only", Component.MLP, whole);
    only("attention only", Component.ATTENTION, whole);
    int layers = byLayer.size() + 1;
    kinds.add(
        new Kind(
            "λ from 0.2 to 1 and back over the layers",
            WriterEdits::inBlocks,
            w -> WriterEdits.removing(unit, bell(w.layer().orElseThrow(), layers)),
            "BF16",
            List.of(unit)));
  }

  /// 1 in the middle, 0.2 at either end.
  private static double bell(int layer, int layers) {
    return 1 - 0.8 * Math.abs(2.0 * layer / (layers - 1) - 1);
  }

  private void otherwise() {
    var other = random(1);
    kinds.add(
        new Kind(
            "another (random) direction",
            _ -> true,
            _ -> WriterEdits.removing(other, 1),
            "BF16",
            List.of(other)));
    everywhere("vector lengths kept", WriterEdits.removingKeepingVectorLengths(unit), "BF16");
    everywhere("row lengths kept", WriterEdits.removingKeepingCoordinateLengths(unit), "BF16");
    kinds.add(
        new Kind(
            "two directions",
            _ -> true,
            _ -> x -> WriterEdits.removing(unit, 1).apply(WriterEdits.removing(other, 1).apply(x)),
            "BF16",
            List.of(unit, other)));
    kinds.add(
        new Kind(
            "a random direction per layer",
            _ -> true,
            w -> WriterEdits.removing(random(100 + w.layer().orElse(-1)), 1),
            "BF16",
            List.of()));
    kinds.add(
        new Kind(
            "each layer's own difference of means",
            w -> WriterEdits.inBlocks(w) && w.layer().orElseThrow() > 0,
            w -> WriterEdits.removing(unit(w.layer().orElseThrow()), 1),
            "BF16",
            List.of(unit)));
    everywhere("LoRA of the edit, merged", WriterEdits.removingByLora(unit, 1), "BF16");
  }

  private void afterwards() {
    var whole = WriterEdits.removing(unit, 1);
    for (double share : List.of(0.01, 0.1)) {
      kinds.add(
          new Kind(
              "edit, then random rank-8 change of " + share,
              _ -> true,
              w -> x -> noise(w, share).apply(whole.apply(x)),
              "BF16",
              List.of(unit)));
    }
  }

  private Tensor unit(int layer) {
    return Optional.ofNullable(byLayer.get(layer)).orElseThrow().unit();
  }

  private void everywhere(String name, UnaryOperator<Tensor> edit, String type) {
    kinds.add(new Kind(name, _ -> true, _ -> edit, type, List.of(unit)));
  }

  private void only(String name, Component component, UnaryOperator<Tensor> edit) {
    kinds.add(new Kind(name, w -> w.component() == component, _ -> edit, "BF16", List.of(unit)));
  }

  private static UnaryOperator<Tensor> noise(StreamWriter writer, double share) {
    return WriterEdits.lowRankNoise(writer.tensor().hashCode(), share);
  }

  private Tensor random(long seed) {
    return TinyModels.unit(new Random(seed), unit.dim(0));
  }
}
