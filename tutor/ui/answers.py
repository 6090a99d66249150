"""An answer in, a laid-out answer on the page out: statements with footnote chips that open the quote in its note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal

import streamlit as st

from tutor import render
from tutor.layout import Group, chips, grouped, opening, reading, remarks, spent
from tutor.session import Tutor
from tutor.types import Answer, Citation, Heading, Note, Standing, Statement
from tutor.ui import shell, slices

LABEL: Final = 70
"""Characters of a heading on a button."""
STANDINGS: Final[Mapping[Standing, tuple[str, Literal["green", "red", "gray"]]]] = {
    "supported": (":material/check_circle:", "green"),
    "refuted": (":material/cancel:", "red"),
    "silent": (":material/help:", "gray"),
}
"""The icon and color of how the notes see an option."""
UNSURE: Final = "This goes further than the words it cites. Open the footnote and compare."


def draw(tutor: Tutor, answer: Answer, key: str, notes: Answer | None = None) -> None:
    """Lay an answer out; `key` tells its widgets from those of other answers. `notes` is the answer from the notes alone
    that a model's stands in place of: it folds away below."""
    _opening(answer)
    body(tutor, answer, key)
    if answer.abstained and answer.nearest:
        st.caption("Headings to look under")
        with st.container(gap="xsmall", key=f"headings-{key}"):
            for heading in answer.nearest:
                _heading(heading)
    with st.container(gap="xxsmall", key=f"remarks-{key}"):
        for remark in remarks(answer):
            st.caption(render.plain(remark))
    with st.container(gap="xsmall", key=f"folded-{key}"):
        if notes is not None and notes.statements:
            with st.expander("From your notes, word for word", type="compact"):
                body(tutor, notes, f"{key}-notes")
        if answer.citations:
            with st.expander(f"Sources ({len(answer.citations):d})", type="compact"):
                for citation in answer.citations:
                    st.markdown(_source(citation))
    st.caption(_cost(answer))


def body(tutor: Tutor, answer: Answer, key: str, still: bool = True) -> None:
    """An answer's statements, or the question back in their place. While they grow (not `still`), footnotes are marks, not
    buttons: a button would begin the page anew."""
    said = {c.number: c for c in answer.citations}
    if answer.prompt:
        with st.container(key=f"lead-{key}"):
            st.markdown(render.plain(answer.prompt))
    if answer.options:
        _options(tutor, answer, said, key, still)
    elif answer.abstained and answer.statements:
        with st.container(key=f"nearest-{key}", gap="xsmall"):
            st.caption("Nearest in your notes, not an answer")
            _groups(tutor, answer, said, key, still)
    elif answer.statements:
        with st.container(gap="xsmall"):
            _groups(tutor, answer, said, key, still)


def _options(tutor: Tutor, answer: Answer, said: Mapping[int, Citation], key: str, still: bool) -> None:
    """The options of a pasted question one under another, each with how the notes see it, in words and not by color alone."""
    for option in answer.options:
        with st.container(key=f"option-{key}-{option.id}", gap="xsmall"):
            chosen = option.id in answer.choice
            line = render.plain(f"{option.id}. {option.text}")
            st.markdown(render.strong(line) if chosen else line)
            with st.container(horizontal=True, gap="xsmall"):
                if chosen:
                    st.badge("your notes single it out", icon=":material/check:", color="green")
                st.badge(render.plain(option.standing), icon=STANDINGS[option.standing][0], color=STANDINGS[option.standing][1])
            if option.statement is not None:
                _groups(tutor, replace(answer, outcome="closest", statements=(option.statement,)), said, f"{key}-{option.id}", still)


def _opening(answer: Answer) -> None:
    if answer.understood:
        st.caption(render.plain(reading(answer)))
    if answer.abstained or answer.options:
        st.markdown(render.strong(render.plain(opening(answer).removesuffix(" The nearest they have:"))))


def _cost(answer: Answer) -> render.Safe:
    """What drafted an answer, in what time, for how much."""
    time = f"{answer.seconds * 1000:.0f} ms" if answer.seconds < 1 else f"{answer.seconds:.1f} s"
    return render.Safe(f"{shell.mode(answer.mode)} · {render.plain(' · '.join([time, *spent(answer.usage)]))}")


def _groups(tutor: Tutor, answer: Answer, said: Mapping[int, Citation], key: str, still: bool) -> None:
    for place, group in enumerate(grouped(answer.statements, led=not answer.abstained)):
        if group.label:
            with st.container(key=f"label-{key}-{place}"):
                st.markdown(render.strong(render.words(group.label, _is_markdown(group.statements[0], said))))
        if group.form == "table":
            _table(tutor, group, said, f"{key}-{place}", still)
            continue
        for n, statement in enumerate(group.statements, 1):
            _statement(tutor, group, n, statement, said, f"{key}-{place}-{n}", still)


