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

  private static final double GLOBAL_THETA = 1_000_000;
  private static final double LOCAL_THETA = 10_000;
  private static final int WINDOWED_IN_A_ROW = 6;

  /// Where a multimodal checkpoint keeps its language model, older spelling first.
  private static final String[] ROOTS = {"language_model.model.", "model.language_model."};

  /// What the text configuration of a multimodal checkpoint leaves unsaid.
  private static final int HEADS = 8;

  private static final int KV_HEADS = 4;
  private static final int VOCAB = 262_208;

  @Override
  ConfigReader configuration(ConfigReader json) {
    if (!(json.json().get("text_config") instanceof ObjectNode text)) {
      return json;
    }
    var whole = text.deepCopy();
    setIfAbsent(whole, "num_attention_heads", HEADS);
    setIfAbsent(whole, "num_key_value_heads", KV_HEADS);
    setIfAbsent(whole, "vocab_size", VOCAB);
    return new ConfigReader(json.model(), whole);
  }

  private static void setIfAbsent(ObjectNode json, String key, int value) {
    if (!json.hasNonNull(key)) {
      json.put(key, value);
    }
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
    for (String root : ROOTS) {
      if (weights.has(root + "embed_tokens.weight")) {
        return root;
      }
    }
    return super.root(weights);
  }

  @Override
  QueryKeyNorm queryKeyNorm(Blueprint plan, int layer) throws IOException {
    return Qwen3Family.eachHead(this, plan, layer);
  }

  @Override
  Rope rope(Blueprint plan, int layer) throws UnsupportedModelException {
    var json = plan.json();
    return slides(json, layer)
        ? RopeReader.unscaled(json, json.orElse("rope_local_base_freq", LOCAL_THETA), rotary(plan))
        : RopeReader.read(json, json.orElse("rope_theta", GLOBAL_THETA), rotary(plan));
  }

  @Override
  boolean slides(ConfigReader json, int layer) throws UnsupportedModelException {
    int pattern = json.orElse("sliding_window_pattern", WINDOWED_IN_A_ROW);
    return Windows.slides(json, layer, l -> (l + 1) % pattern != 0);
  }

  @Override
  OptionalDouble usualScoreCap() {
    return OptionalDouble.empty();
  }

  @Override
  OptionalDouble usualLogitCap() {
    return OptionalDouble.empty();
  }

  @Override
  Pattern unneeded() {
    return Pattern.compile(
        super.unneeded()
            + "|language_model\\.lm_head\\.weight"
            + "|(model\\.)?(vision_tower|multi_modal_projector)\\..*");
  }
}
