"""Tiny checkpoints of the families beside Llama and Qwen2, and of their RoPE scalings.

Most are stored as bf16 to keep the repository small; the numbers are computed in float32 from the stored values.
"""

import torch
from tokenizers import normalizers

import qwen1
import templates
import vocabularies
from cases import ALL, QWEN2, SMOLLM, add

BF16 = torch.bfloat16

MISTRAL = vocabularies.mistral()
GEMMA = vocabularies.gemma()
QWEN3 = vocabularies.qwen2("<think>", "</think>")
PHI3 = vocabularies.llama2(("<|endoftext|>", "<|assistant|>", "<|system|>", "<|end|>", "<|user|>"), rstrip=True)
PHI4 = vocabularies.o200k("<|endoftext|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>")
GRANITE = vocabularies.smollm(
    ("<|end_of_text|>", "<|start_of_role|>", "<|end_of_role|>"), "<|end_of_text|>", "<|end_of_text|>"
)
OLMO2 = vocabularies.cl100k("<|endoftext|>", "<|pad|>")
STABLELM = vocabularies.cl100k("<|endoftext|>", "<|im_start|>", "<|im_end|>")
NEOX = vocabularies.gpt2(("<|endoftext|>", "<|padding|>"), normalizers.NFC())
GPT2 = vocabularies.gpt2()
HARMONY = vocabularies.o200k(
    "<|startoftext|>", "<|channel|>", "<|start|>", "<|end|>", "<|message|>", "<|return|>"
)


def config(model_type, architecture, **changes):
    base = {
        "architectures": [architecture],
        "model_type": model_type,
        "hidden_act": "silu",
        "hidden_size": 16,
        "intermediate_size": 24,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 512,
        "rms_norm_eps": 1e-5,
        "tie_word_embeddings": False,
    }
    if "rope_parameters" not in changes:
        base["rope_theta"] = 10000.0
    base.update(changes)
    return {k: v for k, v in base.items() if v is not ...}


def family(name, kind, about, settings, vocabulary, template, **more):
    more.setdefault("stored_as", BF16)
    add(name, kind, about, settings, vocabulary, template, **more)


# --- Mistral, Mixtral -------------------------------------------------------------------------------------------------


def mistral(**changes):
    return config("mistral", "MistralForCausalLM", **changes)


family(
    "mistral-window",
    "mistral",
    "sliding window of 5, shorter than every prompt; head_dim 6 instead of 16 / 4",
    mistral(sliding_window=5, head_dim=6, num_hidden_layers=3),
    MISTRAL,
    templates.MISTRAL,
)
family(
    "mistral-no-window",
    "mistral",
    "no sliding window, one KV head, odd vocabulary",
    mistral(sliding_window=None, num_attention_heads=2, num_key_value_heads=1, vocab_size=379),
    MISTRAL,
    templates.MISTRAL,
)


def mixtral(**changes):
    settings = dict(num_local_experts=4, num_experts_per_tok=2, sliding_window=None, router_aux_loss_coef=0.02)
    return config("mixtral", "MixtralForCausalLM", **{**settings, **changes})


family("mixtral", "mixtral", "two of four experts", mixtral(), MISTRAL, templates.MISTRAL)
family(
    "mixtral-window",
    "mixtral",
    "one of three experts, sliding window of 6",
    mixtral(num_local_experts=3, num_experts_per_tok=1, sliding_window=6, intermediate_size=12, head_dim=6),
    MISTRAL,
    templates.MISTRAL,
)

# --- Qwen -------------------------------------------------------------------------------------------------------------


def qwen2(**changes):
    return config("qwen2", "Qwen2ForCausalLM", **changes)


family(
    "qwen2-window",
    "qwen2",
    "use_sliding_window: layers from max_window_layers on see 5 tokens",
    qwen2(use_sliding_window=True, sliding_window=5, max_window_layers=1, num_hidden_layers=3),
    QWEN2,
    templates.CHATML_DEFAULT_SYSTEM,
)
family(
    "qwen1.5-mha",
    "qwen2",
    "Qwen 1.5: as many KV heads as heads",
    qwen2(num_attention_heads=2, num_key_value_heads=2, use_sliding_window=False, sliding_window=32768),
    QWEN2,
    templates.CHATML_PLAIN,
)


def qwen3(**changes):
    return config("qwen3", "Qwen3ForCausalLM", **{"head_dim": 6, "attention_bias": False, **changes})


family(
    "qwen3-tied",
    "qwen3",
    "QK-norm, head_dim 6 instead of 16 / 4, tied",
    qwen3(tie_word_embeddings=True, use_sliding_window=False, sliding_window=None, max_window_layers=2),
    QWEN3,
    templates.QWEN3,
    gains={"embed": 0.5},
)
family(
    "qwen3-bias-window",
    "qwen3",
    "QK-norm, attention_bias, one KV head, sliding window of 5 from layer 1; transformers 5 spelling",
    qwen3(
        attention_bias=True,
        num_key_value_heads=1,
        num_hidden_layers=3,
        use_sliding_window=True,
        sliding_window=5,
        max_window_layers=1,
        rope_parameters={"rope_type": "default", "rope_theta": 100000.0},
    ),
    QWEN3,
    templates.QWEN3,
)


def qwen2_moe(**changes):
    settings = dict(
        num_experts=4,
        num_experts_per_tok=2,
        moe_intermediate_size=10,
        shared_expert_intermediate_size=14,
        decoder_sparse_step=1,
        norm_topk_prob=False,
    )
    return config("qwen2_moe", "Qwen2MoeForCausalLM", **{**settings, **changes})


family(
    "qwen2-moe",
    "qwen2_moe",
    "two of four experts and a gated shared one; first layer dense",
    qwen2_moe(mlp_only_layers=[0]),
    QWEN2,
    templates.CHATML_DEFAULT_SYSTEM,
)
family(
    "qwen2-moe-sparse-step",
    "qwen2_moe",
    "every second layer has experts, their weights normalised",
    qwen2_moe(decoder_sparse_step=2, norm_topk_prob=True, num_hidden_layers=3, num_key_value_heads=1, num_experts=3),
    QWEN2,
    templates.CHATML_DEFAULT_SYSTEM,
)


def qwen3_moe(**changes):
    settings = dict(
        head_dim=6,
        attention_bias=False,
        num_experts=5,
        num_experts_per_tok=2,
        moe_intermediate_size=10,
        decoder_sparse_step=1,
        norm_topk_prob=True,
        mlp_only_layers=[],
    )
    return config("qwen3_moe", "Qwen3MoeForCausalLM", **{**settings, **changes})


family("qwen3-moe", "qwen3_moe", "two of five experts, normalised", qwen3_moe(), QWEN3, templates.QWEN3)
family(
    "qwen3-moe-mixed",
    "qwen3_moe",
    "three of five experts, not normalised; second layer dense",
    qwen3_moe(num_experts_per_tok=3, norm_topk_prob=False, mlp_only_layers=[1], num_hidden_layers=3),
    QWEN3,
    templates.QWEN3,
)

# --- Qwen3-Next, Qwen3.5 ----------------------------------------------------------------------------------------------


def qwen_next(model_type, architecture, **changes):
    settings = dict(
        head_dim=8,
        attention_bias=False,
        rms_norm_eps=1e-6,
        linear_conv_kernel_dim=4,
        linear_key_head_dim=6,
        linear_value_head_dim=5,
        linear_num_key_heads=2,
        linear_num_value_heads=4,
    )
    return config(model_type, architecture, **{**settings, **changes})


def experts_and_shared(**changes):
    return dict(num_experts=4, num_experts_per_tok=2, moe_intermediate_size=10, shared_expert_intermediate_size=9, **changes)


