"""Bad notes: each gives one clear sentence and the right exit status, and loses nothing."""

from __future__ import annotations

import json
import os
import re
import socket
import stat
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pypdf._encryption
import pytest
from fakes import Run, Tiny, assert_one_sentence, pdf_bytes, quiet, run_ingest, spans_hold, within, within_cpu, write_notes
from pypdf import PdfReader, PdfWriter
from pypdf._crypt_providers._base import CryptBase
from pypdf.errors import DependencyError

from ingest.build import Report, gather
from ingest.read import File, read
from tutor import embed
from tutor.errors import NoteError
from tutor.text import terms, visible

ROOT = Path(__file__).resolve().parent.parent.parent
TEXT_PDF = pdf_bytes([["The quokka lives on Rottnest Island.", "It is a small marsupial that eats leaves."]])


def encrypted(algorithm: str, user: str, owner: str = "owner") -> bytes:
    """The text PDF, encrypted by pypdf."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(TEXT_PDF)))
    writer.encrypt(user, owner, algorithm=algorithm)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def blank_page() -> bytes:
    """A page without text, by pypdf."""
    writer = PdfWriter()
    writer.add_blank_page(612, 792)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


AES_256 = TEXT_PDF.replace(
    b"/Root 1 0 R", b"/Root 1 0 R /ID [<00> <00>] /Encrypt << /Filter /Standard /V 5 /R 6 /Length 256 /P -4 /O <%s> /U <%s> /OE <%s> /UE <%s> /Perms <%s> /CF << /StdCF << /CFM /AESV3 /Length 32 >> >> /StmF /StdCF /StrF /StdCF >>" % (b"ab" * 48, b"cd" * 48, b"ef" * 32, b"12" * 32, b"34" * 16)
)  # fmt: skip
"""A PDF behind a password in AES-256, the standard of today; pypdf needs the package `cryptography` to see that no password is given."""


def holding(name: str, data: bytes) -> Callable[[Path], Path]:
    """A maker of a folder that holds one file; returns the file."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    return make


def fifo(folder: Path) -> Path:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes in the file system here")
    os.mkfifo(folder / "pipe.md")
    return folder / "pipe.md"


def bound_socket(folder: Path) -> Path:
    if not hasattr(socket, "AF_UNIX"):
        pytest.skip("no sockets in the file system here")
    there = Path.cwd()
    os.chdir(folder)  # a socket's path is limited to some 100 bytes
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("socket.md")
    finally:
        os.chdir(there)
    return folder / "socket.md"


def link(name: str, target: str) -> Callable[[Path], Path]:
    """A maker of a symbolic link."""

    def make(folder: Path) -> Path:
        (folder.parent / "outside").mkdir(exist_ok=True)
        (folder.parent / "outside" / "secret.md").write_text("# Secret\n\nThe canary sings at dawn.\n", encoding="utf-8")
        try:
            (folder / name).symlink_to(target)
        except OSError:
            pytest.skip("no symbolic links here")
        return folder / name

    return make


@dataclass(frozen=True)
class Bad:
    """A file that cannot be a note: how it is made, and why it is passed over."""

    name: str
    make: Callable[[Path], Path]
    reason: str


PASSED_OVER = (
    Bad("unknown suffix", holding("slides.docx", b"PK\x03\x04"), "no reader for .docx"),
    Bad("no suffix", holding("README", b"Some words."), "no reader for files without a suffix"),
    Bad("image", holding("photo.PNG", b"\x89PNG\r\n"), "no reader for .PNG"),
    Bad("empty file", holding("empty.md", b""), "empty"),
    Bad("only space", holding("space.txt", b" \n\t\r\n\x0c"), "empty"),
    Bad("only invisible characters", holding("zero.md", "\u200b\u200e\ufeff\n\u2060".encode()), "empty"),
    Bad("only a byte order mark", holding("bom.md", b"\xff\xfe"), "empty"),
    Bad("only front matter", holding("front.md", b"---\ntitle: Nothing\n---\n"), "empty"),
    Bad("only a heading", holding("heading.md", b"# A heading and nothing under it\n"), "no passages in it"),
    Bad("only furniture", holding("shell.txt", b"Skip to main content\nLoading...\nCookie settings\n"), "no passages in it"),
    Bad("binary", holding("program.md", bytes(range(256)) * 40), "looks binary, not text"),
    Bad("only NUL bytes", holding("nul.txt", b"\x00" * 4096), "looks binary, not text"),
    Bad("scanned PDF", holding("scan.pdf", blank_page()), "no text in it (scanned pages need OCR first)"),
    Bad("scanned PDF of three pages", holding("scan3.pdf", pdf_bytes([[], [], []])), "no text in it (scanned pages need OCR first)"),
    Bad("PDF behind a password, RC4", holding("locked.pdf", encrypted("RC4-128", "secret")), "password-protected PDF"),
    Bad("PDF behind a password, RC4 of 40 bits", holding("locked40.pdf", encrypted("RC4-40", "secret")), "password-protected PDF"),
    Bad("PDF behind a password, AES-256", holding("locked256.pdf", AES_256), "password-protected PDF"),
    Bad("empty PDF", holding("empty.pdf", b""), "damaged PDF"),
    Bad("PDF of a header", holding("header.pdf", b"%PDF-1.7\n"), "damaged PDF"),
    Bad("garbage PDF", holding("garbage.pdf", bytes((i * 7919) % 251 for i in range(20_000))), "damaged PDF"),
    Bad("text named PDF", holding("text.pdf", b"These are just words."), "damaged PDF"),
    Bad("truncated PDF", holding("cut.pdf", TEXT_PDF[:200]), "damaged PDF"),
    Bad("PDF of no pages", holding("pageless.pdf", pdf_bytes([])), "damaged PDF"),
    Bad("pipe", fifo, "not a regular file"),
    Bad("socket", bound_socket, "not a regular file"),
    Bad("broken link", link("broken.md", "nowhere.md"), "a broken link"),
    Bad("link to itself", link("self.md", "self.md"), "a broken link"),
    Bad("link out of the folder", link("out.md", "../outside/secret.md"), "a link that leads out of the folder"),
    Bad("link to a folder outside", link("away", "../outside"), "a link that leads out of the folder"),
)  # fmt: skip
IDS = [bad.name for bad in PASSED_OVER]


