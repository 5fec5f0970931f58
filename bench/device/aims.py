"""What a device run's report says beside what is aimed at, as a table.

    python bench/device/aims.py REPORT

A figure the report does not have is "not seen", which counts as missed.
"""

import re
import sys
from pathlib import Path

NUMBER = r"([\d.,]+)"


def sections(text):
    """Of a report, by title."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def number(pattern, text):
    """The first group of a pattern, as a number; None where it does not match."""
    match = re.search(pattern, text, re.MULTILINE)
    return float(match.group(1).replace(",", "")) if match else None


def tests(text):
    """Those that did not succeed, of how many there were."""
    found = sum(map(int, re.findall(r"(\d+) tests found", text)))
    failed = sum(map(int, re.findall(r"(\d+) tests failed", text)))
    ended = "(ended" not in text and "(no time" not in text
    return (failed, found) if found and ended else (None, found)


def rows(parts):
    """Of each aim: what it is, what was seen, whether that meets it."""
    for title in ("Suite", "Laws"):
        failed, found = tests(parts.get(title, ""))
        seen = None if failed is None else f"{failed} of {found} failed"
        yield f"{title.lower()}: none fails", seen, failed == 0
    speed = parts.get("Speed", "")
    prefill = number(rf"^\s*prefill.* {NUMBER} %$", speed)
    yield "prefill: 60 % of the product rate", prefill and f"{prefill} %", prefill is not None and prefill >= 60
    mixed, ablated = (number(rf"^\s*{task}\s+{NUMBER}", speed) for task in ("mixed prompts", "the same, ablated"))
    cost = None if mixed is None or ablated is None else 100 * (1 - ablated / mixed)
    yield "ablation: at most 5 % of prefill", cost is not None and f"{cost:.1f} %", cost is not None and cost <= 5
    memory = number(rf"host memory[^:\d]*: {NUMBER} GB", parts.get("Host memory", ""))
    yield "host memory while loading: below 2 GB", memory and f"{memory} GB", memory is not None and memory < 2
    written = number(rf"^\| transformers, .*\*\*{NUMBER}\*\*", parts.get("Beside transformers' generate", ""))
    yield "written tokens: 4 times transformers'", written, written is not None and written >= 4
    loop = number(rf"^\| Demur.*\*\*{NUMBER}\*\*", parts.get("Beside the released loop", ""))
    yield "study: 10 times the released loop", loop, loop is not None and loop >= 10
    choice = parts.get("The loop's scores and choice on the demo, in float32", "")
    places = re.search(r"loop (\(.*?\)), Demur (\(.*?\))", choice)
    seen = places and f"{places.group(1)} and {places.group(2)}"
    yield "the loop's choice", seen, bool(places) and places.group(1) == places.group(2)
    commands = re.findall(r"^demur \w.*$", parts.get("Commands", ""), re.MULTILINE)
    bad = [line for line in commands if "(ended" in line or "(no time" in line]
    yield "commands: none ends badly", commands and f"{len(bad)} of {len(commands)} did", bool(commands) and not bad


def main():
    print("| aim | seen | met |\n| --- | --- | --- |")
    for aim, seen, met in rows(sections(Path(sys.argv[1]).read_text())):
        print(f"| {aim} | {seen or 'not seen'} | {'yes' if met else 'no'} |")


if __name__ == "__main__":
    main()
