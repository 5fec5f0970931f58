package dev.demur.lab.audit;

import dev.demur.lab.audit.ParentResult.DeltaRow;
import dev.demur.lab.audit.ParentResult.KindRow;
import dev.demur.lab.run.Progress;
import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Eigen;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A checkpoint against its parent: what changed, and whether the change is one direction removed
/// from what writes to the stream.
///
/// Each writer's ΔW gives a Gram matrix ΔW ΔWᵀ (behind its norm's γ where there is one) and its top
/// eigenvector; the common direction is the top eigenvector of the sum of their projectors. Two
/// walks; tensors are read one pair at a time.
public final class ParentComparison {

  /// Agreement from which changes are one direction's; fine-tuning of the demo model has 0.1.
  static final double AGREEMENT = 0.5;

  /// Share of the common direction taken away from which it is an edit.
  static final double STRENGTH = 0.25;

  private final CheckpointWriters candidate;
  private final CheckpointWriters parent;
  private final Optional<Tensor> given;

  private ParentComparison(
      CheckpointWriters candidate, CheckpointWriters parent, Optional<Tensor> given) {
    this.candidate = candidate;
    this.parent = parent;
    this.given = given;
  }

  /// What a change of a writer looks like by itself.
  private record Delta(
      StreamWriter writer, double energy, double topShare, double stableRank, Tensor top) {}

  /// Compares two checkpoints of one shape.
  ///
  /// @param direction the parent's direction, unit length `[d_model]`, if it is known
  /// @throws IllegalArgumentException if the two have different shapes
  public static ParentResult of(
      ModelFiles candidate, ModelFiles parent, Optional<Tensor> direction, Progress progress)
      throws IOException {
    try (var _ = Scope.open()) {
      return run(candidate, parent, direction, progress).result();
    }
  }

