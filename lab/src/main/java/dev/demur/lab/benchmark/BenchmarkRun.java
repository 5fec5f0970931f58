package dev.demur.lab.benchmark;

import dev.demur.lab.Sha256;
import dev.demur.lab.run.MissingRows.Work;
import dev.demur.lab.run.ModelIdentity;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.run.Stage;
import dev.demur.lab.steer.Treatment;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Benchmarks of one model, each remembered question by question in the run folder.
///
/// @param model the model
/// @param treatments the unedited model first
/// @param store the run folder
/// @param progress receives every question
/// @param answers how answers are written
public record BenchmarkRun(
    ChatModel model,
    List<Treatment> treatments,
    RunStore store,
    Progress progress,
    Answers answers) {

  /// MMLU with every subject counting alike.
  public static final String SUBJECTS = "mmlu_subjects";

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

  /// Every task's outcomes, in order; those of MMLU's subjects are followed by all of them
  /// together, once with every question and once with every subject counting alike.
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
    outcomes.addAll(Outcome.alike(SUBJECTS, subjects));
    return outcomes;
  }

  /// The answers to TruthfulQA that are others than the unedited model's, of questions that have
  /// been asked.
  public List<ChangedAnswer> changed(List<Prompts> asked) throws IOException {
    var again = new BenchmarkRun(model, treatments, store, Progress.silent(), answers);
    var names = treatments.stream().map(Treatment::variant).toList();
    var changed = new ArrayList<ChangedAnswer>();
    for (var prompts : asked) {
      if (prompts.data().task().isTruthful()) {
        changed.addAll(
            ChangedAnswer.of(prompts.data(), again.chosen(prompts, prompts.questions()), names));
      }
    }
    return changed;
  }

  private List<Outcome> outcomes(Prompts prompts) throws IOException {
    var questions = prompts.questions();
    var names = treatments.stream().map(Treatment::variant).toList();
    return Outcome.of(
        prompts.data(),
        prompts.data().task().generates()
            ? written(prompts, questions)
            : chosen(prompts, questions),
        names);
  }

  private List<ChoiceScores> chosen(Prompts prompts, List<Question> questions) throws IOException {
    var probe = LikelihoodProbe.of(model, plans());
    Work<ChoiceScores> work = (places, rows) -> probe.run(questions, places, rows);
    return store.get(
        asking(prompts, questions, LikelihoodProbe.TOGETHER, ChoiceScores.class, work), progress);
  }

  private List<NumberScores> written(Prompts prompts, List<Question> questions) throws IOException {
    var probe = new GenerationProbe(model, plans(), answers.maxNewTokens(), answers.batch());
    Work<NumberScores> work = (places, rows) -> probe.run(questions, places, rows);
    return store.get(
        asking(prompts, questions, answers.batch(), NumberScores.class, work), progress);
  }

  /// The stage that asks the questions of one task.
  ///
  /// @param together questions asked together
  private <R extends Scored> Stage.OfGroups<R> asking(
      Prompts prompts, List<Question> questions, int together, Class<R> type, Work<R> work)
      throws IOException {
    return new Stage.OfGroups<>(
        "benchmark",
        prompts.data().name(),
        List.of(
            ModelIdentity.of(model),
            treatments.stream().map(Treatment::identity).toList(),
            prompts.data().name(),
            Sha256.ofText(questions.toString()),
            prompts.data().task().generates() ? answers.maxNewTokens() : 0),
        type,
        questions.size(),
        Scored::question,
        together,
        work,
        _ -> 0);
  }

  private List<HookPlan> plans() {
    int layers = model.config().nLayers();
    return treatments.stream().map(one -> one.policy().plan(layers)).toList();
  }
}
