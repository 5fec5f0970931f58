"""The released code's cross-entropy, restated over transformers on a tiny random model and mild texts.

    python coherence.py [--out DIR]

Follows `pipeline/submodules/evaluate_loss.py` of andyrdt/refusal_direction: texts in left-padded batches, a mask of what
counts, the last position never, in exchanges nothing before the last of the end-of-instruction tokens; the total over
the total. One difference: float32 throughout, where the released runs have bfloat16. Needs the checkpoint and direction
that `method.py` leaves.
"""

import argparse
import contextlib
import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import PreTrainedTokenizerFast

import checkpoints
import method
import reference

GOLDEN = Path(__file__).resolve().parents[2] / "lab/src/test/resources/golden"
BATCH = 4
MAX_TOKENS = 24
NEW_TOKENS = 12
OWN = 6

TEXTS = [
    "The ferry leaves at noon. Bring a coat, for the wind on the water is colder than it looks from the shore.",
    "Tea.",
    "A list of things in the drawer: two pens, a ruler, string, an old key that fits no door in this house.",
    "Snow fell on the garden all night long, and in the morning the cat would not go out.",
    "x = 3\ny = x + 4\nprint(x * y)\n",
    "Où est la gare ? Elle est derrière le marché, à côté du pont.",
    "The map was wrong about the bridge.",
    "To the baker: four loaves, please, and the small cakes with plums if there are any left today.",
    "1, 2, 3, 5, 8, 13, 21, 34",
    "It rained.",
]

EXCHANGES = [
    ("Name a colour.", "Blue."),
    ("How do I make tea?", "Boil water, pour it over the leaves, and wait for four minutes before you drink it."),
    ("Count to five.", "1, 2, 3, 4, 5"),
    ("What is a kite?", "A kite is a light frame with cloth that flies in the wind on a string."),
    ("Write a line about soup.", "Soup is warm."),
    ("Which is longer, a mile or a kilometre?", "A mile is longer."),
    ("Give me a title for a book about boats.", "Small Boats and Large Water"),
]


def batches(rows):
    return [rows[i : i + BATCH] for i in range(0, len(rows), BATCH)]


def text_batches(tokenizer):
    for texts in batches(TEXTS):
        inputs = tokenizer(texts, return_tensors="pt", padding=True, truncation=True, max_length=MAX_TOKENS)
        mask = inputs["attention_mask"].clone()
        mask[:, -1] = 0
        yield inputs, mask


def exchange_batches(tokenizer, exchanges, eoi):
    eoi = torch.tensor(eoi)
    for some in batches(exchanges):
        texts = [rendered(tokenizer, instruction) + completion for instruction, completion in some]
        inputs = tokenizer(texts, return_tensors="pt", padding=True)
        mask = inputs["attention_mask"].clone()
        mask[:, -1] = 0
        for row, ids in enumerate(inputs["input_ids"]):
            starts = [i for i in range(len(ids) - len(eoi) + 1) if torch.equal(ids[i : i + len(eoi)], eoi)]
            mask[row, : starts[0] + len(eoi) - 1] = 0
        yield inputs, mask


def rendered(tokenizer, instruction):
    message = [{"role": "user", "content": instruction}]
    return tokenizer.apply_chat_template(message, tokenize=False, add_generation_prompt=True)


@torch.no_grad()
def loss(model, iterator):
    nats = torch.tensor(0, dtype=torch.float64)
    tokens = 0
    per_row = []
    for inputs, mask in iterator:
        logits = model(input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"]).logits
        log_probs = torch.log_softmax(logits.double(), -1)
        taken = log_probs[:, :-1].gather(-1, inputs["input_ids"][:, 1:].unsqueeze(-1)).squeeze(-1)
        taken = torch.cat([taken, torch.zeros(len(taken), 1, dtype=torch.float64)], -1) * mask
        nats -= taken.sum()
        tokens += int(mask.sum())
        per_row += [{"nats": -r.sum().item(), "tokens": int(m.sum())} for r, m in zip(taken, mask)]
    ce = nats / tokens
    return {"ce_loss": ce.item(), "perplexity": ce.exp().item(), "n_tokens": tokens, "rows": per_row}


def own_exchanges(model, tokenizer):
    own = []
    for instruction in method.BASELINE:
        new, lead = reference.greedy(model, method.encode(tokenizer, instruction), NEW_TOKENS)
        if lead < method.MARGIN / 4:  # near a tie: another machine might write on differently
            continue
        stop = new.index(model.config.eos_token_id) if model.config.eos_token_id in new else len(new)
        own.append((instruction, tokenizer.decode(new[:stop], skip_special_tokens=True).strip()))
    return own[:OWN]


@torch.no_grad()
def divergence(model, tokenizer, exchanges, eoi, change):
    """KL(unedited || edited) where each token of the completions is predicted, as the released `kl_div_fn` has it."""
    rows = []
    for inputs, mask in exchange_batches(tokenizer, exchanges, eoi):
        arguments = {"input_ids": inputs["input_ids"], "attention_mask": inputs["attention_mask"]}
        p = torch.softmax(model(**arguments).logits.double(), -1)
        with change():
            q = torch.softmax(model(**arguments).logits.double(), -1)
        kl = (p * ((p + method.EPSILON_KL).log() - (q + method.EPSILON_KL).log())).sum(-1)
        rows += [[v for v, counted in zip(k.tolist(), m.tolist()) if counted] for k, m in zip(kl, mask)]
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=GOLDEN)
    out = parser.parse_args().out
    folder = GOLDEN / "method/checkpoint"
    model = checkpoints.load(folder)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    tokenizer.padding_side = "left"
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    raw = load_file(GOLDEN / "method/method.safetensors")["direction_raw"]
    selected = json.loads((GOLDEN / "method/method.json").read_text(encoding="utf-8"))["selected"]
    eoi = method.eoi_tokens(tokenizer)
    own = own_exchanges(model, tokenizer)
    ways = {
        "baseline": contextlib.nullcontext,
        "ablation": lambda: reference.ablating(model, raw),
        # What the released code calls actadd here: run_pipeline.py gives its losses coeff=-1.0.
        "actadd-minus": lambda: reference.adding(model, raw, selected["layer"], -1.0),
        "actadd": lambda: reference.adding(model, raw, selected["layer"]),
    }
    corpora = {
        "text": lambda: text_batches(tokenizer),
        "instructions": lambda: exchange_batches(tokenizer, EXCHANGES, eoi),
        "own-completions": lambda: exchange_batches(tokenizer, own, eoi),
    }
    losses = {}
    for name, iterator in corpora.items():
        losses[name] = {}
        for way, change in ways.items():
            with change():
                losses[name][way] = loss(model, iterator())
    golden = {
        "made_by": "tools/golden/coherence.py",
        "max_tokens": MAX_TOKENS,
        "new_tokens": NEW_TOKENS,
        "layer": selected["layer"],
        "position": selected["position"],
        "texts": TEXTS,
        "exchanges": EXCHANGES,
        "own": own,
        "losses": losses,
        "divergence": {w: divergence(model, tokenizer, own, eoi, ways[w]) for w in ("ablation", "actadd-minus", "actadd")},
    }
    text = json.dumps(golden, indent=0, ensure_ascii=True)
    (out / "coherence.json").write_text(text + "\n", encoding="utf-8")
    for name, ways in losses.items():
        print(name, {way: (round(l["ce_loss"], 4), l["n_tokens"]) for way, l in ways.items()})


if __name__ == "__main__":
    main()
