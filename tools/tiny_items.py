"""Writes what tinyBenchmarks knows of one benchmark's questions as JSON, for `demur benchmark --items`.

    python3 -m venv V && V/bin/pip install numpy
    V/bin/python tools/tiny_items.py tinyBenchmarks.pkl hellaswag > hellaswag-items.json

`tinyBenchmarks.pkl` lies in https://github.com/felipemaiapolo/tinyBenchmarks (MIT). A pickle runs what it says: take it from
there and from nobody else. Benchmarks: truthfulqa, gsm8k, winogrande, arc, hellaswag.
"""

import json
import pickle
import sys

import numpy as np

# The file holds so many chosen questions of each benchmark, one benchmark after the other.
CHOSEN = 100


def items(everything, benchmark):
    of = everything["lb"]
    names = list(of["scenarios_position"])
    positions = [int(p) for p in of["scenarios_position"][benchmark]]
    first = CHOSEN * names.index(benchmark)
    chosen = [int(p) for p in of["seen_examples"][first:first + CHOSEN]]
    place = {p: i for i, p in enumerate(positions)}
    parts = of["subscenarios_position"][benchmark]
    balance = np.ones(len(positions))
    for part in parts.values():
        balance[[place[int(p)] for p in part]] = len(positions) / (len(parts) * len(part))
    a, b = np.asarray(of["irt_parameters"]["A"]), np.asarray(of["irt_parameters"]["B"])
    b = np.broadcast_to(b, a.shape)
    return {
        "benchmark": benchmark,
        "chosen": [place[p] for p in chosen],
        "weights": np.asarray(of["examples_weights"][benchmark]).ravel().tolist(),
        "lambda": float(of["optimal_lambdas"][benchmark]),
        "balance": balance.tolist(),
        "discrimination": a[0][:, positions].tolist(),
        "difficulty": b[0][:, positions].tolist(),
    }


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        json.dump(items(pickle.load(file), sys.argv[2]), sys.stdout)
