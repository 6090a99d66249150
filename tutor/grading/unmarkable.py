"""A question and an attempt in, why its words cannot be marked as they stand out: nothing written, another script or
language, the question said again, key words without a claim."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Final

from tutor.ground.facts import LONGEST, read
from tutor.ground.overlap import gather, known
from tutor.text import STOPWORDS, content_words, words

LISTED: Final = 10
"""Words of content from which an attempt without any tie between them is a list of key words."""
TIED: Final = 0.2
"""The share of small words below which it has none."""
ECHOED: Final = 4
"""Words of content from which an attempt may be its question said again."""
SPOKEN: Final = 6
"""Words from which a language can be told."""
FOREIGN: Final = 0.2
"""The share of another language's small words that tells it."""
_TIE: Final = re.compile(r"[:;=()<>→←⇒↑↓≠≥≤≈+&|–—]|(?<=\s)[-/](?=\s)|[.!?]\s+\S|\bw/|\bvs\b")
_NAMING: Final = re.compile(r"\b(?:name|list|give|enumerate|mention|which|what are|state)\b", re.IGNORECASE)
_OTHERS: Final = {
    "German": "der die das und ist nicht ein eine den dem des mit auf für von zu wird werden sich auch als bei nach oder aber wenn dass man sind hat einer eines durch nur noch wie",
    "French": "le la les et est une des du dans pour que qui pas sur avec par au aux ce cette sont plus ne se ou mais il elle on nous vous leur être avoir cela donc",
    "Spanish": "el la los las y es una de del que en por con para se no su lo al más pero como son un sus ha hay este esta cuando muy sin sobre también",
    "Italian": "il lo la gli le e è una di del della che per con non si da in sono al alla dei nel più come anche ma ha questo questa quando",
    "Portuguese": "o os as e é uma de do da dos das que em por com para não se no na mais mas como são um ao seu sua quando muito",
    "Dutch": "de het een en is van in dat die niet op te zijn met voor er aan ook als bij door naar maar om wordt worden",
}
_SMALL: Final = {name: frozenset(said.split()) for name, said in _OTHERS.items()}


def is_blank(attempt: str) -> bool:
    """Whether an attempt holds no word and no number."""
    return not any(c.isalnum() for c in attempt)


def strangeness(attempt: str, subject: str) -> str:
    """The sentence that says why an attempt is in no language of its question; "" where it is."""
    theirs, ours = _scripts(subject), _scripts(attempt)
    if 2 * sum(count for script, count in ours.items() if script not in theirs) > sum(ours.values()):
        return "This answer is written in another script than the question: answer in the language of your notes."
    if (name := _language(attempt)) and _language(subject) != name:
        return f"This answer seems to be in {name}: answer in the language of your notes."
    return ""


def _scripts(text: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for char in text[:LONGEST]:
        if char.isalpha():
            found["LATIN" if char.isascii() else unicodedata.name(char, "?").split()[0]] += 1
    return found


def _language(text: str) -> str:
    said = words(text[:LONGEST])
    if len(said) < SPOKEN:
        return ""
    english = sum(w in STOPWORDS for w in said)
    best = max(_SMALL, key=lambda name: sum(w in _SMALL[name] for w in said))
    count = sum(w in _SMALL[best] for w in said)
    return best if count >= FOREIGN * len(said) and count > english else ""


def is_echo(attempt: str, question: str) -> bool:
    """Whether an attempt only says the question again: most of its words, and no word of content beside them."""
    said, asked = read(attempt[:LONGEST]), read(question[:LONGEST])
    marks = known(said, gather((question,), (), ""))
    repeated = set(said.told) & set(asked.told)
    return sum(said.content) >= ECHOED and 2 * len(repeated) >= len(set(asked.told)) and not any(c and not m for c, m in zip(said.content, marks, strict=True))


def is_list(attempt: str, question: str) -> bool:
    """Whether an attempt is key words without a claim: many words of content, hardly a small word, nothing that ties them.
    Where the question asks to name things, a list may be an answer."""
    content, said = len(content_words(attempt)), len(words(attempt))
    return content >= LISTED and 1 - content / said < TIED and not _TIE.search(attempt.strip()) and not _NAMING.search(question)
