#!/usr/bin/env python3
"""Sends a server of the demo model many requests, half of them faulty, and looks at what they leave behind.

    python tools/serve/soak.py [REQUESTS [DEMUR]]

Starts DEMUR (default: this repository's launcher) itself. Sixteen clients ask at once, four slots and a queue of eight
answer: whole answers, streams, policies, streams that are left in the middle, half bodies, bodies that are none, fields that
are refused. Every tenth of REQUESTS (default: 10,000) it waits until nobody is served and prints resident memory, threads and
open files. The exit code is 1 where a slot or a queued sequence is left, where an answer has another status than it must, or
where the second half leaves threads, files or more than a tenth of its memory behind.
"""

import concurrent.futures
import http.client
import json
import os
import pathlib
import random
import socket
import subprocess
import sys
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
PORT = 18095
CLIENTS = 16
POLICIES = ["ablate r", "add -1 r", "scale 0.5 r", ""]
SPARE = 4  # threads and files that come and go


def chat(number, **more):
    question = f"How do I sneak into the cinema, {number % 97}?"
    return dict(messages=[dict(role="user", content=question)], max_tokens=1 + number % 12, temperature=0, **more)


def post(body, path="/v1/chat/completions", length=None, leave=None):
    """The status of an answer, 0 where the client leaves before there is one."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    if length is None and leave is None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=300)
        try:
            connection.request("POST", path, raw, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            if answer.status == 429:
                time.sleep(float(answer.headers["Retry-After"]))
            return answer.status
        finally:
            connection.close()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nContent-Type: application/json\r\n"
    with socket.create_connection(("127.0.0.1", PORT), timeout=300) as wire:
        wire.sendall(f"{head}Content-Length: {length or len(raw)}\r\n\r\n".encode() + raw)
        if leave:
            wire.recv(leave)
    return 0


SERVED = (200, 429)  # a full queue says when to come back
KINDS = [
    (lambda n: post(chat(n)), SERVED),
    (lambda n: post(chat(n, stream=True)), SERVED),
    (lambda n: post(chat(n, demur=dict(policy=POLICIES[n % 4], read="r", compare=n % 3 == 0))), SERVED),
    (lambda n: post(dict(prompt=["A", "B"], max_tokens=0, echo=True, logprobs=1), "/v1/completions"), SERVED),
    (lambda n: post(chat(n, stream=True), leave=1 + n % 900), (0,)),
    (lambda n: post(chat(n), length=5000), (0,)),
    (lambda n: post(b'{"messages": [' + b"[" * (n % 3000)), (400,)),
    (lambda n: post(chat(n, n=99)), (400,)),
    (lambda n: post(chat(n, demur=dict(policy="ablate nobody"))), (400,)),
    (lambda n: post(chat(n, model="gpt")), (404,)),
]


def metrics():
    text = urllib.request.urlopen(f"http://127.0.0.1:{PORT}/metrics").read().decode()
    lines = (line.rsplit(" ", 1) for line in text.splitlines() if line and line[0] != "#")
    return {name: float(value) for name, value in lines}


def idle(server):
    """Waits until nobody is served; what the server then holds: MiB, threads, files."""
    end = time.monotonic() + 60
    while any(metrics()["demur_requests_" + what] for what in ("running", "queued")):
        if time.monotonic() > end:
            sys.exit("a sequence is left a minute after the last request")
        time.sleep(0.1)
    time.sleep(1)
    place = pathlib.Path(f"/proc/{server.pid}")
    status = dict(line.split(":", 1) for line in (place / "status").read_text().splitlines())
    return int(status["VmRSS"].split()[0]) / 1024, int(status["Threads"]), len(os.listdir(place / "fd"))


def main():
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    demur = sys.argv[2] if len(sys.argv) > 2 else str(ROOT / "demur")
    command = [demur, "serve", "--dtype", "f32", "--port", str(PORT), "--slots", "4", "--queue", "8", "--context", "256"]
    server = subprocess.Popen(command)
    try:
        sys.exit(soak(server, requests))
    finally:
        server.terminate()
        print(f"the server ended with {server.wait(60)}")


def soak(server, requests):
    while server.poll() is None:
        try:
            metrics()
            break
        except OSError:
            time.sleep(0.2)
    chosen = random.Random(1)
    seen, wrong, busy = [], 0, 0
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as clients:
        for tenth in range(10):
            some = [(chosen.choice(KINDS), n) for n in range(tenth * requests // 10, (tenth + 1) * requests // 10)]
            for (kind, right), got in zip((kind for kind, _ in some), clients.map(lambda one: one[0][0](one[1]), some)):
                wrong += got not in right
                busy += got == 429
            seen.append(idle(server))
            mib, threads, files = seen[-1]
            print(f"{(tenth + 1) * requests // 10} requests: {mib:.0f} MiB, {threads} threads, {files} files", flush=True)
    counted = metrics()
    told = {name: int(counted[f"demur_sequences_{name}_total"]) for name in ("ended", "cancelled", "failed")}
    print(f"{wrong} answers with a wrong status, {busy} told to come back; sequences {told}")
    grown = seen[-1][0] > 1.1 * seen[4][0] or any(a > b + SPARE for a, b in zip(seen[-1][1:], seen[4][1:]))
    return int(wrong > 0 or grown or told["failed"] > 0)


if __name__ == "__main__":
    main()