family(
    "qwen3-next",
    "qwen3_next",
    "three DeltaNet layers and one with gated attention, two of four experts and a shared one; a quarter of each head rotates",
    qwen_next(
        "qwen3_next",
        "Qwen3NextForCausalLM",
        num_hidden_layers=4,
        intermediate_size=20,
        decoder_sparse_step=1,
        norm_topk_prob=True,
        mlp_only_layers=[],
        full_attention_interval=4,
        partial_rotary_factor=0.25,
        **experts_and_shared(),
    ),
    QWEN3,
    templates.QWEN3,
)
family(
    "qwen3-next-mixed",
    "qwen3_next",
    "layer_types; attention first and biased, one key head, kernel of 2, second layer dense, weights not normalised; odd vocabulary",
    qwen_next(
        "qwen3_next",
        "Qwen3NextForCausalLM",
        num_hidden_layers=2,
        intermediate_size=18,
        layer_types=["full_attention", "linear_attention"],
        attention_bias=True,
        num_key_value_heads=1,
        linear_num_key_heads=1,
        linear_num_value_heads=3,
        linear_conv_kernel_dim=2,
        decoder_sparse_step=1,
        norm_topk_prob=False,
        mlp_only_layers=[1],
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": 0.5},
        vocab_size=397,
        **experts_and_shared(),
    ),
    QWEN3,
    templates.QWEN3,
)
family(
    "qwen3.5",
    "qwen3_5_text",
    "dense; DeltaNet and attention in turn, sections of a head for three positions, tied",
    qwen_next(
        "qwen3_5_text",
        "Qwen3_5ForCausalLM",
        num_hidden_layers=4,
        full_attention_interval=2,
        rope_parameters={
            "rope_type": "default",
            "rope_theta": 10000.0,
            "partial_rotary_factor": 0.5,
            "mrope_section": [1, 1, 0],
            "mrope_interleaved": True,
        },
        tie_word_embeddings=True,
        attn_output_gate=True,
    ),
    QWEN3,
    templates.QWEN3,
    gains={"embed": 0.5},
    long_prompt=True,
)
family(
    "qwen3.5-moe",
    "qwen3_5_moe_text",
    "experts in every layer and a gated shared one; as many key heads as value heads",
    qwen_next(
        "qwen3_5_moe_text",
        "Qwen3_5MoeForCausalLM",
        num_hidden_layers=3,
        intermediate_size=...,
        layer_types=["linear_attention", "full_attention", "linear_attention"],
        linear_num_key_heads=2,
        linear_num_value_heads=2,
        partial_rotary_factor=0.25,
        **experts_and_shared(),
    ),
    QWEN3,
    templates.QWEN3,
)

# --- LFM2 -------------------------------------------------------------------------------------------------------------


def lfm2(**changes):
    settings = dict(norm_eps=1e-5, conv_L_cache=3, conv_bias=False, rms_norm_eps=..., hidden_act=...)
    return config("lfm2", "Lfm2ForCausalLM", **{**settings, **changes})


family(
    "lfm2",
    "lfm2",
    "LFM2 as published: full_attn_idxs, block_ff_dim and tie_embedding; two thirds of the width up to a multiple",
    lfm2(
        num_hidden_layers=3,
        full_attn_idxs=[1],
        intermediate_size=...,
        block_ff_dim=30,
        block_auto_adjust_ff_dim=True,
        block_ffn_dim_multiplier=1.1,
        block_multiple_of=4,
        tie_word_embeddings=...,
        tie_embedding=True,
    ),
    QWEN3,
    templates.CHATML_PLAIN,
    gains={"embed": 0.5},
    long_prompt=True,
)
family(
    "lfm2-layer-types",
    "lfm2",
    "layer_types, attention first; biases, kernel of 4, untied, the width as it is, head_dim 6; transformers 5 spelling",
    lfm2(
        num_hidden_layers=2,
        layer_types=["full_attention", "conv"],
        conv_bias=True,
        conv_L_cache=4,
        head_dim=6,
        num_key_value_heads=1,
        block_auto_adjust_ff_dim=False,
        rope_parameters={"rope_type": "default", "rope_theta": 500.0},
        vocab_size=397,
    ),
    QWEN3,
    templates.CHATML_PLAIN,
)


def lfm2_moe(**changes):
    settings = dict(
        num_hidden_layers=3,
        layer_types=["conv", "full_attention", "conv"],
        norm_eps=1e-5,
        conv_L_cache=3,
        conv_bias=False,
        rms_norm_eps=...,
        hidden_act=...,
        moe_intermediate_size=8,
        num_experts=4,
        num_experts_per_tok=2,
        num_dense_layers=1,
        use_expert_bias=True,
        norm_topk_prob=True,
        routed_scaling_factor=1.0,
    )
    return config("lfm2_moe", "Lfm2MoeForCausalLM", **{**settings, **changes})


family(
    "lfm2-moe",
    "lfm2_moe",
    "first layer dense, two of four experts; tied",
    lfm2_moe(tie_word_embeddings=True),
    QWEN3,
    None,
    gains={"embed": 0.5},
)
family(
    "lfm2-moe-no-bias",
    "lfm2_moe",
    "three of five experts without the bias, their weights not normalised and scaled; untied",
    lfm2_moe(
        num_hidden_layers=2,
        layer_types=["full_attention", "conv"],
        num_dense_layers=0,
        num_experts=5,
        num_experts_per_tok=3,
        use_expert_bias=False,
        norm_topk_prob=False,
        routed_scaling_factor=0.6,
        conv_bias=True,
    ),
    QWEN3,
    None,
)

# --- Gemma ------------------------------------------------------------------------------------------------------------


def gemma(model_type, architecture, **changes):
    settings = dict(hidden_size=20, head_dim=10, rms_norm_eps=1e-6, hidden_act=..., tie_word_embeddings=True, pad_token_id=0)
    return config(model_type, architecture, **{**settings, **changes})


family(
    "gemma-mqa",
    "gemma",
    "Gemma 2B: one KV head, head_dim 10 instead of 20 / 3",
    gemma(
        "gemma",
        "GemmaForCausalLM",
        hidden_act="gelu",
        hidden_activation="gelu_pytorch_tanh",
        num_attention_heads=3,
        num_key_value_heads=1,
    ),
    GEMMA,
    templates.GEMMA,
)
family(
    "gemma-mha",
    "gemma",
    "Gemma 7B: as many KV heads as heads, vocabulary padded",
    gemma(
        "gemma",
        "GemmaForCausalLM",
        hidden_activation=None,
        hidden_act="gelu",
        head_dim=6,
        num_attention_heads=2,
        num_key_value_heads=2,
        vocab_size=384,
        num_hidden_layers=3,
    ),
    GEMMA,
    templates.GEMMA,
)


def gemma2(**changes):
    settings = dict(
        hidden_activation="gelu_pytorch_tanh",
        attn_logit_softcapping=3.0,
        final_logit_softcapping=6.0,
        query_pre_attn_scalar=7,
        sliding_window=5,
    )
    return gemma("gemma2", "Gemma2ForCausalLM", **{**settings, **changes})


family("gemma2", "gemma2", "both soft caps, every other layer sees 5 tokens", gemma2(), GEMMA, templates.GEMMA)
family(
    "gemma2-three-layers",
    "gemma2",
    "no attention soft cap, one KV head, three layers, head_dim 4",
    gemma2(
        attn_logit_softcapping=None,
        final_logit_softcapping=30.0,
        num_hidden_layers=3,
        num_key_value_heads=1,
        head_dim=4,
        query_pre_attn_scalar=16,
    ),
    GEMMA,
    templates.GEMMA,
)


def gemma3(**changes):
    settings = dict(hidden_activation="gelu_pytorch_tanh", query_pre_attn_scalar=9, sliding_window=5, num_hidden_layers=4)
    if "rope_parameters" not in changes:
        settings.update(rope_theta=1000000.0, rope_local_base_freq=100.0, sliding_window_pattern=3)
    return gemma("gemma3_text", "Gemma3ForCausalLM", **{**settings, **changes})


family(
    "gemma3",
    "gemma3",
    "two RoPE bases, every third layer global, QK-norm, one KV head",
    gemma3(num_key_value_heads=1, head_dim=6),
    GEMMA,
    templates.GEMMA3,
)
family(
    "gemma3-linear",
    "gemma3",
    "linear RoPE scaling on global layers (4B and larger); transformers 5 spelling, layer_types",
    gemma3(
        num_hidden_layers=3,
        layer_types=["sliding_attention", "full_attention", "sliding_attention"],
        rope_parameters={
            "sliding_attention": {"rope_type": "default", "rope_theta": 50.0},
            "full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 1000.0},
        },
        head_dim=4,
    ),
    GEMMA,
    templates.GEMMA3,
)
family(
    "gemma3-linear-v4",
    "gemma3",
    "linear RoPE scaling on global layers; transformers 4 spelling",
    gemma3(num_hidden_layers=3, sliding_window_pattern=2, rope_scaling={"rope_type": "linear", "factor": 8.0}, head_dim=4),
    GEMMA,
    templates.GEMMA3,
)


def gemma4(**changes):
    settings = dict(
        hidden_size=12,
        intermediate_size=16,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=4,
        global_head_dim=8,
        layer_types=["sliding_attention", "full_attention"],
        sliding_window=5,
        final_logit_softcapping=20.0,
        hidden_activation="gelu_pytorch_tanh",
        hidden_size_per_layer_input=0,
        vocab_size_per_layer_input=375,
        num_kv_shared_layers=0,
        attention_k_eq_v=False,
        enable_moe_block=False,
        rope_parameters={
            "sliding_attention": {"rope_type": "default", "rope_theta": 100.0},
            "full_attention": {"rope_type": "proportional", "partial_rotary_factor": 0.5, "rope_theta": 1000.0},
        },
    )
    return gemma("gemma4_text", "Gemma4ForCausalLM", **{**settings, **changes})


