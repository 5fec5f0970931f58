"""The selection of a direction on a real model, by method.py's restatement, beside what a run of Demur found.

    python real_method.py --folder DIR --gguf FILE --data refusal_direction/splits --train 8 --val 3 \
        --tokens 19555,2068 --run RUN

Draws prompts as the released code does, screens them, scores every candidate in float32 with whole passes, one prompt at
a time, and compares bypass, induce and KL with RUN/tables/candidates.csv. Slow on purpose: nothing is shared. For a
large model --every 7 scores each seventh candidate of the grid.
"""

import argparse
import csv
import json
import random
import time
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

import method


def drawn(data, sizes):
    """As the released code: one stream, harmful before harmless, training before validation."""
    random.seed(method.SEED)
    texts = {}
    for name, count in sizes.items():
        pool = [row["instruction"] for row in json.loads((data / f"{name}.json").read_text(encoding="utf-8"))]
        texts[name] = [pool[i] for i in random.sample(range(len(pool)), count)]
    return texts


def screened(model, ids, tokens):
    kept = {}
    for name, rows in ids.items():
        scores = [method.score(method.last_distribution(model, row), tokens) for row in rows]
        sign = 1 if name.startswith("harmful") else -1
        kept[name] = [row for row, score in zip(rows, scores) if sign * score > 0]
        print(name, "kept", len(kept[name]), "of", len(rows), [round(s, 4) for s in scores], flush=True)
    return kept


def candidates(model, ids, eoi, tokens, every):
    positions = list(range(-len(eoi), 0))
    means = {k: method.mean_activations(model, ids[k], positions) for k in ("harmful_train", "harmless_train")}
    diffs = means["harmful_train"] - means["harmless_train"]
    sets = {"target_val": ids["harmful_val"], "baseline_val": ids["harmless_val"]}
    unedited = [method.last_distribution(model, row) for row in sets["baseline_val"]]
    for p, position in enumerate(positions):
        for layer in range(model.config.num_hidden_layers):
            if (p * model.config.num_hidden_layers + layer) % every:
                continue
            yield method.candidate(model, diffs[p, layer], position, layer, sets, tokens, unedited)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--gguf", required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--train", type=int, required=True)
    parser.add_argument("--val", type=int, required=True)
    parser.add_argument("--tokens", required=True)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--run", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    tokens = [int(token) for token in options.tokens.split(",")]
    load = {"gguf_file": options.gguf}
    tokenizer = AutoTokenizer.from_pretrained(options.folder, **load)
    model = AutoModelForCausalLM.from_pretrained(
        options.folder, dtype=torch.float32, attn_implementation="eager", **load
    ).eval()
    sizes = {"harmful_train": options.train, "harmless_train": options.train,
             "harmful_val": options.val, "harmless_val": options.val}
    texts = drawn(options.data, sizes)
    ids = {name: [method.encode(tokenizer, text) for text in rows] for name, rows in texts.items()}
    start, cpu = time.time(), time.process_time()
    kept = screened(model, ids, tokens)
    rows = list(candidates(model, kept, method.eoi_tokens(tokenizer), tokens, options.every))
    print(f"{len(rows)} candidates: {time.time() - start:.0f} s, {time.process_time() - cpu:.0f} s of CPU", flush=True)
    if options.out:
        options.out.write_text(json.dumps(rows), encoding="utf-8")
    if options.run:
        compare(rows, options.run / "tables/candidates.csv")


def compare(rows, file):
    with file.open(encoding="utf-8", newline="") as lines:
        found = {(int(r["position"]), int(r["layer"])): r for r in csv.DictReader(lines)}
    for measure in ("bypass", "induce", "kl"):
        far = []
        for row in rows:
            value = found[row["position"], row["layer"]].get(measure)
            if not row["noise"] and value not in (None, ""):
                far.append((abs(float(value) - row[measure]), abs(row[measure]), row["position"], row["layer"]))
        worst = max(far)
        print(f"{measure}: {len(far)} compared, largest difference {worst[0]:.2e} at position {worst[2]}, layer "
              f"{worst[3]} (values up to {max(f[1] for f in far):.3f})")


if __name__ == "__main__":
    main()
