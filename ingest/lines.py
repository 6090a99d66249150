"""Text in, classified lines out: which line is a heading, a list item, a table row, code or page furniture.

Every rule is about form (marks, length, neighbours), so that it holds for any subject.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

LineKind = Literal["blank", "text", "heading", "item", "row", "rule", "code", "furniture", "label"]


@dataclass(slots=True)
class Line:
    """One line: `start`/`end` are its content's offsets in the note (marks and indent left out)."""

    kind: LineKind
    start: int
    end: int
    indent: int = 0
    level: int = 0
    ordered: bool = False
    number: int = 0
    sure: bool = False
    """A heading by its mark, not by its looks."""


_FENCE: Final = re.compile(r"\s*(```+|~~~+)")
_ATX: Final = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*$")
_BULLET: Final = re.compile(r"([-*+•◦▪●○‣–·]|o(?=\s{2,}))\s+(?=\S)")
_NUMBERED: Final = re.compile(r"\(?(\d{1,3})[.)]\s+(?=\S)")
_LETTERED: Final = re.compile(r"([A-Za-z]|[ivxIVX]{1,4})[.)]\s+(?=\S)")
_RULE: Final = re.compile(r"\s*([-*_=])(?:\s*\1){2,}\s*$")
_TABLE_RULE: Final = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_CONTENTS: Final = re.compile(r"(?:\.\s?){3,}\s*\d{1,4}\s*$|\t+\s*\d{1,4}\s*$|…\s*\d{1,4}\s*$")
_LINK_ITEM: Final = re.compile(r"\[[^\]]*\]\(#[^)]*\)\.?$|\[[^\]]*\]\([^)]*\)$")
_IMAGE: Final = re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])\.?$")
_ANCHOR: Final = re.compile(r"<a\s+(?:name|id)=[^>]*>\s*(?:</a>)?", re.IGNORECASE)
_LANGUAGE: Final = re.compile(
    r"(?:bash|shell|sh|python|json|ya?ml|sql|java|javascript|typescript|xml|html|text|plaintext|hcl|dockerfile|go|rust|cpp)$", re.IGNORECASE
)
_SHELL: Final = re.compile(
    r"(?:loading(?: [\w ]{1,24})?(?:\.{2,}|…)|compiling [\w ]{1,24}(?:\.{2,}|…)|running \w+ engine(?:\.{2,}|…)|this may take (?:a few|several) (?:seconds|minutes)|please wait(?:\.{2,}|…)?"
    r"|skip to (?:main )?content|read (?:the )?(?:full article|more)|continue reading|show (?:answer|more|less|all)|hide (?:answer|all)|view (?:all|more)"
    r"|(?:enter|exit) fullscreen mode(?: (?:enter|exit) fullscreen mode)*|copy(?: code| link| to clipboard)?|sign (?:in|up|out)|log ?(?:in|out)|create account|register|subscribe(?: now)?|follow(?: us)?|share(?: (?:this|on) [\w ]{1,20})?"
    r"|tweet|report abuse|back to top|(?:previous|next)(?: (?:page|article|chapter|lesson|post))?|table of contents|contents|menu|search|home|print|download(?: pdf)?|advertisement|sponsored|related (?:posts|articles)"
    r"|(?:accept|reject|manage)(?: all)? cookies|we use cookies.{0,120}|cookie (?:policy|settings|preferences).{0,40}|privacy policy|terms of (?:use|service)|all rights reserved\.?|(?:©|\(c\) ?\d|copyright (?:©|\(c\)|\d{4})).{0,80}"
    r"|posted (?:on|by).{0,40}|(?:last updated (?:on )?|updated (?:on |: ?)?(?=\w{0,9} ?\d)).{0,30}\d{4}|\d+ min(?:ute)?s? read|[\d,]+ words|(?:page )?\d{1,4}(?: (?:of|/) \d{1,4})?|page \d+.{0,12}|start studying.{0,60}|get started(?: (?:for )?free)?|try (?:it )?(?:for )?free|\w[\w -]{0,24}[a-z][\d,]+ words)$",
    re.IGNORECASE,
)
_LEAF: Final = frozenset(
    {"example", "examples", "use case", "use cases", "example use case", "example use cases", "sample", "scenario", "note", "notes", "tip", "tips", "warning"}
    | {"best practice", "best practices", "key point", "key points", "definition", "purpose", "summary", "findings", "result", "results", "question", "answer"}
)
"""Words that, alone on a line, announce what follows rather than name a new subject."""


