"""What the fitters of policies compute, restated in numpy on the streams of a tiny checkpoint.

    .venv/bin/python tools/golden/policies.py

Needs numpy alone. Reads model/src/test/resources/golden/checkpoints/llama-gqa-tied/golden.safetensors, whose streams
transformers made, and takes tokens of its prompts for prompts: those of prompt 1 are "harmful", of prompt 2 "harmless",
of prompt 0 "pseudo-harmful". Writes lab/src/test/resources/golden/policies/fits.json.
"""

import json
import pathlib
import struct

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHECKPOINT = ROOT / "model/src/test/resources/golden/checkpoints/llama-gqa-tied/golden.safetensors"
OUT = ROOT / "lab/src/test/resources/golden/policies/fits.json"


def streams(layer):
    data = CHECKPOINT.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + size])
    sets = {}
    for name, prompt in (("pseudo", 0), ("harmful", 1), ("harmless", 2)):
        info = header[f"prompt.{prompt}.blocks.{layer}.hook_resid_pre"]
        first, last = info["data_offsets"]
        values = np.frombuffer(data[8 + size + first : 8 + size + last], "<f4")
        sets[name] = values.reshape(info["shape"]).astype(np.float64)
    return sets


def surgical(s, lam):
    w = s["pseudo"].mean(0) - s["harmless"].mean(0)
    r = s["harmful"].mean(0) - s["harmless"].mean(0)
    unit = r / np.linalg.norm(r)
    return w - lam * unit * (unit @ w)


def null_space_map(s, share, ridge):
    """AlphaSteer as its paper writes it, with projections and a pseudo-inverse in full."""
    benign, harmful = s["harmless"], s["harmful"]
    refusal = harmful.mean(0) - benign.mean(0)
    values, vectors = np.linalg.eigh(benign.T @ benign)
    q = vectors[:, np.argsort(values)[: int(share * benign.shape[1])]]
    p = q @ q.T
    targets = np.tile(refusal, (len(harmful), 1))
    left = p @ harmful.T @ harmful @ p + ridge * p
    return p @ np.linalg.pinv(left, rcond=1e-9, hermitian=True) @ p @ harmful.T @ targets


def condition(layers):
    best = None
    for layer in layers:
        s = streams(layer)
        n = min(len(s["harmful"]), len(s["harmless"]))
        pairs = np.empty((2 * n, s["harmful"].shape[1]))
        middle = (s["harmful"][:n] + s["harmless"][:n]) / 2
        pairs[::2], pairs[1::2] = s["harmful"][:n] - middle, s["harmless"][:n] - middle
        c = np.linalg.svd(pairs)[2][0]
        cosine = {k: np.linalg.norm(np.outer(s[k] @ c, c), axis=1) / np.linalg.norm(s[k], axis=1)
                  for k in ("harmful", "harmless")}
        cuts = np.unique(np.concatenate(list(cosine.values())))
        for t in (cuts[1:] + cuts[:-1]) / 2:
            for side in ("ABOVE", "BELOW"):
                caught = {k: (v > t) == (side == "ABOVE") for k, v in cosine.items()}
                tp, fp = caught["harmful"].sum(), caught["harmless"].sum()
                fn = len(cosine["harmful"]) - tp
                f1 = 2 * tp / (2 * tp + fp + fn)
                if best is None or f1 > best["f1"] + 1e-12:
                    best = {"layer": layer, "side": side, "threshold": float(t), "f1": float(f1),
                            "unit": c.tolist()}
    return best


def clusters(s, k):
    rows = s["harmful"]
    far = ((rows - rows.mean(0)) ** 2).sum(1)
    centres = []
    for i in range(k):
        centres.append(rows[int(np.argmax(far))])
        here = ((rows - centres[-1]) ** 2).sum(1)
        far = here if i == 0 else np.minimum(far, here)
    centres = np.array(centres)
    for _ in range(100):
        nearest = ((rows[:, None] - centres[None]) ** 2).sum(2).argmin(1)
        centres = np.array([rows[nearest == i].mean(0) for i in range(k)])
    return centres - s["harmless"].mean(0)


def som(s, side, sigma, rate, rounds):
    """A self-organising map, unit by unit, that begins at rows far apart."""
    rows = s["harmful"]
    far = ((rows - rows.mean(0)) ** 2).sum(1)
    units = []
    for i in range(side * side):
        units.append(rows[int(np.argmax(far))])
        here = ((rows - units[-1]) ** 2).sum(1)
        far = here if i == 0 else np.minimum(far, here)
    units = np.array(units)
    steps = rounds * len(rows)
    for t in range(steps):
        x = rows[t % len(rows)]
        fall = 1 / (1 + 2 * t / steps)
        best = int(((units - x) ** 2).sum(1).argmin())
        for i in range(len(units)):
            g2 = (i // side - best // side) ** 2 + (i % side - best % side) ** 2
            units[i] = units[i] + rate * fall * np.exp(-g2 / (2 * (sigma * fall) ** 2)) * (x - units[i])
    return units - s["harmless"].mean(0)


def monitored(c, quantile):
    """A direction added behind a linear probe of the layer before, to the tokens from the one it reads on."""
    before, here = streams(1), streams(2)
    w = before["harmful"].mean(0) - before["harmless"].mean(0)
    bias = -w @ (before["harmful"].mean(0) + before["harmless"].mean(0)) / 2
    scores = {name: float(rows[-1] @ w + bias) for name, rows in before.items()}
    threshold = float(np.quantile(list(scores.values()), quantile))
    r = here["harmful"].mean(0) - here["harmless"].mean(0)
    edited = {}
    for name, rows in here.items():
        rows = rows.copy()
        if scores[name] > threshold:
            rows[-1] = rows[-1] + c * r
        edited[name] = rows.ravel().tolist()
    return {"weight": w.tolist(), "bias": float(bias), "threshold": threshold, "scores": scores, "edited": edited}


def main():
    s = streams(2)
    test = s["pseudo"][:3]
    mapped = null_space_map(s, 0.5, 10)
    directions = clusters(s, 3)
    basis = np.linalg.qr(directions.T)[0].T
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps({
        "surgical": {"lambda_1": surgical(s, 1).tolist(), "lambda_0.8": surgical(s, 0.8).tolist()},
        "null_space": {"map": mapped.ravel().tolist()},
        "condition": condition([1, 2]),
        "clusters": {"directions": directions.ravel().tolist(),
                     "removed": (test @ basis.T @ basis).ravel().tolist()},
        "som": {"directions": som(s, 2, 0.33, 0.01, 20).ravel().tolist()},
        "monitor": monitored(0.7, 0.6),
        "ace": {"edited": ace(s, test, 0.5).ravel().tolist()},
        "numpy": np.__version__,
    }) + "\n")


def ace(s, rows, a):
    r = s["harmful"].mean(0) - s["harmless"].mean(0)
    unit = r / np.linalg.norm(r)

    def along(x):
        return np.outer(x @ unit, unit)

    return rows - along(rows) + along(s["harmless"].mean(0)[None]) + a * r


if __name__ == "__main__":
    main()
