"""Reading prompts: transformers, llama.cpp and Demur in turns, beside this machine's matrix products.

    python bench/peers/prefill.py --hf FOLDER --gguf FILE

FOLDER is as to_folder.py writes it from FILE; both sides hold it in --dtype. Without FILE llama.cpp is left out. Counted are two operations with each parameter of the blocks
and the prompts' own tokens on every side; padding, logits of other tokens, norms and attention show up as lost speed.
The mixed prompts are 32 of 12 to 59 random tokens, which share no beginning; the study's are 32 in the model's chat
template, whose shared beginning Demur runs once. Outside products is what is left of the seconds when each counted
operation has had its time at the machine's rate of products.
"""

import argparse
import random

import sides
from sides import GIGA


def report(name, tokens, seconds, blocks, products):
    work = 2 * blocks * tokens / seconds
    return [name, f"{tokens / seconds:.0f}", f"{work / GIGA:.0f}", f"{100 * work / products:.0f} %"]


def compare(peer, ours):
    """Difference of log-probabilities at the last token, over the peer's five likeliest tokens of any prompt."""
    equal = sum(a == b for a, b in zip(peer["best"], ours["best"], strict=True))
    # Likely tokens only: rounding moves the logarithm of a tiny probability by much more.
    gaps = [
        abs(a - b)
        for left, right in zip(peer["logprobs"], ours["logprobs"], strict=True)
        for a, b in zip(left, right, strict=True)
        if a > -5
    ]
    return f"{equal} of {len(peer['best'])} likeliest tokens equal, log-probabilities within {max(gaps):.3f} nats"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hf", required=True)
    parser.add_argument("--gguf", help="leave out to measure without llama.cpp")
    parser.add_argument("--prompts", help="JSON rows with an instruction each, for the study's batch (default: made up)")
    parser.add_argument("--dtype", choices=["bf16", "f32"], default="bf16", help="of weights and products, on both sides")
    parser.add_argument("--length", type=int, default=1024, help="tokens of the long sequence")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu", help="where both sides run: cpu or cuda")
    parser.add_argument("--llama-python", default="python3", help="interpreter that has llama-cpp-python")
    args = parser.parse_args()
    from transformers import AutoConfig

    print(sides.machine(args.threads) + "\n", flush=True)
    config = AutoConfig.from_pretrained(args.hf)
    blocks, _ = sides.parameters(config)
    draw = random.Random(3)
    long = sides.random_ids([args.length], config.vocab_size)
    equal = sides.random_ids([32] * (args.length // 32), config.vocab_size)
    mixed = sides.random_ids([draw.randint(12, 59) for _ in range(32)], config.vocab_size)
    chat = sides.chat_ids(sides.tokenizer(args.hf), sides.instructions(args.prompts, 32))

    peer = sides.transformers(args.hf, args.threads, args.dtype, args.device)
    ours = sides.demur(args.hf, args.dtype, args.threads, args.device)
    others = [peer, ours]
    columns = peer.ask("padded", prompts=chat)["columns"]
    tasks = {
        "transformers, one sequence, blocks only": lambda: peer.ask("trunk", prompts=long),
        "Demur, one sequence, blocks only": lambda: ours.ask("trunk", prompts=long),
        "Demur, prompts of 32 tokens, blocks only": lambda: ours.ask("trunk", prompts=equal),
        "transformers, mixed prompts, padded, all logits": lambda: peer.ask("padded", prompts=mixed),
        "Demur, mixed prompts, last logits": lambda: ours.ask("logits", prompts=mixed, columns=[]),
        "transformers, study's prompts, padded, all logits": lambda: peer.ask("padded", prompts=chat),
        "Demur, study's prompts, last logits": lambda: ours.ask("logits", prompts=chat, columns=columns),
    }
    tokens = dict(zip(tasks, map(count, [long, long, equal, mixed, mixed, chat, chat]), strict=True))
    if args.gguf:
        llama = sides.llama(args.gguf, args.threads, args.llama_python)
        others.append(llama)
        sides.note(f"llama.cpp: {llama.hello['system']}")
        packed = sides.demur(args.gguf, args.dtype, args.threads)
        others.append(packed)
        for name, prompts in (("one sequence", long), ("study's prompts", chat)):
            tasks[f"llama.cpp, {name}, GGUF"] = lambda prompts=prompts: llama.ask("read", prompts=prompts)
            tasks[f"Demur, {name}, GGUF"] = lambda prompts=prompts: packed.ask("logits", prompts=prompts, columns=[])
            tokens[f"llama.cpp, {name}, GGUF"] = tokens[f"Demur, {name}, GGUF"] = count(prompts)
    ceilings = [ours.ask("ceilings")]
    seconds, answers = sides.turns(args.rounds, tasks)
    ceilings.append(ours.ask("ceilings"))
    products = sum(c[args.dtype] for c in ceilings) / len(ceilings)
    print(f"{args.dtype} products of this machine, mean of before and after: {products / GIGA:.0f} GFLOP/s")
    sides.table(
        ["what", "tokens/s", "GFLOP/s", "share"], [report(n, tokens[n], seconds[n], blocks, products) for n in tasks]
    )
    rates = {name: tokens[name] / seconds[name] for name in tasks}
    studied = ("Demur, study's prompts, last logits", "transformers, study's prompts, padded, all logits")
    stored = ("Demur, study's prompts, GGUF", "llama.cpp, study's prompts, GGUF")
    pairs = [
        ("Demur, one sequence, blocks only", "transformers, one sequence, blocks only"),
        ("Demur, prompts of 32 tokens, blocks only", "transformers, one sequence, blocks only"),
        ("Demur, mixed prompts, last logits", "transformers, mixed prompts, padded, all logits"),
        studied,
    ]
    if args.gguf:
        pairs += [("Demur, one sequence, GGUF", "llama.cpp, one sequence, GGUF"), stored]
    print()
    sides.table(["ratio", "against", "times"], [[a, b, f"**{rates[a] / rates[b]:.2f}**"] for a, b in pairs])
    outside = {name: seconds[name] - 2 * blocks * tokens[name] / products for name, _ in pairs[:2]}
    theirs = seconds[pairs[0][1]] - 2 * blocks * count(long) / products
    print()
    sides.table(
        ["seconds outside products", "Demur", "transformers", "transformers' are so many times Demur's"],
        [[a, f"{outside[a]:.2f}", f"{theirs:.2f}", f"**{theirs / outside[a]:.2f}**"] for a in outside],
    )
    theirs, mine = (answers[name] for name in studied[::-1])
    run = f"{mine['rows']} tokens run by Demur, {theirs['tokens_run']} by transformers, of {count(chat)}"
    print(f"\nstudy's prompts: {run}; {compare(theirs, mine)}")
    if args.gguf:
        left, right = (answers[name]["best"] for name in stored[::-1])
        print(f"GGUF: {sum(a == b for a, b in zip(left, right))} of {len(left)} likeliest tokens equal")
    for side in others:
        side.close()


def count(prompts):
    return sum(map(len, prompts))


if __name__ == "__main__":
    main()
