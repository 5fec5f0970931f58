"""Screen, extract and select as the released code of Arditi et al. 2024 loops over them, beside `demur study`: one
command runs both on the same model and prompts, compares every score and the choice, and prints the seconds.

    python bench/peers/released_loop.py MODEL --data DIR --out DIR

MODEL is a Hugging Face folder (to_folder.py makes one of a GGUF file); DIR holds splits/harmful_train.json and its
neighbours in the released layout. Without --data, prompts are made up: requests to repeat a refusal, and others,
which any chat model treats differently. Stopped and started again with the same options, it goes on where it was.

--minutes or --candidates end the loop early; it then has scored some candidates spread over the grid, all of which cost
the same, and the seconds of all are those of the mean one times their number. The table says so.
"""

import argparse
import json
import math
import os
import random
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import sides

SETS = ["harmful_train", "harmless_train", "harmful_val", "harmless_val"]
FILES = ["harmful_train", "harmless_train", "harmful_val", "harmless_val"]
SCORES = ["bypass", "induce", "kl"]
TOLERANCE = {"bf16": 2e-2, "f32": 1e-3}


def made_up(folder, count):
    """Prompts in the released layout: requests to repeat a refusal, and other requests."""
    splits = folder / "splits"
    splits.mkdir(parents=True, exist_ok=True)
    refusals, others = sides.made_up_refusals(3 * count), sides.made_up(3 * count)
    for i, name in enumerate(["train", "val", "test"]):
        for kind, some in (("harmful", refusals), ("harmless", others)):
            rows = [{"instruction": p} for p in some[i * count : (i + 1) * count]]
            (splits / f"{kind}_{name}.json").write_text(json.dumps(rows))
    return folder


def drawn(data, train, val):
    """The released draw: one seed, four samples."""
    random.seed(42)
    return [
        random.sample([row["instruction"] for row in json.loads((data / f"splits/{name}.json").read_text())], count)
        for name, count in zip(FILES, [train, train, val, val], strict=True)
    ]


def study(args, dtype, grid, out):
    """Runs Demur's study, or what is left of it; its seconds by stage, its report and its machine's ceilings."""
    command = [args.demur, "study", Path(args.model).resolve(), "--data", args.data.resolve(), "--out", out]
    command += ["--sampling", "python-random", "--train", args.train, "--val", args.val, "--profile"]
    command += ["--device", args.device, "--refusal-tokens", ",".join(map(str, args.refusal_tokens)), "--dtype", dtype, "--threads", args.threads]
    # Little of what the study does after the choice, which the loop does not do.
    command += ["--harmful-prompts", 1, "--harmless-prompts", 1, "--max-new-tokens", 32, "--random-directions", 0]
    command += ["--no-own-coherence", *(["--full-grid"] if grid == "full" else [])]
    if not (out / "profile.json").exists():
        environment = {**os.environ, **sides.with_threads(args.threads)}
        done = subprocess.run([str(word) for word in command], cwd=sides.ROOT, stdout=subprocess.DEVNULL, env=environment)
        if done.returncode != 0:
            sys.exit(f"demur study ended with {done.returncode}; what it said is above")
    profile = json.loads((out / "profile.json").read_text())
    result = json.loads((out / "report.json").read_text())["study"]
    if result.get("selection") is None:
        sys.exit(f"demur study selected nothing: {result['finding']['sentence']}")
    return {s["stage"]: s["seconds"] for s in profile["stages"]}, result, profile["ceilings"]


def order(rows):
    """Demur's four best first, so that the choice is among them; then the others, spread over the grid."""
    places = [(r["candidate"]["position"], r["candidate"]["layer"]) for r in rows]
    eligible = [r for r in rows if r["verdict"] == "eligible"]
    best = [places[rows.index(r)] for r in sorted(eligible, key=lambda r: r["bypass"])[:4]]
    spread = [places[i * step(len(places)) % len(places)] for i in range(len(places))]
    return list(dict.fromkeys(best + spread))


def step(count):
    """A stride near the golden section of `count` that meets every place."""
    return next(s for s in range(int(0.618 * count), count + 2) if math.gcd(s, count) == 1)


