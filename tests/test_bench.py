"""The bench: the pipeline beside ours is what it says it is, both are judged alike, pairs stay pairs, ratios and intervals are right."""

from __future__ import annotations

import contextlib
import itertools
import json
import math
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from fakes import NOTES, Tiny, write_notes

from evals.bench import evidence, launch, measure, peer, processes, scale
from evals.bench.compared import Cost, Spread, cost_row, gain, spread, table
from evals.bench.evidence import Found
from evals.bench.processes import Spent
from evals.cases import Case, Evidence, GoldSet
from tutor.embed import Count, Model, QuestionEncoder
from tutor.errors import InputError
from tutor.index import open_index
from tutor.session import Tutor
from tutor.types import Hit, Passage

LONG = "\n\n".join(f"Paragraph {i} says that " + "water is wet and stone is hard. " * 12 for i in range(8))


def hit(start: int, end: int, tokens: int = 1, note: str = "a.md") -> Hit:
    """A passage of a note by its place."""
    return Hit(Passage(note, (), start, end, None, "x " * tokens, tokens=tokens), 0.0)


def case(name: str, *spans: tuple[int, int], note: str = "a.md", family: str = "") -> Case:
    """A question of which each span of a note is a piece of evidence."""
    return Case(name, "fact", f"question {name}", tuple(Evidence(note, (span,)) for span in spans), family=family or name)


def words(texts: Sequence[str]) -> list[int]:
    """A counter that takes words for tokens."""
    return [len(t.split()) for t in texts]


# The pipeline beside ours


def test_the_peer_splits_as_langchain_documents() -> None:
    chunks = peer.split({"long.md": LONG, "short.md": "One sentence."})
    assert chunks[-1] == peer.Chunk("short.md", 0, "One sentence.")
    long = chunks[:-1]
    assert all(len(c.text) <= 1000 and LONG[c.start : c.end] == c.text for c in long)
    assert [c.text.split(" says")[0] for c in long] == [f"Paragraph {i}" for i in (0, 2, 4, 6)]  # two of 400 characters fit, a third does not


def test_chunks_of_one_paragraph_overlap_by_two_hundred_characters_at_most() -> None:
    text = " ".join(f"word{i:04}" for i in range(400))
    chunks = peer.split({"a": text})
    overlaps = [a.end - b.start for a, b in itertools.pairwise(chunks)]
    assert set(overlaps) == {197}  # 22 words of eight characters with the spaces between them; a 23rd would be 206
    assert (chunks[0].start, chunks[-1].end) == (0, len(text))


def test_nearest_is_exact_search() -> None:
    dice = np.random.default_rng(3)
    vectors, vector = scale.directions(50, 8, dice), scale.directions(1, 8, dice)[0]
    every = sorted(range(50), key=lambda row: -float(vectors[row] @ vector))
    assert peer.nearest(vectors, vector, 7) == every[:7]
    assert peer.nearest(vectors, vector, 50) == peer.nearest(vectors, vector, 500) == every


def test_a_store_comes_back_from_disk(tmp_path: Path, encoder: QuestionEncoder) -> None:
    made = peer.build({"a.md": "Mitochondria make energy.", "b.md": "Ribosomes build proteins."}, encoder)
    peer.save(made, tmp_path / "store")
    read = peer.load(tmp_path / "store")
    assert read.chunks == made.chunks
    assert np.array_equal(read.vectors, made.vectors)
    assert [c.note for c in read.search(encoder(["Ribosomes build proteins."])[0], 1)] == ["b.md"]


