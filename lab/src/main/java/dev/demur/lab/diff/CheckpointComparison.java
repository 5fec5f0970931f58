package dev.demur.lab.diff;

import dev.demur.lab.audit.ParentComparison;
import dev.demur.lab.audit.ParentRun;
import dev.demur.lab.diff.CheckpointDiff.Change;
import dev.demur.lab.diff.CheckpointDiff.Common;
import dev.demur.lab.diff.CheckpointDiff.InStream;
import dev.demur.lab.run.Progress;
import dev.demur.model.arch.family.Writers;
import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Compares two checkpoints. Matrices that write to the stream are compared by [ParentComparison];
/// all other tensors here, one pair at a time.
public final class CheckpointComparison {

  private static final long SEED = 42;

  /// Steps of power iteration: a change of rank 1 is found in one, and the share of a change that
  /// has no strongest direction is small whatever comes out.
  private static final int STEPS = 24;

  /// What a converter or tool writes about itself, which says nothing about the model.
  private static final Set<String> IDLE_SETTINGS =
      Set.of("_name_or_path", "transformers_version", "torch_dtype", "dtype", "use_cache");

  private final ModelFiles first;
  private final ModelFiles second;

  private CheckpointComparison(ModelFiles first, ModelFiles second) {
    this.first = first;
    this.second = second;
  }

  /// Compares two checkpoints; changes are counted from the first to the second.
  ///
  /// The direction belongs to the caller's innermost scope.
  ///
  /// @param given a direction to lay beside that of the changes, unit length `[d_model]`
  /// @throws IllegalArgumentException if no tensor of one can be compared with one of the other:
  ///   other widths, layers, vocabularies or names
  public static CheckpointDiffRun of(
      ModelFiles first, ModelFiles second, Optional<Tensor> given, Progress progress)
      throws IOException {
    var comparison = new CheckpointComparison(first, second);
    var matrices = comparison.writers();
    try (var scope = Scope.open()) {
      var run = ParentComparison.run(second, first, given, progress);
      var changed = new ArrayList<>(written(run));
      int same = matrices.size() - changed.size();
      var others = comparison.others(matrices, progress);
      changed.addAll(others.changed);
      run.common().ifPresent(scope::keep);
      var diff =
          new CheckpointDiff(
              first.name(),
              second.name(),
              comparison.besides(),
              only(first, second),
              only(second, first),
              same + others.same,
              changed,
              run.common()
                  .map(
                      _ ->
                          new Common(
                              run.result().agreement(),
                              run.result().independent(),
                              run.result().strength(),
                              run.result().cosine())));
      return new CheckpointDiffRun(diff, run.common());
    }
  }

  private static List<String> only(ModelFiles one, ModelFiles other) {
    var names = other.weights().names();
    return one.weights().names().stream().filter(name -> !names.contains(name)).toList();
  }