family(
    "gemma4",
    "gemma4",
    "31B: keys that are values and fewer heads of them in layers without a window, part of whose heads turns; scaled blocks",
    gemma4(attention_k_eq_v=True, num_global_key_value_heads=1),
    GEMMA,
    None,
)
family(
    "gemma4-moe",
    "gemma4",
    "26B-A4B: experts beside the MLP; layer by layer in the spelling that transformers 5 writes, no window in the last",
    gemma4(
        attention_k_eq_v=True,
        enable_moe_block=True,
        num_experts=4,
        top_k_experts=2,
        moe_intermediate_size=6,
        per_layer_config={"1": {"head_dim": 6, "num_key_value_heads": 4}},
        final_logit_softcapping=None,
    ),
    GEMMA,
    None,
)
family(
    "gemma4-small",
    "gemma4",
    "E2B: inputs of every layer's own; the last layers look at keys and values of earlier ones and have wider MLPs",
    gemma4(
        num_hidden_layers=4,
        layer_types=["sliding_attention", "full_attention", "sliding_attention", "full_attention"],
        num_key_value_heads=1,
        hidden_size_per_layer_input=3,
        num_kv_shared_layers=2,
        use_double_wide_mlp=True,
        intermediate_size=10,
    ),
    GEMMA,
    None,
)

family(
    "gemma4-unified",
    "gemma4_unified_text",
    "12B: as Gemma 4's dense model, under a model_type of its own",
    gemma("gemma4_unified_text", "Gemma4UnifiedForCausalLM", **{
        k: v for k, v in gemma4(num_attention_heads=2, num_key_value_heads=1).items()
        if "per_layer_input" not in k and k not in ("architectures", "model_type", "enable_moe_block")
    }),
    GEMMA,
    None,
)

# --- Phi --------------------------------------------------------------------------------------------------------------

# head_dim 8: four frequencies.
SHORT = [1.05, 1.1, 1.3, 1.7]
LONG = [1.2, 2.5, 4.0, 9.0]


def phi3(**changes):
    settings = dict(original_max_position_embeddings=512, pad_token_id=1, num_attention_heads=2, num_key_value_heads=1)
    return config("phi3", "Phi3ForCausalLM", **{**settings, **changes})


family(
    "phi3-fused",
    "phi3",
    "fused QKV and gate-up, sliding window of 6",
    phi3(sliding_window=6, rope_scaling=None, num_key_value_heads=2),
    PHI3,
    templates.PHI3,
)
family(
    "phi3-longrope-short",
    "phi3",
    "longrope within the original length of 256: the short factors",
    phi3(
        original_max_position_embeddings=256,
        max_position_embeddings=2048,
        sliding_window=None,
        rope_scaling={"type": "longrope", "short_factor": SHORT, "long_factor": LONG},
    ),
    PHI3,
    templates.PHI3,
)
family(
    "phi3-longrope-long",
    "phi3",
    "longrope beyond the original length of 6: the long factors",
    phi3(
        original_max_position_embeddings=6,
        max_position_embeddings=96,
        sliding_window=None,
        rope_scaling={"type": "longrope", "short_factor": SHORT, "long_factor": LONG},
    ),
    PHI3,
    templates.PHI3,
)
family(
    "phi4-mini",
    "phi3",
    "Phi-4-mini: three quarters of each head rotate, tied, longrope",
    phi3(
        original_max_position_embeddings=6,
        max_position_embeddings=96,
        partial_rotary_factor=0.75,
        tie_word_embeddings=True,
        rope_scaling={"type": "longrope", "short_factor": SHORT[:3], "long_factor": LONG[:3]},
    ),
    PHI4,
    templates.PHI3,
    gains={"embed": 0.5},
)

# --- Granite, OLMo-2, StableLM ----------------------------------------------------------------------------------------


def granite(**changes):
    settings = dict(
        embedding_multiplier=3.0,
        attention_multiplier=0.3,
        residual_multiplier=0.4,
        logits_scaling=2.5,
        attention_bias=False,
        mlp_bias=False,
        num_hidden_layers=3,
    )
    return config("granite", "GraniteForCausalLM", **{**settings, **changes})


family(
    "granite-tied",
    "granite",
    "embedding, attention, residual and logit multipliers; tied",
    granite(tie_word_embeddings=True, rope_scaling=None),
    GRANITE,
    templates.GRANITE,
    gains={"embed": 1.2},
)
family(
    "granite-bias",
    "granite",
    "the same with biases everywhere, one KV head, untied",
    granite(attention_bias=True, mlp_bias=True, num_attention_heads=2, num_key_value_heads=1, logits_scaling=0.7, num_hidden_layers=2),
    GRANITE,
    templates.GRANITE,
)


def olmo2(**changes):
    return config("olmo2", "Olmo2ForCausalLM", **{"rms_norm_eps": 1e-6, "pad_token_id": 1, "attention_bias": False, **changes})


family(
    "olmo2-mha",
    "olmo2",
    "norms after attention and MLP, QK-norm over all heads together",
    olmo2(num_key_value_heads=4, num_hidden_layers=3),
    OLMO2,
    templates.OLMO2,
)
family(
    "olmo2-gqa",
    "olmo2",
    "the same with two KV heads, odd vocabulary",
    olmo2(vocab_size=327, rope_scaling=None),
    OLMO2,
    templates.OLMO2,
)


def olmo3(**changes):
    settings = {"rms_norm_eps": 1e-6, "pad_token_id": 1, "attention_bias": False, "sliding_window": 5}
    return config("olmo3", "Olmo3ForCausalLM", **{**settings, **changes})


family(
    "olmo3",
    "olmo3",
    "window of 5 in three of four layers, YaRN in the fourth only; transformers 4 spelling, one KV head, head_dim 6",
    olmo3(
        num_hidden_layers=4,
        num_key_value_heads=1,
        head_dim=6,
        rope_theta=2000.0,
        rope_scaling={
            "rope_type": "yarn",
            "factor": 8.0,
            "original_max_position_embeddings": 16,
            "attention_factor": 1.2,
            "beta_fast": 32.0,
            "beta_slow": 1.0,
        },
    ),
    OLMO2,
    templates.OLMO2,
)
family(
    "olmo3-layer-types",
    "olmo3",
    "layer_types, a base for each kind of layer; transformers 5 spelling, tied, odd vocabulary, biases",
    olmo3(
        layer_types=["full_attention", "sliding_attention", "full_attention"],
        num_hidden_layers=3,
        sliding_window=3,
        attention_bias=True,
        tie_word_embeddings=True,
        vocab_size=331,
        rope_parameters={
            "sliding_attention": {"rope_type": "default", "rope_theta": 50.0},
            "full_attention": {"rope_type": "linear", "factor": 3.0, "rope_theta": 1000.0},
        },
    ),
    OLMO2,
    templates.OLMO2,
    gains={"embed": 0.5},
)


def stablelm(**changes):
    settings = dict(
        rms_norm_eps=...,
        layer_norm_eps=1e-5,
        use_qkv_bias=False,
        qk_layernorm=False,
        use_parallel_residual=False,
        partial_rotary_factor=0.25,
        num_attention_heads=2,
        num_key_value_heads=2,
    )
    return config("stablelm", "StableLmForCausalLM", **{**settings, **changes})


family(
    "stablelm-sequential",
    "stablelm",
    "StableLM-2 1.6B: LayerNorm with bias, QKV bias, half of each head rotates",
    stablelm(use_qkv_bias=True, partial_rotary_factor=0.5),
    STABLELM,
    templates.CHATML_PLAIN,
)
family(
    "stablelm-parallel",
    "stablelm",
    "StableLM-2 12B: parallel blocks, LayerNorm on Q and K per head, grouped KV heads",
    stablelm(
        use_parallel_residual=True,
        qk_layernorm=True,
        num_attention_heads=4,
        partial_rotary_factor=0.5,
        num_hidden_layers=3,
    ),
    STABLELM,
    templates.CHATML_PLAIN,
)
family(
    "stablelm-qk-sequential",
    "stablelm",
    "LayerNorm on Q and K without parallel blocks",
    stablelm(qk_layernorm=True, num_key_value_heads=1),
    STABLELM,
    templates.CHATML_PLAIN,
)

# --- Apertus, Phi, OLMo -----------------------------------------------------------------------------------------------


def apertus(**changes):
    return config("apertus", "ApertusForCausalLM", **{"hidden_act": "xielu", "pad_token_id": 0, "attention_bias": False, **changes})


