package dev.demur.lab.explain;

import dev.demur.lab.Seeds;
import dev.demur.lab.prompts.PromptSampler;
import dev.demur.lab.prompts.PromptSet;
import java.util.List;
import java.util.stream.Collectors;

/// The prompts of an explanation.
///
/// @param harmful prompts that show the behaviour
/// @param harmless prompts that do not
/// @param suffixes texts to append to harmful prompts, each a condition of its own; may be empty
public record ExplainData(PromptSet harmful, PromptSet harmless, List<String> suffixes) {

  public ExplainData {
    suffixes = List.copyOf(suffixes);
    for (String suffix : suffixes) {
      if (suffix.isBlank()) {
        throw new IllegalArgumentException("a suffix must not be blank");
      }
    }
  }

  /// Prompts drawn from several sets together, as the paper draws 128 from two.
  ///
  /// @param harmful sets that show the behaviour
  /// @param harmless a set that does not
  /// @param prompts at most so many of each kind
  public static ExplainData drawn(
      List<PromptSet> harmful, PromptSet harmless, int prompts, Seeds seeds) {
    String name = harmful.stream().map(PromptSet::name).collect(Collectors.joining(" and "));
    var all = harmful.stream().flatMap(set -> set.instructions().stream()).toList();
    return new ExplainData(
        drawn("explain-harmful", PromptSet.of(name, all), prompts, seeds),
        drawn("explain-harmless", harmless, prompts, seeds),
        List.of());
  }

  private static PromptSet drawn(String stage, PromptSet set, int prompts, Seeds seeds) {
    if (set.size() <= prompts) {
      return set;
    }
    var chosen = new PromptSampler.Seeded(seeds).indices(stage, set.size(), prompts);
    return PromptSet.of(set.name(), chosen.stream().map(set.instructions()::get).toList());
  }
}
