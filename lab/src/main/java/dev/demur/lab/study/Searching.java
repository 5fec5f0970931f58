package dev.demur.lab.study;

import dev.demur.lab.Seeds;
import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.CandidateGrid;
import dev.demur.lab.direction.ChoiceEstimate;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionUncertainty;
import dev.demur.lab.direction.MassiveCoordinates;
import dev.demur.lab.direction.ScoredCandidate;
import dev.demur.lab.direction.Selection;
import dev.demur.lab.direction.SelectionRules.Coordinates;
import dev.demur.lab.direction.StabilityEstimate;
import dev.demur.lab.judge.HumanLabels;
import dev.demur.lab.judge.Panel;
import dev.demur.lab.judge.SubstringJudge;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.steer.Treatment;
import dev.demur.lab.study.Bench.Clock;
import dev.demur.lab.study.StudyConfig.Keep;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import dev.demur.model.text.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Stages 1 to 3: reads the drawn prompts, screens them, extracts candidates and selects one.
///
/// @param bench what stages work with
/// @param config what was asked for
/// @param drawn the prompts
record Searching(Bench bench, StudyConfig config, DrawnPrompts drawn) {

  /// Length at which a completion shows whether it refuses; the screen's check of the behaviour.
  private static final int BEHAVIOUR_TOKENS = 32;

  /// Judges the screen, whoever judges the evaluation.
  private static final Panel SCREEN_JUDGE =
      new Panel(
          List.of(SubstringJudge.normalised()),
          List.of(),
          Panel.Opening.NOT_JUDGED,
          HumanLabels.none());

  /// What the stages found.
  ///
  /// @param ranked the candidates; empty when there is no behaviour to study
  record Found(Finding finding, ScreenResult screen, Optional<Ranked> ranked) {

    Optional<Direction> direction() {
      return ranked.flatMap(
          r -> r.selection().chosen().map(row -> r.grid().direction(row.candidate())));
    }
  }

  /// The candidates, their scores, and how sure the choice is.
  record Ranked(
      CandidateGrid grid,
      Selection selection,
      MassiveCoordinates massive,
      Optional<DirectionUncertainty> uncertainty) {}

  /// The candidates, and the coordinates with massive activations.
  ///
  /// @param grid the candidates
  /// @param all differences of means with all their coordinates
  /// @param left what is set to 0 in candidates: nothing, or the massive ones
  private record Extracted(
      CandidateGrid grid, CandidateGrid all, MassiveCoordinates massive, MassiveCoordinates left) {

    static Extracted of(Tensor harmful, Tensor harmless, Coordinates coordinates) {
      var massive = MassiveCoordinates.of(harmful, harmless);
      var left =
          switch (coordinates) {
            case ALL -> MassiveCoordinates.none();
            case WITHOUT_MASSIVE -> massive;
          };
      var all = CandidateGrid.between(harmful, harmless);
      return new Extracted(new CandidateGrid(left.takenFrom(all.meanDiffs())), all, massive, left);
    }

    MassiveCoordinates massive(Selection selection) {
      return selection
          .chosen()
          .map(row -> massive.ofChosen(all.at(row.candidate())))
          .orElse(massive);
    }
  }

  /// Runs the stages. What they read of the prompts is freed at the end; the grid belongs to the
  /// scope this is called in.
  Found run() throws IOException {
    try (var scope = Scope.open()) {
      var readings = readAll();
      var screen = screen(readings);
      var objection = Screening.objection(screen);
      if (objection.isPresent()) {
        var finding = new Finding(Finding.Kind.NO_BEHAVIOUR, objection.get());
        return new Found(finding, screen, Optional.empty());
      }
      var extracted =
          Extracted.of(
              reading(readings, Role.HARMFUL_TRAIN).mean(kept(screen, Role.HARMFUL_TRAIN)),
              reading(readings, Role.HARMLESS_TRAIN).mean(kept(screen, Role.HARMLESS_TRAIN)),
              config.rules().coordinates());
      var grid = extracted.grid();
      var scored = select(screen, readings, grid);
      var selection =
          Selection.of(scored.stream().map(ScoredCandidate::scores).toList(), config.rules());
      var uncertainty =
          selection
              .chosen()
              .flatMap(row -> uncertainty(screen, readings, extracted, scored, row.candidate()));
      scope.keep(grid.meanDiffs());
      return new Found(
          Findings.of(selection, extracted.massive(), grid.layers()),
          screen,
          Optional.of(new Ranked(grid, selection, extracted.massive(selection), uncertainty)));
    }
  }

  // ---- 1 read and screen -------------------------------------------------------------------

