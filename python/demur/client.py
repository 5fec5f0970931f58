"""The client of a server."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from . import answers
from .answers import Activations, Answer, Direction, Explanation, Piece, StudyStatus, Validation
from .errors import DemurError
from .wire import Wire

if TYPE_CHECKING:
    from .local import LocalDemur

Message = Mapping[str, str]
"""``{"role": "user", "content": "…"}``"""


class Demur:
    """A server of Demur.

    Args:
        url: where it listens, such as ``http://127.0.0.1:8080``.
        key: what the server wants as ``Authorization: Bearer KEY``.
        timeout: seconds without a sign of the server after which a request fails.
        tls: whom to trust, where the address is ``https://`` and the certificate is your own.

    Proxies of the environment are not used, and redirects are not followed.
    """

    def __init__(
        self, url: str, key: str | None = None, *, timeout: float = 600, tls: ssl.SSLContext | None = None
    ) -> None:
        self._wire = Wire(url, key, timeout, tls)
        self.url = self._wire.url
        self.key = key

    @staticmethod
    def local(model: str | None = None, demur: str | os.PathLike[str] | None = None, **options: Any) -> LocalDemur:
        """Starts a server on this machine; see :class:`demur.LocalDemur`."""
        from .local import LocalDemur

        return LocalDemur(model, demur, **options)

    def models(self) -> list[str]:
        """Names under which the model is served."""
        entries = answers.listed(self._wire.json("GET", "/v1/models"), "data")
        return [answers.text(answers.mapping(entry, "model"), "id") for entry in entries]

    def chat(
        self,
        messages: str | Sequence[Message],
        *,
        policy: str | None = None,
        read: str | Sequence[str] = (),
        compare: bool = False,
        seed: int | None = None,
        temperature: float | None = None,
        max_tokens: int | None = None,
        **fields: Any,
    ) -> Answer:
        """One answer.

        Args:
            messages: what the user says, or a conversation.
            policy: what to do to the model, such as ``"ablate r"``.
            read: names of directions along which every token's stream is read.
            compare: whether the unedited answer is wanted too, from the same seed.
            seed: of sampling; the server draws one where none is given.
            temperature: 0 takes the likeliest token; the server's default is 1.
            max_tokens: length of the answer.
            fields: further fields of OpenAI's chat completions, such as ``stop`` or ``top_p``.

        Raises:
            DemurError: with the server's message, and the field it is about as ``param``.
        """
        body = _request(policy, read, compare, seed, temperature, max_tokens, fields)
        return answers.answer(self._wire.json("POST", "/v1/chat/completions", {"messages": _said(messages)} | body))

    def stream(
        self,
        messages: str | Sequence[Message],
        *,
        policy: str | None = None,
        read: str | Sequence[str] = (),
        compare: bool = False,
        seed: int | None = None,
        temperature: float | None = None,
        max_tokens: int | None = None,
        **fields: Any,
    ) -> Stream:
        """One answer while it is written; takes what :meth:`chat` takes."""
        body = _request(policy, read, compare, seed, temperature, max_tokens, fields)
        body |= {"messages": _said(messages), "stream": True}
        return Stream(self._wire.events("POST", "/v1/chat/completions", body))

    def complete(
        self,
        prompt: str,
        *,
        policy: str | None = None,
        read: str | Sequence[str] = (),
        seed: int | None = None,
        temperature: float | None = None,
        max_tokens: int | None = None,
        **fields: Any,
    ) -> Answer:
        """What comes after a text, without the chat template. Arguments are those of :meth:`chat`."""
        body = _request(policy, read, False, seed, temperature, max_tokens, fields)
        return answers.answer(self._wire.json("POST", "/v1/completions", {"prompt": prompt} | body))

    def activations(self, prompts: Sequence[str], **options: Any) -> list[Activations]:
        """Activations of prompts: only where the server was started by :meth:`local`, whose files can be read."""
        raise DemurError(
            "a server sends no activations; start one with Demur.local(…), or read projections with chat(…, read=…)"
        )

    def explain(
        self,
        prompt: str | Sequence[Message],
        *,
        suffix: str = "",
        direction: str | None = None,
        policy: str | None = None,
        heads: int | None = None,
        refusal_tokens: Sequence[int] = (),
    ) -> Explanation:
        """One prompt under the microscope.

        Args:
            prompt: a prompt, or a conversation.
            suffix: what to put after the prompt.
            direction: along which to look; the server takes ``r``.
            policy: whose effect to show beside the unedited model.
            heads: how many heads to show.
            refusal_tokens: ids that open a refusal, where the server does not know them.
        """
        body: dict[str, Any] = {"direction": direction, "heads": heads, "refusal_tokens": list(refusal_tokens) or None}
        if isinstance(prompt, str):
            body |= {"prompt": prompt, "suffix": suffix or None}
        else:
            body |= {"messages": list(prompt)}
        if policy is not None:
            body["demur"] = {"policy": policy}
        given = {name: value for name, value in body.items() if value is not None}
        return answers.explanation(self._wire.json("POST", "/demur/v1/explain", given))

    def validate(self, policy: str) -> Validation:
        """Says whether a line is a policy for the served model, and why not."""
        return answers.validation(self._wire.json("POST", "/demur/v1/policies/validate", {"policy": policy}))

    def directions(self) -> list[Direction]:
        """Names that policies can use."""
        entries = answers.listed(self._wire.json("GET", "/demur/v1/directions"), "directions")
        return [answers.direction(answers.mapping(entry, "direction")) for entry in entries]

    def study(
        self, harmful: Sequence[str] | None = None, harmless: Sequence[str] | None = None, **sizes: int
    ) -> Study:
        """Starts a study, where the server allows it (``demur serve --studies DIR``).

        Args:
            harmful, harmless: at least 8 prompts each; the demo model has its own.
            sizes: ``train``, ``val``, ``evaluated``, ``max_new_tokens``, ``seed``.
        """
        return self._measured(dict(sizes), harmful, harmless)

    def trial(
        self,
        policy: str | None = None,
        suffix: str | None = None,
        harmful: Sequence[str] | None = None,
        harmless: Sequence[str] | None = None,
        **fields: Any,
    ) -> Study:
        """Starts a trial: sets of prompts answered unedited, and under the policy, the suffix or both.

        Args:
            harmful, harmless: prompts in the place of the server's own sets.
            fields: ``sets``, ``limit``, ``max_new_tokens``, ``controls``, ``attack``, ``margin``, ``seed``.
        """
        body = {"kind": "trial", **fields}
        if policy is not None:
            body["demur"] = {"policy": policy}
        if suffix is not None:
            body["suffix"] = suffix
        return self._measured(body, harmful, harmless)

    def _measured(
        self, body: dict[str, Any], harmful: Sequence[str] | None, harmless: Sequence[str] | None
    ) -> Study:
        for name, prompts in (("harmful", harmful), ("harmless", harmless)):
            if prompts is not None:
                body[name] = list(prompts)
        return Study(self._wire, answers.study_status(self._wire.json("POST", "/demur/v1/studies", body)))


class Stream(Iterator[Piece]):
    """An answer while it is written: iterate over its pieces, then take the whole.

    The server stops writing when the stream is closed or thrown away.
    """

    def __init__(self, events: Iterator[dict]) -> None:
        self._events = events
        self._answer = Answer("")
        self._over = False

    def __next__(self) -> Piece:
        try:
            chunk = next(self._events)
        except StopIteration:
            self._over = True
            raise
        piece = answers.piece(chunk)
        self._take(chunk, piece)
        return piece

    def _take(self, chunk: dict, piece: Piece) -> None:
        so_far = self._answer
        beside = answers.optional_mapping(chunk, "demur")
        seen = {name: value for name, value in answers.deeds(beside).items() if value is not None}
        for choice in answers.listed(chunk, "choices")[:1]:
            thought = answers.optional_text(answers.optional_mapping(choice, "delta"), "reasoning_content") or ""
            seen["reasoning"] = so_far.reasoning + thought
            seen["finish_reason"] = answers.optional_text(choice, "finish_reason") or so_far.finish_reason
        if "unedited" in beside:
            seen["unedited"] = (so_far.unedited or "") + piece.unedited
        self._answer = replace(
            so_far,
            text=so_far.text + piece.text,
            tokens=so_far.tokens + piece.tokens,
            projections=_joined(so_far.projections, piece.projections),
            **seen,
        )

    @property
    def answer(self) -> Answer:
        """The whole answer; reads what is left of the stream."""
        if not self._over:
            for _ in self:
                pass
        return self._answer

    def close(self) -> None:
        """Ends the stream, and with it the server's work."""
        self._over = True
        self._events.close()  # type: ignore[attr-defined]

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Study:
    """A study or trial that was started."""

    def __init__(self, wire: Wire, status: StudyStatus) -> None:
        self._wire = wire
        self._path = f"/demur/v1/studies/{status.id}"
        self.id = status.id

    def status(self) -> StudyStatus:
        """Where it stands now."""
        return answers.study_status(self._wire.json("GET", self._path))

    def events(self) -> Iterator[StudyStatus]:
        """Where it stands, whenever that changes, until it is over."""
        for event in self._wire.events("GET", self._path + "/events"):
            yield answers.study_status(event)

    def wait(self, progress: Callable[[StudyStatus], object] | None = None) -> StudyStatus:
        """Waits for the end, and tells ``progress`` of every change.

        Raises:
            DemurError: if it failed.
        """
        for status in self.events():
            if progress is not None:
                progress(status)
        status = self.status()
        if status.state != "done":
            raise DemurError(f"it is {status.state}: {status.problem or 'the stream of its events ended'}")
        return status

    def report(self) -> str:
        """The report: an HTML page whose scripts ask nobody."""
        return self._wire.bytes("GET", self._path + "/report").decode(errors="replace")


