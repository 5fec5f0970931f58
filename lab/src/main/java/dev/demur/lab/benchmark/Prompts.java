package dev.demur.lab.benchmark;

import dev.demur.lab.benchmark.Question.Request;
import dev.demur.lab.prompts.PythonRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Writes the harness' prompts: description, examples, question.
///
/// Source: `fewshot_context` and `construct_requests` in `lm_eval/api/task.py` and `ContextSampler`
/// in `samplers.py`. Examples are drawn anew for every question from one stream of CPython's
/// generator, so a prompt depends on how many came before it.
///
/// @param data the task
/// @param shots examples before each question
public record Prompts(TaskData data, int shots) {

  /// The harness' default seed of examples.
  private static final long SEED = 1234;

  private static final String BEFORE_ANSWER = " ";
  private static final String AFTER_EXAMPLE = "\n\n";

  public Prompts {
    int drawn = data.task().sampling() == Task.Sampling.RANDOM_BUT_ITSELF ? shots + 1 : shots;
    if (shots < 0) {
      throw new IllegalArgumentException("shots must be >= 0, was " + shots);
    }
    if (shots > 0 && drawn > data.pool().size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s: %d examples take %d questions to draw from, there are %d; give more, or fewer"
                  + " examples",
              data.name(),
              shots,
              drawn,
              data.pool().size()));
    }
  }

  /// One question for each document, in order.
  public List<Question> questions() {
    var random = PythonRandom.seed(SEED);
    var questions = new ArrayList<Question>();
    for (var document : data.questions()) {
      String before =
          data.description()
              + examples(document, random).stream()
                  .map(this::example)
                  .collect(Collectors.joining());
      questions.add(new Question(requests(before, document)));
    }
    return questions;
  }

  private List<Document> examples(Document asked, PythonRandom random) {
    if (shots == 0) {
      return List.of();
    }
    var pool = data.pool();
    return switch (data.task().sampling()) {
      case NONE -> List.of();
      case FIRST -> pool.subList(0, shots);
      case RANDOM -> drawn(pool, shots, random);
      case RANDOM_BUT_ITSELF -> {
        var drawn = others(asked, drawn(pool, shots + 1, random));
        yield drawn.size() >= shots
            ? drawn.subList(0, shots)
            : drawn(others(asked, pool), shots, random);
      }
    };
  }

  private static List<Document> drawn(List<Document> pool, int count, PythonRandom random) {
    return random.sample(pool.size(), count).stream().map(pool::get).toList();
  }

  private static List<Document> others(Document asked, List<Document> documents) {
    return documents.stream().filter(d -> !d.source().equals(asked.source())).toList();
  }

  private String example(Document document) {
    return (data.task().choicesFirst()
            ? document.answer() + BEFORE_ANSWER + document.text()
            : document.text() + BEFORE_ANSWER + document.answer())
        + AFTER_EXAMPLE;
  }

  private List<Request> requests(String before, Document document) {
    if (data.task().generates()) {
      return List.of(new Request(before + document.text(), ""));
    }
    return document.choices().stream()
        .map(
            choice ->
                data.task().choicesFirst()
                    ? new Request(before + choice, BEFORE_ANSWER + document.text())
                    : new Request(before + document.text(), BEFORE_ANSWER + choice))
        .toList();
  }
}
