package dev.demur.toy.train;

import dev.demur.model.DeviceChoice;
import dev.demur.model.format.TokenizerFiles;
import dev.demur.model.local.WholeFile;
import dev.demur.model.tensor.Gradients;
import dev.demur.model.tensor.NumericException;
import dev.demur.model.tensor.Scope;
import dev.demur.model.text.Tokenizer;
import dev.demur.toy.grammar.Seeds;
import dev.demur.toy.text.BytePairs;
import dev.demur.toy.text.TokenizerJson;
import dev.demur.toy.text.ToyVocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/// Makes the demo models: vocabulary, base model, chat model; or the thinking model from the base.
///
/// Gradients flow through the model room's own forward pass. A run that was stopped continues where
/// its last checkpoint was; the same recipe on the same machine with the same number of threads
/// gives the same weights, stopped or not.
public final class Trainer {

  private static final int STEPS_PER_CHECKPOINT = 50;

  private final Recipe recipe;
  private final Seeds seeds;
  private final Path out;
  private final DeviceChoice device;
  private final Checkpoint checkpoint;
  private final int stepsPerCheckpoint;

  /// On the host.
  ///
  /// @param recipe what to do
  /// @param out folder for the checkpoint and for the models, named as the phases; created if need
  ///   be
  public Trainer(Recipe recipe, Path out) {
    this(recipe, out, DeviceChoice.HOST);
  }

  /// @param recipe what to do
  /// @param out folder for the checkpoint and for the models, named as the phases; created if need
  ///   be
  /// @param device where the weights lie and learn
  public Trainer(Recipe recipe, Path out, DeviceChoice device) {
    this(recipe, out, device, STEPS_PER_CHECKPOINT);
  }

  Trainer(Recipe recipe, Path out, DeviceChoice device, int stepsPerCheckpoint) {
    this.stepsPerCheckpoint = stepsPerCheckpoint;
    this.device = device;
    this.recipe = recipe;
    this.seeds = new Seeds(recipe.seed());
    this.out = out;
    this.checkpoint = new Checkpoint(out.resolve("checkpoint.safetensors"), recipe);
  }

  /// Trains, or goes on training.
  ///
  /// @throws IOException if the folder cannot be written to or holds another recipe's run
  public void run(Progress progress) throws IOException {
    Files.createDirectories(out);
    BytePairs vocabulary = ToyVocabulary.get();
    var shape = Shape.demo(vocabulary.size());
    var config =
        shape.config(
            TokenizerJson.idOf(TokenizerJson.TURN_END),
            TokenizerJson.idOf(TokenizerJson.END_OF_TEXT));
    var parameters = recipe.start().parameters(shape, config, seeds, out).on(device);
    var place = checkpoint.place();
    if (place.isPresent()) {
      checkpoint.readWeights(parameters);
    }
    try (var tokenizer = tokenizer(vocabulary)) {
      int first = place.map(Checkpoint.Place::phase).orElse(0);
      for (int index = first; index < recipe.phases().size(); index++) {
        int done = index == first ? place.map(Checkpoint.Place::step).orElse(0) : 0;
        train(new Checkpoint.Place(index, done), parameters, tokenizer, progress);
        var form = recipe.start().form();
        String name = recipe.phases().get(index).name();
        new ModelFolder(out.resolve(name), form).write(parameters, vocabulary);
      }
    }
  }

  private void train(
      Checkpoint.Place start, Parameters parameters, Tokenizer tokenizer, Progress progress)
      throws IOException {
    Phase phase = recipe.phases().get(start.phase());
    if (start.step() == phase.steps()) {
      return; // stopped between two phases
    }
    var optimiser = new AdamW(parameters.track(phase.trained()), phase.weightDecay());
    if (start.step() > 0) {
      checkpoint.readMoments(optimiser.moments());
      optimiser.resumeAt(start.step());
    }
    var transformer = parameters.transformer();
    var batches = new Batches(phase, tokenizer, seeds);
    batches.skip(start.step());
    for (int step = start.step(); step < phase.steps(); step++) {
      var dropout = new Dropout(phase.dropout(), seeds.forStage(phase.name() + "/dropout/" + step));
      double loss;
      try (var _ = Scope.open()) {
        var tensor = batches.next().loss(transformer, dropout.plan(transformer.config().nLayers()));
        loss = tensor.item();
        if (!Double.isFinite(loss)) {
          throw new NumericException(phase.name() + " step " + step + ": the loss is " + loss);
        }
        Gradients.backward(tensor);
        optimiser.step(phase.rate(step));
      }
      int done = step + 1;
      if (done % stepsPerCheckpoint == 0 || done == phase.steps()) {
        checkpoint.write(
            new Checkpoint.Place(start.phase(), done), parameters, optimiser.moments());
      }
      progress.step(new Progress.Step(phase.name(), done, phase.steps(), loss));
    }
  }

  private Tokenizer tokenizer(BytePairs vocabulary) throws IOException {
    Path file = out.resolve("tokenizer.json");
    WholeFile.write(file, TokenizerJson.of(vocabulary, recipe.start().form()));
    return Tokenizer.of(
        new TokenizerFiles.HuggingFace(
            file,
            new JsonMapper().readTree(TokenizerJson.config(Shape.CONTEXT, recipe.start().form()))));
  }
}
