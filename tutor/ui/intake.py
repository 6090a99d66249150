"""What brings notes in: uploads and the ingest that follows, with its progress and its report on the page."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from tutor import render
from tutor.errors import InputError
from tutor.settings import from_environment
from tutor.ui import ingestion, uploads

PHASES: Final = {"read": "Reading the notes", "asks": "Writing how learners would ask", "embed": "Learning what they say", "write": "Writing the index"}


def reindex(*arguments: str) -> None:
    """Run an ingest with a progress bar, then the page again; where it fails, say so in its sentence."""
    bar = st.progress(0.0, text="Starting…")
    steps = ingestion.run(arguments)
    while True:
        try:
            step = next(steps)
        except StopIteration as ended:
            st.session_state["report"] = ended.value
            st.rerun()
        except InputError as error:
            bar.empty()
            st.error(render.inline(str(error)), icon=":material/error:")
            return
        if step.phase in PHASES:
            bar.progress(min(1.0, step.done / max(1, step.total)), text=f"{PHASES[step.phase]} · {step.done:d} of {step.total:d}")


def report() -> None:
    """Show what the last ingest did, once."""
    found: dict[str, Any] | None = st.session_state.pop("report", None)
    if not found:
        return
    st.success(f"{render.count(found['notes'], 'note')} in {render.count(found['passages'], 'passage')}, ready to be asked.", icon=":material/check_circle:")
    if found["skipped"]:
        with st.expander(f"{render.count(len(found['skipped']), 'file')} not read"):
            for skipped in found["skipped"][:50]:
                st.markdown(render.item(render.plain(f"{skipped['path']}: {skipped['reason']}")))


def add(indexed: bool) -> None:
    """The place to add notes, and to read the sources again."""
    with st.expander("Add notes", icon=":material/note_add:", expanded=not indexed):
        chosen = st.session_state.setdefault("uploaded", 0)
        files = st.file_uploader(
            "Markdown, text or PDF files", type=uploads.SUFFIXES, accept_multiple_files=True, max_upload_size=uploads.MEGABYTES, key=f"files-{chosen}"
        )
        if st.button("Add these notes", type="primary", disabled=not files, key="add") and files and _kept([(f.name, f.getvalue()) for f in files]):
            st.session_state["uploaded"] = chosen + 1
            reindex(*([] if indexed else [str(from_environment().notes)]))
        if indexed and st.button(
            "Read all notes again", type="tertiary", icon=":material/refresh:", key="again", help="For files that changed in their folders."
        ):
            reindex()


def _kept(files: list[tuple[str, bytes]]) -> bool:
    """Keep uploads, all or none; say which of them cannot be kept."""
    sound = True
    for name, data in files:
        try:
            uploads.checked(name, data)
        except InputError as error:
            st.warning(f"{render.plain(name)}: {render.plain(str(error))}")
            sound = False
    if sound:
        for name, data in files:
            uploads.keep(from_environment().notes, name, data)
    return sound
