package dev.demur.app;

import dev.demur.lab.direction.Direction;
import dev.demur.model.arch.StreamWriter;
import dev.demur.model.arch.StreamWriter.Component;
import dev.demur.model.arch.WriterEdits;
import dev.demur.model.arch.WriterEdits.OnVectors;
import dev.demur.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// The edits of the table in docs/audit.md.
final class AuditedEdits {

  /// One edit.
  ///
  /// @param name as the table has it
  /// @param where the writers it changes
  /// @param edit what it does to them
  /// @param type what all writers are rounded to
  record Kind(String name, Predicate<StreamWriter> where, OnVectors edit, String type) {}

  private final List<Kind> kinds = new ArrayList<>();
  private final List<Direction> byLayer;
  private final Tensor unit;

  private AuditedEdits(List<Direction> byLayer, int layer) {
    this.byLayer = byLayer;
    this.unit = byLayer.get(layer).unit();
  }

  /// All edits, in the table's order.
  ///
  /// @param byLayer the difference of means entering each layer
  /// @param layer the one that is the direction
  static List<Kind> of(List<Direction> byLayer, int layer) {
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
      kinds.add(new Kind("clean, " + type, _ -> false, _ -> x -> x, type));
    }
    kinds.add(
        new Kind("clean, random rank-8 change of 0.1", _ -> true, w -> noise(w, 0.1), "BF16"));
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
    kinds.add(new Kind("embeddings untouched", WriterEdits::inBlocks, _ -> whole, "BF16"));
    only("MLP only", Component.MLP, whole);
    only("attention only", Component.ATTENTION, whole);
    int layers = byLayer.size();
    kinds.add(
        new Kind(
            "λ from 0.2 to 1 and back over the layers",
            WriterEdits::inBlocks,
            w -> WriterEdits.removing(unit, bell(w.layer().orElseThrow(), layers)),
            "BF16"));
  }

  /// 1 in the middle, 0.2 at either end.
  private static double bell(int layer, int layers) {
    return 1 - 0.8 * Math.abs(2.0 * layer / (layers - 1) - 1);
  }

  private void otherwise() {
    everywhere("another (random) direction", WriterEdits.removing(random(1), 1), "BF16");
    everywhere("vector lengths kept", WriterEdits.removingKeepingVectorLengths(unit), "BF16");
    everywhere("row lengths kept", WriterEdits.removingKeepingCoordinateLengths(unit), "BF16");
    everywhere(
        "two directions",
        x -> WriterEdits.removing(unit, 1).apply(WriterEdits.removing(random(1), 1).apply(x)),
        "BF16");
    kinds.add(
        new Kind(
            "a random direction per layer",
            _ -> true,
            w -> WriterEdits.removing(random(100 + w.layer().orElse(-1)), 1),
            "BF16"));
    kinds.add(
        new Kind(
            "each layer's own difference of means",
            w -> WriterEdits.inBlocks(w) && w.layer().orElseThrow() > 0,
            w -> WriterEdits.removing(byLayer.get(w.layer().orElseThrow()).unit(), 1),
            "BF16"));
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
              "BF16"));
    }
  }

  private void everywhere(String name, UnaryOperator<Tensor> edit, String type) {
    kinds.add(new Kind(name, _ -> true, _ -> edit, type));
  }

  private void only(String name, Component component, UnaryOperator<Tensor> edit) {
    kinds.add(new Kind(name, w -> w.component() == component, _ -> edit, "BF16"));
  }

  private static UnaryOperator<Tensor> noise(StreamWriter writer, double share) {
    return WriterEdits.lowRankNoise(writer.tensor().hashCode(), share);
  }

  private Tensor random(long seed) {
    var raw = Tensor.gaussian(new Random(seed), unit.dim(0));
    return raw.times(1 / raw.norm());
  }
}
