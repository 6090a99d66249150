"""Ranking and packing, checked against a plain computation of the same thing."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import Tiny, write_notes

from tutor import question, retrieve
from tutor.index import Index, embedded_text
from tutor.retrieve import FEATURES


@pytest.fixture
def index(tiny_index: Tiny) -> Index:
    return tiny_index.open()


def test_the_features_are_what_they_say(index: Index, tiny: Tiny) -> None:
    from tutor.embed import question_encoder

    encoder = question_encoder(tiny.model)
    query = question.read("Chlorophyll absorbs light", index)
    rows, features = retrieve.candidates(query, index, encoder)
    assert sorted(rows) == list(range(len(index.passages)))
    vectors = encoder([embedded_text(p) for p in index.passages])
    for row, values in zip(rows, features, strict=True):
        named = dict(zip(FEATURES, values, strict=True))
        own = float(vectors[row] @ encoder([query.text])[0])
        lent = [0.95 * float(v) for k, v in zip(index.keys, encoder([k.text for k in index.keys]) @ encoder([query.text])[0], strict=True) if row in k.passages]
        assert named["cosine"] == pytest.approx(max([own, *lent]), abs=1e-5)
        text, heading = index.terms(int(row))
        found = sum(t.weight for t in query.terms if t.stem in text | heading) / sum(t.weight for t in query.terms)
        assert named["coverage"] == pytest.approx(found)


def test_the_passage_that_holds_every_word_comes_first(tiny_index: Tiny) -> None:
    hits = tiny_index.tutor().search("Chlorophyll absorbs red and blue light and reflects green")
    assert hits[0].passage.heading == ("Plants", "Photosynthesis")
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


def test_a_phrasing_from_the_front_matter_finds_its_section_and_is_never_quoted(tiny_index: Tiny) -> None:
    tutor = tiny_index.tutor()
    assert tutor.search("zyxofoodmaking")[0].passage.heading == ("Plants", "Photosynthesis")
    answer = tutor.ask("zyxofoodmaking")
    assert "zyxofoodmaking" not in " ".join([s.text + s.label for s in answer.statements] + [c.quote for c in answer.citations])


def test_a_context_keeps_to_its_budget_and_its_order(tiny_index: Tiny) -> None:
    tutor = tiny_index.tutor()
    everything = tutor.context("ribosomes build proteins", max_tokens=10_000)
    assert len(everything) == len(tutor.index.passages)
    small = tutor.context("ribosomes build proteins", max_tokens=60)
    assert 0 < sum(h.passage.tokens for h in small) <= 60
    assert small[0] == everything[0]
    assert tutor.context("ribosomes", max_tokens=0) == []


def test_the_same_words_in_two_notes_are_one_hit_that_names_both(tiny: Tiny) -> None:
    write_notes(
        tiny.notes,
        {
            "a.txt": "Rubisco\n\nRubisco fixes carbon dioxide in the stroma of a leaf.\n",
            "b.txt": "Rubisco\n\nRubisco fixes carbon dioxide in the stroma of a leaf.\n",
        },
    )
    tiny.ingest()
    hits = [h for h in tiny.tutor().context("what fixes carbon dioxide in the stroma") if "stroma" in h.passage.text]
    assert [(h.passage.note, h.also) for h in hits] == [("a.txt", ("b.txt",))]


def test_coverage_is_the_weighted_share_of_terms(index: Index) -> None:
    query = question.read("rubisco presses", index)
    weight = {t.stem: t.weight for t in query.terms}
    assert retrieve.coverage(query, {"rubisco"}) == pytest.approx(weight["rubisco"] / sum(weight.values()))
    assert retrieve.coverage(query, set(weight)) == pytest.approx(1.0)
    assert retrieve.coverage(query, frozenset()) == 0.0


def test_an_empty_query_finds_nothing(tiny_index: Tiny) -> None:
    tutor = tiny_index.tutor()
    assert tutor.search("   ") == []
    assert tutor.context("") == []


def test_a_model_refuses_weights_for_other_features() -> None:
    from tutor import weights

    with pytest.raises(ValueError, match="run `python -m evals calibrate`"):
        weights.linear({"weights": {"no such feature": 1.0}}, FEATURES)
    made = weights.linear({"weights": {"cosine": 2.0}, "bias": 0.5}, FEATURES)
    row = np.zeros((1, len(FEATURES)))
    row[0, FEATURES.index("cosine")] = 3.0
    assert made.scores(row)[0] == pytest.approx(6.5)
    assert made.score(row[0]) == pytest.approx(6.5)
