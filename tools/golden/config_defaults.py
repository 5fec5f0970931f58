"""Says what transformers' configuration classes say, for every family this project reads.

    python config_defaults.py [--only CHECKPOINT ...]

writes two files:

* `config-classes.json` beside the readers: for each `model_type`, the keys its class has with their defaults, and the
  other names (`attribute_map`) it takes. A key that is in neither TRAINING nor the file stops the script.
* `config-defaults.json` for the tests: each configuration of the committed checkpoints without one of its keys, and what
  transformers then computes from it: shape, epsilon, windows and frequencies of each block, and some logits.
  Where transformers refuses, or does not find a place for every tensor, it says so.

With --only the rows of other checkpoints stay as they are.

Made with transformers 5.24.0 and torch 2.15.0; needs no network.
"""

import argparse
import dataclasses
import json
import shutil
import tempfile
import warnings
from pathlib import Path

import torch
import transformers
from safetensors import safe_open
from transformers import CONFIG_MAPPING, PreTrainedConfig
from transformers.utils import logging as transformers_logging

import checkpoints

ROOT = Path(__file__).resolve().parents[2]
CHECKPOINTS = ROOT / "model/src/test/resources/golden/checkpoints"
CLASSES = ROOT / "model/src/main/resources/dev/demur/model/config-classes.json"
GOLDEN = ROOT / "model/src/test/resources/golden/config-defaults.json"

FAMILIES = [
    "apertus", "cohere", "cohere2", "deepseek_v2", "deepseek_v3", "ernie4_5", "ernie4_5_moe", "exaone4", "exaone_moe", "gemma", "gemma2",
    "gemma3", "gemma3_text", "gemma4", "gemma4_text", "gemma4_unified", "gemma4_unified_text", "glm", "glm4", "glm4_moe", "gpt2", "gpt_neox", "gpt_oss", "granite", "lfm2", "lfm2_moe",
    "llama", "llama4", "llama4_text", "llava", "llava_next", "minimax_m2", "ministral", "ministral3", "mistral", "mistral3",
    "mixtral", "olmo", "olmo2", "olmo3", "olmoe", "phi", "phi3", "qwen2",
    "qwen2_5_vl", "qwen2_5_vl_text", "qwen2_moe", "qwen2_vl", "qwen2_vl_text", "qwen3", "qwen3_5", "qwen3_5_moe",
    "qwen3_5_moe_text", "qwen3_5_text", "qwen3_moe", "qwen3_next", "qwen3_vl", "qwen3_vl_text", "seed_oss",
    "smollm3", "stablelm",
    "falcon_h1", "granitemoe", "granitemoehybrid", "granitemoeshared",
]  # fmt: skip

# Keys that change training, what a call returns or which tokens are special, never what a model computes.
TRAINING = {
    "attention_dropout", "attn_pdrop", "bos_token_id", "classifier_dropout", "embd_pdrop", "eos_token_id",
    "hidden_dropout", "initializer_range", "is_decoder", "output_router_logits", "pad_token_id", "pretraining_tp",
    "reorder_and_upcast_attn", "resid_pdrop", "residual_dropout", "router_aux_loss_coef", "router_jitter_noise",
    "summary_activation", "summary_first_dropout", "summary_proj_to_labels", "summary_type", "summary_use_proj", "use_cache",
}  # fmt: skip
# Images, and the parts of a configuration that are configurations.
OTHER_PARTS = {
    "audio_config", "audio_token_id", "boa_token_id", "boi_token_id", "boi_token_index", "eoa_token_index", "eoi_token_id", "eoi_token_index", "image_grid_pinpoints", "image_seq_length", "image_token_id", "image_token_index",
    "mm_tokens_per_image", "multimodal_projector_bias", "projector_hidden_act", "text_config", "video_token_id",
    "vision_config", "vision_end_token_id", "vision_feature_layer", "vision_feature_select_strategy", "vision_start_token_id",
}  # fmt: skip
# What a class reads without declaring it.
UNTIED = {"tie_word_embeddings": False}
UNDECLARED = {
    "cohere2": {"sliding_window_pattern": 4},
    "gemma3_text": {"sliding_window_pattern": 6},
    "gemma4_text": {"global_head_dim": 512},
    "gemma4_unified_text": {"global_head_dim": 512},
    "gpt_neox": {},
    "qwen2_5_vl_text": UNTIED,
    "qwen2_vl_text": UNTIED,
    "qwen3_vl_text": UNTIED,
}
for kind in ("qwen3_next", "qwen3_5_text", "qwen3_5_moe_text"):
    UNDECLARED[kind] = {"full_attention_interval": 4}

