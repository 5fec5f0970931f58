"""Screen, extract and select as the released code of Arditi et al. 2024 loops over them: transformers, hooks,
padded batches of 32, every candidate scored in full. Our own statement of that loop, to be timed beside
`demur study` on the same model and prompts.

    python bench/peers/released_loop.py MODEL --splits DIR --train 32 --val 16 --dtype bf16 --out peer.json
    ./demur study MODEL --data DIR --sampling python-random --train 32 --val 16 --full-grid --profile --out runs/peer
    python bench/peers/released_loop.py --compare peer.json runs/peer

MODEL is a Hugging Face folder or a GGUF file; DIR holds splits/harmful_train.json and the like.
Needs torch, transformers, gguf. Weights in a GGUF are dequantised by transformers on loading, which is not timed.
"""

import argparse
import functools
import json
import math
import random
import time
from pathlib import Path

BATCH = 32


def load(model, dtype):
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    path = Path(model)
    source = (path.parent, {"gguf_file": path.name}) if path.suffix == ".gguf" else (path, {})
    kind = {"bf16": torch.bfloat16, "f32": torch.float32}[dtype]
    tokenizer = AutoTokenizer.from_pretrained(source[0], **source[1])
    tokenizer.padding_side = "left"
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    net = AutoModelForCausalLM.from_pretrained(source[0], dtype=kind, **source[1]).eval()
    return net, tokenizer


def prompts(splits, train, val):
    random.seed(42)
    read = lambda name: [row["instruction"] for row in json.loads((splits / f"{name}.json").read_text())]
    return [
        random.sample(read(name), count)
        for name, count in [
            ("harmful_train", train),
            ("harmless_train", train),
            ("harmful_val", val),
            ("harmless_val", val),
        ]
    ]


class Loop:
    """One model with the loop's state: blocks, template, refusal tokens."""

    def __init__(self, net, tokenizer, refusal_tokens):
        import torch

        self.torch = torch
        self.net = net
        self.tokenizer = tokenizer
        self.blocks = net.model.layers
        self.refusal_tokens = refusal_tokens
        probe = "\u0001"
        text = self.chat(probe)
        self.eoi = tokenizer(text[text.index(probe) + 1 :], add_special_tokens=False).input_ids

    def chat(self, instruction):
        turns = [{"role": "user", "content": instruction}]
        return self.tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)

    def encode(self, instructions):
        texts = [self.chat(i) for i in instructions]
        return self.tokenizer(texts, padding=True, add_special_tokens=False, return_tensors="pt")

    def logits(self, instructions, hooks=()):
        """Last-token logits, [prompt, vocab]; `hooks` are (module, pre-hook or None, hook or None)."""
        handles = []
        for module, pre, post in hooks:
            if pre:
                handles.append(module.register_forward_pre_hook(pre))
            if post:
                handles.append(module.register_forward_hook(post))
        try:
            rows = []
            for start in range(0, len(instructions), BATCH):
                batch = self.encode(instructions[start : start + BATCH])
                with self.torch.no_grad():
                    rows.append(self.net(**batch).logits[:, -1, :])
            return self.torch.cat(rows)
        finally:
            for handle in handles:
                handle.remove()

    def score(self, logits):
        p = self.torch.softmax(logits.double(), -1)[:, self.refusal_tokens].sum(-1)
        return self.torch.log(p + 1e-8) - self.torch.log(1 - p + 1e-8)

    def means(self, instructions):
        """Mean resid_pre at the template's tokens, float64 [position, layer, d_model]."""
        count = len(self.eoi)
        sums = self.torch.zeros(count, len(self.blocks), self.net.config.hidden_size, dtype=self.torch.float64)

        def add(layer, module, args):
            sums[:, layer] += args[0][:, -count:, :].double().sum(0)

        hooks = [(b, functools.partial(add, layer), None) for layer, b in enumerate(self.blocks)]
        self.logits(instructions, hooks)
        return sums / len(instructions)

    def ablation(self, raw):
        unit = raw / (raw.norm() + 1e-8)

        def remove(x):
            r = unit.to(x.dtype)
            return x - (x @ r).unsqueeze(-1) * r

        def pre(module, args):
            return (remove(args[0]), *args[1:])

        def post(module, args, output):
            return (remove(output[0]), *output[1:]) if isinstance(output, tuple) else remove(output)

        return [
            hook
            for block in self.blocks
            for hook in [(block, pre, None), (block.self_attn, None, post), (block.mlp, None, post)]
        ]

    def addition(self, raw, layer):
        def pre(module, args):
            return (args[0] + raw.to(args[0].dtype), *args[1:])

        return [(self.blocks[layer], pre, None)]


