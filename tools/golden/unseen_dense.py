"""Random configurations of the dense families and of text inside multimodal checkpoints, for unseen.py."""

import families

FULL, SLIDING = "full_attention", "sliding_attention"


def rotary_of(r, theta=None):
    """Kinds of scaling for any width: name of the settings under transformers 5."""
    kind = r.choice(["default", "default", "linear", "yarn", "llama3", "dynamic"])
    more = {
        "default": {},
        "linear": {"factor": r.choice([2.0, 3.5])},
        "yarn": {"factor": r.choice([2.0, 8.0]), "original_max_position_embeddings": r.choice([16, 64])},
        "llama3": {
            "factor": 8.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 32,
        },
        "dynamic": {"factor": 2.0},
    }[kind]
    return {"rope_type": kind, **more, "rope_theta": theta or r.choice([50.0, 1000.0, 10000.0, 500000.0])}


def either_spelling(r, rope):
    """The same settings as transformers 4 or 5 writes them."""
    if r.random() < 0.5:
        return {"rope_parameters": rope}
    rest = {k: v for k, v in rope.items() if k not in ("rope_theta", "partial_rotary_factor")}
    stated = {"rope_theta": rope["rope_theta"], "rope_scaling": None if rest == {"rope_type": "default"} else rest}
    if "partial_rotary_factor" in rope:
        stated["partial_rotary_factor"] = rope["partial_rotary_factor"]
    return stated


def layer_types(r, count):
    return [r.choice([FULL, SLIDING]) for _ in range(count)]


def sized(r, common, widths=(4, 6, 8)):
    """A head is not the width shared out among the heads."""
    return {**common(r), "head_dim": r.choice(widths)}


def olmo3(r, common):
    chosen = sized(r, common)
    types = layer_types(r, chosen["num_hidden_layers"])
    if r.random() < 0.5:
        rope = {"rope_parameters": {kind: rotary_of(r) for kind in (FULL, SLIDING)}}
        rope["rope_parameters"][SLIDING] = {"rope_type": "default", "rope_theta": r.choice([50.0, 1000.0])}
    else:
        rope = either_spelling(r, rotary_of(r))
    given = {"layer_types": types} if r.random() < 0.6 else {}
    window = {"sliding_window": r.choice([1, 2, 5, 300])}
    return families.olmo3(**{**chosen, **rope, **given, **window, "attention_bias": r.random() < 0.3})


def smollm3(r, common):
    chosen = sized(r, common)
    count = chosen["num_hidden_layers"]
    if r.random() < 0.5:
        nope = {"no_rope_layers": [r.choice([0, 1]) for _ in range(count)]}
    else:
        nope = {"no_rope_layer_interval": r.choice([2, 3, 4])}
    slides = r.random() < 0.5
    return families.smollm3(
        **{
            **chosen,
            **either_spelling(r, rotary_of(r)),
            **nope,
            "use_sliding_window": slides,
            "sliding_window": r.choice([2, 5]) if slides else None,
            "attention_bias": r.random() < 0.3,
            "mlp_bias": r.random() < 0.3,
        }
    )


def ministral(r, common):
    chosen = sized(r, common)
    given = {"layer_types": layer_types(r, chosen["num_hidden_layers"])} if r.random() < 0.6 else {}
    window = r.choice([None, 1, 3, 5, 300]) if not given else r.choice([1, 3, 5])
    return families.ministral(**{**chosen, **either_spelling(r, rotary_of(r)), **given, "sliding_window": window})


def ministral3_rope(r):
    rope = rotary_of(r)
    rope["llama_4_scaling_beta"] = r.choice([0.1, 0.3, 1.0])
    rope["original_max_position_embeddings"] = r.choice([3, 8, 32])
    return either_spelling(r, rope)


def ministral3(r, common):
    window = {"sliding_window": r.choice([None, None, 2, 5])}
    return families.ministral3(**{**sized(r, common), "rope_parameters": ..., **ministral3_rope(r), **window})


def mistral3(r, common):
    if r.random() < 0.5:
        text = {**sized(r, common), **ministral3_rope(r), "sliding_window": r.choice([None, 5])}
        kind = "ministral3"
    else:
        text = {**sized(r, common), **either_spelling(r, rotary_of(r)), "sliding_window": r.choice([None, 5])}
        kind = "mistral"
    vision = {
        "model_type": "pixtral",
        "hidden_size": 8,
        "intermediate_size": 8,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "image_size": 4,
        "patch_size": 2,
        "head_dim": 4,
    }
    return families.whole(
        "mistral3",
        "Mistral3ForConditionalGeneration",
        vision,
        families.text_part(kind, **text),
        tie_word_embeddings=text["tie_word_embeddings"],
        image_token_index=7,
    )


def glm4(r, common):
    width = r.choice([4, 8, 12])
    rope = {**rotary_of(r), "partial_rotary_factor": r.choice([0.5, 1.0])}
    if width * rope["partial_rotary_factor"] < 4 and rope["rope_type"] == "dynamic":  # a division by zero
        rope = {"rope_type": "default", "rope_theta": 1000.0, "partial_rotary_factor": 0.5}
    stated = either_spelling(r, rope)
    if "rope_parameters" in stated:
        stated["partial_rotary_factor"] = ...
    return families.glm4(**{**common(r), **stated, "head_dim": width, "attention_bias": r.random() < 0.5})


def cohere2(r, common):
    chosen = sized(r, common)
    eps = chosen.pop("rms_norm_eps")
    if r.random() < 0.5:
        given = {"layer_types": layer_types(r, chosen["num_hidden_layers"])}
    else:
        given = {"sliding_window_pattern": r.choice([2, 3, 4])}
    return families.cohere2(
        **{
            **chosen,
            **either_spelling(r, rotary_of(r)),
            **given,
            "layer_norm_eps": eps,
            "sliding_window": r.choice([1, 3, 5, 300]),
            "attention_bias": r.random() < 0.4,
            "logit_scale": r.choice([0.0625, 0.4, 1.0, 2.0]),
        }
    )


