package dev.demur.lab.study;

import dev.demur.lab.judge.Panel;
import dev.demur.lab.prompts.AttackedPrompts;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.study.CompleteAndJudge.Judging;
import dev.demur.lab.study.SensitivityGrid.ModelSource;
import dev.demur.model.ChatModel;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// The study of Arditi et al. 2024 on one model: screen → extract → select → complete → judge →
/// measure the cost.
///
/// ```java
/// try (var model = ChatModel.load("Qwen2.5-0.5B-Instruct");
///     var store = RunStore.at(Path.of("runs/qwen"))) {
///   var run = Study.of(model, data, StudyConfig.paper()).run(store, Progress.silent());
/// }
/// ```
///
/// Each stage takes the values of the stages before it; the store only remembers them.
public final class Study {

  private final ChatModel model;
  private final StudyData data;
  private final StudyConfig config;
  private final Panel panel;
  private final CoherenceCorpora corpora;
  private final SequencedMap<String, ModelSource> versions;
  private final Brought brought;

  /// What the user brings for comparison.
  ///
  /// @param attacks attacks on plain prompts
  /// @param suffixes texts to append to the harmful evaluation prompts
  /// @param adapter opens the model with an adapter
  record Brought(
      List<AttackedPrompts> attacks, List<String> suffixes, Optional<ModelSource> adapter) {

    Brought {
      attacks = List.copyOf(attacks);
      suffixes = List.copyOf(suffixes);
    }
  }

  private Study(
      ChatModel model,
      StudyData data,
      StudyConfig config,
      Panel panel,
      CoherenceCorpora corpora,
      SequencedMap<String, ModelSource> versions,
      Brought brought) {
    this.model = model;
    this.data = data;
    this.config = config;
    this.panel = panel;
    this.corpora = corpora;
    this.versions = versions;
    this.brought = brought;
  }

  /// A study that has not begun, judged by [Panel#usual], measuring coherence on
  /// [CoherenceCorpora#usual].
  public static Study of(ChatModel model, StudyData data, StudyConfig config) {
    return new Study(
        model,
        data,
        config,
        Panel.usual(),
        CoherenceCorpora.usual(),
        new LinkedHashMap<>(),
        new Brought(List.of(), List.of(), Optional.empty()));
  }

  /// The same study judged by others.
  public Study judgedBy(Panel judges) {
    return new Study(model, data, config, judges, corpora, versions, brought);
  }

  /// The same study measuring what its interventions cost on other text.
  public Study measuredOn(CoherenceCorpora text) {
    return new Study(model, data, config, panel, text, versions, brought);
  }

  /// The same study with other versions of the model at hand for its sensitivity grid.
  ///
  /// @param sources by the names the grid has
  public Study withVersions(SequencedMap<String, ModelSource> sources) {
    return new Study(model, data, config, panel, corpora, new LinkedHashMap<>(sources), brought);
  }

  /// The same study with attacks to run on the unedited model.
  ///
  /// @param suffixes texts to append to the harmful evaluation prompts, each an attack of its own
  public Study attackedBy(List<AttackedPrompts> attacks, List<String> suffixes) {
    var more = new Brought(attacks, suffixes, brought.adapter());
    return new Study(model, data, config, panel, corpora, versions, more);
  }

  /// The same study beside the model with an adapter.
  public Study besideAdapter(ModelSource adapter) {
    var more = new Brought(brought.attacks(), brought.suffixes(), Optional.of(adapter));
    return new Study(model, data, config, panel, corpora, versions, more);
  }

  /// The model that is studied.
  public ChatModel model() {
    return model;
  }

  /// The prompts it works with.
  public StudyData data() {
    return data;
  }

  /// Who judges completions.
  public Panel panel() {
    return panel;
  }

  /// The instruction of every completion this study will make when it finds a direction.
  public List<String> instructions() {
    var drawn = DrawnPrompts.draw(data, config);
    int perPrompt = 3 + config.evaluation().randomDirections();
    var all = new ArrayList<String>();
    for (int i = 0; i < perPrompt; i++) {
      drawn.harmfulSets().forEach(set -> all.addAll(set.instructions()));
      all.addAll(drawn.harmlessSet().instructions());
    }
    return all;
  }