def test_the_peers_commands_embed_texts_and_find_them(
    tmp_path: Path, model: Model, encoder: QuestionEncoder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(peer, "encoder", lambda folder: encoder if folder == model.folder else None)
    texts = tmp_path / "texts.json"
    processes.write_texts(write_notes(tmp_path / "notes"), texts)
    where = [str(model.folder), str(tmp_path / "store")]
    assert peer.main(["ingest", *where, str(texts)]) == 0
    assert peer.main(["search", *where, NOTES["history.txt"], "-k", "1"]) == 0
    [[note, start, text]] = json.loads(capsys.readouterr().out)
    assert (note, start) == ("history.txt", 0)
    assert text.startswith("The printing press")


def test_front_matter_is_kept_from_the_peer(tmp_path: Path) -> None:
    held = processes.contents(write_notes(tmp_path))
    assert set(held) == set(NOTES)
    start, text = held["biology/plants.md"]
    assert text.startswith("# Plants")
    assert NOTES["biology/plants.md"][start:] == text
    assert "zyxofoodmaking" not in text


# Evidence


def test_a_budget_is_filled_with_what_still_fits() -> None:
    hits = [hit(0, 9, 700), hit(9, 18, 900), hit(18, 27, 800), hit(27, 36, 1)]
    assert evidence.filled(hits, 1500) == [hits[0], hits[2]]
    assert evidence.filled(hits, 1501) == [hits[0], hits[2], hits[3]]


def test_both_are_judged_by_the_same_code_and_counted_by_the_same_counter() -> None:
    cases = [case("one", (0, 100)), case("two", (200, 300), (400, 500)), case("none")]
    places = {"question one": [hit(0, 90, 5)], "question two": [hit(600, 700, 7), hit(190, 310, 8)]}

    def find(questions: Sequence[str]) -> list[Found]:
        return [Found(places[q], places[q]) for q in questions]

    found = evidence.compare(cases, (find, lambda questions: [Found([], []) for _ in questions]), words)
    assert found["questions"] == 2
    assert {name: (g["ours"], g["theirs"]) for name, g in found["gains"].items()} == {"any": (1.0, 0.0), "all": (0.5, 0.0), "mrr10": (0.75, 0.0)}
    assert found["packed"] == {"ours": {"tokens": 10.0, "most": 15, "pieces": 1.5}, "theirs": {"tokens": 0.0, "most": 0, "pieces": 0.0}}
    same = evidence.compare(cases, (find, find), words)
    assert {(g["difference"], g["low"], g["high"]) for g in same["gains"].values()} == {(0.0, 0.0, 0.0)}


def test_a_chunk_stands_where_its_text_begins_in_the_note(encoder: QuestionEncoder) -> None:
    store = peer.build({"a.md": "Ribosomes build proteins."}, encoder)
    [found] = evidence.theirs(store, {"a.md": 40}, encoder, words)(["what builds proteins"])[0].packed
    assert (found.passage.note, found.passage.start, found.passage.end, found.passage.tokens) == ("a.md", 40, 65, 3)


def test_ours_is_the_context_within_the_budget(tiny_index: Tiny, count: Count) -> None:
    tutor = tiny_index.tutor()
    found = evidence.ours(tutor)(["How is a Bible printed?"])[0]
    assert found.packed == tutor.context("How is a Bible printed?", 1500)
    assert sum(count([h.passage.text for h in found.packed])) <= 1500


def test_questions_on_one_note_are_a_cluster_where_there_are_enough_notes() -> None:
    few = [case(str(i), (0, 9), note=f"{i}.md", family=f"f{i // 2}") for i in range(19)]
    assert evidence.clustered(few) == ([f"f{i // 2}" for i in range(19)], "families")
    many = [*few, case("last", (0, 9), note="19.md"), case("again", (0, 9), note="0.md")]
    assert evidence.clustered(many) == ([*(f"{i}.md" for i in range(20)), "0.md"], "notes")


# Arithmetic


def test_ratios_are_of_the_same_round() -> None:
    cost = Cost("ingest", "s", (1.0, 8.0, 3.0), (2.0, 4.0, 4.0))
    assert cost.ratio == Spread(0.75, 0.5, 2.0)
    row = cost_row(cost)
    assert (row["unit"], row["ours"], row["theirs"]) == ("s", {"median": 3.0, "rounds": [1.0, 8.0, 3.0]}, {"median": 4.0, "rounds": [2.0, 4.0, 4.0]})
    assert spread([4.0]) == Spread(4.0, 4.0, 4.0)


@pytest.mark.parametrize(("ours", "theirs"), [((1.0,), (1.0, 2.0)), ((), ()), ((math.nan,), (1.0,)), ((1.0,), (0.0,)), ((math.inf,), (1.0,))])
def test_what_is_no_pair_or_no_number_is_refused(ours: tuple[float, ...], theirs: tuple[float, ...]) -> None:
    with pytest.raises(InputError, match=r"^ingest "):
        Cost("ingest", "s", ours, theirs)


def test_the_interval_is_paired() -> None:
    """Two pipelines that vary much from question to question and always differ by one tenth differ by one tenth for certain."""
    theirs = [0.0, 0.9, 0.4, 0.7, 0.1, 0.2]
    found = gain(list("abcdef"), [t + 0.1 for t in theirs], theirs)
    assert (found.difference, found.low, found.high) == pytest.approx((0.1, 0.1, 0.1))


def test_the_interval_draws_whole_clusters() -> None:
    """Fifty questions of one note that all differ alike say no more than one."""
    clusters, ours = ["a"] * 50 + ["b"] * 50, [1.0] * 50 + [0.0] * 50
    found = gain(clusters, ours, [0.0] * 100)
    assert (found.difference, found.low, found.high) == (0.5, 0.0, 1.0)
    alone = gain([str(i) for i in range(100)], ours, [0.0] * 100)
    assert (alone.low, alone.high) == pytest.approx((0.402, 0.598), abs=0.02)  # 0.5 -+ 1.96 * sqrt(.25 / 100)
    assert gain(clusters, ours, [0.0] * 100) == found


# Processes


def test_a_launched_process_is_timed_and_weighed() -> None:
    command = "import time; held = bytearray(90_000_000); held[::4096] = b'x' * len(held[::4096]); time.sleep(0.2); print('done')"
    done = subprocess.run([sys.executable, "-m", "evals.bench.launch", sys.executable, "-c", command], capture_output=True, text=True, check=True)
    took = json.loads(done.stdout)
    assert (took["status"], took["out"].strip()) == (0, "done")
    assert 0.2 < took["seconds"] < 20
    assert took["bytes"] is None if sys.platform == "win32" else 90e6 < took["bytes"] < 150e6


def test_the_launcher_imports_nothing_of_ours() -> None:
    code = "import sys, evals.bench.launch; print([m for m in sys.modules if m.split('.')[0] in ('tutor', 'ingest', 'numpy')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    assert launch.peak() is None or launch.peak() >= 0  # type: ignore[operator]


def test_a_process_that_fails_stops_the_bench(model: Model) -> None:
    with pytest.raises(InputError, match=r"status 3: no such thing$"):
        processes.spend([sys.executable, "-c", "import sys; print('no such thing', file=sys.stderr); sys.exit(3)"], model)


def test_one_sentence_of_one_note_is_edited(tmp_path: Path) -> None:
    notes = write_notes(tmp_path)
    before = {p: p.read_text(encoding="utf-8") for p in notes.rglob("*.*")}
    path = processes.edit(notes, 2)
    changed = {p: p.read_text(encoding="utf-8") for p in before if p.read_text(encoding="utf-8") != before[p]}
    assert list(changed) == [path] == [notes / "biology" / "cells.md"]  # the middle one by size
    old = "The folds give room for adenosine triphosphate (ATP) to be made."  # the second of three that end on the line they begin on
    assert changed[path] == before[path].replace(old, "Round 3 of the bench put this sentence in the place of another.")


def test_the_edit_leaves_front_matter_alone(tmp_path: Path) -> None:
    front = "---\ntitle: A title that is long enough to be taken for one more sentence of it.\n---\n"
    notes = write_notes(tmp_path, {"a.md": f"{front}# A\n\nThis sentence has forty characters and some more.\n"})
    assert processes.edit(notes, 0).read_text(encoding="utf-8") == f"{front}# A\n\nRound 1 of the bench put this sentence in the place of another.\n"


def test_notes_without_a_sentence_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no note that can be edited"):
        processes.edit(tmp_path, 0)
    with pytest.raises(InputError, match=r"a.md has no sentence"):
        processes.edit(write_notes(tmp_path, {"a.md": "# Short\n\nToo short.\n"}), 0)


# Scale


def test_synthetic_passages_are_an_index_like_any_other(tmp_path: Path, model: Model, encoder: QuestionEncoder) -> None:
    dice = np.random.default_rng(0)
    vectors = scale.directions(230, 32, dice)
    notes, passages = scale.passages(230, {"alpha": 5, "beta": 3, "gamma": 1}, dice)
    assert (len(notes), len(passages)) == (3, 230)
    assert {len(p.text.split()) for p in passages} == {36}
    text = {n.path: n.text for n in notes}
    assert all(text[p.note][p.start : p.end] == p.text and p.units[-1].end == p.end for p in passages)
    scale.write_index(tmp_path / "index", (notes, passages), {"alpha": 5}, vectors, model)
    opened = open_index(tmp_path / "index", model)
    assert (len(opened.passages), opened.sections) == (230, 58)
    assert np.allclose(opened.vectors(range(230)), vectors)
    assert len(Tutor(opened, encoder).search("alpha gamma", k=10)) == 10


def test_sides_take_turns() -> None:
    asked: list[str] = []

    def side(name: str) -> Callable[[str], object]:
        return lambda question: asked.append(name + question)

    times = scale.alternate((side("a"), side("b")), ["1", "2", "3"])
    assert asked == ["a1", "b1", "b2", "a2", "a3", "b3"]
    assert [len(t) for t in times] == [3, 3]
    asked.clear()
    scale.alternate((side("a"), side("b")), ["1"], turn=1)
    assert asked == ["b1", "a1"]


# The whole


@pytest.fixture
def gold(tiny: Tiny, tmp_path: Path) -> GoldSet:
    """Two questions on the tiny notes, and two sealed ones."""
    rows = [
        {"id": "1", "kind": "fact", "question": "Who printed a Bible?", "evidence": [{"note": "history.txt", "quote": "Johannes Gutenberg printed a Bible in Mainz"}]},
        {"id": "2", "kind": "fact", "question": "Who sings?", "evidence": []},
        {"id": "3", "kind": "fact", "question": "never asked", "evidence": [{"note": "history.txt", "quote": "By 1500"}], "sealed": True},
        {"id": "4", "kind": "fact", "question": "never asked either", "evidence": [{"note": "history.txt", "quote": "Pamphlets"}], "sealed": True},
    ]  # fmt: skip
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return GoldSet("tiny", tiny.notes, (path,))


def test_a_result_is_whole_and_its_evidence_the_same_each_time(
    gold: GoldSet, model: Model, encoder: QuestionEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    def spend(command: Sequence[str], with_model: Model) -> Spent:
        ran.append(" ".join(command[2:4]))
        assert with_model == model
        for folder in (p for flag, p in itertools.pairwise(command) if flag == "--index"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            (Path(folder) / "file").write_bytes(b"1234")
        if command[2:4] == ["evals.bench.peer", "ingest"]:
            Path(command[5]).mkdir(parents=True, exist_ok=True)
            (Path(command[5]) / "file").write_bytes(b"12345678")
        return Spent(3.0 if command[2] == "evals.bench.peer" else 1.5, 10.0)

    monkeypatch.setattr(peer, "encoder", lambda folder: encoder)
    monkeypatch.setattr(peer, "threads", lambda count: contextlib.nullcontext())
    monkeypatch.setattr(processes, "spend", spend)
    told: list[str] = []
    first, second = (measure.measure(model, tmp_path / "indexes", [gold], rounds=2, sizes=(60,), progress=told.append) for _ in range(2))
    found = first["sets"]["tiny"]
    assert found == second["sets"]["tiny"]
    assert (found["notes"], found["phrasings"], found["evidence"]["questions"], found["evidence"]["fitted"]) == (3, 2, 1, False)
    assert found["evidence"]["gains"]["any"]["theirs"] == 1.0
    assert found["passages"] == {"ours": 6, "theirs": 3}
    assert found["costs"]["ingest, cold"]["ratio"] == {"median": 0.5, "least": 0.5, "most": 0.5}
    assert found["costs"]["index on disk"]["ratio"]["median"] == 0.5
    assert found["costs"]["ingest, peak memory"]["unit"] == "MB"
    assert list(first["queries"]) == ["embedding alone, median", "60 passages, median", "60 passages, 95th percentile"]
    assert ran[:4] == ["ingest " + ran[0].split()[1], "evals.bench.peer ingest", "tutor search", "evals.bench.peer search"]
    assert ran[8].startswith("evals.bench.peer")  # theirs comes first in the second round
    assert "tiny: round 2 of 2" in told
    path = measure.write(first, tmp_path / "results" / "bench.json")
    assert json.loads(path.read_text(encoding="utf-8"), parse_constant=pytest.fail) == first
    assert os.fspath(tmp_path) not in path.read_text(encoding="utf-8")
    shown = table(first)
    assert "tiny: evidence of 1 questions, within 1,500 tokens" in shown
    assert "ingest, cold, s" in shown


def test_no_rounds_measure_the_evidence_alone(gold: GoldSet, model: Model, encoder: QuestionEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peer, "encoder", lambda folder: encoder)
    monkeypatch.setattr(processes, "spend", pytest.fail)
    found = measure.measure(model, tmp_path, [gold], rounds=0, progress=lambda text: None)
    assert (found["queries"], found["sets"]["tiny"]["costs"]) == ({}, {})
    with pytest.raises(InputError, match=r"^-1 rounds"):
        measure.measure(model, tmp_path, [gold], rounds=-1)


def test_sealed_questions_are_asked_alone_and_were_not_fitted_to(
    gold: GoldSet, model: Model, encoder: QuestionEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peer, "encoder", lambda folder: encoder)
    monkeypatch.setattr(measure, "sets", lambda: (gold,))
    found = [measure.measure(model, tmp_path, rounds=0, sealed=sealed, progress=lambda text: None) for sealed in (False, True)]
    assert [f["sets"]["tiny"]["evidence"]["questions"] for f in found] == [1, 2]
    assert [f["sets"]["tiny"]["evidence"]["fitted"] for f in found] == [True, False]
    assert "tiny: evidence of 2 sealed questions" in table(found[1])
    assert "never asked" not in measure.dumps(found[1])


def test_the_bench_says_what_it_lacks(model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "SPLITTER", "no_such_splitter")
    with pytest.raises(InputError, match=r"install it with `pip install no-such-splitter`\.$"):
        measure.measure(model, tmp_path)


def test_notes_that_only_ours_reads_are_refused(gold: GoldSet, model: Model, encoder: QuestionEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peer, "encoder", lambda folder: encoder)
    monkeypatch.setattr(processes, "contents", lambda notes: {"history.txt": (0, "By 1500"), "biology/cells.md": (0, "Cells")})
    with pytest.raises(InputError, match=r"not given biology/plants\.md, which ours reads"):
        measure.measure(model, tmp_path, [gold], rounds=0, progress=lambda text: None)


def test_questions_without_evidence_are_refused(gold: GoldSet, model: Model, encoder: QuestionEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peer, "encoder", lambda folder: encoder)
    path = tmp_path / "silent.jsonl"
    path.write_text('{"id": "2", "kind": "unanswerable_off", "question": "Who sings?", "evidence": []}', encoding="utf-8")
    with pytest.raises(InputError, match="name no evidence in it"):
        measure.measure(model, tmp_path, [GoldSet("tiny", gold.notes, (path,))], rounds=0, progress=lambda text: None)


def test_a_nan_is_never_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        measure.dumps({"x": math.nan})


def test_the_machine_is_described_without_a_name() -> None:
    found = measure.machine()
    assert set(found) == {"cores", "system", "architecture", "python", "libraries"}
    assert found["libraries"]["numpy"] == np.__version__
    assert found["cores"] >= 1
