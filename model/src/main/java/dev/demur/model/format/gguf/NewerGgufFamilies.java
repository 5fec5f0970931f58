package dev.demur.model.format.gguf;

import static java.util.Map.entry;

import dev.demur.model.format.gguf.GgufFamily.Layout;
import java.util.Map;

/// The GGUF architectures of models since 2024; see [GgufFamilies].
final class NewerGgufFamilies {

  /// `expert_gating_func` of experts rated by sigmoids.
  static final long SIGMOID = 2;

  /// Norms on what attention and MLP write.
  static final Map<String, String> AFTER =
      Map.of(
          "post_attention_norm", "post_attention_layernorm",
          "post_ffw_norm", "post_feedforward_layernorm");

  private static final Map<String, String> SHARED_EXPERTS =
      Map.of(
          "ffn_gate_inp", "mlp.gate",
          "ffn_gate_exps", "mlp.experts.{e}.gate_proj",
          "ffn_up_exps", "mlp.experts.{e}.up_proj",
          "ffn_down_exps", "mlp.experts.{e}.down_proj",
          "ffn_gate_shexp", "mlp.shared_experts.gate_proj",
          "ffn_up_shexp", "mlp.shared_experts.up_proj",
          "ffn_down_shexp", "mlp.shared_experts.down_proj",
          "exp_probs_b.bias", "mlp.gate.e_score_correction_bias");

  private static final Map<String, String> SHARED_EXPERT_KEYS =
      Map.of(
          "expert_count", "n_routed_experts",
          "expert_used_count", "num_experts_per_tok",
          "expert_shared_count", "n_shared_experts",
          "expert_feed_forward_length", "moe_intermediate_size",
          "expert_group_count", "n_group",
          "expert_group_used_count", "topk_group",
          "expert_weights_scale", "routed_scaling_factor",
          "expert_weights_norm", "norm_topk_prob",
          "leading_dense_block_count", "first_k_dense_replace");

  private NewerGgufFamilies() {}

  static Map<String, GgufFamily> all() {
    return Map.ofEntries(
        entry("apertus", apertus()),
        entry("cohere2", cohere2()),
        entry("command-r", commandR()),
        entry("deepseek2", deepseek("deepseek_v2", "DeepseekV2ForCausalLM")),
        entry("ernie4_5", ernie()),
        entry("ernie4_5-moe", ernieMoe()),
        entry("exaone-moe", exaoneMoe()),
        entry("exaone4", exaone4()),
        entry("falcon-h1", MixedGgufFamilies.falconH1()),
        entry("gemma4", MixedGgufFamilies.gemma4()),
        entry("glm4", glm4()),
        entry("glm4moe", glm4Moe()),
        entry("granitehybrid", MixedGgufFamilies.graniteHybrid()),
        entry("granitemoe", graniteMoe()),
        entry("lfm2", MixedGgufFamilies.lfm2()),
        entry("lfm2moe", MixedGgufFamilies.lfm2Moe()),
        entry("minimax-m2", miniMax()),
        entry("mistral3", ministral3()),
        entry("olmo", olmo()),
        entry("phi2", phi2()),
        entry(
            "qwen3next",
            MixedGgufFamilies.delta("qwen3_next", "Qwen3NextForCausalLM", Layout.DELTA)
                .withConstants(Map.of("norm_topk_prob", true, "decoder_sparse_step", 1))),
        entry(
            "qwen35",
            MixedGgufFamilies.delta("qwen3_5_text", "Qwen3_5ForCausalLM", Layout.TILED_DELTA)),
        entry(
            "qwen35moe",
            MixedGgufFamilies.delta(
                "qwen3_5_moe_text", "Qwen3_5MoeForCausalLM", Layout.TILED_DELTA)));
  }

  private static GgufFamily apertus() {
    return GgufFamily.likeLlama("apertus", "ApertusForCausalLM")
        .withConstants(Map.of("hidden_act", "xielu"))
        .withBlockNames(
            Map.of("attn_norm", "attention_layernorm", "ffn_norm", "feedforward_layernorm"))
        .withLayout(Layout.XIELU)
        .withWords(GgufWords.statedScaling());
  }

