"""Servers side by side on the same weights, each alone in turn, asked by 1 to 64 clients at once.

    python bench/serve/load.py --gguf FILE --folder FOLDER [--llama-python PY] [--transformers-python PY] [--quick]

`run.sh` beside this file makes what it needs and starts it; README.md says what is measured. Prints Markdown tables.
"""

import argparse
import asyncio
import contextlib
import signal
import statistics
import sys
import time
from pathlib import Path

from client import Answer, Client
from servers import Running, sides

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "peers"))
from sides import machine, made_up, note, table  # noqa: E402

MANY_PROMPTS = 4096
WARM_ANSWERS = 3
SETTLE_SECONDS = 0.5
NEWCOMER_WORDS = 100
NEWCOMER_TOKENS = 4
ALONE_SHARE = 0.5  # of a window's seconds, for newcomers while nobody else asks


class Load:
    """Clients that ask one server, for some seconds."""

    def __init__(self, client, prompts, most):
        self.client = client
        self.prompts = prompts
        self.most = most
        self.answers = []

    async def _endless(self, fields):
        while True:
            self.answers.append(answer := Answer(time.monotonic(), self.most))
            await self.client.ask(next(self.prompts), self.most, answer, **fields)

    @contextlib.asynccontextmanager
    async def of(self, count, fields=lambda number: {}):
        """Keeps so many clients asking, one request after the other each, until the block ends."""
        self.answers = []
        tasks = [asyncio.create_task(self._endless(fields(number))) for number in range(count)]
        try:
            yield
            for task in tasks:
                if task.done():
                    task.result()  # a client that failed makes the measurement void
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.sleep(SETTLE_SECONDS)

    async def window(self, count, seconds, fields=lambda number: {}):
        """What so many clients see, once all have asked: rates count from a fifth of the time on, first tokens from the start."""
        async with self.of(count, fields):
            await asyncio.sleep(seconds / 5)
            start = time.monotonic()
            await asyncio.sleep(seconds)
            end = time.monotonic()
        return Seen(self.answers, start, end)


class Seen:
    """What clients saw between two times."""

    def __init__(self, answers, start, end):
        pieces = [t for answer in answers for t in answer.pieces if start <= t <= end]
        whole = [answer for answer in answers if answer.finish == "length"]
        counted = sum(len(answer.pieces) for answer in whole)
        # A server may send several tokens in one piece; an answer cut by its length says how many.
        per_piece = sum(answer.most for answer in whole) / counted if counted else 1
        self.rate = len(pieces) * per_piece / (end - start)
        firsts = [answer.first(end) for answer in answers]
        self.first = statistics.median(seconds for seconds, _ in firsts) if firsts else float("nan")
        self.still = statistics.median_high([not came for _, came in firsts]) if firsts else True
        gaps = [b - a for answer in answers for a, b in zip(answer.pieces, answer.pieces[1:]) if start <= b <= end]
        self.gap99 = statistics.quantiles(gaps, n=100)[98] if len(gaps) > 1 else float("nan")
        self.per_piece = per_piece
        self.refused = sum(answer.refused for answer in answers)

    def cells(self):
        return [f"{self.rate:.0f}", f"{'> ' if self.still else ''}{millis(self.first)}", millis(self.gap99)]


async def measure(running, prompts, args):
    """All of one side."""
    load = Load(Client(running.port, running.model), prompts, args.tokens)
    for _ in range(WARM_ANSWERS):
        await load.client.ask(next(prompts), args.tokens)
    await load.window(args.slots, args.seconds / 2)
    result = {}
    for clients in args.clients:
        result[clients] = await load.window(clients, args.seconds)
        note(f"{running.side.name}, {clients} clients: {' | '.join(result[clients].cells())}")
    result["newcomer"] = await newcomers(load, args)
    note(f"{running.side.name}, newcomer: {result['newcomer']}")
    if running.side.ablates:
        result["ablated"] = await ablated(running, load, args)
        note(f"{running.side.name}, edited: {result['ablated']}")
    return result


async def newcomers(load, args):
    """Seconds to the first token of a request alone, and beside all slots but one busy: medians, and how many of each."""
    alone = await arrivals(load, args.seconds * ALONE_SHARE)
    async with load.of(args.slots - 1):
        await asyncio.sleep(args.seconds / 5)
        busy = await arrivals(load, args.seconds)
    return statistics.median(alone), statistics.median(busy), len(alone), len(busy)


