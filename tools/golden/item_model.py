"""Runs tinyBenchmarks itself on a made-up item model, and writes that model and its estimates.

    python3.11 -m venv V && V/bin/pip install numpy==2.4.6 scipy==1.17.1 requests
    V/bin/pip install git+https://github.com/felipemaiapolo/tinyBenchmarks
    V/bin/python item_model.py [--out DIR]
"""

import argparse
import json
import os
import pickle
import sys
import tempfile
from pathlib import Path

import numpy as np
import tinyBenchmarks

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import tiny_items

GOLDEN = Path(__file__).resolve().parents[2] / "lab/src/test/resources/golden"
SIZES = {"truthfulqa": 120, "hellaswag": 140}
DIMENSIONS = 3


def everything(rng):
    positions, parts, weights, chosen, first = {}, {}, {}, [], 0
    for name, size in SIZES.items():
        here = np.arange(first, first + size)
        positions[name] = here
        parts[name] = {"one": here[: size // 3], "two": here[size // 3:]}
        chosen.extend(rng.choice(here, tiny_items.CHOSEN, replace=False).tolist())
        w = rng.random(tiny_items.CHOSEN)
        weights[name] = w / w.sum()
        first += size
    return {"lb": {
        "seen_examples": chosen,
        "examples_weights": weights,
        "irt_parameters": {
            "A": np.round(rng.normal(0.8, 0.5, (1, DIMENSIONS, first)), 3),
            "B": np.round(rng.normal(0, 0.6, (1, DIMENSIONS, first)), 3),
        },
        "optimal_lambdas": {"truthfulqa": 0.3, "hellaswag": 0.62},
        "scenarios_position": positions,
        "subscenarios_position": parts,
    }}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=GOLDEN / "benchmark")
    out = parser.parse_args().out
    rng = np.random.default_rng(22)
    known = everything(rng)
    answers = [(rng.random(tiny_items.CHOSEN) < share).astype(float) for share in (0.2, 0.5, 0.8, 0.95)]
    answers.append(np.round(rng.random(tiny_items.CHOSEN), 3))
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("tinyBenchmarks.pkl").write_bytes(pickle.dumps(known))
        estimates = [tinyBenchmarks.evaluate(y, "hellaswag")["hellaswag"] for y in answers]
    (out / "items.json").write_text(json.dumps(tiny_items.items(known, "hellaswag")) + "\n", encoding="utf-8")
    rows = [{"answers": y.tolist(), **{k: float(v) for k, v in e.items()}} for y, e in zip(answers, estimates)]
    (out / "items_estimates.json").write_text(json.dumps(rows) + "\n", encoding="utf-8")


main()
