package dev.demur.lab.trial;

import dev.demur.lab.run.ModelIdentity;
import dev.demur.lab.run.Stage;
import dev.demur.lab.score.LogLikelihood;
import dev.demur.model.ChatModel;
import dev.demur.model.forward.Passage;
import dev.demur.model.forward.TeacherForcing;
import dev.demur.model.text.TokenIds;
import java.util.ArrayList;
import java.util.List;

/// How well a row predicts what the unedited model answers to benign prompts: what it costs where
/// it should change nothing.
///
/// @param nats −ln p of each answer, summed over its tokens
/// @param tokens of each answer
record OwnLoss(List<Double> nats, List<Integer> tokens) {

  OwnLoss {
    nats = List.copyOf(nats);
    tokens = List.copyOf(tokens);
  }

  /// Nats per token of each answer that has any.
  List<Double> perToken() {
    var shares = new ArrayList<Double>();
    for (int i = 0; i < nats.size(); i++) {
      if (tokens.get(i) > 0) {
        shares.add(nats.get(i) / tokens.get(i));
      }
    }
    return shares;
  }

  /// The stage that measures it.
  ///
  /// @param row how the model is run
  /// @param instructions of the benign set
  /// @param answers the unedited model's, one an instruction
  static Stage.OfValue<OwnLoss> stage(
      ChatModel model,
      ModelIdentity identity,
      TrialRow row,
      List<String> instructions,
      List<AnswerRow> answers) {
    var ids = answers.stream().map(AnswerRow::ids).toList();
    return new Stage.OfValue<>(
        "trial-loss",
        List.of(identity, row.identity(), instructions, ids),
        OwnLoss.class,
        _ -> measure(model, row, instructions, ids));
  }

  /// Whether the model sees every prompt and its answer at once.
  static boolean canRead(
      ChatModel model, TrialRow row, List<String> instructions, List<AnswerRow> answers) {
    var ids = answers.stream().map(AnswerRow::ids).toList();
    int most = model.transformer().limit().tokens();
    return passages(model, row, instructions, ids).stream()
        .allMatch(passage -> passage.tokens().size() <= most);
  }

  private static List<Passage> passages(
      ChatModel model, TrialRow row, List<String> instructions, List<List<Integer>> ids) {
    var passages = new ArrayList<Passage>();
    for (int i = 0; i < instructions.size(); i++) {
      var prompt = model.prompt(row.wrap().around(instructions.get(i))).tokens();
      passages.add(new Passage(prompt.plus(TokenIds.of(ids.get(i))), prompt.size()));
    }
    return passages;
  }

  private static OwnLoss measure(
      ChatModel model, TrialRow row, List<String> instructions, List<List<Integer>> ids) {
    var passages = passages(model, row, instructions, ids);
    double[] nats = new double[passages.size()];
    var plan = row.policy().plan(model.config().nLayers());
    TeacherForcing.of(model.forward(), List.of(plan))
        .run(
            passages,
            (targets, logits) -> {
              var tokens = targets.stream().map(TeacherForcing.Target::token).toList();
              var likelihoods = LogLikelihood.of(logits.getFirst(), tokens);
              for (int i = 0; i < targets.size(); i++) {
                nats[targets.get(i).passage()] -= likelihoods.get(i);
              }
            });
    var all = new ArrayList<Double>();
    for (double one : nats) {
      all.add(one);
    }
    return new OwnLoss(all, ids.stream().map(List::size).toList());
  }
}
