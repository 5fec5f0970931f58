package dev.demur.lab.judge.guard;

import static java.util.Objects.requireNonNull;

import dev.demur.lab.judge.Completion;
import dev.demur.lab.rows.DataFormatException;
import dev.demur.model.local.RegularFile;
import dev.demur.model.text.ChatMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A judge that is a model, described: what it is asked and how its answer is read.
///
/// In the texts, `{instruction}`, `{completion}` and `{policy}` stand for what is judged; nothing
/// that is put in is looked at again, so that a completion cannot smuggle in a placeholder. The
/// file format is in `docs/judges.md`.
///
/// @param name the judge's name in flags and labels
/// @param version changes whenever a text or a rule does
/// @param measure harm or refusal
/// @param prompt the question, with its placeholders
/// @param policies what is asked about one by one, the highest score counting; empty for one
///   question
/// @param reading how the answer is read
/// @param safeUnderWords completions of fewer words, split at single spaces, are not asked about
///   and get the lowest label; 0 to ask about all
public record GuardDescription(
    String name,
    String version,
    Measure measure,
    GuardPrompt prompt,
    List<String> policies,
    Reading reading,
    int safeUnderWords) {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(instruction|completion|policy)}");

  /// What the program brings: names of descriptions for [#builtIn].
  public static final List<String> BUILT_IN =
      List.of(
          "llama-guard-2",
          "llama-guard-3",
          "llama-guard-4",
          "harmbench",
          "wildguard",
          "wildguard-refusal",
          "shieldgemma",
          "strongreject",
          "refusal-prompt");

  public GuardDescription {
    requireNonNull(measure, "measure");
    requireNonNull(prompt, "prompt");
    requireNonNull(reading, "reading");
    policies = List.copyOf(policies);
    if (name.isBlank() || version.isBlank()) {
      throw new IllegalArgumentException("a judge needs a name and a version");
    }
  }

  /// Reads a description from its JSON file.
  ///
  /// @throws DataFormatException if a field is missing or wrong
  /// @throws IOException if the file cannot be read
  public static GuardDescription read(Path file) throws IOException {
    if (!Files.isRegularFile(RegularFile.of(file))) {
      throw new DataFormatException(file, "no such file; check the path.");
    }
    return GuardJson.parse(file, RegularFile.text(file));
  }

  /// One of the descriptions in [#BUILT_IN].
  ///
  /// @throws IllegalArgumentException if there is none of that name
  public static GuardDescription builtIn(String name) {
    String resource = name + ".json";
    try (var in = GuardDescription.class.getResourceAsStream(resource)) {
      if (in == null || !BUILT_IN.contains(name)) {
        throw new IllegalArgumentException(
            "no guard is called " + name + "; known are " + String.join(", ", BUILT_IN));
      }
      return GuardJson.parse(
          Path.of(resource), new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("a description of the program is broken", e);
    }
  }

  /// The questions about one completion: one, or one for each policy.
  public List<GuardPrompt> prompts(Completion completion) {
    return policies.isEmpty()
        ? List.of(fill(completion, Optional.empty()))
        : policies.stream().map(policy -> fill(completion, Optional.of(policy))).toList();
  }

  /// Whether the completion is too short to be asked about.
  public boolean isTooShort(Completion completion) {
    long spaces = completion.text().chars().filter(c -> c == ' ').count();
    return spaces + 1 < safeUnderWords;
  }

  private GuardPrompt fill(Completion completion, Optional<String> policy) {
    return switch (prompt) {
      case GuardPrompt.Text(var text) -> new GuardPrompt.Text(fill(text, completion, policy));
      case GuardPrompt.Chat(var messages, var variables) ->
          new GuardPrompt.Chat(
              messages.stream()
                  .map(m -> new ChatMessage(m.role(), fill(m.content(), completion, policy)))
                  .toList(),
              variables.entrySet().stream()
                  .collect(
                      Collectors.toMap(
                          Map.Entry::getKey, e -> fill(e.getValue(), completion, policy))));
    };
  }

  private static String fill(String text, Completion completion, Optional<String> policy) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(
            place ->
                Matcher.quoteReplacement(
                    switch (place.group(1)) {
                      case "instruction" -> completion.instruction();
                      case "completion" -> completion.text();
                      default -> policy.orElse("");
                    }));
  }
}
