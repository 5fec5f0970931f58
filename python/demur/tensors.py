"""Reads safetensors files: a length, a JSON header, bytes. https://huggingface.co/docs/safetensors"""

from __future__ import annotations

import json
import math
import os
from typing import Any

import numpy as np

from .errors import DemurError

MOST_HEADER = 100_000_000
"""What the format's own library allows."""

TYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "BF16": "<u2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U8": "u1",
    "BOOL": "?",
}


def read_safetensors(path: str | os.PathLike[str]) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """All tensors of a file, by name, and its metadata. bfloat16 becomes float32, without loss.

    Raises:
        DemurError: if it is no such file.
    """
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            length = int.from_bytes(file.read(8), "little")
            if size < 8 or length > min(MOST_HEADER, size - 8):
                raise DemurError(f"{path}: no safetensors file: its header has {length} bytes")
            header = json.loads(file.read(length))
            data = file.read()
    except (OSError, ValueError, RecursionError) as failed:
        raise DemurError(f"{path}: {failed}") from failed
    if not isinstance(header, dict):
        raise DemurError(f"{path}: the header is no JSON object")
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise DemurError(f"{path}: the metadata are no texts")
    return {name: _tensor(f"{path}: {name}", entry, data) for name, entry in header.items()}, metadata


def _tensor(where: str, entry: Any, data: bytes) -> np.ndarray:
    if not isinstance(entry, dict) or entry.get("dtype") not in TYPES:
        raise DemurError(f"{where}: expected one of the types {', '.join(TYPES)}")
    shape, offsets = entry.get("shape"), entry.get("data_offsets")
    if not _naturals(shape) or not _naturals(offsets) or len(offsets) != 2:
        raise DemurError(f"{where}: shape and data_offsets must be whole numbers")
    dtype = np.dtype(TYPES[entry["dtype"]])
    begin, end = offsets
    if not begin <= end <= len(data) or end - begin != math.prod(shape) * dtype.itemsize:
        raise DemurError(f"{where}: {shape} does not fit bytes {begin} to {end} of {len(data)}")
    values = np.frombuffer(data, dtype, math.prod(shape), begin).reshape(shape)
    if entry["dtype"] == "BF16":
        return (values.astype("<u4") << 16).view("<f4")
    return values


def _naturals(values: Any) -> bool:
    return isinstance(values, list) and all(type(value) is int and 0 <= value < 2**62 for value in values)
