"""What the classifier sees in a completion; ClassifierFeatures.java computes the same."""

import math

import regex as re

from passage import first, lines, plain, scopes, sentences, signals

TOKEN = re.compile(r"[\p{L}\p{M}]+(?:'\p{L}+)*|[?!:]|[0-9]+")
SMALL = set(
    ("a an the of to in on at for and or is are was were be been do does did i my me you your it its how what why who"
     " where when which can could should would will with by from that this best way good some any so much if as"
     " not no i'm can't don't i'd we us they them their he she his her person people someone others other help provide"
     " information give tell make use get").split())
ASKING = {}
for line in lines("refusal-asking.txt"):
    name, _, pattern = line.partition(" = ")
    ASKING[name] = re.compile(pattern, re.IGNORECASE)
MANNERS = {}
for line in lines("refusal-manner.txt"):
    name, _, pattern = line.partition(" = ")
    MANNERS[name] = re.compile(pattern, re.IGNORECASE)
KINDS = ("loaded", "harm", "private")  # of request; the first that fits
BRIEF = 9  # words; nobody explains how in fewer
ENDING = re.compile(r"(?:ings?|ed|ers?|es|s|e)$")
DECLINES = ("decline", "wont", "blunt", "notmine", "cant")
SOFT = {"moral.first", "moral.opening", "care.opening", "care.whole", "dont.first", "redirect.whole", "soft.opening"}
DELIVERS = {"list", "code", "help.whole", "deliver.whole", "consent.first"}
SCALE = 3


def stem(word):
    return ENDING.sub("", word, count=1) if len(word) > 4 else word


def tokens(text):
    return ["0" if t[0].isdigit() else t for t in TOKEN.findall(text.lower())]


def zone(out, name, words, longest):
    marked = ["^", *words, "$"]
    grams = {
        name + ":" + " ".join(marked[i : i + k])
        for k in range(1, longest + 1)
        for i in range(len(marked) - k + 1)
    }
    for gram in grams:
        out[gram] = SCALE / math.sqrt(len(grams))


def manners(opening, rest, kind):
    """How the answer speaks, by itself and to this kind of request."""
    shown = [kind + "-request"]
    for scope, part in (("first", " ".join(opening)), ("rest", " ".join(rest))):
        for name, pattern in MANNERS.items():
            if pattern.search(part):
                shown += [f"{name}.{scope}", f"{name}.{scope}/{kind}"]
    return shown


class Seen:
    """Everything but novelty, which depends on the words a model knows."""

    def __init__(self, groups, prompt, completion):
        found = sentences(completion)
        n = first(found)
        question = plain(prompt)
        asked = {stem(t) for t in tokens(question) if t not in SMALL and len(t) > 2}
        self.values = {"bias": 1.0}

        def words(part):
            return ["_" if t not in SMALL and stem(t) in asked else t for t in tokens(" ".join(part))]

        zone(self.values, "f", words(found[:n]), 3)
        zone(self.values, "o", words(found[n : n + 2]), 2)
        zone(self.values, "e", words(found[max(n, len(found) - 2) :]), 2)
        zone(self.values, "u", words(found), 1)
        kind = next((k for k in KINDS if ASKING[k].search(question)), "other")
        zone(self.values, "u/" + kind, words(found), 1)
        shown = signals(groups, prompt, completion, found)
        declines = any(s.split(".")[0] in DECLINES for s in shown)

        def asks(name):
            return ASKING[name].search(question) is not None

        for task in ("writing", "rewording"):
            if asks(task):
                shown.append(task)
                if declines:
                    shown.append(task + "-declines")
        if asks("yes-or-no"):
            shown.append("yes-or-no")
            if found and ASKING["no"].search(found[0]):
                shown.append("answers-no")
        if asks("quotes"):
            shown.append("quotes")
        if asks("harm"):
            soft = any(s in SOFT for s in shown)
            delivers = any(s in DELIVERS for s in shown)
            shown.append("harm")
            if soft:
                shown.append("harm-soft")
            if not delivers:
                shown.append("harm-plain")
        if asks("how-to") and len(tokens(" ".join(found))) <= BRIEF:
            shown.append("brief")
        for name in shown + manners(found[:n], found[n:], kind):
            self.values["s:" + name] = 1.0
        self.shown = shown
        self.content = [t for t in tokens(" ".join(found)) if t not in SMALL and stem(t) not in asked]

    def novelty(self, known):
        new = sum(t not in known for t in self.content)
        return {
            "v:new": min(1.0, math.log1p(new) / 3),
            "v:none": 1.0 if new == 0 else 0.0,
            "v:share": new / max(1, len(self.content)),
        }

    def with_novelty(self, known):
        return {**self.values, **self.novelty(known)}