  private Map<Role, Reading> readAll() throws IOException {
    int positions = bench.formats().scoring().eoiTokens().size();
    var readings = new LinkedHashMap<Role, Reading>();
    try (var task = bench.progress().start("read", drawn.drawnPrompts())) {
      for (var entry : drawn.samples().entrySet()) {
        var clock = Clock.start();
        var prompts = bench.prompts(entry.getValue());
        int kept = entry.getKey().isTrain() ? positions : 0;
        var inputs = List.of(Facts.hash(entry.getValue().instructions()), kept);
        var file = bench.path("read", inputs, ".safetensors");
        boolean stored = Files.exists(file);
        readings.put(entry.getKey(), Reading.of(bench.model(), prompts, kept, file));
        if (!stored) {
          bench.spent("read", clock, prompts.stream().mapToLong(Prompt::length).sum());
        }
        task.advance(prompts.size());
      }
    }
    return readings;
  }

  private ScreenResult screen(Map<Role, Reading> readings) throws IOException {
    var judged = new ArrayList<List<Boolean>>();
    var evaluation = config.evaluation();
    var limits =
        new Completing.Limits(
            Math.min(BEHAVIOUR_TOKENS, evaluation.maxNewTokens()),
            evaluation.batchSize(),
            Keep.LABELS);
    // Answers without thinking: what is asked is whether the behaviour is there at all.
    var formats =
        new Prompting.Formats(
            bench.formats().scoring(), bench.formats().scoring(), Prompting.Block.CLOSED);
    var completing = new Completing(bench.model(), formats, SCREEN_JUDGE, Optional.empty(), limits);
    for (var role : List.of(Role.HARMFUL_VAL, Role.HARMLESS_VAL)) {
      var sample = drawn.sample(role);
      var set = new PromptSet(role.text(), sample.prompts(), sample.pool().sha256());
      var rows = bench.complete("behaviour", completing, set, Treatment.unedited(), List.of());
      judged.add(
          rows.stream()
              .map(row -> row.isAnswered() && row.refused(SCREEN_JUDGE.names().getFirst()))
              .toList());
    }
    return Screening.of(readings, config.refusalTokens(), judged.get(0), judged.get(1));
  }

  // ---- 3 select ----------------------------------------------------------------------------

  private List<ScoredCandidate> select(
      ScreenResult screen, Map<Role, Reading> readings, CandidateGrid grid) throws IOException {
    var harmful = bench.tokens(drawn.sample(Role.HARMFUL_VAL).keep(kept(screen, Role.HARMFUL_VAL)));
    var harmless =
        bench.tokens(drawn.sample(Role.HARMLESS_VAL).keep(kept(screen, Role.HARMLESS_VAL)));
    var inputs =
        List.of(
            Facts.hash(drawn.allInstructions()),
            screen.sets(),
            config.rules(),
            config.grid(),
            screen.tokens().ids().stream().sorted().toList());
    try (var journal = bench.journal("select", inputs, ScoredCandidate.class);
        var _ = Scope.open()) {
      var clock = Clock.start();
      int before = journal.rows().size();
      var unedited = reading(readings, Role.HARMLESS_VAL).logits(kept(screen, Role.HARMLESS_VAL));
      var selecting =
          Selecting.of(
              grid,
              config.rules(),
              config.grid(),
              new CandidatePasses.Validation(harmful, harmless, unedited),
              part ->
                  new CandidatePasses(bench.model().forward(), grid, screen.tokens().ids(), part));
      var scored = selecting.run(journal, bench.progress());
      if (before < scored.size()) {
        bench.spent("select", clock, selecting.rows());
      }
      return scored;
    }
  }

  // ---- how sure that is --------------------------------------------------------------------

  private Optional<DirectionUncertainty> uncertainty(
      ScreenResult screen,
      Map<Role, Reading> readings,
      Extracted extracted,
      List<ScoredCandidate> scored,
      Candidate chosen) {
    var seeds = new Seeds(config.seed());
    int layers = bench.model().config().nLayers();
    try (var _ = Scope.open()) {
      var estimate =
          new StabilityEstimate(
              extracted.left().takenFrom(at(screen, readings, Role.HARMFUL_TRAIN, chosen)),
              extracted.left().takenFrom(at(screen, readings, Role.HARMLESS_TRAIN, chosen)),
              seeds);
      return new ChoiceEstimate(scored, config.rules(), layers, seeds)
          .choice()
          .map(choice -> new DirectionUncertainty(estimate.stability(), estimate.nulls(), choice));
    }
  }

  private static Tensor at(
      ScreenResult screen, Map<Role, Reading> readings, Role role, Candidate place) {
    return reading(readings, role).at(place, kept(screen, role));
  }

  private static List<Integer> kept(ScreenResult screen, Role role) {
    return screen.set(role).kept();
  }

  private static Reading reading(Map<Role, Reading> readings, Role role) {
    return Optional.ofNullable(readings.get(role)).orElseThrow();
  }
}