@pytest.fixture
def bad_folder(tmp_path: Path) -> Path:
    """An empty folder for what is bad."""
    folder = tmp_path / "bad"
    folder.mkdir()
    return folder


def unharmed(tiny: Tiny, generation: str) -> None:
    """The index is the generation it was, and answers."""
    assert tiny.current() == generation
    assert not list(tiny.index.glob("draft-*"))
    opened = tiny.tutor()
    assert opened.search("what do ribosomes build")[0].passage.note == "biology/cells.md"
    answer = opened.ask("What do ribosomes build?")
    assert all(opened.note(c.note).text[c.start : c.end] == c.quote for c in answer.citations)


def shows(run: Run, path: str, reason: str) -> None:
    """The report of a successful run lists a file and why it was passed over."""
    assert run.status == 0, run.err
    assert f"skipped  {path}: {reason}" in [line[: len(f"skipped  {path}: {reason}")] for line in run.out.splitlines()], run.out
    assert "Traceback" not in run.err


@pytest.mark.parametrize("bad", PASSED_OVER, ids=IDS)
def test_a_folder_with_nothing_else_is_refused(bad: Bad, bad_folder: Path, tiny_index: Tiny, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = bad.make(bad_folder)
    before = tiny_index.current()
    with within(20):
        run = run_ingest(capsys, bad_folder, "--index", tiny_index.index)
    assert_one_sentence(run)
    assert str(bad_folder) in run.message
    assert f"{path.name}: {bad.reason}" in run.message
    unharmed(tiny_index, before)


@pytest.mark.parametrize("bad", PASSED_OVER, ids=IDS)
def test_beside_a_good_note_it_is_listed(bad: Bad, bad_folder: Path, tiny_index: Tiny, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = bad.make(bad_folder)
    with within(20):
        run = run_ingest(capsys, "--add", bad_folder, "--index", tiny_index.index)
    shows(run, path.name, bad.reason)
    unharmed(tiny_index, "g000002")  # another list of sources is another generation
    assert set(tiny_index.open().notes) == {"biology/cells.md", "biology/plants.md", "history.txt"}
    assert not tiny_index.tutor().search("canary") or "canary" not in tiny_index.tutor().search("canary")[0].passage.text


ALONE = (
    ("missing file", lambda f: f / "nowhere.md", "There is no file or folder {}."),
    ("missing folder", lambda f: f / "no" / "such" / "folder", "There is no file or folder {}."),
    ("overlong path", lambda f: f / ("n" * 300), "There is no file or folder {}."),
    ("file taken for a folder", lambda f: holding("a.md", b"# A\n\nWords.\n")(f) / "b.md", "There is no file or folder {}."),
    ("broken link", link("broken.md", "nowhere.md"), "There is no file or folder {}."),
    ("link to itself", link("self", "self"), "There is no file or folder {}."),
    ("pipe", fifo, "{} is neither a file nor a folder."),
    ("device", lambda f: Path(os.devnull), "{} is neither a file nor a folder."),
    ("empty folder", lambda f: f, "No note could be read from {}."),
    ("folder of empty folders", lambda f: ((f / "a" / "b").mkdir(parents=True), f)[1], "No note could be read from {}."),
    ("hidden files", lambda f: (holding(".hidden.md", b"# Hidden\n\nWords.\n")(f), holding(".git/a.md", b"# A\n\nWords.\n")(f), f)[2], "No note could be read from {}."),
    ("one unreadable suffix", holding("slides.pptx", b"PK"), "No note could be read from {} (slides.pptx: no reader for .pptx)."),
    ("broken course", lambda f: (holding("course.toml", b"id = [")(f), holding("a.md", b"# A\n\nWords.\n")(f), f)[2], "{}/course.toml is not valid TOML"),
    ("course of bytes", lambda f: (holding("course.toml", b"id = '\xff'")(f), holding("a.md", b"# A\n\nWords.\n")(f), f)[2], "{}/course.toml is not valid TOML"),
)  # fmt: skip


@pytest.mark.parametrize(("make", "sentence"), [case[1:] for case in ALONE], ids=[case[0] for case in ALONE])
@pytest.mark.parametrize("option", ["", "--add"])
def test_a_bad_source_is_refused_in_one_sentence(
    make: Callable[[Path], Path], sentence: str, option: str, bad_folder: Path, tiny_index: Tiny, tiny_settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = make(bad_folder)
    before = tiny_index.current()
    with within(20):
        run = run_ingest(capsys, *([option] if option else []), path, "--index", tiny_index.index)
    if option and sentence.startswith("No note"):
        assert run.status == 0  # the other source has notes
        unharmed(tiny_index, "g000002")
        return
    assert_one_sentence(run)
    assert sentence.format(path.as_posix()) in run.message.replace("\\", "/")
    unharmed(tiny_index, before)


def test_a_refused_first_ingest_leaves_no_index(tmp_path: Path, tiny: Tiny, tiny_settings: Path, bad_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert_one_sentence(run_ingest(capsys, bad_folder, "--index", tiny.index))
    assert not (tiny.index / "CURRENT").exists()
    assert run_ingest(capsys, tiny.notes, "--index", tiny.index).status == 0
    unharmed(tiny, "g000001")


def test_the_index_may_not_be_a_file(tiny: Tiny, tiny_settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("precious", encoding="utf-8")
    run = run_ingest(capsys, tiny.notes, "--index", tmp_path / "file")
    assert_one_sentence(run)
    assert str(tmp_path / "file") in run.message
    assert (tmp_path / "file").read_text(encoding="utf-8") == "precious"


# --- not allowed to read ---------------------------------------------------------------------------------------------


@pytest.fixture
def deny(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], None]]:
    """Take away the permission to read a file or a folder; where that does not bind us (root), the system calls refuse."""
    denied: list[Path] = []

    def take(path: Path) -> None:
        path.chmod(0)
        denied.append(path)
        if not os.access(path, os.R_OK):
            return
        print(f"{path} is readable at mode 0 (root): PermissionError comes from patched system calls")
        real_open, real_scan = open, os.scandir

        def guarded_open(file: object, *args: object, **options: object) -> object:
            if str(file) == str(path):
                raise PermissionError(13, "Permission denied", str(file))
            return real_open(file, *args, **options)  # type: ignore[call-overload]

        def guarded_scan(folder: object = ".") -> object:
            if str(folder) == str(path):
                raise PermissionError(13, "Permission denied", str(folder))
            return real_scan(folder)  # type: ignore[call-overload]

        monkeypatch.setattr("io.open", guarded_open)
        monkeypatch.setattr("builtins.open", guarded_open)
        monkeypatch.setattr("os.scandir", guarded_scan)

    yield take
    for path in denied:
        path.chmod(stat.S_IRWXU)


@pytest.mark.parametrize("name", ["secret.md", "secret.txt", "secret.pdf"])
def test_an_unreadable_file_is_listed(
    name: str, bad_folder: Path, tiny_index: Tiny, tiny_settings: Path, deny: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    path = holding(name, TEXT_PDF if name.endswith("pdf") else b"# Secret\n\nThe canary sings.\n")(bad_folder)
    deny(path)
    run = run_ingest(capsys, bad_folder, "--index", tiny_index.index)
    assert_one_sentence(run)
    assert f"{name}: not readable: permission denied" in run.message
    unharmed(tiny_index, "g000001")
    shows(run_ingest(capsys, "--add", bad_folder, "--index", tiny_index.index), name, "not readable: permission denied")
    unharmed(tiny_index, "g000002")


def test_an_unreadable_folder_is_listed(
    bad_folder: Path, tiny_index: Tiny, tiny_settings: Path, deny: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    holding("chapter/one.md", b"# One\n\nThe canary sings.\n")(bad_folder)
    holding("two.md", b"# Two\n\nThe quokka jumps.\n")(bad_folder)
    deny(bad_folder / "chapter")
    run = run_ingest(capsys, bad_folder, "--index", tiny_index.index)
    shows(run, "chapter", "not readable: permission denied")
    assert set(tiny_index.open().notes) == {"two.md"}


def test_a_file_that_vanishes_or_grows_is_listed(tiny_index: Tiny) -> None:
    """Between the walk and the reading: one file goes, another one becomes larger than a note may be."""
    gone, grown = tiny_index.notes / "biology" / "cells.md", tiny_index.notes / "history.txt"

    def meddle(phase: str, done: int, total: int) -> None:
        if phase == "read" and done == 0:
            gone.unlink(missing_ok=True)
            os.truncate(grown, 1 << 30)

    report = Report()
    with within(10):
        gathered = gather([tiny_index.notes], embed.counter(tiny_index.model), report, meddle)
    assert [r.note.path for r in gathered.readings] == ["biology/plants.md"]
    reasons = {s.path: s.reason for s in report.skipped}
    assert reasons["biology/cells.md"].startswith("not readable: ")
    assert reasons["history.txt"] == "larger than 100 MB"


# --- PDFs ------------------------------------------------------------------------------------------------------------


class _Reversing(CryptBase):
    """Stands in for AES where `cryptography` is installed: what it encrypted it can decrypt."""

    def __init__(self, key: bytes) -> None:
        self.key = key

    def encrypt(self, data: bytes) -> bytes:
        return data[::-1]

    def decrypt(self, data: bytes, *, strict: bool = True) -> bytes:
        return data[::-1]


class _Absent(CryptBase):
    """Stands in for AES where `cryptography` is not installed."""

    def __init__(self, key: bytes) -> None:
        self.key = key

    def encrypt(self, data: bytes) -> bytes:
        raise DependencyError("cryptography>=3.1 is required for AES algorithm")

    def decrypt(self, data: bytes, *, strict: bool = True) -> bytes:
        raise DependencyError("cryptography>=3.1 is required for AES algorithm")


def test_a_pdf_without_a_password_is_read_though_encrypted(tmp_path: Path) -> None:
    """Locked against printing only (RC4): the empty password opens it."""
    path = holding("rc4.pdf", encrypted("RC4-128", "", "owner"))(tmp_path)
    assert "quokka lives on Rottnest" in read(File(path, path.name)).note.text


def test_a_pdf_locked_against_printing_by_aes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The empty password opens it with `cryptography`; without, the reason is the encryption, not a lack of text."""
    monkeypatch.setattr(pypdf._encryption, "CryptAES", _Reversing)
    path = holding("aes.pdf", encrypted("AES-128", "", "owner"))(tmp_path)
    assert "quokka lives on Rottnest" in read(File(path, path.name)).note.text
    monkeypatch.setattr(pypdf._encryption, "CryptAES", _Absent)
    with pytest.raises(NoteError, match=r"encrypted|password-protected"):
        read(File(path, path.name))


@pytest.mark.parametrize("password", ["secret", ""])
def test_a_pdf_behind_aes_256_is_refused_with_and_without_cryptography(password: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = holding("aes.pdf", AES_256)(tmp_path)
    with pytest.raises(NoteError, match="password-protected PDF"):
        read(File(path, path.name))
    for name in ("aes_cbc_decrypt", "aes_cbc_encrypt", "aes_ecb_decrypt", "aes_ecb_encrypt"):
        monkeypatch.setattr(pypdf._encryption, name, lambda *a, **k: _Absent(b"").decrypt(b""), raising=False)
    monkeypatch.setattr(pypdf._encryption, "CryptAES", _Absent)
    with pytest.raises(NoteError, match="password-protected PDF"):
        read(File(path, path.name))


LOOPS = {
    "pages that hold themselves": TEXT_PDF.replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"),
    "page whose parent is itself": TEXT_PDF.replace(b"/Parent 2 0 R", b"/Parent 3 0 R"),
    "table that precedes itself": TEXT_PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev 9"),
    "content of itself": TEXT_PDF.replace(b"/Contents 4 0 R", b"/Contents 3 0 R"),
    "length of itself": TEXT_PDF.replace(b"<< /Length ", b"<< /Length 4 0 R /Was "),
    "a million pages by its word": TEXT_PDF.replace(b"/Count 1", b"/Count 1000000"),
    "deep nesting": TEXT_PDF.replace(b"/Info 6 0 R", b"/Info " + b"[" * 4000 + b"]" * 4000),
}


@pytest.mark.parametrize("data", LOOPS.values(), ids=LOOPS.keys())
def test_a_pdf_that_loops_ends(data: bytes, tmp_path: Path) -> None:
    assert data != TEXT_PDF
    path = holding("loop.pdf", data)(tmp_path)
    with within_cpu(10):
        try:
            outcome = read(File(path, path.name)).note.text.split(".")[0]
        except NoteError as error:
            outcome = str(error)
    assert outcome in ("The quokka lives on Rottnest Island", "damaged PDF", "damaged PDF: it has no pages", "no text in it (scanned pages need OCR first)")


def test_mutated_pdfs_are_notes_or_refused(tmp_path: Path) -> None:
    """400 copies with some bytes changed, cut out or cut off: a Note or a NoteError, never anything else."""
    import random

    dice = random.Random(7)
    base = pdf_bytes([["The quokka lives on Rottnest Island."], ["A second page."]], title="Marsupials")
    refused = 0
    with within_cpu(60):
        for number in range(400):
            data = bytearray(base)
            for _ in range(dice.choice((1, 3, 10))):
                at = dice.randrange(len(data))
                action = dice.randrange(3)
                if action == 0:
                    data[at] = dice.randrange(256)
                elif action == 1:
                    del data[at : at + dice.randrange(1, 40)]
                else:
                    data[at:at] = bytes(dice.choices(b"<>[]()/0123456789 R\nobjendstream", k=dice.randrange(1, 12)))
            path = tmp_path / "mutant.pdf"
            path.write_bytes(data)
            try:
                reading = read(File(path, path.name))
            except NoteError:
                refused += 1
            else:
                assert reading.note.text.strip(), number
    assert 0 < refused < 400


def test_a_gigabyte_is_refused_unread(bad_folder: Path, tiny_index: Tiny, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("huge.md", "huge.pdf"):
        with (bad_folder / name).open("wb") as file:
            file.truncate(1 << 30)
    with within(5):
        run = run_ingest(capsys, bad_folder, "--index", tiny_index.index)
    assert_one_sentence(run)
    assert "huge.md: larger than 100 MB; huge.pdf: larger than 100 MB" in run.message


# --- readable, but odd -----------------------------------------------------------------------------------------------

ODD_TEXT = "# Zürich zoo\n\nThe quokka lives on Rottnest Island – it’s a small marsupial.\n\nThe naïve wombat digs a burrow.\n"

ENCODED = {
    "UTF-8": ODD_TEXT.encode(),
    "UTF-8 with byte order mark": b"\xef\xbb\xbf" + ODD_TEXT.encode(),
    "UTF-16 LE with byte order mark": b"\xff\xfe" + ODD_TEXT.encode("utf-16-le"),
    "UTF-16 BE with byte order mark": b"\xfe\xff" + ODD_TEXT.encode("utf-16-be"),
    "UTF-16 LE without": ODD_TEXT.encode("utf-16-le"),
    "UTF-16 BE without": ODD_TEXT.encode("utf-16-be"),
    "CRLF": ODD_TEXT.replace("\n", "\r\n").encode(),
    "CR": ODD_TEXT.replace("\n", "\r").encode(),
    "CRLF in UTF-16": b"\xff\xfe" + ODD_TEXT.replace("\n", "\r\n").encode("utf-16-le"),
}


@pytest.mark.parametrize("data", ENCODED.values(), ids=ENCODED.keys())
def test_an_encoding_is_recognised(data: bytes, bad_folder: Path, tiny_index: Tiny, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    holding("zoo.md", data)(bad_folder)
    run = run_ingest(capsys, bad_folder, "--index", tiny_index.index)
    assert run.status == 0, run.err
    assert "note     " not in run.out  # nothing to remark
    index = tiny_index.open()
    assert index.notes["zoo.md"].text == ODD_TEXT
    assert index.notes["zoo.md"].title == "Zürich zoo"
    spans_hold(index.notes["zoo.md"], index.passages)
    assert "small marsupial" in tiny_index.tutor().search("Where does the quokka live?")[0].passage.text


@pytest.mark.parametrize("length", [20, 21, 40, 200, 5001])
@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_recognised_at_any_length(codec: str, length: int, tmp_path: Path) -> None:
    text = ("The quokka lives on Rottnest Island. " * 200)[: length - 1] + "x"
    path = holding("zoo.txt", text.encode(codec))(tmp_path)
    assert read(File(path, path.name)).note.text == text


def test_windows_1252_is_read_with_a_remark(bad_folder: Path, tiny_index: Tiny, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    holding("zoo.md", ODD_TEXT.encode("cp1252"))(bad_folder)
    run = run_ingest(capsys, bad_folder, "--index", tiny_index.index)
    assert run.status == 0
    assert "note     zoo.md: not UTF-8; read as Windows-1252" in run.out
    assert tiny_index.open().notes["zoo.md"].text == ODD_TEXT


def test_one_stray_byte_does_not_garble_the_rest(bad_folder: Path, tiny_index: Tiny, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is UTF-8 but for one byte keeps its other characters, and says so."""
    holding("zoo.md", ODD_TEXT.encode().replace(b"burrow", b"bur\xffrow"))(bad_folder)
    run = run_ingest(capsys, bad_folder, "--index", tiny_index.index)
    assert run.status == 0
    assert "note     zoo.md: " in run.out
    text = tiny_index.open().notes["zoo.md"].text
    assert text.startswith("# Zürich zoo\n\nThe quokka lives on Rottnest Island – it’s a small marsupial.\n\nThe naïve wombat digs")


def test_nul_bytes_are_read_as_spaces(bad_folder: Path, tiny_index: Tiny, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = "The quokka lives on Rottnest Island. " * 20
    holding("zoo.md", f"# Zoo\x00\n\n{words}The\x00wombat digs.\x00\n".encode())(bad_folder)
    run = run_ingest(capsys, bad_folder, "--index", tiny_index.index)
    assert run.status == 0
    assert "note     zoo.md: NUL bytes read as spaces" in run.out
    index = tiny_index.open()
    assert index.notes["zoo.md"].text == f"# Zoo \n\n{words}The wombat digs. \n"
    spans_hold(index.notes["zoo.md"], index.passages)


INVISIBLE = [
    "\u00ad", "\u034f", "\u061c", "\u180e", *map(chr, range(0x200B, 0x2010)), *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2060, 0x2065)),
    *map(chr, range(0x2066, 0x2070)), "\ufe00", "\ufe0f", "\ufeff", "\ufff9", "\ufffa", "\ufffb", "\u3164", "\uffa0", "\U000e0001", "\U000e0041", "\U000e007f", "\U000e0100",
]  # fmt: skip
"""Zero-width, bidirectional, tag and selector characters, and the Hangul fillers."""


@pytest.mark.parametrize("mark", INVISIBLE, ids=[f"U+{ord(c):04X}" for c in INVISIBLE])
def test_an_invisible_character_is_not_searched(mark: str) -> None:
    assert visible(f"quo{mark}kka") == "quokka"
    assert terms(f"The {mark}quo{mark}kka{mark} lives.") == terms("The quokka lives.")


def test_invisible_characters_keep_offsets_true(bad_folder: Path, tiny_index: Tiny) -> None:
    """A word is found without them; the quote is the note's own text, with them."""
    marks = "".join(INVISIBLE)
    hidden = f"# Zo\u200bo\n\n\u202eThe quo\u200bk\u00adka\u2060 lives on Rott\u200dnest Island.\u202c It is a mar{marks}supial.\n\n## Bur\ufeffrows\n\nThe wom\u200bbat digs.\n"
    holding("zoo.md", hidden.encode())(bad_folder)
    tiny_index.ingest(bad_folder)
    opened = tiny_index.tutor()
    note = opened.note("zoo.md")
    assert note.text == hidden
    spans_hold(note, tiny_index.open().passages)
    hit = opened.search("Where does the quokka live?")[0].passage
    assert hit.text == hidden[hit.start : hit.end]
    assert "\u200b" in hit.text
    assert "marsupial" in visible(hit.text)
    assert {"quokka", "rottnest", "marsupial", "wombat", "burrows", "zoo"} <= set(tiny_index.open().words)
    assert not any(c in word for word in tiny_index.open().words for c in INVISIBLE)
    assert tiny_index.open().frequency(terms("burrows")[0]) == 1
    answer = opened.ask("What is a quokka, the marsupial on Rottnest Island?")
    assert answer.citations
    assert all(note.text[c.start : c.end] == c.quote for c in answer.citations)


def test_spaces_that_do_not_break_are_text(bad_folder: Path, tiny_index: Tiny) -> None:
    """Words copied from a web page: every space is a no-break space, an ideographic one or a thin one."""
    words = "The quokka lives on Rottnest Island and eats leaves at night."
    for name, space in (("a.md", "\u00a0"), ("b.md", "\u3000"), ("c.txt", "\u2009"), ("d.md", " \ue000")):
        holding(name, words.replace(" ", space).encode())(bad_folder)
    report = tiny_index.ingest(bad_folder)
    assert report.skipped == []
    index = tiny_index.open()
    assert index.frequency(terms("quokka")[0]) == index.frequency(terms("Rottnest")[0]) == 4


def test_composed_and_decomposed_letters_are_one(bad_folder: Path, tiny_index: Tiny) -> None:
    decomposed = unicodedata.normalize("NFD", "# Zürich\n\nThe naïve wombat lives in Zürich.\n")
    holding("zoo.md", decomposed.encode())(bad_folder)
    tiny_index.ingest(bad_folder)
    index = tiny_index.open()
    assert index.frequency(terms("Zürich")[0]) == 1
    assert {"naïve", "zürich"} <= set(index.words)


FRONT = {
    "a date that does not exist": "date: 2024-02-30",
    "a number that is none": "title: !!int abc",
    "a truth that is none": "title: !!bool perhaps",
    "a time that is none": "title: !!timestamp soon",
    "a number of 5,000 digits": f"title: {'9' * 5000}",
    "nesting of 5,000": "title: " + "[" * 5000,
    "Python": "title: !!python/object/apply:os.system ['echo hacked']",
    "a list as a key": "? [a, b]\n: c",
    "a lone surrogate": 'title: "\\ud800 quokka"\nasks:\n  Zoo: ["\\ud800 marsupials"]',
    "asks that are no phrasings": "asks:\n  Zoo: [1, null, [a, b], {c: d}, '', '   ']\n  7: [seven]\n  Other: what\n  Nowhere: [no such section]",
    "asks as a list": "asks: [a, b]",
    "a title of nothing": "title:",
    "a title that is a list": "title: [a, b]",
}


@pytest.mark.parametrize("front", FRONT.values(), ids=FRONT.keys())
def test_odd_front_matter_loses_no_note(front: str, bad_folder: Path, tiny_index: Tiny, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    holding("zoo.md", f"---\n{front}\n---\n# Zoo\n\nThe quokka lives on Rottnest Island.\n".encode())(bad_folder)
    run = run_ingest(capsys, bad_folder, "--index", tiny_index.index)
    assert run.status == 0, run.err
    opened = tiny_index.tutor()
    assert opened.search("Where does the quokka live?")[0].passage.text == "The quokka lives on Rottnest Island."
    assert "quokka" in json.dumps([p.text for p in tiny_index.open().passages])


def test_a_yaml_bomb_is_not_unfolded(tmp_path: Path) -> None:
    """Nine levels of references that would be ten million words when written out."""
    lines = ["a0: &a0 [boom, boom, boom, boom, boom, boom]", *(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 6)}]" for i in range(1, 9))]
    path = holding("bomb.md", "\n".join(["---", *lines, "title: *a8", "asks:", "  Zoo: [*a8]", "---", "# Zoo", "", "The quokka."]).encode())(tmp_path)
    with within_cpu(2):
        reading = read(File(path, path.name))
    assert len(reading.note.title) < 1000
    assert sum(len(p) for _, phrasings in reading.asks for p in phrasings) < 1000


# --- many, large, the same -------------------------------------------------------------------------------------------


def test_a_line_of_a_megabyte(bad_folder: Path, tiny_index: Tiny) -> None:
    sentence = "The quokka lives on an island and eats leaves at night in the year {}. "
    line = "".join(sentence.format(i) for i in range(20_000))[:1_000_000]
    holding("line.txt", line.encode())(bad_folder)
    report = Report()
    with within_cpu(5):
        gathered = gather([bad_folder], embed.counter(tiny_index.model), report, quiet)
    assert report.skipped == []
    assert len(gathered.passages) > 1000
    spans_hold(gathered.readings[0].note, gathered.passages)
    assert line[gathered.passages[-1].start :].strip() == gathered.passages[-1].text
    assert max(p.tokens for p in gathered.passages) <= 160


@pytest.mark.parametrize("suffix", [".md", ".txt"])
def test_a_megabyte_without_a_full_stop_is_cut_all_the_same(suffix: str, bad_folder: Path, tiny_index: Tiny) -> None:
    """No passage may be so long that the model reads only its beginning and no context has room for it."""
    line = " ".join(f"quokka{i}" for i in range(20_000))
    path = holding(f"line{suffix}", line.encode())(bad_folder)
    with within_cpu(10):
        gathered = gather([path], embed.counter(tiny_index.model), Report(), quiet)
    assert max(p.tokens for p in gathered.passages) <= 160
    assert "quokka19999" in gathered.passages[-1].text


ATTACKS = [
    ".", ". ", "…", "\t", "-", "|", "*", "_", "(", "# ", "[a](", "`", "1. ", "= ", "<a ", "> ", "a'", "e.g. ", "(A", "AB (", "AbCd\n", "Question\n", "a:\n", "- a\n", "Loading a",
]  # fmt: skip


@pytest.mark.parametrize("suffix", [".md", ".txt"])
@pytest.mark.parametrize("piece", ATTACKS, ids=[repr(piece) for piece in ATTACKS])
def test_no_repetition_takes_long(piece: str, suffix: str, tmp_path: Path, count: embed.Count) -> None:
    """40,000 characters of one thing: a quadratic rule would take half a minute, a linear one a fraction of a second."""
    text = (piece * 40_000)[:40_000]
    path = holding(f"attack{suffix}", f"# Zoo\n\nThe quokka.\n\n{text}x\n".encode())(tmp_path)
    with within_cpu(3):
        gathered = gather([path], count, Report(), quiet)
    spans_hold(gathered.readings[0].note, gathered.passages)
    assert gathered.passages[0].text.startswith("The quokka.")


def test_a_hundred_copies_are_one_in_a_context(bad_folder: Path, tiny_index: Tiny) -> None:
    note = "# Zoo\n\n## Quokkas\n\nThe quokka lives on Rottnest Island.\n\n## Wombats\n\nThe wombat of Rottnest Island digs a burrow.\n"
    write_notes(bad_folder, {f"copy{i:03}/zoo.md": note for i in range(100)})
    report = tiny_index.ingest(bad_folder)
    assert (report.notes, report.passages, report.embedded) == (100, 200, 2)
    hits = tiny_index.tutor().context("Where is Rottnest Island?")
    assert sorted(h.passage.text for h in hits) == ["The quokka lives on Rottnest Island.", "The wombat of Rottnest Island digs a burrow."]
    for hit in hits:
        assert {hit.passage.note, *hit.also} == {f"copy{i:03}/zoo.md" for i in range(100)}


def test_copies_leave_room_in_a_search(bad_folder: Path, tiny_index: Tiny) -> None:
    """A hundred copies of the best passage do not push every other note out of what an answer is drafted from."""
    write_notes(bad_folder, {f"copy{i:03}.md": "# Zoo\n\nThe quokka lives on Rottnest Island.\n" for i in range(100)})
    write_notes(bad_folder, {"other.md": "# Other zoo\n\nA quokka on Rottnest Island eats leaves.\n"})
    tiny_index.ingest(bad_folder)
    assert "other.md" in {h.passage.note for h in tiny_index.tutor().context("quokka Rottnest Island lives")}


def test_case_twins_are_two_notes(bad_folder: Path, tiny_index: Tiny) -> None:
    write_notes(bad_folder, {"zoo.md": "# Zoo\n\nThe quokka jumps.\n", "Zoo.md": "# Zoo\n\nThe wombat digs.\n", "ZOO.txt": "The zebra runs.\n"})
    if len(list(bad_folder.iterdir())) < 3:
        pytest.skip("this file system does not tell zoo.md from Zoo.md")
    tiny_index.ingest(bad_folder)
    index = tiny_index.open()
    assert {path: note.text.split("\n")[-2] for path, note in index.notes.items()} == {
        "zoo.md": "The quokka jumps.",
        "Zoo.md": "The wombat digs.",
        "ZOO.txt": "The zebra runs.",
    }
    for p in index.passages:
        assert p.text == index.notes[p.note].text[p.start : p.end]


def test_a_link_loop_is_read_once(bad_folder: Path, tiny_index: Tiny, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_notes(bad_folder, {"a/zoo.md": "# Zoo\n\nThe quokka jumps.\n", "b/den.md": "# Den\n\nThe wombat digs.\n"})
    link("a/up", "..")(bad_folder)
    link("a/self", ".")(bad_folder)
    link("b/a", "../a")(bad_folder)
    with within(20):
        run = run_ingest(capsys, bad_folder, "--index", tiny_index.index)
    assert run.status == 0, run.err
    assert set(tiny_index.open().notes) == {"a/zoo.md", "b/den.md"}


def test_a_link_out_of_the_folder_is_not_read(bad_folder: Path, tiny_index: Tiny) -> None:
    write_notes(bad_folder, {"zoo.md": "# Zoo\n\nThe quokka jumps.\n"})
    link("out.md", "../outside/secret.md")(bad_folder)
    link("away", "../outside")(bad_folder)
    tiny_index.ingest(bad_folder)
    assert set(tiny_index.open().notes) == {"zoo.md"}
    assert "canary" not in tiny_index.open().words


@pytest.mark.parametrize("name", ["zoo\nskipped  a.md: lie.docx", "\x1b[31mred.docx", "zoo\r.docx"])
def test_a_file_name_cannot_forge_the_report(name: str, bad_folder: Path, tiny_index: Tiny, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        holding(name, b"PK")(bad_folder)
    except OSError:
        pytest.skip("no such file names here")
    run = run_ingest(capsys, "--add", bad_folder, "--index", tiny_index.index)
    assert run.status == 0
    assert len(re.findall(r"^skipped  \S", run.out.replace("\r", "\n"), re.MULTILINE)) == 1
    assert not any(unicodedata.category(c) == "Cc" and c != "\n" for c in run.out)


def test_names_that_are_no_utf_8(tiny: Tiny, tiny_settings: Path, tmp_path: Path) -> None:
    """A source, a note and a skipped file whose names are bytes; in a process of its own, for its real standard output."""
    if sys.platform in ("win32", "darwin"):
        pytest.skip("file names are Unicode here")
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    for name in (b"zo\xf6.md", b"sl\xefdes.docx"):
        (folder / os.fsdecode(name)).write_bytes(b"# Zoo\n\nThe quokka jumps.\n")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "ingest", str(folder), "--index", str(tiny.index)], env=environment, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    assert b"Traceback" not in done.stderr
    assert b"no reader for .docx" in done.stdout
    assert [n.text for n in tiny.open().notes.values()] == ["# Zoo\n\nThe quokka jumps.\n"]
    again = subprocess.run([sys.executable, "-m", "ingest", "--index", str(tiny.index)], env=environment, capture_output=True, timeout=60, check=False)
    assert again.returncode == 0, again.stderr.decode(errors="replace")
    assert b"nothing changed" in again.stdout


def test_json_is_one_object_and_progress_is_json_lines(bad_folder: Path, tiny: Tiny, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for bad in PASSED_OVER[:4]:
        bad.make(bad_folder)
    run = run_ingest(capsys, tiny.notes, bad_folder, "--index", tiny.index, "--json")
    assert run.status == 0
    report = json.loads(run.out)
    assert report["notes"] == 3
    assert {(s["path"], s["reason"]) for s in report["skipped"]} == {
        ("slides.docx", "no reader for .docx"),
        ("README", "no reader for files without a suffix"),
        ("photo.PNG", "no reader for .PNG"),
        ("empty.md", "empty"),
    }
    progress = [json.loads(line) for line in run.err.splitlines()]
    assert {p["phase"] for p in progress} == {"read", "embed", "write"}
    assert all(0 <= p["done"] <= p["total"] for p in progress)
    assert_one_sentence(run_ingest(capsys, bad_folder / "nowhere", "--index", tiny.index, "--json"))
