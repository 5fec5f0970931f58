"""Many completions of a fixed length: transformers' `generate`, in batches of 8 and in larger ones, against Demur's.

    python bench/peers/generate.py FOLDER

FOLDER is as to_folder.py writes it; both sides hold it in --dtype. Both sides are greedy and get the same token ids; length alone ends a
completion, so both write the same number of tokens, which is counted, not assumed.
"""

import argparse

import sides


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--prompts", help="JSON rows with an instruction each (default: made up)")
    parser.add_argument("--dtype", choices=["bf16", "f32"], default="bf16", help="of weights and products, on both sides")
    parser.add_argument("--count", type=int, default=100, help="prompts")
    parser.add_argument("--tokens", type=int, default=128, help="length of a completion")
    parser.add_argument("--batch", type=int, default=128, help="Demur's sequences side by side")
    parser.add_argument("--peer-batch", type=int, nargs="+", default=[8], help="transformers' batches, each measured")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu", help="where both sides run: cpu or cuda")
    args = parser.parse_args()
    print(sides.machine(args.threads) + "\n", flush=True)
    prompts = sides.chat_ids(sides.tokenizer(args.model), sides.instructions(args.prompts, args.count))
    peer = sides.transformers(args.model, args.threads, args.dtype, args.device)
    ours = sides.demur(args.model, args.dtype, args.threads, args.device)
    for side in (peer, ours):  # warm up
        side.ask("generate", prompts=prompts[:2], tokens=8, batch=2)
    runs = {f"{peer.name}, {batch} at once": (peer, batch) for batch in args.peer_batch}
    mine = f"{ours.name}, {args.batch} at once"
    runs[mine] = (ours, args.batch)
    seconds = {}
    written = {}
    for _ in range(args.rounds):
        for name, (side, batch) in runs.items():
            answer = side.ask("generate", prompts=prompts, tokens=args.tokens, batch=batch)
            sides.note(f"{name}: {answer['seconds']:.1f} s")
            seconds[name] = min(seconds.get(name, answer["seconds"]), answer["seconds"])
            written[name] = answer["written"]
    rates = {name: sum(map(len, written[name])) / seconds[name] for name in runs}
    print(f"{args.count} prompts of {sum(map(len, prompts))} tokens in all; seconds include reading them")
    sides.table(
        ["side", "tokens written", "seconds", "tokens/s", "Demur is so many times as fast"],
        [
            [
                name,
                sum(map(len, written[name])),
                f"{seconds[name]:.1f}",
                f"{rates[name]:.1f}",
                "" if name == mine else f"**{rates[mine] / rates[name]:.2f}**",
            ]
            for name in runs
        ],
    )
    first = next(iter(runs))
    print(f"completions, against {first}: " + sides.same(written[first], written[mine]))
    for side in (peer, ours):
        side.close()


if __name__ == "__main__":
    main()
