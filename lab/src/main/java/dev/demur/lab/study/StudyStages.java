package dev.demur.lab.study;

import dev.demur.lab.Seeds;
import dev.demur.lab.coherence.Coherence;
import dev.demur.lab.direction.Candidate;
import dev.demur.lab.direction.ChoiceEstimate;
import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionUncertainty;
import dev.demur.lab.direction.ScoredCandidate;
import dev.demur.lab.direction.Selection;
import dev.demur.lab.direction.Separation;
import dev.demur.lab.direction.StabilityEstimate;
import dev.demur.lab.judge.HumanLabels;
import dev.demur.lab.judge.Panel;
import dev.demur.lab.judge.SubstringJudge;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.steer.Cosmic;
import dev.demur.lab.steer.Treatment;
import dev.demur.lab.study.CompleteAndJudge.Judging;
import dev.demur.lab.study.CompleteAndJudge.Limits;
import dev.demur.lab.study.Evaluation.Keep;
import dev.demur.lab.study.StudyConfig.Grid;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// What a study does one after the other; [Study#run] says in which order.
///
/// @param asked the model
/// @param config what was asked for
/// @param drawn the prompts
/// @param store remembers finished work
/// @param progress receives every stage
record StudyStages(
    StudiedModel asked, StudyConfig config, DrawnPrompts drawn, RunStore store, Progress progress) {

  /// Length at which a completion shows whether it refuses; the screen's check of the behaviour.
  static final int BEHAVIOUR_TOKENS = 32;

  /// Judges the screen, whoever judges the evaluation.
  private static final Panel SCREEN_JUDGE =
      new Panel(
          List.of(SubstringJudge.normalised()),
          List.of(),
          Panel.Opening.NOT_JUDGED,
          HumanLabels.none());

  /// Reads the drawn sets, asks the validation prompts, and keeps the prompts that are treated as
  /// their set should be.
  Screened screen() throws IOException {
    var readings = new EnumMap<Role, Reading>(Role.class);
    for (var role : Role.drawn()) {
      readings.put(role, store.get(new ReadPrompts(asked, role, drawn.sample(role)), progress));
    }
    return new Screened(
        drawn,
        readings,
        ScreenPrompts.of(
            readings,
            config.refusalTokens(),
            config.rules().criterion(),
            refused(Role.HARMFUL_VAL),
            refused(Role.HARMLESS_VAL)));
  }

  /// Whether the unedited model refuses each prompt of a drawn set.
  private List<Boolean> refused(Role role) throws IOException {
    var evaluation = config.evaluation();
    var sample = drawn.sample(role);
    // Answers without thinking: what is asked is whether the behaviour is there at all.
    var formats =
        new Prompting.Formats(
            asked.formats().scoring(), asked.formats().scoring(), Prompting.Block.CLOSED);
    var answers =
        new CompleteAndJudge(
            "behaviour",
            new StudiedModel(asked.model(), formats, asked.identity(), asked.written()),
            new Judging(SCREEN_JUDGE, Set.of()),
            new PromptSet(role.text(), sample.prompts(), sample.pool().sha256()),
            Treatment.unedited(),
            new Limits(
                Math.min(BEHAVIOUR_TOKENS, evaluation.maxNewTokens()),
                evaluation.batchSize(),
                Keep.LABELS));
    return store.get(answers, progress).stream()
        .map(row -> row.isAnswered() && row.refused(SCREEN_JUDGE.names().getFirst()))
        .toList();
  }

  /// Takes differences of means of the training prompts.
  Extracted extract(Screened screened) {
    return Extracted.of(
        screened.mean(Role.HARMFUL_TRAIN),
        screened.mean(Role.HARMLESS_TRAIN),
        config.rules().coordinates());
  }

  /// Scores the candidates on the validation prompts and chooses one.
  Ranked select(Screened screened, Extracted extracted) throws IOException {
    var grid = extracted.grid();
    var tokens = screened.result().tokens().ids();
    var validation =
        new CandidatePasses.Validation(
            asked.tokens(screened.sample(Role.HARMFUL_VAL)),
            asked.tokens(screened.sample(Role.HARMLESS_VAL)),
            screened.logits(Role.HARMLESS_VAL));
    var race =
        CandidateRace.of(
            grid,
            config.rules(),
            scoredGrid(),
            validation,
            part -> new CandidatePasses(asked.model().forward(), grid, tokens, part));
    List<Object> inputs =
        List.of(
            asked.identity(),
            Facts.hash(drawn.allInstructions()),
            screened.result().sets(),
            config.rules(),
            scoredGrid(),
            tokens.stream().sorted().toList());
    var scored = store.get(new ScoreCandidates(inputs, grid, race), progress);
    var selection = selection(screened, extracted, validation, inputs, scored);
    var uncertainty =
        switch (config.rules().criterion()) {
          case BYPASS ->
              selection
                  .chosen()
                  .flatMap(row -> howSure(screened, extracted, scored, row.candidate()));
          case COSMIC -> Optional.<DirectionUncertainty>empty();
        };
    return new Ranked(
        grid,
        selection,
        extracted.massive(selection),
        separations(screened, extracted),
        uncertainty);
  }

  /// Which candidates get all three scores. Filters by refusal tokens have no say in what is chosen
  /// by the stream.
  private Grid scoredGrid() {
    return switch (config.rules().criterion()) {
      case BYPASS -> config.grid();
      case COSMIC -> Grid.FULL;
    };
  }

  private Selection selection(
      Screened screened,
      Extracted extracted,
      CandidatePasses.Validation validation,
      List<Object> inputs,
      List<ScoredCandidate> scored)
      throws IOException {
    return switch (config.rules().criterion()) {
      case BYPASS ->
          Selection.of(scored.stream().map(ScoredCandidate::scores).toList(), config.rules());
      case COSMIC -> {
        var forward = asked.model().forward();
        var stage =
            new CosmicScores(
                inputs,
                extracted.grid(),
                CosmicScores.eligible(scored),
                new Cosmic(
                    forward,
                    validation.harmful(),
                    validation.harmless(),
                    Cosmic.layers(
                        last(screened.mean(Role.HARMFUL_TRAIN)),
                        last(screened.mean(Role.HARMLESS_TRAIN)))),
                forward.rows(validation.harmful()) + forward.rows(validation.harmless()));
        yield Selection.of(stage.added(scored, store.get(stage, progress)), config.rules());
      }
    };
  }

  /// Means at the last position, `[layer, d_model]`.
  private static Tensor last(Tensor means) {
    return means.row(means.dim(0) - 1);
  }

  private static List<Separation> separations(Screened screened, Extracted extracted) {
    var grid = extracted.grid();
    var separations = new ArrayList<Separation>();
    for (var place : grid.candidates()) {
      if (!grid.isNoise(place)) {
        try (var _ = Scope.open()) {
          Separation.of(
                  place,
                  extracted.left().takenFrom(screened.at(Role.HARMFUL_TRAIN, place)),
                  extracted.left().takenFrom(screened.at(Role.HARMLESS_TRAIN, place)))
              .ifPresent(separations::add);
        }
      }
    }
    return separations;
  }

  /// Runs the direction's interventions at parts of their strength.
  List<DosePoint> doses(Screened screened, Direction direction) throws IOException {
    var tokens = screened.result().tokens().ids();
    List<Object> inputs =
        List.of(
            asked.identity(),
            Facts.hash(drawn.allInstructions()),
            screened.result().sets(),
            tokens.stream().sorted().toList());
    var doses =
        new MeasureDoses(
            asked,
            direction,
            tokens,
            inputs,
            asked.tokens(screened.sample(Role.HARMFUL_VAL)),
            asked.tokens(screened.sample(Role.HARMLESS_VAL)));
    return doses.isPossible() ? store.get(doses.stage(), progress).points() : List.of();
  }

  private Optional<DirectionUncertainty> howSure(
      Screened screened, Extracted extracted, List<ScoredCandidate> scored, Candidate chosen) {
    var seeds = new Seeds(config.seed());
    int layers = asked.model().config().nLayers();
    try (var _ = Scope.open()) {
      var estimate =
          new StabilityEstimate(
              extracted.left().takenFrom(screened.at(Role.HARMFUL_TRAIN, chosen)),
              extracted.left().takenFrom(screened.at(Role.HARMLESS_TRAIN, chosen)),
              seeds);
      return new ChoiceEstimate(scored, config.rules(), layers, seeds)
          .choice()
          .map(choice -> new DirectionUncertainty(estimate.stability(), estimate.nulls(), choice));
    }
  }

  /// Completes every evaluation set under every treatment, and has the completions judged.
  List<List<CompletionRow>> complete(Optional<Direction> direction, Judging judging)
      throws IOException {
    var blocks = new ArrayList<List<CompletionRow>>();
    for (var entry : planned(direction).entrySet()) {
      for (var treatment : entry.getValue()) {
        blocks.add(completed(entry.getKey(), treatment, judging));
      }
    }
    return blocks;
  }

  /// Completes one prompt set under one treatment, and has the completions judged.
  List<CompletionRow> completed(PromptSet set, Treatment treatment, Judging judging)
      throws IOException {
    var evaluation = config.evaluation();
    var limits = new Limits(evaluation.maxNewTokens(), evaluation.batchSize(), evaluation.keep());
    return store.get(
        new CompleteAndJudge("complete", asked, judging, set, treatment, limits), progress);
  }

  /// The treatments of every evaluation set; the unedited model alone where there is no direction.
  private SequencedMap<PromptSet, List<Treatment>> planned(Optional<Direction> direction) {
    var treatments = Treatments.of(config);
    var unedited = List.of(Treatment.unedited());
    var planned = new LinkedHashMap<PromptSet, List<Treatment>>();
    for (var set : drawn.harmfulSets()) {
      planned.put(set, direction.map(treatments::onHarmful).orElse(unedited));
    }
    planned.put(drawn.harmlessSet(), direction.map(treatments::onHarmless).orElse(unedited));
    return planned;
  }

  /// Measures what the direction's interventions cost on text.
  List<Coherence> measure(Optional<Direction> direction, CoherenceCorpora corpora)
      throws IOException {
    if (direction.isEmpty()) {
      return List.of();
    }
    var evaluation = config.evaluation();
    return new MeasureCoherence(
            asked.model(),
            asked.formats().scoring(),
            Treatments.of(config).onText(direction.get()),
            store,
            progress,
            new MeasureCoherence.Settings(
                corpora.limit(),
                MeasureCoherence.Settings.USUAL_TOKENS,
                evaluation.maxNewTokens(),
                evaluation.batchSize(),
                config.seed()),
            asked.written())
        .all(corpora, drawn.harmlessSet());
  }
}
