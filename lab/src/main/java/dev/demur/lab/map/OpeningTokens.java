package dev.demur.lab.map;

import dev.demur.lab.score.RefusalTokens;
import dev.demur.model.ChatModel;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Scope;
import dev.demur.model.text.TokenIds;
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

  /// Finds them: first tokens whose probability target prompts raise above contrast prompts.
  static OpeningTokens find(ChatModel model, List<Side> sides) {
    var found = new LinkedHashMap<String, RefusalTokens>();
    for (var side : sides) {
      String language = side.pair().language();
      if (side.pair().isOfChats() && !found.containsKey(language)) {
        var own =
            sides.stream()
                .filter(s -> s.pair().isOfChats() && s.pair().language().equals(language))
                .toList();
        var target = own.stream().map(Side::train).toList();
        var contrast = own.stream().map(Side::trainContrast).toList();
        try (var _ = Scope.open()) {
          var forward = model.forward();
          found.put(
              language,
              RefusalTokens.find(
                  forward.lastLogits(tokens(model, target), HookPlan.none()),
                  forward.lastLogits(tokens(model, contrast), HookPlan.none())));
        }
      }
    }
    return new OpeningTokens(found);
  }

  /// Prompts of all sets in turn, up to [#MOST].
  private static List<TokenIds> tokens(ChatModel model, List<List<MapPrompt>> sets) {
    var tokens = new ArrayList<TokenIds>();
    int longest = sets.stream().mapToInt(List::size).max().orElse(0);
    for (int i = 0; i < longest && tokens.size() < MOST; i++) {
      for (var set : sets) {
        if (i < set.size() && tokens.size() < MOST) {
          tokens.add(set.get(i).tokens(model));
        }
      }
    }
    return tokens;
  }

  /// The tokens of a language; where none were found for it, those of the first language that has
  /// some.
  ///
  /// @throws IllegalArgumentException if there are none at all
  Set<Integer> of(String language) {
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
