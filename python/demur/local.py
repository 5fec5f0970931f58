"""A server of one's own, on this machine."""

from __future__ import annotations

import collections
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .answers import Activations
from .client import Demur
from .errors import DemurError
from .tensors import read_safetensors

POLL_SECONDS = 0.1
KEPT_LINES = 20


class LocalDemur(Demur):
    """A server that was started here, and ends with its ``with`` block, with :meth:`close`, or with this interpreter,
    however that ends.

    It listens on a free port of the loopback address and wants a key that only this process knows. ``url`` and ``key``
    are what other clients need.

    Args:
        model: folder, GGUF file or ``org/name``; the embedded demo model where none is given.
        demur: the program; ``DEMUR`` of the environment, or ``demur`` on the PATH, where none is given.
        directions: folder with the directions that policies can name.
        studies: folder for run folders; without it no studies can be started.
        options: further options of ``demur serve``, such as ``["--dtype", "f32"]``.
        start_timeout: seconds in which the server must answer; a first start may also build Demur.
        timeout: as of :class:`Demur`.
    """

    def __init__(
        self,
        model: str | None = None,
        demur: str | os.PathLike[str] | None = None,
        *,
        directions: str | os.PathLike[str] | None = None,
        studies: str | os.PathLike[str] | None = None,
        options: Sequence[str] = (),
        start_timeout: float = 600,
        timeout: float = 600,
    ) -> None:
        self._program = _program(demur)
        self._model = model or "demo"
        port = _free_port()
        super().__init__(f"http://127.0.0.1:{port}", secrets.token_urlsafe(32), timeout=timeout)
        command = [self._program, "serve", "--host", "127.0.0.1", "--port", str(port), *options]
        for name, folder in (("--directions", directions), ("--studies", studies)):
            if folder is not None:
                command += [name, os.fspath(folder)]
        self._said: collections.deque[str] = collections.deque(maxlen=KEPT_LINES)
        self._keeper = self._start([*command, "--", self._model])
        try:
            self._await(time.monotonic() + start_timeout)
        except BaseException:
            self.close()
            raise

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        """Starts it below a keeper, whose input ends when this process does."""
        keeper = subprocess.Popen(
            [sys.executable, "-I", str(Path(__file__).with_name("keeper.py")), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, "DEMUR_SERVE_KEY": self.key or ""},
            start_new_session=True,  # Ctrl-C here interrupts a request, not the server
        )
        self._listener = threading.Thread(target=self._listen, args=(keeper,), daemon=True)
        self._listener.start()
        return keeper

    def _listen(self, keeper: subprocess.Popen[bytes]) -> None:
        assert keeper.stderr is not None
        while line := keeper.stderr.readline(1 << 16):
            self._said.append(line.decode(errors="replace").rstrip())

    def _await(self, deadline: float) -> None:
        while True:
            if self._keeper.poll() is not None:
                self._listener.join(1)
                raise DemurError("demur serve ended: " + ("\n".join(self._said) or "it said nothing"))
            try:
                self._wire.json("GET", "/health")
                self.models()
                return
            except DemurError:
                if time.monotonic() > deadline:
                    raise DemurError("demur serve does not answer: " + "\n".join(self._said)) from None
                time.sleep(POLL_SECONDS)

    def activations(
        self,
        prompts: Sequence[str],
        *,
        sites: Sequence[str] = ("resid_pre",),
        layers: str = "all",
        positions: str = "all",
        logits: bool = False,
        raw: bool = False,
        policy: str | None = None,
        vectors: Mapping[str, str | os.PathLike[str]] | None = None,
        options: Sequence[str] = (),
    ) -> list[Activations]:
        """Activations of prompts, from ``demur activations``: a process of its own, which loads the model once more.

        Args:
            prompts: as a user would say them.
            sites: ``resid_pre``, ``attn_out``, ``resid_mid``, ``mlp_out``, ``resid_post``, ``ln_final``, ``q``, ``k``,
                ``v``, ``z``, ``mlp_post``, ``attn_scores``, ``pattern``, ``pattern_last``.
            layers: ``all``, or ``0,4-7,-1``.
            positions: ``all``, or ``-5..-1``.
            logits: whether the final logits are wanted too.
            raw: whether prompts are taken without the chat template.
            policy: what to do to the model meanwhile.
            vectors: files of the names in the policy.
            options: further options of ``demur activations``.
        """
        with tempfile.TemporaryDirectory(prefix="demur-") as folder:
            asked, written = Path(folder, "prompts.json"), Path(folder, "activations.safetensors")
            asked.write_text(json.dumps(list(prompts)), encoding="utf-8")
            command = [self._program, "activations", f"--prompts={asked}", f"--out={written}", "--quiet"]
            command += [f"--sites={','.join(sites)}", f"--layers={layers}", f"--positions={positions}"]
            command += ["--logits"] * logits + ["--raw"] * raw
            command += [f"--policy={policy}"] * (policy is not None)
            command += [f"--vector={name}={os.fspath(path)}" for name, path in (vectors or {}).items()]
            done = subprocess.run(
                [*command, *options, "--", self._model],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                check=False,
            )
            if done.returncode != 0:
                raise DemurError("demur activations: " + done.stderr.decode(errors="replace").strip())
            tensors, _ = read_safetensors(written)
        return [_of_prompt(index, prompt, tensors) for index, prompt in enumerate(prompts)]

    def close(self) -> None:
        """Ends the server, which finishes what it is answering."""
        assert self._keeper.stdin is not None
        self._keeper.stdin.close()
        self._keeper.wait()
        self._listener.join(1)
        if self._keeper.stderr is not None and not self._listener.is_alive():
            self._keeper.stderr.close()

    def __enter__(self) -> LocalDemur:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _program(given: str | os.PathLike[str] | None) -> str:
    named = os.fspath(given) if given is not None else os.environ.get("DEMUR") or "demur"
    found = shutil.which(named)
    if found is None:
        raise DemurError(
            f"there is no program {named}; give its path (Demur.local(demur=…)), set DEMUR, or put it on the PATH"
        )
    return os.path.abspath(found)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _of_prompt(index: int, prompt: str, tensors: Mapping[str, Any]) -> Activations:
    start = f"prompt.{index}."
    own = {name[len(start) :]: tensor for name, tensor in tensors.items() if name.startswith(start)}
    if "tokens" not in own:
        raise DemurError(f"the file of activations has no {start}tokens")
    return Activations(prompt, own.pop("tokens"), own)