family(
    "apertus",
    "apertus",
    "xIELU, QK-norm by head, Llama 3's scaling; head_dim 6, one KV head",
    apertus(
        num_hidden_layers=3,
        head_dim=6,
        num_key_value_heads=1,
        rope_parameters={
            "rope_type": "llama3",
            "rope_theta": 5000.0,
            "factor": 8.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 16,
        },
    ),
    MISTRAL,
    templates.MISTRAL,
)
family(
    "apertus-relu2",
    "apertus",
    "another activation, biases in attention, tied, odd vocabulary; transformers 4 spelling",
    apertus(hidden_act="relu2", attention_bias=True, tie_word_embeddings=True, vocab_size=383, rope_scaling=None),
    MISTRAL,
    templates.MISTRAL,
    gains={"embed": 0.5},
)


def phi(**changes):
    settings = {"rms_norm_eps": ..., "layer_norm_eps": 1e-5, "hidden_act": "gelu_new", "qk_layernorm": False}
    return config("phi", "PhiForCausalLM", **{**settings, **changes})


family(
    "phi",
    "phi",
    "Phi-2: parallel blocks with one LayerNorm, biases everywhere, half of each head rotates",
    phi(num_attention_heads=2, num_hidden_layers=3, partial_rotary_factor=0.5),
    NEOX,
    templates.CHATML_PLAIN,
)
family(
    "phi-qk",
    "phi",
    "LayerNorm on queries and keys, one KV head, three quarters rotate, tied, odd vocabulary; transformers 5 spelling",
    phi(
        num_attention_heads=2,
        num_key_value_heads=1,
        qk_layernorm=True,
        tie_word_embeddings=True,
        vocab_size=325,
        rope_parameters={"rope_type": "default", "rope_theta": 500.0, "partial_rotary_factor": 0.75},
    ),
    NEOX,
    templates.CHATML_PLAIN,
    gains={"embed": 0.5},
)


def olmo(**changes):
    settings = {"rms_norm_eps": ..., "pad_token_id": 1, "attention_bias": False, "clip_qkv": None}
    return config("olmo", "OlmoForCausalLM", **{**settings, **changes})


family("olmo", "olmo", "LayerNorm without scale and bias; head_dim 6", olmo(num_hidden_layers=3, head_dim=6), OLMO2, templates.OLMO2)
family(
    "olmo-tied",
    "olmo",
    "the same with biases in attention, one KV head, tied, odd vocabulary",
    olmo(attention_bias=True, num_key_value_heads=1, tie_word_embeddings=True, vocab_size=331),
    OLMO2,
    templates.OLMO2,
    gains={"embed": 0.5},
)

# --- text models with images beside them ------------------------------------------------------------------------------

CLIP = {
    "model_type": "clip_vision_model",
    "hidden_size": 8,
    "intermediate_size": 8,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "image_size": 4,
    "patch_size": 2,
    "projection_dim": 8,
}


def text_part(model_type, **changes):
    return config(model_type, ..., architectures=..., **{"tie_word_embeddings": ..., **changes})


def whole(model_type, architecture, vision, text, **changes):
    return {"architectures": [architecture], "model_type": model_type, "vision_config": vision, "text_config": text, **changes}


family(
    "qwen2-vl",
    "qwen2_vl",
    "Qwen2-VL as published: no text_config, mrope in the spelling of transformers 4; tied",
    config(
        "qwen2_vl",
        "Qwen2VLForConditionalGeneration",
        hidden_size=24,
        rope_theta=1000.0,
        rope_scaling={"type": "mrope", "mrope_section": [1, 1, 1]},
        tie_word_embeddings=True,
        vision_config={"depth": 1, "embed_dim": 8, "hidden_size": 24, "num_heads": 2, "patch_size": 2, "mlp_ratio": 1},
    ),
    QWEN2,
    templates.CHATML_DEFAULT_SYSTEM,
    gains={"embed": 0.5},
)
family(
    "qwen2.5-vl",
    "qwen2_5_vl",
    "Qwen2.5-VL with a text_config, a window of 5 in the upper layers, one KV head, odd vocabulary",
    whole(
        "qwen2_5_vl",
        "Qwen2_5_VLForConditionalGeneration",
        {
            "model_type": "qwen2_5_vl",
            "depth": 1,
            "hidden_size": 8,
            "intermediate_size": 8,
            "num_heads": 2,
            "patch_size": 2,
            "out_hidden_size": 24,
            "fullatt_block_indexes": [0],
        },
        text_part(
            "qwen2_5_vl_text",
            hidden_size=24,
            num_hidden_layers=3,
            num_key_value_heads=1,
            vocab_size=347,
            use_sliding_window=True,
            sliding_window=5,
            max_window_layers=1,
            rope_parameters={"rope_type": "default", "rope_theta": 500.0, "mrope_section": [0, 1, 2]},
        ),
        tie_word_embeddings=False,
    ),
    QWEN2,
    templates.CHATML_DEFAULT_SYSTEM,
)
family(
    "qwen3-vl",
    "qwen3_vl",
    "Qwen3-VL: QK-norm, interleaved mrope, head_dim 6, biases; tied",
    whole(
        "qwen3_vl",
        "Qwen3VLForConditionalGeneration",
        {
            "model_type": "qwen3_vl",
            "depth": 1,
            "hidden_size": 8,
            "intermediate_size": 8,
            "num_heads": 2,
            "patch_size": 2,
            "out_hidden_size": 16,
            "num_position_embeddings": 4,
            "deepstack_visual_indexes": [0],
        },
        text_part(
            "qwen3_vl_text",
            num_hidden_layers=3,
            head_dim=6,
            num_key_value_heads=1,
            attention_bias=True,
            rope_theta=5000.0,
            rope_scaling={"rope_type": "default", "mrope_interleaved": True, "mrope_section": [1, 1, 1]},
        ),
        tie_word_embeddings=True,
    ),
    QWEN3,
    templates.QWEN3,
    gains={"embed": 0.5},
)
family(
    "llava",
    "llava",
    "LLaVA 1.5: a Llama inside, odd vocabulary",
    whole(
        "llava",
        "LlavaForConditionalGeneration",
        CLIP,
        text_part("llama", num_hidden_layers=3, vocab_size=341),
        image_token_index=340,
        image_seq_length=4,
    ),
    SMOLLM,
    templates.CHATML_SMOL,
)
family(
    "llava-next",
    "llava_next",
    "LLaVA-NeXT: a Mistral inside with a window of 5, one KV head, head_dim 6",
    whole(
        "llava_next",
        "LlavaNextForConditionalGeneration",
        CLIP,
        text_part("mistral", head_dim=6, num_key_value_heads=1, sliding_window=5),
        image_token_index=7,
        image_seq_length=4,
        tie_word_embeddings=False,
    ),
    MISTRAL,
    templates.MISTRAL,
)
family(
    "llava-qwen2",
    "llava",
    "a Qwen2 inside whose own part says that its embeddings are tied",
    whole(
        "llava",
        "LlavaForConditionalGeneration",
        CLIP,
        text_part("qwen2", tie_word_embeddings=True, use_sliding_window=False),
        image_token_index=7,
        image_seq_length=4,
    ),
    QWEN2,
    templates.CHATML_DEFAULT_SYSTEM,
    gains={"embed": 0.5},
)

# --- Granite with experts, Granite 4 ----------------------------------------------------------------------------------


def granite_moe(kind, architecture, **changes):
    settings = dict(
        num_local_experts=4,
        num_experts_per_tok=2,
        embedding_multiplier=3.0,
        attention_multiplier=0.4,
        residual_multiplier=0.7,
        logits_scaling=2.0,
        intermediate_size=10,
    )
    return config(kind, architecture, **{**settings, **changes})


family(
    "granite-moe",
    "granitemoe",
    "Granite 3 with experts: two of four, in one tensor",
    granite_moe("granitemoe", "GraniteMoeForCausalLM"),
    GRANITE,
    templates.GRANITE,
)
family(
    "granite-moe-shared",
    "granitemoeshared",
    "one of three experts and a shared one; biases, one KV head, tied",
    granite_moe(
        "granitemoeshared",
        "GraniteMoeSharedForCausalLM",
        num_local_experts=3,
        num_experts_per_tok=1,
        shared_intermediate_size=9,
        attention_bias=True,
        num_key_value_heads=1,
        tie_word_embeddings=True,
    ),
    GRANITE,
    templates.GRANITE,
    gains={"embed": 0.5},
)


