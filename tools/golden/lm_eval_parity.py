"""Runs EleutherAI's lm-evaluation-harness itself on a tiny random model with made-up questions.

    python3.11 -m venv V && V/bin/pip install -r requirements.txt lm-eval==0.4.13
    V/bin/python lm_eval_parity.py [--out DIR]

The harness' own task files are included; only their data set is replaced, by a local file. Writes the questions in the
published formats (what `demur benchmark` reads) and, for every task and number of examples, the prompts to the
character, the log-likelihood of every choice, and the scores. Needs the checkpoint that `method.py` leaves.
"""

import argparse
import csv
import importlib.metadata
import json
import os
import tempfile
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_DATASETS_OFFLINE", "1")

import torch

torch.set_num_threads(1)

import lm_eval
from lm_eval.api.metrics import exact_match_hf_evaluate
from lm_eval.filters.extraction import RegexFilter
from lm_eval.models.huggingface import HFLM
from lm_eval.tasks import TaskManager
from transformers import PreTrainedTokenizerFast

import benchmark_questions as questions
import checkpoints
import reference

GOLDEN = Path(__file__).resolve().parents[2] / "lab/src/test/resources/golden"
TASKS = Path(lm_eval.__file__).parent / "tasks"
NEW_TOKENS = 12

# Choices closer than this could change places on another machine.
MARGIN = 1e-3

YAML = {
    "arc_easy": "arc/arc_easy.yaml",
    "arc_challenge": "arc/arc_challenge.yaml",
    "hellaswag": "hellaswag/hellaswag.yaml",
    "winogrande": "winogrande/default.yaml",
    "truthfulqa_mc1": "truthfulqa/truthfulqa_mc1.yaml",
    "truthfulqa_mc2": "truthfulqa/truthfulqa_mc2.yaml",
    "gsm8k": "gsm8k/gsm8k.yaml",
}


# --- the questions, as published ----------------------------------------------------------------------------------------


