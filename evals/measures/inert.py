"""Rendered text in, what of it a browser or a terminal would act on out: nothing where it is words in plain blocks.

It shares no pattern with the renderer. The parser is as generous as the browser's: HTML, tables, strikethrough, links of every
kind; and what Streamlit makes of the text that is left (addresses, icons, arrows, formulas, directives) is looked for in that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

GENEROUS: Final = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
ALLOWED: Final = frozenset(
    "root inline text softbreak hardbreak paragraph heading bullet_list ordered_list list_item table thead tbody tr th td strong em code_inline fence".split()
)
LANGUAGES: Final = frozenset({"", "bash", "json", "python", "sql", "yaml"})
DIRECTIVE: Final = re.compile(r":(?:color|small|yellow-background)\[")
"""The directives that the renderer writes; each is a plain span or a highlight."""
CODE: Final = re.compile(r"\\\\.|(?:(?<=\n)|^)[ ]*(?P<fence>`{3,})[^\n]*\n.*?\n[ ]*(?P=fence)(?!`)|(?P<ticks>`+)[^`].*?(?<!`)(?P=ticks)(?!`)", re.DOTALL)
REWRITTEN: Final = re.compile(r"https?://|www\.|[-.\w+]@[-\w]|:[\w+-]+:|(?:^|\s)(?:<->|->|<-|--|>=|<=|~=)(?:\s|$)", re.IGNORECASE)
"""What the browser rewrites in text: addresses, e-mail, emoji, icons, arrows (Streamlit 1.67)."""
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")


def alive(markdown: str) -> list[str]:
    """What in rendered Markdown is more than words in allowed blocks, each as a short clause."""
    bare, parts, ended = unwrapped(markdown)
    seen = {(n.type, n.info if n.type == "fence" else "") for text in (bare, markdown) for n in nodes(text)}
    found = [f"it holds {kind}" for kind in sorted({kind for kind, _ in seen} - ALLOWED)]
    found += [f"it holds a fence for {info}" for info in sorted({info for kind, info in seen if kind == "fence"} - LANGUAGES)]
    found += [] if ended else ["a directive has no end"]
    if mark := re.search(r"(?<!\\)(?:\\\\)*([$<~^])", without_code(bare)):
        found.append(f"a bare {mark[1]}")
    if re.search(r"(?<!\\)(?:\\\\)*:", DIRECTIVE.sub("", without_code(markdown))):
        found.append("a bare colon")
    texts = (re.sub(r"^\||\| --- \|", "", _ESCAPED.sub(r"\1", part)) for part in parts)
    found += [f"{made.group().strip()} is rewritten" for text in texts if (made := REWRITTEN.search(text))]
    return found + acted_on(markdown)


def acted_on(text: str) -> list[str]:
    """The characters of a text, new lines aside, that a terminal acts on or that nobody sees, each by its number."""
    return [f"U+{ord(c):04X}" for c in dict.fromkeys(text) if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]


def nodes(markdown: str) -> Iterator[SyntaxTreeNode]:
    """Every node of rendered text as the browser would parse it, directives aside."""
    yield from SyntaxTreeNode(GENEROUS.parse(markdown)).walk()


def without_code(markdown: str) -> str:
    """Rendered text with a letter in the place of each code span and fence."""
    return CODE.sub(lambda m: m.group() if m.group().startswith("\\") else "c", markdown)


def unwrapped(markdown: str) -> tuple[str, list[str], bool]:
    """Rendered text without its directives' wrapping, the stretches of text that directives leave apart, and whether each
    directive ends."""
    out, parts, depth, here = "", [""], 0, 0
    while here < len(markdown):
        opened, code = DIRECTIVE.match(markdown, here), CODE.match(markdown, here)
        c = markdown[here]
        if code and c != "\\":
            out += code.group()
            parts[-1] += "c"
            here = code.end()
        elif opened:
            depth, here = depth + 1, opened.end()
            parts.append("")
        elif c == "]" and depth:
            depth, here = depth - 1, here + 1
            parts.append("")
        else:
            step = 2 if c == "\\" else 1
            out += markdown[here : here + step]
            parts[-1] += markdown[here : here + step]
            here += step
    return out, parts, depth == 0
