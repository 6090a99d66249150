"""Ingest again: what is unchanged is taken over, what was edited, moved, renamed or deleted is right, and nothing else."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from fakes import NOTES, PASSAGES, Counting, Run, Tiny, run_ingest, spans_hold, write_notes
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest import __main__ as command
from ingest.build import FEW, ingest
from tutor import embed
from tutor.embed import Model
from tutor.errors import InputError
from tutor.index import Index, embedded_text, open_index, stored_vectors
from tutor.text import terms

ASKS = 2
"""Learner phrasings in the front matter of NOTES."""


def files(tiny: Tiny) -> dict[str, tuple[int, bytes]]:
    """Every file under the index but the lock, with its time and content."""
    return {
        p.relative_to(tiny.index).as_posix(): (p.stat().st_mtime_ns, p.read_bytes()) for p in tiny.index.rglob("*") if p.is_file() and p.name != "write.lock"
    }


def same(a: Index, b: Index) -> None:
    """Two indexes hold the same notes, passages, keys, words and vectors, however they came about."""
    assert a.notes == b.notes
    assert a.passages == b.passages
    assert a.keys == b.keys
    assert (a.words, a.abbreviations) == (b.words, b.abbreviations)
    rows = list(range(len(a.passages) + len(a.keys)))
    assert a.vectors(rows).tobytes() == b.vectors(rows).tobytes()
    for term in {t for p in a.passages for t in terms(p.text)}:
        assert a.frequency(term) == b.frequency(term)


def test_the_first_run_embeds_everything_once(tiny: Tiny, counting: Counting) -> None:
    report = tiny.ingest()
    assert (report.notes, report.passages, report.embedded, report.changed, report.generation) == (3, PASSAGES, PASSAGES + ASKS, True, "g000001")
    index = tiny.open()
    assert sorted(counting.texts) == sorted([embedded_text(p) for p in index.passages] + [k.text for k in index.keys])
    assert report.tokens == sum(embed.counter(tiny.model)([p.text for p in index.passages]))
    for note in index.notes.values():
        spans_hold(note, [p for p in index.passages if p.note == note.path])


def test_vectors_stand_in_the_order_of_the_passages(tiny_index: Tiny, model: Model) -> None:
    """The brute-force check: each row is the embedding of its own heading path and text."""
    index = tiny_index.open()
    texts = [embedded_text(p) for p in index.passages] + [k.text for k in index.keys]
    expected = embed.question_encoder(model)(texts)
    assert np.array_equal(index.vectors(range(len(texts))), expected)
    for row, vector in enumerate(expected):
        scores = index.dense(vector)
        assert np.allclose(scores, expected @ vector, atol=1e-6)
        assert scores.argmax() == row


def test_running_again_embeds_nothing_and_publishes_nothing(tiny_index: Tiny, counting: Counting) -> None:
    before = files(tiny_index)
    for _ in range(2):
        report = tiny_index.ingest()
        assert (report.embedded, report.changed, report.generation) == (0, False, "g000001")
        assert (report.notes, report.passages) == (3, PASSAGES)
    assert counting.texts == []
    assert files(tiny_index) == before


def test_a_touched_note_embeds_nothing(tiny_index: Tiny, counting: Counting) -> None:
    os.utime(tiny_index.notes / "history.txt", (1e9, 1e9))
    report = tiny_index.ingest()
    assert (report.embedded, counting.texts) == (0, [])
    assert tiny_index.open().notes["history.txt"].modified == 1e9


def test_an_edit_embeds_the_edited_passage_alone(tiny_index: Tiny, counting: Counting) -> None:
    kept = stored_vectors(tiny_index.open())
    path = tiny_index.notes / "biology" / "cells.md"
    path.write_text(path.read_text(encoding="utf-8").replace("amino acids", "messenger strands"), encoding="utf-8")
    report = tiny_index.ingest()
    assert counting.texts == [
        "Cells > Ribosomes\nRibosomes build proteins from messenger strands. Free ribosomes float in the cytoplasm; bound ones sit on the endoplasmic\nreticulum."
    ]
    assert (report.embedded, report.passages, report.changed) == (1, PASSAGES, True)
    index = tiny_index.open()
    assert "amino" not in index.words
    assert index.words["messenger"] == 1
    assert tiny_index.tutor().search("messenger strands")[0].passage.heading == ("Cells", "Ribosomes")
    after = stored_vectors(index)
    assert len(set(kept) & set(after)) == PASSAGES + ASKS - 1
    assert all(kept[key].tobytes() == after[key].tobytes() for key in set(kept) & set(after))


def test_text_before_a_passage_moves_it_and_embeds_nothing_of_it(tiny_index: Tiny, counting: Counting) -> None:
    path = tiny_index.notes / "history.txt"
    path.write_text("Paper\n\nPaper came from China along the silk road.\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    tiny_index.ingest()
    assert counting.texts == ["Paper\nPaper came from China along the silk road."]
    index = tiny_index.open()
    spans_hold(index.notes["history.txt"], [p for p in index.passages if p.note == "history.txt"])


def test_a_renamed_heading_embeds_what_is_under_it(tiny_index: Tiny, counting: Counting) -> None:
    path = tiny_index.notes / "biology" / "cells.md"
    path.write_text(path.read_text(encoding="utf-8").replace("# Cells", "# The cell", 1), encoding="utf-8")
    tiny_index.ingest()
    assert [text.split("\n")[0] for text in sorted(counting.texts)] == ["The cell > Mitochondria", "The cell > Ribosomes"]


def test_moved_renamed_copied_and_reordered_notes_embed_nothing(tiny_index: Tiny, counting: Counting) -> None:
    kept = stored_vectors(tiny_index.open())
    notes = tiny_index.notes
    (notes / "history.txt").rename(notes / "biology" / "gutenberg.txt")
    (notes / "biology" / "cells.md").rename(notes / "A cell.md")
    sections = NOTES["biology/cells.md"].partition("\n## Ribosomes")
    write_notes(notes, {"copy/of/cells.md": f"# Cells{sections[1]}{sections[2]}\n{sections[0].removeprefix('# Cells')}"})
    report = tiny_index.ingest()
    assert (report.embedded, counting.texts, report.changed) == (0, [], True)
    index = tiny_index.open()
    assert set(index.notes) == {"A cell.md", "biology/gutenberg.txt", "biology/plants.md", "copy/of/cells.md"}
    after = stored_vectors(index)
    assert {key: vector.tobytes() for key, vector in after.items()} == {key: vector.tobytes() for key, vector in kept.items()}
    assert tiny_index.tutor().search("Who printed a Bible in Mainz?")[0].passage.note == "biology/gutenberg.txt"


def test_a_deleted_note_is_gone(tiny_index: Tiny, counting: Counting) -> None:
    (tiny_index.notes / "history.txt").unlink()
    report = tiny_index.ingest()
    assert (report.notes, report.passages, report.embedded) == (2, PASSAGES - 2, 0)
    index = tiny_index.open()
    assert "history.txt" not in index.notes
    assert "gutenberg" not in index.words
    assert index.frequency(terms("Gutenberg")[0]) == 0
    opened = tiny_index.tutor()
    assert "history.txt" not in {h.passage.note for h in opened.search("Who printed a Bible in Mainz?", k=100)}
    assert "history.txt" not in {c.note for c in opened.ask("Who printed a Bible in Mainz?").citations}


def test_a_deleted_folder_takes_its_notes_along_and_the_last_note_stays(tiny_index: Tiny) -> None:
    for path in (tiny_index.notes / "biology").iterdir():
        path.unlink()
    (tiny_index.notes / "biology").rmdir()
    tiny_index.ingest()
    assert set(tiny_index.open().notes) == {"history.txt"}
    (tiny_index.notes / "history.txt").unlink()
    with pytest.raises(InputError, match="No note could be read"):
        tiny_index.ingest()
    assert set(tiny_index.open().notes) == {"history.txt"}  # an index of nothing would lose everything


def test_rebuild_embeds_everything_and_ends_with_the_same_index(tiny_index: Tiny, counting: Counting) -> None:
    before = tiny_index.open()
    report = tiny_index.ingest(rebuild=True)
    assert (report.embedded, len(counting.texts)) == (PASSAGES + ASKS, PASSAGES + ASKS)
    same(before, tiny_index.open())


def test_many_new_texts_go_to_the_passage_encoder_and_few_do_not(tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above FEW texts it is worth the wait for sentence-transformers; up to FEW it is not."""
    notes = write_notes(tmp_path / "notes", {"many.md": "".join(f"# Heading {i}\n\nThe sentence of number {i}.\n\n" for i in range(FEW + 1))})
    many, few = Counting(model), Counting(model)
    monkeypatch.setattr(embed, "question_encoder", lambda _: few)
    asked: list[Model] = []

    def encoder(given: Model) -> Counting:
        asked.append(given)
        return many

    ingest(tmp_path / "index", [notes], model, lambda *_: None, encoder=encoder)
    assert asked == [model]
    assert (len(many.texts), len(set(many.texts)), few.texts) == (FEW + 1, FEW + 1, [])
    write_notes(notes, {"one.md": "# One\n\nOne more sentence.\n"})
    ingest(tmp_path / "index", [notes], model, lambda *_: None, encoder=encoder)
    assert asked == [model]
    assert few.texts == ["One\nOne more sentence."]


