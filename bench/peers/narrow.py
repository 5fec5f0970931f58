"""A model of the same depth and a fraction of the width, on which what lies between the products weighs as on a machine with fast ones.

    python bench/peers/narrow.py FOLDER OUT [BY]

FOLDER is a Llama, Qwen2 or Qwen3 model in one file. Each matrix is cut to its upper left corner, BY times shorter on both
sides (default: 2), so that products are BY² times cheaper and everything else BY times. Whole heads stay, each as wide as
before. What the model says is nonsense; its numbers are as large as those of a real one.
"""

import json
import shutil
import sys
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import save_file

FAMILIES = ("llama", "qwen2", "qwen3")


class Narrowing:
    def __init__(self, config, by):
        heads, kv_heads = config["num_attention_heads"], config["num_key_value_heads"]
        self.d_head = config.get("head_dim") or config["hidden_size"] // heads
        self.d_model, self.d_mlp = config["hidden_size"] // by, config["intermediate_size"] // by
        self.kv_heads = max(1, kv_heads // by)
        # Query heads that share a key-value head stay as many as they were, where that leaves enough of them.
        self.heads = max(self.kv_heads, heads // by // self.kv_heads * self.kv_heads)

    def config(self, config):
        return config | {
            "hidden_size": self.d_model,
            "intermediate_size": self.d_mlp,
            "num_attention_heads": self.heads,
            "num_key_value_heads": self.kv_heads,
            "head_dim": self.d_head,
        }

    def of(self, name, weight):
        queries, keys = self.heads * self.d_head, self.kv_heads * self.d_head
        rows = {"q_proj": queries, "k_proj": keys, "v_proj": keys, "gate_proj": self.d_mlp, "up_proj": self.d_mlp}
        columns = {"o_proj": queries, "down_proj": self.d_mlp}
        part = name.split(".")[-2]
        if part in ("q_norm", "k_norm"):
            return weight
        if part in ("embed_tokens", "lm_head"):
            return weight[:, : self.d_model]
        if weight.dim() == 1:
            return weight[: rows.get(part, self.d_model)]
        return weight[: rows.get(part, self.d_model), : columns.get(part, self.d_model)]


def main(folder, out, by=2):
    folder, out = Path(folder), Path(out)
    config = json.loads((folder / "config.json").read_text())
    if config["model_type"] not in FAMILIES:
        sys.exit(f"{folder}: is a {config['model_type']} model, expected one of {', '.join(FAMILIES)}")
    out.mkdir(parents=True)
    narrowing = Narrowing(config, int(by))
    with safe_open(folder / "model.safetensors", "pt") as file:
        narrow = {name: narrowing.of(name, file.get_tensor(name)).contiguous() for name in file.keys()}
    save_file(narrow, out / "model.safetensors", {"format": "pt"})
    (out / "config.json").write_text(json.dumps(narrowing.config(config), indent=2))
    for file in folder.iterdir():
        if file.name != "config.json" and file.suffix in (".json", ".jinja", ".txt"):
            shutil.copy(file, out / file.name)


if __name__ == "__main__":
    main(*sys.argv[1:])
