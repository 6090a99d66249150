"""The rules of the shipped course that a machine can see: notes in, one sentence for each breach out.

    python -m tests.course [NOTE...]      breaches in these notes (none named: in the whole course); exit 1 where there are any

A learner reads the notes' sentences one by one and out of context, so each must stand alone: these rules see to it.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml

from evals.cases import COURSE

TODAY: Final = dt.date.fromisoformat("2026-11-22")
"""The day the course as a whole was last checked: no note can have been checked later."""
WORDS: Final = (700, 1400)
LONGEST: Final = 32
"""Words of the longest sentence that reads well aloud."""
ASKS: Final = (4, 8)
REPEATED: Final = 8
"""A sentence of so many words may stand but once in the course."""
KEYS: Final = {"id", "title", "domain", "task", "checked", "statements", "services", "sources", "numbers", "asks"}

_DANGLING = re.compile(
    r"(This|It|They|These|Those|That|Such|He|Here|There|Both|Its|Their|The (former|latter|above|following)|As (mentioned|noted|shown|described|seen))\b"
)
_LIMIT = re.compile(r"\b(limit|limits|limited|default|defaults|maximum|minimum|up to|at most|at least|quota|quotas|must)\b", re.IGNORECASE)
_ILLUSTRATION = re.compile(r"\b(example|suppose|imagine|gives?|illustration)\b|=", re.IGNORECASE)
_FILLER = re.compile(
    r"\b(powerful|robust(?! scal)|seamless(ly)?|leverag(e|es|ing)|cutting[- ]edge|simply|easily|effortless(ly)?|unlock(s|ing)?|delv(e|es|ing)|crucial|game[- ]changer"
    r"|holistic|it is important to note|it should be noted|plays an? (key|vital|important) role|in today's|state-of-the-art|world-class|as mentioned"
    r"|as noted above|see below|see above|in this (section|note|table)|the section (above|below))\b",
    re.IGNORECASE,
)
_BRITISH = re.compile(
    r"\b\w*(behaviour|colour|favour|labell(ed|ing)|modell(ed|ing)|artefact|centre|catalogue|optimis|organis|normalis|regularis|generalis|minimis"
    r"|maximis|analyse[ds]?\b|tokenis|categoris|summaris|quantis|initialis|utilis|visualis|recognis|prioritis|anonymis|cancell(ed|ing)|fulfil\b|licence\b)\w*",
    re.IGNORECASE,
)
_OLD_NAMES: Final = (
    r"Amazon SageMaker(?! (AI|Unified|Lakehouse|Catalog|Studio|Canvas|Ground|Clarify|HyperPod|Data|Model|Feature|Role|Edge|Debugger|Neo|JumpStart|Autopilot))",
    r"Kinesis Data Firehose",
    r"Kinesis Data Analytics(?! for (SQL|Apache))",
    r"\bQuickSight",
    r"Amazon Elasticsearch Service",
    r"AWS (SSO|Single Sign-On)",
)
FREE: Final = frozenset(
    """AWS API APIs CPU CPUs GPU GPUs RAM SQL JSON CSV XML YAML HTTP HTTPS URL URLs ID IDs SDK SDKs CLI ML AI SSD OS IP S3 EC2 EBS EFS ECS EKS ECR RDS EMR
    IAM KMS VPC VPCs SNS SQS MSK ARN ARNs CI CD PDF PDFs ORC LLM LLMs SHAP ROC AUC TLS TCP UI USB NLP TB GB MB KB TiB GiB MiB KiB PB ETL MLA USD UTC US EU NVMe
    OK TV NaN AND OR NOT IF HDD SSH DNS IT VM VMs PC PCs NFS SMB F1 ISO DMS CDK FSx CUDA NVIDIA AMD ARM SCP HPC IoT ONTAP MWAA BERT GPT ONNX TOML ASCII""".split()
)
"""Abbreviations that need no expansion: a candidate knows them, or they are a product's name."""


@dataclass(frozen=True)
class CourseNote:
    """One note of the course, as its writer sees it."""

    path: Path

    @cached_property
    def text(self) -> str:
        """The whole file."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def front(self) -> Mapping[str, Any]:
        """The front matter; empty where there is none."""
        loaded = yaml.safe_load(self.text.split("---\n", 2)[1]) if self.text.startswith("---\n") else {}
        return loaded if isinstance(loaded, dict) else {}

    @cached_property
    def body(self) -> str:
        """All below the front matter."""
        return self.text.split("---\n", 2)[2] if self.text.startswith("---\n") else self.text

    @cached_property
    def lines(self) -> list[str]:
        """The body's lines, those of code blocks emptied."""
        out, code = [], False
        for line in self.body.split("\n"):
            fence = line.lstrip().startswith("```")
            code ^= fence
            out.append("" if code or fence else line)
        return out

    @cached_property
    def headings(self) -> list[tuple[int, str]]:
        """(level, text) of each heading."""
        return [(len(m[1]), m[2].strip()) for line in self.lines if (m := re.match(r"(#+) (.+)$", line))]

    @cached_property
    def sentences(self) -> list[str]:
        """The sentences of paragraphs, items and steps, without markers and labels."""
        found = []
        for line in self.lines:
            if line.startswith("#") or line.lstrip().startswith("|"):
                continue
            plain = re.sub(r"^\s*([-*]|\d+\.)\s+", "", line)
            plain = re.sub(r"^\*\*[^*]+\*\*:?\s*", "", plain)
            found += [s.strip() for s in re.split(r"(?<=[.!?:])\s+(?=[A-Z\"'`*(])", plain) if s.strip()]
        return found

    def units(self) -> list[str]:
        """The sentences, and the rows of tables."""
        return [*self.sentences, *(line for line in self.lines if line.lstrip().startswith("|") and not re.fullmatch(r"[\s|:-]+", line))]


