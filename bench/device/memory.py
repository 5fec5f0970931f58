"""The most memory of the host that a command held at any time, in GB, pages of files it looked at included.

    python bench/device/memory.py COMMAND...

It is started with nothing to read. Where files lie in memory (/dev/shm), their pages count as long as the command maps
them.
"""

import resource
import subprocess
import sys


def main():
    subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"host memory at its highest while loading: {kilobytes / 1e6:.1f} GB")


if __name__ == "__main__":
    main()