def granite_hybrid(**changes):
    settings = dict(
        num_hidden_layers=3,
        layer_types=["mamba", "attention", "mamba"],
        position_embedding_type="nope",
        shared_intermediate_size=14,
        num_local_experts=0,
        num_experts_per_tok=0,
        mamba_n_heads=4,
        mamba_n_groups=2,
        mamba_d_state=5,
        mamba_d_head=8,
        mamba_d_conv=4,
        mamba_expand=2,
        mamba_chunk_size=8,
        mamba_conv_bias=True,
        mamba_proj_bias=False,
    )
    return granite_moe("granitemoehybrid", "GraniteMoeHybridForCausalLM", **{**settings, **changes})


family(
    "granite-hybrid",
    "granitemoehybrid",
    "Granite 4 without experts: Mamba 2 layers and attention without positions, former names of layers, chunks of 8",
    granite_hybrid(),
    GRANITE,
    templates.GRANITE,
    long_prompt=True,
)
family(
    "granite-hybrid-moe",
    "granitemoehybrid",
    "experts and a shared one, rotary positions, biases, one group, heads of width auto, kernel of 2, tied; transformers 5 spelling",
    granite_hybrid(
        num_hidden_layers=2,
        layer_types=["full_attention", "linear_attention"],
        position_embedding_type="rope",
        rope_parameters={"rope_type": "default", "rope_theta": 500.0},
        num_local_experts=3,
        num_experts_per_tok=2,
        mamba_n_heads=8,
        mamba_n_groups=1,
        mamba_d_head="auto",
        mamba_d_conv=2,
        mamba_conv_bias=False,
        mamba_proj_bias=True,
        attention_bias=True,
        tie_word_embeddings=True,
    ),
    GRANITE,
    templates.GRANITE,
    gains={"embed": 0.5},
)

# --- Falcon-H1 --------------------------------------------------------------------------------------------------------


def falcon_h1(**changes):
    settings = dict(
        num_hidden_layers=2,
        mamba_d_ssm=24,
        mamba_n_heads=4,
        mamba_n_groups=2,
        mamba_d_state=5,
        mamba_d_head=6,
        mamba_d_conv=4,
        mamba_expand=2,
        mamba_chunk_size=8,
        mamba_conv_bias=True,
        mamba_proj_bias=False,
        mamba_rms_norm=False,
        mamba_norm_before_gate=False,
        projectors_bias=False,
        attention_bias=False,
        mlp_bias=False,
        embedding_multiplier=1.7,
        lm_head_multiplier=0.8,
        mlp_multipliers=[0.9, 0.6],
        key_multiplier=0.7,
        attention_in_multiplier=1.2,
        attention_out_multiplier=0.9,
        ssm_multipliers=[0.8, 1.1, 0.7, 0.9, 0.6],
        ssm_in_multiplier=1.3,
        ssm_out_multiplier=0.75,
    )
    return config("falcon_h1", "FalconH1ForCausalLM", **{**settings, **changes})


family(
    "falcon-h1",
    "falcon_h1",
    "a factor on every product, gate without norm, chunks of 8, odd vocabulary",
    falcon_h1(vocab_size=397),
    GRANITE,
    templates.CHATML_PLAIN,
)
family(
    "falcon-h1-norm",
    "falcon_h1",
    "norm before the gate, biases, one group, no mamba_d_ssm, one KV head, head_dim 6, tied; transformers 5 spelling",
    falcon_h1(
        mamba_d_ssm=None,
        mamba_n_groups=1,
        mamba_d_head="auto",
        mamba_rms_norm=True,
        mamba_norm_before_gate=True,
        mamba_proj_bias=True,
        projectors_bias=True,
        attention_bias=True,
        mlp_bias=True,
        head_dim=6,
        num_key_value_heads=1,
        rope_parameters={"rope_type": "default", "rope_theta": 500.0},
        tie_word_embeddings=True,
    ),
    GRANITE,
    None,
    gains={"embed": 0.5},
)

# --- SmolLM3, Ministral, GLM-4, Seed-OSS, ERNIE 4.5, Cohere 2, EXAONE 4 ------------------------------------------------


def smollm3(**changes):
    settings = {"pad_token_id": 0, "attention_bias": False, "mlp_bias": False, "use_sliding_window": False, "sliding_window": None}
    return config("smollm3", "SmolLM3ForCausalLM", **{**settings, **changes})


family(
    "smollm3",
    "smollm3",
    "tied, every fourth layer without positions by its interval, YaRN in the others",
    smollm3(
        num_hidden_layers=4,
        no_rope_layer_interval=4,
        tie_word_embeddings=True,
        rope_scaling={"rope_type": "yarn", "factor": 2.0, "original_max_position_embeddings": 16},
    ),
    SMOLLM,
    templates.CHATML_SMOL,
    gains={"embed": 0.5},
)
family(
    "smollm3-window",
    "smollm3",
    "layers without positions by a list, and they have a window of 4; one KV head, head_dim 6, biases",
    smollm3(
        num_hidden_layers=3,
        no_rope_layers=[0, 1, 0],
        use_sliding_window=True,
        sliding_window=4,
        num_key_value_heads=1,
        head_dim=6,
        attention_bias=True,
        mlp_bias=True,
    ),
    SMOLLM,
    templates.CHATML_SMOL,
)


def ministral(**changes):
    return config("ministral", "MinistralForCausalLM", **{"head_dim": 6, "sliding_window": 5, **changes})


family(
    "ministral",
    "ministral",
    "a window of 5 in two of three layers, by layer_types; head_dim 6",
    ministral(num_hidden_layers=3, layer_types=["sliding_attention", "full_attention", "sliding_attention"]),
    MISTRAL,
    templates.MISTRAL,
)
family(
    "ministral-tied",
    "ministral",
    "a window of 3 in every layer, one KV head, tied, odd vocabulary",
    ministral(sliding_window=3, num_key_value_heads=1, tie_word_embeddings=True, vocab_size=383),
    MISTRAL,
    templates.MISTRAL,
    gains={"embed": 0.5},
)


def ministral3(**changes):
    settings = {
        "head_dim": 6,
        "pad_token_id": 0,
        "sliding_window": None,
        "rope_parameters": {
            "type": "yarn",
            "rope_type": "yarn",
            "rope_theta": 1000.0,
            "factor": 4.0,
            "original_max_position_embeddings": 8,
            "max_position_embeddings": 512,
            "beta_fast": 32.0,
            "beta_slow": 1.0,
            "mscale": 1.0,
            "mscale_all_dim": 1.0,
            "llama_4_scaling_beta": 0.3,
        },
    }
    return config("ministral3", "Ministral3ForCausalLM", **{**settings, **changes})


family(
    "ministral3",
    "ministral3",
    "YaRN, queries that grow every 8 tokens; head_dim 6",
    ministral3(num_hidden_layers=3),
    MISTRAL,
    templates.MISTRAL,
)
family(
    "ministral3-window",
    "ministral3",
    "the same without YaRN, every 3 tokens, in the spelling of transformers 4; a window of 5, one KV head, tied, odd vocabulary",
    ministral3(
        rope_parameters=...,
        rope_theta=500.0,
        rope_scaling={"rope_type": "default", "original_max_position_embeddings": 3, "llama_4_scaling_beta": 0.7},
        sliding_window=5,
        num_key_value_heads=1,
        tie_word_embeddings=True,
        vocab_size=383,
    ),
    MISTRAL,
    templates.MISTRAL,
    gains={"embed": 0.5},
)


def glm(**changes):
    settings = {"head_dim": 8, "attention_bias": True, "partial_rotary_factor": 0.5, "pad_token_id": 0}
    return config("glm", "GlmForCausalLM", **{**settings, **changes})


family(
    "glm",
    "glm",
    "GLM-4-9B of 2024: half of each head rotates, neighbours in pairs; QKV bias, fused gate and up",
    glm(vocab_size=339),
    STABLELM,
    None,
)
family(
    "glm-tied",
    "glm",
    "no biases, the whole head rotates, one KV head, tied",
    glm(
        attention_bias=False,
        head_dim=4,
        num_key_value_heads=1,
        tie_word_embeddings=True,
        partial_rotary_factor=...,
        rope_parameters={"rope_type": "default", "rope_theta": 1000.0, "partial_rotary_factor": 1.0},
    ),
    STABLELM,
    None,
    gains={"embed": 0.5},
)


def glm4(**changes):
    settings = {"head_dim": 8, "partial_rotary_factor": 0.5, "attention_bias": True, "rms_norm_eps": 1.5625e-07, "pad_token_id": 0}
    return config("glm4", "Glm4ForCausalLM", **{**settings, **changes})