def _statement(tutor: Tutor, group: Group, number: int, statement: Statement, said: Mapping[int, Citation], key: str, still: bool) -> None:
    """One statement with its chips at the margin."""
    line = render.words(statement.text, _is_markdown(statement, said))
    with st.container(horizontal=True, wrap=False, vertical_alignment="top", gap="small", key=f"said-{key}"):
        if group.form == "lead":
            with st.container(key=f"lead-{key}"):
                st.markdown(line)
        else:
            st.markdown(render.item(line, number if group.form == "steps" else 0), width="stretch")
        if statement.verdict == "unsure":
            st.badge("?", color="orange", help=UNSURE)
        footnotes(tutor, [said[n] for n in chips(statement, said)], key, still)


def _table(tutor: Tutor, group: Group, said: Mapping[int, Citation], key: str, still: bool) -> None:
    """Rows under their header, each with its marks; the chips stand beneath."""
    marked = [_is_markdown(s, said) for s in group.statements]
    columns = [render.words(c, marked[0]) for c in group.columns]
    rows = [[*(render.words(c, m) for c in s.cells), render.marks(chips(s, said))] for s, m in zip(group.statements, marked, strict=True)]
    st.markdown(render.table([*columns, render.plain("Note")], rows))
    with st.container(horizontal=True, gap="xsmall", key=f"rows-{key}"):
        footnotes(tutor, [said[n] for n in dict.fromkeys(n for s in group.statements for n in chips(s, said))], key, still)


def footnotes(tutor: Tutor, citations: Sequence[Citation], key: str, still: bool = True) -> None:
    """Chips that open their quotes in their notes; only marks where the page is not `still`."""
    for citation in citations:
        if not still:
            with st.container(key=f"mark-{key}-{citation.number}", width="content"):
                st.markdown(render.marks([citation.number]))
            continue
        place = render.trail([citation.note, *citation.heading[-1:]], LABEL)
        if st.button(f"[{citation.number:d}]", key=f"chip-{key}-{citation.number}", type="tertiary", help=place):
            _quote(tutor, citation)


@st.dialog("In your notes", width="medium", icon=":material/format_quote:")
def _quote(tutor: Tutor, citation: Citation) -> None:
    """The quote, highlighted among the words around it, and the way to its note."""
    note = tutor.index.notes.get(citation.note)
    if citation.heading:
        st.markdown(render.strong(render.trail(citation.heading)))
    st.caption(_file(citation))
    start = _place(note, citation)
    if note is None or start is None:
        st.markdown(render.excerpt(citation.quote, markdown=slices.is_markdown(citation.note)), anchors=False)
        st.caption("This note has changed since the answer was given, and no longer holds these words.")
        return
    end = start + len(citation.quote)
    stretch, span = slices.around(note, (start, end))
    with st.container(border=True, key="quote"):
        st.markdown(render.excerpt(stretch, [span], slices.is_markdown(note.path)), anchors=False)
    if citation.also:
        st.caption(f"The same words stand in {render.trail(citation.also[:5])}.")
    st.page_link(shell.NOTES, label="Open the note", icon=":material/menu_book:", query_params={"note": note.path, "at": str(start), "to": str(end)})


def _place(note: Note | None, citation: Citation) -> int | None:
    """Where the quote stands in the note as it is indexed now."""
    if note is None:
        return None
    if note.text[citation.start : citation.end] == citation.quote:
        return citation.start
    found = note.text.find(citation.quote)
    return found if found >= 0 else None


def _heading(heading: Heading) -> None:
    label = render.plain(heading.path[-1] if heading.path else heading.note, LABEL)
    st.page_link(shell.NOTES, label=label, icon=":material/arrow_forward:", query_params={"note": heading.note, "at": str(heading.start)})


def _source(citation: Citation) -> render.Safe:
    quote = render.words(citation.quote, slices.is_markdown(citation.note))
    return render.Safe(f"**\\[{citation.number:d}\\]** {quote}  \n:small[{_file(citation)}{' › ' if citation.heading else ''}{render.trail(citation.heading)}]")


def _file(citation: Citation) -> render.Safe:
    page = f", page {citation.page:d}" if citation.page is not None else ""
    return render.Safe(f"{render.plain(citation.note)}{page}")


def _is_markdown(statement: Statement, said: Mapping[int, Citation]) -> bool:
    """Whether to read a statement's emphasis: a model's own words may bear it too."""
    return statement.verdict != "exact" or all(slices.is_markdown(said[n].note) for n in statement.citations if n in said)
