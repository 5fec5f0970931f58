"""A Qwen2 folder in the shape of Qwen2.5-7B that computes the same: the wider matrices hold the model's own in a corner and
zeros elsewhere, so that a model of 15 GB can be studied without having one.

    python bench/peers/widen.py FOLDER OUT

Norms divide by the size of more elements, which their weights make up for; up to rounding to bfloat16, logits stay the same.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file

D_MODEL, D_MLP, HEADS, KV_HEADS, VOCAB = 3584, 18944, 28, 4, 152064


def heads_at(old, per_old, per_new):
    """Where each query head goes, so that it reads the same key-value head."""
    return [head // per_old * per_new + head % per_old for head in range(old)]


def spread(weight, places, count, width, dim):
    """Heads of `width` along a dimension, moved to their places among `count`."""
    shape = list(weight.shape)
    shape[dim] = count * width
    out = weight.new_zeros(shape)
    for head, place in enumerate(places):
        out.narrow(dim, place * width, width).copy_(weight.narrow(dim, head * width, width))
    return out


def cornered(weight, shape):
    out = weight.new_zeros(shape)
    out[tuple(slice(n) for n in weight.shape)] = weight
    return out


def widened(name, weight, config):
    width = config["hidden_size"] // config["num_attention_heads"]
    old, old_kv = config["num_attention_heads"], config["num_key_value_heads"]
    queries = heads_at(old, old // old_kv, HEADS // KV_HEADS)
    keys = list(range(old_kv))
    if name.endswith("norm.weight"):
        return cornered((weight.float() * (config["hidden_size"] / D_MODEL) ** 0.5).to(weight.dtype), [D_MODEL])
    if name.endswith(("embed_tokens.weight", "lm_head.weight")):
        return cornered(weight, [VOCAB, D_MODEL])
    if ".q_proj" in name:
        weight = spread(weight, queries, HEADS, width, 0)
    elif ".k_proj" in name or ".v_proj" in name:
        weight = spread(weight, keys, KV_HEADS, width, 0)
    elif ".o_proj" in name:
        return cornered(spread(weight, queries, HEADS, width, 1), [D_MODEL, HEADS * width])
    elif ".down_proj" in name:
        return cornered(weight, [D_MODEL, D_MLP])
    elif ".gate_proj" in name or ".up_proj" in name:
        return cornered(weight, [D_MLP, D_MODEL])
    return weight if weight.dim() == 1 else cornered(weight, [weight.shape[0], D_MODEL])


def main(folder, out):
    folder, out = Path(folder), Path(out)
    out.mkdir(parents=True)
    config = json.loads((folder / "config.json").read_text())
    if config["model_type"] != "qwen2" or config["hidden_size"] // config["num_attention_heads"] != 128:
        sys.exit(f"{folder}: expected a Qwen2 model with heads of 128")
    places = {}
    with safe_open(folder / "model.safetensors", "pt") as file:
        names = sorted(file.keys())
        parts = sorted({name.split(".layers.")[1].split(".")[0] if ".layers." in name else "" for name in names})
        for i, part in enumerate(parts):
            some = [n for n in names if (n.split(".layers.")[1].split(".")[0] if ".layers." in n else "") == part]
            shard = f"model-{i + 1:05}-of-{len(parts):05}.safetensors"
            save_file({n: widened(n, file.get_tensor(n), config).contiguous() for n in some}, out / shard)
            places |= dict.fromkeys(some, shard)
    (out / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": places}))
    config |= {"hidden_size": D_MODEL, "intermediate_size": D_MLP, "num_attention_heads": HEADS}
    config |= {"num_key_value_heads": KV_HEADS, "vocab_size": VOCAB}
    (out / "config.json").write_text(json.dumps(config, indent=2))
    for file in folder.iterdir():
        if file.name != "config.json" and file.suffix in (".json", ".jinja", ".txt"):
            shutil.copy(file, out / file.name)


if __name__ == "__main__":
    main(*sys.argv[1:])
