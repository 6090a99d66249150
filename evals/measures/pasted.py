"""Exam questions as learners paste them in, figures out: whether they are recognised, answered, and answered right."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from evals.cases import COURSE, GOLD
from evals.fitting import fit
from evals.fitting.calibrate import DATA
from ingest.build import ingest
from tutor import embed, pasted
from tutor.embed import QuestionEncoder
from tutor.errors import InputError
from tutor.index import Index, open_index
from tutor.pasted import claims
from tutor.pasted.evidence import gather, stem
from tutor.pasted.fit import FEATURES, Assessed, Cuts, assess, matrix, model
from tutor.pasted.judging import stands_out
from tutor.pasted.limits import exceeded
from tutor.settings import MINILM

FILE: Final = GOLD / "pasted.jsonl"
KINDS: Final = ("single", "multi", "negative", "absent")
RIDGE: Final = 1.0
MARGINS: Final = tuple(round(0.1 * i, 1) for i in range(5, 41))
SCORES: Final = tuple(round(0.1 * i, 1) for i in range(10, 81))
ABSENT: Final = 0.2
"""The share of pasted questions whose right option a learner's notes do not hold, as it is taken when the cuts are set."""
REACH: Final = 0.95
"""The share of the choices that shall be right then."""
RESERVE: Final = 2.0
"""What the margin found so is multiplied by: the features were made by the sight of these questions."""

Part = Literal["fit", "test"]


