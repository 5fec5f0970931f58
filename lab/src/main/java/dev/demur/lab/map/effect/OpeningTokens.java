package dev.demur.lab.map.effect;

import dev.demur.lab.map.pairs.MapPrompt;
import dev.demur.lab.map.reading.Reads;
import dev.demur.lab.map.reading.Side;
import dev.demur.lab.score.RefusalTokens;
import dev.demur.model.tensor.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// The tokens that open refusals, by language.
///
/// @param byLanguage found on training prompts of the pairs of each language
public record OpeningTokens(SequencedMap<String, RefusalTokens> byLanguage) {

  /// Prompts of a kind and language that are looked at; means over more change little.
  private static final int MOST = 64;

  /// Prompts of one language whose answers' first tokens are looked at.
  public record Sample(List<MapPrompt> target, List<MapPrompt> contrast) {}

  /// What is looked at, by language: training prompts of its pairs in turn, up to [#MOST] a kind.
  public static SequencedMap<String, Sample> samples(List<Side> sides) {
    var byLanguage = new LinkedHashMap<String, List<Side>>();
    sides.stream()
        .filter(side -> side.pair().isOfChats())
        .forEach(
            side ->
                byLanguage
                    .computeIfAbsent(side.pair().language(), _ -> new ArrayList<>())
                    .add(side));
    var samples = new LinkedHashMap<String, Sample>();
    byLanguage.forEach(
        (language, own) ->
            samples.put(
                language,
                new Sample(
                    inTurn(own.stream().map(Side::train).toList()),
                    inTurn(own.stream().map(Side::trainContrast).toList()))));
    return samples;
  }

  /// Finds them: first tokens whose probability target prompts raise above contrast prompts.
  ///
  /// @param reads holds the logits of all samples
  public static OpeningTokens find(SequencedMap<String, Sample> samples, Reads reads) {
    var found = new LinkedHashMap<String, RefusalTokens>();
    samples.forEach(
        (language, sample) -> {
          try (var _ = Scope.open()) {
            found.put(
                language,
                RefusalTokens.find(
                    reads.opening(sample.target()), reads.opening(sample.contrast())));
          }
        });
    return new OpeningTokens(found);
  }

  private static List<MapPrompt> inTurn(List<List<MapPrompt>> sets) {
    var prompts = new ArrayList<MapPrompt>();
    int longest = sets.stream().mapToInt(List::size).max().orElse(0);
    for (int i = 0; i < longest && prompts.size() < MOST; i++) {
      for (var set : sets) {
        if (i < set.size() && prompts.size() < MOST) {
          prompts.add(set.get(i));
        }
      }
    }
    return prompts;
  }

  /// The tokens of a language; where none were found for it, those of the first language that has
  /// some.
  ///
  /// @throws IllegalArgumentException if there are none at all
  public Set<Integer> of(String language) {
    return Optional.ofNullable(byLanguage.get(language))
        .or(() -> byLanguage.values().stream().findFirst())
        .map(RefusalTokens::ids)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no pair of chat prompts shows with which tokens refusals open; add one, or"
                        + " take another outcome"));
  }
}
