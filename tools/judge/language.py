"""The language of a text, as LanguageDetector.java tells it: by script, then by common words."""

import unicodedata

import regex as re

from passage import lines

SCRIPTS = [
    ("ja", re.compile(r"[\p{Hiragana}\p{Katakana}]")),
    ("ko", re.compile(r"\p{Hangul}")),
    ("zh", re.compile(r"\p{Han}")),
    ("ru", re.compile(r"\p{Cyrillic}")),
    ("ar", re.compile(r"\p{Arabic}")),
    ("hi", re.compile(r"\p{Devanagari}")),
    ("el", re.compile(r"\p{Greek}")),
    ("he", re.compile(r"\p{Hebrew}")),
    ("th", re.compile(r"\p{Thai}")),
]
CODE = re.compile(r"(?s)```.*?(?:```|\Z)")
LETTER = re.compile(r"\p{L}")
WORD = re.compile(r"\p{L}+(?:'\p{L}+)*")
HEAD = 2000
SCRIPT_SHARE = 0.3  # below, it is a quotation
FEWEST = 1  # points; less is chance
WORD_SHARE = 0.1  # points for each word; less is text of no language

WORDS = {}
for line in lines("language-words.txt"):
    code, *words = line.split(" ")
    for word in words:
        WORDS.setdefault(word, set()).add(code)


def is_mark(word):
    """A letter or mark that few languages have; it counts within words too."""
    return len(word) == 1 and 127 < ord(word) < 0x10000


def detect(text):
    """The code of the language, or "und" where nothing tells it."""
    text = unicodedata.normalize("NFC", CODE.sub(" ", text)).replace("\u2019", "'")[:HEAD]
    letters = len(LETTER.findall(text))
    for code, pattern in SCRIPTS:
        if letters and len(pattern.findall(text)) >= SCRIPT_SHARE * letters:
            return code
    points = {}
    lower = text.lower()
    words = [word for word in WORD.findall(lower) if not is_mark(word)]
    for word in words + [c for c in lower if is_mark(c)]:
        codes = WORDS.get(word, ())
        for code in codes:
            points[code] = points.get(code, 0) + 1 / len(codes)
    best = max(points.values(), default=0)
    if best < max(FEWEST, WORD_SHARE * len(words)) - 1e-9:
        return "und"
    winners = [code for code in points if points[code] >= best - 1e-9]
    return winners[0] if len(winners) == 1 else "und"


def of_answer(prompt, completion):
    """The language of an answer; where it tells nothing, that of its prompt."""
    code = detect(completion)
    return code if code != "und" else detect(prompt)
