"""Sections for which their notes list no learner phrasings in, phrasings that a chat model writes out.

They are search keys as those of a note's front matter are, and are never quoted. A generation that has any holds
asks.jsonl, one line a section: {"section": digest of its heading path and its words, "model": as in TUTOR_MODEL,
"phrasings": [text, ...]}; it is what the next ingest takes over, while a search reads keys.jsonl, where all keys are.
The same lines stand in asks.part beside the generations until they are published, so that nothing written is lost.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tutor import pace, prompts, store
from tutor.chat import Chat, Reply
from tutor.embed import sha256
from tutor.errors import IndexDamaged, IndexStale, ModelDenied, ModelFailed, ModelUnusable
from tutor.index import Key
from tutor.text import content_terms, fold, visible
from tutor.types import Passage, Usage, digest

FILE: Final = "asks.jsonl"
PART: Final = "asks.part"
MOST: Final = 8
"""Phrasings kept of one reply: a model that goes on and on gives its section no more weight."""
SHOWN: Final = 700
"""Tokens, as the embedding model counts, of a section that a model is shown."""
PATIENCE: Final = 5
"""Failures in a row after which a model is asked no more."""
TOKENS: Final = 320
"""Of a reply: eight phrasings, and room."""

_MARKER: Final = re.compile(r"(?:[-*•‣·–—]+\s|\(?\d{1,2}[.):\]]|\*\*[^*]{1,40}:\*\*|\*\*[^*]{1,40}\*\*:|Q(?:uestion)?\s?\d{0,2}[:.)])\s*", re.IGNORECASE)
_QUOTES: Final = " \t\"'“”„‘’«»*_"
_MARKUP: Final = re.compile(r"[<>{}|`\\\[\]]|://|\bwww\.")
_TALK: Final = re.compile(
    r"(?:here (?:are|is)|here's|certainly|of course|the following|below are|as an ai|i'm sorry|i can(?:no|')t (?:help|assist|comply|provide|write|do))\b|(?:sure|ok|okay|sorry|note)[,:!]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Section:
    """A section and the rows of its passages. `key` is what its phrasings belong to: a moved note keeps them."""

    heading: tuple[str, ...]
    passages: tuple[Passage, ...]
    rows: tuple[int, ...]

    @property
    def text(self) -> str:
        """The section's passages, each a paragraph."""
        return "\n\n".join(p.text for p in self.passages)

    @property
    def key(self) -> str:
        """Identity by content: heading path and words, however they are spaced or cut into passages."""
        return digest("section", *self.heading, " ".join(self.text.split()))


@dataclass(frozen=True, slots=True)
class Written:
    """The phrasings that a model wrote for a section."""

    section: str
    model: str
    phrasings: tuple[str, ...]


@dataclass(slots=True)
class Asked:
    """What asking came to: how many sections got phrasings, what that cost, and why others are still without."""

    sections: int = 0
    missing: int = 0
    reason: str = ""
    usage: Usage | None = None


def bare(passages: Sequence[Passage], keys: Iterable[Key]) -> list[Section]:
    """The sections that no key points at, in order."""
    pointed = {passages[row].section for key in keys for row in key.passages}
    rows: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for row, passage in enumerate(passages):
        if passage.section not in pointed:
            rows.setdefault(passage.section, []).append(row)
    return [Section(heading, tuple(passages[r] for r in found), tuple(found)) for (_, heading), found in rows.items()]


def keys(sections: Iterable[Section], written: Mapping[str, Written]) -> list[Key]:
    """The search keys of the sections that have written phrasings."""
    return [Key(text, s.rows) for s in sections if s.key in written for text in written[s.key].phrasings]


