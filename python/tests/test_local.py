"""Starting and ending a server. Here the program is a script that answers like one."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from demur import Demur, DemurError

PROGRAM = f"""#!{sys.executable}
import http.server, os, sys
open(sys.argv[0] + ".pid", "w").write(str(os.getpid()))
open(sys.argv[0] + ".args", "w").write("\\n".join(sys.argv[1:]))
if "--fail" in sys.argv:
    sys.exit("demur: there is no such model")
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        known = self.headers["Authorization"] == "Bearer " + os.environ["DEMUR_SERVE_KEY"]
        self.send_response(200 if known else 401)
        self.end_headers()
        self.wfile.write(b'{{"data": []}}')
http.server.HTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), Handler).serve_forever()
"""

PATIENCE = 30
"""Seconds until a process has ended on a machine that is busy."""


@unittest.skipIf(os.name == "nt", "the program is a script")
class LocalTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.program = Path(folder.name, "demur")
        self.program.write_text(PROGRAM, encoding="utf-8")
        self.program.chmod(0o700)

    def pid(self):
        return int(self.program.with_name("demur.pid").read_text())

    def await_end(self, pid):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.02)
        self.fail("the server goes on")

    def test_a_server_lives_as_long_as_its_block(self):
        with Demur.local(demur=self.program, options=["--dtype", "f32"]) as demur:
            self.assertEqual(demur.models(), [])
            with self.assertRaises(DemurError):
                Demur(demur.url).models()  # without the key
            pid = self.pid()
        self.await_end(pid)
        arguments = self.program.with_name("demur.args").read_text().split("\n")
        self.assertEqual(arguments[:3], ["serve", "--host", "127.0.0.1"])
        self.assertEqual(arguments[-4:], ["--dtype", "f32", "--", "demo"])

    def test_a_server_ends_with_an_interpreter_that_is_killed(self):
        code = f"from demur import Demur\nd = Demur.local(demur={str(self.program)!r})\nprint('up', flush=True)\ninput()"
        root = str(Path(__file__).parents[1])
        with subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root
        ) as interpreter:
            self.assertEqual(interpreter.stdout.readline(), b"up\n")
            pid = self.pid()
            interpreter.send_signal(signal.SIGKILL)
        self.await_end(pid)

    def test_a_program_that_fails_says_why(self):
        with self.assertRaisesRegex(DemurError, "no such model"):
            Demur.local(demur=self.program, options=["--fail"])
        with self.assertRaisesRegex(DemurError, "there is no program"):
            Demur.local(demur=self.program.with_name("missing"))


if __name__ == "__main__":
    unittest.main()