def plain(text: str) -> str:
    """Text without code spans and bold marks."""
    return re.sub(r"`[^`]*`", "code", text).replace("**", "")


Rule = Callable[[CourseNote, Mapping[str, Any]], Iterator[str]]


def front_matter(note: CourseNote, course: Mapping[str, Any]) -> Iterator[str]:
    """The keys of the front matter, and what each may hold."""
    front = note.front
    if missing := KEYS - set(front):
        yield f"front matter lacks {', '.join(sorted(missing))}"
        return
    headings = {text for level, text in note.headings if level > 1}
    if front["id"] != note.path.stem:
        yield f"id {front['id']!r} is not the file's name"
    if [text for level, text in note.headings if level == 1] != [front["title"]]:
        yield "the title is not its one heading of the first level"
    if not isinstance(front["checked"], dt.date) or front["checked"] > TODAY:
        yield f"checked {front['checked']!r} is no date up to today"
    folders = {d["id"]: d["folder"] for d in course["domains"]}
    if front["domain"] and note.path.parent.name != folders.get(front["domain"]):
        yield f"domain {front['domain']} is not kept in {note.path.parent.name}"
    if front["task"] != "0" and front["task"] not in {t["id"] for t in course["tasks"]}:
        yield f"task {front['task']!r} is not of the exam"
    statements = {s["id"] for s in course["statements"]}
    for statement, served in front["statements"].items():
        if statement not in statements:
            yield f"statement {statement!r} is not of the exam"
        yield from (f"statement {statement} names no section of the note: {h!r}" for h in served if h not in headings)
    known = set(course["services"])
    yield from (f"service {s!r} is not in course.toml" for s in front["services"] if s not in known)


def sources(note: CourseNote, course: Mapping[str, Any]) -> Iterator[str]:
    """Every limit, default and must has two dated sources."""
    listed, numbers = note.front.get("sources", {}), note.front.get("numbers", {})
    if not isinstance(listed, dict) or not isinstance(numbers, dict):
        yield "sources and numbers are not mappings"
        return
    yield from (f"source {key} has no date" for key, text in listed.items() if not re.search(r"\b20\d\d\b", str(text)))
    for words, keys in numbers.items():
        if words not in note.body:
            yield f"numbers: the note does not say {words!r}"
        if len(set(keys)) < 2 or set(keys) - set(listed):
            yield f"numbers: {words!r} needs two sources that are listed"
    yield from (f"no source for: {u[:110]}" for u in note.units() if _is_limit(u) and not any(words in u for words in numbers))


def _is_limit(unit: str) -> bool:
    """Whether a sentence or row states a limit, default or must with a number, and is not an illustration."""
    words = re.sub(r"\b(S3|EC2|F1|L1|L2|P\d\d|v\d)\b", "", plain(unit))
    return bool(_LIMIT.search(words)) and bool(re.search(r"\d", words)) and not _ILLUSTRATION.search(unit)


def asks(note: CourseNote, course: Mapping[str, Any]) -> Iterator[str]:
    """Every section can be found by a learner's own words."""
    given = note.front.get("asks") or {}
    for level, text in note.headings:
        if level == 2 and not ASKS[0] <= len(given.get(text, ())) <= ASKS[1]:
            yield f"asks: {text!r} has {len(given.get(text, ()))} phrasings, not {ASKS[0]} to {ASKS[1]}"
    headings = {text for _, text in note.headings}
    yield from (f"asks: no such section: {h!r}" for h in given if h not in headings)


def structure(note: CourseNote, course: Mapping[str, Any]) -> Iterator[str]:
    """Headings in order, lead-ins before lists and tables, whole rows; neither links nor pictures nor HTML."""
    levels = [level for level, _ in note.headings]
    if levels[:1] != [1] or levels.count(1) != 1 or any(b - a > 1 for a, b in itertools.pairwise(levels)):
        yield "its headings skip a level"
    yield from (f"heading twice: {text!r}" for text, n in Counter(text for _, text in note.headings).items() if n > 1)
    size = len(re.sub(r"(?m)^\s*\|[\s|:-]+\|\s*$|\|", " ", note.body).split())
    if not WORDS[0] <= size <= WORDS[1]:
        yield f"{size} words, not {WORDS[0]} to {WORDS[1]}"
    prose = plain("\n".join(note.lines))
    if "](" in prose or re.search(r"https?://", prose):
        yield "a link in the body"
    if m := re.search(r"<[A-Za-z/!][^>]*>", prose):
        yield f"HTML in the body: {m[0]!r}"
    if m := re.search(r"[^\x00-\x7f]", note.body):
        yield f"not ASCII: {m[0]!r}"
    if sum(line.lstrip().startswith("```") for line in note.body.split("\n")) % 2:
        yield "a code block is not closed"
    yield from _blocks(note)