def ask(
    sections: Iterable[Section], known: dict[str, Written], chat: Chat, home: Path, keep: Callable[[Written], None], progress: Callable[[int, int], None]
) -> Asked:
    """Let a model write phrasings for each section that has none in `known`, which they are added to.

    It is waited for as long as its speed tells, which is kept in `home`. What is written is given to `keep` at once. A
    section that the model fails at is passed over; PATIENCE failures in a row, a model that cannot be used at all, and
    Ctrl+C end the asking, and what was written stands.
    """
    todo = list({s.key: s for s in sections if s.key not in known}.values())
    asked, reasons = Asked(), Counter[str]()
    failures = done = 0
    try:
        for done, section in enumerate(todo):
            progress(done, len(todo))
            try:
                reply = pace.whole(chat, prompts.asks(" > ".join(section.heading), _shown(section.passages)), TOKENS, home)
                asked.usage = asked.usage + reply.usage if asked.usage else reply.usage
                found = phrasings(reply, section)
                reason = "" if found else "its reply held no question that a learner would ask"
            except ModelFailed as error:
                found, reason = (), str(error)
                if isinstance(error, ModelDenied | ModelUnusable):
                    failures = PATIENCE
            if found:
                known[section.key] = Written(section.key, chat.name, found)
                keep(known[section.key])
                failures = 0
                continue
            reasons[reason] += 1
            failures += 1
            if failures >= PATIENCE:
                break
        else:
            done = len(todo)
    except KeyboardInterrupt:
        reasons = Counter({"it was stopped": 1})
    progress(done, done)  # ends the bar, also where it stopped on the way
    asked.missing = sum(s.key not in known for s in todo)
    asked.sections = len(todo) - asked.missing
    asked.reason = " ".join(reason.rstrip(".") + "." for reason, _ in reasons.most_common(2))
    return asked


def phrasings(reply: Reply, section: Section) -> tuple[str, ...]:
    """The lines of a reply that a learner could have typed, bare of numbers, bullets and quotes; MOST at most.

    What is no question goes: talk about the task, whole sentences, markup, copies of the heading or of the text, and a
    line that the token limit cut off.
    """
    lines = reply.text.splitlines()
    if reply.stop == "tokens":
        lines = lines[:-1]
    text = f" {fold(section.text)} "
    headings = [_stems(h) for h in section.heading]
    found: dict[str, str] = {}
    for line in lines:
        phrase = _bare(line)
        stems = _stems(phrase)
        if not 3 <= len(phrase.split()) <= 25 or len(phrase) > 200 or not stems or stems in headings:
            continue
        if _MARKUP.search(phrase) or _TALK.match(phrase) or phrase.endswith((".", "!", ":", ";")) or f" {fold(phrase)} " in text:
            continue
        found.setdefault(fold(phrase), phrase)
    return tuple(found.values())[:MOST]


def kept(index: Path) -> dict[str, Written]:
    """What models wrote before, by section: in the generations on disk, also where another file of one is damaged or it
    was made by another embedding model; then in an ingest that did not come to its end. The newest stands."""
    found: dict[str, Written] = {}
    for generation in sorted(index.glob("g*")):
        try:
            expected = store.read_manifest(generation)["files"].get(FILE)
        except (IndexDamaged, IndexStale):
            continue
        path = generation / FILE
        if path.is_file() and sha256(path) == expected:
            found |= {w.section: w for w in _read(path)}
    if (index / PART).is_file():
        found |= {w.section: w for w in _read(index / PART)}
    return found


def write(folder: Path, written: Sequence[Written]) -> None:
    """Write asks.jsonl into a generation's folder; no file where nothing is written."""
    if written:
        (folder / FILE).write_text("".join(f"{_line(w)}\n" for w in written), encoding="utf-8", newline="\n")


def keep(index: Path, written: Written) -> None:
    """Append to asks.part. The line end comes first: a line that a crash cut short spoils no other."""
    with (index / PART).open("a", encoding="utf-8", newline="\n") as file:
        file.write(f"\n{_line(written)}")


def forget(index: Path) -> None:
    """Remove asks.part, whose lines are published."""
    (index / PART).unlink(missing_ok=True)


def _shown(passages: Sequence[Passage]) -> str:
    """A section's text, or of a long one every second, third, ... passage, about SHOWN tokens in all."""
    step = -(-sum(p.tokens for p in passages) // SHOWN) or 1
    return "\n\n".join(p.text for p in passages[::step])[: SHOWN * 8]


def _bare(line: str) -> str:
    line = " ".join(visible(line).encode("utf-8", "replace").decode().split())
    while match := _MARKER.match(line):
        line = line[match.end() :]
    return line.strip(_QUOTES)


def _stems(text: str) -> frozenset[str]:
    return frozenset(content_terms(text))


def _line(written: Written) -> str:
    return json.dumps({"section": written.section, "model": written.model, "phrasings": written.phrasings}, separators=(",", ":"))


def _read(path: Path) -> Iterator[Written]:
    """The lines of a file that are whole."""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            row = json.loads(line)
            yield Written(str(row["section"]), str(row["model"]), tuple(str(p) for p in row["phrasings"]))
        except (ValueError, KeyError, TypeError):
            continue
