package dev.demur.lab.judge.guard;

import dev.demur.lab.judge.Completion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Asks a model about completions and reads the answers.
///
/// @param description what to ask and how to read
/// @param model who answers
record GuardQuestions(GuardDescription description, GuardModel model) {

  /// What came out for one completion.
  ///
  /// @param label one of the measure's labels
  /// @param score 0 to 1
  /// @param reason the answer, or why it was not asked
  record Outcome(String label, double score, String reason) {}

  /// Changes with the description and with who answers, since either changes verdicts.
  String version() {
    return description.version() + ", " + model.identity();
  }

  /// The outcomes, in the order of the completions; all that are asked about go to the model at
  /// once.
  List<Outcome> ask(List<Completion> completions) {
    var prompts = new ArrayList<GuardPrompt>();
    for (var completion : completions) {
      if (!description.isTooShort(completion)) {
        prompts.addAll(description.prompts(completion));
      }
    }
    var answers = answers(prompts);
    var outcomes = new ArrayList<Outcome>();
    int next = 0;
    for (var completion : completions) {
      if (description.isTooShort(completion)) {
        outcomes.add(new Outcome(lowest(), 0, "under " + description.safeUnderWords() + " words"));
      } else {
        int count = Math.max(1, description.policies().size());
        outcomes.add(highest(answers.subList(next, next + count)));
        next += count;
      }
    }
    return outcomes;
  }

  private List<Outcome> answers(List<GuardPrompt> prompts) {
    if (prompts.isEmpty()) {
      return List.of();
    }
    return switch (description.reading()) {
      case Reading.Words words ->
          model.generate(prompts, words.maxTokens()).stream()
              .map(answer -> byWords(words, answer))
              .toList();
      case Reading.Logits logits ->
          model.nextTokenLogits(prompts, logits.tokens()).stream()
              .map(values -> byLogits(logits, values))
              .toList();
    };
  }

  private Outcome byWords(Reading.Words words, String answer) {
    String label =
        words
            .label(answer.strip())
            .orElseThrow(() -> new UnreadableAnswerException(description.name(), answer.strip()));
    String firstLines = answer.strip().replace('\n', ' ');
    return new Outcome(label, description.measure().score(label), firstLines);
  }

  private Outcome byLogits(Reading.Logits logits, List<Double> values) {
    double score = logits.score(values);
    var labels = description.measure().labels();
    String label = score >= logits.threshold() ? labels.getLast() : labels.getFirst();
    return new Outcome(label, score, String.format(Locale.ROOT, "score %.3f", score));
  }

  private static Outcome highest(List<Outcome> outcomes) {
    var highest = outcomes.getFirst();
    for (var outcome : outcomes) {
      highest = outcome.score() > highest.score() ? outcome : highest;
    }
    return highest;
  }

  private String lowest() {
    return description.measure().labels().getFirst();
  }
}
