"""The weights of a GGUF file as the other sides read them: `weights.py FILE.gguf FOLDER`.

Writes `FOLDER/f16.gguf` (every matrix as float16), `FOLDER/hf` (transformers' folder in float32) and
`FOLDER/names/r.safetensors`, a random direction for requests that are edited: what an ablation costs does not depend on the
direction. Needs gguf, torch and transformers. What is there is not made again.
"""

import json
import struct
import sys
from pathlib import Path

import gguf
import numpy as np
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig


def main(file, folder):
    file, folder = Path(file), Path(folder)
    once(folder / "f16.gguf", lambda part: halves(file, part))
    once(folder / "hf", lambda part: dequantised(file, part))
    (folder / "names").mkdir(exist_ok=True)
    once(folder / "names" / "r.safetensors", lambda part: direction(file, part))


def once(path, make):
    """Makes a path under another name first, so that one that is there is whole."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        make(part)
        part.rename(path)


def halves(file, out):
    """The file with every quantised tensor as float16; its own words about itself stay."""
    reader = gguf.GGUFReader(file)
    writer = gguf.GGUFWriter(out, reader.fields["general.architecture"].contents())
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name in ("general.architecture", "general.file_type"):
            continue
        kind = field.types[0]
        sub = field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(name, field.contents(), kind, sub_type=sub)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    for tensor in reader.tensors:
        numbers = gguf.dequantize(tensor.data, tensor.tensor_type)
        is_plain = tensor.tensor_type == gguf.GGMLQuantizationType.F32
        writer.add_tensor(tensor.name, numbers if is_plain else numbers.astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def dequantised(file, folder):
    config = GgufConfig(dequantize=True)
    net = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.float32, quantization_config=config)
    if hasattr(net.config, "quantization_config"):
        del net.config.quantization_config
    net.save_pretrained(folder)
    AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name).save_pretrained(folder)


def direction(file, out):
    """A direction file as docs/formats.md has it."""
    fields = gguf.GGUFReader(file).fields
    width = fields[fields["general.architecture"].contents() + ".embedding_length"].contents()
    drawn = np.random.default_rng(1).standard_normal(width).astype(np.float32)
    unit = drawn / np.linalg.norm(drawn)
    told = {
        **{"format": "demur-direction", "format_version": "1", "operations": "ablation,addition"},
        **{"hook_point": "blocks.1.hook_resid_pre", "position": "-1", "norm": "1.0", "d_model": str(width)},
        **{"model": "unknown", "model_sha256": "unknown", "template_sha256": "unknown", "tool": "bench/serve"},
    }
    head = json.dumps(
        {"__metadata__": told, "direction": {"dtype": "F32", "shape": [width], "data_offsets": [0, unit.nbytes]}}
    ).encode()
    out.write_bytes(struct.pack("<Q", len(head)) + head + unit.tobytes())


if __name__ == "__main__":
    main(*sys.argv[1:])