@dataclass(frozen=True, slots=True)
class Case:
    """A question as it is pasted. `options` are its texts and `key` the labels of the right ones; of the kind "absent" the
    notes do not hold the right one, so that no answer is. `spans` are the words of notes that make the key right."""

    id: str
    kind: str
    part: Part
    text: str
    options: tuple[str, ...]
    key: tuple[str, ...]
    spans: tuple[dict[str, str], ...]

    @property
    def answerable(self) -> bool:
        """Whether the notes hold the key."""
        return self.kind != "absent"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a case: the choice that was made, if any, and the time it took in seconds."""

    case: Case
    recognised: bool
    choice: tuple[str, ...]
    seconds: float

    @property
    def right(self) -> bool:
        """Whether the choice is the key, and the notes hold it."""
        return self.case.answerable and set(self.choice) == set(self.case.key)


def read(path: Path = FILE) -> list[Case]:
    """The cases of a file of JSON lines."""
    rows: list[dict[str, Any]] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [Case(**{**row, **{name: tuple(row[name]) for name in ("options", "key", "spans")}}) for row in rows]


def measure(folder: Path | None = None) -> dict[str, object]:
    """Figures by part and kind. `folder` holds an index of the course (None: a temporary one is made)."""
    index, encoder = _opened(folder)
    found = [result(case, index, encoder) for case in read()]
    parts = {part: [r for r in found if r.case.part == part] for part in ("test", "fit")}
    return {part: figures(rs) | {kind: figures([r for r in rs if r.case.kind == kind]) for kind in KINDS} for part, rs in parts.items()}


def figures(results: Sequence[Result]) -> dict[str, object]:
    """How many were recognised, answered and answered right; the median and the longest time in milliseconds."""
    answered = [r for r in results if r.choice]
    times = [r.seconds * 1000 for r in results]
    return {
        "questions": len(results),
        "recognised": sum(r.recognised for r in results),
        "answered": len(answered),
        "right": sum(r.right for r in answered),
        "wrong": [r.case.id for r in answered if not r.right],
        "ms": [round(float(np.median(times))), round(max(times))] if times else [],
    }


def result(case: Case, index: Index, encoder: QuestionEncoder) -> Result:
    """A case pasted into a tutor of these notes."""
    began = time.perf_counter()
    found = pasted.read(case.text)
    if found is None:
        return Result(case, False, (), time.perf_counter() - began)
    answer = pasted.answer(found, index, encoder)
    alike = tuple(o.text.rstrip(".") for o in found.options) == tuple(o.rstrip(".") for o in case.options)
    return Result(case, alike, answer.choice, time.perf_counter() - began)


def calibrate(folder: Path | None = None) -> dict[str, object]:
    """Fit and write tutor/data/pasted.json; returns the figures of the fit. `folder` is as in `measure`."""
    data, counted = calibrated(folder)
    (DATA / "pasted.json").write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    model.cache_clear()
    return counted


def calibrated(folder: Path | None = None) -> tuple[dict[str, object], dict[str, object]]:
    """What tutor/data/pasted.json holds, from the fit part alone, and the figures of the fit.

    The weights rank the key first. The cuts are those under which most questions are answered while REACH of the choices
    are right, each question scored by weights that have not seen it, and each asked again without its right options.
    """
    index, encoder = _opened(folder)
    rows = [
        Row(case, found, *_assessed(found, index, encoder))
        for case in read()
        if case.part == "fit" and (found := pasted.read(case.text)) is not None and not claims.stated(found)
    ]
    taught = [i for i, row in enumerate(rows) if row.case.kind in ("single", "multi")]

    def weights(without: int | None) -> fit.Rows:
        return fit.ranker([(matrix(rows[i].assessed), rows[i].labels) for i in taught if i != without], RIDGE).weights

    scores = [(matrix(row.assessed) @ weights(i)).tolist() for i, row in enumerate(rows)]
    cuts, counted = _cuts(rows, scores)
    data: dict[str, object] = {
        "made_by": "python -m evals calibrate pasted",
        "weights": {name: round(float(w), 4) for name, w in zip(FEATURES, weights(None), strict=True)},
        "cuts": {"margin": round(RESERVE * cuts.margin, 2), "score": cuts.score},
    }
    return data, {"cases": len(rows)} | counted


@dataclass(frozen=True, slots=True)
class Row:
    """A case of the fit part as read and assessed."""

    case: Case
    found: pasted.Pasted
    assessed: list[Assessed]
    over: frozenset[int]

    @property
    def labels(self) -> fit.Labels:
        """Which options are right."""
        return np.array([o.id in self.case.key for o in self.found.options])


def _cuts(rows: Sequence[Row], scores: Sequence[list[float]]) -> tuple[Cuts, dict[str, object]]:
    keyless = [_without_key(row, s) if row.case.answerable else (row, s) for row, s in zip(rows, scores, strict=True) if row.case.kind != "negative"]
    answerable = sum(row.case.answerable for row in rows)
    best: tuple[float, Cuts, dict[str, object]] | None = None
    for cuts in (Cuts(m, f) for m in MARGINS for f in SCORES):
        chosen = [stands_out(row.found, row.assessed, s, row.over, cuts) for row, s in zip(rows, scores, strict=True)]
        right = sum(bool(c) and row.case.answerable and set(c) == set(np.flatnonzero(row.labels)) for row, c in zip(rows, chosen, strict=True))
        wrong = sum(bool(c) and row.case.answerable for row, c in zip(rows, chosen, strict=True)) - right
        misled = sum(bool(stands_out(row.found, row.assessed, s, row.over, cuts)) for row, s in keyless)
        held = (1 - ABSENT) * right / answerable
        lost = (1 - ABSENT) * wrong / answerable + ABSENT * misled / len(keyless)
        if held and held / (held + lost) >= REACH and (best is None or held - lost > best[0]):
            best = held - lost, cuts, {"right": right, "wrong": wrong, "misled_without_key": misled}
    if best is None:
        raise ValueError("no cuts reach the share of right choices")
    return best[1], best[2]


def _without_key(row: Row, scores: Sequence[float]) -> tuple[Row, list[float]]:
    """The question without its right options: nothing that is left is an answer."""
    kept = np.flatnonzero(~row.labels).tolist()
    found = replace(row.found, options=tuple(row.found.options[i] for i in kept), asked=min(row.found.asked, len(kept) - 1))
    over = frozenset(at for at, i in enumerate(kept) if i in row.over)
    return Row(row.case, found, [row.assessed[i] for i in kept], over), [scores[i] for i in kept]


def _assessed(found: pasted.Pasted, index: Index, encoder: QuestionEncoder) -> tuple[list[Assessed], frozenset[int]]:
    asked = stem(found.stem, index, encoder)
    sights = gather(found, asked, index)
    return assess(sights, asked, index, encoder), frozenset(exceeded(sights, asked, index))


def _opened(folder: Path | None) -> tuple[Index, QuestionEncoder]:
    found = embed.find(MINILM)
    encoder = embed.question_encoder(found)
    if folder is not None:
        index = open_index(folder, found)
        if not any(n.course for n in index.notes.values()):
            raise InputError(f"The index in {folder} holds no course; name one of {COURSE.name}.")
        return index, encoder
    with tempfile.TemporaryDirectory(prefix="pasted-") as temporary:
        ingest(Path(temporary), [COURSE], found, lambda _phase, _done, _total: None)
        return open_index(Path(temporary), found), encoder
