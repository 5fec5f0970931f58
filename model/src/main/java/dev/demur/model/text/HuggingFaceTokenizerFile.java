package dev.demur.model.text;

import dev.demur.model.format.ModelFormatException;
import dev.demur.model.local.RegularFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads `tokenizer.json` and what `tokenizer_config.json` adds to it.
final class HuggingFaceTokenizerFile {

  /// The largest published file (262,144 tokens) has 33 MB.
  private static final long MAX_BYTES = 128L << 20;

  private static final List<String> FLAGS =
      List.of("single_word", "lstrip", "rstrip", "normalized", "special");

  /// The largest published file has 2.9 million; each takes up to a hundred bytes of memory.
  private static final long MAX_TOKENS = 6_000_000;

  private static final int MAX_DEPTH = 64;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxDocumentLength(MAX_BYTES)
                          .maxTokenCount(MAX_TOKENS)
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(100)
                          .maxStringLength((int) MAX_BYTES)
                          .build())
                  .build())
          .build();

  private HuggingFaceTokenizerFile() {}

  static TokenizerSource read(Path file, JsonNode config) throws IOException {
    ObjectNode json = parse(file);
    addTokens(json, config);
    return new TokenizerSource(file, json, specialTokens(config));
  }

  private static ObjectNode parse(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MAX_BYTES) {
      throw new ModelFormatException(
          file, "has " + size + " bytes, a tokenizer has at most " + MAX_BYTES);
    }
    try {
      if (JSON.readTree(RegularFile.bytes(file)) instanceof ObjectNode json) {
        return json;
      }
    } catch (JacksonException e) {
      throw new ModelFormatException(
          file,
          "is not JSON: "
              + e.getOriginalMessage().lines().findFirst().orElse("")
              + ". Fetch the file again",
          e);
    }
    throw new ModelFormatException(file, "holds no JSON object, expected a tokenizer");
  }

  /// Adds what `added_tokens_decoder` of the config names and the file forgot, as transformers
  /// does.
  private static void addTokens(ObjectNode json, JsonNode config) {
    ArrayNode added =
        json.path("added_tokens") instanceof ArrayNode tokens
            ? tokens
            : json.putArray("added_tokens");
    Set<String> known = new HashSet<>();
    added.forEach(token -> known.add(token.path("content").asString("")));
    for (Map.Entry<String, JsonNode> entry : config.path("added_tokens_decoder").properties()) {
      String content = entry.getValue().path("content").asString("");
      if (!content.isEmpty() && entry.getKey().matches("\\d{1,7}") && known.add(content)) {
        ObjectNode token = added.addObject().put("id", Integer.parseInt(entry.getKey()));
        token.put("content", content);
        for (String flag : FLAGS) {
          token.put(flag, entry.getValue().path(flag).asBoolean(false));
        }
      }
    }
  }

  /// Every `…_token` of a `tokenizer_config.json` that is a text or an added-token object.
  static Map<String, String> specialTokens(JsonNode config) {
    Map<String, String> tokens = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : config.properties()) {
      JsonNode value =
          entry.getValue().isObject() ? entry.getValue().path("content") : entry.getValue();
      if (entry.getKey().endsWith("_token") && value.isString()) {
        tokens.put(entry.getKey(), value.asString());
      }
    }
    return tokens;
  }

  /// An empty config.
  static JsonNode noConfig() {
    return JsonNodeFactory.instance.objectNode();
  }
}
