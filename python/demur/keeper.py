"""Runs a command until its own input ends, which it does when the process at the other end dies.

Run as a file, by :mod:`demur.local`: an interpreter that is killed cannot end what it started, a pipe can tell.
"""

import os
import subprocess
import sys
import threading

DRAIN_SECONDS = 30
"""A server has 25 seconds for the answers it has begun."""


def main() -> int:
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)

    def watch() -> None:
        while os.read(0, 4096):
            pass
        child.terminate()
        try:
            child.wait(DRAIN_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()

    threading.Thread(target=watch, daemon=True).start()
    return abs(child.wait())


if __name__ == "__main__":
    sys.exit(main())
