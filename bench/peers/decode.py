"""One sequence that writes token after token: transformers and Demur on the same folder in --dtype, llama.cpp and Demur
on the same GGUF file, in turns, beside what this machine reads from memory.

    python bench/peers/decode.py --hf FOLDER --gguf FILE

Either may be left out. Bytes are those of the weights one token is multiplied with, as the checkpoint stores them; for
Demur with --gguf-dtype auto or bf16 also as bfloat16, which is how they then lie in memory.
"""

import argparse

import sides
from sides import GIGA


def stored_bytes(path):
    """Bytes of the tensors of a GGUF file that a token is multiplied with, and how many numbers they hold."""
    from gguf import GGUFReader

    tensors = {t.name: t for t in GGUFReader(path).tensors}
    if "output.weight" in tensors:
        tensors.pop("token_embd.weight")
    return sum(int(t.n_bytes) for t in tensors.values()), sum(int(t.n_elements) for t in tensors.values())


def measure(kind, model, tok_folder, args):
    """Rows of the table for one checkpoint."""
    from transformers import AutoConfig

    ids = sides.chat_ids(sides.tokenizer(tok_folder), sides.instructions(args.prompts, 1))
    ours = sides.demur(model, args.gguf_dtype if kind == "GGUF" else args.dtype, args.threads)
    if kind != "GGUF":
        peer = sides.transformers(model, args.threads, args.dtype)
        count = sum(sides.parameters(AutoConfig.from_pretrained(model)))
        size = count * {"bf16": 2, "f32": 4}[args.dtype]
        sizes = {"transformers": size, "Demur": size}
    else:
        peer = sides.llama(model, args.threads, args.llama_python)
        size, count = stored_bytes(model)
        sizes = {"llama.cpp": size, "Demur": size}
    task = dict(prompts=ids, tokens=args.tokens)
    reads = [ours.ask("ceilings")["read"]]
    seconds, answers = sides.turns(
        args.rounds, {side.name: lambda side=side: side.ask("stream", **task) for side in (peer, ours)}
    )
    reads.append(ours.ask("ceilings")["read"])
    read = sum(reads) / len(reads)
    rows = []
    for name, size in sizes.items():
        rate = (args.tokens - 1) / seconds[name]
        moved = f"{rate * size / GIGA:.1f} GB/s, {100 * rate * size / read:.0f} %"
        if name == "Demur" and kind == "GGUF" and args.gguf_dtype != "stored":
            moved += f" (as bfloat16 {rate * 2 * count / GIGA:.1f} GB/s, {100 * rate * 2 * count / read:.0f} %)"
        rows.append([kind, name, f"{rate:.2f}", moved])
    rows.append([kind, "memory", "", f"{read / GIGA:.1f} GB/s"])
    ratio = seconds[peer.name] / seconds["Demur"]
    rows.append([kind, f"Demur / {peer.name}", f"**{ratio:.2f}**", sides.same(*(answers[n]["written"] for n in sizes))])
    for side in (peer, ours):
        side.close()
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hf", help="folder as to_folder.py writes it")
    parser.add_argument("--dtype", choices=["bf16", "f32"], default="bf16", help="how both sides hold the folder")
    parser.add_argument("--gguf", help="GGUF file")
    parser.add_argument("--gguf-dtype", default="stored", help="how Demur holds the GGUF file: stored, bf16 or auto")
    parser.add_argument("--tokenizer", help="folder with the GGUF file's tokenizer (default: --hf)")
    parser.add_argument("--prompts", help="JSON rows with an instruction each (default: made up)")
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--llama-python", default="python3", help="interpreter that has llama-cpp-python")
    args = parser.parse_args()
    print(sides.machine(args.threads) + "\n", flush=True)
    rows = []
    if args.hf:
        rows += measure(args.dtype, args.hf, args.hf, args)
    if args.gguf:
        rows += measure("GGUF", args.gguf, args.tokenizer or args.hf, args)
    sides.table(["weights", "side", "tokens/s", "weights read, share of memory reads"], rows)


if __name__ == "__main__":
    main()