# --- learner phrasings -----------------------------------------------------------------------------------------------


def test_asks_are_searched_and_never_quoted(tiny_index: Tiny) -> None:
    index, opened = tiny_index.open(), tiny_index.tutor()
    assert [(k.text, [index.passages[i].heading for i in k.passages]) for k in index.keys] == [
        ("why are leaves green anyway", [("Plants", "Photosynthesis")]),
        ("zyxofoodmaking", [("Plants", "Photosynthesis")]),
    ]
    assert opened.search("zyxofoodmaking")[0].passage.heading == ("Plants", "Photosynthesis")
    note = opened.note("biology/plants.md")
    start = note.text.index("# Plants")
    assert "zyxofoodmaking" in note.text[:start]  # the note is whole, so that offsets are those of the file
    assert all(p.start > start for p in index.passages if p.note == note.path)
    for question in ("zyxofoodmaking", "why are leaves green anyway", "How plants feed", "asks photosynthesis"):
        answer = opened.ask(question)
        assert all(c.start >= start for c in answer.citations if c.note == note.path)
        assert not any("zyxofoodmaking" in piece for s in answer.statements for piece in (s.text, s.label))
    assert not any("zyxofoodmaking" in h.passage.text for h in opened.search("zyxofoodmaking", k=100))
    assert note.title == "How plants feed"


