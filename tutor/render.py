"""Untrusted text in, Markdown out that Streamlit shows as words and nothing else: the one renderer.

Notes, titles, file names, questions and model output pass through here before any `st.` call. Text is parsed, what the
allow-list knows (paragraph, heading, list, table, emphasis, strong, code) is written anew, and every other character is
written so that it stays a character: no image, link, HTML, formula, directive, emoji or icon.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final, NewType

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from tutor.types import Span

Safe = NewType("Safe", str)
"""Markdown that may be given to Streamlit."""

_PUNCTUATION: Final = re.compile(r"[!-/:-@\[-`{-~]")
# Streamlit rewrites what escapes leave as text (bare addresses, `:icon:`, `->`), text node by text node. A directive
# that names a colour but sets none is a plain span: it parts the node and changes nothing that is seen.
_PARTED: Final = re.compile(r"(:(?=[\w+-]+:)|:(?=//)|(?<=[wW]{3})\.|@|(?<=<)-|(?<=-)[->]|(?<=[<>~])=)")
_MARK: Final = ":yellow-background["
# What can stand for the ends of a highlight while text is parsed: punctuation, so that emphasis beside them holds.
_BRACKETS: Final = ("⧼⧽", "⦃⦄", "⟦⟧", "⸨⸩")
_PREFIX: Final = re.compile(r"[ \t]*(?:(?:[-+*>]|\d{1,9}[.)]|#{1,6})[ \t]+|[|>][ \t]*)*")
_CODE_IN_CODE: Final = re.compile(r"[\[\]|`\\]|:material/")
_LANGUAGES: Final = frozenset("bash json python sql yaml".split())
_FILLERS: Final = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")

_markdown: Final = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["autolink", "html_block", "html_inline", "reference"])
_markdown.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005  # a link becomes words whatever it points at
_markdown.normalizeLink = lambda url: url  # type: ignore[method-assign]


def literal(text: str, limit: int = 0) -> Safe:
    """One line without invisible characters, for a widget that shows text as it is; never empty."""
    line = " ".join(_visible(text).split())
    short = line[: limit - 1].rstrip() + "…" if limit and len(line) > limit else line
    return Safe(short or "(no name)")


def plain(text: str, limit: int = 0) -> Safe:
    """One line that shows every character as itself; `limit` counts characters shown. Never empty."""
    return Safe(_escaped(literal(text, limit)))


def inline(text: str, limit: int = 0) -> Safe:
    """One line in which emphasis, strong and code are kept, and links are words. Never empty."""
    line = literal(text, limit)
    parsed = SyntaxTreeNode(_markdown.parseInline(line))
    return Safe(" ".join(_Writer("").inline(parsed.children).split()) or _escaped(line))


def words(text: str, markdown: bool) -> Safe:
    """One line of a note: its emphasis and code are kept where the note is Markdown."""
    return inline(text) if markdown else plain(text)


def trail(parts: Iterable[str], limit: int = 0) -> Safe:
    """A path of headings on one line."""
    return Safe(" › ".join(plain(part, limit) for part in parts))


def item(line: Safe, number: int = 0) -> Safe:
    """A list item of one rendered line; numbered where `number` is not 0."""
    return Safe(f"{number}. {line}" if number else f"- {line}")


def strong(line: Safe) -> Safe:
    """A rendered line in bold, unless it holds bold already."""
    return line if "**" in line else Safe(f"**{line}**")


def table(columns: Sequence[Safe], rows: Sequence[Sequence[Safe]]) -> Safe:
    """A table of rendered lines; each row has as many cells as there are columns."""
    lines = [columns, ["---"] * len(columns), *rows]
    return Safe("\n".join(f"| {' | '.join(line)} |" for line in lines))


def count(number: int, noun: str) -> Safe:
    """How many there are: "1 note", "1,204 notes"."""
    return Safe(f"{number:,} {plain(noun)}{'' if number == 1 else 's'}")


def marks(numbers: Iterable[int]) -> Safe:
    """Footnote marks as words: [1][2]."""
    return plain("".join(f"[{number}]" for number in numbers))


def excerpt(text: str, marks: Sequence[Span] = (), markdown: bool = True) -> Safe:
    """A stretch of a note as blocks, with the spans of `marks` (offsets into `text`, in order) highlighted."""
    pair = next((p for p in _BRACKETS if not set(p) & set(html.unescape(text))), "")
    source = _bracketed(text, marks, pair, markdown) if pair else text
    writer = _Writer(pair)
    if markdown:
        written = writer.blocks(SyntaxTreeNode(_markdown.parse(_visible(source))).children)
    else:
        paragraphs = [[writer.leaf(line.strip()) for line in part.split("\n")] for part in re.split(r"\n\s*\n", _visible(source))]
        written = "\n\n".join("\\\n".join(filter(None, lines)) for lines in paragraphs if any(lines))
    return Safe(written.replace(pair[0], _MARK).replace(pair[1], "]") if pair else written)


def _visible(text: str) -> str:
    """The text without control, bidirectional, zero-width and surrogate characters; other line ends become \\n."""
    lines = re.sub("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", "\n", text)
    return "".join(c for c in _FILLERS.sub("", lines) if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


def _escaped(text: str) -> str:
    return "".join(f":color[\\{piece}]" if n % 2 else _PUNCTUATION.sub(r"\\\g<0>", piece) for n, piece in enumerate(_PARTED.split(text)))


def _bracketed(text: str, marks: Sequence[Span], pair: str, markdown: bool) -> str:
    """The text with a bracket at each end of each mark, behind what begins a block (a list's dash, a table's bar)."""
    out, here = [], 0
    for start, end in marks:
        line = text.rfind("\n", 0, start) + 1
        prefix = _PREFIX.match(text, line) if markdown else None
        begin = min(end, max(start, prefix.end() if prefix else start, here))
        out += [text[here:begin], pair[0], text[begin:end], pair[1]]
        here = max(here, end)
    return "".join([*out, text[here:]])


class _Writer:
    """Writes a parsed tree as safe Markdown; knows whether it is inside a highlight."""

    def __init__(self, pair: str) -> None:
        self._pair, self._inside = pair, False

    def blocks(self, nodes: Sequence[SyntaxTreeNode], gap: str = "\n\n") -> str:
        """Blocks one under another."""
        written, odd = [], False
        for place, node in enumerate(nodes):
            odd = place > 0 and nodes[place - 1].type == node.type and not odd  # two lists in a row stay two
            written.append(self._block(node, odd))
        return gap.join(text for text in written if text)

    def inline(self, nodes: Sequence[SyntaxTreeNode]) -> str:
        """A run of inline nodes; emphasis that could not be read back beside its neighbours is left out."""
        parts = [({"strong": "**", "em": "*"}.get(node.type, ""), self._inline(node)) for node in nodes]
        parts = [(mark, text) for mark, text in parts if text]
        out = ""
        for place, (mark, text) in enumerate(parts):
            after = parts[place + 1] if place + 1 < len(parts) else ("", "")
            out += self._emphasised(mark, text, out[-1:], (after[0] + after[1])[:1])
        return re.sub(f"{self._pair[1]}([ \n]*){self._pair[0]}", r"\1", out) if self._pair else out

    def leaf(self, text: str, code: bool = False) -> str:
        """Words or inline code, highlighted where they stand between brackets."""
        out = ""
        for piece in re.split(f"([{self._pair}])", text) if self._pair else [text]:
            if self._pair and piece in self._pair:
                self._inside = piece == self._pair[0] if piece else self._inside
                continue
            bare = piece.strip()
            shown = _code(bare) if code else _escaped(" ".join(_visible(bare).split()))
            shown = f"{self._pair[0]}{shown}{self._pair[1]}" if self._inside and shown else shown
            out += f"{' ' if piece[:1].isspace() else ''}{shown}{' ' if bare and piece[-1:].isspace() else ''}"
        return out

    def _emphasised(self, mark: str, text: str, before: str, after: str) -> str:
        """The text between delimiters, these inside a highlight that spans it all; bare where they would not be read back."""
        if not mark:
            return text
        whole = self._pair and text[0] == self._pair[0] and text.find(self._pair[1]) == len(text) - 1
        inner = text[1:-1] if whole else text
        if not _holds(self._pair[0] if whole else before, inner, self._pair[1] if whole else after):
            return text
        return f"{self._pair[0]}{mark}{inner}{mark}{self._pair[1]}" if whole else f"{mark}{inner}{mark}"

    def _inline(self, node: SyntaxTreeNode) -> str:
        if node.type in ("softbreak", "hardbreak"):
            return " " if node.type == "softbreak" else "\\\n"
        if node.type == "code_inline":
            return self.leaf(node.content, code=True)
        if node.type == "link":
            return self.inline(node.children) + self._address(node)
        if node.type == "image":
            return self.leaf(f"(image: {node.content})")
        return self.inline(node.children) if node.children else self.leaf(node.content)

    def _address(self, node: SyntaxTreeNode) -> str:
        """Where a link points, as words, unless its own words say it."""
        url = str(node.attrGet("href") or "")
        said = "".join(child.content for child in node.children)
        shown = self.leaf(f" ({url})")
        return shown if re.match(r"https?://", url) and url.rstrip("/") not in said else ""

    def _block(self, node: SyntaxTreeNode, odd: bool) -> str:
        if node.type == "inline":
            return self.inline(node.children).strip()
        if node.type == "heading":
            return f"{'#' * min(6, int(node.tag[1:]) + 2)} {' '.join(self._one_line(node).split())}"
        if node.type in ("bullet_list", "ordered_list"):
            return self._list(node, odd)
        if node.type == "table":
            return self._table(node)
        if node.type in ("fence", "code_block"):
            return self._fence(node)
        return self.blocks(node.children) if node.children else self.leaf(node.content.strip()) if node.type != "hr" else ""

    def _one_line(self, node: SyntaxTreeNode) -> str:
        return self.blocks(node.children).replace("\\\n", " ").replace("\n", " ")

    def _list(self, node: SyntaxTreeNode, odd: bool) -> str:
        first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
        lines = []
        for place, child in enumerate(node.children):
            marker = f"{first + place}{'.)'[odd]} " if first is not None else f"{'-*'[odd]} "
            tight = all(part.hidden for part in child.children if part.type == "paragraph")
            simple = all(part.type in ("paragraph", "bullet_list") for part in child.children)
            text = self.blocks(child.children, "\n" if tight and simple else "\n\n")
            if text:
                lines.append(marker + re.sub(r"\n(?=[^\n])", "\n" + " " * len(marker), text))
        return "\n".join(lines)

    def _table(self, node: SyntaxTreeNode) -> str:
        rows = [[Safe(self._one_line(cell)) for cell in row.children] for part in node.children for row in part.children]
        return table(rows[0], rows[1:])

    def _fence(self, node: SyntaxTreeNode) -> str:
        code = node.content
        for bracket in filter(code.__contains__, self._pair):
            self._inside, code = bracket == self._pair[0], code.replace(bracket, "")
        ticks = "`" * max(3, 1 + max(map(len, re.findall("`+", code)), default=0))
        language = node.info.strip().lower()
        return f"{ticks}{language if language in _LANGUAGES else ''}\n{_visible(code).rstrip()}\n{ticks}"


def _holds(before: str, text: str, after: str) -> bool:
    """Whether a delimiter run of asterisks around `text` opens and closes (CommonMark 6.2), beside these neighbours."""
    opens = not text[0].isspace() and (_wordish(text[0]) or not before or not _wordish(before))
    closes = not text[-1].isspace() and (_wordish(text[-1]) or not after or not _wordish(after))
    return opens and closes and "*" not in (before, text[0], text[-1], after)


def _wordish(c: str) -> bool:
    return not c.isspace() and unicodedata.category(c)[0] not in "PS"


def _code(text: str) -> str:
    shown = " ".join(_visible(text).split())
    return f"`{shown}`" if shown and not _CODE_IN_CODE.search(shown) else _escaped(shown)
