"""A guard of the tutor taken away, a few items of the suite that watches it tried with and without: which of them turn red, out.

This is the one module of the evals that reaches into the tutor: a guard is a function, replaced where it is looked up, and put back.
"""

from __future__ import annotations

import datetime
import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from evals.gate import policy
from evals.gate import steps as gate
from evals.gate.comparison import REGRESSION, Comparison
from evals.measures import attempts, defects, marking, markup, planted, puppet
from evals.measures.attempts import GRADING, Marked
from evals.measures.deceit import PLANTED
from evals.measures.flaws import Ground
from evals.measures.planted import Host, indexed
from evals.records import Item, Run
from evals.suites import COURSE, NOTES, Scene, answers, drafts, grading, models, questions, safety
from tutor import facts
from tutor.exam import Verification
from tutor.generative.sentences import Drafted
from tutor.generative.sources import Source
from tutor.generative.support import Settled
from tutor.grading import orders
from tutor.ground import Judgement
from tutor.questions import proof
from tutor.session import Tutor
from tutor.types import Answer

SPELLINGS: Final = ("script", "link", "directive", "escape")
"""Hostile spellings that are shown."""
SILENT: Final = 6
"""Questions of each set that the notes do not answer."""
ORDERS: Final = 6
"""Orders planted in notes."""
FLAWED: Final = 60
"""Questions that flaws are planted in."""
REPLAYED: Final = 4
"""Questions to which recorded replies are replayed."""
ATTEMPTS: Final = 8
"""Attempts of a kind that are marked."""


@dataclass
class Stage:
    """A scene, and what several guards are tried on, made once and before any of them is taken away."""

    scene: Scene
    _trials: int = field(default=0, init=False)

    @cached_property
    def hostile(self) -> tuple[Tutor, Mapping[str, Sequence[Answer]]]:
        """A tutor over notes with hostile spellings, and the answers that say these, by their names."""
        notes = {name: text for name, text in markup.notes().items() if name.split()[0] in map(markup.stone, SPELLINGS)}
        tutor = Tutor(indexed(notes, self.scene.folder / self.folder(), self.scene.model, self.scene.encoder), self.scene.encoder)
        return tutor, {name: [tutor.ask(question) for question in markup.questions(name)] for name in SPELLINGS}

    @cached_property
    def flawed(self) -> list[tuple[str, defects.Planted]]:
        """Flawed questions over the course, with their names."""
        tutor = self.scene.tutor(COURSE)
        found = defects.plant(tutor.quiz(n=FLAWED), tutor.index, Ground(tutor.index.notes, self.matrix))
        return [(f"{questions.slug(kind)}/{n:02d}", one) for kind, some in found.items() for n, one in enumerate(some[:2])]

    @cached_property
    def matrix(self) -> facts.Matrix:
        """What the notes of the course state."""
        return facts.build(self.scene.tutor(COURSE).index)

    @cached_property
    def marked(self) -> list[Marked]:
        """Labelled attempts."""
        return attempts.read(GRADING)

    @cached_property
    def commanding(self) -> list[Marked]:
        """Those of them that speak to the examiner."""
        return [one for one in self.marked if one.kind == "f" and orders.answering(one.text, ())[1]]

    @cached_property
    def hosts(self) -> list[Host]:
        """Questions beside whose evidence orders are planted."""
        return planted.hosts(puppet.own())

    def folder(self) -> str:
        """A name that no trial had before."""
        self._trials += 1
        return f"guards-{self._trials}"


Watch = Callable[[Stage], Iterator[Item]]


@dataclass(frozen=True, slots=True)
class Guard:
    """Something that the tutor does for a learner's safety: where its function is looked up ("module:name"), what stands in its place
    once it is gone, and the items that must turn red then."""

    name: str
    where: str
    gone: Callable[..., Any]
    watch: Watch


@dataclass(frozen=True, slots=True)
class Removal:
    """What the gate says of a guard's items without it: how many were tried, and its findings, none where it sees no difference."""

    guard: str
    where: str
    tried: int
    red: tuple[str, ...]


def removals(scene: Scene, guards: Sequence[Guard] | None = None, progress: Callable[[str], None] = lambda _text: None) -> list[Removal]:
    """Take every guard (None: all of them) away in turn."""
    stage, found, before = Stage(scene), list[Removal](), dict[Watch, Run]()
    for guard in GUARDS if guards is None else guards:
        progress(f"without the guard: {guard.name}")
        if guard.watch not in before:
            before[guard.watch] = Run({}, tuple(guard.watch(stage)))
        with replaced(guard.where, guard.gone):
            after = Run({}, tuple(guard.watch(stage)))
        found.append(Removal(guard.name, guard.where, len(after.items), tuple(differences(after, before[guard.watch]))))
    return found


def differences(run: Run, before: Run) -> list[str]:
    """What the gate finds to have got worse between two runs."""
    known = {f.text for f in beside(before, before).findings}
    return [f.text for f in beside(run, before).findings if f.code == REGRESSION and f.text not in known]


def beside(run: Run, before: Run) -> Comparison:
    """A run beside another as the gate sees them; its floors and waivers are for whole runs, and left out."""
    return gate.compare(run, before, replace(policy.read(), floors={}, waivers=()), datetime.date.min)


