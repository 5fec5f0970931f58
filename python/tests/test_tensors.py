"""Safetensors files, and files that say they are."""

import json
import tempfile
import unittest
from pathlib import Path

import numpy as np

from demur import Activations, DemurError, read_safetensors


class TensorsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name, "x.safetensors")

    def read(self, header, data=b""):
        text = header if isinstance(header, bytes) else json.dumps(header).encode()
        self.file.write_bytes(len(text).to_bytes(8, "little") + text + data)
        return read_safetensors(self.file)

    def entry(self, dtype, shape, begin, end):
        return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}

    def test_tensors_come_with_shape_and_values(self):
        numbers = np.arange(6, dtype="<f4")
        ids = np.array([7, -1], dtype="<i8")
        header = {
            "a": self.entry("F32", [2, 3], 0, 24),
            "b": self.entry("I64", [2], 24, 40),
            "c": self.entry("F32", [], 0, 4),
            "d": self.entry("F32", [0, 4], 40, 40),
            "__metadata__": {"model": "demo"},
        }
        tensors, metadata = self.read(header, numbers.tobytes() + ids.tobytes())
        self.assertEqual(tensors["a"].tolist(), [[0, 1, 2], [3, 4, 5]])
        self.assertEqual(tensors["b"].tolist(), [7, -1])
        self.assertEqual((tensors["c"].shape, tensors["d"].shape), ((), (0, 4)))
        self.assertEqual(metadata, {"model": "demo"})

    def test_bfloat16_becomes_float32(self):
        tensors, _ = self.read({"a": self.entry("BF16", [2], 0, 4)}, bytes.fromhex("c03f 80c0"))
        self.assertEqual(tensors["a"].tolist(), [1.5, -4])
        self.assertEqual(tensors["a"].dtype, np.float32)

    def test_files_that_do_not_fit_are_errors(self):
        for header in (
            b"{",
            b"[]",
            b"[" * 100_000,
            {"a": 1},
            {"a": self.entry("F99", [1], 0, 4)},
            {"a": self.entry("F32", [1], 0, 8)},
            {"a": self.entry("F32", [2], 0, 8)},
            {"a": self.entry("F32", [1], 8, 4)},
            {"a": self.entry("F32", [-1], 0, 4)},
            {"a": self.entry("F32", [1.0], 0, 4)},
            {"a": self.entry("F32", [1 << 61, 8], 0, 4)},
            {"a": self.entry("F32", [1], 0, 4), "__metadata__": {"a": 1}},
        ):
            with self.subTest(header=str(header)[:60]), self.assertRaises(DemurError):
                self.read(header, b"\0" * 4)
        for content in (b"", b"\1", (1 << 63).to_bytes(8, "little")):
            self.file.write_bytes(content)
            with self.assertRaises(DemurError):
                read_safetensors(self.file)
        with self.assertRaises(DemurError):
            read_safetensors(self.file.with_name("missing"))

    def test_a_site_is_stacked_over_its_layers(self):
        tensors = {f"blocks.{layer}.hook_resid_pre": np.full((2, 3), layer) for layer in (10, 2)}
        tensors["blocks.2.attn.hook_q"] = np.zeros((2, 4, 1))
        found = Activations("Hi", np.array([1, 2]), tensors)
        self.assertEqual(found.at("resid_pre")[:, 0, 0].tolist(), [2, 10])
        self.assertEqual(found.at("q").shape, (1, 2, 4, 1))
        with self.assertRaises(DemurError):
            found.at("resid_.*")


if __name__ == "__main__":
    unittest.main()
