package dev.demur.lab.benchmark;

import java.util.List;
import java.util.stream.IntStream;

/// How likely a model found the choices of one question, under every variant.
///
/// @param question its index in the task
/// @param nats for each variant the log-likelihood of each choice, natural logarithm
public record ChoiceScores(int question, List<List<Double>> nats) implements Scored {

  public ChoiceScores {
    nats = nats.stream().map(List::copyOf).toList();
  }

  /// Source: `process_results` in `lm_eval/api/task.py`, `process_results_mc2` of TruthfulQA.
  @Override
  public double value(Metric metric, int variant, Document document) {
    var scores = nats.get(variant);
    return switch (metric) {
      case ACC -> right(document, best(scores));
      case ACC_NORM -> right(document, best(perCharacter(scores, document)));
      case MASS -> mass(scores, document);
      case STRICT, FLEXIBLE ->
          throw new IllegalArgumentException(metric.text() + " needs an answer the model wrote");
    };
  }

  /// The choice a variant finds likeliest; of equals the first.
  int likeliest(int variant) {
    return best(nats.get(variant));
  }

  private static double right(Document document, int chosen) {
    return document.right().getFirst() == chosen ? 1 : 0;
  }

  private static List<Double> perCharacter(List<Double> scores, Document document) {
    return IntStream.range(0, scores.size())
        .mapToObj(i -> scores.get(i) / PythonText.length(document.choices().get(i)))
        .toList();
  }

  /// Of equals the first, as NumPy's argmax.
  private static int best(List<Double> scores) {
    int best = 0;
    for (int i = 1; i < scores.size(); i++) {
      if (scores.get(i) > scores.get(best)) {
        best = i;
      }
    }
    return best;
  }

  /// Taken relative to the best, since e to a few hundred negative nats is 0.
  private static double mass(List<Double> scores, Document document) {
    double most = scores.get(best(scores));
    double all = scores.stream().mapToDouble(s -> Math.exp(s - most)).sum();
    return document.right().stream().mapToDouble(i -> Math.exp(scores.get(i) - most)).sum() / all;
  }
}