def classify(text: str, markdown: bool, start: int = 0) -> list[Line]:
    """The lines of `text` from `start` on, in order. `markdown`: headings only by mark, soft line breaks joined."""
    raw = _raw(text, start)
    stripped = [text[a:b].strip() for a, b in raw]
    filled = [s for s in stripped if s]
    flat = bool(filled) and not markdown and sum(not s for s in stripped) < 0.12 * len(stripped)
    titles = {a for i, a in enumerate(filled) if len(a) <= 120 and a in filled[i + 1 : i + 7]}
    lines: list[Line] = []
    fence = ""
    loose_code = False
    for i, (a, b) in enumerate(raw):
        body = stripped[i]
        if fence:
            lines.append(Line("code", a, b))
            if body.startswith(fence):
                lines[-1].kind = "rule"
                fence = ""
            continue
        if match := _FENCE.match(text, a, b):
            fence = match.group(1)[:3]
            lines.append(Line("rule", a, b))
            continue
        if loose_code and body:
            lines.append(Line("code", a, b))
            continue
        loose_code = False
        if not body:
            lines.append(Line("blank", a, b))
            continue
        if not markdown and _LANGUAGE.fullmatch(body) and i + 1 < len(raw) and stripped[i + 1]:
            lines.append(Line("furniture", a, b))
            loose_code = True
            continue
        lines.append(_one(text, a, b, body, stripped, i, markdown, flat, titles, lines))
    return lines


def _raw(text: str, start: int) -> list[tuple[int, int]]:
    spans, here = [], start
    for piece in re.split(r"(\n|\f|\r|\u2028|\u2029|\x0b|\x85)", text[start:])[::2]:
        spans.append((here, here + len(piece)))
        here += len(piece) + 1
    return spans


def _one(text: str, a: int, b: int, body: str, stripped: list[str], i: int, markdown: bool, flat: bool, titles: set[str], before: list[Line]) -> Line:
    indent = len(text[a:b].expandtabs(4)) - len(text[a:b].expandtabs(4).lstrip())
    first = a + text[a:b].index(body)
    last = first + len(body)
    if match := _ATX.fullmatch(body):
        inner = _ANCHOR.sub("", match.group(2)).strip()
        if inner:
            at = first + body.index(inner, match.end(1))
            return Line("heading", at, at + len(inner), level=len(match.group(1)), sure=True)
        return Line("furniture", first, last)
    if is_furniture(body):
        return Line("furniture", first, last)
    underlined = i + 1 < len(stripped) and re.fullmatch(r"=+|-{3,}", stripped[i + 1] or "")
    if underlined and (i == 0 or not stripped[i - 1]) and not body.startswith(("|", "- ", "* ", "> ")) and len(body) <= 120:
        return Line("heading", first, last, level=1 if stripped[i + 1][0] == "=" else 2, sure=True)
    if _RULE.fullmatch(body) or _TABLE_RULE.fullmatch(body):
        return Line("rule", first, last)
    if body.startswith("|") or (markdown and "|" in body and not body.startswith(("-", "*")) and (body.count("|") >= 2 or _in_table(stripped, i, before))):
        return Line("row", first, last)
    if match := _BULLET.match(body):
        if _LINK_ITEM.fullmatch(body[match.end() :]):
            return Line("furniture", first, last)
        return Line("item", first + match.end(), last, indent=indent)
    if match := _NUMBERED.match(body):
        number = int(match.group(1))
        heading = not markdown and indent == 0 and _lonely(stripped, i) and not _sibling(stripped, i, number) and _looks_like_heading(body[match.end() :], 12)
        if heading:
            return Line("heading", first, last, level=5)
        return Line("item", first + match.end(), last, indent=indent, ordered=True, number=number)
    if match := _LETTERED.match(body):
        if not markdown and indent == 0 and _lonely(stripped, i) and _looks_like_heading(body[match.end() :], 14):
            return Line("heading", first, last, level=2)
        if len(body) > 12 or indent:
            return Line("item", first + match.end(), last, indent=indent, ordered=True)
    if body.startswith(">"):
        inner = body.lstrip("> ")
        return Line("text", last - len(inner), last) if inner else Line("blank", first, last)
    bold = re.fullmatch(r"\*\*([^*]+)\*\*:?|__([^_]+)__:?", body)
    if bold and len(body) <= 90:
        kind: LineKind = "label" if body.endswith(":") or bold.group(1 if bold.group(1) else 2).endswith(":") else "heading"
        at = first + (2 if kind == "heading" else 0)
        end = last - (2 if kind == "heading" else 0)
        return Line(kind, at, end, level=5, sure=True)
    if body.rstrip(":").lower() in _LEAF:
        return Line("label", first, last)
    if not markdown:
        if flat:
            following = next((s for s in stripped[i + 1 :] if s), "")
            ended = not before or before[-1].kind in ("blank", "furniture", "heading") or text[before[-1].end - 1] in '.!?:…"”)'
            if ended and len(following) > max(100, 1.6 * len(body)) and _looks_like_heading(body, 14):
                return Line("heading", first, last, level=5)
        elif _lonely(stripped, i) and _looks_like_heading(body, 14):
            return Line("heading", first, last, level=_level(body, titles))
    return Line("text", first, last, indent=indent)


