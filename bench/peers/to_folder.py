"""A GGUF file as a Hugging Face folder in bfloat16, so that transformers and Demur multiply the same numbers.

    python bench/peers/to_folder.py FILE.gguf FOLDER

Weights are dequantised and rounded to bfloat16 once; since version 5.23 transformers would otherwise keep them packed.
"""

import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig


def main(file, folder):
    file = Path(file)
    tok = AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)
    net = AutoModelForCausalLM.from_pretrained(
        file.parent, gguf_file=file.name, dtype=torch.bfloat16, quantization_config=GgufConfig(dequantize=True)
    )
    if hasattr(net.config, "quantization_config"):
        del net.config.quantization_config
    net.save_pretrained(folder)
    tok.save_pretrained(folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
