"""What is tried, one suite a module: a scene in, items out. The same scene gives the same items, whatever the machine's hash seed or threads."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, TypeVar

from evals.cases import Case, read, sets
from evals.records import Item
from ingest.build import ingest
from tutor import embed
from tutor.embed import Model, QuestionEncoder
from tutor.errors import InputError
from tutor.index import open_index
from tutor.session import Tutor

COURSE: Final = "course"
NOTES: Final = "notes"
_T = TypeVar("_T")


@dataclass
class Scene:
    """Where the suites look: our gold sets by name, each with an index of its notes below `home`, and the embedding model.

    `only` keeps to cases of these ids (None: all that are not sealed); `share` is (k, n): of a long list, every n-th entry from
    the k-th on, so that several processes share the work. `alter` is what the tutor goes through before it is asked.
    """

    home: Path
    model: Model
    only: frozenset[str] | None = None
    share: tuple[int, int] = (0, 1)
    alter: Callable[[Tutor], Tutor] | None = None
    sealed: bool = False
    asked: list[float] = field(default_factory=list)
    """Milliseconds of each question that was asked."""
    _tutors: dict[str, Tutor] = field(default_factory=dict, repr=False)

    @cached_property
    def encoder(self) -> QuestionEncoder:
        """Embeds questions."""
        return embed.question_encoder(self.model)

    @cached_property
    def folder(self) -> Path:
        """A folder of the scene's own that goes with it."""
        made = Path(tempfile.mkdtemp(prefix="evals-"))
        weakref.finalize(self, shutil.rmtree, made, ignore_errors=True)
        return made

    def tutor(self, name: str) -> Tutor:
        """The notes-only tutor over a gold set's notes. Raises InputError for an unknown set, IndexMissing before `prepare`."""
        if name not in self._tutors:
            made = Tutor(open_index(self.index(name), self.model), self.encoder)
            self._tutors[name] = self.alter(made) if self.alter else made
        return self._tutors[name]

    def index(self, name: str) -> Path:
        """Where the index of a gold set's notes is."""
        if name not in {s.name for s in sets()}:
            raise InputError(f"There is no gold set {name}.")
        return self.home / "indexes" / name

    def prepare(self, progress: Callable[[str], None] = lambda _text: None) -> None:
        """Bring the indexes of all gold sets up to date; what did not change is not embedded anew."""
        for each in sets():
            progress(f"index of the {each.name}")
            ingest(self.index(each.name), [each.notes], self.model, lambda _phase, _done, _total: None)

    def cases(self, name: str) -> list[Case]:
        """The cases of a gold set that this scene is to try, in the order of their files."""
        files = next(s.files for s in sets() if s.name == name)
        found = [c for c in read(files, self.tutor(name).index.notes) if c.sealed == self.sealed and (self.only is None or c.id in self.only)]
        return self.mine(found)

    def lend(self, other: Scene) -> None:
        """Take over what another scene of the same home and model has opened."""
        self._tutors.update(other._tutors)

    def mine(self, things: list[_T]) -> list[_T]:
        """This scene's share of a list."""
        start, step = self.share
        return things[start::step]


Suite = Callable[[Scene], Iterator[Item]]
