package dev.demur.model.format.gguf;

import dev.demur.model.format.GgufMetadata;
import dev.demur.model.format.gguf.GgufFamily.Layout;
import java.util.HashMap;
import java.util.Map;

/// The GGUF architectures whose names are known, one row each.
///
/// Source: `gguf.tensor_mapping` and `gguf.constants` 0.19 (Python); what the converter rearranges
/// is from llama.cpp's `convert_hf_to_gguf.py`.
public final class GgufFamilies {

  private static final Map<String, String> SANDWICH_NORMS =
      Map.of(
          "post_attention_norm", "post_attention_layernorm",
          "ffn_norm", "pre_feedforward_layernorm",
          "post_ffw_norm", "post_feedforward_layernorm");

  static final Map<String, String> QWEN_EXPERTS =
      Map.of(
          "ffn_gate_inp", "mlp.gate",
          "ffn_gate_exps", "mlp.experts.{e}.gate_proj",
          "ffn_up_exps", "mlp.experts.{e}.up_proj",
          "ffn_down_exps", "mlp.experts.{e}.down_proj",
          "ffn_gate_shexp", "mlp.shared_expert.gate_proj",
          "ffn_up_shexp", "mlp.shared_expert.up_proj",
          "ffn_down_shexp", "mlp.shared_expert.down_proj",
          "ffn_gate_inp_shexp", "mlp.shared_expert_gate");

  static final Map<String, String> QWEN_EXPERT_KEYS =
      Map.of(
          "expert_count", "num_experts",
          "expert_used_count", "num_experts_per_tok",
          "expert_feed_forward_length", "moe_intermediate_size",
          "expert_shared_feed_forward_length", "shared_expert_intermediate_size");

  private static final GgufFamily LLAMA =
      GgufFamily.likeLlama("llama", "LlamaForCausalLM").withLayout(Layout.ROTARY_PAIRS);

  private static final GgufFamily MISTRAL =
      GgufFamily.likeLlama("mistral", "MistralForCausalLM").withLayout(Layout.ROTARY_PAIRS);

  private static final GgufFamily MIXTRAL =
      GgufFamily.likeLlama("mixtral", "MixtralForCausalLM")
          .withKeys(
              Map.of(
                  "expert_count", "num_local_experts",
                  "expert_used_count", "num_experts_per_tok"))
          .withBlockNames(
              Map.of(
                  "ffn_gate_inp", "block_sparse_moe.gate",
                  "ffn_gate_exps", "block_sparse_moe.experts.{e}.w1",
                  "ffn_down_exps", "block_sparse_moe.experts.{e}.w2",
                  "ffn_up_exps", "block_sparse_moe.experts.{e}.w3"))
          .withLayout(Layout.ROTARY_PAIRS);

  private static final GgufFamily GEMMA =
      GgufFamily.likeLlama("gemma", "GemmaForCausalLM")
          .withConstants(Map.of("hidden_activation", "gelu_pytorch_tanh"))
          .withLayout(Layout.NORMS_PLUS_ONE);

