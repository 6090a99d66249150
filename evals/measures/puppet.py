"""A script in, a chat model out that says it: the puppet, which lies and obeys as it is told, where a real model only might."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from evals.cases import Case, read, sets
from tutor.chat import Limits, Message, Reply
from tutor.embed import QuestionEncoder
from tutor.extractive.teacher import Extractive
from tutor.generative.sentences import Reader
from tutor.generative.teacher import Generative
from tutor.index import Index
from tutor.session import Tutor
from tutor.text import fold, sentences
from tutor.types import Note, Usage

NAME: Final = "puppet:model"
_LINE: Final = re.compile(r"^\[(\d+\.\d+)\] (.+)$", re.MULTILINE)
_FENCE: Final = re.compile(r"NOTES-[0-9a-f]{8}")
_MARK: Final = re.compile(r"^\s*(?:[-*•]\s+|\d{1,2}[.)]\s+)?(?:\*\*[^*]{1,60}\*\*:?\s+(?:-\s+)?)?")


@dataclass(frozen=True, slots=True)
class Scene:
    """What a puppet sees of a prompt: the numbered sentences by id, the notes' fence, and whether it is to ask back."""

    shown: Mapping[str, str]
    fence: str
    asking_back: bool


Script = Callable[[Scene], str]


@dataclass
class Puppet:
    """A chat model (`tutor.chat.Chat`) that says what its script makes of a scene."""

    script: Script
    name: str = NAME
    scenes: list[Scene] = field(default_factory=list)

    def stream(self, messages: Sequence[Message], limits: Limits, schema: Mapping[str, object] | None = None) -> Generator[str | None, None, Reply]:  # noqa: ARG002
        """See `tutor.chat.Chat`."""
        asked = messages[-1].text
        fence = _FENCE.search(messages[0].text)
        scene = Scene(dict(_LINE.findall(asked)), fence.group() if fence else "", "Question of the learner:" in asked)
        self.scenes.append(scene)
        text = self.script(scene)
        yield text
        return Reply(text, "end", self.spent(messages, text))

    def spent(self, messages: Sequence[Message], text: str) -> Usage:
        """See `tutor.chat.Chat`."""
        return Usage(self.name, sum(len(m.text) for m in messages) // 4, len(text) // 4, 0.0, counted=False)


def speaking(index: Index, encoder: QuestionEncoder, puppet: Puppet, home: Path) -> Tutor:
    """A tutor that speaks through a puppet; `home` is where the puppet's speed is kept."""
    return Tutor(index, encoder, Generative(index, Extractive(index, encoder), puppet, home))


def tellable(text: str) -> str:
    """A sentence of the notes as one would say it, without its list mark and bold label; "" where it is none: a row, a
    fragment, several sentences."""
    bare = _MARK.sub("", text).strip()
    plain = bare[:1].isupper() and bare.endswith(".") and "|" not in bare and len(list(sentences(bare))) == 1
    return bare if plain and 6 <= len(bare.split()) <= 40 else ""


def pieces(text: str) -> set[str]:
    """The sentences that the tutor reads in a model's text, folded."""
    reader = Reader()
    return {fold(d.text) for d in (*reader.feed(text), *reader.end())}


def own() -> list[tuple[Mapping[str, Note], list[Case]]]:
    """Our own notes as they stand on disk, with the answerable questions over them that are not sealed."""
    found: list[tuple[Mapping[str, Note], list[Case]]] = []
    for each in sets():
        paths = [p for p in sorted(each.notes.rglob("*")) if p.suffix in (".md", ".txt")]
        notes = {name: Note(name, p.stem, p.read_text(encoding="utf-8")) for p in paths for name in [p.relative_to(each.notes).as_posix()]}
        found.append((notes, [c for c in read(each.files, notes) if c.answerable and not c.sealed]))
    return found


def questions(index: Index) -> list[str]:
    """Our own questions whose evidence stands in notes of these names; else one about each heading."""
    texts = {path.rpartition("/")[2]: note.text for path, note in index.notes.items()}
    found = []
    for notes, cases in own():
        for case in cases:
            quotes = [(e.note.rpartition("/")[2], notes[e.note].text[slice(*e.spans[0])]) for e in case.evidence]
            if all(quote in texts.get(name, "") for name, quote in quotes):
                found.append(case.question)
    return found or list(dict.fromkeys(f"What about {p.heading[-1]}?" for p in index.passages if p.heading))
