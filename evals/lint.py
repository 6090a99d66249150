"""Gold questions of the course in, what is wrong with them out: quotes, quotas, twins, leaks, seals."""

from __future__ import annotations

import itertools
import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml

from evals.cases import COURSE, GOLD, PHRASINGS, read, sets
from evals.cassettes import read as takes
from evals.gate import baseline, policy
from evals.suites.models import cassettes
from tutor.errors import InputError
from tutor.text import content_words, terms
from tutor.types import Note

Row = Mapping[str, Any]

QUOTAS: Final = {
    "definition": 15, "fact": 18, "how": 14, "compare": 16, "scenario": 16, "paraphrase": 45, "multi_hop": 24, "numeric": 18, "list": 14,
    "false_premise": 18, "superseded": 10, "unanswerable_near": 60, "unanswerable_off": 8,
}  # fmt: skip
"""How many questions of each kind there are at least."""
LEAST: Final = 240
SEALED: Final = (0.18, 0.22)
APART: Final = 0.04
"""How far a domain's share of the questions may lie from its weight in the exam."""
TWINS: Final = 0.75
"""The share of common terms (Jaccard) at which two questions ask the same."""
KEYS: Final = (
    "id", "kind", "question", "answer", "key_points", "must_not", "evidence", "alt_evidence", "family", "tags", "critical", "sealed", "author", "reviewed_by",
)  # fmt: skip


@dataclass(frozen=True)
class Gold:
    """The rows of a gold file, with the course that they ask about and the folder of what the tutor learns from."""

    rows: Sequence[Row]
    course: Path = COURSE
    learned: Path = PHRASINGS

    @cached_property
    def blueprint(self) -> Mapping[str, Any]:
        """The course's course.toml."""
        return tomllib.loads((self.course / "course.toml").read_text(encoding="utf-8"))

    @cached_property
    def notes(self) -> Mapping[str, str]:
        """The text of each note by its path below notes/."""
        return {p.relative_to(self.course / "notes").as_posix(): p.read_text(encoding="utf-8") for p in sorted((self.course / "notes").rglob("*.md"))}

    @cached_property
    def phrasings(self) -> list[tuple[Path, str]]:
        """The phrasings that the tutor learns from, each with its file."""
        files = sorted(self.learned.glob("*.jsonl"))
        return [(path, ask) for path in files for line in path.read_text(encoding="utf-8").splitlines() for ask in json.loads(line)["asks"]]

    def quotes(self, row: Row) -> list[tuple[str, str]]:
        """(note, quote) of each piece of evidence, of what says the same as a piece, and of each alternative."""
        pieces = [*row["evidence"], *(o for e in row["evidence"] for o in e.get("or", ())), *row["alt_evidence"]]
        return [(e["source"], e["quote"]) for e in pieces]


def load(path: Path = GOLD / "mla-c01.jsonl") -> Gold:
    """Read a gold file. Raises InputError where a line is no JSON object."""
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, json.JSONDecodeError) as error:
        raise InputError(f"{path} cannot be read as JSON lines: {error}.") from error
    return Gold(rows)


def lint(gold: Gold) -> list[str]:
    """Every breach, as a sentence that begins with the question's id."""
    shaped = [found for row in gold.rows for found in _shape(row, gold)]
    if shaped:
        return shaped
    return [*_quotes(gold), *_twins(gold), *_families(gold), *_quotas(gold), *_leaks(gold)]


def everything(gold: Gold) -> list[str]:
    """As `lint`, and what is wrong with the other gold files, the cassettes, the policy and the baseline."""
    return [*lint(gold), *_others(), *_waived()]


def _others() -> Iterator[str]:
    """Gold files whose quotes their notes no longer hold, and cassettes that cannot be read."""
    for each in sets():
        paths = [p for p in sorted(each.notes.rglob("*")) if p.suffix in (".md", ".txt")]
        notes = {p.relative_to(each.notes).as_posix(): Note(p.stem, p.stem, p.read_text(encoding="utf-8")) for p in paths}
        try:
            read(each.files, notes)
        except InputError as error:
            yield str(error)
    for path in cassettes():
        try:
            takes(path)
        except InputError as error:
            yield str(error)


def _waived() -> Iterator[str]:
    """Waivers of items that the baseline does not have."""
    blessed = baseline.read()
    known = {i.id for i in blessed.items} if blessed else set()
    yield from (f"policy: the waiver of {w.id} names no item of the baseline." for w in policy.read().waivers if w.id not in known)


def overlap(gold: Gold) -> float:
    """The mean share of an answerable question's content terms that its evidence uses too: how far the questions repeat
    the notes' wording."""
    shares = []
    for row in gold.rows:
        asked = set(_stems(row["question"]))
        if row["evidence"] and asked:
            said = {s for _, quote in gold.quotes(row) for s in _stems(quote)}
            shares.append(len(asked & said) / len(asked))
    return sum(shares) / len(shares) if shares else 0.0


