"""The most memory of the host that a command held at any time, in GB, and what it was.

    python bench/device/memory.py COMMAND...

It is started with nothing to read. Pages of files count as long as the command maps them; those of libraries are among them.
"""

import subprocess
import sys
import time

EVERY = 0.02
KINDS = {"RssAnon": "its own", "RssFile": "of files", "RssShmem": "shared"}


def held(pid):
    with open(f"/proc/{pid}/status") as status:
        lines = [line.split() for line in status]
    return {line[0][:-1]: int(line[1]) / 1e6 for line in lines if line[0][:-1] in KINDS}


def main():
    process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    most = {}
    while process.poll() is None:
        now = held(process.pid)
        most = max(most, now, key=lambda each: sum(each.values()))
        time.sleep(EVERY)
    parts = ", ".join(f"{most.get(kind, 0):.1f} {text}" for kind, text in KINDS.items())
    print(f"host memory at its highest while loading: {sum(most.values()):.1f} GB ({parts})")


if __name__ == "__main__":
    main()
