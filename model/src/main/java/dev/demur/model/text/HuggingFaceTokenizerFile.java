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

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private HuggingFaceTokenizerFile() {}

  static TokenizerSource read(Path file, JsonNode config) throws IOException {
    ObjectNode json = checked(file, parse(file));
    keepSpacesInOffsets(json.path("post_processor"));
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

  /// A copy of the parts that are known; settings that would cut, pad or vary a prompt behind the
  /// caller's back are left out.
  private static ObjectNode checked(Path file, ObjectNode json) throws IOException {
    if (!json.path("model").isObject()) {
      throw new ModelFormatException(file, "has no \"model\" object, expected a tokenizer");
    }
    ObjectNode copy = JsonNodeFactory.instance.objectNode().put("version", "1.0");
    copy.putNull("truncation").putNull("padding");
    copy.set("added_tokens", addedTokens(file, json.path("added_tokens")));
    copy.set(
        "normalizer",
        TokenizerParts.copy(file, TokenizerParts.NORMALIZERS, json.path("normalizer")));
    copy.set(
        "pre_tokenizer",
        TokenizerParts.copy(file, TokenizerParts.PRE_TOKENIZERS, json.path("pre_tokenizer")));
    copy.set(
        "post_processor",
        TokenizerParts.copy(file, TokenizerParts.POST_PROCESSORS, json.path("post_processor")));
    copy.set("decoder", TokenizerParts.copy(file, TokenizerParts.DECODERS, json.path("decoder")));
    copy.set("model", TokenizerModelPart.copy(file, json.path("model")));
    return copy;
  }

  private static ArrayNode addedTokens(Path file, JsonNode tokens) throws IOException {
    ArrayNode copies = JsonNodeFactory.instance.arrayNode();
    for (JsonNode token : tokens) {
      String content = token.path("content").asString("");
      addToken(copies, Vocabulary.id(file, content, token.path("id")), content, token);
    }
    return copies;
  }

  private static void addToken(ArrayNode tokens, int id, String content, JsonNode flags) {
    ObjectNode copy = tokens.addObject().put("id", id).put("content", content);
    for (String flag : FLAGS) {
      copy.put(flag, flags.path(flag).asBoolean(false));
    }
  }

  /// Lets offsets cover the space a token begins with.
  private static void keepSpacesInOffsets(JsonNode processor) {
    if (processor instanceof ObjectNode object) {
      if (object.has("trim_offsets")) {
        object.put("trim_offsets", false);
      }
      object.path("processors").forEach(HuggingFaceTokenizerFile::keepSpacesInOffsets);
    }
  }

  /// Adds what `added_tokens_decoder` of the config names and the file forgot, as transformers
  /// does.
  private static void addTokens(ObjectNode json, JsonNode config) {
    ArrayNode added = (ArrayNode) json.path("added_tokens");
    Set<String> known = new HashSet<>();
    added.forEach(token -> known.add(token.path("content").asString("")));
    for (Map.Entry<String, JsonNode> entry : config.path("added_tokens_decoder").properties()) {
      String content = entry.getValue().path("content").asString("");
      if (!content.isEmpty() && entry.getKey().matches("\\d{1,7}") && known.add(content)) {
        addToken(added, Integer.parseInt(entry.getKey()), content, entry.getValue());
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
