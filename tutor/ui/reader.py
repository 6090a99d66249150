"""A note and a place in it in, the opened note on the page out, with the place highlighted."""

from __future__ import annotations

from typing import Final

import streamlit as st

from tutor import render
from tutor.session import Tutor
from tutor.types import Heading, Note, Span
from tutor.ui import shell, slices

INDENT: Final = "\u2003"
CONTENTS: Final = 200
"""Headings listed of one note."""
LONGEST_MARK: Final = 5_000
"""Characters highlighted at most: an address that asks for more was not made by a chip."""


def draw(tutor: Tutor, path: str, at: str, to: str) -> None:
    """Show a note. `at` and `to` come from the page's address: offsets in digits, or anything. Raises InputError where there is no such note."""
    note = tutor.note(path)
    start, end = _offset(at, note), _offset(to, note)
    mark = (start, end) if 0 <= start < end <= start + LONGEST_MARK else None
    headings = tutor.headings(path)
    page = slices.page(note, [h.start for h in headings], max(0, start))
    st.page_link(shell.NOTES, label="All notes", icon=":material/arrow_back:", query_params={})
    st.title(render.plain(note.title), anchor=False)
    st.caption(_about(note))
    if len(headings) > 1:
        _contents(headings)
    if page.earlier is not None:
        st.page_link(shell.NOTES, label="Earlier in this note", icon=":material/arrow_upward:", query_params={"note": note.path, "at": str(page.earlier)})
    _body(note, page, mark)
    if page.later is not None:
        st.page_link(shell.NOTES, label="Later in this note", icon=":material/arrow_downward:", query_params={"note": note.path, "at": str(page.later)})


def _body(note: Note, page: slices.Page, mark: Span | None) -> None:
    """The page's text; the first line of a note that repeats its title is left out."""
    text, start = note.text[page.start : page.end], page.start
    first, _, rest = text.lstrip().partition("\n")
    if page.earlier is None and first.lstrip("# ").strip() == note.title.strip() and (mark is None or mark[0] >= page.end - len(rest)):
        text, start = rest, page.end - len(rest)
    marks = [(max(0, mark[0] - start), min(len(text), mark[1] - start))] if mark and mark[1] > start and mark[0] < page.end else []
    with st.container(key="note"):
        st.markdown(render.excerpt(text, marks, slices.is_markdown(note.path)), anchors=False)


def _contents(headings: list[Heading]) -> None:
    with st.expander(f"Contents ({len(headings):d})", icon=":material/toc:"), st.container(gap="xxsmall", key="contents"):
        for heading in headings[:CONTENTS]:
            label = render.plain(heading.path[-1] if heading.path else heading.note, 90)
            depth = max(0, len(heading.path) - 2)
            st.page_link(shell.NOTES, label=f"{INDENT * depth}{label}", query_params={"note": heading.note, "at": str(heading.start)})


def _about(note: Note) -> render.Safe:
    pages = f" · {len(note.pages):d} pages" if note.pages else ""
    return render.Safe(f"{render.plain(note.path)}{' · ' + render.plain(note.course) if note.course else ''}{pages}")


def _offset(text: str, note: Note) -> int:
    """An offset into the note from the page's address; -1 where that holds none."""
    return min(int(text), len(note.text)) if text.isascii() and text.isdigit() and len(text) < 12 else -1
