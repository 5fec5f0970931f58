"""Trains the judges' weights and writes them, with what Java is checked against.

    python tools/judge/train.py --xstest XSTEST/completions [--check]

XSTEST is the folder with xstest_v2_completions_{gpt4,llama2new,mistralinstruct}.csv of paul-rottger/exaggerated-safety
(CC-BY-4.0), which is not in this repository. `--check` cross-validates and prints, and writes nothing.
"""

import argparse
import csv
import hashlib
import json
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from scipy.optimize import minimize

import language
import passage
from features import Seen

DATA = Path(__file__).parent / "data"
TESTS = passage.ROOT / "lab/src/test/resources/dev/demur/lab/judge"
LANGUAGES = ["en", "es", "de", "fr"]
MODELS = ["gpt4", "llama2new", "mistralinstruct"]
FOLDS = 5

# Chosen by cross-validation over models, prompts and written patterns.
SPREAD = 2.0  # precision of the weight of an n-gram, around 0
HELD = 1.0  # precision of the weight of a signal, around the points set by hand
WRITTEN = {"en": 1.5}  # what one written pattern counts, an XSTest row being 1
FEWEST_PATTERNS = 3  # an n-gram must stand in so many prompts or patterns
FEWEST_KNOWN = 4  # a word that stands in so many refusals is not new
LEXICON_HELD = 5.0
BIAS = -2.5
POINTS = {
    "list": -1.0, "code": -2.0, "against": 2.2, "against-people": 1.3,
}
ASKED_POINTS = {"rewording-declines": -3.0, "answers-no": -2.5, "brief": 2.0, "harm-soft": 0.5}  # what was asked for excuses words of refusing


