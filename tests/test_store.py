"""Generations on disk: what is published is whole, verified and current; what is old goes."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from fakes import Tiny

from tutor import store
from tutor.embed import sha256
from tutor.errors import IndexBusy, IndexDamaged, IndexMissing, IndexStale
from tutor.index import open_index

CONTENT = {"a.txt": b"alpha", "deep/b.bin": bytes(range(256)), "empty": b""}


def published(index: Path, **manifest: object) -> Path:
    """A generation of three files."""
    folder = store.draft(index)
    for name, data in CONTENT.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return store.publish(index, folder, dict(manifest))


def test_a_draft_becomes_the_current_generation(tmp_path: Path) -> None:
    folder = published(tmp_path, sources=["a", "b"])
    assert folder == tmp_path / "g000001"
    assert (tmp_path / "CURRENT").read_text(encoding="ascii").split()[0] == "g000001"
    assert store.current(tmp_path) == folder
    assert {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != "manifest.json"} == CONTENT
    assert not list(tmp_path.glob("draft-*"))
    assert not (tmp_path / "CURRENT.new").exists()


def test_the_manifest_holds_the_schema_every_digest_and_its_own(tmp_path: Path) -> None:
    folder = published(tmp_path, sources=["Zürich", "日本"])
    manifest = store.read_manifest(folder)
    assert manifest["schema"] == store.SCHEMA
    assert manifest["sources"] == ["Zürich", "日本"]
    assert manifest["files"] == {
        "a.txt": "8ed3f6ad685b959ead7022518e1af76cd816f8e8ec7ccdda1ed4018e8f2223f8",  # printf alpha | sha256sum
        "deep/b.bin": sha256(folder / "deep" / "b.bin"),
        "empty": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    }
    assert manifest["seal"] == store.seal(manifest)
    assert manifest["seal"] != store.seal(manifest | {"sources": ["Zürich"]})
    store.verify(folder, manifest)


def test_the_seal_does_not_hang_on_the_order_of_keys() -> None:
    assert store.seal({"a": 1, "b": {"c": 2, "d": 3}}) == store.seal({"b": {"d": 3, "c": 2}, "a": 1, "seal": "x"})


@pytest.mark.parametrize("name", CONTENT)
def test_a_changed_or_missing_file_is_named(name: str, tmp_path: Path) -> None:
    folder = published(tmp_path)
    manifest = store.read_manifest(folder)
    (folder / name).write_bytes(CONTENT[name] + b"!")
    with pytest.raises(IndexDamaged, match=f"^{name} does not match its digest"):
        store.verify(folder, manifest)
    (folder / name).unlink()
    with pytest.raises(IndexDamaged, match=f"^{name} is missing"):
        store.verify(folder, manifest)


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "3", '"text"', "{}", '{"schema": 2}', '{"schema": 2, "files": []}', '{"schema": 2, "files": null, "seal": ""}', "{", "\x00"]
)
def test_a_manifest_that_is_none_is_damage(text: str, tmp_path: Path) -> None:
    folder = published(tmp_path)
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(IndexDamaged, match="manifest"):
        store.read_manifest(folder)


def test_another_schema_is_told_before_the_seal_is_looked_at(tmp_path: Path) -> None:
    folder = published(tmp_path)
    (folder / "manifest.json").write_text(json.dumps({"schema": 7, "files": {}}), encoding="utf-8")
    with pytest.raises(IndexStale, match=f"has format 7; this version reads format {store.SCHEMA}"):
        store.read_manifest(folder)


@pytest.mark.parametrize("name", ["", "g1", "g000002", "../g000001", "draft-1", "G000001", "g000001 g000001", "g000001/..", "/g000001", "g00000１"])
def test_current_names_a_generation_of_its_own_index_or_is_damage(name: str, tmp_path: Path) -> None:
    published(tmp_path / "index")
    published(tmp_path)  # a sound generation beside the index, for a name that leads out of it
    (tmp_path / "index" / "CURRENT").write_text(name, encoding="utf-8")
    with pytest.raises(IndexDamaged, match="CURRENT does not name a generation"):
        store.current(tmp_path / "index")


def test_no_index_is_missing(tmp_path: Path) -> None:
    for index in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(IndexMissing, match="python -m ingest"):
            store.current(index)
    published(tmp_path)
    (tmp_path / "CURRENT").unlink()
    with pytest.raises(IndexMissing):
        store.current(tmp_path)


def test_numbers_go_up_and_are_not_used_again(tmp_path: Path) -> None:
    assert [published(tmp_path).name for _ in range(3)] == ["g000001", "g000002", "g000003"]
    shutil.rmtree(tmp_path / "g000002")
    (tmp_path / "g000007").mkdir()  # a crash after the rename
    assert published(tmp_path).name == "g000008"
    assert store.current(tmp_path).name == "g000008"


def test_a_sweep_keeps_the_current_generation_and_the_one_before(tmp_path: Path) -> None:
    for _ in range(4):
        published(tmp_path)
    (tmp_path / "g000009").mkdir()
    (tmp_path / "draft-123").mkdir()
    (tmp_path / "gallery").mkdir()
    (tmp_path / "notes.txt").write_text("not ours to remove", encoding="utf-8")
    store.sweep(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir() if p.name[0] in "dgn") == ["g000003", "g000004", "gallery", "notes.txt"]
    store.sweep(tmp_path)
    store.verify(store.current(tmp_path), store.read_manifest(store.current(tmp_path)))


@pytest.mark.parametrize("content", [None, "nonsense", "g000009"])
def test_a_sweep_without_a_current_generation_removes_no_generation(content: str | None, tmp_path: Path) -> None:
    """Where CURRENT is lost, any generation may be the one that somebody wants back."""
    for _ in range(3):
        published(tmp_path)
    (tmp_path / "CURRENT").unlink()
    if content:
        (tmp_path / "CURRENT").write_text(content, encoding="ascii")
    store.sweep(tmp_path)
    assert sorted(p.name for p in tmp_path.glob("g*")) == ["g000001", "g000002", "g000003"]


def test_a_draft_starts_empty(tmp_path: Path) -> None:
    folder = store.draft(tmp_path)
    (folder / "half").write_bytes(b"x")
    assert store.draft(tmp_path) == folder
    assert list(folder.iterdir()) == []
    assert folder.parent == tmp_path  # the same file system, so that the rename is one step


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with store.writing(tmp_path / "index"):
        with pytest.raises(IndexBusy, match="Another ingest is writing"), store.writing(tmp_path / "index", timeout=0.05):
            pytest.fail("two writers")
        with store.writing(tmp_path / "another"):
            pass
    with store.writing(tmp_path / "index", timeout=0.05):
        pass
    with pytest.raises(ZeroDivisionError), store.writing(tmp_path / "index"):
        1 / 0  # noqa: B018
    with store.writing(tmp_path / "index", timeout=0.05):
        pass


def test_everything_is_on_disk_before_current_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The order of the steps, as the system sees them: each file flushed, the folder renamed, flushed, then CURRENT."""
    if os.name == "nt":
        pytest.skip("folders are not flushed here")
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def flushed(handle: int) -> None:
        steps.append(f"flush {Path(f'/proc/self/fd/{handle}').readlink().relative_to(tmp_path.resolve()).as_posix()}")
        fsync(handle)

    def replaced(source: Path, target: Path) -> None:
        steps.append(f"rename {Path(source).name} to {Path(target).name}")
        replace(source, target)

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("no /proc to name an open file by")
    folder = store.draft(tmp_path)
    (folder / "deep").mkdir()
    (folder / "deep" / "a").write_bytes(b"a")
    (folder / "b").write_bytes(b"b")
    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(os, "replace", replaced)
    store.publish(tmp_path, folder, {})
    d = folder.name
    written = steps.index(f"flush {d}/manifest.json")
    renamed = steps.index(f"rename {d} to g000001")
    assert set(steps[:written]) >= {f"flush {d}/deep/a", f"flush {d}/b"}  # the manifest is last
    assert set(steps[written:renamed]) >= {f"flush {d}/deep", f"flush {d}"}  # names in a subfolder are on disk too
    assert steps[renamed:] == [f"rename {d} to g000001", "flush .", "flush CURRENT.new", "rename CURRENT.new to CURRENT", "flush ."]


