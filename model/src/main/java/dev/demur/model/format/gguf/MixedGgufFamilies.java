package dev.demur.model.format.gguf;

import static java.util.Map.entry;

import dev.demur.model.format.gguf.GgufFamily.Layout;
import java.util.HashMap;
import java.util.Map;

/// The GGUF architectures whose layers are of several kinds; see [NewerGgufFamilies].
final class MixedGgufFamilies {

  private static final Map<String, String> MAMBA_KEYS =
      Map.of(
          "ssm.conv_kernel", "mamba_d_conv",
          "ssm.state_size", "mamba_d_state",
          "ssm.group_count", "mamba_n_groups",
          "ssm.time_step_rank", "mamba_n_heads");

  private static final Map<String, String> MAMBA_BLOCK =
      Map.of(
          "ssm_a", "mamba.A_log",
          "ssm_d", "mamba.D",
          "ssm_dt.bias", "mamba.dt_bias",
          "ssm_conv1d", "mamba.conv1d",
          "ssm_in", "mamba.in_proj",
          "ssm_norm", "mamba.norm",
          "ssm_out", "mamba.out_proj");

  private MixedGgufFamilies() {}

  static GgufFamily gemma4() {
    return GgufFamily.likeLlama("gemma4_text", "Gemma4ForCausalLM")
        .withKeys(
            Map.of(
                "attention.shared_kv_layers", "num_kv_shared_layers",
                "embedding_length_per_layer_input", "hidden_size_per_layer_input",
                "final_logit_softcapping", "final_logit_softcapping",
                "rope.freq_base_swa", "rope_local_base_freq",
                "expert_count", "num_experts",
                "expert_used_count", "top_k_experts",
                "expert_feed_forward_length", "moe_intermediate_size"))
        .withConstants(Map.of("hidden_activation", "gelu_pytorch_tanh"))
        .withTensorNames(
            Map.of(
                "per_layer_token_embd", "model.embed_tokens_per_layer",
                "per_layer_model_proj", "model.per_layer_model_projection",
                "per_layer_proj_norm", "model.per_layer_projection_norm"))
        .withBlockNames(gemma4Block())
        .withWords(GgufWords.gemma4());
  }

  private static Map<String, String> gemma4Block() {
    var names = new HashMap<>(NewerGgufFamilies.AFTER);
    names.putAll(
        Map.ofEntries(
            entry("ffn_norm", "pre_feedforward_layernorm"),
            entry("pre_ffw_norm_2", "pre_feedforward_layernorm_2"),
            entry("post_ffw_norm_1", "post_feedforward_layernorm_1"),
            entry("post_ffw_norm_2", "post_feedforward_layernorm_2"),
            entry("layer_output_scale.weight", "layer_scalar"),
            entry("inp_gate", "per_layer_input_gate"),
            entry("proj", "per_layer_projection"),
            entry("post_norm", "post_per_layer_input_norm"),
            entry("ffn_gate_inp", "router.proj"),
            entry("ffn_gate_inp.scale", "router.scale"),
            entry("ffn_gate_up_exps.weight", "experts.gate_up_proj"),
            entry("ffn_down_exps.weight", "experts.down_proj"),
            entry("ffn_down_exps.scale", "router.per_expert_scale")));
    return names;
  }

  static GgufFamily lfm2() {
    return GgufFamily.likeLlama("lfm2", "Lfm2ForCausalLM")
        .withKeys(
            Map.of(
                "attention.layer_norm_rms_epsilon",
                "norm_eps",
                "shortconv.l_cache",
                "conv_L_cache"))
        .withConstants(Map.of("block_auto_adjust_ff_dim", false, "conv_bias", false))
        .withTensorNames(
            Map.of(
                "token_embd_norm", "model.embedding_norm", "output_norm", "model.embedding_norm"))
        .withBlockNames(
            Map.ofEntries(
                entry("attn_norm", "operator_norm"),
                entry("ffn_norm", "ffn_norm"),
                entry("ffn_gate", "feed_forward.w1"),
                entry("ffn_up", "feed_forward.w3"),
                entry("ffn_down", "feed_forward.w2"),
                entry("attn_output", "self_attn.out_proj"),
                entry("attn_q_norm", "self_attn.q_layernorm"),
                entry("attn_k_norm", "self_attn.k_layernorm"),
                entry("shortconv.conv", "conv.conv"),
                entry("shortconv.in_proj", "conv.in_proj"),
                entry("shortconv.out_proj", "conv.out_proj")))
        .withLayout(Layout.CONVOLUTIONS)
        .withWords(GgufWords.convolutions());
  }

