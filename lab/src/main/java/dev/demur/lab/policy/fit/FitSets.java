package dev.demur.lab.policy.fit;

import java.util.List;

/// Prompts a policy is fitted on. The last quarter of each set, in the order of its file, is kept
/// for choices between candidates; directions are made of the rest.
///
/// @param harmful instructions to refuse
/// @param harmless instructions to follow
/// @param pseudo harmless instructions that sound harmful; empty where no method asks for them
public record FitSets(List<String> harmful, List<String> harmless, List<String> pseudo) {

  private static final int LEAST = 4;

  public FitSets {
    harmful = List.copyOf(harmful);
    harmless = List.copyOf(harmless);
    pseudo = List.copyOf(pseudo);
    if (harmful.size() < LEAST || harmless.size() < LEAST) {
      throw new IllegalArgumentException(
          "a fit needs at least "
              + LEAST
              + " harmful and "
              + LEAST
              + " harmless prompts, got "
              + harmful.size()
              + " and "
              + harmless.size());
    }
  }

  /// What directions are made of.
  static List<String> train(List<String> set) {
    return set.subList(0, set.size() - kept(set));
  }

  /// What candidates are compared on.
  static List<String> validation(List<String> set) {
    return set.subList(set.size() - kept(set), set.size());
  }

  private static int kept(List<String> set) {
    return set.size() / 4;
  }
}
