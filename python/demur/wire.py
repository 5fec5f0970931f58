"""HTTP, as little of it as a client of one server needs.

A server is not trusted: it cannot send the key elsewhere (no redirects, no proxies), fill the memory (every body has a
limit), or have anything run (its answers are JSON and text).
"""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from .errors import DemurError

MOST_BYTES = 256 << 20
"""Bytes of an answer, and of a stream; an explanation of a long prompt has some megabytes."""

MOST_ERROR_BYTES = 1 << 20
MOST_MESSAGE = 2000


class Wire:
    """Sends requests to one server, each over a connection of its own."""

    def __init__(self, url: str, key: str | None, timeout: float, tls: ssl.SSLContext | None) -> None:
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in ("http", "https") or not parts.hostname or port == -1 or parts.username or parts.query:
            raise DemurError(f"{url!r} is no address of a server; expected something like http://127.0.0.1:8080")
        if key is not None and not (key and key.isascii() and key.isprintable()):
            raise DemurError("a key has printable ASCII characters only")
        self.url = url.rstrip("/")
        self._https = parts.scheme == "https"
        self._host = parts.hostname
        self._port = port
        self._path = parts.path.rstrip("/")
        self._key = key
        self._timeout = timeout
        self._tls = tls

    def json(self, method: str, path: str, body: object = None) -> dict:
        """Asks, and gives the answer's JSON object."""
        return parsed(self.bytes(method, path, body))

    def bytes(self, method: str, path: str, body: object = None) -> bytes:
        """Asks, and gives the whole body."""
        with self._asked(method, path, body) as response:
            return limited(response, MOST_BYTES)

    def events(self, method: str, path: str, body: object = None) -> Iterator[dict]:
        """Asks, and gives each server-sent event's JSON object; ends with the stream or its ``[DONE]``."""
        with self._asked(method, path, body) as response:
            left = MOST_BYTES
            while line := response.readline(left + 1):
                left -= len(line)
                if left < 0:
                    raise DemurError(f"the stream has more than {MOST_BYTES} bytes")
                if not line.startswith(b"data:"):
                    continue
                data = line[5:].strip()
                if data == b"[DONE]":
                    return
                event = parsed(data)
                if "error" in event:
                    raise refusal(response.status, data, None)
                yield event

    @contextmanager
    def _asked(self, method: str, path: str, body: object) -> Iterator[http.client.HTTPResponse]:
        connection = self._connection()
        try:
            response = self._sent(connection, method, path, body)
            if response.status // 100 != 2:
                raise refusal(response.status, response.read(MOST_ERROR_BYTES), response.headers.get("Retry-After"))
            yield response
        except (OSError, http.client.HTTPException, UnicodeError) as failed:
            raise DemurError(f"{self.url}{path}: {failed or type(failed).__name__}") from failed
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        if self._https:
            context = self._tls or ssl.create_default_context()
            return http.client.HTTPSConnection(self._host, self._port, timeout=self._timeout, context=context)
        return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)

    def _sent(
        self, connection: http.client.HTTPConnection, method: str, path: str, body: object
    ) -> http.client.HTTPResponse:
        headers = {"Accept": "application/json, text/event-stream, text/html", "Connection": "close"}
        if self._key is not None:
            headers["Authorization"] = f"Bearer {self._key}"
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = written(body)
        try:
            connection.request(method, self._path + path, content, headers)
        except (BrokenPipeError, ConnectionResetError):
            # A server that refuses a body answers before it has read it all.
            if connection.sock is None:
                raise
        return connection.getresponse()


def written(body: object) -> bytes:
    """JSON of a request."""
    try:
        return json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as failed:  # also characters that are none
        raise DemurError(f"the request cannot be written as JSON: {failed}") from failed


def limited(response: http.client.HTTPResponse, most: int) -> bytes:
    """The body, which must not have more than ``most`` bytes."""
    content = response.read(most + 1)
    if len(content) > most:
        raise DemurError(f"the answer has more than {most} bytes")
    return content


def parsed(content: bytes) -> dict:
    """A JSON object from a server."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as failed:
        raise DemurError(f"the server's answer is no JSON: {shortened(str(failed))}") from failed
    if not isinstance(value, dict):
        raise DemurError(f"the server's answer is a {type(value).__name__}, expected a JSON object")
    return value


def refusal(status: int, content: bytes, retry_after: str | None) -> DemurError:
    """The error a server's answer tells of."""
    try:
        error = parsed(content).get("error")
    except DemurError:
        error = None
    if not isinstance(error, dict):
        error = {"message": error} if isinstance(error, str) else {}
    return DemurError(
        shortened(text_of(error, "message") or f"the server answered with status {status}"),
        status=status,
        param=text_of(error, "param"),
        code=text_of(error, "code"),
        retry_after=int(retry_after) if retry_after and retry_after.isdecimal() and len(retry_after) < 9 else None,
    )


def text_of(fields: dict, name: str) -> str | None:
    """A field that is a text; nothing where it is none."""
    value = fields.get(name)
    return value if isinstance(value, str) else None


def shortened(message: str) -> str:
    """A message of bearable length."""
    return message if len(message) <= MOST_MESSAGE else message[:MOST_MESSAGE] + "…"
