package dev.demur.lab.benchmark;

import dev.demur.lab.Sha256;
import dev.demur.lab.run.Journal;
import dev.demur.lab.run.MissingRows;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.steer.Treatment;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Benchmarks of one model, each remembered question by question in the run folder.
///
/// @param model the model
/// @param variants the unedited model first
/// @param store the run folder
/// @param progress told of every question
/// @param answers how answers are written
public record BenchmarkRun(
    ChatModel model, List<Treatment> variants, RunStore store, Progress progress, Answers answers) {

  /// How answers are written.
  ///
  /// @param maxNewTokens length at which one is cut
  /// @param batch written together
  public record Answers(int maxNewTokens, int batch) {
    public Answers {
      if (maxNewTokens < 1 || batch < 1) {
        throw new IllegalArgumentException(
            "max new tokens and batch must be >= 1, were " + maxNewTokens + " and " + batch);
      }
    }
  }

  /// What the rows of one task depend on.
  private record Key(
      String weights, String dtype, List<String> variants, String questions, int maxNewTokens) {}

  /// Every task's outcomes, in order; those of MMLU's subjects are followed by all of them
  /// together.
  public List<Outcome> outcomes(List<Prompts> asked) throws IOException {
    var outcomes = new ArrayList<Outcome>();
    var subjects = new ArrayList<Outcome>();
    for (var prompts : asked) {
      var found = outcomes(prompts);
      outcomes.addAll(found);
      if (prompts.data().task() == Task.MMLU) {
        subjects.addAll(found);
      }
    }
    outcomes.addAll(Outcome.together(Task.MMLU.text(), subjects));
    return outcomes;
  }

  private List<Outcome> outcomes(Prompts prompts) throws IOException {
    var questions = prompts.questions();
    var names = variants.stream().map(Treatment::variant).toList();
    return Outcome.of(
        prompts.data(),
        prompts.data().task().generates()
            ? written(prompts, questions)
            : chosen(prompts, questions),
        names);
  }

  private List<ChoiceScores> chosen(Prompts prompts, List<Question> questions) throws IOException {
    try (var journal = journal(prompts, questions, ChoiceScores.class)) {
      var probe = LikelihoodProbe.of(model, plans());
      return rows(prompts, LikelihoodProbe.TOGETHER, journal)
          .fill((places, rows) -> probe.run(questions, places, rows));
    }
  }

  private List<NumberScores> written(Prompts prompts, List<Question> questions) throws IOException {
    try (var journal = journal(prompts, questions, NumberScores.class)) {
      var probe = new GenerationProbe(model, plans(), answers.maxNewTokens(), answers.batch());
      return rows(prompts, answers.batch(), journal)
          .fill((places, rows) -> probe.run(questions, places, rows));
    }
  }

  private <T extends Scored> MissingRows<T> rows(
      Prompts prompts, int together, Journal<T> journal) {
    return new MissingRows<>(
        prompts.data().name(),
        prompts.data().size(),
        together,
        Scored::question,
        journal,
        progress);
  }

  private <T> Journal<T> journal(Prompts prompts, List<Question> questions, Class<T> type)
      throws IOException {
    var key =
        new Key(
            model.files().weightsHash(),
            model.transformer().dtype().name(),
            variants.stream().map(Treatment::identity).toList(),
            Sha256.ofText(questions.toString()),
            prompts.data().task().generates() ? answers.maxNewTokens() : 0);
    return store.journal("benchmark-" + prompts.data().name(), key, type);
  }

  private List<HookPlan> plans() {
    int layers = model.config().nLayers();
    return variants.stream().map(variant -> variant.intervention().plan(layers)).toList();
  }
}
