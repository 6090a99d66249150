"""The context: within its budget, verbatim, of more passages than would fit, and whole where steps are asked for."""

from __future__ import annotations

import pytest
from fakes import quiet

from ingest.build import ingest
from tutor import context, embed, question, retrieve, session
from tutor.embed import Model
from tutor.session import Tutor

ANIMALS = "quokka wombat numbat bilby potoroo bettong dunnart quoll possum glider koala emu cassowary echidna platypus dingo".split()
QUESTION = "which animal eats bark and leaves at night"


@pytest.fixture(scope="module")
def zoo(minilm: Model, tmp_path_factory: pytest.TempPathFactory) -> Tutor:
    folder = tmp_path_factory.mktemp("zoo")
    parts = [
        f"## The {name}\n\nThe {name} lives in enclosure {at} behind the old gate. Keepers visit the {name} twice a day with buckets and brooms. "
        f"At night the {name} eats bark and leaves. Visitors may watch the {name} from the wooden bridge above its small pond.\n"
        for at, name in enumerate(ANIMALS)
    ]
    (folder / "zoo.md").write_text("# Zoo\n\n" + "\n".join(parts), encoding="utf-8")
    ingest(folder / "index", [folder], minilm, quiet, encoder=embed.question_encoder)
    return session.load(folder / "index")


@pytest.mark.parametrize("budget", [1, 20, 60, 150, 400, 5000])
def test_the_texts_stay_within_the_budget(zoo: Tutor, minilm: Model, budget: int) -> None:
    count = embed.counter(minilm)
    for asked in (QUESTION, "how do I feed the wombat", "koala", ""):
        assert sum(count([h.passage.text for h in zoo.context(asked, budget)])) <= budget


def test_every_part_is_verbatim_and_holds_its_units(zoo: Tutor) -> None:
    for hit in zoo.context(QUESTION, 150):
        p = hit.passage
        assert p.text == zoo.note(p.note).text[p.start : p.end]
        assert p.units
        assert all(p.start <= u.start < u.end <= p.end for u in p.units)


def test_more_sections_are_reached_than_whole_passages_would_reach(zoo: Tutor) -> None:
    query = question.read(QUESTION, zoo.index)
    ranked = retrieve.rank(query, zoo.index, zoo.encoder)
    whole = context.wide(ranked, zoo.index, 150, times=1.0)
    packed = zoo.context(QUESTION, 150)
    assert len({h.passage.heading for h in packed}) > len({h.passage.heading for h in whole})
    parts = [h.passage.text for h in packed if h.passage not in zoo.index.passages]
    assert parts
    assert all("eats bark and leaves" in text for text in parts)


def test_a_question_for_steps_gets_whole_passages(zoo: Tutor) -> None:
    packed = zoo.context("how do I feed the wombat with bark and leaves", 150)
    assert packed
    assert all(h.passage in zoo.index.passages for h in packed)


def test_what_fits_is_left_whole(zoo: Tutor) -> None:
    assert all(h.passage in zoo.index.passages for h in zoo.context(QUESTION, 5000))
