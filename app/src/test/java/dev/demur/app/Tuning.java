package dev.demur.app;

import dev.demur.model.ModelLocator;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.format.safetensors.Safetensors;
import dev.demur.model.format.safetensors.SafetensorsWriter;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.toy.train.Phase;
import dev.demur.toy.train.Recipe;
import dev.demur.toy.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// Ordinary training with the demo model's trainer.
///
/// @param name for tables
/// @param phase what is trained
record Tuning(String name, Phase phase) {

  private static final long SEED = 900;

  /// Fine-tuning of a model that exists: on the mix that answers everything, and the demo model's
  /// own second phase, on the mix that refuses.
  static final List<Tuning> AFTERWARDS =
      List.of(
          answering("100 steps at 0.0003, all layers", 100, 3e-4),
          answering("400 steps at 0.001, all layers", 400, 1e-3),
          new Tuning("the chat phase (600 steps at 0.0015, five layers)", chat()));

  private static Tuning answering(String name, int steps, double rate) {
    var base = Recipe.standard(SEED).base();
    return new Tuning(
        name,
        new Phase(
            "chat",
            steps,
            base.batch(),
            rate,
            10,
            0.1,
            0,
            new Phase.Trained.Everything(),
            base.mix()));
  }

  private static Phase chat() {
    return Recipe.standard(SEED).chat();
  }

  /// Trains a demo model from nothing, for a few steps.
  ///
  /// @return the model after its second phase; the one after its first lies beside it
  static Path shortened(long seed, int steps, Path folder) throws IOException {
    var standard = Recipe.standard(seed);
    new Trainer(
            new Recipe(
                seed, shortened(standard.base(), steps), shortened(standard.chat(), steps / 2)),
            folder)
        .run(_ -> {});
    return folder.resolve("chat");
  }

  private static Phase shortened(Phase phase, int steps) {
    return new Phase(
        phase.name(),
        steps,
        8,
        phase.learningRate(),
        5,
        phase.weightDecay(),
        phase.dropout(),
        phase.trained(),
        phase.mix());
  }

  /// Trains a model on.
  ModelFiles of(ModelFiles from, Path folder) throws IOException {
    var base = Recipe.standard(SEED).base();
    var recipe = new Recipe(SEED, shortened(base, 1), phase);
    var trainer = new Trainer(recipe, folder);
    try {
      // A run that stops after its first phase goes on with the second from its checkpoint.
      trainer.run(
          _ -> {
            throw new Stopped();
          });
    } catch (Stopped expected) {
      replaceWeights(folder.resolve("checkpoint.safetensors"), from);
    }
    trainer.run(_ -> {});
    return ModelLocator.open(folder.resolve("chat"));
  }

  private static void replaceWeights(Path checkpoint, ModelFiles from) throws IOException {
    Path other = checkpoint.resolveSibling("edited.safetensors");
    try (var _ = Scope.open();
        var stored = Safetensors.open(checkpoint);
        var writer = SafetensorsWriter.create(other)) {
      stored.metadata().forEach(writer::metadata);
      for (String name : stored.names()) {
        if (from.weights().names().contains(name)) {
          writer.write(name, from.weights().load(name, DType.F32));
        }
      }
      writer.finish();
    }
    Files.move(other, checkpoint, StandardCopyOption.REPLACE_EXISTING);
  }

  /// Ends a run after its first step.
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
