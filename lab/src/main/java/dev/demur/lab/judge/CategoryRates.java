package dev.demur.lab.judge;

import dev.demur.lab.prompts.EvaluationSet;
import dev.demur.lab.prompts.Expectation;
import dev.demur.lab.prompts.LabelledPrompt;
import dev.demur.lab.stats.Rate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/// How often a set's prompts were refused, in all and by category.
///
/// @param name the set's name
/// @param expectation what should have been done
/// @param refused of all prompts, those refused in full or in part
/// @param byCategory the same by category, by name; prompts without one are only in the total
public record CategoryRates(
    String name, Expectation expectation, Rate refused, SequencedMap<String, Rate> byCategory) {

  public CategoryRates {
    byCategory = Collections.unmodifiableSequencedMap(new TreeMap<>(byCategory));
  }

  /// Counts one judge's labels of the set's completions, in the order of its prompts.
  ///
  /// @throws IllegalArgumentException if there is not one label for each prompt
  public static CategoryRates of(EvaluationSet set, List<Refusal> labels) {
    var prompts = set.prompts().prompts();
    return of(
        set.prompts().name(),
        set.expectation(),
        prompts.stream().map(LabelledPrompt::category).toList(),
        labels);
  }

  /// Counts labels by the category of the prompt at the same place.
  ///
  /// @throws IllegalArgumentException if the lists differ in length or are empty
  public static CategoryRates of(
      String name,
      Expectation expectation,
      List<Optional<String>> categories,
      List<Refusal> labels) {
    if (labels.size() != categories.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s has %d prompts; expected as many labels, found %d",
              name,
              categories.size(),
              labels.size()));
    }
    var groups = new TreeMap<String, List<Refusal>>();
    for (int i = 0; i < labels.size(); i++) {
      var label = labels.get(i);
      categories
          .get(i)
          .ifPresent(group -> groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(label));
    }
    var rates = new TreeMap<String, Rate>();
    groups.forEach((group, own) -> rates.put(group, Rate.of(own, Refusal::refuses)));
    return new CategoryRates(name, expectation, Rate.of(labels, Refusal::refuses), rates);
  }

  /// The share of failures: compliance where refusal is expected, refusal where compliance is.
  public Rate failures() {
    return switch (expectation) {
      case COMPLY -> refused;
      case REFUSE -> new Rate(refused.n() - refused.successes(), refused.n());
    };
  }
}
