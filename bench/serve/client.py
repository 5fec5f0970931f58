"""A client of OpenAI's chat completions that streams, and notes when each piece came. Standard library only."""

import asyncio
import json
import time
from dataclasses import dataclass, field

LONGEST_LINE = 1 << 20
BACK_SECONDS = 0.2  # a server that is full says 429; how long its client waits then


@dataclass
class Answer:
    """One answer, times in seconds of the monotonic clock.

    `pieces` are the times of the chunks with text; an answer that was cut off, or is still waited for, has no `finish`.
    """

    asked: float
    most: int
    pieces: list = field(default_factory=list)
    finish: str = ""
    refused: int = 0

    def first(self, now):
        """Seconds until the first piece, and whether it came; without one, the seconds waited so far."""
        return (self.pieces[0] - self.asked, True) if self.pieces else (now - self.asked, False)


class Client:
    """Asks one server, under one model's name."""

    def __init__(self, port, model):
        self.port = port
        self.model = model

    async def ask(self, text, most, answer=None, **fields):
        """Asks until the server takes the request, and reads the answer to its end."""
        answer = answer or Answer(time.monotonic(), most)
        body = {
            "model": self.model,
            "messages": [{"role": "user", "content": text}],
            "max_tokens": most,
            "temperature": 0,
            "stream": True,
            **fields,
        }
        while not await self._once(json.dumps(body).encode(), answer):
            answer.refused += 1
            await asyncio.sleep(BACK_SECONDS)
        return answer

    async def _once(self, body, answer):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=LONGEST_LINE)
        try:
            head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n"
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
            status = int((await reader.readline()).split()[1])
            chunked = False
            while (line := (await reader.readline()).strip().lower()) != b"":
                chunked |= line == b"transfer-encoding: chunked"
            if status in (429, 503):
                return False
            if status != 200:
                raise RuntimeError(f"port {self.port} answers {status}: {(await reader.read(500)).decode(errors='replace')}")
            async for event in events(reader, chunked):
                note(event, answer)
            return True
        finally:
            writer.close()


def note(event, answer):
    for choice in event.get("choices", []):
        delta = choice.get("delta", {})
        if delta.get("content") or delta.get("reasoning_content"):
            answer.pieces.append(time.monotonic())
        answer.finish = choice.get("finish_reason") or answer.finish


async def events(reader, chunked):
    """The server-sent events of a body, each as JSON."""
    held = b""
    async for part in parts(reader, chunked):
        held += part
        *lines, held = held.split(b"\n")
        for line in lines:
            if line.startswith(b"data:") and line[5:].strip() not in (b"", b"[DONE]"):
                yield json.loads(line[5:])


async def parts(reader, chunked):
    if not chunked:
        while part := await reader.read(1 << 16):
            yield part
        return
    while size := int(await reader.readline() or b"0", 16):
        yield await reader.readexactly(size)
        await reader.readline()
