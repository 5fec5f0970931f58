"""Random configurations of families of 2026, for unseen.py."""

import families
from unseen_dense import FULL, SLIDING, either_spelling, layer_types, rotary_of, sized


def partly(r, rope, width):
    """Rotates a half or all of a head, in either spelling."""
    part = r.choice([0.5, 1.0])
    if width * part < 4 and rope["rope_type"] == "dynamic":  # a division by zero
        rope = {"rope_type": "default", "rope_theta": 1000.0}
    stated = either_spelling(r, {**rope, "partial_rotary_factor": part})
    if "rope_parameters" in stated:
        stated["partial_rotary_factor"] = ...
    return stated


def gemma4(r, common):
    chosen = common(r)
    layers, heads = r.choice([3, 4, 5]), chosen["num_attention_heads"]
    kinds = [SLIDING, FULL]
    lenders = kinds + [r.choice(kinds) for _ in range(layers - 3)]
    r.shuffle(lenders)
    types = lenders + [r.choice(kinds) for _ in range(layers - 1 - len(lenders))] + [FULL]
    divisors = [k for k in (1, 2, 3, 4, 6) if heads % k == 0]
    wide = r.choice([4, 8, 12])
    settings = {
        "hidden_size": chosen["hidden_size"],
        "intermediate_size": chosen["intermediate_size"],
        "rms_norm_eps": chosen["rms_norm_eps"],
        "tie_word_embeddings": r.random() < 0.7,
        "hidden_activation": r.choice(["gelu_pytorch_tanh", "silu"]),
        "num_hidden_layers": layers,
        "layer_types": types,
        "num_attention_heads": heads,
        "num_key_value_heads": r.choice(divisors),
        "head_dim": r.choice([4, 6, 8]),
        "global_head_dim": wide,
        "attention_k_eq_v": r.random() < 0.5,
        "num_global_key_value_heads": r.choice([None, *divisors]),
        "attention_bias": r.random() < 0.3,
        "sliding_window": r.choice([1, 3, 5, 300]),
        "final_logit_softcapping": r.choice([None, 5.0, 30.0]),
        "num_kv_shared_layers": r.choice([0, 0, layers - len(lenders)]) if len(lenders) < layers else 0,
        "use_double_wide_mlp": r.random() < 0.5,
        "hidden_size_per_layer_input": r.choice([0, 0, 3, 6]),
        "vocab_size": chosen["vocab_size"],
        "vocab_size_per_layer_input": chosen["vocab_size"],
        "rope_parameters": {
            SLIDING: {"rope_type": "default", "rope_theta": r.choice([50.0, 10000.0])},
            FULL: r.choice(
                [
                    {"rope_type": "proportional", "partial_rotary_factor": r.choice([0.25, 0.5, 0.75]), "rope_theta": 1000.0},
                    {"rope_type": "proportional", "rope_theta": 500.0, "factor": 2.0},
                    {"rope_type": "default", "rope_theta": 1000.0},
                ]
            ),
        },
    }
    if r.random() < 0.4:
        count = r.choice([2, 3, 5])
        settings |= {
            "enable_moe_block": True,
            "num_experts": count,
            "top_k_experts": r.randint(1, count),
            "moe_intermediate_size": r.choice([4, 7]),
        }
    if r.random() < 0.4:
        full = [i for i, kind in enumerate(types) if kind == FULL]
        settings["per_layer_config"] = {str(i): {"head_dim": wide, "num_key_value_heads": heads} for i in full}
    return families.gemma4(**settings)


def gemma4_unified(r, common):
    settings = {
        key: value
        for key, value in gemma4(r, common).items()
        if "per_layer_input" not in key and "expert" not in key and key not in ("enable_moe_block", "moe_intermediate_size")
    }
    return settings | {"model_type": "gemma4_unified_text", "architectures": ["Gemma4UnifiedForCausalLM"]}


def cohere(r, common):
    chosen = sized(r, common)
    eps = chosen.pop("rms_norm_eps")
    del chosen["head_dim"]
    width = r.choice([4, 6, 8])
    return families.cohere(
        **{
            **chosen,
            **either_spelling(r, rotary_of(r)),
            "hidden_size": width * chosen["num_attention_heads"],
            "layer_norm_eps": eps,
            "use_qk_norm": r.random() < 0.5,
            "attention_bias": r.random() < 0.4,
            "logit_scale": r.choice([0.0625, 0.4, 1.0, 2.0]),
        }
    )


def glm(r, common):
    width = r.choice([4, 8, 12])
    bias = r.random() < 0.6
    return families.glm(**{**common(r), **partly(r, rotary_of(r), width), "head_dim": width, "attention_bias": bias})


def exaone_moe(r, common):
    chosen = sized(r, common)
    layers = chosen["num_hidden_layers"]
    groups, size = r.choice([1, 2, 3]), r.choice([2, 3])
    kept = r.randint(1, groups)
    given = {"layer_types": layer_types(r, layers)} if r.random() < 0.5 else {"sliding_window_pattern": r.choice([2, 3, 4])}
    named = {"mlp_layer_types": [r.choice(["dense", "sparse"]) for _ in range(layers)]} if r.random() < 0.5 else {}
    return families.exaone_moe(
        **{
            **chosen,
            **either_spelling(r, rotary_of(r)),
            **given,
            **named,
            "sliding_window": r.choice([2, 5, 300]),
            "num_experts": groups * size,
            "n_group": groups,
            "topk_group": kept,
            "num_experts_per_tok": r.randint(1, min(kept * size, 4)),
            "num_shared_experts": r.choice([1, 2]),
            "moe_intermediate_size": r.choice([5, 8]),
            "norm_topk_prob": r.random() < 0.5,
            "routed_scaling_factor": r.choice([1.0, 0.7, 2.5]),
            "first_k_dense_replace": r.choice([0, 1, 2]),
        }
    )


def minimax_m2(r, common):
    width = r.choice([4, 8, 12])
    count = r.choice([2, 3, 5])
    return families.minimax_m2(
        **{
            **common(r),
            "rope_parameters": ...,
            **partly(r, rotary_of(r), width),
            "head_dim": width,
            "num_local_experts": count,
            "num_experts_per_tok": r.randint(1, count),
        }
    )


FAMILIES = {
    "cohere": cohere,
    "exaone_moe": exaone_moe,
    "gemma4": gemma4,
    "gemma4_unified_text": gemma4_unified,
    "glm": glm,
    "minimax_m2": minimax_m2,
}
