package dev.demur.model.format.gguf;

import dev.demur.model.format.ModelFormatException;
import tools.jackson.databind.node.ObjectNode;

/// What a family's `config.json` says in words that GGUF does not have.
@FunctionalInterface
interface GgufWords {

  String FULL = "full_attention";
  String SLIDING = "sliding_attention";

  /// Adds them to a configuration that has what the metadata says word by word.
  void add(GgufFacts facts, ObjectNode config) throws ModelFormatException;

  /// Nothing.
  static GgufWords none() {
    return (_, _) -> {};
  }

  /// This, and then others.
  default GgufWords and(GgufWords others) {
    return (facts, config) -> {
      add(facts, config);
      others.add(facts, config);
    };
  }

  /// Which layers have a window, where the file says it layer by layer; where it does not, none
  /// has.
  static GgufWords windows() {
    return (facts, config) -> {
      if (!config.has("sliding_window")) { // a class may assume one
        config.putNull("sliding_window");
      }
      var types = config.putArray("layer_types");
      for (long layer : facts.layers().toArray()) {
        var slides = facts.ofLayer("attention.sliding_window_pattern", (int) layer);
        types.add(slides.orElse(0) == 1 ? SLIDING : FULL);
      }
    };
  }

  /// A flag that is true where the first block has a tensor.
  static GgufWords flag(String key, String tensor) {
    return (facts, config) -> config.put(key, facts.has(0, tensor));
  }

  /// No scaling where the file has none: the class would assume one.
  static GgufWords statedScaling() {
    return (_, config) -> {
      if (!config.has("rope_scaling")) {
        config.putObject("rope_scaling").put("rope_type", "default");
      }
    };
  }

  /// Layers behind the last, which predict further tokens, are no layers in a configuration.
  static GgufWords withoutPredictingLayers() {
    return (facts, config) -> {
      long behind = facts.whole("nextn_predict_layers").orElse(0);
      config.put("num_nextn_predict_layers", behind);
      config.put("num_hidden_layers", facts.whole("block_count").orElse(0) - behind);
    };
  }

  /// LFM2: a layer without keys has a convolution.
  static GgufWords convolutions() {
    return (facts, config) -> {
      var types = config.putArray("layer_types");
      for (long layer : facts.layers().toArray()) {
        types.add(facts.has(layer, "attn_k.weight") ? FULL : "conv");
      }
      config.put("num_key_value_heads", facts.whole("attention.head_count_kv").orElse(0));
    };
  }

  /// Qwen3-Next and Qwen3.5: which layers are recurrent, and how wide a value head is.
  static GgufWords delta() {
    return withoutPredictingLayers()
        .and(
            (facts, config) -> {
              var types = config.putArray("layer_types");
              var dense = config.putArray("mlp_only_layers");
              long count = config.path("num_hidden_layers").asLong(0);
              for (long layer : facts.layers().filter(l -> l < count).toArray()) {
                types.add(facts.has(layer, "ssm_out.weight") ? "linear_attention" : FULL);
                if (!facts.has(layer, "ffn_gate_inp.weight")) {
                  dense.add(layer);
                }
              }
              long heads = facts.whole("ssm.time_step_rank").orElse(0);
              long inner = facts.whole("ssm.inner_size").orElse(0);
              config.put("linear_value_head_dim", heads == 0 ? 0 : inner / heads);
            });
  }

  /// Granite 4: which layers are recurrent, and how wide a head of theirs is.
  static GgufWords mamba() {
    return (facts, config) -> {
      var types = config.putArray("layer_types");
      for (long layer : facts.layers().toArray()) {
        types.add(facts.has(layer, "ssm_out.weight") ? "mamba" : "attention");
      }
      config.put("num_key_value_heads", facts.whole("attention.head_count_kv").orElse(0));
      putRecurrence(facts, config);
      long inner = facts.whole("ssm.inner_size").orElse(0);
      long width = facts.whole("embedding_length").orElse(0);
      config.put("mamba_expand", width == 0 ? 0 : inner / width);
      config.put("attention_bias", anyHas(facts, "attn_q.bias"));
    };
  }

  /// Falcon-H1: its factors are 1, as they are in the matrices already.
  static GgufWords falconH1() {
    return (facts, config) -> {
      if (!facts.has("output.weight")) {
        throw new ModelFormatException(
            facts.metadata().file(),
            "has no output.weight; expected one, as a factor on it cannot be told from the"
                + " embedding's. Use the folder it was made of");
      }
      putRecurrence(facts, config);
      config.put("mamba_rms_norm", anyHas(facts, "ssm_norm.weight"));
      config.putNull("mlp_multipliers");
      config.putNull("ssm_multipliers");
    };
  }

  private static void putRecurrence(GgufFacts facts, ObjectNode config)
      throws ModelFormatException {
    long heads = facts.whole("ssm.time_step_rank").orElse(0);
    long inner = facts.whole("ssm.inner_size").orElse(0);
    config.put("mamba_d_head", heads == 0 ? 0 : inner / heads);
    config.put("mamba_conv_bias", anyHas(facts, "ssm_conv1d.bias"));
    config.put("mamba_proj_bias", anyHas(facts, "ssm_in.bias"));
  }