def lines(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def write_published(out):
    for subject, splits in questions.MMLU.items():
        for split, rows in splits.items():
            path = out / "mmlu" / split / f"{subject}_{split}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file, lineterminator="\n").writerows(rows)
    for split, rows in questions.ARC.items():
        lines(out / f"arc_{split}.jsonl", [
            {"id": i, "question": {"stem": q, "choices": [{"text": t, "label": l} for t, l in c]}, "answerKey": k}
            for i, q, c, k in rows
        ])
    for split, rows in questions.HELLASWAG.items():
        lines(out / f"hellaswag_{split}.jsonl", [questions.hellaswag(n, *row) for n, row in enumerate(rows)])
    for split, rows in questions.WINOGRANDE.items():
        lines(out / f"winogrande_{split}.jsonl", [questions.winogrande(n, *row) for n, row in enumerate(rows)])
    tasks = [
        {
            "question": q,
            "mc0_targets": {best[0]: 1, wrong[0]: 0},
            "mc1_targets": {**{t: 1 for t in best}, **{t: 0 for t in wrong}},
            "mc2_targets": {**{t: 1 for t in right}, **{t: 0 for t in wrong}},
        }
        for q, best, wrong, right in questions.TRUTHFULQA
    ]
    (out / "truthfulqa.json").write_text(json.dumps(tasks, indent=1) + "\n", encoding="utf-8")
    for split, rows in questions.GSM8K.items():
        lines(out / f"gsm8k_{split}.jsonl", [{"question": q, "answer": a} for q, a in rows])


# --- the same questions, as the harness' data sets have them ------------------------------------------------------------


def write_datasets(folder):
    """One JSON Lines file a task and split; the names of columns are those on the hub."""
    files = {}

    def put(task, split, rows):
        lines(folder / f"{task}_{split}.jsonl", rows)
        files.setdefault(task, {})[split] = str(folder / f"{task}_{split}.jsonl")

    for task, split, rows in questions.on_the_hub():
        put(task, split, rows)
    return files


def write_yaml(folder, files):
    """The harness' own definitions with the data set replaced."""
    names = []
    for task, splits in files.items():
        original = YAML.get(task, f"mmlu/default/{task}.yaml")
        text = [f"include: {TASKS / original}", f"task: local_{task}", "dataset_path: json", "dataset_name: null",
                "dataset_kwargs:", "  data_files:"]
        text += [f"    {split}: {path}" for split, path in splits.items()]
        if task == "gsm8k":
            text += ["generation_kwargs:", '  until: ["Question:", "</s>", "<|im_end|>"]', "  do_sample: false",
                     "  temperature: 0.0", f"  max_gen_toks: {NEW_TOKENS}"]
        (folder / f"local_{task}.yaml").write_text("\n".join(text) + "\n", encoding="utf-8")
        names.append(f"local_{task}")
    return names


# --- what the harness makes of them -------------------------------------------------------------------------------------


def document(task, sample):
    if task == "local_gsm8k":
        return {"doc": sample["doc_id"], "prompt": sample["arguments"][0][0], "answer": sample["resps"][0][0]}
    choices = [
        {"context": arguments[0], "continuation": arguments[1], "log_likelihood": float(response[0][0])}
        for arguments, response in zip(sample["arguments"], sample["resps"])
    ]
    values = sorted((c["log_likelihood"] for c in choices), reverse=True)
    assert values[0] - values[1] > MARGIN, f"{task}, {sample['doc_id']}: two choices too close"
    return {"doc": sample["doc_id"], "choices": choices} | {m: float(sample[m]) for m in ("acc", "acc_norm") if m in sample}


def run(model, manager, tasks, shots):
    found = lm_eval.simple_evaluate(model=model, tasks=tasks, num_fewshot=shots, task_manager=manager, log_samples=True,
                                    bootstrap_iters=0)
    rows = []
    for task in tasks:
        samples = found["samples"][task]
        if task == "local_gsm8k":
            by_filter = {}
            for s in samples:
                by_filter.setdefault(s["filter"], []).append(s)
            docs = [document(task, s) for s in sorted(by_filter["strict-match"], key=lambda s: s["doc_id"])]
            for name, key in (("strict-match", "strict"), ("flexible-extract", "flexible")):
                for doc, s in zip(docs, sorted(by_filter[name], key=lambda s: s["doc_id"])):
                    doc[key] = {"extracted": s["filtered_resps"][0], "exact_match": float(s["exact_match"])}
        else:
            docs = [document(task, s) for s in sorted(samples, key=lambda s: s["doc_id"])]
        scores = {k: v for k, v in found["results"][task].items() if k.split(",")[0] in ("acc", "acc_norm", "exact_match")}
        rows.append({"task": task.removeprefix("local_"), "shots": found["n-shot"][task],
                     "version": found["versions"][task], "scores": {k: float(v) for k, v in scores.items()}, "docs": docs})
    return rows


def extraction():
    """The two filters of gsm8k and its metric, on answers a model might give."""
    strict = RegexFilter(r"#### (\-?[0-9\.\,]+)")
    flexible = RegexFilter(r"(-?[$0-9.,]{2,})|(-?[0-9]+)", group_select=-1)
    ignored = [",", r"\$", r"(?s).*#### ", r"\.$"]
    rows = []
    for answer, gold in questions.ANSWERS:
        row = {"answer": answer, "gold": gold}
        for name, found in (("strict", strict), ("flexible", flexible)):
            taken = found.apply([[answer]], [{}])[0][0]
            match = exact_match_hf_evaluate([taken], [gold], regexes_to_ignore=ignored, ignore_case=True)
            row[name] = {"extracted": taken, "exact_match": float(match["exact_match"])}
        rows.append(row)
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=GOLDEN / "benchmark")
    out = parser.parse_args().out
    folder = GOLDEN / "method/checkpoint"
    write_published(out)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    model = HFLM(pretrained=checkpoints.load(folder), tokenizer=tokenizer, batch_size=4, device="cpu")
    with tempfile.TemporaryDirectory() as temporary:
        temporary = Path(temporary)
        files = write_datasets(temporary)
        tasks = write_yaml(temporary, files)
        manager = TaskManager(include_path=str(temporary), include_defaults=False)
        rows = run(model, manager, tasks, None)
        few = [t for t in tasks if "truthfulqa" not in t]
        rows += run(model, manager, [t for t in few if t != "local_mmlu_anatomy"], 2)
        rows += run(model, manager, ["local_mmlu_anatomy"], 1)
    for row in rows:
        if row["task"] == "gsm8k":
            for doc in row["docs"]:
                ids = tokenizer.encode(doc["prompt"])[-(model.max_length - NEW_TOKENS) :]
                _, lead = reference.greedy(model.model, ids, NEW_TOKENS)
                doc["lead"] = lead
    golden = {
        "made_by": "tools/golden/lm_eval_parity.py",
        "harness": importlib.metadata.version("lm_eval"),
        "new_tokens": NEW_TOKENS,
        "tasks": rows,
        "extraction": extraction(),
    }
    (out / "harness.json").write_text(json.dumps(golden, indent=0, ensure_ascii=True) + "\n", encoding="utf-8")
    for row in rows:
        print(row["task"], row["shots"], row["version"], row["scores"])


if __name__ == "__main__":
    main()
