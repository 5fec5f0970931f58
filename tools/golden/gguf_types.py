#!/usr/bin/env python3
"""Writes one small fixture per ggml type: raw blocks and what gguf.quants.dequantize makes of them
(Q1_0: what ggml's own code does, in the words of this script).

    python tools/golden/gguf_types.py

needs the packages gguf and numpy (0.19.0 and 2.4.6 when the committed files were made). Each
TYPE.bin holds: uint32 length of the raw blocks, the raw blocks, the float32 results, all little-endian.
Blocks are random bytes from a fixed seed, with scales set by hand: random ones, zero of either sign,
the smallest subnormal, the largest float16. Scales are always finite, so that no result is NaN.
"""

import pathlib

import numpy as np
from gguf import quants
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType as T

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "model/src/test/resources/golden/gguf"
BLOCKS = 12
SCALES = np.array([0.0, -0.0, 6e-8, -6e-8, 65504.0, -65504.0, 6.1e-5, 1.0], np.float16)

# Byte offsets of the float16 scales in a block.
F16_AT = {
    T.Q4_0: [0], T.Q4_1: [0, 2], T.Q5_0: [0], T.Q5_1: [0, 2], T.Q8_0: [0],
    T.Q2_K: [80, 82], T.Q3_K: [108], T.Q4_K: [0, 2], T.Q5_K: [0, 2], T.Q6_K: [208],
    T.TQ1_0: [52], T.TQ2_0: [64],
    T.IQ2_XXS: [0], T.IQ2_XS: [0], T.IQ2_S: [0], T.IQ3_XXS: [0], T.IQ3_S: [0],
    T.IQ1_S: [0], T.IQ4_NL: [0], T.IQ4_XS: [0], T.Q1_0: [0],
}  # fmt: skip


def q1_0(raw):
    """One sign for each element, the lowest bit of a byte first; as `dequantize_row_q1_0` of ggml has it."""
    scale = raw[:, :2].copy().view(np.float16).astype(np.float32)
    signs = np.unpackbits(raw[:, 2:], axis=1, bitorder="little")
    return np.where(signs == 1, scale, -scale)


# Types of which gguf 0.19 knows the size alone.
DEFINED_HERE = {T.Q1_0: q1_0}


def scales(random):
    special = SCALES
    rest = random.normal(0, 0.02, BLOCKS - len(special)).astype(np.float16)
    return random.permutation(np.concatenate([special, rest]))


def blocks(kind, random):
    size = GGML_QUANT_SIZES[kind][1]
    raw = random.integers(0, 256, (BLOCKS, size), dtype=np.uint8)
    for at in F16_AT.get(kind, []):
        raw[:, at : at + 2] = scales(random).view(np.uint8).reshape(BLOCKS, 2)
    if kind == T.IQ1_M:  # the scale's four nibbles are the top ones of four words
        bits = scales(random).view(np.uint16)
        for word in range(4):
            at = 48 + 2 * word + 1
            raw[:, at] = (raw[:, at] & 0x0F) | ((bits >> (4 * word) & 0xF) << 4).astype(np.uint8)
    if kind == T.MXFP4:
        raw[:, 0] = np.clip(raw[:, 0], 0, 250)  # 12 * 2^127 would be infinite
        raw[:4, 0] = [0, 1, 2, 250]
    return raw


def plain(kind, random):
    values = random.normal(0, 1, 256).astype(np.float32)
    special = [0.0, -0.0, 1e-40, -1e-40, 6e-8, 65504.0, 1.5, -2.5]
    values[: len(special)] = special
    if kind == T.F32:
        return values.view(np.uint8)
    if kind == T.F16:
        return values.astype(np.float16).view(np.uint8)
    bf16 = (values.view(np.uint32) >> 16).astype(np.uint16)
    return bf16.view(np.uint8)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    kinds = [T.F32, T.F16] + list(quants._type_traits) + list(DEFINED_HERE)
    for kind in kinds:
        random = np.random.default_rng(1000 + int(kind))
        raw = plain(kind, random) if kind in (T.F32, T.F16, T.BF16) else blocks(kind, random)
        dequantize = DEFINED_HERE.get(kind) or (lambda blocks: quants.dequantize(blocks, kind))
        result = dequantize(raw).astype(np.float32)
        assert np.isfinite(result).all(), kind.name
        flat = raw.reshape(-1).tobytes()
        data = np.uint32(len(flat)).tobytes() + flat + result.reshape(-1).tobytes()
        (OUT / f"{kind.name}.bin").write_bytes(data)
        print(kind.name, len(data))


if __name__ == "__main__":
    main()
