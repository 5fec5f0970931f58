package dev.demur.model.text.tokens;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// The tokens a post-processor puts around one text.
///
/// Source: `tokenizers/src/processors`.
///
/// @param before ids in front
/// @param after ids behind
record Surrounding(List<Integer> before, List<Integer> after) {

  private static final int MAX_PIECES = 1000;

  Surrounding {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  /// What all parts of a `post_processor` put around a text together.
  static Surrounding of(Parts parts, JsonNode part, int tokens) throws IOException {
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    for (Surrounding one :
        parts.all(part, "processors", (node, type) -> of(parts, node, type, tokens))) {
      before.addAll(0, one.before());
      after.addAll(one.after());
    }
    return new Surrounding(before, after);
  }

  private static Surrounding of(Parts parts, JsonNode part, String type, int tokens)
      throws IOException {
    return switch (type) {
      case "ByteLevel" -> new Surrounding(List.of(), List.of());
      case "BertProcessing", "RobertaProcessing" ->
          new Surrounding(
              List.of(id(parts, part.path("cls").path(1), tokens)),
              List.of(id(parts, part.path("sep").path(1), tokens)));
      case "TemplateProcessing" -> template(parts, part, tokens);
      default -> throw parts.unknown("post-processor", type);
    };
  }

  private static int id(Parts parts, JsonNode id, int tokens) throws IOException {
    if (!id.isInt() || id.asInt() < 0 || id.asInt() >= tokens) {
      throw parts.problem(
          String.format(
              Locale.ROOT,
              "puts token %s around a text, expected an id of 0 to %d",
              Parts.shortened(id.toString()),
              tokens - 1));
    }
    return id.asInt();
  }

  private static Surrounding template(Parts parts, JsonNode part, int tokens) throws IOException {
    JsonNode pieces = part.path("single");
    if (!pieces.isArray() || pieces.size() > MAX_PIECES) {
      throw parts.problem("has a template without its list \"single\"");
    }
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    boolean text = false;
    for (JsonNode piece : pieces) {
      if (piece.path("Sequence").path("id").asString("").equals("A") && !text) {
        text = true;
      } else {
        String name = piece.path("SpecialToken").path("id").asString("");
        JsonNode ids = part.path("special_tokens").path(name).path("ids");
        if (!ids.isArray() || ids.isEmpty() || ids.size() > MAX_PIECES) {
          throw parts.problem("has a template with a piece that is not defined");
        }
        for (JsonNode id : ids) {
          (text ? after : before).add(id(parts, id, tokens));
        }
      }
    }
    if (!text || before.size() + after.size() > MAX_PIECES) {
      throw parts.problem("has a template without the text, or with too many tokens");
    }
    return new Surrounding(before, after);
  }
}
