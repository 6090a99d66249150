"""What a model has drafted so far, and of it what stands: sentence by sentence in, an answer at any time out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from tutor import prompts
from tutor.chat import Reply
from tutor.footnotes import Footnotes
from tutor.generative.sentences import Drafted
from tutor.generative.sources import Source
from tutor.generative.support import Settled, settle
from tutor.ground import Judgement
from tutor.teacher import ALONE
from tutor.text import content_terms, fold
from tutor.types import Answer, Depth, Note, Statement, Usage, Verdict

MOST: Final[dict[Depth, int]] = {"line": 2, "explain": 10, "deep": 18, "analogy": 10}
"""Statements of an answer."""
REPEATS: Final = 3
"""Sentences said again after which a model is taken to run in a circle, and stopped."""
SAME: Final = 0.8
"""The share of a sentence's terms that one before it on the same sources has, from which on it says nothing new."""
WORTH: Final = 1 / 3
"""The share of a model's sentences that must pass; of one whose most are invented, the rest is no answer either."""
NEAR: Final = 3
"""Statements shown as the nearest where the model found that the notes do not answer."""

_SILENT: Final = re.compile(
    r"^(?:(?:i'?m )?sorry,? )?(?:but )?(?:(?:the|your|these|provided) (?:\w+ )?notes? (?:do|does) ?n[o']t (?:\w+ )?(?:say|answer|mention|cover|contain|explain|provide|include|address)\b|(?:i )?(?:could|can) ?(?:not|n't) (?:find|answer)\b|there is (?:no|nothing)\b[^.]*\bin (?:the|your|these) notes\b)",
    re.IGNORECASE,
)
_POINTS_BACK: Final = re.compile(r"^\W*(?:it|its|they|their|this|these|those|such|the (?:latter|former|same))\b", re.IGNORECASE)


@dataclass(slots=True)
class Draft:
    """The sentences of a reply that stand, in its order. `plain` is the answer from the notes alone, `name` the model's."""

    plain: Answer
    name: str
    sources: tuple[Source, ...]
    question: str
    depth: Depth
    notes: Mapping[str, Note]
    kept: list[Settled] = field(default_factory=list)
    left_out: int = 0
    repeats: int = 0
    silent: bool = False
    _said: set[str] = field(default_factory=set)
    _broken: bool = False
    """Whether the sentence before was left out: then what points back to it has nothing to point to."""

    @property
    def over(self) -> bool:
        """Whether there is no use in reading on."""
        return self.silent or self.repeats >= REPEATS or len(self.kept) >= MOST[self.depth]

    def take(self, drafted: Drafted) -> bool:
        """Judge a sentence; true where it is kept."""
        folded = fold(drafted.text)
        if folded == fold(prompts.SILENT) or _SILENT.match(drafted.text):
            self.silent = not self.kept
            return False
        if folded in self._said or self.over:
            self.repeats += folded in self._said
            return False
        self._said.add(folded)
        settled = settle(drafted, self.sources, self.question)
        points_back = _POINTS_BACK.match(drafted.text) is not None
        if settled.judgement.verdict == "unsupported" or (points_back and self._broken):
            self.left_out += 1
            self._broken = True
            return False
        if any(_repeats(settled, before) for before in self.kept):
            return False
        self._broken = False
        if points_back and self.kept and not _share_a_section(settled, self.kept[-1]):
            settled = replace(settled, judgement=Judgement("unsure", "antecedent", (), settled.judgement.score))
        self.kept.append(settled)
        return True

    def forget(self) -> None:
        """All of it was thinking."""
        self.kept.clear()
        self._said.clear()
        self.left_out = self.repeats = 0
        self.silent = self._broken = False

    def answer(self, incomplete: bool = False, remark: str = "", usage: Usage | None = None) -> Answer:
        """What stands, as an answer."""
        footnotes = Footnotes(self.notes)
        for settled in self.kept:  # the statements' own words first, so that the numbers beside them do not skip
            for source in settled.sources:
                footnotes.number(source.hit, source.span)
        statements = tuple(_statement(s, place == 0, footnotes) for place, s in enumerate(self.kept))
        return replace(
            self.plain,
            outcome="answered",
            statements=statements,
            citations=tuple(footnotes.found),
            mode=self.name,
            left_out=self.left_out,
            incomplete=incomplete,
            remark=remark,
            usage=usage,
        )

    def settled(self, failure: str, reply: Reply | None, usage: Usage) -> Answer:
        """The answer that stands: the model's where enough of it passed, else the one from the notes alone and why."""
        if self.kept and len(self.kept) >= WORTH * (len(self.kept) + self.left_out):
            cut = bool(failure) or (reply is not None and reply.stop == "tokens")
            return self.answer(incomplete=cut, remark=f"{failure} What had passed by then is shown." if failure else "", usage=usage)
        if self.silent:
            short = replace(self.plain, outcome="closest", statements=self.plain.statements[:NEAR])
            return replace(short, remark=f"{self.name} read the notes and found no answer in them.", usage=usage)
        why = failure or (
            f"Of what {self.name} wrote, {self.left_out} of {self.left_out + len(self.kept)} sentences are not in your notes."
            if self.left_out
            else f"{self.name} said nothing."
        )
        return replace(self.plain, left_out=self.left_out, remark=f"{why} {ALONE}", usage=usage)


def _statement(settled: Settled, first: bool, footnotes: Footnotes) -> Statement:
    """A settled sentence as a statement; *exact* is said of the very characters of a quote only."""
    text, role = settled.drafted.text, settled.drafted.role
    numbers = [footnotes.number(s.hit, span) for s in settled.sources for span in (s.span, s.label_at) if span]
    verbatim = any(text in footnotes.found[n - 1].quote for n in numbers)
    verdict: Verdict = "unsure" if settled.judgement.verdict == "unsure" else "exact" if verbatim else "supported"
    return Statement(text, tuple(dict.fromkeys(numbers)), "lead" if first and role == "point" else role, verdict=verdict)


def _repeats(one: Settled, before: Settled) -> bool:
    """Whether a sentence says on the same sources what one before it said, in nearly the same words."""
    own = _terms(one)
    return one.sources == before.sources and len(own & _terms(before)) >= SAME * len(own)


def _terms(settled: Settled) -> set[str]:
    return set(content_terms(settled.drafted.text))


def _share_a_section(one: Settled, other: Settled) -> bool:
    return bool({s.hit.passage.section for s in one.sources} & {s.hit.passage.section for s in other.sources})