def seed_oss(r, common):
    flags = {k: r.random() < 0.5 for k in ("attention_bias", "attention_out_bias", "mlp_bias")}
    return families.seed_oss(**{**sized(r, common), **either_spelling(r, rotary_of(r)), **flags})


def exaone4(r, common):
    chosen = sized(r, common)
    if r.random() < 0.4:
        windows = {"sliding_window": None, "layer_types": [FULL] * chosen["num_hidden_layers"]}
    elif r.random() < 0.5:
        windows = {"sliding_window": r.choice([2, 5]), "layer_types": layer_types(r, chosen["num_hidden_layers"])}
    else:
        windows = {"sliding_window": r.choice([2, 5]), "sliding_window_pattern": r.choice([2, 3, 4])}
    return families.exaone4(**{**chosen, **either_spelling(r, rotary_of(r)), **windows})


def ernie4_5(r, common):
    return families.ernie(
        **{**sized(r, common), **either_spelling(r, rotary_of(r)), "use_bias": r.random() < 0.4}
    )


def qwen_vl(r, common, kind, architecture, vision):
    heads, width = r.choice([2, 3, 4]), r.choice([4, 6, 8])
    half = width // 2
    first = r.randint(0, half)
    second = r.randint(0, half - first)
    shares = [first, second, half - first - second]
    chosen = {**common(r), "hidden_size": heads * width, "num_attention_heads": heads}
    chosen["num_key_value_heads"] = r.choice([1, heads])
    tied = chosen.pop("tie_word_embeddings")
    slides = r.random() < 0.4
    windows = {"use_sliding_window": slides, "sliding_window": r.choice([2, 5]), "max_window_layers": r.choice([0, 1])}
    rope = {**rotary_of(r), "mrope_section": shares}
    if r.random() < 0.5:
        rope = {"rope_type": "mrope", "rope_theta": rope["rope_theta"], "mrope_section": shares}
    vision = {**vision, **{k: heads * width for k in ("out_hidden_size",) if k in vision}}
    if r.random() < 0.5:
        return families.config(
            kind, architecture, **{**chosen, **windows, **either_spelling(r, rope), "tie_word_embeddings": tied, "vision_config": vision}
        )
    text = families.text_part(f"{kind}_text", **{**chosen, **windows, **either_spelling(r, rope), "tie_word_embeddings": ...})
    return families.whole(kind, architecture, vision, text, tie_word_embeddings=tied)


def qwen2_5_vl(r, common):
    vision = {
        "depth": 1,
        "hidden_size": 8,
        "intermediate_size": 8,
        "num_heads": 2,
        "patch_size": 2,
        "out_hidden_size": 0,
        "fullatt_block_indexes": [0],
    }
    return qwen_vl(r, common, "qwen2_5_vl", "Qwen2_5_VLForConditionalGeneration", vision)


def qwen3_vl(r, common):
    chosen = {**sized(r, common), "attention_bias": r.random() < 0.3}
    tied = chosen.pop("tie_word_embeddings")
    rope = {**rotary_of(r), "mrope_interleaved": True, "mrope_section": [r.choice([0, 1]) for _ in range(3)]}
    text = families.text_part("qwen3_vl_text", **{**chosen, **either_spelling(r, rope), "tie_word_embeddings": ...})
    vision = {
        "depth": 1,
        "hidden_size": 8,
        "intermediate_size": 8,
        "num_heads": 2,
        "patch_size": 2,
        "out_hidden_size": chosen["hidden_size"],
        "num_position_embeddings": 4,
        "deepstack_visual_indexes": [0],
    }
    return families.whole("qwen3_vl", "Qwen3VLForConditionalGeneration", vision, text, tie_word_embeddings=tied)


def apertus(r, common):
    chosen = sized(r, common)
    chosen["hidden_act"] = r.choice(["xielu", "xielu", "relu2", "gelu"])
    return families.apertus(**{**chosen, **either_spelling(r, rotary_of(r)), "attention_bias": r.random() < 0.4})


def phi(r, common):
    chosen = common(r)
    eps = chosen.pop("rms_norm_eps")
    width = r.choice([4, 8])
    rope = {**rotary_of(r), "partial_rotary_factor": r.choice([0.5, 1.0])}
    if width * rope["partial_rotary_factor"] < 4 and rope["rope_type"] == "dynamic":  # a division by zero
        rope["rope_type"] = "default"
        rope.pop("factor")
    return families.phi(
        **{
            **chosen,
            **either_spelling(r, rope),
            "hidden_size": width * chosen["num_attention_heads"],
            "layer_norm_eps": eps,
            "qk_layernorm": r.random() < 0.5,
        }
    )


def olmo(r, common):
    chosen = sized(r, common)
    chosen.pop("rms_norm_eps")
    return families.olmo(**{**chosen, **either_spelling(r, rotary_of(r)), "attention_bias": r.random() < 0.4})


FAMILIES = {
    "apertus": apertus,
    "olmo": olmo,
    "phi": phi,
    "cohere2": cohere2,
    "ernie4_5": ernie4_5,
    "exaone4": exaone4,
    "glm4": glm4,
    "ministral": ministral,
    "ministral3": ministral3,
    "mistral3": mistral3,
    "olmo3": olmo3,
    "qwen2_5_vl": qwen2_5_vl,
    "qwen3_vl": qwen3_vl,
    "seed_oss": seed_oss,
    "smollm3": smollm3,
}