async def arrivals(load, seconds):
    """First tokens of requests with a prompt of their own, one after the other."""
    firsts = []
    end = time.monotonic() + seconds
    while not firsts or time.monotonic() < end:
        text = f"{len(firsts)}. " + " ".join(next(load.prompts) for _ in range(NEWCOMER_WORDS))
        answer = await load.client.ask(" ".join(text.split()[:NEWCOMER_WORDS]), NEWCOMER_TOKENS)
        firsts.append(answer.first(time.monotonic())[0])
    return firsts


async def ablated(running, load, args):
    """Rates of plain requests, of ablated ones, and of ones with a policy each, in turns; all slots busy."""
    kinds = {
        "plain": lambda number: {},
        "ablated": lambda number: {"model": f"{running.model}:ablated"},
        "each its own": lambda number: {"demur": {"policy": f"scale {number / args.slots:.4f} r"}},
    }
    rates = {kind: [] for kind in kinds}
    for _ in range(args.turns):
        for kind, fields in kinds.items():
            rates[kind].append((await load.window(args.slots, args.seconds / 2, fields)).rate)
    return {kind: statistics.median(some) for kind, some in rates.items()}


def more(plain, rate):
    """What a token costs more than a plain one; a window may end before the first."""
    return f"{100 * (plain / rate - 1):+.0f} %" if rate else "none came"


def millis(seconds):
    return f"{1000 * seconds:.0f}"


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # and the server with it
    args = arguments()
    args.folder.mkdir(parents=True, exist_ok=True)
    chosen = sides(args, args.port)
    unknown = [word for word in args.sides or [] if word not in chosen]
    if unknown:
        sys.exit(f"no side is called {unknown[0]}, or its interpreter was not given; there are {', '.join(chosen)}")
    results = {}
    begun = time.monotonic()
    told = machine(args.threads)
    for word in args.sides or chosen:
        prompts = iter(made_up(MANY_PROMPTS) * 100)
        with Running(chosen[word], args.port, args.folder / f"{word}.log", args.threads) as running:
            results[chosen[word].name] = asyncio.run(measure(running, prompts, args))
    report(results, args, told, time.monotonic() - begun)


def report(results, args, told, seconds):
    print(f"{args.gguf.stem}; {told}; {args.slots} slots of {args.context} tokens, answers of {args.tokens}; "
          f"windows of {args.seconds:g} s, {seconds:.0f} s in all.\n")
    print("Tokens a second | median milliseconds to the first token | 99th percentile of the milliseconds between pieces:\n")
    head = ["server", *(f"{c} client{'s' if c > 1 else ''}" for c in args.clients)]
    table(head, [[name, *(" / ".join(seen[c].cells()) for c in args.clients)] for name, seen in results.items()])
    print("\nA newcomer's first token, ms, beside all slots but one busy:\n")
    rows = [[name, *seen["newcomer"]] for name, seen in results.items()]
    table(
        ["server", "alone", "under load", "ratio"],
        [[name, f"{millis(a)} ({n})", f"{millis(b)} ({m})", f"{b / a:.2f}"] for name, a, b, n, m in rows],
    )
    edited = [(name, seen["ablated"]) for name, seen in results.items() if "ablated" in seen]
    if edited:
        print(f"\nTokens a second of {args.slots} clients whose requests are edited:\n")
        kinds = list(edited[0][1])
        table(
            ["server", *kinds],
            [[name, *(f"{r[k]:.0f} ({more(r['plain'], r[k])})" for k in kinds)] for name, r in edited],
        )


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gguf", type=Path, required=True, help="weights of Demur and llama.cpp")
    parser.add_argument("--folder", type=Path, required=True, help="has f16.gguf, hf/ and names/ (weights.py); logs go there")
    parser.add_argument("--llama-python", type=Path, help="interpreter with xllamacpp and llama-cpp-python[server]")
    parser.add_argument("--transformers-python", type=Path, help="interpreter with transformers[serving] and torch")
    parser.add_argument("--sides", type=lambda text: text.split(","), help="which take part, with commas (default: all)")
    parser.add_argument("--clients", type=lambda text: [int(c) for c in text.split(",")], default=[1, 4, 16, 64])
    parser.add_argument("--slots", type=int, default=16)
    parser.add_argument("--context", type=int, default=1024)
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=6, help="of one window (default: 6)")
    parser.add_argument("--turns", type=int, default=3, help="rounds of plain and edited requests (default: 3)")
    parser.add_argument("--port", type=int, default=18300)
    parser.add_argument("--quick", action="store_true", help="2 seconds a window, one turn")
    args = parser.parse_args()
    if args.quick:
        args.seconds, args.turns = 2, 1
    return args


if __name__ == "__main__":
    main()
