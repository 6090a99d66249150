"""PDFs: the text of each page, where pages begin, what running heads leave behind, and the page on every passage."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from fakes import Tiny, pdf_bytes, spans_hold
from pypdf import PdfReader, PdfWriter

from ingest.pdf import MAX_PAGES, pages
from ingest.read import File, Reading, read
from ingest.split import split
from tutor.embed import Count
from tutor.errors import NoteError

TWO = [
    ["Quokkas", "", "The quokka lives on Rottnest Island and it is a small", "marsupial that eats leaves and bark. It sleeps by day."],
    ["Wombats", "", "The wombat digs a burrow with its strong front paws and", "then it sleeps there all day long. It eats grass."],
]


def read_pdf(folder: Path, data: bytes) -> Reading:
    (folder / "zoo.pdf").write_bytes(data)
    return read(File(folder / "zoo.pdf", "zoo.pdf"))


def test_our_pdfs_are_pdfs() -> None:
    """The fake is read by pypdf without a repair."""
    reader = PdfReader(BytesIO(pdf_bytes(TWO, title="The (small) zoo")), strict=True)
    assert len(reader.pages) == 2
    assert reader.metadata is not None
    assert reader.metadata.title == "The (small) zoo"
    assert "digs a burrow" in reader.pages[1].extract_text()


def test_pages_and_title(tmp_path: Path) -> None:
    (tmp_path / "zoo.pdf").write_bytes(pdf_bytes([["First page."], [], ["Third (3) page\\."]], title="Zoo"))
    texts, title = pages(tmp_path / "zoo.pdf")
    assert [text.strip() for text in texts] == ["First page.", "", "Third (3) page\\."]
    assert title == "Zoo"


def test_a_note_knows_where_its_pages_begin(tmp_path: Path) -> None:
    note = read_pdf(tmp_path, pdf_bytes(TWO, title="The zoo")).note
    assert note.title == "The zoo"
    assert len(note.pages) == 2
    assert note.pages[0] == 0
    assert note.text[note.pages[0] :].startswith("Quokkas")
    assert note.text[note.pages[1] :].startswith("Wombats")
    assert note.text[note.pages[1] - 2 : note.pages[1]] == "\n\n"
    for word, page in (("Quokkas", 1), ("It sleeps by day", 1), ("Wombats", 2), ("It eats grass", 2)):
        assert note.page(note.text.index(word)) == page
    assert note.page(len(note.text)) == 2


def test_without_a_title_the_file_names_the_note(tmp_path: Path) -> None:
    assert read_pdf(tmp_path, pdf_bytes(TWO)).note.title == "zoo"


def test_passages_have_their_page_and_quotes_their_place(tmp_path: Path, tiny: Tiny) -> None:
    (tiny.notes / "zoo.pdf").write_bytes(pdf_bytes(TWO))
    tiny.ingest()
    index = tiny.open()
    found = [p for p in index.passages if p.note == "zoo.pdf"]
    spans_hold(index.notes["zoo.pdf"], found)
    assert {("quokka" in p.text.lower(), p.page) for p in found} == {(True, 1), (False, 2)}
    hit = tiny.tutor().search("What digs a burrow?")[0].passage
    assert (hit.note, hit.page) == ("zoo.pdf", 2)
    answer = tiny.tutor().ask("What digs a burrow with its strong front paws?")
    assert {c.page for c in answer.citations if "burrow" in c.quote} <= {2}
    assert all(index.notes[c.note].text[c.start : c.end] == c.quote for c in answer.citations)
    assert {p.page for p in index.passages if p.note != "zoo.pdf"} == {None}


def test_an_empty_page_keeps_the_numbers_of_those_behind_it(tmp_path: Path, count: Count) -> None:
    reading = read_pdf(tmp_path, pdf_bytes([TWO[0], [], TWO[1]]))
    found = split(reading.note, count, reading.markdown, reading.start)
    assert {p.page for p in found if "wombat" in p.text.lower()} == {3}


def test_running_heads_and_page_numbers_are_dropped(tmp_path: Path, count: Count) -> None:
    facts = [
        f"Fact {word} of the zoo is that its {word} keeper feeds the {word} animal at noon."
        for word in ("first", "second", "third", "fourth", "fifth", "sixth")
    ]
    data = pdf_bytes(
        [["The Zoo Guide   2nd edition", fact, "Animals live here. They are fed.", f"Page {n} of 6", "Zoo Press"] for n, fact in enumerate(facts, 1)]
    )
    note = read_pdf(tmp_path, data).note
    assert "Zoo Guide" not in note.text
    assert "Zoo Press" not in note.text
    assert "of 6" not in note.text
    assert [note.text[start:].split("\n")[0].strip() for start in note.pages] == facts
    for n, fact in enumerate(facts, 1):
        assert note.page(note.text.index(fact)) == n
    spans_hold(note, split(note, count, False))


def test_what_stands_on_two_pages_only_is_no_running_head(tmp_path: Path) -> None:
    data = pdf_bytes(
        [
            ["Animals", "The quokka jumps high.", "It is small.", "It eats leaves."],
            ["Animals", "The wombat digs deep.", "It is strong.", "It eats grass."],
            ["Plants", "The gum tree grows.", "It is tall.", "It drinks rain."],
        ]
    )
    assert read_pdf(tmp_path, data).note.text.count("Animals") == 2


def test_repeated_lines_in_the_middle_of_pages_stay(tmp_path: Path) -> None:
    data = pdf_bytes([[f"Top {w}", f"Second {w}", "Mind this rule.", f"Third {w}", f"Fourth {w}", f"Last {w}"] for w in ("red", "green", "blue", "white")])
    assert read_pdf(tmp_path, data).note.text.count("Mind this rule.") == 4


def test_marks_that_pypdf_writes_itself(tmp_path: Path) -> None:
    """The same text after a round through pypdf's writer, with object streams and compression."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf_bytes(TWO))))
    writer.compress_identical_objects()
    for page in writer.pages:
        page.compress_content_streams()
    out = BytesIO()
    writer.write(out)
    assert read_pdf(tmp_path, out.getvalue()).note.text == read_pdf(tmp_path, pdf_bytes(TWO)).note.text


def test_a_page_that_cannot_be_read_is_empty_and_the_rest_is_read(tmp_path: Path) -> None:
    broken = pdf_bytes(TWO).replace(b"(Quokkas) Tj", b"(Quokkas} T<")
    text = read_pdf(tmp_path, broken).note.text
    assert "The wombat digs a burrow" in text


def test_no_more_pages_are_read_than_a_note_may_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_PAGES == 5000
    monkeypatch.setattr("ingest.pdf.MAX_PAGES", 2)
    (tmp_path / "zoo.pdf").write_bytes(pdf_bytes([["One."], ["Two."], ["Three."]]))
    assert [text.strip() for text in pages(tmp_path / "zoo.pdf")[0]] == ["One.", "Two."]


def test_a_damaged_pdf_says_so_in_a_clause(tmp_path: Path) -> None:
    (tmp_path / "zoo.pdf").write_bytes(b"%PDF-1.4 and nothing else")
    with pytest.raises(NoteError, match=r"^damaged PDF$"):
        pages(tmp_path / "zoo.pdf")


def test_a_pdf_is_read_again_only_in_effect(tiny: Tiny) -> None:
    """Reading is repeated, embedding is not."""
    (tiny.notes / "zoo.pdf").write_bytes(pdf_bytes(TWO))
    first = tiny.ingest()
    again = tiny.ingest()
    assert first.embedded > 0
    assert (again.embedded, again.changed) == (0, False)
