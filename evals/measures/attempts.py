"""Label files in, marked attempts out: a learner's answer to a question, and what an examiner found of each key point."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from evals.cases import GOLD
from tutor.text import content_terms, content_words

MARKING: Final = GOLD / "marking"
"""Attempts at questions on other notes."""
GRADING: Final = GOLD / "grading.jsonl"
"""Attempts at questions on the course."""
TRAIN: Final = "scientsbank_train.jsonl"
UNSEEN: Final = "scientsbank_unseen_domains.jsonl"


FOREIGN: Final = 3
"""Answers to other questions of the same notes, and as many of other notes, that are put to each question."""
LONGEST: Final = 4
"""Sentences of idle talk at most."""
TALK: Final = (
    "Everybody at work knows that {0} is a fascinating subject, and one could talk about {1} for hours without ever coming to an end.",
    "I remember that we had a whole lesson on {0}. The teacher drew a picture on the board and told us to read the chapter at home, which I did twice.",
    "There are many views on {0} and on {1}. Some people prefer the one, others the other, and in the end it all depends on the situation and on what you want.",
    "It is important to understand {0} well, because without a good understanding of it nobody can make sound decisions in practice.",
    "When I started my first job I had no idea of this. A colleague explained it to me over lunch, and since then I have never had trouble with it again.",
    "First of all, one has to look at the whole picture. Then every part gets its place, and things that seemed hard in the beginning turn out to be quite natural.",
    "The answer follows from the definitions of {0} and {1} in the notes, which should be read again with care before the exam.",
    "In my opinion {0} is used far too little, although it has been around for years and experts keep telling us how much there is to gain.",
    "It works like in daily life: if you plan a journey you also think about where you want to go, what you can spend and how long you may be away.",
    "Honestly I mix these up every time. I know there was something about {0}, and a rule of thumb that helps, but it does not come back to me now.",
    "A good answer would compare {0} with {1}, name the advantages and the drawbacks of each, and give an example from practice for both.",
    "Nowadays {0} is everywhere, from small firms to the largest ones, and it would be hard to imagine how people got along without it in the past.",
    "My grandmother used to say that you cannot have your cake and eat it. Whoever wants more of the one will have to live with less of the other.",
    "This is handled automatically behind the scenes, so in general nobody needs to care about {0} as long as everything runs as expected.",
)
"""Talk that claims nothing of any subject; the question's own words are put in."""


@dataclass(frozen=True, slots=True)
class Marked:
    """An attempt with an examiner's labels: for each point "covered", "partly", "missed" or "contradicted", None where it is
    not labelled. `score` is 0 to 1; `kind` the letter of its kind; `group` its question, `note` what that is about."""

    group: str
    note: str
    question: str
    reference: str
    points: tuple[str, ...]
    text: str
    labels: tuple[str | None, ...]
    score: float
    kind: str


def read(*paths: Path) -> list[Marked]:
    """The attempts of files of questions with their answers, in order."""
    return [one for path in paths for row in _lines(path) for one in _answers(row)]


def _answers(row: dict[str, Any]) -> Iterator[Marked]:
    points = tuple(p["text"] for p in row["key_points"])
    for answer in row["answers"]:
        labels = tuple(next((name for name in ("covered", "partly", "contradicted") if at in (answer.get(name) or ())), "missed") for at in range(len(points)))
        yield Marked(row["id"], row.get("note", ""), row["question"], row["reference"], points, answer["text"], labels, answer["score"] / 5, answer["label"])


def further(marked: Sequence[Marked]) -> list[Marked]:
    """What nobody needs to label, for each question: its reference (all points covered), one point's own words, its question
    said again, idle talk about it, and answers to other questions of the same notes and of others (nothing covered).

    They keep a fit from learning that a copy is a lie, and that a text in words of its own is an answer.
    """
    first = list({one.group: one for one in marked}.values())
    made = []
    for at, one in enumerate(first):
        count = len(one.points)
        turn = at % count
        none = ("missed",) * count
        made.append(_like(one, one.reference, ("covered",) * count))
        made.append(_like(one, one.points[turn], tuple("covered" if n == turn else None for n in range(count))))
        made.append(_like(one, one.question, none))
        made += [_like(one, _talk(one, at, length), none) for length in range(1, 1 + LONGEST)]
        for near in (True, False):
            others = [m for m in marked if m.group != one.group and (m.note == one.note) == near and m.kind in "acf" and (m.kind == "a" or m.score == 0)]
            made += [_like(one, others[(at * 13 + n * 31) % len(others)].text, none) for n in range(min(FOREIGN, len(others)))]
    return made


def _talk(one: Marked, at: int, length: int) -> str:
    """Sentences of idle talk, with words of the question and of its reference in turn."""
    asked, told = ([w for w in dict.fromkeys(content_words(text)) if len(w) > 3] or ["this"] for text in (one.question, one.reference))
    said = []
    for n in range(length):
        names = (asked, told) if (at + n) % 2 else (asked, asked)
        said.append(TALK[(at * 5 + length * 3 + n) % len(TALK)].format(*(words[(at + 2 * n + i) % len(words)] for i, words in enumerate(names))))
    return " ".join(said)


def _like(one: Marked, text: str, labels: tuple[str | None, ...]) -> Marked:
    return Marked(one.group, one.note, one.question, one.reference, one.points, text, labels, 0.0, "+")


def semeval(path: Path) -> list[Marked]:
    """Pupils' answers of SemEval-2013 task 7 (Dzikovska et al. 2013; CC BY-SA 3.0) as JSON lines: the nearest reference is the one point."""
    names = {"correct": "covered", "incorrect": "missed", "contradictory": "contradicted"}
    made = []
    for row in _lines(path):
        if not any(c.isalnum() for c in row["answer"]):
            continue
        nearest = max(row["references"], key=lambda r: _overlap(r, row["answer"]))
        label = names[row["label"]]
        made.append(Marked(row["qid"], row["qid"], row["question"], nearest, (nearest,), row["answer"], (label,), float(label == "covered"), "s"))
    return made


def _overlap(reference: str, answer: str) -> float:
    held, said = set(content_terms(reference)), set(content_terms(answer))
    return len(held & said) / max(1, len(held))


def label_hash(*paths: Path) -> str:
    """A digest of label files, so that numbers fitted to other labels are seen."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