  /// Runs the study, or what an earlier run in the same store has left of it.
  ///
  /// The direction and candidates of the result belong to the caller's innermost scope.
  ///
  /// @throws IOException if the store cannot be written
  public StudyRun run(RunStore store, Progress progress) throws IOException {
    try (var scope = Scope.open()) {
      var asked = StudiedModel.of(model, config.prompting());
      var drawn = DrawnPrompts.draw(data, config);
      asked.requireAnswerable(drawn.evaluationSets());
      store.computing(asked.identity().computedOn());
      var stages = new StudyStages(asked, config, drawn, store, progress);
      var plan = new StudyPlan(config, drawn);
      var all = new ArrayList<>(plan.search(asked.candidates()));
      all.addAll(plan.evaluation(corpora));
      progress.expect(all);
      var found = find(stages);
      var direction = found.ranked().flatMap(Ranked::direction);
      progress.expect(direction.isPresent() ? plan.evaluation(corpora) : plan.unedited());

      // 4. Complete held-out prompts unedited, with the direction ablated, added and subtracted,
      //    and with random ones as a control; judge every completion.
      var judging = new Judging(panel, found.screen().tokens().ids());
      var completions = stages.complete(direction, judging);
      var evaluation = new Evaluate(completions, panel, drawn.harmfulNames()).result();

      // 5. Measure what the interventions cost on text.
      var coherence = stages.measure(direction, corpora);

      // 6. Try the direction under other system texts, lengths and versions of the model.
      var tried = new Sensitivity(stages, judging, versions).tried(direction);

      // 7. Measure what the appendices show beside that.
      var supplement =
          new Supplementing(stages, judging, completions, tried.spreads(), brought)
              .supplement(direction, coherence, corpora);

      found.ranked().ifPresent(ranked -> scope.keep(ranked.grid().meanDiffs()));
      direction.ifPresent(chosen -> scope.keep(chosen.unit()));
      var result =
          new StudyResult(
              Facts.of(asked, judging.refusalTokens()),
              config,
              drawn.facts(),
              Findings.of(found.objection(), found.ranked(), model.config().nLayers()),
              found.screen(),
              found.ranked().map(Ranked::selection),
              found.ranked().map(Ranked::massive),
              found.ranked().flatMap(Ranked::uncertainty),
              found.ranked().map(Ranked::separations).orElse(List.of()),
              found.doses(),
              evaluation,
              coherence,
              tried.cells(),
              supplement,
              store.timings());
      return new StudyRun(
          result,
          direction,
          found.ranked().map(Ranked::grid),
          completions.stream().flatMap(List::stream).toList());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /// What the first three stages find.
  ///
  /// @param objection why there is nothing to study, when there is not
  /// @param ranked the candidates, when there is
  private record Found(
      ScreenResult screen,
      Optional<String> objection,
      Optional<Ranked> ranked,
      List<DosePoint> doses) {}

  private Found find(StudyStages stages) throws IOException {
    try (var scope = Scope.open()) { // frees what was read of the drawn prompts
      // 1. Screen the drawn prompts: those stay that the model treats as their kind. A model that
      //    hardly shows the behaviour has no direction to be found.
      var screened = stages.screen();
      var objection = objection(screened.result());
      if (objection.isPresent()) {
        return new Found(screened.result(), objection, Optional.empty(), List.of());
      }

      // 2. Extract candidates: differences of mean streams at every template token and layer.
      var extracted = stages.extract(screened);

      // 3. Select the one whose ablation bypasses refusal most and leaves other answers alone.
      var ranked = stages.select(screened, extracted);
      scope.keep(ranked.grid().meanDiffs());
      var direction = ranked.direction();
      List<DosePoint> doses =
          direction.isPresent() ? stages.doses(screened, direction.get()) : List.of();
      return new Found(screened.result(), objection, Optional.of(ranked), doses);
    }
  }

  /// Why there is nothing to study. The released code has no such gate; it needs one prompt of each
  /// kind all the same.
  private Optional<String> objection(ScreenResult screen) {
    return switch (config.procedure()) {
      case USUAL -> screen.objection();
      case PAPER ->
          screen.sets().stream().anyMatch(set -> set.kept().isEmpty())
              ? screen.objection()
              : Optional.empty();
    };
  }
}
