package dev.demur.lab.edit;

import dev.demur.lab.LabRemedy;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.steer.Reach;
import dev.demur.lab.steer.WeightEdit;
import dev.demur.model.arch.family.Writers;
import dev.demur.model.arch.writer.StreamWriter;
import dev.demur.model.arch.writer.StreamWriter.Component;
import dev.demur.model.arch.writer.StreamWriter.PostNorm;
import dev.demur.model.remedy.RequestException;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Which tensors of a checkpoint an edit changes, and how.
///
/// @param changes by name of the tensor
/// @param untied the embedding whose unchanged copy becomes the unembedding
/// @param bias biases that have to be added, because the checkpoint has none
record EditPlan(
    SequencedMap<String, RowChange> changes,
    Optional<Untied> untied,
    Optional<BiasPlaces.Added> bias) {

  /// A tied embedding and the unembedding made of it.
  record Untied(String embedding, String unembedding) {}

  /// Reads a small tensor, a norm's scale, in float32.
  @FunctionalInterface
  interface Vectors {
    Tensor load(String name) throws IOException;
  }

  /// Plans an edit. The tensors of the plan belong to the caller's innermost scope.
  ///
  /// @param model for messages
  /// @throws IllegalArgumentException if the model has no place for the edit
  static EditPlan of(WeightEdit edit, String model, Writers writers, Tying tying, Vectors vectors)
      throws IOException {
    requireFits(edit.direction(), model, writers);
    return switch (edit) {
      case WeightEdit.Orthogonalize o -> orthogonalize(o, model, writers, tying, vectors);
      case WeightEdit.Shift shift -> BiasPlaces.plan(shift, model, writers);
    };
  }

  private static void requireFits(Direction direction, String model, Writers writers) {
    int width = writers.config().dModel();
    if (direction.dModel() != width) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the direction has %d components, but the stream of %s is %d wide",
              direction.dModel(),
              model,
              width));
    }
  }

  private static EditPlan orthogonalize(
      WeightEdit.Orthogonalize edit, String model, Writers writers, Tying tying, Vectors vectors)
      throws IOException {
    var reach = edit.reach();
    int layers = writers.config().nLayers();
    if (reach.first() >= layers || (reach.last() >= layers && reach.last() != Reach.END)) {
      throw new RequestException(
          String.format(
              Locale.ROOT,
              "the edit goes to layer %d, but %s has layers 0 to %d",
              Math.max(reach.first(), reach.last()),
              model,
              layers - 1),
          List.of(LabRemedy.CHOOSE_LAYERS));
    }
    var changes = new LinkedHashMap<String, RowChange>();
    for (var writer : writers.tensors()) {
      if (reach.covers(writer)) {
        var unit = unit(edit.direction(), writer.after(), vectors);
        changes.put(
            writer.tensor(),
            new RowChange.Project(unit, edit.strength(), writer.layout(), edit.lengths()));
      }
    }
    requireComplete(model, writers, reach.components().contains(Component.ATTENTION), changes);
    return new EditPlan(changes, untied(writers, tying, changes), Optional.empty());
  }

  /// A checkpoint whose writers go by other names must not pass for one that was edited.
  private static void requireComplete(
      String model, Writers writers, boolean attention, Map<String, RowChange> changes) {
    long matrices =
        writers.tensors().stream()
            .filter(w -> w.component() == Component.ATTENTION && !w.isBias())
            .map(StreamWriter::layer) // a recurrence may write beside attention
            .distinct()
            .count();
    if (changes.isEmpty() || (attention && matrices != writers.config().nLayers())) {
      throw new IllegalArgumentException(
          String.format(
                  Locale.ROOT,
                  "%s: %d attention outputs were found in %d layers; its tensors have names this"
                      + " version",
                  model,
                  matrices,
                  writers.config().nLayers())
              + " does not know, nothing was edited");
    }
  }

  private static Tensor unit(Direction direction, Optional<PostNorm> after, Vectors vectors)
      throws IOException {
    if (after.isEmpty()) {
      return direction.unit();
    }
    return WeightEdit.beforeNorm(direction, after.get().scale(vectors::load));
  }

  private static Optional<Untied> untied(
      Writers writers, Tying tying, Map<String, RowChange> changes) {
    if (tying == Tying.KEEP || !writers.config().tiedEmbeddings()) {
      return Optional.empty();
    }
    return embeddings(writers).stream()
        .filter(changes::containsKey)
        .findFirst()
        .map(name -> new Untied(name, writers.unembedding()));
  }

  /// Token embedding first: learnt positions are never an unembedding.
  private static List<String> embeddings(Writers writers) {
    return writers.tensors().stream()
        .filter(w -> w.component() == Component.EMBEDDING)
        .map(StreamWriter::tensor)
        .filter(name -> !name.endsWith("wpe.weight") && !name.startsWith("position"))
        .toList();
  }
}