# Names a class takes out of what it is given, and prefers.
TAKEN = {kind: {"tie_embedding": "tie_word_embeddings"} for kind in ("lfm2", "lfm2_moe")}
TAKEN["lfm2"]["block_ff_dim"] = "intermediate_size"

# QWenConfig, which is no part of transformers; its code asks for seq_length without a default.
QWEN1 = {
    "hidden_size": 4096,
    "intermediate_size": 22016,
    "kv_channels": 128,
    "layer_norm_epsilon": 1e-6,
    "max_position_embeddings": 8192,
    "num_attention_heads": 32,
    "num_hidden_layers": 32,
    "rotary_emb_base": 10000,
    "rotary_pct": 1.0,
    "scale_attn_weights": True,
    "tie_word_embeddings": False,
    "use_cache_quantization": False,
    "use_dynamic_ntk": True,
    "use_logn_attn": True,
    "vocab_size": 151936,
}

# Sizes: without them the stored tensors rarely fit, so only the shape is compared.
SIZES = {
    "head_dim", "hidden_size", "intermediate_size", "moe_intermediate_size", "n_embd", "n_head", "n_inner", "n_layer",
    "num_attention_heads", "num_experts", "num_hidden_layers", "num_key_value_heads", "num_local_experts",
    "shared_expert_intermediate_size", "global_head_dim", "num_global_key_value_heads", "per_layer_config", "vocab_size", "n_positions", "linear_num_key_heads", "linear_num_value_heads",
    "linear_key_head_dim", "linear_value_head_dim", "linear_conv_kernel_dim",
    "shared_intermediate_size", "mamba_d_state", "mamba_n_heads", "mamba_n_groups", "mamba_d_head", "mamba_d_conv", "mamba_expand",
    "mamba_d_ssm",
    "conv_L_cache", "block_ff_dim", "block_multiple_of", "block_ffn_dim_multiplier", "block_auto_adjust_ff_dim",
}  # fmt: skip
NO_MATTER = {"architectures", "model_type", "torch_dtype", "dtype", "transformers_version"} | TRAINING
# Checkpoints that differ from another one only in what no configuration says, or in numbers it states.
ALIKE = {
    "gemma-mha", "gemma2-three-layers", "gpt-oss-one-kv-head", "llama-bf16", "llama-f16", "llama-one-kv-head",
    "llama-sharded", "mixtral", "olmo2-mha", "phi3-longrope-short", "qwen1.5-mha", "qwen2-untied", "qwen3-moe",
}  # fmt: skip
PROMPT = "prompt.1.tokens"
LOGITS = 12
SIGNIFICANT = 9


# --- the classes ------------------------------------------------------------------------------------------------------


def rope_defaults(kind, config):
    """What the class assumes about rotary positions, under transformers 4's keys."""
    rope = getattr(config, "rope_parameters", None)
    if rope is None:
        return {}
    if "full_attention" in rope:
        found = {
            "rope_theta": rope["full_attention"]["rope_theta"],
            "rope_local_base_freq": rope["sliding_attention"]["rope_theta"],
        }
        if "partial_rotary_factor" in rope["full_attention"]:
            found["partial_rotary_factor"] = rope["full_attention"]["partial_rotary_factor"]
            found["rope_scaling"] = {"rope_type": rope["full_attention"]["rope_type"]}
        return found
    theta, part = ("rotary_emb_base", "rotary_pct") if kind == "gpt_neox" else ("rope_theta", "partial_rotary_factor")
    found = {theta: rope["rope_theta"]}
    if "partial_rotary_factor" in rope:
        found[part] = rope["partial_rotary_factor"]
    if rope["rope_type"] != "default":
        found["rope_scaling"] = {k: v for k, v in rope.items() if k not in ("rope_theta", "partial_rotary_factor")}
    return found


