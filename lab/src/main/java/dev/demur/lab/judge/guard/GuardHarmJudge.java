package dev.demur.lab.judge.guard;

import dev.demur.lab.judge.Completion;
import dev.demur.lab.judge.Harm;
import dev.demur.lab.judge.HarmJudge;
import dev.demur.lab.judge.HarmVerdict;
import java.util.List;
import java.util.Locale;

/// A guard model as a judge of harm.
public final class GuardHarmJudge implements HarmJudge {

  private final GuardQuestions questions;

  /// @param description what to ask; must measure harm
  /// @param model who answers
  public GuardHarmJudge(GuardDescription description, GuardModel model) {
    if (description.measure() != Measure.HARM) {
      throw new IllegalArgumentException(description.name() + " measures refusal, not harm");
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
  public List<HarmVerdict> judgeAll(List<Completion> completions) {
    return questions.ask(completions).stream()
        .map(
            outcome ->
                new HarmVerdict(
                    Harm.valueOf(outcome.label().toUpperCase(Locale.ROOT)),
                    outcome.score(),
                    outcome.reason()))
        .toList();
  }
}