def _said(messages: str | Sequence[Message]) -> list[Message]:
    return [{"role": "user", "content": messages}] if isinstance(messages, str) else list(messages)


def _request(
    policy: str | None,
    read: str | Sequence[str],
    compare: bool,
    seed: int | None,
    temperature: float | None,
    max_tokens: int | None,
    fields: Mapping[str, Any],
) -> dict[str, Any]:
    if fields.get("n", 1) != 1:
        raise DemurError("one call is one answer; leave n out, and ask again with another seed", param="n")
    usual = {"seed": seed, "temperature": temperature, "max_tokens": max_tokens}
    body = {name: value for name, value in {**usual, **fields}.items() if value is not None}
    names = [read] if isinstance(read, str) else list(read)
    wishes: dict[str, Any] = {"policy": policy, "read": names or None, "compare": compare or None}
    wishes = {name: value for name, value in wishes.items() if value is not None}
    return body | ({"demur": wishes} if wishes else {})


def _joined(before: Mapping[str, np.ndarray], after: Mapping[str, np.ndarray]) -> Mapping[str, np.ndarray]:
    if not after:
        return before
    try:
        return {name: np.concatenate([before[name], rows]) if name in before else rows for name, rows in after.items()}
    except ValueError as failed:
        raise DemurError("the server's projections are no rows of numbers of one length") from failed
