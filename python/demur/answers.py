"""What a server answers, as values. Every field is checked: a server is not trusted to keep its own form."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .errors import DemurError


@dataclass(frozen=True)
class Answer:
    """What the model wrote.

    Attributes:
        text: the answer.
        reasoning: what it thought before, empty where it did not.
        finish_reason: ``stop``, ``length`` or ``content_filter``.
        unedited: the unedited model's answer from the same seed, where ``compare`` asked for it.
        policy: what was done to the model, printed back by the server.
        relative_dose: the policy's largest addition in lengths of the stream; None where nothing is added.
        tokens: the answer's tokens, where ``read`` asked for readings.
        projections: for each direction read, x·r̂ entering every layer, ``[token, layer]``, in stream units, where each
            token was written from.
        monitor: what the server's monitor saw of the prompt, where it tells.
        raw: the whole answer.
    """

    text: str
    reasoning: str = ""
    finish_reason: str | None = None
    unedited: str | None = None
    policy: str | None = None
    relative_dose: float | None = None
    tokens: tuple[str, ...] = ()
    projections: Mapping[str, np.ndarray] = field(default_factory=dict)
    monitor: Mapping[str, Any] | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Piece:
    """A piece of a streamed answer.

    Attributes:
        text: what was added to the answer.
        unedited: what was added to the unedited answer.
        tokens: the tokens of this piece, where they are read.
        projections: their readings, as in :class:`Answer`.
    """

    text: str
    unedited: str = ""
    tokens: tuple[str, ...] = ()
    projections: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class Validation:
    """Whether a line is a policy for the served model. It is true where ``valid`` is.

    Attributes:
        policy: the line, printed back.
        rules: its rules, each as a line.
        relative_dose: as in :class:`Answer`.
        problem: why it cannot be used.
        position: the character at which it stops making sense, from 1.
    """

    valid: bool
    policy: str | None
    rules: tuple[str, ...]
    relative_dose: float | None
    problem: str | None
    position: int | None

    def __bool__(self) -> bool:
        return self.valid


@dataclass(frozen=True)
class Direction:
    """A name that policies can use.

    Attributes:
        kind: what it is, in words.
        sha256: of its numbers.
        layer: the layer whose input it was read from, where it has one.
        norm: of the difference of means, where it is known.
        raw: all that the server tells.
    """

    name: str
    kind: str
    sha256: str | None
    layer: int | None
    norm: float | None
    raw: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Explanation:
    """One prompt under the microscope.

    Attributes:
        score: the refusal score, log-odds of the tokens that open a refusal.
        tokens: the prompt's tokens.
        projections: x·r̂, ``[token, layer + 1]``: entering every layer, then leaving the last.
        cosines: the same, divided by ‖x‖.
        raw: all of it, as docs/explain.md has it: lens, components, heads, variants.
    """

    score: float
    tokens: tuple[str, ...]
    projections: np.ndarray
    cosines: np.ndarray
    raw: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Step:
    """A step of a study: ``done`` of ``total``."""

    name: str
    done: int
    total: int


@dataclass(frozen=True)
class StudyStatus:
    """Where a study or trial stands.

    Attributes:
        state: ``waiting``, ``running``, ``done`` or ``failed``.
        steps: its work so far.
        finding: what it found, in a sentence.
        problem: why it failed.
        refused: of a trial, the share of refused prompts by row and set, such as ``refused["unedited"]["harmful"]``.
    """

    id: str
    state: str
    steps: tuple[Step, ...]
    finding: str | None
    problem: str | None
    refused: Mapping[str, Mapping[str, float]]

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ("done", "failed")


@dataclass(frozen=True)
class Activations:
    """Activations of one prompt.

    Attributes:
        prompt: the prompt.
        token_ids: all its ids, ``[token]``.
        tensors: by name: ``blocks.L.hook_resid_pre`` and so on, ``logits``; shapes as ``demur activations --help`` says.
    """

    prompt: str
    token_ids: np.ndarray
    tensors: Mapping[str, np.ndarray] = field(repr=False)

    def at(self, site: str) -> np.ndarray:
        """One site of all layers that were read, ``[layer, …]``, such as ``at("resid_pre")``."""
        hook = {"mlp_post": "mlp.hook_post"}.get(site, f"hook_{site}")
        named = re.compile(rf"blocks\.(\d+)\.(?:attn\.)?{re.escape(hook)}")
        layers = {int(m[1]): tensor for name, tensor in self.tensors.items() if (m := named.fullmatch(name))}
        if not layers:
            raise DemurError(f"there are no activations at {site}; there are {', '.join(sorted(self.tensors))}")
        return np.stack([layers[layer] for layer in sorted(layers)])


def answer(body: Mapping[str, Any]) -> Answer:
    """A chat or text completion."""
    choice = mapping(listed(body, "choices", 1)[0], "choices[0]")
    message = mapping(choice.get("message", {}), "choices[0].message")
    tokens, projections = readings(choice)
    beside = optional_mapping(body, "demur")
    unedited = [text(mapping(each, "unedited"), "content") for each in listed(beside, "unedited")]
    return Answer(
        text=text(message, "content") if message else text(choice, "text"),
        reasoning=optional_text(message, "reasoning_content") or "",
        finish_reason=optional_text(choice, "finish_reason"),
        unedited=unedited[0] if unedited else None,
        tokens=tokens,
        projections=projections,
        raw=body,
        **deeds(beside),
    )


def deeds(beside: Mapping[str, Any]) -> dict[str, Any]:
    """What was done to the model, and seen."""
    done = optional_mapping(beside, "done")
    return {
        "policy": optional_text(done, "policy"),
        "relative_dose": optional_number(done, "relative_dose"),
        "monitor": beside.get("monitor") if isinstance(beside.get("monitor"), dict) else None,
    }


def readings(choice: Mapping[str, Any]) -> tuple[tuple[str, ...], dict[str, np.ndarray]]:
    """Tokens of a choice, and ``[token, layer]`` for each direction."""
    read = [mapping(each, "token") for each in listed(optional_mapping(choice, "demur"), "tokens")]
    by_name: dict[str, list[Any]] = {}
    for token in read:
        for name, layers in optional_mapping(token, "projections").items():
            by_name.setdefault(name, []).append(layers)
    return tuple(text(token, "text") for token in read), {name: matrix(rows, name) for name, rows in by_name.items()}


def piece(chunk: Mapping[str, Any]) -> Piece:
    """A chunk of a stream."""
    choices = listed(chunk, "choices")
    choice = mapping(choices[0], "choices[0]") if choices else {}
    tokens, projections = readings(choice)
    unedited = [mapping(each, "unedited") for each in listed(optional_mapping(chunk, "demur"), "unedited")]
    return Piece(
        text=optional_text(optional_mapping(choice, "delta"), "content") or "",
        unedited="".join(optional_text(each, "content") or "" for each in unedited),
        tokens=tokens,
        projections=projections,
    )


def validation(body: Mapping[str, Any]) -> Validation:
    """A verdict on a policy."""
    problem = optional_mapping(body, "problem")
    position = problem.get("position")
    return Validation(
        valid=body.get("valid") is True,
        policy=optional_text(body, "policy"),
        rules=tuple(rule for rule in listed(body, "rules") if isinstance(rule, str)),
        relative_dose=optional_number(optional_mapping(body, "done"), "relative_dose"),
        problem=optional_text(problem, "message"),
        position=position if isinstance(position, int) else None,
    )


def direction(body: Mapping[str, Any]) -> Direction:
    """An entry of the server's directions."""
    layer = body.get("layer")
    return Direction(
        name=text(body, "name"),
        kind=text(body, "kind"),
        sha256=optional_text(body, "sha256"),
        layer=layer if isinstance(layer, int) else None,
        norm=optional_number(body, "norm"),
        raw=body,
    )