family(
    "glm4",
    "glm4",
    "norms before and after, half of each head rotates, neighbours in pairs; head_dim 8, biases on Q, K and V",
    glm4(num_hidden_layers=3),
    STABLELM,
    templates.CHATML_PLAIN,
)
family(
    "glm4-tied",
    "glm4",
    "the same without biases, three quarters rotate, one KV head, tied, odd vocabulary",
    glm4(attention_bias=False, partial_rotary_factor=0.75, num_key_value_heads=1, tie_word_embeddings=True, vocab_size=339),
    STABLELM,
    templates.CHATML_PLAIN,
    gains={"embed": 0.5},
)


def glm4_moe(**changes):
    settings = dict(
        head_dim=8,
        attention_bias=True,
        partial_rotary_factor=0.5,
        use_qk_norm=False,
        pad_token_id=0,
        first_k_dense_replace=1,
        n_routed_experts=4,
        n_shared_experts=1,
        num_experts_per_tok=2,
        moe_intermediate_size=10,
        n_group=1,
        topk_group=1,
        norm_topk_prob=True,
        routed_scaling_factor=1.5,
    )
    return config("glm4_moe", "Glm4MoeForCausalLM", **{**settings, **changes})


family(
    "glm4-moe",
    "glm4_moe",
    "GLM-4.5-Air: two of four experts and a shared one behind a dense layer, biases on Q, K and V, half of each head rotates",
    glm4_moe(num_hidden_layers=3),
    STABLELM,
    templates.CHATML_PLAIN,
)
family(
    "glm4-moe-groups",
    "glm4_moe",
    "GLM-4.5: norms on Q and K; two of three groups of two experts, weights not normalised, two shared experts; transformers 5 spelling",
    glm4_moe(
        attention_bias=False,
        use_qk_norm=True,
        first_k_dense_replace=0,
        n_routed_experts=6,
        n_shared_experts=2,
        num_experts_per_tok=2,
        moe_intermediate_size=7,
        n_group=3,
        topk_group=2,
        norm_topk_prob=False,
        routed_scaling_factor=0.8,
        num_key_value_heads=1,
        vocab_size=339,
        partial_rotary_factor=...,
        rope_parameters={"rope_type": "default", "rope_theta": 1000.0, "partial_rotary_factor": 0.75},
    ),
    STABLELM,
    templates.CHATML_PLAIN,
)


def olmoe(**changes):
    settings = dict(
        num_key_value_heads=4,
        pad_token_id=1,
        attention_bias=False,
        clip_qkv=None,
        num_experts=4,
        num_experts_per_tok=2,
        norm_topk_prob=False,
        intermediate_size=10,
    )
    return config("olmoe", "OlmoeForCausalLM", **{**settings, **changes})


family("olmoe", "olmoe", "two of four experts, QK-norm over all heads together", olmoe(num_hidden_layers=3), OLMO2, templates.OLMO2)
family(
    "olmoe-normalised",
    "olmoe",
    "three of five experts, weights normalised, one KV head, biases, tied, odd vocabulary",
    olmoe(
        num_experts=5,
        num_experts_per_tok=3,
        norm_topk_prob=True,
        num_key_value_heads=1,
        attention_bias=True,
        tie_word_embeddings=True,
        vocab_size=331,
    ),
    OLMO2,
    templates.OLMO2,
    gains={"embed": 0.5},
)


def deepseek(model_type, architecture, **changes):
    settings = dict(
        num_key_value_heads=4,
        kv_lora_rank=8,
        q_lora_rank=None,
        qk_nope_head_dim=6,
        qk_rope_head_dim=4,
        v_head_dim=5,
        first_k_dense_replace=1,
        moe_layer_freq=1,
        n_routed_experts=4,
        n_shared_experts=2,
        num_experts_per_tok=2,
        moe_intermediate_size=6,
        routed_scaling_factor=1.0,
        norm_topk_prob=False,
        attention_bias=False,
        rms_norm_eps=1e-6,
    )
    return config(model_type, architecture, **{**settings, **changes})


def deepseek_v2(**changes):
    settings = dict(topk_method="greedy", scoring_func="softmax", n_group=1, topk_group=1)
    return deepseek("deepseek_v2", "DeepseekV2ForCausalLM", **{**settings, **changes})


def deepseek_v3(**changes):
    settings = dict(
        topk_method="noaux_tc",
        scoring_func="sigmoid",
        q_lora_rank=10,
        n_routed_experts=6,
        n_shared_experts=1,
        n_group=3,
        topk_group=2,
        num_experts_per_tok=2,
        norm_topk_prob=True,
        routed_scaling_factor=2.5,
    )
    return deepseek("deepseek_v3", "DeepseekV3ForCausalLM", **{**settings, **changes})


DEEPSEEK_YARN = {
    "type": "yarn",
    "factor": 40,
    "original_max_position_embeddings": 16,
    "beta_fast": 32,
    "beta_slow": 1,
    "mscale": 0.707,
    "mscale_all_dim": 0.707,
}

family(
    "deepseek-v2-lite",
    "deepseek_v2",
    "DeepSeek-V2-Lite: latent attention without a short query, two of four experts behind a dense layer, YaRN with mscale",
    deepseek_v2(num_hidden_layers=3, rope_scaling=DEEPSEEK_YARN),
    STABLELM,
    templates.CHATML_PLAIN,
)
family(
    "deepseek-v2-groups",
    "deepseek_v2",
    "DeepSeek-V2: short queries, experts of two of three groups, a factor on their weights; biases, odd vocabulary",
    deepseek_v2(
        q_lora_rank=7,
        v_head_dim=12,
        num_attention_heads=2,
        num_key_value_heads=2,
        topk_method="group_limited_greedy",
        n_routed_experts=6,
        n_group=3,
        topk_group=2,
        num_experts_per_tok=3,
        routed_scaling_factor=3.0,
        first_k_dense_replace=0,
        attention_bias=True,
        vocab_size=339,
    ),
    STABLELM,
    templates.CHATML_PLAIN,
)
family(
    "deepseek-v3",
    "deepseek_v3",
    "DeepSeek-V3: short queries, experts of two of three groups by sigmoids and a bias, YaRN with two kinds of mscale",
    deepseek_v3(num_hidden_layers=3, rope_scaling={**DEEPSEEK_YARN, "mscale": 1.0}),
    STABLELM,
    templates.CHATML_PLAIN,
)
family(
    "deepseek-v3-halves",
    "deepseek_v3",
    "no short queries, halves rotate, weights of experts not normalised, every layer with experts; tied; transformers 5 spelling",
    deepseek_v3(
        q_lora_rank=None,
        rope_interleave=False,
        norm_topk_prob=False,
        first_k_dense_replace=0,
        n_group=1,
        topk_group=1,
        n_routed_experts=3,
        attention_bias=True,
        tie_word_embeddings=True,
        v_head_dim=10,
        rope_parameters={"rope_type": "default", "rope_theta": 1000.0},
    ),
    STABLELM,
    templates.CHATML_PLAIN,
    gains={"embed": 0.5},
)


def llama4(**changes):
    settings = dict(
        head_dim=6,
        intermediate_size=8,
        intermediate_size_mlp=20,
        num_local_experts=3,
        num_experts_per_tok=1,
        interleave_moe_layer_step=1,
        use_qk_norm=True,
        no_rope_layers=[],
        attention_chunk_size=5,
        attn_temperature_tuning=True,
        floor_scale=4,
        attn_scale=0.3,
        attention_bias=False,
        pad_token_id=0,
    )
    return config("llama4_text", "Llama4ForCausalLM", **{**settings, **changes})


family(
    "llama4-scout",
    "llama4_text",
    "Llama 4 Scout: chunks of 5, a norm behind the rotation, no positions and growing queries in the fourth layer, one of three experts",
    llama4(
        num_hidden_layers=4,
        rope_parameters={
            "rope_type": "llama3",
            "rope_theta": 500.0,
            "factor": 8.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 32,
        },
    ),
    STABLELM,
    templates.CHATML_PLAIN,
)
family(
    "llama4-maverick",
    "llama4_text",
    "Llama 4 Maverick: every second layer dense, no norms on Q and K; two of four experts, biases, one KV head, odd vocabulary",
    llama4(
        num_hidden_layers=3,
        interleave_moe_layer_step=2,
        use_qk_norm=False,
        no_rope_layers=[1, 0, 1],
        attention_chunk_size=4,
        num_local_experts=4,
        num_experts_per_tok=2,
        attention_bias=True,
        num_key_value_heads=1,
        vocab_size=339,
    ),
    STABLELM,
    templates.CHATML_PLAIN,
)


def seed_oss(**changes):
    settings = {"head_dim": 6, "attention_bias": True, "attention_out_bias": False, "mlp_bias": False}
    return config("seed_oss", "SeedOssForCausalLM", **{**settings, **changes})