  /// The same with the directions found, which belong to the caller's innermost scope.
  ///
  /// @param direction the parent's direction, unit length `[d_model]`, if it is known
  /// @throws IllegalArgumentException if the two have different shapes
  public static ParentRun run(
      ModelFiles candidate, ModelFiles parent, Optional<Tensor> direction, Progress progress)
      throws IOException {
    var one = CheckpointWriters.of(candidate);
    var other = CheckpointWriters.of(parent);
    if (one.dModel() != other.dModel() || one.config().nLayers() != other.config().nLayers()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s (%d layers, %d wide) cannot be a child of %s (%d layers, %d wide)",
              candidate.name(),
              one.config().nLayers(),
              one.dModel(),
              parent.name(),
              other.config().nLayers(),
              other.dModel()));
    }
    try (var scope = Scope.open()) {
      var given = direction.map(d -> d.to(DType.F64));
      var run = new ParentComparison(one, other, given).run(progress);
      run.directions().ifPresent(scope::keep);
      run.common().ifPresent(scope::keep);
      return run;
    }
  }

  private ParentRun run(Progress progress) throws IOException {
    var matrices = candidate.writers().tensors().stream().filter(w -> !w.isBias()).toList();
    var deltas = new ArrayList<Delta>();
    try (var task = progress.start("compare writers", matrices.size())) {
      for (var writer : matrices) {
        delta(writer).ifPresent(deltas::add);
        task.advance(1);
      }
    }
    double independent = Math.sqrt(2 / (Math.PI * candidate.dModel()));
    Optional<Tensor> directions =
        deltas.isEmpty()
            ? Optional.empty()
            : Optional.of(Tensor.stack(deltas.stream().map(Delta::top).toList()));
    if (deltas.size() < 2) {
      var result = result(deltas, 0, independent, 0, Optional.empty(), List.of());
      return new ParentRun(result, directions, Optional.empty());
    }
    var tops = directions.get();
    int n = deltas.size();
    var cosines = tops.matmul(tops.transpose(0, 1));
    double agreement = (cosines.abs().sum().item() - n) / (n * (n - 1.0));
    var votes =
        Eigen.ofSymmetric(cosines).vectors().row(n - 1).unsqueeze(0).matmul(tops).reshape(-1);
    var common = votes.times(1 / votes.norm());
    var strengths = new ArrayList<Double>();
    for (var delta : deltas) {
      strengths.add(strength(delta.writer, common));
    }
    var result =
        result(
            deltas,
            agreement,
            independent,
            Values.median(strengths),
            Optional.of(common),
            strengths);
    return new ParentRun(result, directions, Optional.of(common));
  }

  private ParentResult result(
      List<Delta> deltas,
      double agreement,
      double independent,
      double strength,
      Optional<Tensor> common,
      List<Double> strengths)
      throws IOException {
    var rows = new ArrayList<DeltaRow>();
    for (int i = 0; i < deltas.size(); i++) {
      rows.add(row(deltas.get(i), strengths.isEmpty() ? 0 : strengths.get(i)));
    }
    var kinds = kinds(deltas);
    var cosine = given.flatMap(g -> common.map(c -> Math.abs(c.dotRows(g).item())));
    var sentences = new ArrayList<String>();
    var verdict = verdict(kinds, agreement, strength, sentences);
    return new ParentResult(
        parent.files().name(),
        verdict,
        sentences,
        kinds,
        agreement,
        independent,
        strength,
        cosine,
        rows);
  }

  private DeltaRow row(Delta delta, double strength) {
    return new DeltaRow(
        delta.writer.tensor(),
        delta.writer.component().name().toLowerCase(Locale.ROOT),
        delta.energy,
        delta.topShare,
        delta.stableRank,
        strength,
        given.map(g -> Math.abs(delta.top.dotRows(g).item())));
  }

  private static Verdict verdict(
      List<KindRow> kinds, double agreement, double strength, List<String> sentences) {
    int changed = kinds.stream().mapToInt(KindRow::changed).sum();
    int readers = kinds.getLast().changed();
    if (changed == 0) {
      sentences.add("The weights are the parent's.");
      return Verdict.CLEAN;
    }
    if (agreement >= AGREEMENT && strength >= STRENGTH) {
      sentences.add(
          String.format(
              Locale.ROOT,
              "Compared with the parent, one direction was removed from what writes to the"
                  + " stream (λ = %.2f).",
              strength));
      return Verdict.EDITED;
    }
    if (readers == 0) {
      sentences.add(
          "Only matrices that write to the stream differ from the parent's, as after an edit; the"
              + " changes do not share one direction.");
      return Verdict.SUSPECT;
    }
    sentences.add("The weights differ from the parent's as after training or rounding.");
    return Verdict.CLEAN;
  }

  /// The change of one writer; empty when there is none.
  private Optional<Delta> delta(StreamWriter writer) throws IOException {
    try (var scope = Scope.open()) {
      var scale = parent.scale(writer);
      var gram = Tensor.zeros(DType.F64, candidate.dModel(), candidate.dModel());
      double[] whole = new double[1];
      candidate.vectors(
          writer,
          parent,
          (after, before) -> {
            var change = after.minus(before).times(scale);
            gram.addInPlace(change.transpose(0, 1).matmul(change));
            whole[0] += before.times(scale).square().sum().item();
          });
      double total = Grams.diagonal(gram).sum().item();
      if (total == 0) {
        return Optional.empty();
      }
      var eigen = Eigen.ofSymmetric(gram);
      long last = candidate.dModel() - 1L;
      double top = eigen.values().row(last).item();
      // W ↦ W − u (uᵀ W) behind a norm: what leaves the stream is u / γ.
      var direction = eigen.vectors().row(last).dividedBy(scale.square());
      var unit = scope.keep(direction.times(1 / direction.norm()));
      return Optional.of(new Delta(writer, total / whole[0], top / total, total / top, unit));
    }
  }

  /// λ of W ↦ W − λ r̂ r̂ᵀ W that explains most of what became of r̂ᵀ W.
  private double strength(StreamWriter writer, Tensor direction) throws IOException {
    try (var _ = Scope.open()) {
      var seen = direction.times(parent.scale(writer));
      double[] sums = new double[2];
      candidate.vectors(
          writer,
          parent,
          (after, before) -> {
            var was = before.dotRows(seen);
            sums[0] += after.dotRows(seen).times(was).sum().item();
            sums[1] += was.square().sum().item();
          });
      return 1 - sums[0] / Math.max(Double.MIN_NORMAL, sums[1]);
    }
  }

  /// What changed: writers by component, then all other tensors together.
  private List<KindRow> kinds(List<Delta> deltas) throws IOException {
    Map<String, KindRow> kinds = new LinkedHashMap<>();
    for (String kind : List.of("embedding", "attention", "mlp")) {
      var changed =
          deltas.stream().filter(d -> d.writer.component().name().equalsIgnoreCase(kind)).toList();
      int tensors =
          (int)
              candidate.writers().tensors().stream()
                  .filter(w -> !w.isBias() && w.component().name().equalsIgnoreCase(kind))
                  .count();
      double largest = changed.stream().mapToDouble(d -> Math.sqrt(d.energy)).max().orElse(0);
      kinds.put(kind, new KindRow(kind, tensors, changed.size(), largest));
    }
    var rows = new ArrayList<>(kinds.values());
    rows.add(others());
    return rows;
  }

  private KindRow others() throws IOException {
    var writers = candidate.writers().tensors().stream().map(StreamWriter::tensor).toList();
    int tensors = 0;
    int changed = 0;
    double largest = 0;
    for (String name : parent.files().weights().names()) {
      if (writers.contains(name) || !candidate.files().weights().names().contains(name)) {
        continue;
      }
      try (var _ = Scope.open()) {
        var before = parent.files().weights().load(name, DType.F32);
        var after = candidate.files().weights().load(name, DType.F32);
        double change = after.minus(before).norm() / Math.max(Double.MIN_NORMAL, before.norm());
        tensors++;
        changed += change > 0 ? 1 : 0;
        largest = Math.max(largest, change);
      }
    }
    return new KindRow("readers and norms", tensors, changed, largest);
  }
}