  /// Names of the matrices that write to the stream, which both must have in one shape.
  private Set<String> writers() throws IOException {
    var one = Writers.of(first);
    var two = Writers.of(second);
    if (one.config().dModel() != two.config().dModel()
        || one.config().nLayers() != two.config().nLayers()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s (%d layers, d_model %d) and %s (%d layers, d_model %d) cannot be compared: no"
                  + " tensor of one fits one of the other",
              first.name(),
              one.config().nLayers(),
              one.config().dModel(),
              second.name(),
              two.config().nLayers(),
              two.config().dModel()));
    }
    var matrices =
        one.tensors().stream()
            .filter(w -> !w.isBias())
            .map(StreamWriter::tensor)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    for (String name : matrices) {
      requireSameShape(name);
    }
    return matrices;
  }

  private void requireSameShape(String name) throws IOException {
    if (!second.weights().names().contains(name)) {
      throw new IllegalArgumentException(
          "%s (%s) has no tensor \"%s\", which %s (%s) has; only checkpoints of one architecture can be compared"
              .formatted(second.name(), family(second), name, first.name(), family(first)));
    }
    var one = first.weights().info(name).shape();
    var two = second.weights().info(name).shape();
    if (!one.equals(two)) {
      throw new IllegalArgumentException(
          "tensor \"%s\" is %s in %s and %s in %s; only checkpoints of one shape can be compared"
              .formatted(name, one, first.name(), two, second.name()));
    }
  }

  private static String family(ModelFiles files) {
    return files.config().path("model_type").asString("");
  }

  private static List<Change> written(ParentRun run) {
    var rows = run.result().writers();
    var changes = new ArrayList<Change>();
    for (int i = 0; i < rows.size(); i++) {
      var row = rows.get(i);
      var direction = run.directions().orElseThrow().row(i);
      var inStream =
          run.common()
              .map(
                  common ->
                      new InStream(
                          Math.abs(common.dotRows(direction).item()),
                          row.strength(),
                          row.cosine()));
      changes.add(
          new Change(
              row.tensor(), row.component(), Math.sqrt(row.energy()), row.topShare(), inStream));
    }
    return changes;
  }

  private record Others(int same, List<Change> changed) {}

  private Others others(Set<String> matrices, Progress progress) throws IOException {
    var names =
        first.weights().names().stream()
            .filter(name -> !matrices.contains(name) && second.weights().names().contains(name))
            .toList();
    var changed = new ArrayList<Change>();
    try (var task = progress.start("compare other tensors", names.size())) {
      for (String name : names) {
        requireSameShape(name);
        change(name).ifPresent(changed::add);
        task.advance(1);
      }
    }
    return new Others(names.size() - changed.size(), changed);
  }

  private Optional<Change> change(String name) throws IOException {
    try (var _ = Scope.open()) {
      var before = first.weights().load(name, DType.F32);
      var delta = second.weights().load(name, DType.F32).minus(before);
      double size = delta.norm();
      if (size == 0) {
        return Optional.empty();
      }
      double relative = size / Math.max(before.norm(), Double.MIN_NORMAL);
      double rankOne = delta.rank() < 2 ? 1 : rankOne(delta, size);
      return Optional.of(new Change(name, "other", relative, rankOne, Optional.empty()));
    }
  }

  /// σ₁² / ‖Δ‖² by power iteration; never too large.
  private static double rankOne(Tensor delta, double size) {
    var matrix = delta.reshape(-1, delta.dim(delta.rank() - 1));
    var vector = Tensor.gaussian(new Random(SEED), matrix.dim(1));
    double sigma = 0;
    for (int step = 0; step < STEPS; step++) {
      vector = vector.times(1 / vector.norm());
      var image = matrix.dotRows(vector);
      sigma = image.norm();
      if (sigma == 0) { // the one vector that is orthogonal to all rows
        return 0;
      }
      vector = image.unsqueeze(0).matmul(matrix).reshape(-1);
    }
    return Math.min(1, Math.pow(sigma / size, 2));
  }

  /// What differs besides the tensors.
  private List<String> besides() throws IOException {
    var besides = new ArrayList<String>();
    if (!first.chatTemplate().equals(second.chatTemplate())) {
      besides.add("The chat templates differ.");
    }
    var one = settings(first);
    var two = settings(second);
    var names = new TreeSet<>(one.keySet());
    names.addAll(two.keySet());
    for (String name : names) {
      String here = one.getOrDefault(name, "absent");
      String there = two.getOrDefault(name, "absent");
      if (!here.equals(there)) {
        besides.add("config.json: %s is %s and %s.".formatted(name, here, there));
      }
    }
    var types = types(first);
    var others = types(second);
    if (!types.equals(others)) {
      besides.add(
          "Stored as %s and as %s.".formatted(String.join(", ", types), String.join(", ", others)));
    }
    return besides;
  }

  private static Map<String, String> settings(ModelFiles files) {
    var settings = new HashMap<String, String>();
    for (var property : files.config().properties()) {
      if (!IDLE_SETTINGS.contains(property.getKey())) {
        settings.put(property.getKey(), property.getValue().toString());
      }
    }
    return settings;
  }

  /// Types the tensors are stored in, sorted.
  private static Set<String> types(ModelFiles files) throws IOException {
    var types = new TreeSet<String>();
    for (String name : files.weights().names()) {
      types.add(files.weights().info(name).type());
    }
    return types;
  }
}
