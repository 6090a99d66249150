"""Conversations in, figures out: whether a follow-up is completed, a whole question left alone, and the same passages found."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from evals.cases import GOLD, sets
from ingest.build import ingest
from tutor import embed
from tutor.errors import InputError
from tutor.followup import complete
from tutor.index import open_index
from tutor.session import Tutor
from tutor.settings import from_environment
from tutor.text import terms
from tutor.types import Turn

FILE: Final = GOLD / "followups.jsonl"
NEAREST: Final = 5
"""Passages that are compared between a completion and the expected one."""

Split = Literal["train", "test", "fit"]


@dataclass(frozen=True, slots=True)
class Conversation:
    """Earlier questions, oldest first, and one more. `expected` is a good completion and `terms` words that any has;
    `alone` says that the question stands on its own. `notes` names one of `evals.cases.sets`."""

    id: str
    notes: str
    history: tuple[str, ...]
    question: str
    expected: str
    terms: tuple[str, ...]
    alone: bool
    split: Split


@dataclass(frozen=True, slots=True)
class Completed:
    """What became of a conversation's last question, and the share of NEAREST passages found as by the expected one."""

    conversation: Conversation
    text: str
    overlap: float

    @property
    def right(self) -> bool:
        """Left alone where it stood alone; else with all its words."""
        found = set(terms(self.text))
        return self.text == self.conversation.question if self.conversation.alone else all(found.issuperset(terms(t)) for t in self.conversation.terms)


def read(path: Path = FILE) -> list[Conversation]:
    """The conversations of a file of JSON lines."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [Conversation(**{**row, "history": tuple(row["history"]), "terms": tuple(row["terms"])}) for row in rows]


def measure(index: Path | None = None) -> dict[str, object]:
    """Figures over all conversations, and over those of the test split and of the fit split (written after a stranger's
    reading of the first rules) alone. `index` is a folder for the indexes, one for
    each set of notes (None: temporary ones)."""
    conversations = read()
    with tempfile.TemporaryDirectory(prefix="followups-") as folder:
        found = [one for name in sorted({c.notes for c in conversations}) for one in _of(name, conversations, index or Path(folder))]
    return {"all": figures(found), **{split: figures([f for f in found if f.conversation.split == split]) for split in ("test", "fit")}}


def figures(found: Sequence[Completed]) -> dict[str, object]:
    """Shares: of whole questions left alone, of follow-ups with all their words, of passages found alike."""
    alone, completed = [f for f in found if f.conversation.alone], [f for f in found if not f.conversation.alone]
    return {
        "conversations": len(found),
        "alone": len(alone),
        "left_alone": _mean(f.right for f in alone),
        "completed": _mean(f.right for f in completed),
        "overlap5": _mean(f.overlap for f in completed),
    }


def converse(tutor: Tutor, conversations: Iterable[Conversation]) -> list[Completed]:
    """Ask each conversation's questions in turn and complete the last one."""
    return [_converse(tutor, c) for c in conversations]


def _converse(tutor: Tutor, conversation: Conversation) -> Completed:
    history: list[Turn] = []
    for question in conversation.history:
        history.append(Turn(question, tutor.ask(question, history)))
    text = complete(conversation.question, history, tutor.index)
    wanted, got = ({hit.passage.id for hit in tutor.search(t, k=NEAREST)} for t in (conversation.expected, text))
    return Completed(conversation, text, len(wanted & got) / max(1, len(wanted)))


def _of(name: str, conversations: Sequence[Conversation], folder: Path) -> list[Completed]:
    gold = next((s for s in sets() if s.name == name), None)
    if gold is None:
        raise InputError(f"{FILE.name} names the notes {name}, which are none of ours.")
    model = embed.find(from_environment().embedding)
    ingest(folder / name, [gold.notes], model, lambda _phase, _done, _total: None)
    tutor = Tutor(open_index(folder / name, model), embed.question_encoder(model))
    return converse(tutor, [c for c in conversations if c.notes == name])


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return round(sum(listed) / len(listed), 3) if listed else None
