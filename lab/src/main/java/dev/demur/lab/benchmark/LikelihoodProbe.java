package dev.demur.lab.benchmark;

import dev.demur.lab.score.LogLikelihood;
import dev.demur.model.ChatModel;
import dev.demur.model.forward.Passage;
import dev.demur.model.forward.TeacherForcing;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.NumericException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// Asks how likely each choice is, under several variants at once.
///
/// @param forcing the model and the variants' plans
/// @param tokens how text becomes tokens
public record LikelihoodProbe(TeacherForcing forcing, HarnessTokens tokens) {

  /// Questions to run together: enough to fill batches and to share the examples that open all
  /// prompts of an MMLU subject, few enough that little is lost when a run is stopped.
  public static final int TOGETHER = 16;

  /// A probe of a model.
  ///
  /// @param plans what is done in each variant
  public static LikelihoodProbe of(ChatModel model, List<HookPlan> plans) {
    return new LikelihoodProbe(TeacherForcing.of(model.forward(), plans), HarnessTokens.of(model));
  }

  /// Scores the questions at `places` together.
  ///
  /// @param rows receives each question, in the order of `places`
  /// @throws NumericException if a logit is NaN or infinite
  public void run(List<Question> questions, List<Integer> places, Consumer<ChoiceScores> rows) {
    var passages = new ArrayList<Passage>();
    for (int place : places) {
      questions.get(place).requests().forEach(r -> passages.add(tokens.passage(r)));
    }
    double[][] nats = new double[forcing.plans().size()][passages.size()];
    forcing.run(
        passages,
        (targets, logits) -> {
          var ids = targets.stream().map(TeacherForcing.Target::token).toList();
          for (int variant = 0; variant < nats.length; variant++) {
            var likelihoods = LogLikelihood.of(logits.get(variant), ids);
            for (int i = 0; i < ids.size(); i++) {
              nats[variant][targets.get(i).passage()] += likelihoods.get(i);
            }
          }
        });
    int next = 0;
    for (int place : places) {
      int from = next;
      next += questions.get(place).requests().size();
      int to = next;
      rows.accept(
          new ChoiceScores(
              place,
              Arrays.stream(nats)
                  .map(row -> Arrays.stream(row, from, to).boxed().toList())
                  .toList()));
    }
  }
}
