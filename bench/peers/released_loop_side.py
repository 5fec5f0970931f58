"""The released loop itself, started by released_loop.py: `released_loop_side.py TASK LIMITS JOURNAL`.

Our own statement of what the released code does with a model, so that its time is neither bettered nor worsened:

* batches of 32, tokenised anew for every pass and padded on the left; the model called whole, with logits of every token
  and its cache of keys and values;
* a score takes all these logits to float64 before it looks at the last token; KL takes the last token's only;
* ablation by hooks in front of every block and behind every attention and MLP, which change the stream in place and
  normalise their direction at every call;
* extraction in passes of its own over the prompts that the screen has kept;
* every candidate scored in full, those of no size as well.

The released code runs all candidates' KL, then their bypass, then their induce; here a candidate's three follow each
other, so that it can stop in between. That changes no time.
"""

import functools
import json
import sys
import time
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

BATCH = 32
SETS = ["harmful_train", "harmless_train", "harmful_val", "harmless_val"]


class Ablate:
    """One hook's direction; normalised again at every call, as released."""

    def __init__(self, raw):
        self.direction = raw

    def remove(self, x):
        self.direction = self.direction / (self.direction.norm(dim=-1, keepdim=True) + 1e-8)
        self.direction = self.direction.to(x)
        x -= (x @ self.direction).unsqueeze(-1) * self.direction
        return x

    def before(self, module, args):
        return (self.remove(args[0]), *args[1:])

    def behind(self, module, args, output):
        return (self.remove(output[0]), *output[1:]) if isinstance(output, tuple) else self.remove(output)


class Loop:
    def __init__(self, task):
        kind = {"bf16": torch.bfloat16, "f32": torch.float32}[task["dtype"]]
        self.tok = AutoTokenizer.from_pretrained(task["model"])
        self.tok.padding_side = "left"
        if self.tok.pad_token is None:
            self.tok.pad_token = self.tok.eos_token
        device = task["device"]
        net = AutoModelForCausalLM.from_pretrained(task["model"], dtype=kind, device_map={"": device} if device != "cpu" else None)
        self.net = net.eval().requires_grad_(False)
        self.device = torch.device(device)
        self.blocks = self.net.model.layers
        self.refusal_tokens = task["refusal_tokens"]
        probe = "\u0001"
        text = self.chat(probe)
        self.eoi = self.tok(text[text.index(probe) + 1 :], add_special_tokens=False).input_ids

    def chat(self, instruction):
        turns = [{"role": "user", "content": instruction}]
        return self.tok.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)

    def passes(self, instructions, before=(), behind=()):
        """Logits of every token, batch by batch, under hooks."""
        for start in range(0, len(instructions), BATCH):
            texts = [self.chat(i) for i in instructions[start : start + BATCH]]
            batch = self.tok(texts, padding=True, add_special_tokens=False, return_tensors="pt").to(self.device)
            handles = [m.register_forward_pre_hook(h) for m, h in before]
            handles += [m.register_forward_hook(h) for m, h in behind]
            try:
                yield self.net(input_ids=batch.input_ids, attention_mask=batch.attention_mask).logits
            finally:
                for handle in handles:
                    handle.remove()

    def scores(self, instructions, **hooks):
        parts = []
        for logits in self.passes(instructions, **hooks):
            p = logits.to(torch.float64)[:, -1, :].softmax(-1)[:, self.refusal_tokens].sum(-1)
            parts.append(torch.log(p + 1e-8) - torch.log(1 - p + 1e-8))
        return torch.cat(parts) if parts else torch.zeros(0)

    def last(self, instructions, **hooks):
        return torch.cat([logits[:, -1, :] for logits in self.passes(instructions, **hooks)])

    def means(self, instructions):
        """Mean input of every block at the template's tokens, float64 [position, layer, d_model]."""
        count = len(self.eoi)
        sums = torch.zeros(count, len(self.blocks), self.net.config.hidden_size, dtype=torch.float64, device=self.device)

        def add(layer, module, args):
            sums[:, layer] += args[0].clone().to(sums)[:, -count:, :].sum(0) / len(instructions)

        for _ in self.passes(instructions, [(b, functools.partial(add, i)) for i, b in enumerate(self.blocks)]):
            pass
        return sums

    def ablation(self, raw):
        return {
            "before": [(b, Ablate(raw).before) for b in self.blocks],
            "behind": [(m, Ablate(raw).behind) for b in self.blocks for m in (b.self_attn, b.mlp)],
        }

    def addition(self, raw, layer):
        def add(module, args):
            x = args[0]
            x += raw.to(x)
            return (x, *args[1:])

        return {"before": [(self.blocks[layer], add)]}


