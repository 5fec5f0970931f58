package dev.demur.lab.study;

import dev.demur.lab.coherence.Coherence;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.judge.Panel;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.steer.Treatment;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

  private Study(
      ChatModel model,
      StudyData data,
      StudyConfig config,
      Panel panel,
      CoherenceCorpora corpora,
      SequencedMap<String, ModelSource> versions) {
    this.model = model;
    this.data = data;
    this.config = config;
    this.panel = panel;
    this.corpora = corpora;
    this.versions = versions;
  }

  /// A study that has not begun, judged by [Panel#usual], measuring coherence on
  /// [CoherenceCorpora#usual].
  public static Study of(ChatModel model, StudyData data, StudyConfig config) {
    return new Study(
        model, data, config, Panel.usual(), CoherenceCorpora.usual(), new LinkedHashMap<>());
  }

  /// The same study judged by others.
  public Study judgedBy(Panel judges) {
    return new Study(model, data, config, judges, corpora, versions);
  }

  /// The same study measuring what its interventions cost on other text.
  public Study measuredOn(CoherenceCorpora text) {
    return new Study(model, data, config, panel, text, versions);
  }

  /// The same study with other versions of the model at hand for its sensitivity grid.
  ///
  /// @param sources by the names the grid has
  public Study withVersions(SequencedMap<String, ModelSource> sources) {
    return new Study(model, data, config, panel, corpora, new LinkedHashMap<>(sources));
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
      var bench = Bench.of(model, config.prompting(), store, progress);
      var drawn = DrawnPrompts.draw(data, config);
      bench.requireAnswerable(
          Stream.concat(drawn.harmfulSets().stream(), Stream.of(drawn.harmlessSet())));
      var found = new Searching(bench, config, drawn).run();
      var direction = found.direction();
      var blocks = complete(bench, drawn, found, direction);
      var coherence = measure(bench, drawn, direction);
      var cells = sensitivity(bench, drawn, found, direction);
      found.ranked().ifPresent(ranked -> scope.keep(ranked.grid().meanDiffs()));
      direction.ifPresent(d -> scope.keep(d.unit()));
      return new StudyRun(
          result(bench, drawn, found, blocks, coherence, cells),
          direction,
          found.ranked().map(Searching.Ranked::grid),
          blocks.stream().flatMap(List::stream).toList());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  // ---- 4 complete, 5 judge -----------------------------------------------------------------

  private List<List<CompletionRow>> complete(
      Bench bench, DrawnPrompts drawn, Searching.Found found, Optional<Direction> direction)
      throws IOException {
    var stage =
        new CompletionStage(bench, panel, found.screen().tokens().ids(), config.evaluation());
    var blocks = new ArrayList<List<CompletionRow>>();
    for (var entry : planned(drawn, direction).entrySet()) {
      for (var variant : entry.getValue()) {
        blocks.add(stage.rows(entry.getKey(), variant, config.evaluation().maxNewTokens()));
      }
    }
    return blocks;
  }

  /// The variants of every evaluation set; the unedited model alone where there is no direction.
  private SequencedMap<PromptSet, List<Treatment>> planned(
      DrawnPrompts drawn, Optional<Direction> direction) {
    var variants = Treatments.of(config);
    var unedited = List.of(Treatment.unedited());
    var planned = new LinkedHashMap<PromptSet, List<Treatment>>();
    for (var set : drawn.harmfulSets()) {
      planned.put(set, direction.map(variants::onHarmful).orElse(unedited));
    }
    planned.put(drawn.harmlessSet(), direction.map(variants::onHarmless).orElse(unedited));
    return planned;
  }

  private List<GridCell> sensitivity(
      Bench bench, DrawnPrompts drawn, Searching.Found found, Optional<Direction> direction)
      throws IOException {
    var tokens = found.screen().tokens().ids();
    return direction.isEmpty()
        ? List.of()
        : new Sensitivity(bench, config, panel, tokens, versions).cells(drawn, direction.get());
  }

  // ---- 6 measure the cost ------------------------------------------------------------------

  private List<Coherence> measure(Bench bench, DrawnPrompts drawn, Optional<Direction> direction)
      throws IOException {
    if (direction.isEmpty()) {
      return List.of();
    }
    var evaluation = config.evaluation();
    return new CoherenceStage(
            model,
            bench.formats().scoring(),
            Treatments.of(config).onText(direction.get()),
            bench.store(),
            bench.progress(),
            new CoherenceStage.Settings(
                corpora.limit(),
                CoherenceStage.Settings.USUAL_TOKENS,
                evaluation.maxNewTokens(),
                evaluation.batchSize(),
                config.seed()))
        .all(corpora, drawn.harmlessSet());
  }

  // ---- the result --------------------------------------------------------------------------

  private StudyResult result(
      Bench bench,
      DrawnPrompts drawn,
      Searching.Found found,
      List<List<CompletionRow>> blocks,
      List<Coherence> coherence,
      List<GridCell> cells)
      throws IOException {
    var harmfulOnes = drawn.harmfulSets().stream().map(PromptSet::name).collect(Collectors.toSet());
    return new StudyResult(
        Facts.of(model, bench, found.screen().tokens().ids()),
        config,
        drawn.facts(),
        found.finding(),
        found.screen(),
        found.ranked().map(Searching.Ranked::selection),
        found.ranked().map(Searching.Ranked::massive),
        found.ranked().flatMap(Searching.Ranked::uncertainty),
        new Evaluating(blocks, panel, harmfulOnes).result(),
        coherence,
        cells,
        bench.store().timings());
  }
}