def explanation(body: Mapping[str, Any]) -> Explanation:
    """A prompt.json."""
    prompt = mapping(body.get("prompt"), "prompt")
    tokens = [mapping(token, "token") for token in listed(prompt, "tokens", 1)]
    score = optional_number(prompt, "score")
    if score is None:
        raise DemurError("the server's explanation has no score")
    return Explanation(
        score=score,
        tokens=tuple(text(token, "text") for token in tokens),
        projections=matrix([token.get("projections") for token in tokens], "projections"),
        cosines=matrix([token.get("cosines") for token in tokens], "cosines"),
        raw=prompt,
    )


def study_status(body: Mapping[str, Any]) -> StudyStatus:
    """Where a study stands. Its id goes into paths, so it must be a plain word."""
    identity = text(body, "id")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,100}", identity):
        raise DemurError("the server's study has an id that is no plain word")
    steps = _mappings(body, "steps")
    return StudyStatus(
        id=identity,
        state=text(body, "state"),
        steps=tuple(Step(text(step, "name"), whole(step, "done"), whole(step, "total")) for step in steps),
        finding=optional_text(body, "finding"),
        problem=optional_text(body, "problem"),
        refused={text(row, "name"): _refused(row) for row in _mappings(body, "rows")},
    )


def _refused(row: Mapping[str, Any]) -> Mapping[str, float]:
    return {text(share, "set"): number(share, "refused") for share in _mappings(row, "sets")}


