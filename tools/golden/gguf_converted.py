#!/usr/bin/env python3
"""Writes tiny checkpoints as GGUF with llama.cpp's own converter.

    python tools/golden/gguf_converted.py --llama.cpp DIR [CASE ...]

DIR is a source tree of llama.cpp with `conversion/` and `gguf-py/`; that of llama-cpp-python 0.3.36 made the committed
files. Their vocabularies are left out: no published tokenizer is as small. Families that were there before the
converter could be used so are written by gguf_families.py.
"""

import argparse
import logging
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHECKPOINTS = ROOT / "model/src/test/resources/golden/checkpoints"
OUT = ROOT / "model/src/test/resources/golden/gguf-families"

CASES = [
    "apertus",
    "cohere",
    "cohere2",
    "deepseek-v2-lite",
    "deepseek-v3",
    "ernie4.5",
    "ernie4.5-moe",
    "exaone-moe",
    "exaone4",
    "exaone4-window",
    "falcon-h1",
    "gemma4",
    "gemma4-moe",
    "gemma4-small",
    "glm4",
    "glm4-moe",
    "granite-hybrid",
    "granite-moe-shared",
    "lfm2",
    "lfm2-moe",
    "minimax-m2-rotary-dim",
    "ministral3",
    "olmo",
    "olmo3",
    "phi",
    "qwen3-next",
    "qwen3.5",
    "qwen3.5-moe",
]

# What published configurations have and tiny ones leave out; kinds of layers by the names the converter knows.
BESIDES = {
    "cohere2": {"rotary_pct": 1.0},
    "falcon-h1": {"head_dim": 4},
    "granite-hybrid": {"layer_types": ["mamba", "attention", "mamba"]},
}


def convert(name):
    import gguf
    import torch
    from conversion import ModelBase, ModelType, get_model_architecture, get_model_class

    folder = CHECKPOINTS / name
    settings = {**ModelBase.load_hparams(folder, False), **BESIDES.get(name, {})}
    found = get_model_class(get_model_architecture(settings, ModelType.TEXT))
    found = getattr(found, "Ministral3Model", found)  # which a class of several generations hands on to
    changes = {"set_vocab": lambda self: self._set_vocab_none(), "model_arch": found.model_arch}
    if name.startswith("qwen3"):  # which have none of the layers that predict further tokens
        changes["no_mtp"] = True
    without_vocabulary = type(found.__name__, (found,), changes)
    path = OUT / f"{name}.gguf"
    with torch.inference_mode():
        without_vocabulary(folder, gguf.LlamaFileType.ALL_F32, path, hparams=settings).write()
    print(path.name, path.stat().st_size)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", default=CASES)
    parser.add_argument("--llama.cpp", dest="source", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    sys.path[:0] = [str(arguments.source), str(arguments.source / "gguf-py")]
    logging.disable(logging.WARNING)
    OUT.mkdir(parents=True, exist_ok=True)
    for name in arguments.cases:
        convert(name)


if __name__ == "__main__":
    main()
