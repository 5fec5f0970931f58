package dev.demur.lab.map.pairs;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.List;

/// Two sets of prompts, the difference of which is a direction.
///
/// @param name of the direction
/// @param target prompts, or answers, that show the behaviour
/// @param contrast prompts, or answers, that do not
public record Pair(String name, List<MapPrompt> target, List<MapPrompt> contrast) {

  /// Fewer of a side leave nothing to take a mean of and something to ask.
  public static final int LEAST = 4;

  public Pair {
    requireNonNull(name, "name");
    target = List.copyOf(target);
    contrast = List.copyOf(contrast);
    if (name.isBlank()) {
      throw new IllegalArgumentException("a pair needs a name");
    }
    requireEnough(name, "target", target);
    requireEnough(name, "contrast", contrast);
    var both = new HashSet<>(target.stream().map(MapPrompt::text).toList());
    both.retainAll(contrast.stream().map(MapPrompt::text).toList());
    if (!both.isEmpty()) {
      throw new IllegalArgumentException(
          "pair "
              + name
              + ": "
              + both.size()
              + " of the target prompts also stand on the contrast side; a prompt can be on one"
              + " side only");
    }
  }

  private static void requireEnough(String name, String side, List<MapPrompt> prompts) {
    if (prompts.size() < LEAST) {
      throw new IllegalArgumentException(
          "pair "
              + name
              + ": the "
              + side
              + " side has "
              + prompts.size()
              + " prompts; at least "
              + LEAST
              + " are needed");
    }
  }

  /// The language of its target prompts.
  public String language() {
    return target.getFirst().language();
  }

  /// Whether it is about answers.
  public boolean isOfAnswers() {
    return target.getFirst().answer().isPresent() || contrast.getFirst().answer().isPresent();
  }

  /// Whether the template presents its prompts, and nothing follows them.
  public boolean isOfChats() {
    return !isOfAnswers() && target.getFirst().form() == Form.CHAT;
  }
}