  private static GgufFamily commandR() {
    return GgufFamily.likeLlama("cohere", "CohereForCausalLM")
        .withKeys(Map.of("logit_scale", "logit_scale"))
        .withWords(GgufWords.flag("use_qk_norm", "attn_q_norm.weight"));
  }

  private static GgufFamily cohere2() {
    return GgufFamily.likeLlama("cohere2", "Cohere2ForCausalLM")
        .withKeys(Map.of("logit_scale", "logit_scale"))
        .withConstants(Map.of("sliding_window_pattern", 4));
  }

  private static GgufFamily ernie() {
    return GgufFamily.likeLlama("ernie4_5", "Ernie4_5ForCausalLM")
        .withWords(GgufWords.flag("use_bias", "attn_q.bias"));
  }

  private static GgufFamily ernieMoe() {
    return GgufFamily.likeLlama("ernie4_5_moe", "Ernie4_5_MoeForCausalLM")
        .withKeys(
            Map.of(
                "expert_count", "moe_num_experts",
                "expert_used_count", "moe_k",
                "expert_shared_count", "moe_num_shared_experts",
                "expert_feed_forward_length", "moe_intermediate_size",
                "interleave_moe_layer_step", "moe_layer_interval",
                "leading_dense_block_count", "moe_layer_start_index"))
        .withConstants(Map.of("moe_layer_end_index", -1, "use_bias", false))
        .withBlockNames(SHARED_EXPERTS)
        .withBlockNames(Map.of("exp_probs_b.bias", "mlp.moe_statics.e_score_correction_bias"));
  }

  private static GgufFamily exaone4() {
    return GgufFamily.likeLlama("exaone4", "Exaone4ForCausalLM")
        .withBlockNames(AFTER)
        .withWords(GgufWords.windows());
  }

  private static GgufFamily exaoneMoe() {
    return GgufFamily.likeLlama("exaone_moe", "ExaoneMoeForCausalLM")
        .withKeys(SHARED_EXPERT_KEYS)
        .withKeys(
            Map.of("expert_count", "num_experts", "expert_shared_count", "num_shared_experts"))
        .withBlockNames(SHARED_EXPERTS)
        .withWords(GgufWords.windows().and(GgufWords.withoutPredictingLayers()));
  }

  private static GgufFamily glm4() {
    return GgufFamily.likeLlama("glm4", "Glm4ForCausalLM")
        .withBlockNames(
            Map.of(
                "ffn_up", "mlp.gate_up_proj",
                "post_attention_norm", "post_self_attn_layernorm",
                "post_ffw_norm", "post_mlp_layernorm"));
  }

  private static GgufFamily glm4Moe() {
    return GgufFamily.likeLlama("glm4_moe", "Glm4MoeForCausalLM")
        .withKeys(SHARED_EXPERT_KEYS)
        .withBlockNames(SHARED_EXPERTS)
        .withBlockNames(Map.of("post_attention_norm", "post_attention_layernorm"))
        .withWords(
            GgufWords.flag("use_qk_norm", "attn_q_norm.weight")
                .and(GgufWords.withoutPredictingLayers()));
  }

  private static GgufFamily deepseek(String type, String className) {
    return GgufFamily.likeLlama(type, className)
        .withKeys(SHARED_EXPERT_KEYS)
        .withKeys(
            Map.of(
                "attention.kv_lora_rank", "kv_lora_rank",
                "attention.q_lora_rank", "q_lora_rank"))
        .withBlockNames(SHARED_EXPERTS)
        .withBlockNames(
            Map.of(
                "attn_kv_a_mqa", "self_attn.kv_a_proj_with_mqa",
                "attn_kv_a_norm", "self_attn.kv_a_layernorm",
                "attn_kv_b", "self_attn.kv_b_proj",
                "attn_q_a", "self_attn.q_a_proj",
                "attn_q_a_norm", "self_attn.q_a_layernorm",
                "attn_q_b", "self_attn.q_b_proj"))
        .withLayout(Layout.LATENT)
        .withWords(GgufWords.latent());
  }

