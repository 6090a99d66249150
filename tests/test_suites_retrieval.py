"""The suite of retrieval, and folders in BEIR's format, against scores worked out by hand."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from fakes import Tiny

from evals import __main__ as command
from evals.cases import Case, Evidence
from evals.measures import beir
from evals.suites import retrieval
from tutor import embed
from tutor.errors import InputError
from tutor.session import Tutor
from tutor.types import Hit, Passage

ONE, TWO, THREE = (Hit(Passage("a.md", (), n, n + 50, None, f"text {n}"), 1.0) for n in (0, 100, 200))


def evidence(start: int) -> Evidence:
    return Evidence("a.md", ((start, start + 40),))


def case(*starts: int, also: tuple[int, ...] = ()) -> Case:
    return Case("q", "fact", "?", tuple(map(evidence, starts)), tuple(map(evidence, also)), sha="s")


def test_each_piece_counts_by_its_first_passage() -> None:
    assert retrieval.first_ranks(case(100, 0), [ONE, TWO, THREE]) == [2, 1]
    assert retrieval.first_ranks(case(300), [ONE, TWO]) == [None]


def test_an_alternative_stands_in_for_a_single_piece_only() -> None:
    assert retrieval.first_ranks(case(300, also=(100,)), [ONE, TWO]) == [2]
    assert retrieval.first_ranks(case(300, 0, also=(100,)), [ONE, TWO]) == [None, 1]


@pytest.mark.parametrize(
    ("ranks", "value"), [([1], 1.0), ([2], 1 / math.log2(3)), ([None], 0.0), ([1, 2], 1.0), ([2, None], (1 / math.log2(3)) / (1 + 1 / math.log2(3)))]
)
def test_gain_is_discounted_and_set_against_the_best_order(ranks: list[int | None], value: float) -> None:
    assert retrieval.ndcg(ranks) == pytest.approx(value)


def test_an_item_holds_what_was_found() -> None:
    found = retrieval.item(case(100, 300), "notes", [ONE, TWO], [TWO])
    assert found.scores == pytest.approx({"ndcg10": retrieval.ndcg([2, None]), "recall10": 0.5, "mrr10": 0.5, "evidence_any": 1, "evidence_all": 0}, abs=1e-4)
    assert found.checks == {"in_context": True}
    assert retrieval.item(case(100), "notes", [TWO, ONE], [TWO]).outcome != retrieval.item(case(100), "notes", [ONE, TWO], [TWO]).outcome


def test_a_ranking_is_scored_as_trec_eval_does() -> None:
    found = beir.scores(["x", "b", "a"], {"a": 2, "b": 1, "c": 1})
    best = 2 + 1 / math.log2(3) + 1 / 2
    assert found == pytest.approx({"ndcg10": (1 / math.log2(3) + 2 / 2) / best, "recall10": 2 / 3, "recall100": 2 / 3, "mrr10": 0.5})


def write(folder: Path, *queries: tuple[str, str, str]) -> Path:
    """Three documents in BEIR's format, with queries (id, text, id of the document that answers it)."""
    documents = {
        "d1": ("Cells", "A mitochondrion makes most of the chemical energy of a cell."),
        "d2": ("Plants", "Chlorophyll absorbs red and blue light and reflects green."),
        "d3": ("", "Johannes Gutenberg printed a Bible in Mainz around 1455."),
    }
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text("".join(json.dumps({"_id": i, "title": t, "text": x}) + "\n" for i, (t, x) in documents.items()), encoding="utf-8")
    (folder / "queries.jsonl").write_text("".join(json.dumps({"_id": i, "text": t}) + "\n" for i, t, _ in queries), encoding="utf-8")
    rows = "".join(f"{i}\t{d}\t1\n" for i, _, d in queries)
    (folder / "qrels" / "test.tsv").write_text(f"query-id\tcorpus-id\tscore\n{rows}unknown\td1\t1\n", encoding="utf-8")
    return folder


def test_a_folder_in_beirs_format_is_scored(tmp_path: Path, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path / "beir", ("q1", "what does chlorophyll reflect", "d2"), ("q2", "who printed a Bible in Mainz", "d3"))
    assert command.main(["run", "--beir", str(folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["documents"], found["queries"]) == (3, 2)
    assert found["figures"]["ndcg10"] == {"value": 1.0, "error": 0.0, "n": 2}
    assert found["figures"]["mrr10"]["value"] == 1.0


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "beir", ("q1", "what", "d2"))
    (folder / "qrels" / "test.tsv").write_text("query\tdocument\n1\t2\n", encoding="utf-8")
    with pytest.raises(InputError, match="not in BEIR's format"):
        beir.read(folder)


def test_documents_stand_where_their_best_passage_does(tiny_index: Tiny) -> None:
    tutor = Tutor(tiny_index.open(), embed.question_encoder(tiny_index.model))
    names = {Path(n.path).name: n.path for n in tutor.notes()}
    ranked = beir.ranking(tutor, "Which enzyme does the Calvin cycle need?", names)
    assert ranked[0] == "biology/plants.md"
    assert len(ranked) == len(set(ranked))
