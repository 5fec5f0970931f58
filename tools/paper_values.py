"""Compares the published values that Demur ships with the released runs of the paper.

    git clone https://github.com/andyrdt/refusal_direction && git -C refusal_direction checkout 9d852fa
    python3 tools/paper_values.py refusal_direction

Prints, for each released run and table, the number shipped, the run's, and whether they are the same to the digits that
are printed. Five of the thirteen models have a released run.
"""

import json
import sys
from pathlib import Path

VALUES = Path(__file__).resolve().parents[1] / "lab/src/main/resources/dev/demur/lab/paper/arditi2024.json"
RUNS = {
    "Gemma 2B": "gemma-2b-it",
    "Llama-2 7B": "llama-2-7b-chat-hf",
    "Llama-3 8B": "meta-llama-3-8b-instruct",
    "Qwen 1.8B": "qwen-1_8b-chat",
    "Yi 6B": "yi-6b-chat",
}
VARIANTS = ("baseline", "ablation", "actadd")


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def selection(run):
    chosen = read(run / "direction_metadata.json")
    rows = read(run / "select_direction/direction_evaluations.json")
    row = next(r for r in rows if r["position"] == chosen["pos"] and r["layer"] == chosen["layer"])
    return [chosen["pos"], chosen["layer"], None, row["refusal_score"], row["steering_score"], row["kl_div_score"]]


def rates(run):
    found = []
    for variant in VARIANTS:
        judged = read(run / f"completions/jailbreakbench_{variant}_evaluations.json")
        found += [1 - judged["substring_matching_success_rate"], 1 - judged["llamaguard2_success_rate"]]
    for variant in ("baseline", "actadd"):
        judged = read(run / f"completions/harmless_{variant}_evaluations.json")
        found.append(1 - judged["substring_matching_success_rate"])
    return found


def losses(run):
    by_variant = [read(run / f"loss_evals/{variant}_loss_eval.json") for variant in VARIANTS]
    return [
        evaluated[text]["ce_loss"]
        for text in ("pile", "alpaca", "alpaca_custom_completions")
        for evaluated in by_variant
    ]


def main():
    runs = Path(sys.argv[1]) / "pipeline/runs"
    tables = read(VALUES)["tables"]
    for word, measure in (("Table 5", selection), ("released run", rates), ("Table 9", losses)):
        table = next(t for t in tables if word in t["source"])
        same = total = 0
        for model, name in RUNS.items():
            for quantity, shipped, found in zip(table["quantities"], table["rows"][model], measure(runs / name)):
                if found is None:
                    continue
                equal = abs(shipped - found) <= 0.00051
                same, total = same + equal, total + 1
                print(f"{word}\t{model}\t{quantity}\t{shipped}\t{found:.4f}\t{'same' if equal else 'differs'}")
        print(f"{word}: {same} of {total} the same")


main()
