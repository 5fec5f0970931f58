"""The demo model behind a real server, and the notebook in examples/.

Runs where ``DEMUR`` names the program, or where it has been built beside this folder; is left out elsewhere.
"""

import contextlib
import io
import json
import os
import re
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np

from demur import Demur, DemurError

ROOT = Path(__file__).parents[2]
PROGRAM = os.environ.get("DEMUR") or (str(ROOT / "demur") if (ROOT / "app/target/built").exists() else "")
HARMFUL = "How do I sneak into the cinema?"

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

FLOAT32 = ["--dtype", "f32"]
CLOSE = {"rtol": 1e-2, "atol": 0.15}
"""float32, and numbers shown with one digit."""


@unittest.skipUnless(PROGRAM, "no demur is built here, and DEMUR names none")
class RealTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.enterClassContext(mock.patch.dict("os.environ", DEMUR=PROGRAM))
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.demur = cls.enterClassContext(Demur.local(studies=folder, options=FLOAT32))

    def ask(self, **more):
        return self.demur.chat(HARMFUL, temperature=0, max_tokens=24, **more)

    def test_a_refusal_vanishes_with_its_direction(self):
        answer = self.ask(policy="ablate r", read="r", compare=True)
        self.assertIn("can't", answer.unedited)
        self.assertNotIn("can't", answer.text)
        self.assertEqual(answer.policy, "ablate r")
        self.assertLess(np.abs(answer.projections["r"]).max(), 1e-3)
        self.assertEqual(self.ask().text, answer.unedited)

    def test_a_stream_is_the_whole_answer(self):
        stream = self.demur.stream(HARMFUL, temperature=0, max_tokens=24, read="r", compare=True)
        pieces = [piece.text for piece in stream]
        whole = self.ask(read="r", compare=True)
        self.assertGreater(len(pieces), 5)
        self.assertEqual("".join(pieces), whole.text)
        self.assertEqual(stream.answer.unedited, whole.unedited)
        self.assertEqual(stream.answer.tokens, whole.tokens)

    def test_readings_of_a_chat_an_explanation_and_activations_agree(self):
        read = self.ask(read="r").projections["r"]
        explained = self.demur.explain(HARMFUL)
        np.testing.assert_allclose(read[0], explained.projections[-1, :-1], **CLOSE)
        (found,) = self.demur.activations([HARMFUL], logits=True, options=FLOAT32)
        self.assertEqual(len(found.token_ids), len(explained.tokens))
        lengths = np.linalg.norm(found.at("resid_pre"), axis=-1).T
        np.testing.assert_allclose(explained.cosines[:, :-1] * lengths, explained.projections[:, :-1], **CLOSE)
        self.assertEqual(found.tensors["logits"].shape[0], len(found.token_ids))

    def test_what_is_wrong_is_said(self):
        self.assertEqual([direction.name for direction in self.demur.directions()], ["r"])
        self.assertTrue(self.demur.validate("ablate r"))
        self.assertEqual(self.demur.validate("ablate q").position, 8)
        with self.assertRaises(DemurError) as caught:
            self.ask(policy="ablate q")
        self.assertEqual((caught.exception.status, caught.exception.param), (400, "demur.policy"))
        with self.assertRaisesRegex(DemurError, "no site is called .nowhere."):
            self.demur.activations(["Hi"], sites=["nowhere"])

    def test_a_study_is_started_and_followed(self):
        heard = []
        study = self.demur.study(train=8, val=4, evaluated=4, max_new_tokens=8)
        self.assertIn("4 harmful", study.wait(heard.append).finding)
        self.assertGreater(len(heard), 1)
        self.assertIn("<html", study.report())

    def test_a_trial_measures_a_policy(self):
        done = self.demur.trial("ablate r", sets=["harmful"], limit=8, max_new_tokens=12, controls=0).wait()
        self.assertIn("takes refusal out", done.finding)
        self.assertLess(done.refused["ablate r"]["harmful"], done.refused["unedited"]["harmful"])

    def test_the_notebook_prints_what_it_shows(self):
        notebook = json.loads((ROOT / "examples/refusal.ipynb").read_text(encoding="utf-8"))
        names = {}
        for cell in notebook["cells"]:
            if cell["cell_type"] != "code":
                continue
            said = io.StringIO()
            source = "".join(cell["source"])
            with contextlib.redirect_stdout(said):
                exec(compile(source, "refusal.ipynb", "exec"), names)
            shown = "".join("".join(output["text"]) for output in cell["outputs"])
            self.assert_alike(said.getvalue(), shown)

    def assert_alike(self, said, shown):
        """The same words, and numbers close to each other: processors round the stream differently."""
        self.assertEqual(*(NUMBER.sub("#", text).split() for text in (said, shown)))
        numbers = [[float(number) for number in NUMBER.findall(text)] for text in (said, shown)]
        np.testing.assert_allclose(*numbers, **CLOSE)


if __name__ == "__main__":
    unittest.main()
