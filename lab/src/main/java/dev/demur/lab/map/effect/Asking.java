package dev.demur.lab.map.effect;

import dev.demur.lab.judge.Answer;
import dev.demur.lab.judge.Completion;
import dev.demur.lab.judge.Judge;
import dev.demur.lab.judge.Labels;
import dev.demur.lab.judge.OutputFault;
import dev.demur.lab.map.pairs.MapPrompt;
import dev.demur.lab.map.reading.MapConfig;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.run.MissingRows;
import dev.demur.lab.run.ModelIdentity;
import dev.demur.lab.run.Stage;
import dev.demur.lab.score.RefusalScore;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// The stage that asks prompts under one policy.
///
/// @param model the model
/// @param identity what of it decides the numbers
/// @param title for people
/// @param policy what is done to the stream
/// @param prompts what is asked
/// @param outcome what is looked at
/// @param tokens that open refusals
/// @param writing how answers are written
public record Asking(
    ChatModel model,
    ModelIdentity identity,
    String title,
    Policy policy,
    List<MapPrompt> prompts,
    Outcome outcome,
    OpeningTokens tokens,
    MapConfig.Writing writing)
    implements Stage.OfRows<Reading> {

  /// Prompts scored together where nothing is written.
  private static final int TOGETHER = 64;

  /// Keeps the logarithm of a share that rounds to nothing finite.
  private static final double LEAST_SHARE = 1e-300;

  @Override
  public String name() {
    return "map-ask";
  }

  @Override
  public Object inputs() {
    return List.of(
        identity,
        policy.identity(),
        prompts,
        outcome.identity(),
        tokens.byLanguage().entrySet().stream()
            .map(entry -> entry.getKey() + entry.getValue().ids())
            .toList(),
        writing);
  }

  @Override
  public Class<Reading> type() {
    return Reading.class;
  }

  @Override
  public int size() {
    return prompts.size();
  }

  @Override
  public int place(Reading row) {
    return row.index();
  }

  @Override
  public long make(MissingRows<Reading> missing) throws IOException {
    switch (outcome) {
      case Outcome.FirstToken() ->
          missing.inGroups(TOGETHER, (places, rows) -> first(places, rows));
      case Outcome.Contrast(var up, var down) ->
          missing.inGroups(
              TOGETHER,
              (places, rows) -> {
                try (var _ = Scope.open()) {
                  emit(places, contrast(logits(places), up, down), rows);
                }
              });
      case Outcome.Judged(var judge) ->
          missing.inGroups(writing.batch(), (places, rows) -> judged(places, judge, rows));
      case Outcome.Accuracy(var key) ->
          compare(missing, (prompt, answer) -> key.isRight(answer, prompt.key().orElse("")));
      case Outcome.Spoken spoken ->
          compare(missing, (prompt, answer) -> spoken.isSpoken(answer, prompt.language()));
    }
    return missing.added().size();
  }

  private HookPlan plan() {
    return policy.plan(model.config().nLayers());
  }

  private Tensor logits(List<Integer> places) {
    return model
        .forward()
        .lastLogits(places.stream().map(i -> prompts.get(i).tokens(model)).toList(), plan());
  }

  /// Refusal scores, each with the tokens of its prompt's language.
  private void first(List<Integer> places, Consumer<Reading> rows) {
    try (var _ = Scope.open()) {
      var logits = logits(places);
      for (String language : prompts.stream().map(MapPrompt::language).distinct().toList()) {
        var own =
            IntStream.range(0, places.size())
                .filter(i -> prompts.get(places.get(i)).language().equals(language))
                .boxed()
                .toList();
        if (!own.isEmpty()) {
          var some = logits.rows(Tensor.ofIndices(own.stream().mapToInt(Integer::intValue)));
          emit(
              own.stream().map(places::get).toList(),
              RefusalScore.of(some, tokens.of(language)),
              rows);
        }
      }
    }
  }

  private static List<Double> contrast(Tensor logits, Set<Integer> up, Set<Integer> down) {
    var shares = logits.to(DType.F64).softmax();
    double[] high = sum(shares, up);
    double[] low = sum(shares, down);
    return IntStream.range(0, high.length)
        .mapToObj(i -> Math.log(high[i] + LEAST_SHARE) - Math.log(low[i] + LEAST_SHARE))
        .toList();
  }

  private static double[] sum(Tensor shares, Set<Integer> ids) {
    return shares
        .select(1, Tensor.ofIndices(ids.stream().mapToInt(Integer::intValue).sorted()))
        .sum(1)
        .toDoubles();
  }

  private static void emit(List<Integer> places, List<Double> scores, Consumer<Reading> rows) {
    for (int i = 0; i < places.size(); i++) {
      double score = scores.get(i);
      rows.accept(new Reading(places.get(i), Optional.of(score), Optional.of(score > 0), false));
    }
  }

  // ---- answers -------------------------------------------------------------------------------

  private List<String> written(List<Integer> places) {
    return Written.under(model, plan(), places.stream().map(prompts::get).toList(), writing);
  }

  private void judged(List<Integer> places, Judge judge, Consumer<Reading> rows) {
    var answers = written(places).stream().map(Answer::of).toList();
    var completions =
        IntStream.range(0, places.size())
            .mapToObj(
                i -> Completion.of(prompts.get(places.get(i)).instruction(), answers.get(i).text()))
            .toList();
    var refused = new LinkedHashMap<Integer, Boolean>();
    for (var label : Labels.of(List.of(judge), completions)) {
      refused.put(label.row(), label.verdict().refusal().refuses());
    }
    for (int i = 0; i < places.size(); i++) {
      boolean ended = answers.get(i).state() != Answer.State.UNFINISHED;
      rows.accept(
          new Reading(
              places.get(i),
              Optional.empty(),
              ended ? Optional.ofNullable(refused.get(i)) : Optional.empty(),
              OutputFault.of(answers.get(i).text()) != OutputFault.NONE));
    }
  }

  /// Whether an answer counts for a prompt; empty where it holds nothing to tell by.
  private interface Comparison {
    Optional<Boolean> counts(MapPrompt prompt, String answer);
  }

  private void compare(MissingRows<Reading> missing, Comparison comparison) throws IOException {
    missing.inGroups(writing.batch(), (places, rows) -> compared(places, rows, comparison));
  }

  private void compared(List<Integer> places, Consumer<Reading> rows, Comparison comparison) {
    var written = written(places);
    for (int i = 0; i < places.size(); i++) {
      var counts = comparison.counts(prompts.get(places.get(i)), Answer.of(written.get(i)).text());
      rows.accept(
          new Reading(
              places.get(i),
              Optional.empty(),
              Optional.of(counts.orElse(false)),
              counts.isEmpty()));
    }
  }
}
