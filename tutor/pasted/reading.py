"""Text that a learner pasted in; the exam question in it, its stem, options and how many are asked for, out. None where it is
no question with options.

Rules of English form only. A key that came along is cut off: somebody else's answer is no evidence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from tutor.exam import Option
from tutor.text import content_words, sentences, visible

LEAST: Final = 2
MOST: Final = 8
BARE: Final = 3
"""Options from which a list without letters may be one of options."""
MARKS: Final = 40
"""Labels, and words such as "Answer:", that are looked at; a text with more of them is something else."""
LONGEST_OPTION: Final = 600
"""Characters of an option; longer than that is a text."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """An exam question as it was pasted.

    The ids of `options` are their labels as pasted, or letters where they had none. `asked` is how many belong to the
    answer, 0 where that is open ("all that apply"). `negative` says that the stem asks for what does not hold. `keyed`
    says that an answer or explanation came along and was cut off.
    """

    stem: str
    options: tuple[Option, ...]
    asked: int = 1
    negative: bool = False
    keyed: bool = False

    @property
    def ask(self) -> str:
        """The sentence of the stem that asks."""
        return _asking(self.stem)


_WHOSE: Final = r"(?:the\s+)?(?:correct|right|suggested|official|best|your|model)\s+(?:answers?|options?|choices?|responses?)(?:\s+(?:is|are|was|were))?"
_KEY: Final = re.compile(
    rf"(?:^|(?<=\s))[*_]*(?:{_WHOSE}|answers?(?:\s+key)?|ans|(?:overall\s+)?explanations?|rationale|reasoning|solution|key)[*_]*\s*[:=]"
    rf"|^[^\w\n]*(?:{_WHOSE}|answers?|explanations?|rationale|solution|community\s+vote\s+distribution)[^\w\n]*$"
    rf"|(?:^|(?<=\s))(?:the\s+)?(?:correct\s+|right\s+)?(?:answer|option)\s+is\s+\(?[A-H]\b",
    re.IGNORECASE | re.MULTILINE,
)
_TICK: Final = re.compile(
    r"\s*(?:[([*_-]\s*(?:correct(?:\s+answer)?|right|most\s+voted|your\s+(?:answer|selection)[^)\]\n]*|incorrect|wrong)\s*[)\]*_]|\bmost\s+voted\b|[✓✔✅☑❌✗✘])\s*",
    re.IGNORECASE,
)
_NOISE: Final = re.compile(
    r"^[ \t]*(?:[*_#> \t]*(?:(?:exam|practice|sample)\s+)?question\s*(?:no\.?|number|#)?\s*\d+(?:\s*(?:of|/)\s*\d+)?\s*[:.)\-–—]?|q\s*\d+\s*[:.)\-–—]|#\s*\d+\b|topic\s+\d+\s*[:.\-–—]?|\d{1,3}\s*(?:of|/)\s*\d{1,3}\s*$|"
    r"(?:domain|category|skill|difficulty)\s*:[^\n]*$|(?:mark|flag)(?:ed)?\s+for\s+review[^\n]*$|skipped\s*$|(?:in)?correct\s*$|time\s+(?:left|remaining)[^\n]*$|\(?\d+\s+(?:points?|marks?)\)?\s*$)[*_]*",
    re.IGNORECASE | re.MULTILINE,
)
_BULLET: Final = r"(?:[-*+•●○◦◯▪□☐·–—]|\[[ xX]?\])"
_LETTER: Final = re.compile(
    rf"^[ \t>]*(?:{_BULLET}[ \t]+)?[*_]{{0,2}}(?i:option|choice|answer)?[ \t]*(?:\((?P<a>[A-Ha-h])\)|\[(?P<b>[A-Ha-h])\]|(?P<c>[A-Ha-h])[ \t]*(?:[.):]|[ \t][-–—](?=[ \t])))[*_]{{0,2}}(?:[ \t]+|$)",
    re.MULTILINE,
)
_NUMBER: Final = re.compile(r"^[ \t>]*(?:\((?P<a>\d)\)|(?P<b>\d)[ \t]*[.):])[ \t]+", re.MULTILINE)
_DOT: Final = re.compile(rf"^[ \t>]*{_BULLET}[ \t]+", re.MULTILINE)
_INLINE: Final = re.compile(r"(?:(?<=\s)|^)(?:\((?P<a>[A-H])\)|(?P<b>[A-H])[.):])\s+(?=\S)")
_INLINE_SMALL: Final = re.compile(r"(?:(?<=\s)|^)(?:\((?P<a>[a-h])\)|(?P<b>[a-h])\))\s+(?=\S)")

_HOW_MANY: Final = {"two": 2, "three": 3, "four": 4, "2": 2, "3": 3, "4": 4, "one": 1, "1": 1}
_COUNT: Final = re.compile(
    r"\b(?:select|choose|pick|mark|check|identify|name|which|what)(?:\s+the)?(?:\s+(?:best|correct|right))?\s+(?P<a>one|two|three|four|[1-4])\b(?!\s+(?:hours?|days?|minutes?|years?|GB|MB))"
    r"|\b(?P<b>two|three|four)\s+(?:of\s+the\s+(?:following|options|answers)|options|answers|actions|steps|services|statements|solutions)\b",
    re.IGNORECASE,
)
_OPEN: Final = re.compile(r"\b(?:all\s+that\s+apply|one\s+or\s+more|all\s+(?:the\s+)?correct)\b", re.IGNORECASE)
_HINT: Final = re.compile(
    r"[(\[]\s*(?:select|choose|pick)\b[^)\]]{0,30}[)\]]|\b(?:select|choose|pick)\s+(?:any\s+)?(?:one|two|three|four|[1-4])\s*(?:options?|answers?)?\s*[.:]?\s*$",
    re.IGNORECASE,
)
_NEGATIVE: Final = re.compile(
    r"\bEXCEPT\b|\bNOT\b|\bexcept(?=\s*(?:[:?.]|for\b|$))|\bLEAST\s+(?:likely|suit\w*|appropriate|effective|accurate|true|useful|relevant)\b"
    r"|\bleast\s+(?:likely|suit\w*|appropriate)\b|\b(?:is|are|would|should|does|do|can|could|will)(?:\s+not\b|n['’]t\b)|\b(?:cannot|incorrect|false|untrue|invalid)\b"
)
_CHOICE: Final = re.compile(r"\b(?:which|what|where|when|who|whom|why|how|select|choose|pick|identify|following|except)\b", re.IGNORECASE)
_TELL: Final = re.compile(
    r"^(?:(?:hi|hey|hello|ok|okay|so|and|also|please|pls|now)[ ,]+)*(?:(?:can|could|would|will)\s+you\s+(?:please\s+)?|i\s+(?:want|need|would\s+like)\s+(?:you\s+)?to\s+)?"
    r"(?:explain|describe|define|compare|contrast|discuss|outline|summari[sz]e|teach|list|give|tell|show|write|help|review|walk|quiz|understand|learn|know)\b"
    r"|\bdifferences?\s+between\b|\b(?:do|does|did)\s+(?:these|those|they|the\s+following|each)\b.*\bmean\b|\bwhat\s+(?:do|does)\b.*\bmean\s*[?:]|\b(?:each|all|both)\s+of\s+(?:these|those|them|the\s+following)\b(?!.*\bexcept\b)",
    re.IGNORECASE,
)
_TALK: Final = re.compile(
    r"^(?:i|i['’]m|i['’]d|we|my|our|please|pls|thanks?|thank\s+you|hi|hello|hey|and|but|because|so|also|or|sorry|edit|note|btw|ps|can\s+you|could\s+you|explain)\b",
    re.IGNORECASE,
)


def read(text: str) -> Pasted | None:
    """The exam question in a text, or None where the text is an ordinary question, or a list in one.

    Labelled options ("A.", "a)", "(A)", "- A:", "1."), options on one line, bullets, and bare lines behind the question.
    """
    plain = re.sub(r"[^\S\n]+", " ", visible(text).replace("\r\n", "\n").replace("\r", "\n"))
    plain = re.sub(r"\n ?(?:\n ?)+", "\n\n", plain)
    body, keyed = _without_key(plain)
    for found, family in (
        (_labelled(body, _LETTER), "letters"),
        (_inline(body), "letters"),
        (_labelled(body, _NUMBER), "numbers"),
        (_bulleted(body), "bare"),
        (_bare(body), "bare"),
    ):
        if found is None:
            continue
        stem, labels, texts = found
        stem = _stem(stem)
        cleaned = [_TICK.sub(" ", t) for t in texts]
        ticked = any(a != b for a, b in zip(cleaned, texts, strict=True))
        options = tuple(Option(label, " ".join(t.split()).strip(" *_")) for label, t in zip(labels, cleaned, strict=True))
        if not _chooses(stem, options, family):
            continue
        ask = _asking(stem)
        return Pasted(_HINT.sub("", stem).strip(), options, _asked(stem, len(options)), _NEGATIVE.search(ask) is not None, keyed or ticked)
    return None


def _without_key(text: str) -> tuple[str, bool]:
    """The text without an answer that came along: all behind it where options stand before it, its line where none does."""
    cut = next((m for m in islice(_KEY.finditer(text), MARKS) if _options_before(text[: m.start()])), None)
    body = text[: cut.start()] if cut else text
    lines = body.split("\n")
    kept = [line for line in lines if not re.match(r"\s*[*_]*(?:correct\s+|right\s+)?answers?(?:\s+is)?\s*[:=]\s*\(?[A-H1-8]\b", line, re.IGNORECASE)]
    return "\n".join(kept), cut is not None or len(kept) < len(lines)


def _options_before(text: str) -> bool:
    return any(found is not None for found in (_labelled(text, _LETTER), _inline(text), _labelled(text, _NUMBER), _bulleted(text), _bare(text)))


_Found = tuple[str, list[str], list[str]]


def _labelled(text: str, pattern: re.Pattern[str]) -> _Found | None:
    """Options that begin lines with labels in order; a line without one goes on with the option before it."""
    return _chain(text, list(pattern.finditer(text)))


def _inline(text: str) -> _Found | None:
    """Options in running text: three or more letters in order, "A. ... B. ... C. ..."."""
    for pattern in (_INLINE, _INLINE_SMALL):
        found = _chain(text, list(pattern.finditer(text)), first=True)
        if found is not None and len(found[1]) >= BARE and re.search(r"[.?!:)\]][*_]*\s*$", found[0]):
            return found
    return None


def _chain(text: str, marks: Sequence[re.Match[str]], first: bool = False) -> _Found | None:
    """The longest run of labels that count up from "A" or "1"; of equal ones the last, for a list may stand in the stem, or
    the first in running text, where an option may end in a letter ("A. Vitamin A. B. Vitamin B.")."""
    best: list[re.Match[str]] = []
    marks = marks[:MARKS]
    for at, begin in enumerate(marks):
        if _label(begin) not in ("A", "1"):
            continue
        run = [begin]
        for mark in marks[at + 1 :]:
            if ord(_label(mark)) == ord(_label(run[-1])) + 1:
                run.append(mark)
        if len(run) >= max(LEAST, len(best) + first):
            best = run
    if not LEAST <= len(best) <= MOST:
        return None
    ends = [m.start() for m in best[1:]] + [len(text)]
    texts = [text[m.end() : end] for m, end in zip(best, ends, strict=True)]
    return text[: best[0].start()], [_label(m) for m in best], [*texts[:-1], _first_block(texts[-1], texts[:-1])]


def _first_block(text: str, others: Sequence[str]) -> str:
    """The last option without what stands below it: a blank line ends it, unless the others hold blank lines too."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return text if any(re.search(r"\S\s*\n\s*\n\s*\S", t) for t in others) else blocks[0]


