"""Many completions of a fixed length: transformers' `generate` in batches of 8 against Demur's batched generation.

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
    parser.add_argument("--peer-batch", type=int, default=8, help="transformers' batch")
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
    seconds = {}
    written = {}
    for _ in range(args.rounds):
        for side, batch in ((peer, args.peer_batch), (ours, args.batch)):
            answer = side.ask("generate", prompts=prompts, tokens=args.tokens, batch=batch)
            sides.note(f"{side.name}: {answer['seconds']:.1f} s")
            seconds[side.name] = min(seconds.get(side.name, answer["seconds"]), answer["seconds"])
            written[side.name] = answer["written"]
    rates = {name: sum(map(len, written[name])) / seconds[name] for name in seconds}
    rows = [
        [name, batch, sum(map(len, written[name])), f"{seconds[name]:.1f}", f"{rates[name]:.1f}"]
        for name, batch in ((peer.name, args.peer_batch), (ours.name, args.batch))
    ]
    rows.append([f"Demur / {peer.name}", "", "", "", f"**{rates[ours.name] / rates[peer.name]:.2f}**"])
    read = sum(map(len, prompts))
    print(f"{args.count} prompts of {read} tokens in all; seconds include reading them")
    sides.table(["side", "side by side", "tokens written", "seconds", "tokens/s"], rows)
    print("completions: " + sides.same(written[peer.name], written[ours.name]))
    for side in (peer, ours):
        side.close()


if __name__ == "__main__":
    main()