def class_of(kind):
    cls = CONFIG_MAPPING[kind]
    if kind == "mistral3":  # a whole without its text part has one of its own, which is a Mistral
        text = cls.sub_configs_defaults["text_config"].init_kwargs
        rest = {k: v for k, v in text.items() if k not in TRAINING | {"model_type"} and v is not None}
        return {"defaults": {**dict(sorted(rest.items())), "tie_word_embeddings": True}, "aliases": {}}
    inherited = {f.name for f in dataclasses.fields(PreTrainedConfig)}
    fields = [f for f in dataclasses.fields(cls) if f.name not in inherited and f.name != "rope_parameters"]
    defaults = {
        f.name: f.default
        for f in fields
        if f.name not in TRAINING | OTHER_PARTS | {"time_step_limit"} and f.default is not dataclasses.MISSING and f.default is not None
    }
    unknown = {k for k, v in defaults.items() if not isinstance(v, (bool, int, float, str))}
    if unknown:
        raise AssertionError(f"{kind}: what are {unknown}?")
    defaults.update(rope_defaults(kind, cls()))
    defaults.update(UNDECLARED.get(kind, {}))
    aliases = {k: v for k, v in cls.attribute_map.items() if not k.endswith("_token_id")}
    aliases |= TAKEN.get(kind, {})
    if kind == "qwen3_moe":  # the class keeps the count under the name that it does not declare
        aliases = {v: k for k, v in aliases.items()}
    return {"defaults": dict(sorted(defaults.items())), "aliases": aliases}


def write_classes():
    classes = {kind: class_of(kind) for kind in FAMILIES}
    classes["qwen"] = {"defaults": QWEN1, "aliases": {}}
    lines = {"made_by": "tools/golden/config_defaults.py", "transformers": transformers.__version__}
    lines["classes"] = dict(sorted(classes.items()))
    CLASSES.write_text(json.dumps(lines, indent=1) + "\n", encoding="utf-8")


# --- what transformers makes of a configuration -----------------------------------------------------------------------


def rounded(values):
    return [float(f"{float(v):.{SIGNIFICANT}g}") for v in values]


