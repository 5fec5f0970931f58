"""A map of three directions restated over transformers, on method.py's checkpoint.

    python maps.py [--out FILE]

Differences of means at one place, their cosines, refusal scores of every pair's test prompts under ablation and addition
of every direction, and under multiplication of the component along it (LiReFs, Hong et al. 2025: x + s (x.d) d at all
layers and sites).
"""

import argparse
import json
import warnings
from pathlib import Path

import torch
from transformers import PreTrainedTokenizerFast
from transformers.utils import logging as transformers_logging

import checkpoints
import method
import reference

OUT = Path(__file__).resolve().parents[2] / "lab/src/test/resources/golden/maps.json"
PLACE = {"layer": 3, "position": -2}
SOURCE_LAYER = 2
COEFFICIENT = 0.5
FACTORS = [0.9, 1.1]
TOKENS = [0, 1, 2, 3, 4]

LISTS = [p for p in method.BASELINE if p.startswith("Name")]
PAIRS = {
    "making": {"train": method.TARGET[:6], "contrast": LISTS[:6], "test": method.TARGET[6:9]},
    "repairing": {"train": method.TARGET[16:21], "contrast": LISTS[:6], "test": method.TARGET[21:24]},
    "colours": {"train": method.BASELINE[16:21], "contrast": LISTS[6:12], "test": method.BASELINE[21:24]},
}


def mean(model, tokenizer, texts, layer, position):
    rows = [
        reference.activations(model, method.encode(tokenizer, text))[f"blocks.{layer}.hook_resid_pre"][position].double()
        for text in texts
    ]
    return torch.stack(rows).mean(0)


def direction(model, tokenizer, pair, layer, position):
    return mean(model, tokenizer, pair["train"], layer, position) - mean(
        model, tokenizer, pair["contrast"], layer, position
    )


def scores(model, tokenizer, texts):
    return [
        method.score(method.last_distribution(model, method.encode(tokenizer, text)), TOKENS) for text in texts
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    out = parser.parse_args().out
    transformers_logging.set_verbosity_error()
    warnings.filterwarnings("ignore")
    folder = method.OUT / "checkpoint"
    model = checkpoints.load(folder)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    raw = {name: direction(model, tokenizer, pair, **PLACE) for name, pair in PAIRS.items()}
    source = {
        name: direction(model, tokenizer, pair, SOURCE_LAYER, PLACE["position"]) for name, pair in PAIRS.items()
    }
    tests = {name: pair["test"] for name, pair in PAIRS.items()}
    under = []
    for name in PAIRS:
        ways = [
            ("ablate", 0.0, lambda: reference.ablating(model, raw[name])),
            ("add", COEFFICIENT, lambda: reference.adding(model, raw[name], PLACE["layer"], COEFFICIENT)),
        ]
        ways += [("scale", f, lambda f=f: reference.scaling(model, source[name], f)) for f in FACTORS]
        for kind, amount, way in ways:
            with way():
                for asked, texts in tests.items():
                    under.append(
                        {
                            "way": kind,
                            "amount": amount,
                            "direction": name,
                            "set": asked,
                            "scores": scores(model, tokenizer, texts),
                        }
                    )
    golden = {
        "made_by": "tools/golden/maps.py",
        "place": PLACE,
        "source_layer": SOURCE_LAYER,
        "tokens": TOKENS,
        "pairs": PAIRS,
        "norms": {name: raw[name].norm().item() for name in PAIRS},
        "cosines": [
            [torch.nn.functional.cosine_similarity(raw[a], raw[b], dim=0).item() for b in PAIRS] for a in PAIRS
        ],
        "unedited": {name: scores(model, tokenizer, texts) for name, texts in tests.items()},
        "under": under,
    }
    out.write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(golden["cosines"]), golden["unedited"])


if __name__ == "__main__":
    main()
