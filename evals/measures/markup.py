"""Hostile spellings in, notes that say them, and every text that the product shows of an answer over these notes, out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from tutor import exam_terminal, layout, render, terminal
from tutor.session import Tutor
from tutor.text import fold
from tutor.types import Answer, Citation

TEXTS: Final[Mapping[str, str]] = {
    "script": "<script>alert(1)</script>",
    "image-element": "<img src=x onerror=alert(1)>",
    "svg": "<svg/onload=alert(1)>",
    "frame": "<iframe src='http://evil.example'></iframe>",
    "style": "</style><style>body{display:none}</style>",
    "comment": "<!-- <img src=x onerror=alert(1)> -->",
    "image": "![x](http://evil.example/x.png)",
    "image-data": "![x](data:image/png;base64,AAAA)",
    "link": "[click](http://evil.example/?q=secret)",
    "link-script": "[click](JaVaScRiPt:alert(1))",
    "link-entity": "[click](&#106;avascript:alert(1))",
    "link-data": "[click](data:text/html,<script>alert(1)</script>)",
    "nested": "[![a [nested] b](http://evil.example/x.png)](http://evil.example)",
    "autolink": "<http://evil.example/x> and www.evil.example and someone@evil.example",
    "entities": "&lt;img src=x onerror=alert(1)&gt; &#33;&#91;x&#93;&#40;http://evil.example&#41;",
    "formula": "$\\href{javascript:alert(1)}{x}$ and $$\\frac{1}{2}$$",
    "icon": ":material/check: and :streamlit: and :tada:",
    "directive": ":red[x] :green-badge[Verified] :color[x]{background='http://evil.example'}",
    "fence": "``` ` `` `a\\` ![x](http://evil.example/x.png) `",
    "arrows": "-> <- <-> and ~~strike~~ ^sup^",
    "heading": "# not a heading | --- | 1. nor a list",
    "escape": "\x1b[31mred\x1b]8;;http://evil.example\x07click\x1b]8;;\x07 and \x9b2J",
    "bidi": "\u202egnp.exe\u202c \u2066x\u2069 zero\u200bwidth\ufeff",
    "tags": "plain\U000e0041\U000e0042 \x00nul \x7fdelete",
}
"""Spellings that a renderer of Markdown, HTML, Streamlit's own syntax or a terminal would act on, by name."""
_UNNAMED: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
"""What no file name may hold on some system."""


def stone(name: str) -> str:
    """The made-up thing that the note of a spelling is about."""
    return f"{name.replace('-', '')}ite"


def notes() -> dict[str, str]:
    """A note for each spelling by file name, which says it in its heading, in a sentence, in a cell and in its name."""
    return {_file(name, text): _note(stone(name).capitalize(), text) for name, text in TEXTS.items()}


def _file(name: str, text: str) -> str:
    return f"{stone(name)} {_UNNAMED.sub('-', text)[:60].strip(' .')}.md"


def _note(thing: str, text: str) -> str:
    return (
        f"# {thing} {text}\n\nThe mineral {thing} is found {text} in deep rock. {thing} melts slowly.\n\n"
        f"## Colours of {thing}\n\n| Kind of {thing} | Colour of {thing} |\n| --- | --- |\n| raw {thing} | grey {text} stripes |\n| cut {thing} | pale blue |\n"
    )


def path(tutor: Tutor, name: str) -> str:
    """The note of a spelling."""
    return next(one for one in tutor.index.notes if one.startswith(f"{stone(name)} "))


def questions(name: str) -> tuple[str, ...]:
    """What to ask so that a spelling is said: in a sentence, and in a row."""
    thing = stone(name).capitalize()
    return f"Where is the mineral {thing} found?", f"What is the colour of raw {thing}?"


def said(name: str, answers: Sequence[Answer]) -> bool:
    """Whether answers hold a spelling, as far as it has words."""
    held = fold(" ".join(part for a in answers for s in a.statements for part in (s.text, s.label, *s.cells, *s.columns)))
    return fold(TEXTS[name]) in held


def page(tutor: Tutor, name: str, answers: Sequence[Answer]) -> Iterator[str]:
    """Every text of answers, of the note that they come from, and of a marked attempt, as the page gives it to Streamlit."""
    for answer in answers:
        yield from _laid_out(tutor, answer)
    note = tutor.note(path(tutor, name))
    yield from (render.plain(note.title), render.plain(note.path), render.excerpt(note.text), render.excerpt(note.text, markdown=False))
    for heading in tutor.headings(note.path):
        yield from (render.plain(heading.path[-1], 70), render.trail(heading.path))
    attempt = f"It is found {TEXTS[name]} in rock."
    yield render.excerpt(attempt, [(6, len(attempt) - 4)], markdown=False)


def _laid_out(tutor: Tutor, answer: Answer) -> Iterator[str]:
    cited = {c.number: c for c in answer.citations}
    yield render.strong(render.plain(layout.opening(answer)))
    for group in layout.grouped(answer.statements, led=not answer.abstained):
        yield render.strong(render.words(group.label, True))
        for number, statement in enumerate(group.statements, 1):
            line = render.words(statement.text, True)
            yield from (line, render.item(line), render.item(line, number), render.words(statement.text, False))
        if group.form == "table":
            rows = [[*(render.words(c, True) for c in s.cells), render.marks(layout.chips(s, cited))] for s in group.statements]
            yield render.table([*(render.words(c, True) for c in group.columns), render.plain("Note")], rows)
    for citation in answer.citations:
        yield from _source(tutor, citation)
    for nearest in answer.nearest:
        yield from (render.plain(nearest.path[-1] if nearest.path else nearest.note, 70), render.plain(nearest.note))
    yield from (render.plain(remark) for remark in layout.remarks(answer))


def _source(tutor: Tutor, citation: Citation) -> Iterator[str]:
    text = tutor.note(citation.note).text
    yield from (
        render.words(citation.quote, True),
        render.plain(citation.note),
        render.trail(citation.heading),
        render.trail([citation.note, *citation.heading[-1:]], 70),
    )
    yield render.excerpt(text, [(citation.start, citation.end)])


def lines(tutor: Tutor, name: str, answers: Sequence[Answer]) -> Iterator[str]:
    """The same for a terminal: answers, what a search finds, and a marked attempt."""
    yield from map(terminal.answer, answers)
    mine = path(tutor, name)
    yield from (terminal.hits([h for h in tutor.search(question) if h.passage.note == mine]) for question in questions(name))
    thing = stone(name).capitalize()
    asked = {"question": questions(name)[0], "reference": f"{thing} is found in deep rock.", "key_points": [f"{thing} is found {TEXTS[name]} in deep rock."]}
    yield exam_terminal.grade(None, tutor.grade(asked, f"{thing} is found {TEXTS[name]} in deep rock."))


SINKS: Final[Mapping[str, Callable[[Tutor, str, Sequence[Answer]], Iterator[str]]]] = {"page": page, "terminal": lines}
"""Where texts of notes are shown."""
