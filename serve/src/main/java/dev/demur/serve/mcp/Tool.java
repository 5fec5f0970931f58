package dev.demur.serve.mcp;

import dev.demur.serve.api.Fields;
import dev.demur.serve.api.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Something an assistant can call.
///
/// @param name as it is called
/// @param title as people see it
/// @param description what it does, for the assistant
/// @param schema JSON Schema of its arguments
/// @param work does it; returns an object of JSON
record Tool(String name, String title, String description, JsonNode schema, Work work) {

  /// What a tool does.
  @FunctionalInterface
  interface Work {

    /// @throws dev.demur.serve.api.ApiException if an argument is not as it must be
    String of(Fields arguments) throws IOException;
  }

  /// @param schema as a text of JSON
  static Tool of(String name, String title, String description, String schema, Work work) {
    return new Tool(name, title, description, tree(schema), work);
  }

  static JsonNode tree(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8)).node();
  }

  /// What lists say of it. It reads, and asks nobody.
  Map<String, Object> told() {
    var all = new LinkedHashMap<String, Object>();
    all.put("name", name);
    all.put("title", title);
    all.put("description", description);
    all.put("inputSchema", schema);
    all.put(
        "annotations",
        Map.of("readOnlyHint", true, "idempotentHint", true, "openWorldHint", false));
    return all;
  }
}
