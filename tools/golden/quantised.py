"""Writes tiny quantised checkpoints and the weights that the packages themselves make of them.

    pip install -r requirements.txt gptqmodel==7.7.0 compressed-tensors==0.20.0
    python tools/golden/quantised.py

Writes model/src/test/resources/golden/quantised/CASE/: config.json, model.safetensors, and golden.safetensors with every
dequantised matrix in the type its package gives it, and `tokens` and `logits` of transformers with these matrices in
float32. All packages run on the CPU; packed words are random, so that every bit pattern occurs.

  gptq-*  GPTQModel's TorchLinear.dequantize_weight, after its own conversion of zero points from v1 to v2
  awq-*   GPTQModel's dequantize_gemm, the same formula as AutoAWQ's
  ct-*    decompress of compressed-tensors' registered compressors

compressed-tensors 0.20 no longer reads `weight_g_idx`; for it, the scales of each input are gathered before decompress
is asked for one group per input. dequantize of 0.9.4 gives the same numbers from the same file.
"""

import json
from pathlib import Path

import torch
from compressed_tensors.compressors import BaseCompressor
from compressed_tensors.quantization import QuantizationArgs, QuantizationScheme
from gptqmodel.nn_modules.qlinear.torch import TorchLinear
from gptqmodel.quantization.awq.utils.packing_utils import dequantize_gemm
from gptqmodel.utils.model import convert_gptq_v1_to_v2_format_module
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM

import checkpoints

OUT = Path(__file__).resolve().parents[2] / "model/src/test/resources/golden/quantised"
SEED = 29
TOKENS = [1, 17, 3, 38, 9, 22, 5]
GROUP = 16
CONFIG = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 1,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "vocab_size": 40,
    "max_position_embeddings": 64,
    "rms_norm_eps": 1e-6,
    "hidden_act": "silu",
    "tie_word_embeddings": True,
    "attention_bias": False,
    "mlp_bias": False,
    "rope_theta": 10000.0,
}


class Draw:
    """Random parts of packed matrices."""

    def __init__(self, seed):
        self.generator = torch.Generator().manual_seed(seed)

    def words(self, *shape):
        return torch.randint(-(2**31), 2**31, shape, generator=self.generator).to(torch.int32)

    def bytes(self, *shape):
        return torch.randint(-128, 128, shape, generator=self.generator).to(torch.int8)

    def scales(self, dtype, size, *shape):
        return ((torch.rand(shape, generator=self.generator) + 0.2) * size).to(dtype)

    def order(self, count):
        return torch.randperm(count, generator=self.generator)


# --- GPTQ and AWQ -----------------------------------------------------------------------------------------------------