def run(args):
    import torch

    torch.set_num_threads(args.threads)
    net, tokenizer = load(args.model, args.dtype)
    loop = Loop(net, tokenizer, args.refusal_tokens)
    harmful_train, harmless_train, harmful_val, harmless_val = prompts(args.splits, args.train, args.val)
    started = time.perf_counter()
    keep = lambda some, sign: [
        p for p, s in zip(some, loop.score(loop.logits(some)).tolist(), strict=True) if sign * s > 0
    ]
    harmful_train, harmful_val = keep(harmful_train, 1), keep(harmful_val, 1)
    harmless_train, harmless_val = keep(harmless_train, -1), keep(harmless_val, -1)
    screened = time.perf_counter()
    raws = loop.means(harmful_train) - loop.means(harmless_train)
    extracted = time.perf_counter()
    unedited = torch.softmax(loop.logits(harmless_val).double(), -1)
    rows = []
    for position in range(-len(loop.eoi), 0):
        for layer in range(len(loop.blocks)):
            raw = raws[position, layer]
            if raw.norm() < 1e-6:  # layer 0 at a template token: rounding noise
                continue
            ablation = loop.ablation(raw)
            edited = loop.logits(harmless_val, ablation)
            q = torch.softmax(edited.double(), -1)
            kl = (unedited * (torch.log(unedited + 1e-6) - torch.log(q + 1e-6))).sum(-1).mean().item()
            bypass = loop.score(loop.logits(harmful_val, ablation)).mean().item()
            induce = loop.score(loop.logits(harmless_val, loop.addition(raw, layer))).mean().item()
            rows.append({"position": position, "layer": layer, "bypass": bypass, "induce": induce, "kl": kl})
            print(f"{len(rows)} candidates, {time.perf_counter() - extracted:.0f} s", end="\r", flush=True)
    selected = time.perf_counter()
    allowed = [
        r
        for r in rows
        if r["layer"] < int(0.8 * len(loop.blocks))
        and r["kl"] <= 0.1
        and r["induce"] >= 0
        and not any(math.isnan(r[k]) for k in ("bypass", "induce", "kl"))
    ]
    chosen = min(allowed, key=lambda r: r["bypass"], default=None)
    result = {
        "kept": [len(harmful_train), len(harmless_train), len(harmful_val), len(harmless_val)],
        "seconds": {
            "screen": screened - started,
            "extract": extracted - screened,
            "select": selected - extracted,
            "all": selected - started,
        },
        "chosen": chosen,
        "candidates": rows,
    }
    args.out.write_text(json.dumps(result, indent=1))
    print(json.dumps(result["seconds"]), chosen)


def compare(peer, folder):
    """Differences of scores, the choices, and the ratio of seconds."""
    theirs = json.loads(Path(peer).read_text())
    ours = json.loads((Path(folder) / "report.json").read_text())["study"]
    stages = {s["stage"]: s["seconds"] for s in json.loads((Path(folder) / "profile.json").read_text())["stages"]}
    scores = {(r["position"], r["layer"]): r for r in theirs["candidates"]}
    worst = {"bypass": 0.0, "induce": 0.0, "kl": 0.0}
    shared = 0
    for row in ours["selection"]["rows"]:
        other = scores.get((row["candidate"]["position"], row["candidate"]["layer"]))
        if other is None:
            continue
        shared += 1
        for name in worst:
            if row.get(name) is not None:
                worst[name] = max(worst[name], abs(row[name] - other[name]))
    seconds = stages["read"] + stages["select"]
    print(f"{shared} candidates in both; largest differences {worst}")
    print(f"chosen: {theirs['chosen']} against {ours['selection'].get('chosen')}")
    print(f"seconds: {theirs['seconds']['all']:.1f} against {seconds:.1f}, {theirs['seconds']['all'] / seconds:.1f} times")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?")
    parser.add_argument("--splits", type=Path)
    parser.add_argument("--train", type=int, default=128)
    parser.add_argument("--val", type=int, default=32)
    parser.add_argument("--dtype", choices=["bf16", "f32"], default="bf16")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--refusal-tokens", type=int, nargs="+", default=[40])
    parser.add_argument("--out", type=Path, default=Path("peer.json"))
    parser.add_argument("--compare", nargs=2, metavar=("PEER", "RUN"))
    args = parser.parse_args()
    if args.compare:
        compare(*args.compare)
    else:
        run(args)


if __name__ == "__main__":
    main()
