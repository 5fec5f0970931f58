package dev.demur.lab.study;

import dev.demur.lab.prompts.PromptSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// How much work the stages of a study are, in the order in which [StudyStages] runs them.
///
/// The unit is one prompt read. The figures are rough: who estimates time from them scales them by
/// the time that finished stages took.
///
/// @param config sizes
/// @param drawn the prompts
record StudyPlan(StudyConfig config, DrawnPrompts drawn) {

  /// A token written beside a prompt read.
  private static final double TOKEN = 0.1;

  /// Half a pass for induce, one for KL and one for bypass; half of the candidates drop out.
  private static final double CANDIDATE_PASSES = 1.2;

  /// Coherence writes an answer and reads it under four variants.
  private static final double COHERENCE = 2;

  /// Reading, the behaviour, the candidates and the doses.
  List<Double> search(int candidates) {
    var efforts = new ArrayList<Double>();
    for (var role : Role.drawn()) {
      efforts.add((double) drawn.sample(role).size());
    }
    int tokens = Math.min(StudyStages.BEHAVIOUR_TOKENS, config.evaluation().maxNewTokens());
    efforts.add(written(drawn.sample(Role.HARMFUL_VAL).size(), tokens));
    efforts.add(written(drawn.sample(Role.HARMLESS_VAL).size(), tokens));
    efforts.add(candidates * CANDIDATE_PASSES * drawn.sample(Role.HARMFUL_VAL).size());
    efforts.add((double) MeasureDoses.PASSES * drawn.sample(Role.HARMFUL_VAL).size());
    return efforts;
  }

  /// Completions and coherence, once a direction is found.
  List<Double> evaluation(CoherenceCorpora corpora) {
    int tokens = config.evaluation().maxNewTokens();
    int variants = 3 + config.evaluation().randomDirections();
    var efforts = new ArrayList<Double>();
    for (var set : drawn.evaluationSets()) {
      efforts.addAll(Collections.nCopies(variants, written(set.size(), tokens)));
    }
    double cost = COHERENCE * written(drawn.harmlessSet().size(), tokens);
    efforts.addAll(Collections.nCopies(corpora.count(), cost));
    return efforts;
  }

  /// Completions of the unedited model, where there is no direction.
  List<Double> unedited() {
    return drawn.evaluationSets().stream()
        .map(PromptSet::size)
        .map(prompts -> written(prompts, config.evaluation().maxNewTokens()))
        .toList();
  }

  private static double written(int prompts, int tokens) {
    return prompts * (1 + TOKEN * tokens);
  }
}
