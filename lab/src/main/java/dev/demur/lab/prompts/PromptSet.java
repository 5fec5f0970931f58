package dev.demur.lab.prompts;

import dev.demur.lab.Sha256;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/// A named list of prompts, in the order of its source.
///
/// @param name what reports call it, for example `harmful_train`
/// @param prompts at least one
/// @param sha256 hash of the source's bytes, 64 hexadecimal digits; for a set made in memory, of
///   its instructions, each followed by a newline
public record PromptSet(String name, List<LabelledPrompt> prompts, String sha256) {

  private static final int SHA256_DIGITS = 64;

  public PromptSet {
    prompts = List.copyOf(prompts);
    if (name.isBlank()) {
      throw new IllegalArgumentException("a prompt set needs a name");
    }
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("prompt set " + name + " holds no prompt");
    }
    if (sha256.length() != SHA256_DIGITS) {
      throw new IllegalArgumentException("sha256 must be 64 hexadecimal digits, was " + sha256);
    }
  }

  /// A set made in memory.
  public static PromptSet of(String name, List<String> instructions) {
    return new PromptSet(
        name,
        instructions.stream().map(LabelledPrompt::of).toList(),
        Sha256.ofText(String.join("\n", instructions) + "\n"));
  }

  /// Its first prompts, or all where there are no more.
  ///
  /// @param count at least 1
  public PromptSet first(int count) {
    return count >= size() ? this : of(name, instructions().subList(0, count));
  }

  /// How many prompts there are.
  public int size() {
    return prompts.size();
  }

  /// The instructions alone, in order.
  public List<String> instructions() {
    return prompts.stream().map(LabelledPrompt::instruction).toList();
  }

  /// The prompts at these indices, in the order of the indices.
  public List<LabelledPrompt> at(List<Integer> indices) {
    return indices.stream().map(prompts::get).toList();
  }

  /// How many prompts each category has, by name; prompts without one are not counted.
  public SequencedMap<String, Integer> categories() {
    var counts = new TreeMap<String, Integer>();
    for (var prompt : prompts) {
      prompt.category().ifPresent(category -> counts.merge(category, 1, Integer::sum));
    }
    return counts;
  }
}
