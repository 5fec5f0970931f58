"""Early decoding and a patchscope, restated over transformers on a tiny random model.

    python latent.py [--out DIR]

Follows Ghandeharioun et al. 2024: the final norm and the unembedding after the first `layer` blocks, for whole answers;
and the stream of one prompt's last word put in place of another's, with the log-probabilities of two readings. Needs the
checkpoint that `method.py` leaves.
"""

import argparse
import json
from pathlib import Path

import torch
from transformers import PreTrainedTokenizerFast

import checkpoints
import method
import reference

GOLDEN = Path(__file__).resolve().parents[2] / "lab/src/test/resources/golden"
LAYERS = [1, 3, 4]
NEW_TOKENS = 8
TEXT = "kind; calm\ncruel; loud\nx"
READINGS = ["; calm", "; loud"]
PATCHES = [(0, 0), (2, 2), (3, 1)]
PROMPTS = [method.TARGET[0], method.TARGET[5], method.BASELINE[1], method.BASELINE[4]]


def early(model, tokenizer):
    blocks, rows = model.model.layers, []
    for layer in LAYERS:
        model.model.layers = blocks[:layer]
        for text in PROMPTS:
            ids = method.encode(tokenizer, text)
            new, lead = reference.greedy(model, ids, NEW_TOKENS)
            rows.append({
                "layer": layer,
                "prompt": text,
                "logits": reference.logits(model, ids)[-1].tolist(),
                # Near a tie another machine might write on differently.
                "greedy": new if lead > method.MARGIN / 4 else [],
            })
    model.model.layers = blocks
    return rows


@torch.no_grad()
def log_probability(model, ids, reading):
    steps = torch.log_softmax(reference.logits(model, ids + reading).double(), -1)
    return sum(steps[len(ids) - 1 + i, token].item() for i, token in enumerate(reading))


def patched(model, tokenizer):
    other = tokenizer.encode(TEXT)
    readings = [tokenizer.encode(TEXT + reading)[len(other) :] for reading in READINGS]
    assert all(tokenizer.encode(TEXT + r)[: len(other)] == other for r in READINGS)
    last = len(other) - 1
    after = len(method.eoi_tokens(tokenizer))
    rows = []
    for layer, into in PATCHES:
        for text in PROMPTS:
            ids = method.encode(tokenizer, text)
            stream = reference.activations(model, ids)[f"blocks.{layer}.hook_resid_pre"][len(ids) - 1 - after]

            def replace(x, stream=stream):
                x = x.clone()
                x[:, last] = stream
                return x

            with reference._hooks([reference._replace_input(reference.blocks_of(model)[into].block, replace)]):
                scores = [log_probability(model, other, reading) for reading in readings]
            rows.append({"layer": layer, "into": into, "prompt": text, "log_probabilities": scores})
    return {
        "text": TEXT,
        "readings": READINGS,
        "unpatched": [log_probability(model, other, reading) for reading in readings],
        "rows": rows,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=GOLDEN)
    out = parser.parse_args().out
    folder = GOLDEN / "method/checkpoint"
    model = checkpoints.load(folder)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    golden = {
        "made_by": "tools/golden/latent.py",
        "early": early(model, tokenizer),
        "patchscope": patched(model, tokenizer),
    }
    (out / "latent.json").write_text(json.dumps(golden, ensure_ascii=True) + "\n", encoding="utf-8")
    print([bool(row["greedy"]) for row in golden["early"]], golden["patchscope"]["unpatched"])


if __name__ == "__main__":
    main()
