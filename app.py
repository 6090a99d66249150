"""The web app: arranges the pages, and turns every error meant for a reader into its sentence."""

from __future__ import annotations

import streamlit as st

from tutor.errors import TutorError
from tutor.ui import intake, look, shell


def main() -> None:
    """Draw the page that the address names."""
    st.set_page_config(page_title="Footnote", page_icon=look.ICON, layout="centered")
    st.html(look.STYLE)
    st.logo(look.LOGO, size="medium", icon_image=look.ICON)
    ask = st.Page("tutor/ui/ask.py", title="Ask", default=True)
    practise = st.Page(shell.PRACTISE, title="Practise")
    notes = st.Page(shell.NOTES, title="Notes")
    quality = st.Page(shell.QUALITY, title="Quality")
    page = st.navigation([ask, practise, notes, quality], position="hidden")
    with st.container(horizontal=True, gap="xxsmall", key="nav"):
        st.page_link(ask, label="**Ask**" if page is ask else "Ask", icon=":material/forum:")
        st.page_link(practise, label="**Practise**" if page is practise else "Practise", icon=":material/quiz:")
        st.page_link(notes, label="**Notes**" if page is notes else "Notes", icon=":material/menu_book:")
        st.page_link(quality, label="**Quality**" if page is quality else "Quality", icon=":material/monitoring:")
    intake.report()
    try:
        page.run()
    except TutorError as error:
        shell.trouble(error)


if __name__ == "__main__":
    main()