def test_a_new_phrasing_is_all_that_is_embedded_and_a_removed_one_is_gone(tiny_index: Tiny, counting: Counting) -> None:
    path = tiny_index.notes / "biology" / "plants.md"
    path.write_text(path.read_text(encoding="utf-8").replace('"zyxofoodmaking"', '"where does the oxygen come from"'), encoding="utf-8")
    report = tiny_index.ingest()
    assert (report.embedded, counting.texts) == (1, ["where does the oxygen come from"])
    index = tiny_index.open()
    assert [k.text for k in index.keys] == ["why are leaves green anyway", "where does the oxygen come from"]
    assert index.frequency(terms("zyxofoodmaking")[0]) == 0


def test_asks_for_a_heading_that_is_not_there_are_remarked(tiny: Tiny) -> None:
    write_notes(tiny.notes, {"a.md": "---\nasks:\n  Nowhere: [what]\n---\n# Somewhere\n\nA sentence.\n"})
    report = tiny.ingest()
    assert [(r.path, r.reason) for r in report.remarks] == [("a.md", "asks: names no section of it: Nowhere")]
    assert len(tiny.open().keys) == ASKS


# --- sources ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A second source, with a note of a name that the first has too."""
    return write_notes(
        tmp_path / "other", {"history.txt": "Steam\n\nJames Watt improved the steam engine.\n", "law.md": "# Law\n\nA contract needs an offer.\n"}
    )


def ran(run: Run) -> Run:
    assert run.status == 0, run.err
    return run