family("seed-oss", "seed_oss", "biases on Q, K and V, head_dim 6", seed_oss(num_hidden_layers=3), STABLELM, templates.CHATML_PLAIN)
family(
    "seed-oss-out-bias",
    "seed_oss",
    "a bias on attention's output and the MLP, none on Q, K and V; one KV head, tied",
    seed_oss(
        attention_bias=False,
        attention_out_bias=True,
        mlp_bias=True,
        num_key_value_heads=1,
        tie_word_embeddings=True,
        vocab_size=339,
    ),
    STABLELM,
    templates.CHATML_PLAIN,
    gains={"embed": 0.5},
)


def ernie(**changes):
    return config("ernie4_5", "Ernie4_5ForCausalLM", **{"head_dim": 6, "use_bias": False, **changes})


family(
    "ernie4.5",
    "ernie4_5",
    "neighbours rotate in pairs; tied, head_dim 6",
    ernie(num_hidden_layers=3, tie_word_embeddings=True),
    STABLELM,
    templates.CHATML_PLAIN,
    gains={"embed": 0.5},
)
family(
    "ernie4.5-bias",
    "ernie4_5",
    "a bias on every matrix, one KV head, untied, linear scaling, odd vocabulary",
    ernie(
        use_bias=True,
        num_key_value_heads=1,
        head_dim=10,
        vocab_size=339,
        rope_parameters={"rope_type": "linear", "factor": 2.0, "rope_theta": 5000.0},
    ),
    STABLELM,
    templates.CHATML_PLAIN,
)


def ernie_moe(**changes):
    settings = dict(
        use_bias=False,
        moe_intermediate_size=10,
        moe_k=2,
        moe_num_experts=4,
        moe_num_shared_experts=2,
        moe_layer_start_index=1,
        moe_layer_end_index=-1,
        moe_layer_interval=1,
    )
    return config("ernie4_5_moe", "Ernie4_5_MoeForCausalLM", **{**settings, **changes})


family(
    "ernie4.5-moe",
    "ernie4_5_moe",
    "two of four experts, chosen with a stored bias, and shared ones behind a dense layer; tied",
    ernie_moe(num_hidden_layers=3, tie_word_embeddings=True),
    STABLELM,
    templates.CHATML_PLAIN,
    gains={"embed": 0.5},
)
family(
    "ernie4.5-moe-interval",
    "ernie4_5_moe",
    "experts in the second of three layers, none shared; one KV head, untied, odd vocabulary",
    ernie_moe(
        num_hidden_layers=3,
        moe_layer_start_index=0,
        moe_layer_end_index=2,
        moe_layer_interval=2,
        moe_num_experts=5,
        moe_k=3,
        moe_num_shared_experts=0,
        num_key_value_heads=1,
        vocab_size=339,
    ),
    STABLELM,
    templates.CHATML_PLAIN,
)


def cohere2(**changes):
    settings = {
        "rms_norm_eps": ...,
        "layer_norm_eps": 1e-5,
        "logit_scale": 0.4,
        "position_embedding_type": "rope_gptj",
        "sliding_window": 5,
        "attention_bias": False,
        "tie_word_embeddings": True,
    }
    return config("cohere2", "Cohere2ForCausalLM", **{**settings, **changes})


family(
    "cohere2",
    "cohere2",
    "parallel blocks with one norm; a window of 5 and positions in pairs of neighbours but in every third layer; tied",
    cohere2(num_hidden_layers=4, sliding_window_pattern=3),
    STABLELM,
    templates.CHATML_PLAIN,
)
family(
    "cohere2-layer-types",
    "cohere2",
    "layer_types, biases, one KV head, another unembedding, a scale above 1",
    cohere2(
        num_hidden_layers=3,
        layer_types=["full_attention", "sliding_attention", "sliding_attention"],
        sliding_window=3,
        attention_bias=True,
        num_attention_heads=2,
        num_key_value_heads=1,
        tie_word_embeddings=False,
        logit_scale=1.5,
        vocab_size=339,
        rope_parameters={"rope_type": "default", "rope_theta": 50000.0},
    ),
    STABLELM,
    templates.CHATML_PLAIN,
)


def cohere(**changes):
    settings = {
        "rms_norm_eps": ...,
        "layer_norm_eps": 1e-5,
        "logit_scale": 0.4,
        "tie_word_embeddings": True,
    }
    return config("cohere", "CohereForCausalLM", **{**settings, **changes})


family(
    "cohere",
    "cohere",
    "Command R: parallel blocks with one norm, neighbours rotate in pairs; tied",
    cohere(vocab_size=339),
    STABLELM,
    None,
)
family(
    "cohere-qk",
    "cohere",
    "Command R+: a LayerNorm on queries and keys with a scale of each head's own; biases, one KV head, untied",
    cohere(
        use_qk_norm=True,
        attention_bias=True,
        num_attention_heads=2,
        num_key_value_heads=1,
        tie_word_embeddings=False,
        logit_scale=1.5,
        rope_parameters={"rope_type": "default", "rope_theta": 50000.0},
    ),
    STABLELM,
    None,
)


def exaone4(**changes):
    return config("exaone4", "Exaone4ForCausalLM", **{"sliding_window": None, "head_dim": 6, **changes})


family(
    "exaone4",
    "exaone4",
    "EXAONE 4.0 1.2B: norms after attention and MLP, QK-norm by head, no windows, Llama 3's scaling; tied",
    exaone4(
        num_hidden_layers=3,
        layer_types=["full_attention"] * 3,
        tie_word_embeddings=True,
        rope_scaling={
            "rope_type": "llama3",
            "factor": 16.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 64,
        },
    ),
    STABLELM,
    templates.CHATML_PLAIN,
    gains={"embed": 0.5},
)
family(
    "exaone4-window",
    "exaone4",
    "EXAONE 4.0 32B: a window of 4, and no positions in every third layer, which has none; one KV head",
    exaone4(num_hidden_layers=4, sliding_window=4, sliding_window_pattern=3, num_key_value_heads=1, vocab_size=339),
    STABLELM,
    templates.CHATML_PLAIN,
)


def exaone_moe(**changes):
    settings = dict(
        sliding_window=4,
        sliding_window_pattern=3,
        head_dim=6,
        moe_intermediate_size=8,
        num_experts=6,
        num_experts_per_tok=2,
        num_shared_experts=1,
        n_group=1,
        topk_group=1,
        norm_topk_prob=True,
        routed_scaling_factor=2.5,
        first_k_dense_replace=1,
    )
    return config("exaone_moe", "ExaoneMoeForCausalLM", **{**settings, **changes})


family(
    "exaone-moe",
    "exaone_moe",
    "K-EXAONE: experts rated by sigmoids behind a dense layer; a window of 4, no positions in every third layer",
    exaone_moe(num_hidden_layers=3, vocab_size=339),
    STABLELM,
    None,
)
family(
    "exaone-moe-groups",
    "exaone_moe",
    "layers named one by one, experts in groups, two shared ones, one KV head, weights that do not sum to 1",
    exaone_moe(
        sliding_window=7,
        layer_types=["full_attention", "sliding_attention"],
        mlp_layer_types=["sparse", "dense"],
        n_group=3,
        topk_group=2,
        num_shared_experts=2,
        norm_topk_prob=False,
        num_key_value_heads=1,
        tie_word_embeddings=True,
    ),
    STABLELM,
    None,
    gains={"embed": 0.5},
)

# --- MiniMax ----------------------------------------------------------------------------------------------------------


def minimax_m2(**changes):
    settings = dict(
        head_dim=6,
        intermediate_size=8,
        num_local_experts=4,
        num_experts_per_tok=2,
        rope_parameters={"rope_type": "default", "rope_theta": 5000.0, "partial_rotary_factor": 0.67},
    )
    return config("minimax_m2", "MiniMaxM2ForCausalLM", **{**settings, **changes})


family(
    "minimax-m2",
    "minimax_m2",
    "experts rated by sigmoids, chosen with a stored bias; QK-norm over all heads; 4 of 6 elements of a head rotate",
    minimax_m2(vocab_size=339),
    STABLELM,
    None,
)
family(
    "minimax-m2-rotary-dim",
    "minimax_m2",
    "as it is published: rotary_dim; one KV head, three experts of five, tied",
    minimax_m2(
        rope_parameters=...,
        rope_theta=1000.0,
        rotary_dim=2,
        num_key_value_heads=1,
        num_local_experts=5,
        num_experts_per_tok=3,
        tie_word_embeddings=True,
    ),
    STABLELM,
    None,
    gains={"embed": 0.5},
)

# --- GPT-NeoX, GPT-2 --------------------------------------------------------------------------------------------------


