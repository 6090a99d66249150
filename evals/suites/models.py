"""The suite of models: recorded replies, or a model that speaks now, in; what the tutor lets through of them out.

A cassette in `FOLDER` holds the replies of one model, or such as are written in the manner of one, to the questions of `QUESTIONS`.
"""

from __future__ import annotations

import collections
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from evals.cases import GOLD, Case, sets
from evals.cassettes import Missing, Recorder, Replayer, Take
from evals.records import Item, Said, sha
from evals.renewal import Renewal
from evals.renewal import renew as renewed
from evals.suites import Scene, answers
from tutor.budget import Counter
from tutor.chat import Chat
from tutor.errors import InputError
from tutor.extractive.teacher import Extractive
from tutor.generative.teacher import Generative
from tutor.session import Tutor
from tutor.text import fold
from tutor.types import Answer, Note

FOLDER: Final = GOLD / "cassettes"
QUESTIONS: Final = "questions.jsonl"
"""The file of a folder of cassettes that names the gold questions: {"set": ..., "id": ...} a line."""
SUPPORTED: Final = ("exact", "supported", "computed")
"""Verdicts of a statement that is shown without a mark of doubt."""
CHECKS: Final = ("quotes", "not_said", "premise")
SCORES: Final = ("key_points", "must_not", "citation_precision", "citation_recall", "grounded")
"""What is checked and scored as in the suite of answers, and may change with its detector."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A model to speak through, and the name that its items bear; of one that is replayed, its replies and the prompts that have none."""

    name: str
    chat: Chat
    takes: Mapping[str, Take] = field(default_factory=dict)
    missing: Sequence[Missing] = ()


def items(scene: Scene, folder: Path = FOLDER) -> Iterator[Item]:
    """An item "models/CASSETTE/ID" for each question and cassette, replayed."""
    return _asked(scene, _questions(folder), [_voice(Replayer(path)) for path in cassettes(folder)])


def record(scene: Scene, chat: Chat, path: Path | None = None, folder: Path = FOLDER) -> Iterator[Item]:
    """The same items with a model that speaks now; what it says is written to a cassette (None: one of its name in the folder)."""
    path = path or folder / f"{re.sub(r'[^a-z0-9.]+', '-', chat.name.lower()).strip('-')}.jsonl"
    return _asked(scene, _questions(folder), [Voice(path.stem, Recorder(chat, path))])


def live(scene: Scene, chat: Chat) -> Iterator[Item]:
    """An item "models/live/ID" for each question with key points that the scene is to try, with a model that speaks now; nothing is
    recorded. The others would cost as much and tell less: what a model leaves out of them is not known."""
    told = {each.name: frozenset(c.id for c in scene.cases(each.name) if c.key_points) for each in sets()}
    return _asked(scene, told, [Voice("live", chat)])


def renew(scene: Scene, folder: Path = FOLDER) -> Mapping[str, Renewal]:
    """Renew every cassette whose prompts have changed (`evals.renewal.renew`); what became of these prompts, by cassette."""
    replayers = [Replayer(path) for path in cassettes(folder)]
    collections.deque(_asked(scene, _questions(folder), [_voice(r) for r in replayers]), maxlen=0)
    return {r.path.stem: renewed(r.path, r.missing) for r in replayers if r.missing}


def cassettes(folder: Path = FOLDER) -> list[Path]:
    """The cassettes of a folder, by name."""
    return sorted(p for p in folder.glob("*.jsonl") if p.name != QUESTIONS)


def speaking(tutor: Tutor, chat: Chat, home: Path) -> Tutor:
    """The tutor with a model to speak through, over the same index; `home` is where the model's speed is kept.

    What is shown to the model is counted by estimate, whatever this machine could count with: a prompt is the same on every one.
    """
    plain = tutor.teacher if isinstance(tutor.teacher, Extractive) else Extractive(tutor.index, tutor.encoder)
    return Tutor(tutor.index, tutor.encoder, Generative(tutor.index, plain, chat, home, count=Counter()))


def _voice(replayer: Replayer) -> Voice:
    return Voice(replayer.path.stem, replayer, {t.question: t for t in replayer.takes}, replayer.missing)