def _label(mark: re.Match[str]) -> str:
    return next(g for g in mark.groups() if g).upper()


def _bulleted(text: str) -> _Found | None:
    """Bulleted lines behind a question."""
    marks = list(_DOT.finditer(text))
    if not BARE <= len(marks) <= MOST:
        return None
    stem = text[: marks[0].start()]
    if not re.search(r"[?:]\s*[)*_]*\s*$", _HINT.sub("", stem)):
        return None
    ends = [m.start() for m in marks[1:]] + [len(text)]
    return stem, _letters(len(marks)), [text[m.end() : end] for m, end in zip(marks, ends, strict=True)]


def _bare(text: str) -> _Found | None:
    """Lines without labels behind a line that asks."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    at = next((i for i, line in enumerate(lines) if re.search(r"[?:]\s*$", _HINT.sub("", line).rstrip(" *_")) and _CHOICE.search(line)), None)
    if at is None:
        return None
    behind = [line for line in lines[at + 1 :] if not _NOISE.fullmatch(line)]
    if behind and _HINT.fullmatch(behind[0].rstrip(". ")):
        lines[at] += " " + behind.pop(0)
    if not BARE <= len(behind) <= MOST or any(_TALK.match(line) for line in behind) or len({line[0].isupper() or not line[0].isalpha() for line in behind}) > 1:
        return None
    return "\n".join(lines[: at + 1]), _letters(len(behind)), behind


def _letters(count: int) -> list[str]:
    return list("ABCDEFGH"[:count])


def _stem(text: str) -> str:
    """The stem without counters and labels around it, on one line."""
    bare = _NOISE.sub("", text)
    bare = re.sub(r"^\s*[*_]{0,2}\d{1,3}[.):]\s+", "", bare)
    return " ".join(bare.split()).strip(" *_")


def _asking(stem: str) -> str:
    """The last sentence that asks; the last one where none has a question mark."""
    bare = _HINT.sub("", stem).strip()
    spans = [bare[a:b] for a, b in sentences(bare)]
    return next((s for s in reversed(spans) if s.rstrip(" )*_").endswith("?")), spans[-1] if spans else bare)


def _chooses(stem: str, options: Sequence[Option], family: str) -> bool:
    """Whether a stem asks to choose among these."""
    texts = [o.text for o in options]
    if not LEAST <= len(options) <= MOST or not all(texts) or any(len(t) > LONGEST_OPTION for t in texts) or len({t.lower() for t in texts}) < len(texts):
        return False
    if any(t.endswith("?") for t in texts) or len(content_words(stem)) < 2:
        return False
    ask = _asking(stem)
    told = _TELL.search(ask) is not None
    if family == "letters":
        return not told and (_CHOICE.search(ask) is not None or ask.endswith(("?", ":")) or (len(options) > BARE and _COUNT.search(stem) is not None))
    plural = re.match(r"what\s+(?:are|were)\b|how\s+(?:do|does|to|are|is)\b|why\b", ask, re.IGNORECASE)
    return not told and not plural and len(options) >= BARE and _CHOICE.search(ask) is not None and ("?" in stem or ask.endswith(":"))


def _asked(stem: str, options: int) -> int:
    if _OPEN.search(stem):
        return 0
    counts = [_HOW_MANY[(m["a"] or m["b"]).lower()] for m in _COUNT.finditer(stem)]
    if counts:
        return min(counts[-1], options - 1)
    return 2 if options > 4 and re.search(r"\bwhich\s+combination\b", stem, re.IGNORECASE) else 1