def _stems(text: str) -> frozenset[str]:
    return frozenset(s for w in content_words(text) for s in terms(w))


def _shape(row: Row, gold: Gold) -> Iterator[str]:
    name = row.get("id", "?")
    if missing := [k for k in KEYS if k not in row]:
        yield f"{name}: lacks {', '.join(missing)}."
        return
    if row["kind"] not in QUOTAS:
        yield f"{name}: no such kind: {row['kind']}."
    if row["kind"].startswith("unanswerable") == bool(row["evidence"]):
        yield f"{name}: its kind and its evidence disagree."
    if bool(row["evidence"]) != bool(row["answer"] and row["key_points"]):
        yield f"{name}: answerable questions have an answer and key points, others neither."
    statements = {s["id"] for s in gold.blueprint["statements"]}
    if not row["tags"] or set(row["tags"]) - statements:
        yield f"{name}: its tags are not statements of the exam."
    if not row["author"] or not row["reviewed_by"] or row["author"] == row["reviewed_by"]:
        yield f"{name}: not reviewed by somebody else than its author."


def _quotes(gold: Gold) -> Iterator[str]:
    for row in gold.rows:
        for note, quote in gold.quotes(row):
            if note not in gold.notes:
                yield f"{row['id']}: no such note: {note}."
            elif len(quote.split()) < 3 or quote not in gold.notes[note].split("---\n", 2)[2]:
                yield f"{row['id']}: {note} does not say {'what it quotes' if row['sealed'] else repr(quote[:70])}."


def _twins(gold: Gold) -> Iterator[str]:
    yield from (f"{i}: the id stands {n} times." for i, n in Counter(r["id"] for r in gold.rows).items() if n > 1)
    stems = [_stems(r["question"]) for r in gold.rows]
    for (a, one), (b, other) in itertools.combinations(zip(gold.rows, stems, strict=True), 2):
        if a["family"] != b["family"] and _alike(one, other):
            yield f"{a['id']}: asks what {b['id']} asks."


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= TWINS * max(1, len(one | other))


def _families(gold: Gold) -> Iterator[str]:
    families: dict[str, list[Row]] = defaultdict(list)
    for row in gold.rows:
        families[row["family"]].append(row)
    for name, rows in families.items():
        if len({r["sealed"] for r in rows}) > 1:
            yield f"{name}: a family is sealed as a whole or not at all."
        if rows[0]["kind"] == "paraphrase" and len(rows) != 3:
            yield f"{name}: a family of paraphrases has three wordings, not {len(rows)}."
        if len({json.dumps(r["evidence"], sort_keys=True) for r in rows}) > 1:
            yield f"{name}: its wordings name different evidence."


def _quotas(gold: Gold) -> Iterator[str]:
    size = len(gold.rows)
    if size < LEAST:
        yield f"gold: {size} questions, not {LEAST}."
    kinds = Counter(r["kind"] for r in gold.rows)
    yield from (f"gold: {kinds[kind]} questions of kind {kind}, not {least}." for kind, least in QUOTAS.items() if kinds[kind] < least)
    domains = Counter(int(r["tags"][0][0]) for r in gold.rows)
    for domain in gold.blueprint["domains"]:
        share = domains[domain["id"]] / max(1, size)
        if abs(share - domain["weight"]) > APART:
            yield f"gold: domain {domain['id']} has {share:.0%} of the questions and {domain['weight']:.0%} of the exam."
    sealed = sum(r["sealed"] for r in gold.rows) / max(1, size)
    if not SEALED[0] <= sealed <= SEALED[1]:
        yield f"gold: {sealed:.0%} of the questions are sealed, not a fifth."


def _leaks(gold: Gold) -> Iterator[str]:
    """Questions that a search key repeats, or a phrasing that the tutor learns from."""
    known: list[tuple[str, str, frozenset[str]]] = []
    for note, text in gold.notes.items():
        front = yaml.safe_load(text.split("---\n", 2)[1])
        known += [(note, ask, _stems(ask)) for listed in front["asks"].values() for ask in listed]
    known += [(path.name, ask, _stems(ask)) for path, ask in gold.phrasings]
    having: dict[str, list[int]] = defaultdict(list)
    for at, (_, _, stems) in enumerate(known):
        for stem in stems if len(stems) > 1 else ():
            having[stem].append(at)
    for row in gold.rows:
        asked = _stems(row["question"])
        shared = Counter(at for stem in asked for at in having[stem])
        for at, count in shared.items():
            where, ask, stems = known[at]
            if count >= TWINS * len(asked | stems):
                yield f"{row['id']}: {where} asks the same: {ask!r}."
