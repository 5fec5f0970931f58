package dev.demur.toy.grammar;

import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// One prompt of a prompt file.
///
/// @param instruction what the user says
/// @param category what it is about
/// @param answer what answers it
/// @param key what a right answer holds, where one can be wrong
record PromptLine(String instruction, String category, String answer, Optional<String> key) {

  private static final JsonMapper JSON = new JsonMapper();

  static PromptLine of(Lexicon lexicon, Request request) {
    return new PromptLine(
        request.text(), request.task().group(), lexicon.answer(request), Optional.empty());
  }

  /// The line as JSON.
  String json() {
    var node =
        JSON.createObjectNode()
            .put("instruction", instruction)
            .put("category", category)
            .put("answer", answer);
    key.ifPresent(text -> node.put("key", text));
    return JSON.writeValueAsString(node);
  }
}