def is_furniture(body: str) -> bool:
    """Whether a line is what web pages and PDF extraction leave behind: navigation, loading lines, contents, images."""
    return bool(_SHELL.match(body) or _CONTENTS.search(body[-160:]) or _IMAGE.fullmatch(body) or _ANCHOR.fullmatch(body) or re.fullmatch(r"<!--.*-->", body))


def _in_table(stripped: list[str], i: int, before: list[Line]) -> bool:
    """Whether a line with one bar belongs to a table of two columns: under its rule, or its header."""
    if before and before[-1].kind in ("row", "rule") and i and "|" in stripped[i - 1]:
        return True
    return i + 1 < len(stripped) and "|" in stripped[i + 1] and bool(_TABLE_RULE.fullmatch(stripped[i + 1]))


def _lonely(stripped: list[str], i: int) -> bool:
    return (i == 0 or not stripped[i - 1]) and (i + 1 >= len(stripped) or not stripped[i + 1])


def _sibling(stripped: list[str], i: int, number: int) -> bool:
    """Whether the next numbered neighbour within a few lines continues the count, as a list does."""
    for body in [s for s in stripped[i + 1 : i + 4] if s][:1] + [s for s in stripped[max(0, i - 3) : i] if s][-1:]:
        match = _NUMBERED.match(body)
        if match and abs(int(match.group(1)) - number) == 1:
            return True
    return False


def _looks_like_heading(body: str, most_words: int) -> bool:
    if len(body) > 95 or body[-1] in ".!;,:" or body[0] in "([{<\"'“`$*!|/\\→←↓↑#@&=" or "  " in body.strip():
        return False
    if re.search(r"[{}<>=;$]|\\n|://|\w\.\s+\w", body) or not re.search(r"[^\W\d_]{2}", body):
        return False
    words = body.split()
    if not 1 <= len(words) <= most_words:
        return False
    if not (body[0].isupper() or body[0].isdigit() or not body[0].isascii()):
        return False
    if len(words) == 1 and not (words[0][0].isupper() and len(words[0]) >= 4):
        return words[0].isupper() and len(words[0]) >= 2
    return not (": " in body and len(words) > 9)


def _level(body: str, titles: set[str]) -> int:
    """A rank for a heading known by its looks: chapters and capitals over titles that a page repeats over the rest."""
    if re.match(r"(?:chapter|part|unit|module|section|domain)\b[\s\d.:]", body, re.IGNORECASE):
        return 1
    letters = [c for c in body if c.isalpha()]
    if len(letters) >= 8 and all(c.isupper() for c in letters):
        return 1
    return 2 if body in titles else 5