  /// Ministral 3: how queries grow, and YaRN's mscale. Published models have both of its numbers
  /// alike, and the file has one.
  static GgufWords growingQueries() {
    return (facts, config) -> {
      if (!(config.get("rope_scaling") instanceof ObjectNode scaling)) {
        throw new ModelFormatException(
            facts.metadata().file(), "has queries that grow and no scaling; expected YaRN");
      }
      scaling.put("llama_4_scaling_beta", decimal(facts, "attention.temperature_scale"));
      double mscale = decimal(facts, "rope.scaling.yarn_log_multiplier");
      scaling.put("mscale", mscale).put("mscale_all_dim", mscale);
      if (!config.has("sliding_window")) {
        config.putNull("sliding_window");
      }
    };
  }

  /// The shortest decimal of a float32: the number that was meant.
  private static double decimal(GgufFacts facts, String key) throws ModelFormatException {
    return Double.parseDouble(Float.toString((float) facts.number(key).orElse(0)));
  }

  private static boolean anyHas(GgufFacts facts, String tensor) throws ModelFormatException {
    return facts.layers().anyMatch(layer -> facts.has(layer, tensor));
  }

  /// DeepSeek: how wide the parts of a head are, and how experts are chosen.
  static GgufWords latent() {
    return (facts, config) -> {
      long rotating = facts.whole("rope.dimension_count").orElse(0);
      long key =
          facts
              .whole("attention.key_length_mla")
              .orElse(facts.whole("attention.key_length").orElse(0));
      config.put("qk_rope_head_dim", rotating);
      config.put("qk_nope_head_dim", key - rotating);
      config.put(
          "v_head_dim",
          facts
              .whole("attention.value_length_mla")
              .orElse(facts.whole("attention.value_length").orElse(0)));
      config.set("num_key_value_heads", config.path("num_attention_heads"));
      config.remove("head_dim");
      config.remove("partial_rotary_factor");
      if (!config.has("q_lora_rank")) {
        config.putNull("q_lora_rank");
      }
      boolean grouped = facts.whole("expert_group_count").orElse(1) > 1;
      if (config.path("model_type").asString().equals("deepseek_v2")) {
        config.put("topk_method", grouped ? "group_limited_greedy" : "greedy");
      }
      // The converter multiplies it by 0.1; published models have both numbers alike.
      var all = facts.number("rope.scaling.yarn_log_multiplier");
      if (all.isPresent() && config.get("rope_scaling") instanceof ObjectNode scaling) {
        double mscale = Math.round(all.getAsDouble() * 1e5) / 1e4;
        scaling.put("mscale", mscale).put("mscale_all_dim", mscale);
      }
    };
  }

  /// Gemma 4: layers without a window have heads of their own.
  static GgufWords gemma4() {
    return windows()
        .and(
            (facts, config) -> {
              long wide = facts.whole("attention.key_length").orElse(0);
              config.put("head_dim", facts.whole("attention.key_length_swa").orElse(wide));
              config.remove("partial_rotary_factor");
              putHeads(facts, config, wide);
              putMlps(facts, config);
              statedScaling().add(facts, config);
              config.put("vocab_size_per_layer_input", facts.rows("per_layer_token_embd.weight"));
              if (facts.rows("per_layer_token_embd.weight") == 0) {
                config.remove("vocab_size_per_layer_input");
              }
              config.put("enable_moe_block", facts.has(0, "ffn_gate_inp.weight"));
            });
  }

  private static void putHeads(GgufFacts facts, ObjectNode config, long wide)
      throws ModelFormatException {
    long most = facts.whole("attention.head_count_kv").orElse(0);
    var byLayer = config.putObject("per_layer_config");
    boolean keysAreValues = false;
    long own = facts.layers().count() - facts.whole("attention.shared_kv_layers").orElse(0);
    for (long layer : facts.layers().toArray()) {
      long heads =
          (long) facts.ofLayer("attention.head_count_kv", (int) layer).orElse((double) most);
      if (config.path("layer_types").path((int) layer).asString("").equals(FULL)) {
        byLayer
            .putObject(Long.toString(layer))
            .put("head_dim", wide)
            .put("num_key_value_heads", heads);
        keysAreValues |= layer < own && !facts.has(layer, "attn_v.weight");
      } else {
        config.put("num_key_value_heads", heads);
      }
    }
    if (!facts.isByLayer("attention.head_count_kv")) {
      config.put("num_key_value_heads", most);
    }
    config.put("attention_k_eq_v", keysAreValues);
  }

  private static void putMlps(GgufFacts facts, ObjectNode config) throws ModelFormatException {
    var first = facts.ofLayer("feed_forward_length", 0);
    if (first.isPresent()) {
      config.put("intermediate_size", (long) first.getAsDouble());
      config.put(
          "use_double_wide_mlp",
          facts.whole("feed_forward_length").orElse(0) == 2 * (long) first.getAsDouble());
    }
  }
}
