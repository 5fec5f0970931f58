"""The client against a server that answers as told."""

import unittest
from unittest import mock

from demur import Demur, DemurError, wire

from .fake import Fake, events

DONE = {"version": 1, "policy": "ablate r", "relative_dose": 0.5, "model": "demo"}


def token(text, *layers):
    return {"id": 1, "text": text, "projections": {"r": list(layers)}}


CHAT = {
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "To sneak", "reasoning_content": "hm"},
            "finish_reason": "stop",
            "demur": {"version": 1, "tokens": [token("To", 0.5, 1), token(" sneak", 2, -3.5)]},
        }
    ],
    "demur": {"done": DONE, "unedited": [{"index": 0, "content": "I can't"}], "monitor": {"alarms": []}},
}


class ClientTest(unittest.TestCase):
    def refused(self, call, *parts):
        with self.assertRaises(DemurError) as caught:
            call()
        for part in parts:
            self.assertIn(part, str(caught.exception))
        return caught.exception

    def test_a_chat_says_what_is_wanted_and_nothing_else(self):
        with Fake(CHAT) as fake:
            Demur(fake.url, "secret").chat("Hi", policy="ablate r", read="r", compare=True, seed=3, stop=["."])
            Demur(fake.url + "/").chat([{"role": "system", "content": "Be brief."}])
        path, headers, body = fake.asked[0]
        self.assertEqual(path, "/v1/chat/completions")
        self.assertEqual(headers["Authorization"], "Bearer secret")
        self.assertEqual(
            body,
            {
                "messages": [{"role": "user", "content": "Hi"}],
                "seed": 3,
                "stop": ["."],
                "demur": {"policy": "ablate r", "read": ["r"], "compare": True},
            },
        )
        self.assertEqual(fake.asked[1][2], {"messages": [{"role": "system", "content": "Be brief."}]})
        self.assertNotIn("Authorization", fake.asked[1][1])

    def test_an_answer_has_its_readings_as_arrays(self):
        with Fake(CHAT) as fake:
            answer = Demur(fake.url).chat("Hi")
        self.assertEqual((answer.text, answer.reasoning, answer.unedited), ("To sneak", "hm", "I can't"))
        self.assertEqual((answer.policy, answer.relative_dose, answer.finish_reason), ("ablate r", 0.5, "stop"))
        self.assertEqual(answer.tokens, ("To", " sneak"))
        self.assertEqual(answer.projections["r"].tolist(), [[0.5, 1], [2, -3.5]])
        self.assertEqual(answer.monitor, {"alarms": []})

    def test_a_stream_comes_to_the_same_answer(self):
        def chunk(**delta):
            return {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}

        told = chunk(content="To", reasoning_content="hm")
        told["choices"][0]["demur"] = {"tokens": [token("To", 0.5, 1)]}
        more = chunk(content=" sneak")
        more["choices"][0]["demur"] = {"tokens": [token(" sneak", 2, -3.5)]}
        last = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
        beside = [{"choices": [], "demur": {"unedited": [{"index": 0, "content": part}]}} for part in ("I", " can't")]
        opening = {**chunk(role="assistant", content=""), "demur": {"done": DONE, "monitor": {"alarms": []}}}
        with Fake(events(opening, told, beside[0], more, beside[1], last)) as fake:
            stream = Demur(fake.url).stream("Hi", compare=True)
            first = [next(stream).text for _ in range(2)]
            streamed = stream.answer
        with Fake(CHAT) as whole:
            expected = Demur(whole.url).chat("Hi")
        self.assertEqual(first, ["", "To"])
        self.assertEqual(fake.asked[0][2]["stream"], True)
        for name in ("text", "reasoning", "unedited", "policy", "relative_dose", "tokens", "monitor", "finish_reason"):
            self.assertEqual(getattr(streamed, name), getattr(expected, name), name)
        self.assertEqual(streamed.projections["r"].tolist(), expected.projections["r"].tolist())

    def test_a_refusal_is_an_error_with_the_servers_message_and_field(self):
        body = {"error": {"message": "policy at character 8", "type": "x", "param": "demur.policy", "code": None}}
        with Fake(body, 400, {"Retry-After": "7"}) as fake:
            error = self.refused(lambda: Demur(fake.url).chat("Hi", policy="ablate q"), "policy at character 8")
        self.assertEqual((error.status, error.param, error.retry_after), (400, "demur.policy", 7))

    def test_a_completion_takes_the_text(self):
        with Fake({"choices": [{"index": 0, "text": " rain", "finish_reason": "length"}]}) as fake:
            self.assertEqual(Demur(fake.url).complete("I like", max_tokens=1).text, " rain")
        self.assertEqual(fake.asked[0][2], {"prompt": "I like", "max_tokens": 1})

    def test_a_verdict_on_a_policy_says_where_it_goes_wrong(self):
        body = {"valid": False, "rules": [], "problem": {"message": "expected a name", "position": 8}}
        with Fake(body) as fake:
            verdict = Demur(fake.url).validate("ablate q")
        self.assertFalse(verdict)
        self.assertEqual((verdict.problem, verdict.position), ("expected a name", 8))

    def test_an_explanation_is_token_by_layer(self):
        tokens = [{"id": 1, "text": text, "projections": [0, 1.5], "cosines": [0, 0.5]} for text in ("a", "b", "c")]
        with Fake({"format": "demur-explain", "prompt": {"score": 4.5, "tokens": tokens}}) as fake:
            found = Demur(fake.url).explain("Hi", heads=2)
        self.assertEqual((found.score, found.projections.shape, found.cosines.shape), (4.5, (3, 2), (3, 2)))
        self.assertEqual(fake.asked[0][2], {"prompt": "Hi", "heads": 2})

    def test_a_study_is_followed_to_its_report(self):
        def status(state, done):
            steps = [{"name": "read", "done": done, "total": 2}]
            return {"version": done, "id": "study-1", "state": state, "steps": steps, "finding": "It refuses."}

        def reply(path):
            if path.endswith("/events"):
                return events(status("running", 1), status("done", 2))
            return b"<html>" if path.endswith("/report") else status("done", 2)

        with Fake(reply) as fake:
            study = Demur(fake.url).study(train=8)
            heard = []
            finding = study.wait(heard.append).finding
            self.assertEqual(study.report(), "<html>")
        self.assertEqual([status.steps[0].done for status in heard], [1, 2])
        self.assertEqual(finding, "It refuses.")
        self.assertEqual(fake.asked[-1][0], "/demur/v1/studies/study-1/report")

    def test_a_trial_tells_refusals_by_row_and_set(self):
        rows = [{"name": "unedited", "sets": [{"set": "harmful", "refused": 0.75}]}]
        with Fake({"id": "trial-1", "state": "done", "steps": [], "finding": "ablate r: …", "rows": rows}) as fake:
            status = Demur(fake.url).trial("ablate r", suffix="!", limit=8).status()
        self.assertEqual(status.refused, {"unedited": {"harmful": 0.75}})
        self.assertEqual(
            fake.asked[0][2], {"kind": "trial", "limit": 8, "demur": {"policy": "ablate r"}, "suffix": "!"}
        )

    def test_a_study_cannot_lead_to_another_path(self):
        with Fake({"id": "../../v1/models", "state": "done", "steps": []}) as fake:
            self.refused(lambda: Demur(fake.url).study(), "plain word")

    def test_answers_of_another_form_are_errors(self):
        rows = [token("a", 1), token("b", 1, 2)]
        choice = {"message": {"content": "x"}}
        for reply in (
            b"",
            b"<html>",
            b"[1]",
            b"[" * 100_000,
            b'{"choices": [' + b"1" * 5000 + b"]}",
            {},
            {"choices": []},
            {"choices": [1]},
            {"choices": [{"message": {"content": 1}}]},
            {"choices": [choice], "demur": []},
            {"choices": [{**choice, "demur": {"tokens": rows}}]},
            {"choices": [{**choice, "demur": {"tokens": [token("a", 10**400)]}}]},
            {"choices": [{**choice, "demur": {"tokens": [token("a", "1")]}}]},
        ):
            with self.subTest(reply=str(reply)[:60]), Fake(reply) as fake:
                self.refused(lambda: Demur(fake.url).chat("Hi"), "server")

    def test_a_body_without_end_is_left(self):
        with mock.patch.object(wire, "MOST_BYTES", 1000):
            with Fake(b'"' + b"x" * 5000 + b'"') as fake:
                self.refused(lambda: Demur(fake.url).chat("Hi"), "more than 1000 bytes")
            with Fake(b": nothing\n" * 500) as fake:
                self.refused(lambda: list(Demur(fake.url).stream("Hi")), "more than 1000 bytes")

    def test_a_redirect_is_not_followed(self):
        with Fake(CHAT) as other, Fake(b"", 307, {"Location": other.url}) as fake:
            self.refused(lambda: Demur(fake.url, "secret").chat("Hi"), "307")
        self.assertEqual(other.asked, [])

    def test_proxies_of_the_environment_are_not_asked(self):
        with Fake(CHAT) as fake, mock.patch.dict("os.environ", http_proxy="http://127.0.0.1:1"):
            self.assertEqual(Demur(fake.url).chat("Hi").text, "To sneak")

    def test_a_server_that_is_not_there_is_named(self):
        with Fake(CHAT) as fake:
            pass
        self.refused(lambda: Demur(fake.url, timeout=5).chat("Hi"), fake.url)

    def test_what_cannot_be_asked_is_not_sent(self):
        with Fake(CHAT) as fake:
            demur = Demur(fake.url)
            self.refused(lambda: demur.chat("Hi", temperature=float("nan")), "JSON")
            self.refused(lambda: demur.chat("\ud800"), "JSON")
            self.refused(lambda: demur.chat("Hi", n=2), "one answer")
            self.refused(lambda: demur.activations(["Hi"]), "Demur.local")
        self.assertEqual(fake.asked, [])
        for url in ("file:///etc/passwd", "127.0.0.1:8080", "http://", "http://a:b@c", "http://a:99999999"):
            self.refused(lambda: Demur(url), "no address")
        self.refused(lambda: Demur("http://a", "two\r\nlines"), "key")


if __name__ == "__main__":
    unittest.main()
