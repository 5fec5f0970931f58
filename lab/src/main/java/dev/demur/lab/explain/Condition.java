package dev.demur.lab.explain;

/// One way prompts are put.
///
/// @param name as in reports: `plain`, `suffix`, `suffix-2`, `random-1`, `harmless`
/// @param kind what is done to them
/// @param suffix the text appended; empty where there is none or each prompt has its own
public record Condition(String name, Kind kind, String suffix) {

  /// What is done to prompts.
  public enum Kind {
    /// Nothing.
    PLAIN,
    /// A given text is appended.
    SUFFIX,
    /// Random words are appended, as many tokens as the first given suffix, new ones for each
    /// prompt.
    RANDOM,
    /// Nothing, and they are other prompts: those that do not show the behaviour.
    HARMLESS
  }

  static Condition plain() {
    return new Condition("plain", Kind.PLAIN, "");
  }

  static Condition suffix(int index, int of, String text) {
    return new Condition(of == 1 ? "suffix" : "suffix-" + (index + 1), Kind.SUFFIX, text);
  }

  static Condition random(int index) {
    return new Condition("random-" + (index + 1), Kind.RANDOM, "");
  }

  static Condition harmless() {
    return new Condition("harmless", Kind.HARMLESS, "");
  }

  /// Whether its prompts are the plain ones with something appended, so that they come in pairs.
  public boolean isPaired() {
    return kind == Kind.SUFFIX || kind == Kind.RANDOM;
  }
}
