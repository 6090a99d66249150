"""An attempt in, what of it speaks to whoever marks instead of answering out: it earns nothing, and the rest is marked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from tutor.text import sentences, words
from tutor.types import Span

_MARKER: Final = r"(?:ai\s+)?(?:grader|examiner|marker|assessor|evaluator|scorer|corrector|auto-?grader)s?"
_SCHEME: Final = (
    r"(?:rubric|marking scheme|mark scheme|grading scheme|key points?|criteria|criterion|instructions?|reference answer|model answer|answer key|guidelines?)"
)
_WORTH: Final = r"(?:marks?|credits?|score|grade|points?)"
_MOST: Final = r"(?:full|max(?:imum)?|top|highest|perfect|all|5|five)"
_THIS: Final = r"(?:this|it|them|these|me|my|everything|all|every|each|(?:the|this|my)\s+(?:answer|response|rest|remaining|submission|candidate|student|learner)|(?:remaining|missing)\s+\w+)"
_PATTERNS: Final = (
    r"\b(?:full|top|maximum|max)\s+(?:marks?|credits?)\b|\b(?:full|perfect|maximum|highest)\s+(?:score|grade|points)\b(?=[^.!?]*$)",
    r"(?<![\d/.])(?:5|10|100)\s*(?:/|out of|of)\s*(?:5|10|100)(?![\d/.])|\bfive (?:out of|of) five\b",
    rf"\b(?:notes?|messages?|attention|notice|reminder|please note|important)\s*(?:to|for|:)?\s*(?:the\s+|any\s+|all\s+|my\s+)?(?:{_MARKER}|(?:who|whoever|anyone|the one)\s+(?:is\s+)?(?:marks?|marking|grades?|grading|scor\w+|reads?|reading)|grading\s+(?:system|software|model|script|tool))\b",
    rf"\b(?:dear|hello|hi|hey|attention|to)\s+(?:the\s+|mr\.?\s+|ms\.?\s+)?(?:{_MARKER}|(?:whoever|anyone|the one)\s+(?:who\s+)?(?:is\s+)?(?:marks?|marking|grades?|grading|scor\w+|reads?|reading))\b",
    rf"\b(?:ignore|disregard|forget|skip|override|bypass|discard|do not (?:use|apply|follow))\b[^.!?]{{0,40}}\b(?:{_SCHEME}|missing parts?)\b",
    rf"\b(?:as|you are|you're|act as|acting as)\s+(?:now\s+)?(?:the|an?|my|your)\s+(?:\w+\s+)?(?:{_MARKER}|lenient\s+\w+)\b",
    rf"\b(?:award|assign|grant|give|put|record|return|output|enter|set|confirm|reward|deserves?|gets?|kindly)\b[^.!?]{{0,40}}\b{_MOST}\b[^.!?]{{0,12}}\b{_WORTH}\b",
    rf"\b(?:award|assign|grant|give|put|record|return|output|enter|set)\b[^.!?]{{0,30}}\b{_WORTH}\b[^.!?]{{0,12}}\b(?:{_MOST}|to the maximum)\b",
    rf"\b(?:kindly|please|just|must|should|so)\s+(?:put|give|award|mark|score|grade|record|accept)\b[^.!?]{{0,60}}\b(?:5|five|full|{_WORTH}|covered|correct|maximum)\b",
    rf"\b(?:mark|grade|score|treat|count|accept|consider|report|label)\s+{_THIS}\b[^.!?]{{0,40}}\bas\s+(?:fully\s+)?(?:covered|correct|right|complete|full|passed|answered|satisfied)\b",
    r"[\[<(]\s*/?(?:system|admin|grader|examiner)\b|\bsystem\s+(?:note|message|prompt|override|instruction)s?\s*[:\]]|^\s*(?:system|grader|examiner|reviewer)\s*:",
    rf"\b(?:this|the) (?:rubric|marking scheme|mark scheme)\b|\bgrading (?:pipeline|system|script|software|tool)\b|\b{_SCHEME}\b[^.!?]{{0,40}}\b(?:has|have|is|are)\s+(?:been\s+)?(?:withdrawn|waived|verified|faulty|outdated|changed|removed|disabled|invalid|wrong)\b",
    r"\b(?:any|every|a)\s+(?:score|mark|grade)\s+(?:below|under|lower|less)\b|\b(?:scoring|grading|marking)\b[^.!?]{0,30}\bis\s+(?:disabled|off|suspended|finished)\b",
    rf"\b(?:this|my|the)\s+(?:answer|submission|response)\b[^.!?]{{0,40}}\b(?:covers?|meets?|satisf\w+|shows?|addresses|deserves?|checked|verified|approved|confirmed|graded|awarded)\b[^.!?]{{0,40}}\b(?:all|every|each|full|correct|complete|{_WORTH}|{_MARKER}|expert|author|teacher|examiner|mastery)\b",
)
_ORDER: Final = re.compile("|".join(f"(?:{p})" for p in _PATTERNS), re.IGNORECASE | re.MULTILINE)
_SUBJECT: Final = frozenset("rubric grade grader grading marks marking score scores credit points examiner prompt".split())
"""Words that may belong to the subject: an order is told by them only where the question does not use them."""


def answering(attempt: str, subject: Iterable[str]) -> tuple[str, int]:
    """The attempt with what speaks to the examiner blanked out, so that every place stays what it was, and how many
    sentences that were. Where the subject itself (the question and its key points) speaks of marking, a sentence is an
    order only by more than those words."""
    spoken = frozenset(words(" ".join(subject))) & _SUBJECT
    text, count = attempt, 0
    for start, end in _sentences(attempt):
        found = {m.group().lower() for m in _ORDER.finditer(attempt[start:end])}
        if found and not all(any(w in words(one) for w in spoken) for one in found):
            text = text[:start] + " " * (end - start) + text[end:]
            count += 1
    return text, count


def _sentences(text: str) -> Iterable[Span]:
    for start, end in sentences(text):
        here = start
        for cut in re.finditer(r"\n+|(?<=[.!?\]])\s+(?=\[|\S)", text[start:end]):
            if start + cut.start() > here:
                yield here, start + cut.start()
            here = start + cut.end()
        if here < end:
            yield here, end
