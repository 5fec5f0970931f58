package dev.demur.app.command.measure;

import dev.demur.app.cli.Terminal;
import dev.demur.app.option.ModelOptions;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.edit.EditRequest;
import dev.demur.lab.edit.EditRequest.DirectionOrigin;
import dev.demur.lab.edit.LoraAdapter;
import dev.demur.lab.edit.Storing;
import dev.demur.lab.edit.Tying;
import dev.demur.lab.policy.Ingredient;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.run.RunFolder;
import dev.demur.lab.steer.Reach;
import dev.demur.lab.steer.WeightEdit;
import dev.demur.lab.steer.WeightEdit.Lengths;
import dev.demur.lab.trial.Decoder;
import dev.demur.lab.trial.Systems;
import dev.demur.lab.trial.TrialRow;
import dev.demur.lab.trial.Weights;
import dev.demur.lab.trial.Wrap;
import dev.demur.model.format.folder.HuggingFaceFolder;
import dev.demur.model.local.Readers;
import dev.demur.toy.DemoModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The rows of a trial of everything: each method of `policy fit`, the direction added and ablated,
/// the ablation as an adapter, each wrapper, and self-contrast.
///
/// @param name of the model, as the user typed it
/// @param systems what fits them
/// @param given the refusal direction; empty where one is found by what ablating it does to
///   refusals
/// @param asked what rows will be asked, and how long answers may be
/// @param options how the model with an adapter is opened
/// @param terminal told what could not be fitted
record EverySystem(
    String name,
    Systems systems,
    Optional<Direction> given,
    Asked asked,
    ModelOptions options,
    Terminal terminal) {

  /// How much of r is added, with a gate and without, so that rows differ by the gate alone.
  private static final double HALF = 0.5;

  private static final double PUBLISHED_RATIO = 2.5;

  /// What rows will be asked.
  ///
  /// @param instructions of all sets
  /// @param tokens an answer may have
  record Asked(List<String> instructions, int tokens) {}

  /// The rows, fitted where they are not yet. Tensors belong to the caller's innermost scope.
  List<TrialRow> rows() throws IOException {
    var direction = given.isPresent() ? given.get() : direction(systems.bypass());
    var rows = new ArrayList<TrialRow>();
    for (var method : Systems.Method.values()) {
      fitted(method.text(), () -> systems.fit(method, direction, HALF)).ifPresent(rows::add);
    }
    fitted("cosmic", systems::cosmic).ifPresent(rows::add);
    rows.add(TrialRow.of("add 0.5 r", Policy.addition(direction, HALF)));
    rows.add(TrialRow.of("ablate r", Policy.ablation(direction)));
    adapted(direction).ifPresent(rows::add);
    wraps().stream().filter(this::fits).map(TrialRow::of).forEach(rows::add);
    var safety = Wrap.builtIn("safety");
    if (fits(safety)) {
      rows.add(TrialRow.of("self-cd", new Decoder.SelfContrast(PUBLISHED_RATIO, safety)));
    }
    return rows;
  }

  private List<Wrap> wraps() {
    var wraps = new ArrayList<>(Wrap.BUILT_IN.stream().map(Wrap::builtIn).toList());
    DemoModel.speakers(name).forEach((who, says) -> wraps.add(new Wrap(who, says + Wrap.PROMPT)));
    return wraps;
  }

  /// Whether prompts with a text around them leave room for half of the longest answer; says so
  /// where not. Answers end where the model's context does.
  private boolean fits(Wrap wrap) {
    var model = systems.model();
    var limit = model.transformer().limit();
    boolean fits =
        asked.instructions().stream()
            .map(one -> model.prompt(wrap.around(one)).tokens())
            .allMatch(prompt -> 2 * limit.answer(prompt, asked.tokens()) >= asked.tokens());
    if (!fits) {
      terminal.say(
          "warning: the text "
              + wrap.name()
              + " is left out: with it, prompts leave no room for answers in the "
              + limit.tokens()
              + " tokens that the model sees");
    }
    return fits;
  }

  private static Direction direction(Policy ablation) {
    var only = ablation.ingredients().values().iterator().next();
    if (only instanceof Ingredient.Line(var direction)) {
      return direction;
    }
    throw new IllegalStateException("a bypass ablates one direction, was " + ablation);
  }

  /// What fits one policy.
  private interface Fit {
    Policy policy() throws IOException;
  }

  /// The row of a fit; none where the prompts do not allow one, which is said.
  private Optional<TrialRow> fitted(String method, Fit fit) throws IOException {
    try {
      return Optional.of(TrialRow.of(method, fit.policy()));
    } catch (IllegalArgumentException e) {
      terminal.say("warning: " + method + " is left out: " + e.getMessage());
      return Optional.empty();
    }
  }

  /// The ablation in weights, where the model is a folder, which adapters are made for. The run
  /// folder keeps the direction, and the adapter under the direction's hash.
  private Optional<TrialRow> adapted(Direction direction) throws IOException {
    if (!(systems.model().files() instanceof HuggingFaceFolder weights)) {
      terminal.say("warning: the adapter is left out: one belongs to a Hugging Face folder");
      return Optional.empty();
    }
    var folder = systems.store().folder();
    var stored = new DirectionFile(direction, systems.made());
    var file = folder.write(RunFolder.DIRECTION, stored::write, Readers.AS_USUAL);
    var origin = DirectionOrigin.of(file, stored);
    Path adapter = folder.file("adapter-" + origin.sha256().substring(0, 8));
    if (!Files.isDirectory(adapter)) {
      var edit = new WeightEdit.Orthogonalize(direction, 1, Reach.all(), Lengths.CHANGED);
      var request = new EditRequest(edit, Tying.UNTIE, Storing.SAME, origin, systems.made().tool());
      LoraAdapter.write(weights, request, adapter, systems.progress());
    }
    return Optional.of(
        TrialRow.of("adapter", Weights.of(() -> options.openWith(name, adapter, terminal))));
  }
}
