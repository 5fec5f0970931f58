package dev.demur.lab.prompts;

import dev.demur.lab.Sha256;
import dev.demur.lab.rows.DataFormatException;
import dev.demur.lab.rows.Row;
import dev.demur.lab.rows.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Prompts of an attack that somebody published, each with the plain prompt it was made for, so
/// that both are compared in pairs. Demur brings none and never searches for one.
///
/// @param name what reports call the attack
/// @param plain the plain prompts
/// @param attacked the same prompts under the attack, in the same order
/// @param sha256 of the source
public record AttackedPrompts(String name, PromptSet plain, PromptSet attacked, String sha256) {

  /// The plain prompt, as JailbreakBench's artifacts and HarmBench's files call it.
  private static final List<String> PLAIN =
      List.of("goal", "plain", "behavior_text", "Behavior", "instruction");

  private static final List<String> ATTACKED = List.of("prompt", "attacked", "test_case");
  private static final List<String> CATEGORY = List.of("category", "SemanticCategory");

  public AttackedPrompts {
    if (plain.size() != attacked.size()) {
      throw new IllegalArgumentException(
          "an attack needs a plain prompt for each of its own, had "
              + plain.size()
              + " and "
              + attacked.size());
    }
  }

  /// Reads an artifact of JailbreakBench, or a file with a column for the plain prompt (`goal`) and
  /// one for the attacked (`prompt`). Where the attack found no prompt, as an artifact's null says,
  /// the plain one stands in its place: the attack failed.
  ///
  /// @param name of the attack
  /// @throws DataFormatException if a row lacks its plain prompt, or no row has an attacked one
  /// @throws IOException if the file cannot be read
  public static AttackedPrompts read(Path file, String name) throws IOException {
    var read = Rows.read(file);
    var plain = new ArrayList<LabelledPrompt>();
    var attacked = new ArrayList<LabelledPrompt>();
    int found = 0;
    for (var row : read.rows()) {
      String goal = goal(file, row);
      var prompt = row.first(ATTACKED).filter(text -> !text.isBlank());
      var category = row.first(CATEGORY).filter(text -> !text.isBlank());
      plain.add(new LabelledPrompt(goal, category));
      attacked.add(new LabelledPrompt(prompt.orElse(goal), category));
      found += prompt.isPresent() ? 1 : 0;
    }
    if (found == 0) {
      throw new DataFormatException(
          file,
          "holds no attacked prompt; expected a column named "
              + String.join(" or ", ATTACKED)
              + ". Give an artifact of JailbreakBench, or a file with goal and prompt.");
    }
    return new AttackedPrompts(
        name,
        new PromptSet("plain prompts of " + name, plain, hash(plain)),
        new PromptSet(name, attacked, hash(attacked)),
        read.sha256());
  }

  private static String goal(Path file, Row row) throws DataFormatException {
    Optional<String> goal = row.first(PLAIN).filter(text -> !text.isBlank());
    if (goal.isEmpty()) {
      throw new DataFormatException(
          file,
          row.place(),
          "expected the plain prompt in a column named %s; found %s. Name the one that holds it."
              .formatted(String.join(" or ", PLAIN), String.join(", ", row.fields().keySet())));
    }
    return goal.get();
  }

  /// The same words behind every prompt of a set.
  ///
  /// @param suffix as it is appended, with the space before it
  public static AttackedPrompts suffixed(String name, PromptSet plain, String suffix) {
    var attacked =
        plain.prompts().stream()
            .map(prompt -> new LabelledPrompt(prompt.instruction() + suffix, prompt.category()))
            .toList();
    return new AttackedPrompts(
        name, plain, new PromptSet(name, attacked, hash(attacked)), Sha256.ofText(suffix));
  }

  /// The first pairs.
  ///
  /// @param most at most so many, at least one
  public AttackedPrompts first(int most) {
    return most >= plain.size()
        ? this
        : new AttackedPrompts(name, first(plain, most), first(attacked, most), sha256);
  }

  private static PromptSet first(PromptSet set, int most) {
    var prompts = set.prompts().subList(0, most);
    return new PromptSet(set.name(), prompts, hash(prompts));
  }

  private static String hash(List<LabelledPrompt> prompts) {
    return Sha256.ofText(
        String.join("\n", prompts.stream().map(LabelledPrompt::instruction).toList()) + "\n");
  }
}
