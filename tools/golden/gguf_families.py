#!/usr/bin/env python3
"""Writes the tiny checkpoints of most families as GGUF, rearranged as llama.cpp's converter does.

    python tools/golden/gguf_families.py [CASE ...]

needs gguf, numpy and safetensors with torch (0.19.0, 2.4.6, 0.8.0 when the committed files were made).
Names come from gguf.get_tensor_name_map; what is rearranged was read off convert_hf_to_gguf.py (llama.cpp
at 0024aa7): rotary pairs, Gemma's norms, stacked experts, transposed and regrouped matrices.
"""

import json
import pathlib
import re
import sys

import gguf
import numpy as np
import torch
from safetensors.torch import load_file

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHECKPOINTS = ROOT / "model/src/test/resources/golden/checkpoints"
OUT = ROOT / "model/src/test/resources/golden/gguf-families"

ARCHS = {
    "gemma-mqa": gguf.MODEL_ARCH.GEMMA,
    "gemma2": gguf.MODEL_ARCH.GEMMA2,
    "gemma3": gguf.MODEL_ARCH.GEMMA3,
    "gpt-oss": gguf.MODEL_ARCH.GPT_OSS,
    "gpt2": gguf.MODEL_ARCH.GPT2,
    "granite-tied": gguf.MODEL_ARCH.GRANITE,
    "llama-bias": gguf.MODEL_ARCH.LLAMA,
    "mixtral": gguf.MODEL_ARCH.LLAMA,
    "neox-parallel": gguf.MODEL_ARCH.GPTNEOX,
    "olmo2-gqa": gguf.MODEL_ARCH.OLMO2,
    "olmoe": gguf.MODEL_ARCH.OLMOE,
    "phi3-longrope-long": gguf.MODEL_ARCH.PHI3,
    "qwen1": gguf.MODEL_ARCH.QWEN,
    "qwen2-moe": gguf.MODEL_ARCH.QWEN2MOE,
    "qwen3-tied": gguf.MODEL_ARCH.QWEN3,
    "qwen3-moe": gguf.MODEL_ARCH.QWEN3MOE,
    "seed-oss": gguf.MODEL_ARCH.SEED_OSS,
    "smollm3": gguf.MODEL_ARCH.SMOLLM3,
    "stablelm-qk-sequential": gguf.MODEL_ARCH.STABLELM,
}


def first(config, *keys):
    return next((config[key] for key in keys if config.get(key) is not None), None)


