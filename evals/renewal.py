"""A cassette and the prompts that it has no reply to in, the same replies under these prompts out, where they still hold.

A reply cites sentences by the ids of its prompt. Where retrieval shows other sentences beside them, the ids change and the reply does not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from evals.cassettes import BRACKET, DOTTED, SECTION, Missing, Prompt, Take, cited, read, spread, write


@dataclass(frozen=True, slots=True)
class Renewal:
    """What became of missing prompts: (question, what had changed) of those that have their reply again, (question, why not) of the others."""

    renewed: tuple[tuple[str, str], ...]
    stranded: tuple[tuple[str, str], ...]


def renew(path: Path, missing: Iterable[Missing]) -> Renewal:
    """Give the replies of a cassette to the prompts that took the place of theirs, where every sentence that a reply cites is still
    shown: its ids and its digest are rewritten, its words are not. What had changed is told, for to another wording a model might
    have said something else. Raises InputError as `evals.cassettes.read`."""
    takes = {t.prompt: t for t in read(path)}
    renewed: list[tuple[str, str]] = []
    stranded: list[tuple[str, str]] = []
    for lost in missing:
        found = [(t, _lost(t, lost.prompt)) for t in takes.values() if t.question == lost.prompt.question]
        fitting = next((t for t, gone in found if not gone), None)
        if fitting is None:
            stranded.append((lost.prompt.question, found[0][1] if found else lost.why))
            continue
        del takes[fitting.prompt]
        takes[lost.prompt.sha] = _moved(fitting, lost.prompt)
        renewed.append((lost.prompt.question, lost.why))
    if renewed:
        write(path, takes.values())
    return Renewal(tuple(renewed), tuple(stranded))


def _lost(take: Take, asked: Prompt) -> str:
    """Why a reply cannot be given to a prompt; "" where it can."""
    shown = Counter(asked.sources.values())
    for name, words in take.sources.items():
        if shown[words] != 1:
            return f"[{name}], which it cites, is {'shown twice' if shown[words] else 'no longer shown'}: {words[:60]!r}"
    free = [i for i in cited(take.said) if i not in take.sources and i in asked.sources]
    return f"[{free[0]}], which it cites, was no sentence of the notes and is one now" if free else ""


def _moved(take: Take, asked: Prompt) -> Take:
    """The reply with the ids that its sentences have in another prompt."""
    names = {words: name for name, words in asked.sources.items()}
    new = {name: names[words] for name, words in take.sources.items()}

    def renumbered(bracket: re.Match[str]) -> str:
        pattern = DOTTED if DOTTED.search(bracket.group()) else SECTION
        return pattern.sub(lambda m: new.get(m.group(), m.group()), bracket.group())

    same = all(a == b for a, b in new.items())
    said = take.said if same else tuple(BRACKET.sub(renumbered, spread(s)) for s in take.said)
    sources = {new[name]: words for name, words in take.sources.items()}
    return replace(take, prompt=asked.sha, wording=asked.wording, shown=asked.shown, said=said, sources=sources)