def loop(args, dtype, prompts, rows, out):
    """Runs the loop in a process of its own, up to where it is asked to; its records by kind."""
    settings = {"model": str(Path(args.model).resolve()), "dtype": dtype, "threads": args.threads}
    settings |= {"device": args.device, "refusal_tokens": args.refusal_tokens, "prompts": prompts}
    task = out / f"{dtype}-task.json"
    text = json.dumps(settings)
    journal = out / f"{dtype}-loop.jsonl"
    if journal.exists() and (not task.exists() or task.read_text() != text):
        sys.exit(f"{journal} is of other options; take another --out")
    task.write_text(text)
    # What the order is belongs to this run alone: it may change between runs that go on with each other.
    limits = {"order": order(rows), "minutes": args.minutes, "candidates": args.candidates}
    (out / f"{dtype}-limits.json").write_text(json.dumps(limits))
    command = [sys.executable, sides.HERE / "released_loop_side.py", task, out / f"{dtype}-limits.json", journal]
    environment = {**os.environ, **sides.with_threads(args.threads)}
    done = subprocess.run([str(word) for word in command], env=environment)
    if done.returncode != 0:
        sys.exit(f"the loop ended with {done.returncode}; what it said is above")
    records = [json.loads(line) for line in journal.read_text().splitlines()]
    return {kind: [r for r in records if r["kind"] == kind] for kind in ("screen", "extract", "start", "candidate", "machine")}


def choice(rows, layers):
    """The rule on rows of position, layer and scores."""
    allowed = [r for r in rows if r["layer"] < int(0.8 * layers) and r["kl"] <= 0.1 and r["induce"] >= 0]
    best = min(sorted(allowed, key=lambda r: (r["position"], r["layer"])), key=lambda r: r["bypass"], default=None)
    return (best["position"], best["layer"]) if best else None


def ours_by_place(result):
    return {(r["candidate"]["position"], r["candidate"]["layer"]): r for r in result["selection"]["rows"]}


def compare(dtype, records, full, pruned, layers):
    """Prints how scores and choices differ; the places both sides have scored."""
    theirs = {(r["position"], r["layer"]): r for r in records["candidate"]}
    ours = ours_by_place(full)
    shared = [p for p in theirs if ours[p]["verdict"] != "noise"]
    rows = []
    for name in SCORES:
        # A pruned study has no score where an earlier one has ruled the candidate out.
        gaps = [abs(theirs[p][name] - ours[p][name]) for p in shared if ours[p][name] is not None]
        if not gaps:
            continue
        within = sum(g <= TOLERANCE[dtype] for g in gaps)
        rows.append([name, f"{statistics.median(gaps):.2g}", f"{max(gaps):.2g}", f"{within} of {len(gaps)}"])
    print(f"\n{dtype}: {len(shared)} candidates scored on both sides")
    sides.table(["score", "median difference", "largest", f"within {TOLERANCE[dtype]:g}"], rows)
    scored = [p for p in shared if None not in (ours[p][n] for n in SCORES)]
    mine = choice([{"position": p[0], "layer": p[1], **{n: ours[p][n] for n in SCORES}} for p in scored], layers)
    picked = pruned["selection"].get("chosen")
    picked = (picked["candidate"]["position"], picked["candidate"]["layer"]) if picked else None
    among = choice([theirs[p] for p in shared], layers)
    print(f"choice among these (position, layer): loop {among}, Demur {mine}; study's own choice of all {picked}")
    return shared


def kept_note(records, full):
    theirs = records["screen"][0]["kept"]
    for name in SETS:
        ours = next(s for s in full["screen"]["sets"] if s["role"] == name)
        differ = sorted(set(ours["kept"]) ^ set(theirs[name]))
        if differ:
            scores = [f"{ours['scores'][i]:.2f}" for i in differ]
            print(f"{name}: the sides keep different prompts, {differ}, with scores of {', '.join(scores)} nats by Demur")


