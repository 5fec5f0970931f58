package dev.demur.lab.map.pairs;

import java.util.List;

/// Prompts on which directions are tried.
///
/// @param name for tables
/// @param role what they are
/// @param prompts at least one
public record AskedSet(String name, Role role, List<MapPrompt> prompts) {

  /// What prompts of a set are.
  public enum Role {
    /// The target side of a pair, the part no direction was made of.
    TARGET("target"),
    /// The contrast side of a pair, the same part.
    CONTRAST("contrast"),
    /// A set of its own.
    GIVEN("given"),
    /// Prompts to refuse, of the controlled set.
    HARMFUL("harmful"),
    /// Prompts to follow, of the controlled set.
    BENIGN("benign");

    private final String text;

    Role(String text) {
      this.text = text;
    }

    /// The name in tables.
    public String text() {
      return text;
    }
  }

  public AskedSet {
    prompts = List.copyOf(prompts);
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("set " + name + " holds no prompt");
    }
  }
}
