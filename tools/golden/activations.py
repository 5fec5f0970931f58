"""Writes what transformers' activations make of a few numbers: activations.json.

    python activations.py

Made with transformers 5.24.0 and torch 2.15.0, in float32.
"""

import json
from pathlib import Path

import torch
from transformers.activations import ACT2FN

OUT = Path(__file__).resolve().parents[2] / "model/src/test/resources/golden/activations.json"
# Kinks, tails, and where the approximations of GELU part.
X = [-30.0, -12.0, -6.5, -3.0, -2.2, -1.0, -0.75, -0.1, -1e-3, 0.0, 1e-3, 0.1, 0.5, 0.707107, 1.0, 2.0, 3.0, 5.9, 6.1, 9.9, 12.0, 30.0]
# These have weights of their own.
TRAINED = {"prelu", "xielu"}


def main():
    x = torch.tensor(X)
    values = {name: ACT2FN[name](x.clone()).tolist() for name in ACT2FN if name not in TRAINED}
    rows = ",\n".join(f'  "{name}": {json.dumps(y)}' for name, y in values.items())
    OUT.write_text(f'{{"x": {json.dumps(X)}, "trained": {json.dumps(sorted(TRAINED))}, "y": {{\n{rows}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