def times(dtype, records, runs):
    """Prints the seconds of every stage and the ratios."""
    rows = next(iter(runs.values()))[1]["selection"]["rows"]
    scored = [r["seconds"] for r in records["candidate"]]
    mean = statistics.mean(scored)
    select = records["start"][0]["seconds"] + mean * len(rows)
    screen, extract = records["screen"][0]["seconds"], records["extract"][0]["seconds"]
    theirs = screen + extract + select
    note = f"{len(scored)} candidates of {len(rows)} run" + ("" if len(scored) == len(rows) else ", the others reckoned")
    machine = records["machine"][-1]["gemm"] / sides.GIGA
    table = [["released loop", f"{screen:.1f}", f"{extract:.1f}", f"{select:.1f}", f"{theirs:.1f}", "1", "", f"{machine:.0f}"]]
    for grid, (stages, _, ceilings) in runs.items():
        ours = stages["read"] + stages["select"]
        gemm = ceilings["bf16_gemm" if dtype == "bf16" else "f32_gemm"] / sides.GIGA
        line = [f"Demur, {'full grid' if grid == 'full' else 'pruned'}", f"{stages['read']:.1f}", "in screen"]
        line += [f"{stages['select']:.1f}", f"{ours:.1f}", f"**{theirs / ours:.2f}**", f"{stages['behaviour']:.1f}"]
        table.append([*line, f"{gemm:.0f}"])
    print(f"\n{dtype}, seconds; {note}: {mean:.2f} s each, {min(scored):.2f} to {max(scored):.2f}")
    head = ["", "screen", "extract", "select", "all", "times faster", "its own check", "products, GFLOP/s"]
    sides.table(head, table)


def against_f32(found):
    """Which side's bfloat16 scores lie nearer to the loop's float32 ones."""
    exact = {(r["position"], r["layer"]): r for r in found["f32"][0]["candidate"]}
    loop16 = {(r["position"], r["layer"]): r for r in found["bf16"][0]["candidate"]}
    ours16 = ours_by_place(found["bf16"][1])
    shared = [p for p in found["bf16"][2] if p in exact and ours16[p]["verdict"] != "noise"]
    rows = []
    for name in SCORES:
        places = [p for p in shared if ours16[p][name] is not None]
        if places:
            sides16 = (loop16, ours16)
            rows.append([name, *(f"{statistics.median(abs(s[p][name] - exact[p][name]) for p in places):.2g}" for s in sides16)])
    print("\nmedian distance of bfloat16 scores from the loop's in float32")
    sides.table(["score", "released loop", "Demur"], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--data", type=Path, help="default: made-up prompts")
    parser.add_argument("--train", type=int, default=128)
    parser.add_argument("--val", type=int, default=32)
    parser.add_argument("--dtype", nargs="+", choices=["bf16", "f32"], default=["bf16"])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu", help="where both sides run: cpu or cuda")
    parser.add_argument("--demur", default=sides.ROOT / "demur", help="the command to start")
    parser.add_argument("--refusal-tokens", type=int, nargs="+", help='ids (default: of "I", with made-up prompts of "It" and "You" too)')
    grids = ["full", "pruned"]
    parser.add_argument("--grid", nargs="+", choices=grids, default=grids, help="Demur's studies (default: both)")
    parser.add_argument("--minutes", type=float, help="end the loop's selection after so long")
    parser.add_argument("--candidates", type=int, help="end it after so many candidates")
    parser.add_argument("--out", type=Path, required=True, help="folder for everything; goes on with what is there")
    parser.add_argument("--again", action="store_true", help="empty --out first")
    args = parser.parse_args()
    if args.again and args.out.exists():
        shutil.rmtree(args.out)
    args.out = args.out.resolve()
    args.out.mkdir(parents=True, exist_ok=True)
    tok = sides.tokenizer(args.model)
    openings = ["I"] if args.data else ["I", "It", "You"]  # small models are less sure of what they repeat
    args.refusal_tokens = args.refusal_tokens or [tok(o, add_special_tokens=False).input_ids[0] for o in openings]
    args.data = args.data or made_up(args.out / "prompts", max(args.train, args.val))
    print(sides.machine(args.threads), flush=True)
    found = {}
    for dtype in args.dtype:
        runs = {grid: study(args, dtype, grid, args.out / f"{dtype}-{grid}") for grid in args.grid}
        full = runs[args.grid[0]][1]
        records = loop(args, dtype, drawn(args.data, args.train, args.val), full["selection"]["rows"], args.out)
        kept_note(records, full)
        layers = full["model"]["layers"]
        found[dtype] = (records, full, compare(dtype, records, full, runs[args.grid[-1]][1], layers))
        times(dtype, records, runs)
    if {"bf16", "f32"} <= set(found):
        against_f32(found)


if __name__ == "__main__":
    main()