def _blocks(note: CourseNote) -> Iterator[str]:
    before, columns, inside = "", 0, False
    for line in note.lines:
        row = line.lstrip().startswith("|")
        listed = re.match(r"\s*([-*]|\d+\.)\s", line) is not None
        if (row or listed) and not inside and not before.rstrip().endswith(":"):
            yield f"no lead-in that ends in a colon before: {line[:60]}"
        if row:
            cells = [c.strip() for c in line.strip().strip("|").split("|")]
            columns = columns if inside else len(cells)
            if len(cells) != columns or not all(cells):
                yield f"a row with an empty or missing cell: {line[:80]}"
        if line.strip():
            inside, before = row or listed or (inside and line.startswith("  ")), line
        elif not inside or not listed:
            inside = inside and not row


def language(note: CourseNote, course: Mapping[str, Any]) -> Iterator[str]:
    """Sentences that stand alone, in one spelling, without filler; services by their current names."""
    for sentence in note.sentences:
        words = plain(sentence)
        if _DANGLING.match(words):
            yield f"begins with a pronoun or a pointer: {words[:80]}"
        if len(words.split()) > LONGEST and not _ILLUSTRATION.search(words):
            yield f"{len(words.split())} words: {words[:80]}"
    prose = plain("\n".join(note.lines))
    yield from (f"filler: {m[0]!r}" for m in _FILLER.finditer(prose))
    yield from (f"British spelling: {m[0]!r}" for m in _BRITISH.finditer(prose))
    for name in _OLD_NAMES:
        found = [m[0] for m in re.finditer(name, prose)]
        if len(found) > 1:
            yield f"an old name {len(found)} times: {found[0]!r}"


def abbreviations(note: CourseNote, course: Mapping[str, Any]) -> Iterator[str]:
    """Every abbreviation is written out where the note first uses it, or needs no expansion."""
    prose = plain("\n".join(note.lines))
    for word in dict.fromkeys(re.findall(r"(?<![\w.-])[A-Z][A-Z0-9]{1,5}s?(?![\w-])", prose)):
        single = word.removesuffix("s")
        expanded = rf"\({single}s?[),;]|\b{single}s? \((?=[A-Za-z])|\b{single} (stands|is short) for"
        if word not in FREE and single not in FREE and not re.search(expanded, prose):
            yield f"not written out: {word}"


def code(note: CourseNote, course: Mapping[str, Any]) -> Iterator[str]:
    """Code blocks name their language, and parse where the language is one that Python can read."""
    for tag, block in re.findall(r"^```(\w*)\n(.*?)^```", note.body, re.MULTILINE | re.DOTALL):
        try:
            if not tag:
                yield f"a code block without a language: {block[:40]!r}"
            elif tag == "json":
                json.loads(block)
            elif tag == "python":
                compile(block, str(note.path), "exec")
            elif tag == "yaml":
                yaml.parse(block)
        except (ValueError, SyntaxError, yaml.YAMLError) as error:
            yield f"{tag} that does not parse ({error}): {block[:40]!r}"


RULES: Final[tuple[Rule, ...]] = (front_matter, sources, asks, structure, language, abbreviations, code)


def blueprint() -> Mapping[str, Any]:
    """The course's course.toml."""
    return tomllib.loads((COURSE / "course.toml").read_text(encoding="utf-8"))


def notes() -> list[CourseNote]:
    """Every note of the course."""
    return [CourseNote(p) for p in sorted((COURSE / "notes").rglob("*.md"))]


def breaches(note: CourseNote, course: Mapping[str, Any]) -> list[str]:
    """All that the rules find in one note."""
    return [found for rule in RULES for found in rule(note, course)]


def repeated(all_notes: Sequence[CourseNote]) -> list[tuple[str, list[str]]]:
    """Sentences that stand more than once in the course, with the notes that hold them."""
    where: dict[str, list[str]] = {}
    for note in all_notes:
        for sentence in note.sentences:
            if len(sentence.split()) >= REPEATED and not sentence.endswith(":"):
                where.setdefault(sentence, []).append(note.path.stem)
    return [(s, w) for s, w in where.items() if len(w) > 1]


def main(paths: Sequence[str]) -> int:
    """Print the breaches; returns 1 where there are any."""
    course, chosen = blueprint(), [CourseNote(Path(p)) for p in paths] or notes()
    found = [(note.path.name, breach) for note in chosen for breach in breaches(note, course)]
    names = {note.path.stem for note in chosen}
    found += [(", ".join(where), f"stands twice: {s[:90]}") for s, where in repeated(notes()) if names & set(where)]
    for name, breach in found:
        print(f"{name}: {breach}")
    print(f"{len(found)} breaches in {len(chosen)} notes", file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