def adjusted(config):
    """The MLP's width, as `Lfm2MLP` makes it of what a configuration says."""
    width = config.intermediate_size
    if config.block_auto_adjust_ff_dim:
        width = int(2 * width / 3)
        if config.block_ffn_dim_multiplier is not None:
            width = int(config.block_ffn_dim_multiplier * width)
            width = -(-width // config.block_multiple_of) * config.block_multiple_of
    return width


def sizes(config):
    if config.model_type in ("gemma4_text", "gemma4_unified_text"):  # heads of layers with a window
        config.allow_global_per_layer_attribute_access = True
    heads = config.num_attention_heads
    kv = getattr(config, "num_key_value_heads", None) or heads
    head = getattr(config, "qk_head_dim", None) or getattr(config, "head_dim", None) or config.hidden_size // heads
    if config.model_type == "gpt2":
        width = config.n_inner or 4 * config.n_embd
    elif config.model_type == "granitemoehybrid":
        width = config.shared_intermediate_size
    elif config.model_type == "lfm2":
        width = adjusted(config)
    else:
        width = config.moe_intermediate_size if config.model_type == "qwen3_5_moe_text" else config.intermediate_size
    return {
        "n_layers": config.num_hidden_layers,
        "d_model": config.hidden_size,
        "n_heads": heads,
        "n_kv_heads": heads if config.model_type in ("gpt2", "gpt_neox") else kv,
        "d_head": head,
        "d_mlp": width,
        "d_vocab": config.vocab_size,
        "n_ctx": config.max_position_embeddings,
    }


def window(config, attention):
    """Tokens a layer sees; 0 for all."""
    if attention is None or config.model_type in ("lfm2", "lfm2_moe") or config.model_type.startswith("granitemoe") or config.model_type == "falcon_h1" or config.model_type in ("qwen3_next", "qwen3_5_text", "qwen3_5_moe_text"):
        return 0
    if config.model_type in ("mixtral", "phi3", "mistral", "ministral3"):
        return config.sliding_window or 0
    if config.model_type in ("exaone4", "exaone_moe"):
        return config.sliding_window if attention.is_sliding else 0
    if config.model_type == "llama4_text":
        return config.attention_chunk_size if config.layer_types[attention.layer_idx] == "chunked_attention" else 0
    if config.model_type in ("cohere", "glm", "minimax_m2", "glm4", "glm4_moe", "seed_oss", "ernie4_5", "olmoe", "ernie4_5_moe", "deepseek_v2", "deepseek_v3", "qwen3_vl_text", "apertus", "phi", "olmo"):
        return 0
    if config.model_type in ("qwen2_moe", "qwen3_moe", "gpt2", "gpt_neox", "stablelm", "llama", "granite", "olmo2", "gemma"):
        return 0  # qwen2_moe and qwen3_moe: off in every case here
    return attention.sliding_window or 0


def knows_positions(config, attention):
    if config.model_type == "llama4_text":
        return bool(attention.use_rope)
    if config.model_type == "smollm3":
        return attention.use_rope
    if config.model_type in ("exaone4", "exaone_moe"):
        return attention.sliding_window is None or attention.is_sliding
    if config.model_type == "granitemoehybrid":
        return config.position_embedding_type == "rope"
    return config.model_type != "cohere2" or attention.sliding_window is not None


def rotary_of(model, config, layer, attention):
    base = text_of(model)
    rotary = getattr(base, "rotary_emb", None) or getattr(base, "pos_emb", None)
    if rotary is None or attention is None or not knows_positions(config, attention):
        return [], 1.0
    if config.model_type in ("gemma3_text", "gemma4_text", "gemma4_unified_text", "olmo3"):
        kind = config.layer_types[layer]
        return getattr(rotary, f"{kind}_inv_freq"), getattr(rotary, f"{kind}_attention_scaling")
    return rotary.inv_freq, rotary.attention_scaling


# OlmoLayerNorm has it in its forward pass.
OLMO_EPSILON = 1e-5


def epsilon(block):
    names = ("ln_1", "operator_norm", "attention_layernorm", "input_layernorm", "post_attention_layernorm")
    norm = next(getattr(block, name) for name in names if hasattr(block, name))
    return getattr(norm, "variance_epsilon", None) or getattr(norm, "eps", OLMO_EPSILON)


def text_of(model):
    """The module with the blocks."""
    if model.config.model_type == "llama4_text":  # its base is the model itself
        return model.model
    return getattr(model.base_model, "language_model", model.base_model)


def blocks(model):
    config = model.config.get_text_config()
    layers = model.base_model.h if config.model_type == "gpt2" else text_of(model).layers
    rows = []
    for index, block in enumerate(layers):
        attention = getattr(block, "self_attn", None) or getattr(block, "attn", None) or getattr(block, "attention", None)
        frequencies, magnitude = rotary_of(model, config, index, attention)
        rows.append(
            {
                "eps": epsilon(block),
                "window": window(config, attention),
                "frequencies": rounded(frequencies),
                "magnitude": rounded([magnitude])[0],
            }
        )
    return rows


def config_of(config):
    return CONFIG_MAPPING[config["model_type"]].from_dict(json.loads(json.dumps(config))).get_text_config()


def logits(model, folder):
    with safe_open(folder / "golden.safetensors", "pt") as golden, torch.no_grad():
        ids = golden.get_tensor(PROMPT)
    with torch.no_grad():
        return rounded(model(ids[None]).logits[0, -1, :LOGITS])


def load(config, folder):
    with tempfile.TemporaryDirectory() as temporary:
        for file in folder.glob("*.safetensors*"):
            if file.name != "golden.safetensors":
                shutil.copyfile(file, Path(temporary) / file.name)
        (Path(temporary) / "config.json").write_text(json.dumps(config), encoding="utf-8")
        return checkpoints.kind_of(config).from_pretrained(
            temporary,
            dtype=torch.float32,
            attn_implementation="eager",
            experts_implementation="eager",
            output_loading_info=True,
        )


def reading(config, folder, key):
    """What transformers computes, or why it does not."""
    try:
        found = {"sizes": sizes(config_of(config))}
        shape = found["sizes"]
        uneven = config["model_type"] == "gpt2" and shape["d_model"] % shape["n_heads"]
        if uneven or shape["d_head"] < 1 or shape["n_heads"] % shape["n_kv_heads"]:
            return {"refused": "the class takes it, and no such model can be made"}
        if key in SIZES | {"text_config"}:
            return found
        model, info = load(config, folder)
        if info["missing_keys"] == {"lm_head.weight"}:
            # transformers makes one up at random; the only unembedding there is, is the embedding.
            model, info = load({**config, "tie_word_embeddings": True}, folder)
        # A bias that is not there is a bias of zeros.
        info["missing_keys"] = {name for name in info["missing_keys"] if not name.endswith(".bias")}
        wrong = sorted(name for value in info.values() for name in value)
        if wrong:
            return {"refused": f"no place for or no value of {wrong[0]}"}
        found["logits"] = logits(model.eval(), folder)
    except Exception as error:  # whatever transformers thinks of it
        return {"refused": " ".join(str(error).split())[:160]}
    return {**found, "blocks": blocks(model)}


def cases(config):
    """Name of what is taken away, and the configuration without it."""
    for key in config:
        if key not in NO_MATTER | OTHER_PARTS - {"text_config"}:
            yield key, key, {k: v for k, v in config.items() if k != key}
            if isinstance(config[key], dict):
                for inner in config[key]:
                    if key == "text_config" and inner in NO_MATTER:
                        continue
                    rest = {k: v for k, v in config[key].items() if k != inner}
                    yield f"{key}/{inner}", inner, {**config, key: rest}
                    if isinstance(config[key][inner], dict):
                        for innermost in config[key][inner]:
                            rest2 = {k: v for k, v in config[key][inner].items() if k != innermost}
                            yield f"{key}/{inner}/{innermost}", innermost, {**config, key: {**config[key], inner: rest2}}


def rows_of(folder):
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if config["model_type"] == "qwen" or folder.name in ALIKE:
        return []
    return [
        {"checkpoint": folder.name, "without": name, **reading(changed, folder, key)}
        for name, key, changed in cases(config)
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", help="names of checkpoints; all by default")
    only = parser.parse_args().only
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    write_classes()
    kept = json.loads(GOLDEN.read_text(encoding="utf-8"))["rows"] if only else []
    rows = []
    for file in sorted(CHECKPOINTS.glob("*/config.json")):
        name = file.parent.name
        old = [row for row in kept if row["checkpoint"] == name]
        rows += old if only and name not in only else rows_of(file.parent)
    bare = {kind: sizes(CONFIG_MAPPING[kind]().get_text_config()) for kind in FAMILIES}
    golden = {
        "made_by": "tools/golden/config_defaults.py",
        "transformers": transformers.__version__,
        "bare": bare,
        "rows": rows,
    }
    text = json.dumps({**golden, "rows": 0}, indent=1).replace(
        '"rows": 0', '"rows": [\n' + ",\n".join("  " + json.dumps(row) for row in rows) + "\n ]"
    )
    GOLDEN.write_text(text + "\n", encoding="utf-8")
    print(len(rows), "rows,", sum("refused" in row for row in rows), "refused")


if __name__ == "__main__":
    main()
