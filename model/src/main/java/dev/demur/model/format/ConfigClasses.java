package dev.demur.model.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What transformers' configuration classes say about each family: what a key means when it is
/// absent, and which other names it goes by.
///
/// Source: the classes of transformers 5.24, read by `tools/golden/config_defaults.py`; Qwen 1 is
/// not among them, its defaults are those of its own `QWenConfig`.
public final class ConfigClasses {

  private static final String RESOURCE = "/dev/demur/model/config-classes.json";

  private static final SortedMap<String, JsonNode> CLASSES = read();

  private static final String FOUR_STREAMS =
      "keep several streams side by side and give every layer inputs of its own beside them";

  /// Families people ask for whose blocks are of another kind, with what is.
  private static final Map<String, String> NOT_RUN =
      Map.of(
          "gemma3n", FOUR_STREAMS,
          "gemma3n_text", FOUR_STREAMS,
          "deepseek_v32", "let an index choose the tokens that attention sees");

  private ConfigClasses() {}

  /// The families whose checkpoints can be read, by `model_type`.
  public static Set<String> families() {
    return Collections.unmodifiableSet(CLASSES.keySet());
  }

  /// Makes sure that a configuration is of a family this version reads, before anything else of the
  /// model is looked at.
  ///
  /// @param model name of the model, for the message
  /// @throws UnsupportedModelException if it is not; the message lists the families that are
  public static void requireKnown(String model, JsonNode config) throws UnsupportedModelException {
    var type = config.path("model_type");
    if (NOT_RUN.containsKey(type.asString(""))) {
      throw new UnsupportedModelException(
          model
              + ": models of the family "
              + type
              + " "
              + NOT_RUN.get(type.stringValue())
              + "; this version does not compute that. Choose another model.");
    }
    if (!type.isString() || !CLASSES.containsKey(type.stringValue())) {
      throw new UnsupportedModelException(
          model
              + ": model family "
              + (type.isMissingNode() ? "is not named (no \"model_type\")" : type.toString())
              + "; this version knows "
              + String.join(", ", CLASSES.keySet())
              + ".");
    }
  }

  /// A copy of a configuration that says what it left unsaid. A null stays one where a class gives
  /// it a meaning of its own, as `sliding_window` of Mistral.
  ///
  /// @param config in the spelling of transformers 4, of a known family
  public static ObjectNode complete(ObjectNode config) {
    var whole = config.deepCopy();
    var said = CLASSES.get(config.path("model_type").asString(""));
    if (said == null) {
      return whole;
    }
    for (var alias : said.path("aliases").properties()) {
      var value = whole.remove(alias.getKey());
      if (value != null) {
        whole.set(alias.getValue().stringValue(), value);
      }
    }
    for (var usual : said.path("defaults").properties()) {
      boolean unsaid =
          usual.getValue().isObject()
              ? !whole.hasNonNull(usual.getKey())
              : !whole.has(usual.getKey());
      if (unsaid) {
        whole.set(usual.getKey(), usual.getValue().deepCopy());
      }
    }
    return whole;
  }

  private static SortedMap<String, JsonNode> read() {
    try (var in = ConfigClasses.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing; build the module again");
      }
      return BoundedJson.parse(Path.of(RESOURCE), in.readAllBytes())
          .path("classes")
          .properties()
          .stream()
          .collect(
              Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, _) -> a, TreeMap::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