  static GgufFamily lfm2Moe() {
    var dense = lfm2();
    return new GgufFamily(
            "lfm2_moe",
            "Lfm2MoeForCausalLM",
            dense.keys(),
            Map.of("conv_bias", false, "norm_topk_prob", true, "routed_scaling_factor", 1.0),
            dense.tensors(),
            dense.blockPrefix(),
            dense.blockTensors(),
            dense.layout(),
            dense.words())
        .withKeys(
            Map.of(
                "expert_count", "num_experts",
                "expert_used_count", "num_experts_per_tok",
                "expert_feed_forward_length", "moe_intermediate_size",
                "leading_dense_block_count", "num_dense_layers"))
        .withBlockNames(
            Map.of(
                "ffn_gate_inp", "feed_forward.gate",
                "ffn_gate_exps", "feed_forward.experts.{e}.w1",
                "ffn_down_exps", "feed_forward.experts.{e}.w2",
                "ffn_up_exps", "feed_forward.experts.{e}.w3",
                "exp_probs_b.bias", "feed_forward.expert_bias"))
        .withWords(
            GgufWords.convolutions()
                .and(
                    (facts, config) ->
                        config.put(
                            "use_expert_bias",
                            facts.layers().anyMatch(l -> facts.has(l, "exp_probs_b.bias")))));
  }

  static GgufFamily delta(String type, String className, Layout layout) {
    return GgufFamily.likeLlama(type, className)
        .withKeys(GgufFamilies.QWEN_EXPERT_KEYS)
        .withKeys(
            Map.of(
                "ssm.conv_kernel", "linear_conv_kernel_dim",
                "ssm.state_size", "linear_key_head_dim",
                "ssm.group_count", "linear_num_key_heads",
                "ssm.time_step_rank", "linear_num_value_heads"))
        .withBlockNames(GgufFamilies.QWEN_EXPERTS)
        .withBlockNames(
            Map.ofEntries(
                entry("post_attention_norm", "post_attention_layernorm"),
                entry("attn_qkv", "linear_attn.in_proj_qkv"),
                entry("attn_gate", "linear_attn.in_proj_z"),
                entry("ssm_a", "linear_attn.A_log"),
                entry("ssm_ba", "linear_attn.in_proj_ba"),
                entry("ssm_alpha", "linear_attn.in_proj_a"),
                entry("ssm_beta", "linear_attn.in_proj_b"),
                entry("ssm_conv1d", "linear_attn.conv1d"),
                entry("ssm_dt.bias", "linear_attn.dt_bias"),
                entry("ssm_norm", "linear_attn.norm"),
                entry("ssm_out", "linear_attn.out_proj")))
        .withLayout(layout)
        .withWords(GgufWords.delta());
  }

  /// Granite 4 with recurrent layers. One without goes by the name of Granite 3.
  static GgufFamily graniteHybrid() {
    var experts = NewerGgufFamilies.graniteMoe();
    return new GgufFamily(
            "granitemoehybrid",
            "GraniteMoeHybridForCausalLM",
            experts.keys(),
            Map.of("position_embedding_type", "nope"),
            experts.tensors(),
            experts.blockPrefix(),
            experts.blockTensors(),
            Layout.MAMBA_AND_PAIRS,
            GgufWords.mamba())
        .withKeys(MAMBA_KEYS)
        .withBlockNames(MAMBA_BLOCK)
        .withBlockNames(
            Map.of(
                "ffn_gate", "shared_mlp.gate_proj",
                "ffn_up", "shared_mlp.up_proj",
                "ffn_down", "shared_mlp.down_proj"));
  }

  /// Falcon-H1. The converter multiplies its factors into the matrices.
  static GgufFamily falconH1() {
    return GgufFamily.likeLlama("falcon_h1", "FalconH1ForCausalLM")
        .withKeys(MAMBA_KEYS)
        .withKeys(Map.of("ssm.inner_size", "mamba_d_ssm"))
        .withConstants(
            Map.of(
                "mamba_norm_before_gate", false,
                "embedding_multiplier", 1.0,
                "lm_head_multiplier", 1.0,
                "key_multiplier", 1.0,
                "attention_in_multiplier", 1.0,
                "attention_out_multiplier", 1.0,
                "ssm_in_multiplier", 1.0,
                "ssm_out_multiplier", 1.0,
                "projectors_bias", false))
        .withTensorNames(Map.of("output_norm", "model.final_layernorm"))
        .withBlockNames(MAMBA_BLOCK)
        .withBlockNames(
            Map.of(
                "ffn_norm", "pre_ff_layernorm.weight", // which has no ending
                "ffn_gate", "feed_forward.gate_proj",
                "ffn_up", "feed_forward.up_proj",
                "ffn_down", "feed_forward.down_proj"))
        .withLayout(Layout.MAMBA)
        .withWords(GgufWords.falconH1());
  }
}
