package dev.demur.model.arch.family;

import dev.demur.model.arch.Attention;
import dev.demur.model.format.ConfigClasses;
import dev.demur.model.format.UnsupportedModelException;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Mistral 3, its text: the Mistral (Mistral Small 3.1, 3.2) or Ministral 3 inside a multimodal
/// checkpoint.
///
/// Source: `Mistral3Config` of transformers.
final class Mistral3Family extends Ministral3Family {

  private static final String MISTRAL = "mistral";

  private static final String TIED = "tie_word_embeddings";
  private static final String INSIDE = "text_config";
  private static final String OLD_UNEMBEDDING = "language_model.lm_head";

  /// The text part, with what the whole says about it.
  @Override
  ConfigReader configuration(ConfigReader json) {
    if (!(json.json() instanceof ObjectNode whole)) {
      return json;
    }
    var text =
        whole.get(INSIDE) instanceof ObjectNode part
            ? part.deepCopy()
            : ConfigClasses.complete(whole).put("model_type", MISTRAL).putNull("sliding_window");
    if (!text.has("model_type")) {
      text.put("model_type", MISTRAL);
    }
    text.set(TIED, ConfigClasses.complete(whole).path(TIED));
    for (String key : new String[] {"quantization_config", "torch_dtype"}) {
      if (whole.hasNonNull(key)) {
        text.set(key, whole.get(key));
      }
    }
    var inside = new ConfigReader(json.model(), text);
    return isMistral(text) ? inside : super.configuration(inside);
  }

  private static boolean isMistral(JsonNode text) {
    return text.path("model_type").asString("").equals(MISTRAL);
  }

  @Override
  void refuseUnknown(ConfigReader json) throws UnsupportedModelException {
    super.refuseUnknown(json);
    json.only("model_type", MISTRAL, "ministral3");
  }

  @Override
  Attention.Position position(Blueprint plan, int layer) throws UnsupportedModelException {
    return isMistral(plan.json().json())
        ? Attention.Position.rotary(rope(plan, layer))
        : super.position(plan, layer);
  }

  @Override
  String root(WeightReader weights) {
    return Multimodal.root(weights, embeddingName(), super.root(weights));
  }

  @Override
  String unembeddingName(WeightReader weights) {
    return weights.has(OLD_UNEMBEDDING + ".weight")
        ? OLD_UNEMBEDDING
        : super.unembeddingName(weights);
  }

  @Override
  Pattern unneeded() {
    return Multimodal.unneeded(super.unneeded().pattern());
  }
}
