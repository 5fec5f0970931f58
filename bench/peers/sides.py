"""What the measurements here share: the sides as processes that take turns, prompts, and the table.

A side reads a task a line from its stdin and answers with a line of JSON; its model is loaded once, before anything is timed.
Every side gets the same token ids.
"""

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
GIGA = 1e9

# What decides how fast products are, by the kernel's names.
UNITS = {
    "AVX2": "avx2",
    "AVX-512": "avx512f",
    "VNNI": "avx512_vnni",
    "VNNI of 256 bits": "avx_vnni",
    "bfloat16": "avx512_bf16",
    "AMX": "amx_bf16",
}


class Side:
    """A process that answers tasks."""

    def __init__(self, name, command, environment=None):
        self.name = name
        self.process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
        )
        self.hello = self._read()

    def ask(self, task, **values):
        self.process.stdin.write(json.dumps({"task": task, **values}) + "\n")
        self.process.stdin.flush()
        return self._read()

    def close(self):
        self.process.stdin.close()
        self.process.wait()

    def _read(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} ended with {self.process.wait()}; what it said is above")
        return json.loads(line)


def demur(model, dtype, threads, device="cpu"):
    """Demur's side: `PeerSide.java`, compiled as it starts, on the libraries of `./demur`.

    Where DEMUR_PEER is set, it starts a `PeerSide` that is compiled already.
    """
    there = [Path(model).resolve(), dtype, threads, device]
    if "DEMUR_PEER" in os.environ:
        return Side("Demur", [os.environ["DEMUR_PEER"], *there], with_threads(threads))
    subprocess.run([ROOT / "demur", "--version"], check=True, stdout=subprocess.DEVNULL)  # builds where it must
    homes = [os.environ.get("DEMUR_JAVA_HOME"), os.environ.get("JAVA_HOME")]
    java = next((Path(h, "bin", "java") for h in homes if h), None) or _java()
    command = [java, "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"]
    command += ["-Dorg.bytedeco.javacpp.maxbytes=0", "-Dorg.bytedeco.javacpp.maxphysicalbytes=0"]
    command += ["--add-modules", "jdk.incubator.vector"]
    command += ["-cp", f"{ROOT}/app/target/classes:{ROOT}/app/target/lib/*"]
    command += [ROOT / "bench/src/main/java/dev/demur/bench/PeerSide.java", *there]
    return Side("Demur", command, {"MALLOC_ARENA_MAX": "1", **with_threads(threads)})


def _java():
    """A JDK 25, where `./demur` looks for one too."""
    for place in [*sorted(Path("/usr/lib/jvm").glob("*25*")), *sorted(Path.home().glob(".sdkman/candidates/java/25*"))]:
        if (place / "bin/javac").exists():
            return place / "bin/java"
    return shutil.which("java") or sys.exit("no JDK 25 found; set JAVA_HOME")


def transformers(model, threads, dtype="bf16", device="cpu"):
    command = [sys.executable, HERE / "transformers_side.py", model, dtype, threads, device]
    return Side("transformers", command, with_threads(threads))


def llama(model, threads, python):
    return Side("llama.cpp", [python, HERE / "llama_side.py", model, threads], with_threads(threads))


def with_threads(threads):
    """A caller's own setting would bind some sides and some libraries and not others."""
    return {"OMP_NUM_THREADS": str(threads)}


def tokenizer(folder):
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder)


def chat_ids(tok, instructions):
    """Token ids of each instruction in the model's chat template."""
    texts = [
        tok.apply_chat_template([{"role": "user", "content": i}], tokenize=False, add_generation_prompt=True)
        for i in instructions
    ]
    return [tok(text, add_special_tokens=False).input_ids for text in texts]


def instructions(file, count):
    """Instructions of a file of rows with one each; made up where there is no file."""
    if file is None:
        return made_up(count)
    rows = [row["instruction"] for row in json.loads(Path(file).read_text())]
    if len(rows) < count:
        sys.exit(f"{file} holds {len(rows)} instructions, {count} are wanted")
    return rows[:count]


def made_up(count):
    """Mild requests of 6 to 50 words."""
    draw = random.Random(1)
    verbs = ["Write a short story about", "Explain to a child", "List three facts about", "Describe in a letter"]
    return [f"{draw.choice(verbs)} {_subject(draw)}." for _ in range(count)]


def made_up_refusals(count):
    """Requests that most chat models answer with the words of a refusal, for they ask for them."""
    draw = random.Random(2)
    ask = 'Repeat this sentence: "I\'m sorry, but I can\'t help with {}." Begin with "I\'m sorry".'
    return [ask.format(_subject(draw)) for _ in range(count)]


def _subject(draw):
    things = ["a garden in winter", "how bread is made", "the river behind our house", "an old music box", "clouds"]
    details = ["and mention a dog", "with one example", "in plain words", "and say why it matters", "as if it were spring"]
    return " ".join([draw.choice(things), *draw.choices(details, k=draw.randint(0, 9))])


def random_ids(lengths, vocabulary):
    """Prompts of given lengths that share no beginning; which tokens they hold does not change the time."""
    draw = random.Random(2)
    return [[draw.randrange(vocabulary) for _ in range(length)] for length in lengths]


def parameters(config):
    """Parameters of the blocks and of the unembedding, from a Hugging Face configuration, without loading weights."""
    import torch
    from transformers import AutoModelForCausalLM

    with torch.device("meta"):
        net = AutoModelForCausalLM.from_config(config)
    blocks = sum(p.numel() for n, p in net.model.named_parameters() if "embed_tokens" not in n)
    return blocks, config.vocab_size * config.hidden_size


def turns(rounds, tasks):
    """Runs every task once a round, the first round unseen; the medians of their seconds and their last answers."""
    seconds = {name: [] for name in tasks}
    answers = {}
    for turn in range(rounds + 1):
        for name, task in tasks.items():
            answers[name] = task()
            if turn > 0 or rounds == 0:
                seconds[name].append(answers[name]["seconds"])
            note(f"{name}: {answers[name]['seconds']:.2f} s")
    return {name: statistics.median(some) for name, some in seconds.items()}, answers


def same(left, right):
    """Share of equal completions, and the mean share of tokens before the first difference."""
    pairs = list(zip(left, right, strict=True))
    equal = sum(a == b for a, b in pairs)
    before = statistics.mean(agreed(a, b) / max(len(a), len(b), 1) for a, b in pairs)
    return f"{equal} of {len(pairs)} equal, {100 * before:.0f} % of tokens before the first difference"


def agreed(a, b):
    return next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))


def machine(threads):
    about = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((l for l in about if l.startswith("model name")), ": unknown").split(":")[1].strip()
    flags = next((l for l in about if l.startswith("flags")), ":").split(":")[1].split()
    units = [unit for unit, flag in UNITS.items() if flag in flags]
    load = os.getloadavg()[0]
    return f"{model} ({', '.join(units)}), {os.cpu_count()} cores, {threads} threads, load {load:.2f} at the start"


def note(text):
    print(text, file=sys.stderr, flush=True)


def table(head, rows):
    """A Markdown table."""
    cells = [head, ["---"] * len(head), *[[str(c) for c in row] for row in rows]]
    print("\n".join("| " + " | ".join(row) + " |" for row in cells), flush=True)
