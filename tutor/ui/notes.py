"""The page Notes: what is indexed, by course and folder; search; an opened note; and a place to add more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import streamlit as st

from tutor import render
from tutor.session import Tutor
from tutor.text import STOPWORDS, WORD, terms
from tutor.types import Hit, Note, Span
from tutor.ui import intake, reader, shell, side, slices, writing

LISTED: Final = 60  # notes of one folder, before the learner asks for more
RESULTS: Final = 10
EXCERPT: Final = 180  # characters on either side of the first word found


def show() -> None:
    """Draw the page: one note where the address names one, else search and the list."""
    opened, turns = shell.opened(), writing.turns()
    tutor = opened.tutor
    side.draw(opened, turns, started=bool(turns))
    asked = st.query_params
    if "note" in asked:
        reader.draw(tutor, asked["note"], asked.get("at", ""), asked.get("to", ""))
        return
    st.title("Your notes", anchor=False)
    st.caption(f"{render.count(len(tutor.index.notes), 'note')} in {render.count(len(tutor.index.passages), 'passage')}")
    query = st.text_input("Search your notes", key="search", placeholder="Search your notes", label_visibility="collapsed", icon=":material/search:")
    if query and query.strip():
        _results(tutor, query)
    else:
        _list(tutor.notes())
    intake.add(indexed=True)


def _results(tutor: Tutor, query: str) -> None:
    hits = tutor.search(query, k=RESULTS)
    if not hits:
        st.info("Nothing found. Try other words.", icon=":material/search_off:")
    for hit in hits:
        _card(tutor, hit, query)


def _card(tutor: Tutor, hit: Hit, query: str) -> None:
    """One passage found: where it stands, the words around the first that was asked for, and the way there."""
    passage, note = hit.passage, tutor.index.notes[hit.passage.note]
    found = _found(passage.text, query)
    first = passage.start + (found[0][0] if found else 0)
    stretch, _ = slices.around(note, (first, first + 1), EXCERPT)
    with st.container(border=True):
        label = render.plain(passage.heading[-1] if passage.heading else note.title, 90)
        st.page_link(shell.NOTES, label=render.strong(label), query_params={"note": note.path, "at": str(first)})
        st.markdown(render.excerpt(stretch, _found(stretch, query), slices.is_markdown(note.path)), anchors=False)
        page = f", page {passage.page:d}" if passage.page is not None else ""
        st.caption(f"{render.plain(note.path)}{page}{' › ' if passage.heading[:-1] else ''}{render.trail(passage.heading[:-1])}")


def _found(text: str, query: str) -> list[Span]:
    """Where the query's words, or forms of them, stand in a text."""
    wanted = {t for word in WORD.findall(query) if word.lower() not in STOPWORDS for t in terms(word)}
    return [m.span() for m in WORD.finditer(text) if wanted & set(terms(m.group()))]


def _list(notes: Iterable[Note]) -> None:
    """The notes under their course, or their folder."""
    shelves: dict[str, list[Note]] = {}
    for note in notes:
        folder = note.path.rpartition("/")[0].removeprefix("notes/")
        shelves.setdefault(" / ".join(filter(None, [note.course, folder])) or "Your own notes", []).append(note)
    for place, (name, shelf) in enumerate(sorted(shelves.items())):
        with st.expander(f"{render.plain(name, 80)} · {len(shelf):,}", expanded=place < 4 or len(shelves) <= 8, icon=":material/folder:"):
            _shelf(shelf, place)


def _shelf(notes: list[Note], place: int) -> None:
    more = st.session_state.get(f"more-{place}", 1)
    for note in notes[: LISTED * more]:
        st.page_link(shell.NOTES, label=render.plain(note.title, 90), icon=":material/description:", query_params={"note": note.path})
    if len(notes) > LISTED * more and st.button(f"Show more ({len(notes) - LISTED * more:,} left)", key=f"show-more-{place}"):
        st.session_state[f"more-{place}"] = more + 1
        st.rerun()


if __name__ == "__main__":
    show()