def gptq(draw, out, inner, bits=4, group_size=GROUP, desc_act=False, v2=False, dtype=torch.float16, with_order=True):
    width = inner if group_size < 0 else group_size
    groups, pack = -(-inner // width), 32 // bits
    order = torch.arange(inner) // width
    if desc_act:
        order = order[draw.order(inner)]
    parts = {
        "qweight": draw.words(inner // pack, out),
        "qzeros": draw.words(groups, out // pack),
        "scales": draw.scales(dtype, 0.8 / 2**bits, groups, out),
        "g_idx": order.to(torch.int32),
    }
    module = TorchLinear(bits, group_size, False, desc_act, inner, out, bias=False, register_buffers=True)
    for name, value in parts.items():
        setattr(module, name, value.clone())
    if not v2:
        convert_gptq_v1_to_v2_format_module(module, bits, torch.int32)
    weight = module.eval().dequantize_weight().T
    if not with_order:
        del parts["g_idx"]
    return parts, weight


def awq(draw, out, inner, dtype=torch.float16):
    groups = inner // GROUP
    parts = {
        "qweight": draw.words(inner, out // 8),
        "qzeros": draw.words(groups, out // 8),
        "scales": draw.scales(dtype, 0.05, groups, out),
    }
    return parts, dequantize_gemm(parts["qweight"], parts["qzeros"], parts["scales"], 4, GROUP).T


# --- compressed-tensors -----------------------------------------------------------------------------------------------


def scheme_of(bits=4, strategy="group", symmetric=True, kind="int"):
    size = GROUP if strategy == "group" else None
    weights = QuantizationArgs(num_bits=bits, type=kind, symmetric=symmetric, strategy=strategy, group_size=size)
    return QuantizationScheme(targets=["Linear"], weights=weights)


def compressed(draw, out, inner, form, scheme, dtype=torch.bfloat16, ordered=False):
    args = scheme.weights
    bits, groups = args.num_bits, inner // GROUP if args.strategy == "group" else 1
    scale_shape = (1,) if args.strategy == "tensor" else (out, groups)
    parts = {"weight_scale": draw.scales(dtype, 0.8 / 2**bits, *scale_shape)}
    if form == "pack-quantized":
        parts["weight_packed"] = draw.words(out, -(-inner * bits // 32))
        parts["weight_shape"] = torch.tensor([out, inner])
        if not args.symmetric:
            parts["weight_zero_point"] = draw.words(-(-out * bits // 32), groups)
    elif args.type == "float":
        parts["weight"] = (torch.randn(out, inner, generator=draw.generator) * 64).to(torch.float8_e4m3fn)
        parts["weight_scale"] = draw.scales(dtype, 0.004, *scale_shape)
        parts["input_scale"] = draw.scales(dtype, 0.1, 1)
    else:
        parts["weight"] = draw.bytes(out, inner)
        if not args.symmetric:
            parts["weight_zero_point"] = draw.bytes(*scale_shape)
    compressor = BaseCompressor.get_value_from_registry(form)
    if ordered:
        order = (torch.arange(inner) // GROUP)[draw.order(inner)]
        each = scheme.model_copy(deep=True)
        each.weights.group_size = 1
        gathered = {**parts, "weight_scale": parts["weight_scale"][:, order].contiguous()}
        weight = compressor.decompress(gathered, each)["weight"]
        parts["weight_g_idx"] = order.to(torch.int32)
        return parts, weight
    return parts, compressor.decompress(parts, scheme)["weight"]


def described(form, scheme, activations=None):
    weights = {k: v for k, v in scheme.weights.model_dump().items() if v is not None}
    group = {"targets": ["Linear"], "weights": weights, "input_activations": activations}
    return {
        "quant_method": "compressed-tensors",
        "format": form,
        "quantization_status": "compressed",
        "config_groups": {"group_0": group},
        "ignore": ["lm_head"],
        "kv_cache_scheme": None,
    }


# --- cases ------------------------------------------------------------------------------------------------------------


def of_gptq(**settings):
    stated = {
        "quant_method": "gptq",
        "bits": settings.get("bits", 4),
        "group_size": settings.get("group_size", GROUP),
        "desc_act": settings.get("desc_act", False),
        "sym": False,
        "checkpoint_format": "gptq_v2" if settings.get("v2") else "gptq",
    }
    return stated, lambda draw, out, inner: gptq(draw, out, inner, **settings)


def of_awq(**settings):
    stated = {"quant_method": "awq", "bits": 4, "group_size": GROUP, "zero_point": True, "version": "gemm"}
    return stated, lambda draw, out, inner: awq(draw, out, inner, **settings)


def of_compressed(form, scheme, activations=None, **settings):
    return described(form, scheme, activations), lambda draw, out, inner: compressed(draw, out, inner, form, scheme, **settings)


DYNAMIC = {"num_bits": 8, "type": "int", "symmetric": True, "strategy": "token", "dynamic": True}
STATIC = {"num_bits": 8, "type": "float", "symmetric": True, "strategy": "tensor", "dynamic": False}
CASES = {
    "gptq-v1": of_gptq(),
    "gptq-v1-act-order": of_gptq(desc_act=True, dtype=torch.bfloat16),
    "gptq-v2-no-order": of_gptq(v2=True, with_order=False),
    "gptq-8-bits": of_gptq(bits=8, group_size=-1),
    "awq": of_awq(),
    "awq-bf16": of_awq(dtype=torch.bfloat16),
    "ct-int4": of_compressed("pack-quantized", scheme_of()),
    "ct-int4-zeros": of_compressed("pack-quantized", scheme_of(symmetric=False), dtype=torch.float16),
    "ct-int4-channel": of_compressed("pack-quantized", scheme_of(strategy="channel", symmetric=False), dtype=torch.float32),
    "ct-int4-order": of_compressed("pack-quantized", scheme_of(), ordered=True),
    "ct-int8-packed": of_compressed("pack-quantized", scheme_of(bits=8)),
    "ct-int8": of_compressed("int-quantized", scheme_of(bits=8, strategy="channel"), DYNAMIC),
    "ct-int8-zeros": of_compressed("int-quantized", scheme_of(bits=8, strategy="tensor", symmetric=False), DYNAMIC),
    "ct-float8": of_compressed("float-quantized", scheme_of(bits=8, strategy="channel", kind="float"), STATIC),
}


def main():
    for index, (name, (stated, packed)) in enumerate(CASES.items()):
        folder = OUT / name
        folder.mkdir(parents=True, exist_ok=True)
        config = AutoConfig.for_model(**CONFIG)
        model = AutoModelForCausalLM.from_config(config, dtype=torch.float32, attn_implementation="eager").eval()
        checkpoints.randomise(model, SEED + index, {})
        draw, stored, golden = Draw(SEED + index), {}, {}
        with torch.no_grad():
            for key, parameter in model.named_parameters():
                if not key.endswith("_proj.weight"):
                    stored[key] = parameter.to(torch.bfloat16)
                    parameter.copy_(stored[key])
                    continue
                parts, weight = packed(draw, *parameter.shape)
                base = key.removesuffix(".weight")
                stored.update({f"{base}.{part}": value.contiguous() for part, value in parts.items()})
                golden[key] = weight.contiguous().clone()
                parameter.copy_(weight)
            golden["tokens"] = torch.tensor(TOKENS)
            golden["logits"] = model(torch.tensor([TOKENS])).logits[0].contiguous()
        checkpoints.write_json(folder / "config.json", {**CONFIG, "quantization_config": stated})
        save_file(stored, folder / "model.safetensors", metadata={"format": "pt"})
        save_file(golden, folder / "golden.safetensors", metadata={"format": "pt"})
        print(name, golden["logits"].abs().max().item(), sum(f.stat().st_size for f in folder.iterdir()))


if __name__ == "__main__":
    main()
