"""What the pages share: the look, the open tutor, and what is shown where there is none."""

from __future__ import annotations

from typing import Final

import streamlit as st

from tutor import render, store
from tutor.errors import IndexDamaged, IndexMissing, IndexStale, TutorError
from tutor.session import Tutor, load
from tutor.settings import from_environment
from tutor.ui import intake

NOTES: Final = "tutor/ui/notes.py"
"""The page that notes are read on; links to it carry a note and a place."""

_scroll = st.components.v2.component(
    "footnote_scroll",
    html="<span></span>",
    js="""export default ({ data }) => {
  const timer = setTimeout(() => document.querySelector(`.st-key-${data.to}`)?.scrollIntoView({ block: "start" }), 60)
  return () => clearTimeout(timer)
}""",
)

MODES: Final = {"notes-only": "Notes only"}


@st.cache_resource(max_entries=2, show_spinner="Opening your notes…")
def _open(generation: str, embedding: str) -> Tutor:  # noqa: ARG001  # the key: another generation is another tutor
    return load()


def tutor() -> Tutor:
    """The tutor of the index's current generation; a re-index is picked up by the next run. Raises what `load` raises."""
    settings = from_environment()
    return _open(str(store.current(settings.index).resolve()), settings.embedding)


def scroll(to: str) -> None:
    """Bring a container into view, by its key; only where this run has drawn it anew."""
    _scroll(data={"to": to}, key=f"scroll-{to}", height=1)


def mode(name: str) -> render.Safe:
    """A mode's name for people."""
    return render.plain(MODES.get(name, name))


def trouble(error: TutorError) -> None:
    """Say what is wrong, in its own sentence, and offer what mends it."""
    if isinstance(error, IndexMissing):
        _first_run()
        return
    st.error(render.inline(str(error)), icon=":material/error:")
    if isinstance(error, IndexStale | IndexDamaged) and st.button("Rebuild the index", type="primary", key="rebuild"):
        intake.reindex("--rebuild")


def _first_run() -> None:
    """The page before there is an index."""
    st.header("Nothing is indexed yet", anchor=False)
    st.markdown("Footnote answers from your notes alone, so it needs some first: the course that ships with it, or notes of your own.")
    if st.button("Index the shipped course", type="primary", icon=":material/school:", key="index-course"):
        intake.reindex()
    st.caption("It takes about a minute and stays on this machine. The same from a terminal:")
    st.code("python -m ingest", language=None)
    intake.add(indexed=False)
