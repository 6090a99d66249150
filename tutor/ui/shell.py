"""What the pages share: the look, the open tutor, and what is shown where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from tutor import render, store
from tutor.errors import IndexDamaged, IndexMissing, IndexStale, ModelFailed, TutorError
from tutor.session import Tutor, load
from tutor.settings import Settings, from_environment
from tutor.ui import intake

PRACTISE: Final = "tutor/ui/practise.py"
NOTES: Final = "tutor/ui/notes.py"
"""The page that notes are read on; links to it carry a note and a place."""
QUALITY: Final = "tutor/ui/quality.py"

_scroll = st.components.v2.component(
    "footnote_scroll",
    html="<span></span>",
    js="""export default ({ data }) => {
  const timer = setTimeout(() => document.querySelector(`.st-key-${data.to}`)?.scrollIntoView({ block: "start" }), 60)
  return () => clearTimeout(timer)
}""",
)

PLAIN: Final = "notes-only"
"""The mode of answers without a model."""
MODES: Final = {PLAIN: "Notes only"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A tutor, and why it is without the model that was wanted: "" where it is not."""

    tutor: Tutor
    lack: str = ""


@st.cache_resource(max_entries=2, show_spinner="Opening your notes…")
def _open(generation: str, settings: Settings) -> Opened:  # noqa: ARG001  # the key: another generation, or model, is another tutor
    try:
        return Opened(load())
    except ModelFailed as error:  # the notes answer without it
        return Opened(load(model=""), str(error))


def opened() -> Opened:
    """The tutor of the index's current generation; a re-index is picked up by the next run. Raises what `load` raises,
    but for what is wrong with the model."""
    settings = from_environment()
    return _open(str(store.current(settings.index).resolve()), settings)


def scroll(to: str, time: int = 1) -> None:
    """Bring a container into view, by its key; only where this run has drawn it anew, and for each `time` once."""
    _scroll(data={"to": to}, key=f"scroll-{to}-{time}", height=1)


def mode(name: str, limit: int = 0) -> render.Safe:
    """A mode's name for people; `limit` as in `render.plain`."""
    return render.plain(MODES.get(name, name), limit)


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