def kl(first, second):
    p, q = first.to(torch.float64).softmax(-1), second.to(torch.float64).softmax(-1)
    return (p * (torch.log(p + 1e-6) - torch.log(q + 1e-6))).sum(-1).mean().item()


def gemm(kind, device):
    """The machine's matrix products as this process sees them, FLOP a second."""
    x, w = (torch.randn(rows, 2048, device=device).to(kind) for rows in (1024, 8192))
    seconds = []
    for _ in range(8):
        start = time.perf_counter()
        torch.nn.functional.linear(x, w)[0, 0].item()
        seconds.append(time.perf_counter() - start)
    return 2 * 1024 * 2048 * 8192 / sorted(seconds)[len(seconds) // 2]


class Journal:
    """What is done, a line each; a line cut short by a kill is dropped."""

    def __init__(self, path):
        self.path = path
        lines = path.read_text().splitlines(keepends=True) if path.exists() else []
        whole = [line for line in lines if line.endswith("\n")]
        path.write_text("".join(whole))
        self.rows = [json.loads(line) for line in whole]

    def of(self, kind):
        return [row for row in self.rows if row["kind"] == kind]

    def append(self, **row):
        self.rows.append(row)
        with self.path.open("a") as file:
            file.write(json.dumps(row) + "\n")


def main(task, limits, path):
    task = json.loads(Path(task).read_text())
    limits = json.loads(Path(limits).read_text())
    journal = Journal(Path(path))
    means = Path(path).with_suffix(".pt")
    wanted = len(limits["order"]) if limits["candidates"] is None else min(limits["candidates"], len(limits["order"]))
    if len(journal.of("candidate")) >= wanted:
        return
    torch.set_num_threads(task["threads"])
    loop = Loop(task)
    sets = dict(zip(SETS, task["prompts"], strict=True))
    loop.last(sets["harmful_val"][:1])  # a first pass, which sets things up, is not timed
    if not journal.of("screen"):
        start = time.perf_counter()
        kept = {}
        for name, some in sets.items():
            sign = 1 if name.startswith("harmful") else -1
            kept[name] = [i for i, score in enumerate(loop.scores(some).tolist()) if sign * score > 0]
        journal.append(kind="screen", seconds=time.perf_counter() - start, kept=kept)
    kept = {name: [sets[name][i] for i in places] for name, places in journal.of("screen")[0]["kept"].items()}
    empty = [name for name in SETS if not kept[name]]
    if empty:
        sys.exit(f"no prompt of {', '.join(empty)} passes the loop's screen: other --refusal-tokens?")
    if not journal.of("extract"):
        start = time.perf_counter()
        raws = loop.means(kept["harmful_train"]) - loop.means(kept["harmless_train"])
        seconds = time.perf_counter() - start
        torch.save(raws, means)
        journal.append(kind="extract", seconds=seconds)
    raws = torch.load(means, map_location=loop.device)
    start = time.perf_counter()
    loop.scores(kept["harmful_val"])
    loop.scores(kept["harmless_val"])
    unedited = loop.last(kept["harmless_val"])
    if not journal.of("start"):
        journal.append(kind="start", seconds=time.perf_counter() - start)
    done = {(row["position"], row["layer"]) for row in journal.of("candidate")}
    began = time.monotonic()
    for position, layer in limits["order"]:
        if len(done) >= wanted or (limits["minutes"] and time.monotonic() - began > 60 * limits["minutes"]):
            break
        if (position, layer) in done:
            continue
        raw = raws[position, layer]
        start = time.perf_counter()
        row = {"kl": kl(unedited, loop.last(kept["harmless_val"], **loop.ablation(raw)))}
        row["bypass"] = loop.scores(kept["harmful_val"], **loop.ablation(raw)).mean().item()
        row["induce"] = loop.scores(kept["harmless_val"], **loop.addition(raw, layer)).mean().item()
        row["seconds"] = time.perf_counter() - start
        journal.append(kind="candidate", position=position, layer=layer, **row)
        done.add((position, layer))
        print(f"loop, {task['dtype']}: {len(done)} of {wanted} candidates, {row['seconds']:.1f} s", file=sys.stderr)
    journal.append(kind="machine", gemm=gemm(loop.net.dtype, loop.device))


if __name__ == "__main__":
    with torch.no_grad():
        main(*sys.argv[1:])