def test_paths_replace_add_adds_and_nothing_reads_again(tiny: Tiny, other: Path, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = {"biology/cells.md", "biology/plants.md", "history.txt"}
    at = ("--index", tiny.index)
    ran(run_ingest(capsys, tiny.notes, *at))
    assert set(tiny.open().notes) == own
    ran(run_ingest(capsys, "--add", other / "law.md", *at))
    assert set(tiny.open().notes) == own | {"law.md"}
    assert tiny.open().manifest["sources"] == [str(tiny.notes.resolve()), str((other / "law.md").resolve())]
    write_notes(tiny.notes, {"new.md": "# New\n\nA new note.\n"})
    run = ran(run_ingest(capsys, *at))
    assert set(tiny.open().notes) == own | {"law.md", "new.md"}
    assert re.search(r"^newly embedded +1$", run.out, re.MULTILINE)
    ran(run_ingest(capsys, other, *at))
    assert set(tiny.open().notes) == {"history.txt", "law.md"}
    assert tiny.open().notes["history.txt"].text.startswith("Steam")
    assert "nothing changed" in ran(run_ingest(capsys, *at)).out
    assert "nothing changed" in ran(run_ingest(capsys, "--add", other, *at)).out  # it has that source already
    ran(run_ingest(capsys, tiny.notes, "--add", other, *at))
    assert set(tiny.open().notes) == own | {"new.md", "law.md", "other/history.txt"}


def test_relative_sources_are_found_from_another_folder(
    tiny: Tiny, tiny_settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tiny.notes)
    ran(run_ingest(capsys, "biology", "--index", tiny.index))
    assert set(tiny.open().notes) == {"cells.md", "plants.md"}
    monkeypatch.chdir(tmp_path)
    assert "nothing changed" in ran(run_ingest(capsys, "--index", tiny.index)).out


def test_two_sources_with_the_same_relative_path_are_two_notes(tiny: Tiny, other: Path) -> None:
    tiny.ingest(tiny.notes, other)
    index = tiny.open()
    assert set(index.notes) == {"biology/cells.md", "biology/plants.md", "history.txt", "other/history.txt", "law.md"}
    assert index.notes["other/history.txt"].text.startswith("Steam")
    assert tiny.tutor().search("Who improved the steam engine?")[0].passage.note == "other/history.txt"
    assert tiny.tutor().search("Who printed a Bible in Mainz?")[0].passage.note == "history.txt"
    for p in index.passages:
        assert index.notes[p.note].text[p.start : p.end] == p.text
    assert tiny.ingest(tiny.notes, other).changed is False
    twin = write_notes(other / "deeper" / "other", {"history.txt": "Silk\n\nSilk came from China.\n"})
    tiny.ingest(tiny.notes, other, twin)
    assert {p: n.text.split("\n")[0] for p, n in tiny.open().notes.items() if "history" in p} == {
        "history.txt": "The printing press",
        "other/history.txt": "Steam",
        "deeper/other/history.txt": "Silk",
        "other-2/history.txt": "Silk",
    }


def test_the_default_index_has_the_uploads_as_a_source(tiny: Tiny, other: Path, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    uploads = write_notes(tiny_settings / "notes", {"upload.md": "# Upload\n\nAn uploaded note.\n"})
    ran(run_ingest(capsys, tiny.notes))
    assert set(open_index(tiny_settings / "index", tiny.model).notes) == {*NOTES, "upload.md"}
    ran(run_ingest(capsys, other))
    assert set(open_index(tiny_settings / "index", tiny.model).notes) == {"history.txt", "law.md", "upload.md"}
    ran(run_ingest(capsys, tiny.notes, "--index", tiny.index))
    assert set(tiny.open().notes) == set(NOTES)
    (uploads / "upload.md").unlink()
    ran(run_ingest(capsys))
    assert set(open_index(tiny_settings / "index", tiny.model).notes) == {"history.txt", "law.md"}


def test_a_new_index_without_paths_is_the_shipped_course(
    tiny: Tiny, tiny_settings: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (command.COURSE / "course.toml").is_file()
    write_notes(tiny.notes, {"course.toml": 'id = "biology-101"\n'})
    monkeypatch.setattr(command, "COURSE", tiny.notes)
    ran(run_ingest(capsys))
    notes = open_index(tiny_settings / "index", tiny.model).notes
    assert {path: note.course for path, note in notes.items()} == dict.fromkeys(NOTES, "biology-101")


def test_adding_to_no_index_makes_one_of_that_source(tiny: Tiny, other: Path, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran(run_ingest(capsys, "--add", other, "--index", tiny.index))
    assert set(tiny.open().notes) == {"history.txt", "law.md"}


# --- any script of edits ---------------------------------------------------------------------------------------------

NAMES = ("a.md", "b.md", "sub/a.md", "sub/c.txt")
TEXTS = (
    "# Quokkas\n\nThe quokka lives on an island.\n\n## Food\n\nIt eats leaves and bark.\n",
    "# Quokkas\n\nThe quokka lives on a mountain.\n\n## Food\n\nIt eats leaves and bark.\n",
    "Wombats\n\nThe wombat digs a burrow.\n\nSleep\n\nIt sleeps all day.\n",
    "---\nasks:\n  Food: [what does it eat, menu]\n---\n# Quokkas\n\n## Food\n\nIt eats leaves and bark.\n",
    "# Empty\n",
    "",
)
READABLE = 4
"""The last two texts have no passages, and are skipped."""

writes = st.tuples(st.just("write"), st.sampled_from(NAMES), st.integers(0, len(TEXTS) - 1))
moves = st.tuples(st.just("move"), st.sampled_from(NAMES), st.sampled_from(NAMES))
deletes = st.tuples(st.just("delete"), st.sampled_from(NAMES), st.none())
scripts = st.lists(st.lists(writes | writes | moves | deletes, min_size=1, max_size=4), min_size=2, max_size=4)


def edit(folder: Path, held: dict[str, int], steps: Sequence[tuple[str, str, object]]) -> None:
    """Do to a folder what is done to the model dict."""
    for action, name, extra in steps:
        path = folder / name
        if action == "write":
            assert isinstance(extra, int)
            write_notes(folder, {name: TEXTS[extra]})
            held[name] = extra
        elif name in held and action == "delete":
            path.unlink()
            del held[name]
        elif name in held and isinstance(extra, str) and extra != name:
            (folder / extra).parent.mkdir(parents=True, exist_ok=True)
            path.replace(folder / extra)
            held[extra] = held.pop(name)


@settings(max_examples=15)
@example([[("write", "a.md", 0)], [("move", "a.md", "sub/a.md")], [("write", "a.md", 1), ("delete", "sub/a.md", None)]])
@example([[("write", "a.md", 0), ("write", "b.md", 3)], [("write", "a.md", 4)], [("delete", "b.md", None)]])
@given(scripts)
def test_any_script_of_edits_ends_as_a_fresh_index_would(model: Model, rounds: list[list[tuple[str, str, object]]]) -> None:
    """The model is a dict of names and texts: after each run the index holds exactly its notes, and is in every part
    what an ingest from nothing makes of the same folder; what was embedded is what no passage said before."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "notes")
        folder.mkdir()
        tiny = Tiny(folder, Path(place, "index"), model)
        held: dict[str, int] = {}
        known: set[str] = set()
        for number, steps in enumerate(rounds):
            edit(folder, held, steps)
            expected = {name: TEXTS[which] for name, which in held.items() if which < READABLE}
            if not expected:
                with pytest.raises(InputError):
                    tiny.ingest()
                continue
            report = tiny.ingest()
            index = tiny.open()
            assert {path: note.text for path, note in index.notes.items()} == expected
            assert report.notes == len(expected)
            assert len(report.skipped) == len(held) - len(expected)
            fresh = Tiny(folder, Path(place, f"fresh{number}"), model)
            fresh.ingest()
            same(index, fresh.open())
            keys = {owner.key for owner in (*index.passages, *index.keys)}
            assert report.embedded == len(keys - known)
            known = keys
            again = tiny.ingest()
            assert (again.embedded, again.changed) == (0, False)
