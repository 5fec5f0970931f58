package dev.demur.lab.judge.guard;

import dev.demur.lab.judge.Completion;
import dev.demur.lab.judge.Judge;
import dev.demur.lab.judge.Refusal;
import dev.demur.lab.judge.Verdict;
import java.util.List;

/// A guard model as a judge of refusal.
public final class GuardRefusalJudge implements Judge {

  private final GuardQuestions questions;

  /// @param description what to ask; must measure refusal
  /// @param model who answers
  public GuardRefusalJudge(GuardDescription description, GuardModel model) {
    if (description.measure() != Measure.REFUSAL) {
      throw new IllegalArgumentException(description.name() + " measures harm, not refusal");
    }
    this.questions = new GuardQuestions(description, model);
  }

  @Override
  public String name() {
    return questions.description().name();
  }

  @Override
  public String version() {
    return questions.version();
  }

  @Override
  public int batch() {
    return questions.model().batch();
  }

  @Override
  public Verdict judge(String instruction, String completion) {
    return judgeAll(List.of(Completion.of(instruction, completion))).getFirst();
  }

  @Override
  public List<Verdict> judgeAll(List<Completion> completions) {
    return questions.ask(completions).stream()
        .map(
            outcome ->
                new Verdict(Refusal.parse(outcome.label()), outcome.score(), outcome.reason()))
        .toList();
  }
}
