"""A folder in the shape of Qwen2.5-7B that computes what a smaller model does, so that 15 GB can be studied without having them.

    python bench/peers/widen.py FOLDER OUT

FOLDER is a Qwen2 or Llama model with at most 28 layers, 28 query and 4 key-value heads. Wider matrices hold the model's own in
a corner and zeros elsewhere; layers it does not have follow its own and hold noise too small to matter, but as dear to multiply.
Norms divide by the size of more elements, which their weights make up for. Tokens the model does not have get logits of 0. Up to
rounding, those of its own stay the same.
"""

import json
import math
import shutil
import sys
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file

LAYERS, D_MODEL, D_MLP, HEADS, KV_HEADS, D_HEAD, VOCAB = 28, 3584, 18944, 28, 4, 128, 152064
NOISE = 1e-3
CONTEXT = 1024  # at least, so that much can be written
SHAPES = {
    "self_attn.q_proj.weight": (HEADS * D_HEAD, D_MODEL),
    "self_attn.k_proj.weight": (KV_HEADS * D_HEAD, D_MODEL),
    "self_attn.v_proj.weight": (KV_HEADS * D_HEAD, D_MODEL),
    "self_attn.o_proj.weight": (D_MODEL, HEADS * D_HEAD),
    "mlp.gate_proj.weight": (D_MLP, D_MODEL),
    "mlp.up_proj.weight": (D_MLP, D_MODEL),
    "mlp.down_proj.weight": (D_MODEL, D_MLP),
}


class Widening:
    def __init__(self, config):
        self.old, self.old_kv = config["num_attention_heads"], config["num_key_value_heads"]
        self.d_model = config["hidden_size"]
        self.d_head = config.get("head_dim") or self.d_model // self.old
        group = self.old // self.old_kv
        # Each query head goes where it reads the same key-value head.
        self.queries = [head // group * (HEADS // KV_HEADS) + head % group for head in range(self.old)]
        self.keys = list(range(self.old_kv))

    def of(self, name, weight):
        if name.endswith("norm.weight"):
            return cornered((weight.float() * (self.d_model / D_MODEL) ** 0.5).to(weight.dtype), [D_MODEL])
        if name.endswith(("embed_tokens.weight", "lm_head.weight")):
            return cornered(weight, [VOCAB, D_MODEL])
        if ".q_proj" in name:
            weight = self.heads(weight * (D_HEAD / self.d_head) ** 0.5, self.queries, HEADS, self.turning())
        elif ".k_proj" in name:
            weight = self.heads(weight, self.keys, KV_HEADS, self.turning())
        elif ".v_proj" in name:
            weight = self.heads(weight, self.keys, KV_HEADS, range(self.d_head))
        elif ".o_proj" in name:
            weight = self.heads(weight.T, self.queries, HEADS, range(self.d_head)).T
        part = name.split(".", 3)[3]
        return cornered(weight, SHAPES[part]) if part in SHAPES else weight

    def turning(self):
        """Where a head's elements go so that pairs turn as fast as they did."""
        half, step = self.d_head // 2, D_HEAD // self.d_head
        return [i * step for i in range(half)] + [D_HEAD // 2 + i * step for i in range(half)]

    def heads(self, weight, places, count, elements):
        """Rows of heads, moved to their places among `count` heads of 128."""
        out = weight.new_zeros([count * D_HEAD, *weight.shape[1:]])
        at = [place * D_HEAD + element for place in places for element in elements]
        out[at] = weight
        return out


def cornered(weight, shape):
    out = weight.new_zeros(shape)
    out[tuple(slice(n) for n in weight.shape)] = weight
    return out


def noise(layer, device):
    some = {
        f"model.layers.{layer}.{name}": (torch.randn(shape, device=device) * NOISE).bfloat16().cpu()
        for name, shape in SHAPES.items()
    }
    for norm in ("input_layernorm", "post_attention_layernorm"):
        some[f"model.layers.{layer}.{norm}.weight"] = torch.ones(D_MODEL, dtype=torch.bfloat16)
    return some


def check(folder, config):
    known = config["model_type"] in ("qwen2", "llama")
    widening = Widening(config)
    fits = widening.old <= HEADS and widening.old_kv <= KV_HEADS and config["num_hidden_layers"] <= LAYERS
    fits = fits and widening.old // widening.old_kv <= HEADS // KV_HEADS and math.log2(D_HEAD / widening.d_head) % 1 == 0
    if not (known and fits):
        sys.exit(f"{folder}: expected a Qwen2 or Llama model of at most 28 layers and 28 + 4 heads of 128 or a power of 2 below")
    return widening


def main(folder, out):
    folder, out = Path(folder), Path(out)
    out.mkdir(parents=True)
    config = json.loads((folder / "config.json").read_text())
    widening = check(folder, config)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(1)
    places = {}

    def save(part, tensors):
        save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, out / f"model-{part}.safetensors")
        places.update(dict.fromkeys(tensors, f"model-{part}.safetensors"))

    with safe_open(folder / "model.safetensors", "pt") as file:
        names = sorted(file.keys())
        of = {name: name.split(".layers.")[1].split(".")[0] if ".layers." in name else "rest" for name in names}
        for part in sorted(set(of.values())):
            save(part, {n: widening.of(n, file.get_tensor(n).bfloat16()) for n in names if of[n] == part})
        if "lm_head.weight" not in names:
            save("head", {"lm_head.weight": widening.of("lm_head.weight", file.get_tensor("model.embed_tokens.weight").bfloat16())})
    for layer in range(config["num_hidden_layers"], LAYERS):
        tensors = noise(layer, device)
        if config["model_type"] == "qwen2":
            for bias, width in (("q", HEADS), ("k", KV_HEADS), ("v", KV_HEADS)):
                tensors[f"model.layers.{layer}.self_attn.{bias}_proj.bias"] = torch.zeros(width * D_HEAD, dtype=torch.bfloat16)
        save(layer, tensors)
    (out / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": places}))
    config |= {"hidden_size": D_MODEL, "intermediate_size": D_MLP, "num_attention_heads": HEADS, "num_hidden_layers": LAYERS}
    config |= {"num_key_value_heads": KV_HEADS, "vocab_size": VOCAB, "head_dim": D_HEAD, "tie_word_embeddings": False}
    config |= {"max_position_embeddings": max(CONTEXT, config["max_position_embeddings"])}
    config |= {"rms_norm_eps": config["rms_norm_eps"] * widening.d_model / D_MODEL}
    (out / "config.json").write_text(json.dumps(config, indent=2))
    for file in folder.iterdir():
        if file.name not in ("config.json", "model.safetensors.index.json") and file.suffix in (".json", ".jinja", ".txt"):
            shutil.copy(file, out / file.name)


if __name__ == "__main__":
    main(*sys.argv[1:])
