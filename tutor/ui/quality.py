"""The page Quality: the last run of the evals; its verdict, its figures, what failed worst, and how far it covers the notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import streamlit as st

from tutor import quality, render, store
from tutor.errors import TutorError
from tutor.quality import Figure, Quality, Said, Tried
from tutor.session import Tutor
from tutor.settings import from_environment
from tutor.ui import outline, quality_plots, quality_words, shell, side, slices, writing

FINDINGS: Final = 6
WORST: Final = 8
"""Findings, and failures of a suite, that are shown before the reader asks for more."""
STATEMENTS: Final = 8
TITLE: Final = 110
"""Characters of a question in the list."""
COLUMNS: Final = ("Figure", "Value", "95 % interval", "Baseline", "Number", "Without one", "What it is the mean of")


def show() -> None:
    """Draw the page; it needs a run, but no index."""
    opened = _opened()
    if opened is not None:
        side.draw(opened, writing.turns(), started=bool(writing.turns()))
    st.title("Quality", anchor=False)
    st.markdown("The tutor is asked questions whose answers in the notes are known, and everything that it says is checked.")
    home = from_environment().home
    found = _read(home, quality.stamp(home))
    if found is None:
        st.info("Nothing was measured here yet. This does it, in some minutes:", icon=":material/monitoring:")
        st.code("python -m evals check", language=None)
        return
    _verdict(found)
    suite = _suite(found)
    if suite is None:
        return
    tried = found.of(suite)
    if tried:
        st.markdown(f"**{sum(t.passed for t in tried):,} of {len(tried):,}** pass every check.")
    _figures([f for f in found.gate.figures if f.suite == suite] if found.gate else [])
    _worst(found, suite, opened.tutor if opened else None)
    _coverage(tried, _domains())


def _opened() -> shell.Opened | None:
    """The tutor, for the sidebar and for the way to notes; what is wrong with an index, the other pages say."""
    try:
        return shell.opened()
    except TutorError:
        return None


@st.cache_resource(max_entries=2, show_spinner=False)
def _read(home: Path, stamp: tuple[int, ...] | None) -> Quality | None:  # noqa: ARG001  # the key: other files are another run
    return quality.read(home)


def _domains() -> Mapping[str, str]:
    """The titles of the domains, by their names in a run."""
    try:
        parts = outline.parts(store.sources(from_environment().index))
    except TutorError:
        parts = []
    return {p.topic.removeprefix("domain "): p.title for p in parts if p.topic.startswith("domain ")}


def _verdict(found: Quality) -> None:
    """How the gate ended and what it has to say, or that it was not asked; who spoke, and when."""
    gate = found.gate
    if gate is None:
        st.info("This run was not compared with the baseline yet. `python -m evals check` does that.", icon=":material/balance:")
    elif gate.code == 0:
        st.success(render.plain(gate.verdict), icon=":material/check_circle:")
    else:
        st.error(render.plain(gate.verdict), icon=":material/error:")
    if gate is not None and gate.findings:
        ordered = sorted(gate.findings, key=lambda finding: not finding[1])
        for text, _ in ordered[:FINDINGS]:
            st.markdown(render.item(render.plain(text)))
        if len(ordered) > FINDINGS:
            st.caption(f"And {render.count(len(ordered) - FINDINGS, 'finding')} more, in the report of `python -m evals check`.")
    if gate is not None and gate.causes:
        st.caption(render.plain(f"What differs from the baseline: {', '.join(gate.causes)}."))
    commit = f" · commit {gate.commit[:10]}" if gate and gate.commit else ""
    st.caption(f"{shell.mode(found.spoke)} · {render.plain(_date(found.written) + commit)}")


def _date(when: datetime) -> str:
    local = when.astimezone()
    return f"{local.day} {local:%B %Y, %H:%M}"


def _suite(found: Quality) -> str | None:
    """The suite that is looked at."""
    held = found.suites
    suites = [*(s for s in quality_words.SUITES if s in held), *(s for s in held if s not in quality_words.SUITES)]
    if not suites:
        st.info("The run tried nothing.", icon=":material/info:")
        return None
    if st.session_state.get("suite") not in suites:
        st.session_state["suite"] = suites[0]
    chosen: str | None = st.pills("Suite", suites, format_func=_name, required=True, key="suite", label_visibility="collapsed")
    return chosen


def _name(suite: str) -> render.Safe:
    return render.plain(quality_words.suite(suite), 40)


def _figures(figures: Sequence[Figure]) -> None:
    """Shares on one axis; other numbers, such as words an answer, in a line each; and all of them as a table."""
    if not figures:
        return
    shown = [f for f in figures if quality_plots.plotted(f)]
    if shown:
        st.vega_lite_chart(quality_plots.intervals(shown), width="stretch", alt="The figures of this suite; the table below has the same numbers.")
        st.caption("The dot is the value, the line its 95 % interval, the ring the baseline where it differed. Further right is better, unless it says lower.")
    for figure in figures:
        if figure.now is not None and figure not in shown:
            was = f" (was {quality_words.value(figure.before)})" if figure.before not in (None, figure.now) else ""
            st.markdown(render.item(render.plain(f"{quality_words.figure(figure)}: {quality_words.value(figure.now)}{was}")))
    with st.expander("The figures as a table", type="compact"):
        st.markdown(render.table([render.plain(name) for name in COLUMNS], [_row(f) for f in figures]))


def _row(figure: Figure) -> list[render.Safe]:
    value, interval = quality_words.value, figure.interval
    span = f"{value(interval[0])} to {value(interval[1])}" if interval else value(None)
    cells = (quality_words.figure(figure), value(figure.now), span, value(figure.before), f"{figure.n:,}", f"{figure.unscored:,}", figure.text or value(None))
    return [render.plain(cell) for cell in cells]


def _worst(found: Quality, suite: str, tutor: Tutor | None) -> None:
    """What failed, the gravest first, each with why and with what was said."""
    worst = found.worst(suite)
    if not worst:
        return
    st.subheader("What failed", anchor=False)
    turns = found.gate.turns if found.gate else {}
    more = st.session_state.get(f"more-{suite}", 1)
    with st.container(gap="xsmall", key="worst"):
        for tried in worst[: WORST * more]:
            with st.expander(render.plain(tried.question, TITLE), type="compact"):
                _failure(tried, turns.get(tried.id) == "broken", tutor)
    left = len(worst) - WORST * more
    if left > 0 and st.button(f"Show more ({left:,} left)", key=f"show-more-{suite}"):
        st.session_state[f"more-{suite}"] = more + 1
        st.rerun()


def _failure(tried: Tried, new: bool, tutor: Tutor | None) -> None:
    """Why one thing did not pass, and what was said."""
    with st.container(horizontal=True, gap="xsmall"):
        if new:
            st.badge("new since the baseline", icon=":material/trending_down:", color="red")
        if tried.critical:
            st.badge("critical", icon=":material/priority_high:", color="orange")
    st.caption(render.plain(quality_words.spaced(tried.kind)))  # no badge: that escapes what is escaped already
    if len(tried.question) > TITLE:
        st.markdown(render.plain(tried.question))
    for sentence in quality_words.failures(tried):
        st.markdown(render.strong(render.plain(sentence)))
    if tried.outcome in quality_words.OUTCOMES:
        st.caption(render.plain(quality_words.OUTCOMES[tried.outcome]))
    for said in tried.said[:STATEMENTS]:
        _said(said, tutor)
    st.caption(f"Beside the baseline, with `python -m evals explain` {render.plain(tried.id)}")


def _said(said: Said, tutor: Tutor | None) -> None:
    """A statement, and the notes that it cites: the way to the words there, where they stand."""
    markdown = all(slices.is_markdown(place.note) for place in said.cites)
    label = render.Safe(f"{render.strong(render.words(said.label.rstrip(':') + ':', markdown))} ") if said.label else ""
    st.markdown(f"{label}{render.words(said.text, markdown)}")
    longest = {p.note: p for p in sorted(said.cites, key=lambda p: p.span[1] - p.span[0])}
    for place in longest.values():
        name = render.plain(place.note)
        if tutor is not None and place.stands(tutor.index.notes):
            where = {"note": place.note, "at": str(place.span[0]), "to": str(place.span[1])}
            st.page_link(shell.NOTES, label=name, icon=":material/menu_book:", query_params=where)
        else:
            st.caption(name)


def _coverage(tried: Sequence[Tried], domains: Mapping[str, str]) -> None:
    """How many passed of what was tried, by domain and by kind."""
    by_domain = [(domains.get(name) or quality_words.domain(name), passed, of) for name, passed, of in quality.coverage(tried, "domain")]
    by_kind = [(quality_words.spaced(name), passed, of) for name, passed, of in quality.coverage(tried, "kind")]
    tables = [(by, counts) for by, counts in (("domain", by_domain), ("kind", by_kind)) if counts]
    if not tables:
        return
    st.subheader("Coverage", anchor=False)
    for by, counts in tables:
        st.caption(f"Passed of tried, by {render.plain(by)}")
        st.vega_lite_chart(quality_plots.shares(counts), width="stretch", alt="Passed of tried; the table below has the same numbers.")
    with st.expander("Coverage as a table", type="compact"):
        for by, counts in tables:
            rows = [[render.plain(name), render.plain(f"{passed:,}"), render.plain(f"{of:,}")] for name, passed, of in counts]
            st.markdown(render.table([render.plain(by.capitalize()), render.plain("Passed"), render.plain("Tried")], rows))


if __name__ == "__main__":
    show()