def neox(**changes):
    settings = dict(
        rms_norm_eps=...,
        num_key_value_heads=...,
        rope_theta=...,
        layer_norm_eps=1e-5,
        hidden_act="gelu",
        rotary_pct=0.25,
        rotary_emb_base=10000,
        use_parallel_residual=True,
        num_attention_heads=2,
        intermediate_size=32,
    )
    return config("gpt_neox", "GPTNeoXForCausalLM", **{**settings, **changes})


family("neox-parallel", "gpt_neox", "Pythia: parallel blocks, a quarter of each head rotates", neox(num_hidden_layers=3), NEOX, None)
family(
    "neox-sequential",
    "gpt_neox",
    "sequential blocks, every dimension rotates, no attention bias",
    neox(use_parallel_residual=False, rotary_pct=1.0, attention_bias=False, rotary_emb_base=500, hidden_act="gelu_new"),
    NEOX,
    None,
)


def gpt2(**changes):
    return {
        "architectures": ["GPT2LMHeadModel"],
        "model_type": "gpt2",
        "activation_function": "gelu_new",
        "attn_pdrop": 0.1,
        "embd_pdrop": 0.1,
        "resid_pdrop": 0.1,
        "layer_norm_epsilon": 1e-5,
        "n_ctx": 64,
        "n_embd": 16,
        "n_head": 2,
        "n_layer": 2,
        "n_positions": 64,
        **changes,
    }


family("gpt2", "gpt2", "learnt positions, Conv1D weights, tied", gpt2(n_layer=3), GPT2, None, gains={"embed": 0.5})
family(
    "gpt2-scaled",
    "gpt2",
    "scores divided by layer number + 1, n_inner given, four heads",
    gpt2(scale_attn_by_inverse_layer_idx=True, n_inner=24, n_head=4, activation_function="gelu"),
    GPT2,
    None,
    gains={"embed": 0.5},
)

# --- gpt-oss ----------------------------------------------------------------------------------------------------------


def gpt_oss(**changes):
    settings = dict(
        head_dim=6,
        num_local_experts=4,
        num_experts_per_tok=2,
        experts_per_token=2,
        attention_bias=True,
        sliding_window=5,
        swiglu_limit=7.0,
        num_hidden_layers=2,
        intermediate_size=12,
        layer_types=["sliding_attention", "full_attention"],
        max_position_embeddings=512,
        rope_theta=150.0,
        rope_scaling={
            "beta_fast": 32.0,
            "beta_slow": 1.0,
            "factor": 32.0,
            "original_max_position_embeddings": 16,
            "rope_type": "yarn",
            "truncate": False,
        },
    )
    return config("gpt_oss", "GptOssForCausalLM", **{**settings, **changes})


family("gpt-oss", "gpt_oss", "attention sinks, experts with biases and clipped SwiGLU, yarn", gpt_oss(), HARMONY, templates.HARMONY)
family(
    "gpt-oss-one-kv-head",
    "gpt_oss",
    "three layers, one KV head, a clip that bites",
    gpt_oss(
        num_key_value_heads=1,
        num_hidden_layers=3,
        layer_types=["sliding_attention", "full_attention", "sliding_attention"],
        swiglu_limit=0.8,
        num_local_experts=3,
    ),
    HARMONY,
    templates.HARMONY,
)

# --- Qwen 1 -----------------------------------------------------------------------------------------------------------

TIKTOKEN = qwen1.Tiktoken()


def qwen1_config(**changes):
    return {
        "architectures": ["QWenLMHeadModel"],
        "model_type": "qwen",
        "attn_dropout_prob": 0.0,
        "bf16": False,
        "emb_dropout_prob": 0.0,
        "fp16": False,
        "fp32": False,
        "hidden_size": 16,
        "intermediate_size": 48,
        "kv_channels": 8,
        "layer_norm_epsilon": 1e-6,
        "max_position_embeddings": 512,
        "no_bias": True,
        "num_attention_heads": 2,
        "num_hidden_layers": 2,
        "rotary_emb_base": 10000,
        "rotary_pct": 1.0,
        "scale_attn_weights": True,
        "seq_length": 512,
        "tie_word_embeddings": False,
        "tokenizer_class": "QWenTokenizer",
        "use_dynamic_ntk": True,
        "use_flash_attn": "auto",
        "use_logn_attn": True,
        "bos_token_id": ...,
        "eos_token_id": ...,
        **changes,
    }


def qwen1_case(name, about, **changes):
    settings = qwen1_config(**changes)
    family(name, "qwen", about, settings, TIKTOKEN, None)
    for key in ("bos_token_id", "eos_token_id"):
        del ALL[-1].config[key]


qwen1_case("qwen1", "fused QKV with bias, tiktoken vocabulary; within seq_length")
qwen1_case(
    "qwen1-long",
    "beyond seq_length: dynamic NTK and log-n attention, as one whole pass sees them",
    seq_length=6,
    num_hidden_layers=3,
    hidden_size=12,
    kv_channels=6,
)

# --- RoPE scalings ----------------------------------------------------------------------------------------------------

# Every kind transformers has, on the weights of an ordinary case of each family; head_dim and the rotating share
# give the number of frequencies that longrope needs a factor for.

YARN = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 16}
LLAMA3_SCALING = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 64,
}


def longrope(frequencies, original, **more):
    return {
        "max_position_embeddings": 16 * original,
        "original_max_position_embeddings": original,
        "rope_scaling": {
            "rope_type": "longrope",
            "short_factor": [1.0 + 0.1 * i for i in range(frequencies)],
            "long_factor": [1.5 + 2.0 * i for i in range(frequencies)],
            "original_max_position_embeddings": original,
            **more,
        },
    }


def usual_scalings(frequencies):
    return {
        "linear": {"rope_scaling": {"rope_type": "linear", "factor": 2.5}},
        "dynamic": {"rope_scaling": {"rope_type": "dynamic", "factor": 3.0}, "max_position_embeddings": 8},
        "yarn": {"rope_scaling": YARN, "max_position_embeddings": 64},
        "llama3": {"rope_scaling": LLAMA3_SCALING},
        "longrope-long": longrope(frequencies, 6),
    }


def more_scalings(frequencies):
    return {
        "linear-type": {"rope_scaling": {"type": "linear", "factor": 4}},
        "dynamic-short": {"rope_scaling": {"type": "dynamic", "factor": 2.0}, "max_position_embeddings": 4096},
        "yarn-type": {"rope_scaling": {**{k: v for k, v in YARN.items() if k != "rope_type"}, "type": "yarn"}},
        "yarn-attention-factor": {"rope_scaling": {**YARN, "attention_factor": 0.7}},
        "yarn-betas": {"rope_scaling": {**YARN, "beta_fast": 2.0, "beta_slow": 0.25, "factor": 10.0}},
        "yarn-mscale": {"rope_scaling": {**YARN, "mscale": 0.707, "mscale_all_dim": 1.2}},
        "yarn-not-truncated": {"rope_scaling": {**YARN, "truncate": False, "beta_fast": 2.0, "beta_slow": 0.25}},
        "longrope-short": longrope(frequencies, 256),
        "longrope-factor": longrope(frequencies, 6, factor=3.0),
        "longrope-attention-factor": longrope(frequencies, 6, attention_factor=0.8),
    }


VARIANTS = {
    "llama-rope-linear": {**usual_scalings(4), **more_scalings(4)},
    "qwen2-untied": {**usual_scalings(2), **more_scalings(2)},
    "mistral-no-window": usual_scalings(4),
    # Mixtral's usual config has no head_dim, which transformers needs here.
    "mixtral": {k: {"head_dim": 4, **v} for k, v in usual_scalings(2).items()},
    "qwen3-tied": usual_scalings(3),
    "qwen2-moe": usual_scalings(2),
    "qwen3-moe": usual_scalings(3),
    "gemma-mha": usual_scalings(3),
    "gemma2-three-layers": usual_scalings(2),
    "gemma3": usual_scalings(3),
    # transformers allows Phi-3 no other kind.
    "phi3-fused": {k: v for k, v in {**usual_scalings(4), **more_scalings(4)}.items() if "longrope" in k},
    "phi4-mini": {k: v for k, v in {**usual_scalings(3), **more_scalings(3)}.items() if "longrope" in k},
    "granite-bias": usual_scalings(4),
    "olmo2-gqa": usual_scalings(2),
    # Without the kinds of layers in it, transformers does not read it.
    "olmo3-layer-types": {"flat": {"rope_parameters": {"rope_type": "linear", "rope_theta": 50.0, "factor": 2.0}}},
    "stablelm-sequential": usual_scalings(2),
    "neox-sequential": usual_scalings(4),
    "gpt-oss": usual_scalings(3),
}
