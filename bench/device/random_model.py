"""A Qwen2 folder in the shape of Qwen2.5-7B with random weights, for measuring speed where no real one is at hand.

    python bench/device/random_model.py TOKENIZER_FOLDER OUT [LAYERS]

Which numbers the weights are does not change the time. 28 layers take 15 GB.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

D_MODEL, D_MLP, HEADS, KV_HEADS, VOCAB = 3584, 18944, 28, 4, 152064
D_HEAD = D_MODEL // HEADS
DEVIATION = 0.02
WHERE = "cuda" if torch.cuda.is_available() else "cpu"


def tensors(layer):
    block = f"model.layers.{layer}."
    wide, narrow = HEADS * D_HEAD, KV_HEADS * D_HEAD
    shapes = {
        "self_attn.q_proj.weight": (wide, D_MODEL),
        "self_attn.k_proj.weight": (narrow, D_MODEL),
        "self_attn.v_proj.weight": (narrow, D_MODEL),
        "self_attn.o_proj.weight": (D_MODEL, wide),
        "mlp.gate_proj.weight": (D_MLP, D_MODEL),
        "mlp.up_proj.weight": (D_MLP, D_MODEL),
        "mlp.down_proj.weight": (D_MODEL, D_MLP),
    }
    named = {block + name: random(*shape) for name, shape in shapes.items()}
    for name, width in (("q", wide), ("k", narrow), ("v", narrow)):
        named[f"{block}self_attn.{name}_proj.bias"] = random(width)
    for norm in ("input_layernorm", "post_attention_layernorm"):
        named[f"{block}{norm}.weight"] = torch.ones(D_MODEL, dtype=torch.bfloat16)
    return named


def random(*shape):
    return (torch.randn(*shape, device=WHERE) * DEVIATION).to(torch.bfloat16).cpu()


def main(source, out, layers):
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    files = {}
    for layer in range(layers):
        name = f"model-{layer:02}.safetensors"
        part = tensors(layer)
        save_file(part, out / name, metadata={"format": "pt"})
        files |= dict.fromkeys(part, name)
    head = {
        "model.embed_tokens.weight": random(VOCAB, D_MODEL),
        "model.norm.weight": torch.ones(D_MODEL, dtype=torch.bfloat16),
        "lm_head.weight": random(VOCAB, D_MODEL),
    }
    save_file(head, out / "model-head.safetensors", metadata={"format": "pt"})
    files |= dict.fromkeys(head, "model-head.safetensors")
    (out / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": files}))
    config = {
        "architectures": ["Qwen2ForCausalLM"],
        "model_type": "qwen2",
        "hidden_size": D_MODEL,
        "intermediate_size": D_MLP,
        "num_hidden_layers": layers,
        "num_attention_heads": HEADS,
        "num_key_value_heads": KV_HEADS,
        "vocab_size": VOCAB,
        "max_position_embeddings": 32768,
        "rms_norm_eps": 1e-06,
        "rope_theta": 1000000.0,
        "hidden_act": "silu",
        "tie_word_embeddings": False,
        "torch_dtype": "bfloat16",
    }
    (out / "config.json").write_text(json.dumps(config, indent=1))
    for file in ("tokenizer.json", "tokenizer_config.json", "generation_config.json", "chat_template.jinja"):
        if (source / file).exists():
            shutil.copy(source / file, out / file)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 28)