  static GgufFamily deepseek3() {
    return deepseek("deepseek_v3", "DeepseekV3ForCausalLM");
  }

  static GgufFamily graniteMoe() {
    return GgufFamily.likeLlama("granitemoeshared", "GraniteMoeSharedForCausalLM")
        .withKeys(
            Map.of(
                "attention.scale", "attention_multiplier",
                "embedding_scale", "embedding_multiplier",
                "residual_scale", "residual_multiplier",
                "logit_scale", "logits_scaling",
                "expert_count", "num_local_experts",
                "expert_used_count", "num_experts_per_tok",
                "expert_shared_feed_forward_length", "shared_intermediate_size"))
        .withBlockNames(
            Map.of(
                "ffn_gate_inp", "block_sparse_moe.router.layer",
                "ffn_gate_exps", "block_sparse_moe.experts.{e}.gate_proj",
                "ffn_up_exps", "block_sparse_moe.experts.{e}.up_proj",
                "ffn_down_exps", "block_sparse_moe.experts.{e}.down_proj",
                "ffn_gate_shexp", "shared_mlp.gate_proj",
                "ffn_up_shexp", "shared_mlp.up_proj",
                "ffn_down_shexp", "shared_mlp.down_proj"))
        .withLayout(Layout.ROTARY_PAIRS)
        .withWords(
            (facts, config) -> {
              if (!config.has("shared_intermediate_size")) {
                config.put("shared_intermediate_size", 0);
              }
            });
  }

  private static GgufFamily miniMax() {
    return GgufFamily.likeLlama("minimax_m2", "MiniMaxM2ForCausalLM")
        .withKeys(
            Map.of(
                "expert_count", "num_local_experts",
                "expert_used_count", "num_experts_per_tok"))
        .withBlockNames(
            Map.of(
                "ffn_gate_inp", "block_sparse_moe.gate",
                "ffn_gate_exps", "block_sparse_moe.experts.{e}.w1",
                "ffn_down_exps", "block_sparse_moe.experts.{e}.w2",
                "ffn_up_exps", "block_sparse_moe.experts.{e}.w3",
                "exp_probs_b.bias", "block_sparse_moe.e_score_correction_bias"));
  }

  private static GgufFamily ministral3() {
    return GgufFamily.likeLlama("ministral3", "Ministral3ForCausalLM")
        .withLayout(Layout.ROTARY_PAIRS)
        .withWords(GgufWords.growingQueries());
  }

  private static GgufFamily olmo() {
    return GgufFamily.likeLlama("olmo", "OlmoForCausalLM")
        .withKeys(Map.of("attention.clamp_kqv", "clip_qkv"))
        .withLayout(Layout.ROTARY_PAIRS);
  }

  /// OLMo-3 goes by the name of OLMo-2.
  static GgufFamily olmo3() {
    return GgufFamily.likeLlama("olmo3", "Olmo3ForCausalLM")
        .withKeys(Map.of("rope.freq_base_swa", "rope_local_base_freq"))
        .withBlockNames(AFTER)
        .withWords(GgufWords.windows());
  }

  private static GgufFamily phi2() {
    return GgufFamily.likeLlama("phi", "PhiForCausalLM")
        .withConstants(Map.of("qk_layernorm", false))
        .withTensorNames(Map.of("output_norm", "model.final_layernorm"))
        .withBlockNames(
            Map.of("attn_output", "self_attn.dense", "ffn_up", "mlp.fc1", "ffn_down", "mlp.fc2"))
        .withWords(
            (facts, config) ->
                // The converter writes four times the stream's width, whatever it is.
                config.put("intermediate_size", facts.rows("blk.0.ffn_up.weight")));
  }
}
