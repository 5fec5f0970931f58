"""Gathers the ratios of a table that table.sh has made, beside what is aimed at.

    python bench/peers/summary.py TABLE.md
"""

import re
import sys
from pathlib import Path

# By what a row is about. Single sequences from the folder have an aim beside memory reads, which decode.py says.
AIMS = {
    "Demur, one sequence, blocks only": 1.15,
    "Demur, prompts of 32 tokens, blocks only": 1.15,
    "Demur, one sequence, blocks only, outside products": 1.67,
    "Demur, prompts of 32 tokens, blocks only, outside products": 1.67,
    "Demur, mixed prompts, last logits": 1.8,
    "Demur, study's prompts, last logits": 3,
    "Demur, one sequence, GGUF": 1.5,
    "Demur, study's prompts, GGUF": 1.5,
    "Completions beside transformers, 8 at once": 4,
    "Completions beside transformers, 32 at once": 1.5,
    "Completions beside transformers, 100 at once": 1.5,
    "One sequence, GGUF, Demur / llama.cpp": 1,
}

HEADS = {"##": "model", "###": "part"}
TIMES = re.compile(r"\*\*(\d+(?:\.\d+)?)\*\*")


def ratios(lines):
    """(model, what, against, times) of every row with a ratio."""
    model = part = ""
    for line in lines:
        mark, _, text = line.partition(" ")
        if mark in HEADS:
            model, part = (text, "") if HEADS[mark] == "model" else (model, text)
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        times = [TIMES.fullmatch(cell) for cell in cells]
        if not line.startswith("|") or not any(times):
            continue
        value = next(match.group(1) for match in times if match)
        if part.startswith("Prompts") and cells[1][:1].isdigit():
            yield model + part.removeprefix("Prompts"), cells[0] + ", outside products", "transformers", value
        elif part.startswith("Prompts"):
            yield model + part.removeprefix("Prompts"), cells[0], cells[1], value
        elif part == "Completions":
            yield model, f"Completions beside {cells[0]}", "", value
        else:
            what = [part] + [cell for cell in cells[:2] if cell]
            yield model, ", ".join(what), "", value


def main():
    found = list(ratios(Path(sys.argv[1]).read_text().splitlines()))
    if not found:
        sys.exit(f"{sys.argv[1]} has no ratio; it is the table that table.sh writes")
    print("\n## Every ratio\n\n| model | what | against | times | aim |\n| --- | --- | --- | --- | --- |")
    for model, what, against, times in found:
        aim = AIMS.get(what)
        mark = f"**{times}**" if aim and float(times) >= aim else times
        print(f"| {model} | {what} | {against} | {mark} | {aim or ''} |")


if __name__ == "__main__":
    main()