def _mappings(body: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [mapping(each, name) for each in listed(body, name)]


def matrix(rows: Sequence[Any], what: str) -> np.ndarray:
    """Rows of equal length, as float64."""
    width = len(rows[0]) if rows and isinstance(rows[0], list) else -1
    for row in rows:
        if not isinstance(row, list) or len(row) != width or not all(is_number(x) for x in row):
            raise DemurError(f"the server's {what} are no rows of numbers of one length")
    return np.array(rows, dtype=np.float64)


def is_number(value: Any) -> bool:
    """Whether it is a JSON number that a float can hold."""
    return isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63)


def mapping(value: Any, what: str) -> Mapping[str, Any]:
    """A JSON object."""
    if not isinstance(value, dict):
        raise DemurError(f"the server's {what} is no object")
    return value


def optional_mapping(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A field that is an object; an empty one where it is missing."""
    value = body.get(name)
    return {} if value is None else mapping(value, name)


def listed(body: Mapping[str, Any], name: str, least: int = 0) -> list[Any]:
    """A field that is a list; an empty one where it is missing."""
    value = body.get(name, [])
    if not isinstance(value, list) or len(value) < least:
        raise DemurError(f"the server's answer has no list {name}")
    return value


def text(body: Mapping[str, Any], name: str) -> str:
    """A field that is a text."""
    value = body.get(name)
    if not isinstance(value, str):
        raise DemurError(f"the server's answer has no text {name}")
    return value


def whole(body: Mapping[str, Any], name: str) -> int:
    """A field that is a whole number."""
    value = body.get(name)
    if not isinstance(value, int):
        raise DemurError(f"the server's answer has no number {name}")
    return value


def number(body: Mapping[str, Any], name: str) -> float:
    """A field that must be a number."""
    value = optional_number(body, name)
    if value is None:
        raise DemurError(f"the server's answer lacks {name}")
    return value


def optional_text(body: Mapping[str, Any], name: str) -> str | None:
    """A field that is a text; nothing where it is none."""
    value = body.get(name)
    return value if isinstance(value, str) else None


def optional_number(body: Mapping[str, Any], name: str) -> float | None:
    """A field that is a number; nothing where it is none."""
    value = body.get(name)
    return float(value) if is_number(value) else None