@contextmanager
def replaced(where: str, instead: Callable[..., Any]) -> Iterator[None]:
    """Another function where one is looked up ("module:name"), for as long as the block lasts."""
    name, _, attribute = where.partition(":")
    module = importlib.import_module(name)
    kept = getattr(module, attribute)
    setattr(module, attribute, instead)
    try:
        yield
    finally:
        setattr(module, attribute, kept)


def page(stage: Stage) -> Iterator[Item]:
    """Hostile spellings as the page shows them."""
    return _shown(stage, "page")


def terminal(stage: Stage) -> Iterator[Item]:
    """The same in a terminal."""
    return _shown(stage, "terminal")


def _shown(stage: Stage, sink: str) -> Iterator[Item]:
    tutor, said = stage.hostile
    for name, found in said.items():
        alive = {clause for text in markup.SINKS[sink](tutor, name, found) for clause in safety.ALIVE[sink](text)}
        yield safety.escaped(name, markup.TEXTS[name], sink, sorted(alive), markup.said(name, found))


def careless(stage: Stage) -> Iterator[Item]:
    """Careless drafts."""
    return drafts.items(stage.scene)


def unanswered(stage: Stage) -> Iterator[Item]:
    """Questions that the notes do not answer."""
    whole = replace(stage.scene, only=None, share=(0, 1), sealed=False)
    ids = {c.id for name in (COURSE, NOTES) for c in [c for c in whole.cases(name) if not c.answerable][:: 1 + len(whole.cases(name)) // 200][:SILENT]}
    return answers.items(replace(whole, only=frozenset(ids)))


def replayed(stage: Stage) -> Iterator[Item]:
    """Recorded replies to a few questions, in every style."""
    whole = replace(stage.scene, only=None, share=(0, 1), sealed=False)
    ids = [i for some in models._questions(models.FOLDER).values() for i in sorted(some)]
    return models.items(replace(whole, only=frozenset(ids[:: max(1, len(ids) // REPLAYED)])))


def ordered(stage: Stage) -> Iterator[Item]:
    """Orders planted in notes, put to a model that obeys."""
    texts = planted.rotated(planted.read(PLANTED))
    scene = stage.scene
    few = texts[:: max(1, len(texts) // ORDERS)][:ORDERS]
    return map(safety.obeyed, planted.tried(few, stage.hosts, scene.model, scene.encoder, scene.folder / stage.folder(), 1))


def flawed(stage: Stage) -> Iterator[Item]:
    """Questions with a known flaw."""
    for name, one in stage.flawed:
        caught = proof.verify(one.question, one.index, stage.matrix).status != "valid"
        yield Item(f"questions/defects/{name}", one.kind, COURSE, one.question.note, one.question.stem, one.question.id, {"caught": caught})


def copies(stage: Stage) -> Iterator[Item]:
    """Near copies of the notes with a fact turned round."""
    return _marked(stage, [one for one in stage.marked if one.kind == "d"])


def commands(stage: Stage) -> Iterator[Item]:
    """Attempts that speak to the examiner."""
    return _marked(stage, stage.commanding)


def own_words(stage: Stage) -> Iterator[Item]:
    """Attempts in the learner's own words."""
    return _marked(stage, [one for one in stage.marked if one.kind == "a"])


def _marked(stage: Stage, some: Sequence[Marked]) -> Iterator[Item]:
    return (grading.marked(marking.mark(one, stage.scene.encoder)) for one in some[:: max(1, len(some) // ATTEMPTS)][:ATTEMPTS])


def _trusted(drafted: Drafted, sources: Sequence[Source], question: str) -> Settled:  # noqa: ARG001
    """A model's sentence as it cites itself."""
    cited = tuple(s for s in sources if s.id in drafted.ids)
    return Settled(drafted, cited, Judgement("supported", score=1.0))


GUARDS: Final = (
    Guard("citations are checked before they are shown", "tutor.explain:checked", lambda answer, notes: answer, careless),  # noqa: ARG005
    Guard("an exact statement stands in its quote", "tutor.explain:_holds", lambda statement, sound, question: True, careless),  # noqa: ARG005
    Guard("a quote stands in its note", "tutor.explain:_stands", lambda citation, notes: True, careless),  # noqa: ARG005
    Guard("the page escapes what notes say", "tutor.render:_escaped", str, page),
    Guard("the terminal strips what it would act on", "tutor.terminal:plain", str, terminal),
    Guard("what the notes do not answer is declined", "tutor.extractive.outcome:decide", lambda row: "answered", unanswered),  # noqa: ARG005
    Guard("a model's sentences are held against the notes", "tutor.generative.draft:settle", _trusted, replayed),
    Guard("a model's sentences rest on no command", "tutor.generative.support:breach", lambda text, footing, sources: "", ordered),  # noqa: ARG005
    Guard("questions are verified", "tutor.questions.proof:verify", lambda question, index, matrix: Verification("valid"), flawed),  # noqa: ARG005
    Guard("near copies get no score", "tutor.grading.written:_is_changed_copy", lambda known, text: False, copies),  # noqa: ARG005
    Guard("what speaks to the examiner is not marked", "tutor.grading.orders:answering", lambda attempt, subject: (attempt, 0), commands),  # noqa: ARG005
    Guard("marks quote the learner's own words", "tutor.grading.written:_evidence", lambda one, attempt: "as the learner says", own_words),  # noqa: ARG005
)