def test_the_message_names_a_command_that_can_be_pasted() -> None:
    assert store.mend(Path("/home/ann/index")) == "Rebuild it with `python -m ingest --rebuild --index /home/ann/index`."
    assert store.mend(Path("/home/ann/my index")) == "Rebuild it with `python -m ingest --rebuild --index '/home/ann/my index'`."


def test_an_index_can_be_copied_elsewhere(tiny_index: Tiny, tmp_path: Path) -> None:
    shutil.copytree(tiny_index.index, tmp_path / "copy of it")
    shutil.rmtree(tiny_index.index)
    copied = open_index(tmp_path / "copy of it", tiny_index.model)
    assert len(copied.notes) == 3
    assert copied.generation.parent == tmp_path / "copy of it"


def test_a_reader_that_meets_a_replaced_generation_tries_the_new_one(tiny_index: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    """CURRENT is read, then two ingests sweep what it named away: the reader opens what CURRENT names now."""
    real, first = store.current, []

    def slow(index: Path) -> Path:
        named = real(index)
        if not first:
            first.append(named)
            for text in ("One press.", "Two presses."):
                (tiny_index.notes / "history.txt").write_text(f"{text} And a second sentence.\n", encoding="utf-8")
                with monkeypatch.context() as inner:
                    inner.setattr(store, "current", real)
                    tiny_index.ingest()
        return named

    monkeypatch.setattr(store, "current", slow)
    opened = tiny_index.open()
    assert not first[0].exists()
    assert opened.notes["history.txt"].text.startswith("Two presses.")
