package dev.demur.lab.judge.guard;

import dev.demur.lab.rows.DataFormatException;
import dev.demur.model.text.ChatMessage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads guard descriptions; each mistake is one line that names the field.
final class GuardJson {

  private final Path file;
  private final JsonNode root;

  private GuardJson(Path file, JsonNode root) {
    this.file = file;
    this.root = root;
  }

  static GuardDescription parse(Path file, String text) throws DataFormatException {
    try {
      return new GuardJson(file, JsonMapper.shared().readTree(text)).description();
    } catch (JacksonException e) {
      throw new DataFormatException(file, "is not JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new DataFormatException(file, String.valueOf(e.getMessage()), e);
    }
  }

  private GuardDescription description() throws DataFormatException {
    var measure = measure();
    return new GuardDescription(
        text(root, "name"),
        text(root, "version"),
        measure,
        prompt(),
        texts("policies"),
        reading(measure),
        root.path("safeUnderWords").asInt(0));
  }

  private Measure measure() throws DataFormatException {
    String measures = text(root, "measures");
    return switch (measures) {
      case "harm" -> Measure.HARM;
      case "refusal" -> Measure.REFUSAL;
      default -> throw wrong("measures must be harm or refusal, was " + measures);
    };
  }

  private GuardPrompt prompt() throws DataFormatException {
    if (root.has("text") == root.has("messages")) {
      throw wrong("give either text (raw) or messages (for the model's chat template)");
    }
    if (root.has("text")) {
      return new GuardPrompt.Text(text(root, "text"));
    }
    var messages = new ArrayList<ChatMessage>();
    for (var message : root.get("messages")) {
      messages.add(new ChatMessage(text(message, "role"), text(message, "content")));
    }
    var variables = new LinkedHashMap<String, String>();
    for (var variable : root.path("variables").properties()) {
      variables.put(variable.getKey(), variable.getValue().asString());
    }
    return new GuardPrompt.Chat(messages, variables);
  }

  private Reading reading(Measure measure) throws DataFormatException {
    if (root.has("answers") == root.has("tokens")) {
      throw wrong("give either answers (patterns) or tokens (logits)");
    }
    return root.has("tokens") ? logits() : words(measure);
  }

  private Reading words(Measure measure) throws DataFormatException {
    var rules = new ArrayList<Reading.Rule>();
    for (var answer : root.get("answers")) {
      String pattern = text(answer, "pattern");
      try {
        rules.add(
            new Reading.Rule(Pattern.compile(pattern), label(measure, text(answer, "label"))));
      } catch (PatternSyntaxException e) {
        throw wrong("pattern " + pattern + " is not a regular expression: " + e.getDescription());
      }
    }
    Optional<String> otherwise =
        root.has("otherwise")
            ? Optional.of(label(measure, text(root, "otherwise")))
            : Optional.empty();
    return new Reading.Words(rules, otherwise, root.path("maxTokens").asInt(20));
  }

  private Reading logits() {
    SequencedMap<String, Double> values = new LinkedHashMap<>();
    for (var token : root.get("tokens").properties()) {
      values.put(token.getKey(), token.getValue().asDouble());
    }
    return new Reading.Logits(values, root.path("threshold").asDouble(0.5));
  }

  private String label(Measure measure, String label) throws DataFormatException {
    if (!measure.labels().contains(label)) {
      throw wrong(
          "labels of %s are %s; found %s"
              .formatted(
                  measure.name().toLowerCase(Locale.ROOT),
                  String.join(", ", measure.labels()),
                  label));
    }
    return label;
  }

  private List<String> texts(String name) {
    var texts = new ArrayList<String>();
    for (var element : root.path(name)) {
      texts.add(element.asString());
    }
    return texts;
  }

  private String text(JsonNode node, String name) throws DataFormatException {
    var value = node.path(name);
    if (!value.isString()) {
      throw wrong("expected a text as " + name);
    }
    return value.stringValue();
  }

  private DataFormatException wrong(String problem) {
    return new DataFormatException(file, problem + ". See docs/judges.md.");
  }
}
