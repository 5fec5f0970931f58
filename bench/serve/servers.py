"""The servers side by side: how each is started on the weights, asked whether it is ready, and ended."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 240
END_SECONDS = 30


@dataclass(frozen=True)
class Side:
    """A server that takes part.

    `model` is the name it knows its weights by; where that is empty, its own list says.
    """

    name: str
    command: tuple
    model: str = ""
    ablates: bool = False


def sides(args, port):
    """All sides, by the word that `--sides` knows each by. Those that need what was not given are left out."""
    file = args.gguf.resolve()
    serve = (os.environ.get("DEMUR", ROOT / "demur"), "serve")
    ours = ("--port", port, "--slots", args.slots, "--queue", 64, "--context", args.context, "--directions", args.folder / "names")
    native = (args.llama_python, Path(__file__).with_name("llama_server.py"))
    size = (port, args.slots, args.context, args.threads)
    all_sides = {
        "stored": Side("Demur, stored", (*serve, file, "--dtype", "stored", *ours), ablates=True),
        "bf16": Side("Demur, bf16", (*serve, file, "--dtype", "bf16", *ours), ablates=True),
        "f32": Side("Demur, f32", (*serve, file, "--dtype", "f32", *ours), ablates=True),
    }
    if args.llama_python:
        all_sides["llama"] = Side("llama.cpp's server, stored", (*native, file, *size))
        all_sides["llama16"] = Side("llama.cpp's server, f16", (*native, args.folder / "f16.gguf", *size))
        all_sides["llama-python"] = Side("llama-cpp-python's server, stored", llama_python(args, file, port))
    if args.transformers_python:
        all_sides["transformers"] = Side("transformers serve, f32", transformers(args, port), str(args.folder / "hf"))
    return all_sides


def llama_python(args, file, port):
    """Without `interrupt_requests` off, its server breaks an answer off when the next request comes."""
    return (
        *(args.llama_python, "-m", "llama_cpp.server", "--model", file, "--host", "127.0.0.1", "--port", port),
        *("--n_ctx", args.context, "--n_threads", args.threads, "--n_threads_batch", args.threads),
        *("--interrupt_requests", "false", "--verbose", "false"),
    )


def transformers(args, port):
    """Without a size of its own, its cache takes nine tenths of the memory there is."""
    block = 256
    return (
        *(args.transformers_python.with_name("transformers"), "serve", args.folder / "hf", "--host", "127.0.0.1", "--port", port),
        *("--device", "cpu", "--dtype", "float32", "--continuous-batching", "--cb-block-size", block),
        *("--cb-num-blocks", args.slots * args.context // block, "--cb-max-batch-tokens", 2 * block),
    )


class Running:
    """A server from its start to its end; what it says goes to a file."""

    def __init__(self, side, port, log, threads):
        self.side = side
        self.port = port
        self.log = log
        self.model = side.model
        with open(log, "wb") as out:
            self.process = subprocess.Popen(
                [str(word) for word in side.command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env={**os.environ, "OMP_NUM_THREADS": str(threads), "TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1"},
            )

    def __enter__(self):
        end = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                self.__exit__()
                sys.exit(f"{self.side.name} did not start; {self.log} has what it said")
            time.sleep(0.2)
        return self

    def _answers(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/v1/models", timeout=5) as answer:
                self.model = self.side.model or json.load(answer)["data"][0]["id"]
                return True
        except (urllib.error.URLError, OSError):
            return False

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