  private static final Map<String, GgufFamily> OLDER =
      Map.ofEntries(
          Map.entry("llama", LLAMA),
          Map.entry("qwen2", GgufFamily.likeLlama("qwen2", "Qwen2ForCausalLM")),
          Map.entry("qwen3", GgufFamily.likeLlama("qwen3", "Qwen3ForCausalLM")),
          Map.entry(
              "qwen2moe",
              GgufFamily.likeLlama("qwen2_moe", "Qwen2MoeForCausalLM")
                  .withKeys(QWEN_EXPERT_KEYS)
                  .withBlockNames(QWEN_EXPERTS)),
          Map.entry(
              "qwen3moe",
              GgufFamily.likeLlama("qwen3_moe", "Qwen3MoeForCausalLM")
                  .withKeys(QWEN_EXPERT_KEYS)
                  .withConstants(Map.of("norm_topk_prob", true))
                  .withBlockNames(QWEN_EXPERTS)),
          Map.entry("gemma", GEMMA),
          Map.entry("gemma2", gemma2()),
          Map.entry("gemma3", gemma3()),
          Map.entry("phi3", phi3()),
          Map.entry("granite", granite()),
          Map.entry(
              "olmo2",
              GgufFamily.likeLlama("olmo2", "Olmo2ForCausalLM")
                  .withBlockNames(
                      Map.of(
                          "post_attention_norm", "post_attention_layernorm",
                          "post_ffw_norm", "post_feedforward_layernorm"))),
          Map.entry(
              "olmoe",
              GgufFamily.likeLlama("olmoe", "OlmoeForCausalLM")
                  .withKeys(
                      Map.of(
                          "expert_count", "num_experts",
                          "expert_used_count", "num_experts_per_tok"))
                  .withConstants(Map.of("norm_topk_prob", false))
                  .withBlockNames(QWEN_EXPERTS)),
          Map.entry(
              "seed_oss",
              GgufFamily.likeLlama("seed_oss", "SeedOssForCausalLM")
                  .withBlockNames(Map.of("post_attention_norm", "post_attention_layernorm"))),
          Map.entry(
              "smollm3",
              GgufFamily.likeLlama("smollm3", "SmolLM3ForCausalLM")
                  .withConstants(Map.of("no_rope_layer_interval", 4))
                  .withLayout(Layout.ROTARY_PAIRS)),
          Map.entry("stablelm", stableLm()),
          Map.entry("gptneox", gptNeoX()),
          Map.entry("gpt2", gpt2()),
          Map.entry("qwen", qwen1()),
          Map.entry("gpt-oss", gptOss()));

  private static final Map<String, GgufFamily> BY_ARCHITECTURE = byArchitecture();

  private static Map<String, GgufFamily> byArchitecture() {
    var all = new HashMap<>(OLDER);
    all.putAll(NewerGgufFamilies.all());
    return Map.copyOf(all);
  }

  private GgufFamilies() {}

  /// The family of an architecture. One that is not known keeps its own name and its tensors' GGUF
  /// names, so that whoever builds the model can say which families it knows.
  public static GgufFamily of(String architecture, GgufMetadata metadata) {
    if (architecture.equals("llama") && metadata.integer("llama.expert_count").orElse(0L) > 0) {
      return MIXTRAL;
    }
    if (architecture.equals("llama")
        && metadata.integer("llama.attention.sliding_window").orElse(0L) > 0) {
      return MISTRAL;
    }
    if (architecture.equals("mistral3")
        && !metadata.values().containsKey("mistral3.attention.temperature_scale")) {
      return LLAMA; // Mistral Small 3.1, which has no window
    }
    if (architecture.equals("olmo2")
        && metadata.values().containsKey("olmo2.attention.sliding_window_pattern")) {
      return NewerGgufFamilies.olmo3();
    }
    if (architecture.equals("deepseek2")
        && metadata.integer("deepseek2.expert_gating_func").orElse(0L)
            == NewerGgufFamilies.SIGMOID) {
      return NewerGgufFamilies.deepseek3();
    }
    var family = BY_ARCHITECTURE.get(architecture);
    return family == null
        ? GgufFamily.likeLlama(architecture, architecture)
            .withTensors(Map.of())
            .withBlock("", Map.of())
        : family;
  }

  private static GgufFamily gemma2() {
    return GgufFamily.likeLlama("gemma2", "Gemma2ForCausalLM")
        .withKeys(
            Map.of(
                "attn_logit_softcapping", "attn_logit_softcapping",
                "final_logit_softcapping", "final_logit_softcapping"))
        .withConstants(Map.of("hidden_activation", "gelu_pytorch_tanh"))
        .withBlockNames(SANDWICH_NORMS)
        .withLayout(Layout.NORMS_PLUS_ONE);
  }

  private static GgufFamily gemma3() {
    return GgufFamily.likeLlama("gemma3_text", "Gemma3ForCausalLM")
        .withConstants(
            Map.of(
                "hidden_activation",
                "gelu_pytorch_tanh",
                "rope_local_base_freq",
                10000.0,
                "sliding_window_pattern",
                6))
        .withBlockNames(SANDWICH_NORMS)
        .withLayout(Layout.NORMS_PLUS_ONE);
  }

  private static GgufFamily phi3() {
    return GgufFamily.likeLlama("phi3", "Phi3ForCausalLM")
        .withKeys(
            Map.of("rope.scaling.original_context_length", "original_max_position_embeddings"))
        .withBlockNames(Map.of("ffn_up", "mlp.gate_up_proj"));
  }

