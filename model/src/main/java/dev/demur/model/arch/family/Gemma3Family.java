package dev.demur.model.arch.family;

import dev.demur.model.arch.QueryKeyNorm;
import dev.demur.model.arch.Rope;
import dev.demur.model.format.UnsupportedModelException;
import java.io.IOException;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// Gemma 3, its text: a Gemma 2 with norms on queries and keys, one RoPE base for layers with a
/// window and one for those without, and no soft caps. Also the language model inside a multimodal
/// Gemma 3.
///
/// Source: Gemma Team 2025 (arXiv 2503.19786).
final class Gemma3Family extends Gemma2Family {

  private static final String TIED = "tie_word_embeddings";

  /// The text part of a multimodal configuration, which says for itself whether embeddings are
  /// tied.
  @Override
  ConfigReader configuration(ConfigReader json) {
    if (!(json.json() instanceof ObjectNode whole)) {
      return json;
    }
    var text =
        whole.get("text_config") instanceof ObjectNode part ? part.deepCopy() : whole.deepCopy();
    text.put("model_type", "gemma3_text");
    if (whole.has("text_config")) {
      text.remove(TIED);
      if (whole.hasNonNull(TIED)) {
        text.set(TIED, whole.get(TIED));
      }
    }
    return new ConfigReader(json.model(), text);
  }

  @Override
  void refuseUnknown(ConfigReader json) throws UnsupportedModelException {
    super.refuseUnknown(json);
    json.object("rope_parameters").object("sliding_attention").only("rope_type", "default");
  }

  @Override
  void refuseLayerwiseRope(ConfigReader json) {}

  @Override
  String root(WeightReader weights) {
    return Multimodal.root(weights, embeddingName(), super.root(weights));
  }

  @Override
  QueryKeyNorm queryKeyNorm(Blueprint plan, int layer) throws IOException {
    return Qwen3Family.eachHead(this, plan, layer);
  }

  @Override
  Rope rope(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    return slides(json, layer)
        ? RopeReader.unscaled(json, json.requireNumber("rope_local_base_freq"), rotary(plan))
        : RopeReader.read(json, json.requireNumber("rope_theta"), rotary(plan));
  }

  @Override
  boolean slides(ConfigReader json, int layer) throws UnsupportedModelException {
    int pattern = json.require("sliding_window_pattern");
    return Windows.slides(json, layer, l -> (l + 1) % pattern != 0);
  }

  /// transformers reads the key and does not use it.
  @Override
  OptionalDouble scoreCap(ConfigReader json) {
    return OptionalDouble.empty();
  }

  @Override
  Pattern unneeded() {
    return Multimodal.unneeded(super.unneeded() + "|language_model\\.lm_head\\.weight");
  }
}
