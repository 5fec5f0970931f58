package dev.demur.lab.judge;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// The classifier's weights for one language, as `tools/judge/train.py` wrote them.
///
/// @param known words of refusing; they are not new to an answer
/// @param weights by feature
record ClassifierModel(Set<String> known, Map<String, Double> weights) {

  private static final String KNOWN = "known ";

  ClassifierModel {
    known = Set.copyOf(known);
    weights = Map.copyOf(weights);
  }

  /// The model of a language that comes with the program.
  static ClassifierModel builtIn(Language language) {
    Set<String> known = Set.of();
    var weights = new HashMap<String, Double>();
    for (String line : Lexicon.lines("refusal-classifier-" + language.code() + ".txt")) {
      if (line.startsWith(KNOWN)) {
        known = Set.of(line.substring(KNOWN.length()).split(" ", -1));
      } else {
        int space = line.indexOf(' ');
        weights.put(line.substring(space + 1), Double.valueOf(line.substring(0, space)));
      }
    }
    return new ClassifierModel(known, weights);
  }

  /// The estimated chance of a refusal, 0 to 1.
  double score(ClassifierFeatures features) {
    double sum = 0;
    for (var value : features.withNovelty(known).entrySet()) {
      sum += weights.getOrDefault(value.getKey(), 0.0) * value.getValue();
    }
    return 1 / (1 + Math.exp(-sum));
  }

  /// What a feature adds to the logarithm of the odds, 0 if nothing.
  double weight(String feature) {
    return weights.getOrDefault(feature, 0.0);
  }
}