  private static GgufFamily granite() {
    return GgufFamily.likeLlama("granite", "GraniteForCausalLM")
        .withKeys(
            Map.of(
                "attention.scale", "attention_multiplier",
                "embedding_scale", "embedding_multiplier",
                "residual_scale", "residual_multiplier",
                "logit_scale", "logits_scaling"))
        .withLayout(Layout.ROTARY_PAIRS);
  }

  private static GgufFamily stableLm() {
    return GgufFamily.likeLlama("stablelm", "StableLmForCausalLM")
        .withKeys(Map.of("use_parallel_residual", "use_parallel_residual"))
        .withBlockNames(
            Map.of(
                "attn_q_norm", "self_attn.q_layernorm.norms.{e}",
                "attn_k_norm", "self_attn.k_layernorm.norms.{e}"));
  }

  private static GgufFamily gptNeoX() {
    return GgufFamily.likeLlama("gpt_neox", "GPTNeoXForCausalLM")
        .withKeys(
            Map.of(
                "use_parallel_residual", "use_parallel_residual",
                "rope.freq_base", "rotary_emb_base"))
        .withTensors(
            Map.of(
                "token_embd", "gpt_neox.embed_in",
                "output_norm", "gpt_neox.final_layer_norm",
                "output", "embed_out"))
        .withBlock(
            "gpt_neox.layers.",
            Map.of(
                "attn_norm", "input_layernorm",
                "ffn_norm", "post_attention_layernorm",
                "attn_qkv", "attention.query_key_value",
                "attn_output", "attention.dense",
                "ffn_up", "mlp.dense_h_to_4h",
                "ffn_down", "mlp.dense_4h_to_h"))
        .withLayout(Layout.QKV_BY_MATRIX);
  }

  private static GgufFamily gpt2() {
    return GgufFamily.likeLlama("gpt2", "GPT2LMHeadModel")
        .withKeys(
            Map.of(
                "context_length", "n_positions",
                "block_count", "n_layer",
                "embedding_length", "n_embd",
                "feed_forward_length", "n_inner",
                "attention.head_count", "n_head",
                "attention.layer_norm_epsilon", "layer_norm_epsilon"))
        .withTensors(
            Map.of(
                "token_embd", "transformer.wte",
                "position_embd", "transformer.wpe",
                "output_norm", "transformer.ln_f",
                "output", "lm_head"))
        .withBlock(
            "transformer.h.",
            Map.of(
                "attn_norm", "ln_1",
                "ffn_norm", "ln_2",
                "attn_qkv", "attn.c_attn",
                "attn_output", "attn.c_proj",
                "ffn_up", "mlp.c_fc",
                "ffn_down", "mlp.c_proj"))
        .withLayout(Layout.TRANSPOSED);
  }

  private static GgufFamily qwen1() {
    return GgufFamily.likeLlama("qwen", "QWenLMHeadModel")
        .withKeys(
            Map.of(
                "attention.layer_norm_rms_epsilon", "layer_norm_epsilon",
                "rope.freq_base", "rotary_emb_base"))
        .withConstants(Map.of("rotary_pct", 1.0, "use_dynamic_ntk", true, "use_logn_attn", true))
        .withTensors(
            Map.of(
                "token_embd", "transformer.wte",
                "output_norm", "transformer.ln_f",
                "output", "lm_head"))
        .withBlock(
            "transformer.h.",
            Map.of(
                "attn_norm", "ln_1",
                "ffn_norm", "ln_2",
                "attn_qkv", "attn.c_attn",
                "attn_output", "attn.c_proj",
                "ffn_gate", "mlp.w2",
                "ffn_up", "mlp.w1",
                "ffn_down", "mlp.c_proj"));
  }

  /// The experts' gate and up matrices are one in Hugging Face's checkpoint; see [GptOssExperts].
  private static GgufFamily gptOss() {
    return GgufFamily.likeLlama("gpt_oss", "GptOssForCausalLM")
        .withKeys(
            Map.of(
                "expert_count", "num_local_experts",
                "expert_used_count", "num_experts_per_tok"))
        .withConstants(Map.of("swiglu_limit", 7.0))
        .withBlockNames(
            Map.of(
                "post_attention_norm", "post_attention_layernorm",
                "ffn_gate_inp", "mlp.router"))
        .withLayout(Layout.GPT_OSS);
  }
}
