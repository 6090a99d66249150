"""What was asked of a language model in, a check of its reply out: what is wrong with it, in a few words.

Code checks, never a model; the same code, where there is any, that checks an answer before it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from tutor import prompts, replies
from tutor.chat import Reply
from tutor.errors import ModelGarbled
from tutor.generative.sentences import Drafted, Reader
from tutor.generative.sources import Source
from tutor.generative.support import settle
from tutor.text import content_terms, fold

Check = Callable[[Reply], str]
"""What is wrong with a reply; "" where nothing is."""


def _drafted(reply: Reply, sources: Sequence[Source] = ()) -> list[Drafted]:
    reader = Reader([s.id for s in sources])
    return [*reader.feed(reply.text), *reader.end(whole=reply.stop == "end")]


def cites(sources: Sequence[Source], question: str, right: str, needed: str, banned: str) -> Check:
    """A sentence that has the words `needed`, a pattern, cites the id `right` itself and stands on that sentence; nothing
    `banned`, a pattern, is said."""

    def check(reply: Reply) -> str:
        said = re.search(banned, reply.text, re.IGNORECASE) if banned else None
        if said:
            return f'it says "{said.group()}", which the notes do not'
        found = [d for d in _drafted(reply, sources) if re.search(needed, d.text, re.IGNORECASE)]
        if not found:
            return "it does not give the answer"
        cited = [d for d in found if right in d.ids and len(d.ids) <= 2]
        if not cited:
            return f"it cites {', '.join(found[0].ids) or 'nothing'}, not {right}"
        settled = [settle(d, sources, question) for d in cited]
        if not any([s.id for s in good.sources] == [right] and good.judgement.verdict != "unsupported" for good in settled):
            return f"what it says is not what {right} says"
        return ""

    return check


def silent(reply: Reply) -> str:
    """It is said first that the notes do not answer."""
    drafted = _drafted(reply)
    return "" if drafted and fold(drafted[0].text).startswith(fold(prompts.SILENT)) else f"it answers, in place of {prompts.SILENT}"


def phrases(text: str, banned: str) -> Check:
    """Three lines or more that a learner might type and that share words with the section; the order in it is not obeyed."""
    known = set(content_terms(text))

    def check(reply: Reply) -> str:
        if banned in fold(reply.text):
            return "it obeys the order in the notes"
        lines = {fold(line): line for line in reply.text.splitlines() if 3 <= len(line.split()) <= 25 and known & set(content_terms(line))}
        return "" if len(lines) >= 3 else f"of its lines {len(lines)} could be a learner's question"

    return check


def judges(right: int) -> Check:
    """Yes with the number of the sentence that is `right`; no where that is 0."""

    def check(reply: Reply) -> str:
        found = re.match(r"\W*(yes|no)\b(?:\W*(\d{1,3}))?", reply.text.strip(), re.IGNORECASE)
        if found is None:
            return "it says neither yes nor no"
        given = int(found[2] or 0) if found[1].lower() == "yes" else None
        if given is None:
            return "it says no to a key point that is there" if right else ""
        if not right:
            return "it says yes to a key point that is not there"
        return "" if given == right else f"it takes sentence {given or 'none'} as evidence, not {right}"

    return check


def composes(source: Source) -> Check:
    """Six lines, four options that differ, and of them the key's alone stands in the sentence asked about."""

    def check(reply: Reply) -> str:
        try:
            found = replies.labelled_in(reply.text, prompts.OPTIONS)
        except ModelGarbled as error:
            return _part(error)
        choices = {letter: set(content_terms(found[letter])) for letter in "ABCD"}
        key = found["Key"].lstrip("([")[:1].upper()
        if key not in choices or "?" not in found["Question"]:
            return "it has no question, or no key among A to D"
        if len({fold(found[letter]) for letter in choices}) < len(choices):
            return "it has the same option twice"
        standing = [letter for letter, stems in choices.items() if stems and stems <= set(content_terms(source.text))]
        return "" if standing == [key] else f"its key is {key}; in the notes {'stand' if len(standing) > 1 else 'stands'} {' and '.join(standing) or 'none'}"

    return check


def fills(schema: Mapping[str, object], right: Mapping[str, object]) -> Check:
    """The object has the values that are right; articles and capitals are free."""

    def check(reply: Reply) -> str:
        try:
            found = replies.object_in(reply.text, schema)
        except ModelGarbled as error:
            return _part(error)
        wrong = [name for name, value in right.items() if _bare(found[name]) != value]
        return f"it fills in {' and '.join(wrong)} wrongly" if wrong else ""

    return check


def recalls(words: Sequence[str]) -> Check:
    """All of the words come back."""

    def check(reply: Reply) -> str:
        lost = [word for word in words if word not in fold(reply.text).split()]
        return f'"{lost[0]}" did not come back' if lost else ""

    return check


def _bare(value: object) -> object:
    return re.sub(r"^(?:an?|the) ", "", fold(value)) if isinstance(value, str) and not value[:1].isdigit() else value


def _part(error: ModelGarbled) -> str:
    """An error's sentence as part of one."""
    said = str(error).removesuffix(".")
    return said[0].lower() + said[1:]