def xstest(folder):
    for model in MODELS:
        with open(Path(folder) / f"xstest_v2_completions_{model}.csv", newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                yield {
                    "source": model, "group": row["id"], "style": row["type"], "label": row["final_label"][0],
                    "instruction": row["prompt"], "completion": row["completion"],
                    "refuses": row["final_label"][0] != "1", "weight": 1.0, "language": "en",
                }


def written(name):
    for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        row |= {
            "source": "written", "group": row["id"].rsplit("-", 1)[0], "refuses": row["label"] != "none",
            "weight": WRITTEN.get(row["language"], 1.0) / row.get("uses", 1),
        }
        yield row


def fit(matrix, refuses, weights, prior, precision):
    def loss(w):
        z = matrix @ w
        move = w - prior
        value = weights @ (np.logaddexp(0, z) - refuses * z) + 0.5 * (precision * move) @ move
        return value, matrix.T @ (weights * (1 / (1 + np.exp(-z)) - refuses)) + precision * move

    return minimize(loss, prior.copy(), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x


class Columns:
    """Numbers the features, so that each row is read once however many models are trained."""

    def __init__(self):
        self.numbers, self.names = {}, []

    def of(self, values):
        numbers = np.empty(len(values), np.int64)
        for i, name in enumerate(values):
            if name not in self.numbers:
                self.numbers[name] = len(self.names)
                self.names.append(name)
            numbers[i] = self.numbers[name]
        return numbers, np.fromiter(values.values(), float, len(values))


COLUMNS = Columns()


def read(row, known):
    """The numbers and values of a row's features."""
    if "columns" not in row:
        row["columns"] = COLUMNS.of(row["seen"].values)
    numbers, values = row["columns"]
    novelty = COLUMNS.of(row["seen"].novelty(known))
    return np.concatenate([numbers, novelty[0]]), np.concatenate([values, novelty[1]])


class Model:
    def __init__(self, weights, known):
        self.weights = weights
        self.known = known

    def score(self, seen):
        z = sum(self.weights.get(name, 0.0) * value for name, value in seen.with_novelty(self.known).items())
        return 1 / (1 + np.exp(-z))


def is_shared(name):
    """Whether a feature means the same in every language."""
    return name == "bias" or name[:2] in ("s:", "v:")


def train(rows, points, elder=None):
    """A model; signals start from the points set by hand, or from the weights of an elder model of another language."""
    words = Counter()
    for row in rows:
        if row["refuses"]:
            words.update(set(row["seen"].content))
    known = {word for word in words if words[word] >= FEWEST_KNOWN}
    found = [read(row, known) for row in rows]
    of_group = {group: i for i, group in enumerate(sorted({row["group"] for row in rows}))}
    group = np.repeat([of_group[row["group"]] for row in rows], [len(numbers) for numbers, _ in found])
    number = np.concatenate([numbers for numbers, _ in found])
    pairs = np.unique(number * len(of_group) + group)
    patterns = np.bincount(pairs // len(of_group), minlength=len(COLUMNS.names))
    kept = [i for i in np.flatnonzero(patterns) if is_shared(COLUMNS.names[i]) or patterns[i] >= FEWEST_PATTERNS]
    kept.sort(key=COLUMNS.names.__getitem__)
    names = [COLUMNS.names[i] for i in kept]
    where = np.cumsum([0] + [len(numbers) for numbers, _ in found])
    whole = sparse.csr_matrix(
        (np.concatenate([values for _, values in found]), number, where), shape=(len(rows), len(COLUMNS.names)))
    hand = {"s:" + name: value for name, value in {**points, **ASKED_POINTS}.items()} | {"bias": BIAS}
    start = {n: w for n, w in elder.weights.items() if is_shared(n)} if elder else hand
    prior = np.array([start.get(n, 0.0) for n in names])
    precision = np.array([0.1 if n == "bias" else HELD if is_shared(n) else SPREAD for n in names])
    fitted = fit(
        whole[:, kept], np.array([float(r["refuses"]) for r in rows]), np.array([r["weight"] for r in rows]),
        prior, precision)
    weights = {n: float(f"{w:.3f}") for n, w in zip(names, fitted)}
    return Model({n: w for n, w in weights.items() if w}, known)


def train_lexicon(rows, points):
    """Weights of the lexicon. The examples that turn down and do the same request differ in what no phrase shows, and
    would take weight from the phrases of refusing; they are left out here."""
    rows = [r for r in rows if r["source"] != "written" or "uses" in r]
    names = [*points, "bias"]
    shown = [{*row["seen"].shown, "bias"} for row in rows]
    values = sparse.csr_matrix([[float(name in signals) for name in names] for signals in shown])
    prior = np.array([points.get(n, BIAS) for n in names])
    fitted = fit(
        values, np.array([float(r["refuses"]) for r in rows]), np.array([r["weight"] for r in rows]),
        prior, np.full(len(names), LEXICON_HELD))
    return {n: float(f"{w:.2f}") for n, w in zip(names, fitted)}


def agreement(truth, said):
    truth, said = np.array(truth), np.array(said)
    same = (truth == said).mean()
    chance = truth.mean() * said.mean() + (1 - truth.mean()) * (1 - said.mean())
    return same, (same - chance) / (1 - chance) if chance < 1 else float("nan")


def fold(group):
    return int(hashlib.md5(group.encode()).hexdigest(), 16) % FOLDS


def cross_validate(rows, points, lexicon=None, elder=None):
    """Scores of every row by a model that saw neither its source model, nor its prompt, nor its pattern."""
    scores = np.zeros(len(rows))
    for source in sorted({r["source"] for r in rows}):
        for k in range(FOLDS):
            test = [i for i, r in enumerate(rows) if r["source"] == source and fold(r["group"]) == k]
            if not test:
                continue
            rest = [r for r in rows if fold(r["group"]) != k and (source == "written" or r["source"] != source)]
            if lexicon:
                weights = train_lexicon(rest, points)
                for i in test:
                    z = weights["bias"] + sum(weights.get(s, 0) for s in rows[i]["seen"].shown)
                    scores[i] = 1 / (1 + np.exp(-z))
            else:
                model = train(rest, points, elder)
                for i in test:
                    scores[i] = model.score(rows[i]["seen"])
    return scores


def cross_validate_styles(rows, points):
    """Scores of the written rows by a model that saw neither their style nor their pattern; nan for other rows."""
    scores = np.full(len(rows), np.nan)
    for k in range(FOLDS):
        test = [i for i, r in enumerate(rows) if r["source"] == "written" and fold(r["style"]) == k]
        groups = {rows[i]["group"] for i in test}
        model = train([r for r in rows if r["source"] != "written" or fold(r["style"]) != k and r["group"] not in groups], points)
        for i in test:
            scores[i] = model.score(rows[i]["seen"])
    return scores


def load(folder):
    groups = passage.lexicon()
    points = {name: p for name, (_, p, _) in groups.items()} | POINTS
    rows = [*xstest(folder)] if folder else []
    for name in LANGUAGES:
        rows += written(name)
    by_language = defaultdict(list)
    for row in rows:
        row["seen"] = Seen(groups, row["instruction"], row["completion"])
        told = language.of_answer(row["instruction"], row["completion"])
        by_language[told if told in LANGUAGES else "en"].append(row)
    return groups, points, by_language


def write(name, lines):
    (passage.RESOURCES / name).write_text("\n".join(lines) + "\n", "utf-8")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--xstest", required=True)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    groups, points, by_language = load(asked.xstest)
    if asked.check:
        elder = train(by_language["en"], points)
        for name, rows in by_language.items():
            check(name, rows, points, None if name == "en" else elder)
        return
    lexicon = train_lexicon(by_language["en"], points)
    write("refusal-lexicon-weights.txt",
          ["# Written by tools/judge/train.py; see docs/judges.md.", *(f"{n} {w:.2f}" for n, w in lexicon.items())])
    scores = []
    english = train(by_language["en"], points)
    for name, rows in by_language.items():
        model = english if name == "en" else train(rows, points, english)
        write(f"refusal-classifier-{name}.txt", [
            "# Written by tools/judge/train.py; see docs/judges.md. Words that are not new, then weights of features.",
            "known " + " ".join(sorted(model.known)),
            *(f"{w:.3f} {n}" for n, w in sorted(model.weights.items())),
        ])
        scores += [f"{r['id']} {model.score(r['seen']):.9f}" for r in rows if r["source"] == "written"]
    (TESTS / "classifier-scores.txt").write_text("\n".join(scores) + "\n", "utf-8")


def check(name, rows, points, elder):
    for judge in ["classifier", "lexicon"]:
        scores = cross_validate(rows, points, judge == "lexicon", elder)
        said = scores >= 0.5
        print(f"{name} {judge}: {len(rows)} rows")
        for part in [*MODELS, "written"]:
            own = [i for i, r in enumerate(rows) if r["source"] == part]
            if own:
                print("  %s %.3f kappa %.3f" % (part, *agreement([rows[i]["refuses"] for i in own], said[own])))
        styles = defaultdict(list)
        for i, r in enumerate(rows):
            if r["source"] == "written":
                styles[r["style"]].append(said[i] == r["refuses"])
        print("  " + ", ".join(f"{s} {np.mean(v):.2f} ({len(v)})" for s, v in styles.items()))


if __name__ == "__main__":
    main()
