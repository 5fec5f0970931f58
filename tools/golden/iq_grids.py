#!/usr/bin/env python3
"""Writes the lookup tables of ggml's IQ types as plain numbers.

    python tools/golden/iq_grids.py

needs the package gguf (0.19.0 when the committed file was made). The order and sizes are those that
dev.demur.model.format.IqGrids reads: one signed byte per number, rows one after another.
"""

import pathlib

import numpy as np
from gguf import quants

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "model/src/main/resources/dev/demur/model/format/quant/iq-grids.bin"


def grid(kind):
    kind.init_grid()
    table = kind.grid.reshape(kind.grid_shape)
    assert np.array_equal(table, table.astype(np.int8))
    return table.astype(np.int8).tobytes()


def main():
    kinds = [
        quants.IQ2_XXS,
        quants.IQ2_XS,
        quants.IQ2_S,
        quants.IQ3_XXS,
        quants.IQ3_S,
        quants.IQ1_S,
    ]
    data = b"".join(grid(kind) for kind in kinds) + bytes(quants.IQ2_XXS.ksigns)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_bytes(data)
    print(f"{OUT}: {len(data)} bytes")


if __name__ == "__main__":
    main()
