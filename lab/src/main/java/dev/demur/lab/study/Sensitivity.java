package dev.demur.lab.study;

import dev.demur.lab.LabRemedy;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.stats.Rate;
import dev.demur.lab.steer.Treatment;
import dev.demur.lab.study.CompleteAndJudge.Judging;
import dev.demur.lab.study.CompleteAndJudge.Limits;
import dev.demur.lab.study.SensitivityGrid.ModelSource;
import dev.demur.lab.study.SensitivityGrid.Setting;
import dev.demur.lab.study.SensitivityGrid.SystemText;
import dev.demur.lab.study.Supplement.SystemSpread;
import dev.demur.model.ChatModel;
import dev.demur.model.remedy.RequestException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;

/// Tries a study's direction under every setting of its grid: the unedited model and ablation on
/// harmful prompts, the unedited model and addition on harmless prompts.
///
/// @param stages the study's
/// @param judging who judges
/// @param sources opens other versions of the model, by name
record Sensitivity(StudyStages stages, Judging judging, SequencedMap<String, ModelSource> sources) {

  private static final SystemText NO_TEXT = new SystemText("none", "");

  /// What was tried.
  ///
  /// @param cells the rates under every setting; the study's own setting comes first
  /// @param spreads how far they depend on the system text
  record Tried(List<GridCell> cells, List<SystemSpread> spreads) {}

  Tried tried(Optional<Direction> direction) throws IOException {
    if (direction.isEmpty() || config().sensitivity().isNone()) {
      return new Tried(List.of(), List.of());
    }
    var spreads = new SystemSpreads();
    var cells = cells(direction.get(), spreads);
    return new Tried(cells, spreads.all());
  }

  private List<GridCell> cells(Direction direction, SystemSpreads spreads) throws IOException {
    var planned = new LinkedHashMap<PromptSet, List<Treatment>>();
    var variants = Treatments.of(config());
    for (var set : stages.drawn().harmfulSets()) {
      planned.put(set, variants.onHarmful(direction).subList(0, 2));
    }
    planned.put(stages.drawn().harmlessSet(), variants.onHarmless(direction).subList(0, 2));
    var own = stages.asked().model();
    var cells = new ArrayList<GridCell>(under(own, own.name(), planned, spreads));
    for (var source : sources.entrySet()) {
      try (var model = source.getValue().open()) {
        requireSameShape(model, source.getKey());
        cells.addAll(under(model, source.getKey(), planned, spreads));
      }
    }
    return cells;
  }

  private void requireSameShape(ChatModel model, String name) {
    var wanted = stages.asked().model().config();
    var found = model.config();
    if (found.nLayers() != wanted.nLayers() || found.dModel() != wanted.dModel()) {
      throw new RequestException(
          String.format(
              Locale.ROOT,
              "model %s of the grid has %d layers of width %d, the studied model %d of %d; name"
                  + " versions of one model",
              name,
              found.nLayers(),
              found.dModel(),
              wanted.nLayers(),
              wanted.dModel()),
          List.of(LabRemedy.CHOOSE_GRID));
    }
  }

  private List<GridCell> under(
      ChatModel model,
      String name,
      SequencedMap<PromptSet, List<Treatment>> planned,
      SystemSpreads spreads)
      throws IOException {
    var cells = new ArrayList<GridCell>();
    for (var system : systems()) {
      for (var thinking :
          values(config().prompting().thinking(), config().sensitivity().thinking())) {
        var prompting =
            config()
                .prompting()
                .withThinking(thinking)
                .withSystem(Optional.of(system.text()).filter(text -> !text.isEmpty()));
        var asked = StudiedModel.of(model, prompting);
        for (int tokens :
            values(config().evaluation().maxNewTokens(), config().sensitivity().tokens())) {
          var setting = new Setting(name, system.name(), thinking, tokens);
          cells.addAll(cells(asked, setting, planned, spreads));
        }
      }
    }
    return cells;
  }

  private List<GridCell> cells(
      StudiedModel asked,
      Setting setting,
      SequencedMap<PromptSet, List<Treatment>> planned,
      SystemSpreads spreads)
      throws IOException {
    var evaluation = config().evaluation();
    var limits = new Limits(setting.tokens(), evaluation.batchSize(), evaluation.keep());
    var cells = new ArrayList<GridCell>();
    for (var entry : planned.entrySet()) {
      for (var treatment : entry.getValue()) {
        var block = completed(asked, entry.getKey(), treatment, limits);
        spreads.add(setting, block, judging.panel());
        var answered = block.stream().filter(CompletionRow::isAnswered).toList();
        for (String judge : answered.isEmpty() ? List.<String>of() : judging.panel().names()) {
          cells.add(
              new GridCell(
                  setting,
                  entry.getKey().name(),
                  treatment.variant(),
                  judge,
                  Rate.of(answered, row -> row.refused(judge))));
        }
      }
    }
    return cells;
  }

  private List<CompletionRow> completed(
      StudiedModel asked, PromptSet set, Treatment treatment, Limits limits) throws IOException {
    return stages
        .store()
        .get(
            new CompleteAndJudge("complete", asked, judging, set, treatment, limits),
            stages.progress());
  }

  private StudyConfig config() {
    return stages.config();
  }

  private List<SystemText> systems() {
    var own = config().prompting().system();
    return values(
        own.map(text -> new SystemText("the study's", text)).orElse(NO_TEXT),
        config().sensitivity().systems());
  }

  private static <T> List<T> values(T own, List<T> others) {
    var values = new LinkedHashSet<T>();
    values.add(own);
    values.addAll(others);
    return List.copyOf(values);
  }
}