def _asked(scene: Scene, questions: Mapping[str, frozenset[str]], voices: Sequence[Voice]) -> Iterator[Item]:
    """The items of some models over the questions that the scene is to try; a voice's `missing` grows meanwhile."""
    for each in sets():
        tutors = [speaking(scene.tutor(each.name), v.chat, scene.home) for v in voices]
        for case in (c for c in scene.cases(each.name) if c.id in questions.get(each.name, ())):
            for voice, tutor in zip(voices, tutors, strict=True):
                before = len(voice.missing)
                answer = tutor.ask(case.question)
                made = _item(case, each.name, tutor, answer, voice.takes.get(" ".join(case.question.split())), voice.name)
                yield _unscored(made, voice.missing[-1].why, case) if len(voice.missing) > before else made


def _questions(folder: Path) -> dict[str, frozenset[str]]:
    """The ids of the questions of a folder by gold set. Raises InputError where its file names none."""
    path = folder / QUESTIONS
    try:
        rows = [(str(r["set"]), str(r["id"])) for r in map(json.loads, path.read_text(encoding="utf-8").splitlines())]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f'{path} does not name the questions; it needs a line {{"set": ..., "id": ...}} for each.') from error
    return {name: frozenset(i for each, i in rows if each == name) for name, _ in rows}


def _item(case: Case, name: str, tutor: Tutor, answer: Answer, take: Take | None, model: str) -> Item:
    """What a model's reply to a question became."""
    said = answers.record(answer)
    base = answers.scored(case, name, answer.outcome, said, tutor.index.notes, f"models/{model}")
    spoken, asked = answer.mode == tutor.mode, take is not None or answer.usage is not None
    wanted = case.answerable and not (take and take.declined)
    wrong = take.wrong if take else ()
    shown = [s for s in said if any(_same(s, sentence) for sentence in wrong)]
    told = any(s.verdict in SUPPORTED for s in shown)
    stands = all(s.cites and all(c.words(tutor.index.notes) is not None for c in s.cites) for s in said)
    checks = {"grounded": stands and not told} | ({"spoken": spoken == wanted} if asked else {})
    checks |= {check: holds for check, holds in base.checks.items() if check in CHECKS}
    scores = {metric: value for metric, value in base.scores.items() if metric in SCORES} if spoken else {}
    scores |= {"spoken": float(spoken)} if asked and wanted else {}
    if wrong:
        checks["wrong_left_out"] = not shown
        scores["wrong_shown"] = float(told)
    tried = sha(case.sha + "\n".join(take.said)) if take else case.sha
    return replace(base, kind=model, sha=tried, checks=checks, scores=scores, critical=bool(wrong) or (take is None and case.critical))


def rescored(item: Item, case: Case, name: str, notes: Mapping[str, Note]) -> Item:
    """An item of this suite as the detector of today scores what is stored of it."""
    base = answers.scored(case, name, item.outcome, item.said, notes)
    spoken = any(metric in SCORES for metric in item.scores)
    kept = {metric: value for metric, value in item.scores.items() if metric not in SCORES}
    checks = {**item.checks, **{check: holds for check, holds in base.checks.items() if check in CHECKS and check in item.checks}}
    return replace(item, checks=checks, scores=kept | ({m: v for m, v in base.scores.items() if m in SCORES} if spoken else {}))


def _unscored(item: Item, why: str, case: Case) -> Item:
    """The item of a reply that is not there: nothing holds of it and nothing fails."""
    metrics = ["spoken", "citation_precision", "citation_recall"] + ["key_points"] * bool(case.key_points) + ["must_not"] * bool(case.must_not)
    metrics += ["wrong_shown"] * ("wrong_shown" in item.scores)
    return replace(item, checks={}, scores={}, unscored=dict.fromkeys(metrics, f"missing cassette: {why}"), outcome="", said=())


def _same(said: Said, sentence: str) -> bool:
    """Whether a statement is a sentence of a reply, perhaps without what opened it."""
    one, other = fold(said.text), fold(sentence)
    return one == other or other.endswith(f" {one}") or one.endswith(f" {other}")
