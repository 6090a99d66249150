"""Gold sets in, one result out: evidence found by both pipelines, what they cost, on which machine and which commit."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from evals.bench import evidence, peer, processes, scale
from evals.bench.compared import Cost, cost_row
from evals.cases import Case, GoldSet, read, sets
from ingest.build import ingest
from tutor import embed
from tutor.context import BUDGET
from tutor.embed import Model, QuestionEncoder
from tutor.errors import InputError
from tutor.index import open_index
from tutor.session import Tutor
from tutor.settings import MINILM

SCHEMA: Final = "footnote/bench/1"
RESULTS: Final = Path(__file__).resolve().parent.parent / "results"
ROUNDS: Final = 5
QUESTIONS: Final = 40
"""Questions that are timed over synthetic passages in each round."""
SPLITTER: Final = "langchain_text_splitters"
ABOUT: Final = [
    "Theirs: LangChain's RecursiveCharacterTextSplitter (1,000 characters, 200 of overlap), the same MiniLM by sentence-transformers, and exact search.",
    "The search is one product of matrices, in place of LangChain's InMemoryVectorStore, which finds the same; no question waits for LangChain's imports.",
    "Evidence: of the questions that the notes answer. Theirs is filled with its nearest chunks that still fit the tokens; ours is an answer's context.",
    "The same tokenizer counts for both, and the same code judges both. Ours also reads front matter: titles, and learner phrasings where there are any.",
    "Whole processes in turn, files in the disk's cache. Theirs gets the notes as text, and prints passages where ours prints an answer with footnotes.",
    "After an edit theirs embeds everything anew: without LangChain's indexing API, which the default has not, it keeps no record of what it embedded.",
    "Open processes: a question is embedded and the ten best of synthetic passages are found, ours by words and vectors, theirs by vectors alone.",
    "Of the same notes ours makes more and smaller passages, as counted above. In open processes each multiplies on one thread, elsewhere as it comes.",
]
"""What is compared with what; printed with the figures."""
LIBRARIES: Final = ("faiss-cpu", "bm25s", "numpy", "sentence-transformers", "torch", "langchain-text-splitters")

Progress = Callable[[str], None]


def say(text: str) -> None:
    """Progress on standard error."""
    print(text, file=sys.stderr, flush=True)


def measure(
    model: Model,
    home: Path,
    over: Sequence[GoldSet] = (),
    rounds: int = ROUNDS,
    sizes: Sequence[int] = scale.SIZES,
    sealed: bool = False,
    progress: Progress = say,
) -> dict[str, Any]:
    """Both pipelines over gold sets (none: our own), by the sealed questions alone or all the others; no rounds: the evidence alone.

    `home` keeps our indexes of the sets from run to run. What is said of evidence is the same in each run on one machine. Raises InputError
    for fewer than no rounds, for a set without a question that its notes answer, and where LangChain's splitter is not installed.
    """
    if find_spec(SPLITTER) is None:
        raise InputError(f"The bench needs LangChain's splitter; install it with `pip install {SPLITTER.replace('_', '-')}`.")
    if rounds < 0:
        raise InputError(f"{rounds} rounds cannot be run; give 0 (the evidence alone) or more.")
    pair = embed.question_encoder(model), peer.encoder(model.folder)
    tried = [_Tried(each, *_opened(each, home / each.name, model, pair[0], sealed, progress)) for each in over or sets()]
    found = {t.gold.name: _evidence(t, model, pair[1], progress) for t in tried}
    queries: list[Cost] = []
    if rounds:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            for each in tried:
                say_of = _naming(each.gold.name, progress)
                costs = processes.compare(each.gold.notes, each.asked, model, rounds, Path(folder) / each.gold.name, say_of)
                found[each.gold.name]["costs"] = {c.name: cost_row(c) for c in costs}
            words, asked = tried[-1].tutor.index.words, tried[-1].asked
            some = asked[:: max(1, len(asked) // QUESTIONS)][:QUESTIONS]
            with peer.threads(1):
                queries = scale.compare(sizes, rounds, some, words, model, pair, Path(folder), progress)
    return {
        "schema": SCHEMA,
        "commit": commit(),
        "machine": machine(),
        "model": model.name if model.name == MINILM else model.digest[:12],
        "rounds": rounds,
        "sealed": sealed,
        "about": ABOUT,
        "budget": BUDGET,
        "sets": found,
        "queries": {c.name: cost_row(c) for c in queries},
    }


@dataclass(frozen=True, slots=True)
class _Tried:
    """A gold set with our tutor over its notes, and its questions."""

    gold: GoldSet
    tutor: Tutor
    cases: list[Case]

    @property
    def asked(self) -> list[str]:
        """The questions that the notes answer."""
        return [c.question for c in self.cases if c.answerable]

    @property
    def fitted(self) -> bool:
        """Whether our weights were fitted to these questions: to all of our own that are not sealed."""
        return self.gold.files in {s.files for s in sets()} and not any(c.sealed for c in self.cases)


def _opened(gold: GoldSet, index: Path, model: Model, encoder: QuestionEncoder, sealed: bool, progress: Progress) -> tuple[Tutor, list[Case]]:
    progress(f"{gold.name}: our index")
    ingest(index, [gold.notes], model, lambda _phase, _done, _total: None)
    tutor = Tutor(open_index(index, model), encoder)
    cases = [c for c in read(gold.files, tutor.index.notes) if c.sealed == sealed]
    if not any(c.answerable for c in cases):
        raise InputError(f"The questions on {gold.notes} name no evidence in it; give a file of gold questions that do.")
    return tutor, cases


def _evidence(tried: _Tried, model: Model, encode: peer.Encode, progress: Progress) -> dict[str, Any]:
    index = tried.tutor.index
    progress(f"{tried.gold.name}: their chunks")
    held = processes.contents(tried.gold.notes)
    if lacking := set(index.notes) - set(held):
        raise InputError(f"The other pipeline was not given {min(lacking)}, which ours reads: name the notes as they are named to `python -m ingest`.")
    store = peer.build({name: text for name, (_, text) in held.items()}, encode)
    count = embed.counter(model)
    progress(f"{tried.gold.name}: {len(tried.asked)} questions")
    theirs = evidence.theirs(store, {name: start for name, (start, _) in held.items()}, encode, count)
    compared = evidence.compare(tried.cases, (evidence.ours(tried.tutor), theirs), count)
    return {
        "notes": len(index.notes),
        "tokens": sum(p.tokens for p in index.passages),
        "passages": {"ours": len(index.passages), "theirs": len(store.chunks)},
        "phrasings": len(index.keys),
        "evidence": {"fitted": tried.fitted, **compared},
        "costs": {},
    }


def _naming(name: str, progress: Progress) -> Progress:
    """Progress on one gold set."""
    return lambda text: progress(f"{name}: {text}")


def machine() -> dict[str, Any]:
    """What the times depend on, without a name of the machine or of a person."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    libraries = {name: version(name) for name in LIBRARIES}
    return {"cores": cores, "system": platform.system(), "architecture": platform.machine(), "python": platform.python_version(), "libraries": libraries}


def commit() -> str:
    """The short hash of the commit, with "-dirty" where tracked files differ from it; "none" without git."""
    found = _git("rev-parse", "--short", "HEAD")
    return f"{found}-dirty" if found and _git("status", "--porcelain", "--untracked-files=no") else found or "none"


def _git(*arguments: str) -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    done = subprocess.run([git, "-C", str(RESULTS.parent), *arguments], capture_output=True, text=True, encoding="utf-8", check=False)  # noqa: S603
    return done.stdout.strip()


def dumps(result: dict[str, Any]) -> str:
    """A result as sorted JSON without NaN."""
    return json.dumps(result, indent=1, sort_keys=True, allow_nan=False) + "\n"


def write(result: dict[str, Any], path: Path | None = None) -> Path:
    """Write a result, where no path is given to results/bench-COMMIT.json; the path."""
    where = path or RESULTS / f"bench-{result['commit']}.json"
    where.parent.mkdir(parents=True, exist_ok=True)
    where.write_text(dumps(result), encoding="utf-8", newline="\n")
    return where
