"""Writes small random LoRA adapters of the tiny checkpoints, and the logits peft computes with them.

    python tools/golden/adapters.py [--only CASE ...]

Writes model/src/test/resources/golden/adapters/<case>/: the adapter as save_pretrained leaves it, and golden.safetensors
with `tokens`, `logits` (unmerged, float32) and `base_logits`; case.json names the base checkpoint.
"""

import argparse
import json
import shutil
import warnings
from pathlib import Path

import peft
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file

import checkpoints
import reference

OUT = Path(__file__).resolve().parents[2] / "model/src/test/resources/golden/adapters"

ATTENTION = ["q_proj", "k_proj", "v_proj", "o_proj"]

# name: base checkpoint, settings, how it is saved
CASES = {
    "attention": ("llama-one-kv-head", {"r": 3, "lora_alpha": 6, "target_modules": ATTENTION}, {}),
    "patterns": (
        "qwen2-untied",
        {
            "r": 4,
            "lora_alpha": 5,
            "target_modules": "all-linear",
            "use_rslora": True,
            "rank_pattern": {"down_proj": 2, r"layers\.1\.self_attn\.[qk]_proj": 6},
            "alpha_pattern": {"layers.0.mlp.up_proj": 9, "v_proj": 1.5},
            "bias": "all",
        },
        {},
    ),
    "expression": (
        "qwen3-tied",
        {"r": 2, "lora_alpha": 16, "target_modules": r".*layers\.[12]\.(self_attn\.o_proj|mlp\.gate_proj)"},
        {"dtype": torch.bfloat16},
    ),
    "transposed": (
        "gpt2",
        {"r": 3, "lora_alpha": 3, "target_modules": ["c_attn", "c_proj", "c_fc"], "fan_in_fan_out": True, "bias": "lora_only"},
        {"bin": True},
    ),
    "embeddings": ("llama-gqa-tied", {"r": 3, "lora_alpha": 6, "target_modules": ["embed_tokens", "lm_head", "o_proj"]}, {}),
    "tied-embedding": ("qwen2-tied", {"r": 3, "lora_alpha": 6, "target_modules": ["embed_tokens", "up_proj"]}, {}),
    "scaled-embedding": ("gemma-mha", {"r": 3, "lora_alpha": 6, "target_modules": ["embed_tokens", "v_proj"]}, {}),
    "saved": (
        "llama-mha-untied",
        {"r": 2, "lora_alpha": 4, "target_modules": ["q_proj"], "modules_to_save": ["lm_head", "embed_tokens", "input_layernorm"]},
        {},
    ),
    "saved-tied": (
        "llama-gqa-tied",
        {"r": 2, "lora_alpha": 4, "target_modules": ["q_proj"], "modules_to_save": ["embed_tokens"]},
        {},
    ),
    "fused": ("phi3-fused", {"r": 4, "lora_alpha": 8, "target_modules": ["qkv_proj", "gate_up_proj", "down_proj"]}, {}),
    "parallel": (
        "neox-parallel",
        {"r": 4, "lora_alpha": 8, "target_modules": ["query_key_value", "dense_h_to_4h", "embed_out"]},
        {},
    ),
}

# Every linear matrix of families that name or fuse them in other ways; a short prompt, to keep the files small.
FAMILIES = {
    "apertus": "apertus",
    "cohere2": "cohere2-layer-types",
    "ernie4.5": "ernie4.5-bias",
    "exaone4": "exaone4-window",
    "glm4": "glm4",
    "ministral": "ministral",
    "ministral3": "ministral3-window",
    "olmo": "olmo",
    "olmo3": "olmo3",
    "phi": "phi",
    "seed-oss": "seed-oss-out-bias",
    "smollm3": "smollm3-window",
}
for family, base in FAMILIES.items():
    CASES[f"family-{family}"] = (base, {"r": 1, "lora_alpha": 2, "target_modules": "all-linear"}, {"prompt": 0})


def randomise(model, seed):
    """Fills what the adapter holds, so that it changes the logits."""
    generator = torch.Generator().manual_seed(seed)

    def noise(parameter):
        return torch.randn(parameter.shape, generator=generator)

    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            if "lora_" in name:
                parameter.copy_(noise(parameter) * 0.4)
            elif parameter.requires_grad:
                parameter.add_(noise(parameter) * 0.2)


def write(name, base, settings, saving, seed):
    source = checkpoints.OUT / base
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    config = LoraConfig(task_type="CAUSAL_LM", **settings)
    model = get_peft_model(checkpoints.load(source), config)
    randomise(model, seed)
    model.to(saving.get("dtype", torch.float32))
    model.save_pretrained(folder, safe_serialization=not saving.get("bin"))
    (folder / "README.md").unlink(missing_ok=True)
    stored = json.loads((folder / "adapter_config.json").read_text())
    stored["base_model_name_or_path"] = base
    for key in ("target_modules", "modules_to_save"):
        if isinstance(stored[key], list):
            stored[key].sort()
    checkpoints.write_json(folder / "adapter_config.json", stored)
    ids = load_file(source / "golden.safetensors")[f"prompt.{saving.get('prompt', 1)}.tokens"].tolist()
    plain = reference.logits(checkpoints.load(source), ids)
    adapted = PeftModel.from_pretrained(checkpoints.load(source), folder).eval()
    found = reference.logits(adapted, ids)
    if (found - plain).abs().max() < 0.05 * plain.abs().max():
        raise AssertionError(f"{name}: the adapter hardly changes the logits")
    tensors = {"tokens": torch.tensor(ids), "logits": found, "base_logits": plain}
    save_file({k: v.contiguous().clone() for k, v in tensors.items()}, folder / "golden.safetensors")
    checkpoints.write_json(folder / "case.json", {"base": base, "peft": peft.__version__})
    names = list(torch.load(folder / "adapter_model.bin") if saving.get("bin") else load_file(folder / "adapter_model.safetensors"))
    print(name, len(names), *names[:3], *[n for n in names if "lora_" not in n][:4])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", help="names of cases; all by default")
    only = parser.parse_args().only
    warnings.filterwarnings("ignore")
    for seed, (name, (base, settings, saving)) in enumerate(CASES.items()):
        if not only or name in only:
            write(name, base, settings, saving, seed)


if __name__ == "__main__":
    main()