def permute(rows, heads):
    pairs = rows.reshape(heads, 2, rows.shape[0] // heads // 2, *rows.shape[1:])
    return pairs.swapaxes(1, 2).reshape(rows.shape)


def rearranged(arch, config, tensors):
    """The tensors as the converter has them before it maps their names."""
    out = {}
    for name, value in tensors.items():
        value = value.to(torch.float32).numpy()
        if arch in (gguf.MODEL_ARCH.LLAMA, gguf.MODEL_ARCH.GRANITE, gguf.MODEL_ARCH.SMOLLM3):
            if ".q_proj." in name:
                value = permute(value, config["num_attention_heads"])
            if ".k_proj." in name:
                value = permute(value, config["num_key_value_heads"])
        if "gemma" in config["model_type"] and name.endswith("norm.weight"):
            value = value + np.float32(1)
        if arch == gguf.MODEL_ARCH.GPT2 and re.search(r"c_(attn|proj|fc)\.weight$", name):
            value = value.T
        if "query_key_value" in name:
            heads = config["num_attention_heads"]
            value = value.reshape(heads, 3, -1, *value.shape[1:]).swapaxes(0, 1).reshape(value.shape)
        if "shared_expert_gate" in name:
            value = value.squeeze()
        if expert := re.match(r"(.*\.experts)\.(\d+)\.(\w+)\.weight$", name):
            stack = f"{expert[1]}.{expert[3]}.weight"
            out.setdefault(stack, {})[int(expert[2])] = value
        elif norm := re.match(r"(.*)\.norms\.(\d+)\.weight$", name):
            out.setdefault(f"{norm[1]}.weight", {})[int(norm[2])] = value
        elif arch == gguf.MODEL_ARCH.GPT_OSS and "experts" in name:
            out.update(gpt_oss_experts(name, value))
        else:
            out[name + ".weight" if name.endswith("sinks") else name] = value
    return {k: np.stack([v[i] for i in range(len(v))]) if isinstance(v, dict) else v for k, v in out.items()}


def gpt_oss_experts(name, value):
    stem = name.removesuffix("_bias")
    kind = "bias" if name.endswith("_bias") else "weight"
    if kind == "weight":
        value = value.swapaxes(1, 2)
    if stem.endswith("down_proj"):
        return {f"{stem}.{kind}": value}
    gate, up = stem.replace("gate_up_proj", "gate_proj"), stem.replace("gate_up_proj", "up_proj")
    return {f"{gate}.{kind}": value[:, ::2], f"{up}.{kind}": value[:, 1::2]}


def metadata(writer, arch, config):
    heads = first(config, "num_attention_heads", "n_head")
    hidden = first(config, "hidden_size", "n_embd")
    dim = config.get("head_dim") or hidden // heads
    writer.add_context_length(first(config, "max_position_embeddings", "n_positions", "seq_length"))
    writer.add_embedding_length(hidden)
    writer.add_block_count(first(config, "num_hidden_layers", "n_layer"))
    writer.add_feed_forward_length(first(config, "intermediate_size") or 4 * hidden)
    writer.add_head_count(heads)
    if "num_key_value_heads" in config:
        writer.add_head_count_kv(config["num_key_value_heads"])
    if config.get("head_dim"):
        writer.add_key_length(dim)
        writer.add_value_length(dim)
    if (eps := config.get("rms_norm_eps")) is not None:
        writer.add_layer_norm_rms_eps(eps)
    if arch == gguf.MODEL_ARCH.QWEN:
        writer.add_layer_norm_rms_eps(config["layer_norm_epsilon"])
    elif (eps := first(config, "layer_norm_eps", "layer_norm_epsilon")) is not None:
        writer.add_layer_norm_eps(eps)
    if (theta := first(config, "rope_theta", "rotary_emb_base")) is not None:
        writer.add_rope_freq_base(theta)
    if (share := first(config, "partial_rotary_factor", "rotary_pct")) is not None:
        writer.add_rope_dimension_count(int(share * dim))
    elif arch in (gguf.MODEL_ARCH.LLAMA, gguf.MODEL_ARCH.GRANITE, gguf.MODEL_ARCH.PHI3):
        writer.add_rope_dimension_count(dim)
    if config.get("sliding_window"):
        writer.add_sliding_window(config["sliding_window"])
    if "use_parallel_residual" in config:
        writer.add_parallel_residual(config["use_parallel_residual"])
    if (count := first(config, "num_local_experts", "num_experts")) is not None:
        writer.add_expert_count(count)
        writer.add_expert_used_count(config["num_experts_per_tok"])
    if "moe_intermediate_size" in config:
        writer.add_expert_feed_forward_length(config["moe_intermediate_size"])
    if "shared_expert_intermediate_size" in config:
        writer.add_expert_shared_feed_forward_length(config["shared_expert_intermediate_size"])
    if "attn_logit_softcapping" in config:
        writer.add_attn_logit_softcapping(config["attn_logit_softcapping"])
        writer.add_final_logit_softcapping(config["final_logit_softcapping"])
    if "embedding_multiplier" in config:
        writer.add_embedding_scale(config["embedding_multiplier"])
        writer.add_attention_scale(config["attention_multiplier"])
        writer.add_residual_scale(config["residual_multiplier"])
        writer.add_logit_scale(config["logits_scaling"])
    scaling = config.get("rope_scaling") or {}
    if scaling.get("rope_type") == "yarn":
        writer.add_rope_scaling_type(gguf.RopeScalingType.YARN)
        writer.add_rope_scaling_factor(scaling["factor"])
        writer.add_rope_scaling_orig_ctx_len(scaling["original_max_position_embeddings"])
    if scaling.get("type") == "longrope":
        writer.add_rope_scaling_orig_ctx_len(config["original_max_position_embeddings"])
        for which in ("long", "short"):
            factors = np.array(scaling[f"{which}_factor"], np.float32)
            writer.add_tensor(f"rope_factors_{which}.weight", factors)


def convert(name, arch):
    folder = CHECKPOINTS / name
    config = json.loads((folder / "config.json").read_text())
    layers = first(config, "num_hidden_layers", "n_layer")
    names = gguf.get_tensor_name_map(arch, layers)
    dense = gguf.get_tensor_name_map(gguf.MODEL_ARCH.QWEN2, layers)
    path = OUT / f"{name}.gguf"
    writer = gguf.GGUFWriter(path, gguf.MODEL_ARCH_NAMES[arch])
    metadata(writer, arch, config)
    tensors = rearranged(arch, config, load_file(folder / "model.safetensors"))
    for tensor, value in tensors.items():
        # Layers without experts are not in the table of the Qwen2-MoE architecture.
        mapped = names.get_name(tensor, (".weight", ".bias")) or dense.get_name(tensor, (".weight", ".bias"))
        assert mapped is not None, (name, tensor)
        writer.add_tensor(mapped, np.ascontiguousarray(value))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(path.name, path.stat().st_size)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or ARCHS:
        convert(name, ARCHS[name])


if __name__ == "__main__":
    main()
