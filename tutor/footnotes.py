"""Places in notes in, numbered citations of them out, each place once."""

from __future__ import annotations

from collections.abc import Mapping

from tutor.types import Citation, Hit, Note, Span


class Footnotes:
    """The citations of one answer: numbers are given to places as they are first used."""

    def __init__(self, notes: Mapping[str, Note]) -> None:
        self.notes = notes
        self.found: list[Citation] = []
        self._known: dict[tuple[str, Span], int] = {}

    def number(self, hit: Hit, span: Span) -> int:
        """The number of a span of the hit's note."""
        passage = hit.passage
        key = (passage.note, span)
        if key not in self._known:
            note = self.notes[passage.note]
            self._known[key] = len(self.found) + 1
            self.found.append(Citation(len(self.found) + 1, note.path, passage.heading, note.page(span[0]), *span, note.text[slice(*span)], hit.also))
        return self._known[key]
