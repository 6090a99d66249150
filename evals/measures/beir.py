"""A folder in BEIR's format in, how well the tutor's search ranks its documents out.

The format (Thakur et al. 2021): corpus.jsonl with _id, title and text, queries.jsonl with _id and text, and qrels/SPLIT.tsv with
query-id, corpus-id and score under a header line. Nothing of the folder is kept.
"""

from __future__ import annotations

import csv
import json
import math
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evals.metrics import figure
from ingest.build import ingest
from tutor import embed
from tutor.errors import InputError
from tutor.index import open_index
from tutor.session import LONGEST, Tutor
from tutor.settings import from_environment

DEPTH: Final = 100
"""Documents that are ranked for a query."""
PASSAGES: Final = 300
"""Passages that are looked through for them."""
CUT: Final = 10

Gains = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents and queries by id, and the gain of each document that is relevant to a query."""

    documents: Mapping[str, str]
    queries: Mapping[str, str]
    relevant: Mapping[str, Gains]


def read(folder: Path, split: str = "test") -> Collection:
    """The collection in a folder. Raises InputError where a file is missing or not in the format."""
    try:
        documents = {str(r["_id"]): f"# {r.get('title') or r['_id']}\n\n{r['text']}\n" for r in _lines(folder / "corpus.jsonl")}
        queries = {str(r["_id"]): str(r["text"]) for r in _lines(folder / "queries.jsonl")}
        relevant: dict[str, dict[str, int]] = defaultdict(dict)
        with (folder / "qrels" / f"{split}.tsv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                if int(row["score"]) > 0:
                    relevant[row["query-id"]][row["corpus-id"]] = int(row["score"])
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise InputError(f"{folder} is not in BEIR's format (corpus.jsonl, queries.jsonl, qrels/{split}.tsv): {error}.") from error
    judged = {q: gains for q, gains in relevant.items() if q in queries}
    if not judged:
        raise InputError(f"No query of {folder.name}/queries.jsonl has a relevant document in qrels/{split}.tsv.")
    return Collection(documents, queries, judged)


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]  # not splitlines: texts may hold other line ends


def measure(folder: Path, split: str = "test", progress: Callable[[str], None] = lambda _text: None) -> dict[str, object]:
    """nDCG@10, recall@10, recall@100 and MRR@10 over the queries that have relevant documents, each with its standard error."""
    collection = read(folder, split)
    model = embed.find(from_environment().embedding)
    with tempfile.TemporaryDirectory(prefix="beir-") as made:
        notes = Path(made) / "notes"
        notes.mkdir()
        names = {f"{n:07d}.md": name for n, name in enumerate(collection.documents)}
        for file, name in names.items():
            (notes / file).write_text(collection.documents[name], encoding="utf-8")
        progress(f"index of {len(names)} documents")
        ingest(Path(made) / "index", [notes], model, lambda _phase, _done, _total: None)
        tutor = Tutor(open_index(Path(made) / "index", model), embed.question_encoder(model))
        rows: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for number, (query, gains) in enumerate(collection.relevant.items(), 1):
            ranked = ranking(tutor, collection.queries[query], names)
            for name, value in scores(ranked, gains).items():
                rows[name].append((query, value))
            if number % 100 == 0:
                progress(f"{number} of {len(collection.relevant)} queries")
    found = {name: figure(name, values) for name, values in rows.items()}
    figures = {name: {"value": f.value, "error": f.error, "n": f.n} for name, f in found.items()}
    return {"documents": len(collection.documents), "queries": len(collection.relevant), "figures": figures}


def ranking(tutor: Tutor, query: str, names: Mapping[str, str]) -> list[str]:
    """Documents for a query, best first: each stands where its best passage does."""
    hits = tutor.search(query[:LONGEST], k=PASSAGES)
    return list(dict.fromkeys(names[path.rpartition("/")[2]] for h in hits for path in (h.passage.note, *h.also)))[:DEPTH]


def scores(ranked: Sequence[str], gains: Gains) -> dict[str, float]:
    """The scores of one ranking, as trec_eval defines them: gains are the judged scores, discounted by log2(1 + rank)."""
    gained = math.fsum(gains.get(name, 0) / math.log2(1 + r) for r, name in enumerate(ranked[:CUT], 1))
    best = math.fsum(gain / math.log2(1 + r) for r, gain in enumerate(sorted(gains.values(), reverse=True)[:CUT], 1))
    return {
        "ndcg10": gained / best,
        "recall10": sum(name in gains for name in ranked[:CUT]) / len(gains),
        "recall100": sum(name in gains for name in ranked[:DEPTH]) / len(gains),
        "mrr10": next((1 / r for r, name in enumerate(ranked[:CUT], 1) if name in gains), 0.0),
    }
