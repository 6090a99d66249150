"""The lists of a note in, groups of their terms and of their steps out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tutor.facts.forms import sayings
from tutor.facts.line import Line, plain, read
from tutor.facts.names import is_name, same
from tutor.facts.nouns import Fact, Group
from tutor.facts.phrases import is_nominal, is_phrase, is_told
from tutor.text import fold
from tutor.types import Note, Passage, Span, Unit

Path = tuple[str, ...]

_ECHO: Final = re.compile(r"\*\*([^*\n]{2,60})\*\*:\s+$")
_TERM: Final = re.compile(r"(?P<term>[^:.!?\n]{2,80}?)(?::| [-–—]) (?=\S)")
_NUMBER: Final = re.compile(r"(\d{1,2})[.)]\s*$")
SEVERAL: Final = 3
"""Lists of a note that have an item of one term, from which on that is a label."""
_MOST: Final = 0.5
"""The share of a list's items that say what their term is, from which on the list defines its terms."""
_LINE: Final = 200
"""Characters before an item in which its mark and its bold label stand."""
_ORDERED: Final = re.compile(
    r"\b(?:steps?|in (?:this|the|that) order|in turn|procedure|workflow|sequence|stages|phases|how to|order)\b|^to [a-z]+\b", re.IGNORECASE
)
_LOOSE: Final = re.compile(r"\b(?:can|could|may|might|ways|tips|options|during)\b", re.IGNORECASE)
_LED: Final = re.compile(
    r"(?:(?:the|these|here are the|some|common|key|main|further|usual|other|important)\s+){0,2}(?P<noun>[A-Za-z][^,;:.?!]{2,60}?)(?: (?:are|is|include|includes)(?: (?:these|the following|as follows|compared here))?)?:$",
    re.IGNORECASE,
)
_AFTER: Final = re.compile(r" (?:met|used|that|which|listed|compared|described|found|needed|below|here|to know|you)\b.*$")
_OF: Final = re.compile(r" (?:of|for|in|on|with|from|to|at|by|between)\b.*$")
_VERBAL: Final = re.compile(
    r"\b(?:is|are|was|has|have|can|will|may|must|should|do|does|differ|differs|follow|gives?|shows?|needs?|suits?|work|works|using)\b", re.IGNORECASE
)
_CALLED: Final = frozenset("terms words points things questions notes facts remarks tips".split())
"""What items are called that says nothing about them."""
_ASIDE: Final = frozenset(
    """a advantage answer b benefit best for c case choice con cons correct cost cross-ref d definition disadvantage duration e example focus formula goal important incorrect input limit limitation note option output
    pricing pro purpose q question reasoning requirement scenario scope solution source target tip type use case warning chapter day domain lesson module phase section step task unit week""".split()
) | {"best for", "use case", "parent job", "algorithm choice"}
"""What begins an item and is no term of its own: an attribute of what the section is about, a place in a count, an aside."""
_COUNTED: Final = re.compile(r" ?\d{1,3}$")
_GLOSSARY: Final = re.compile(r"\b(?:glossary|terms|terminology|vocabulary|definitions?|key concepts)\b", re.IGNORECASE)
_KINDS: Final = re.compile(
    r"\b(?:types|kinds|methods|techniques|strategies|tools|formats|options|services|algorithms|metrics|components|elements|layers|phases|stages|categories|models|approaches|modes|patterns|principles|pillars|concepts"
    r"|policies|functions|classes|forms|parts|structures|measures|tests|layouts|protocols|drugs|organs|tissues|muscles|bones|enzymes|hormones|theories|laws|branches|levels)$",
    re.IGNORECASE,
)
"""Nouns that call what they name things of a kind."""
_SAYS: Final = re.compile(r"\b(?:are|is|include|includes)(?: these| the following| as follows)?:$")
NUMBERED: Final = re.compile(r"^(?:(?:chapter|section|part|unit|module|lesson|step)\s+)?(?:\d+(?:\.\d+)*[.):]?|[IVX]+\.|[A-Z]\.)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list: its term, where it has one, and the line of what is said of it."""

    unit: Unit
    term: str
    term_at: Span
    said: Line
    echoed: bool = False


def items(note: Note, passages: Sequence[Passage]) -> dict[int, Item]:
    """The items of a note that have a term, by where they begin."""
    found = ((u.start, parted(note.text, u)) for p in passages for u in p.units if u.kind in ("item", "step"))
    return {start: item for start, item in found if item is not None}


def lists(note: Note, passages: Sequence[Passage], parts: Mapping[int, Item], labels: frozenset[str]) -> Iterator[Group]:
    """Groups of terms and of steps; a list without terms and without an order gives none. `labels` are no terms."""
    for heading, label, units in runs(passages):
        if units[0].kind == "step":
            group = _steps(note, heading, label, units)
        else:
            named = [item for u in units if (item := parts.get(u.start)) and fold(item.term) not in labels]
            group = _terms(note, heading, label, named)
        if group is not None:
            yield group
    for heading, entries in _paragraphs(note, passages):
        group = _terms(note, heading, None, entries)
        if group is not None:
            yield group


def _paragraphs(note: Note, passages: Sequence[Passage]) -> Iterator[tuple[Path, list[Item]]]:
    """Several lines of one section in a row that each begin with a term and a colon: a list without marks."""
    held: list[Item] = []
    where: Path = ()
    for passage in passages:
        for unit in passage.units:
            begins = unit.kind == "sentence" and note.text[max(0, unit.start - 1) : unit.start] in ("", "\n")
            item = parted(note.text, unit) if begins else None
            if held and ((begins and item is None) or unit.kind != "sentence" or passage.heading != where):
                if len(held) >= SEVERAL:
                    yield where, held
                held = []
            if item is not None:
                where = passage.heading
                held.append(item)
    if len(held) >= SEVERAL:
        yield where, held


def runs(passages: Sequence[Passage]) -> Iterator[tuple[Path, Span | None, list[Unit]]]:
    """The items and steps of each list: those of one section with one lead-in in a row, sentences of a long item between."""
    where: tuple[Path, Span | None, str] | None = None
    held: list[Unit] = []
    for passage in passages:
        for unit in passage.units:
            if unit.kind == "sentence" and unit.label is not None:
                continue  # of the item before
            at = (passage.heading, unit.label, unit.kind) if unit.kind in ("item", "step") else None
            if at != where:
                if where is not None:
                    yield where[0], where[1], held
                where, held = at, []
            held.append(unit)
    if where is not None:
        yield where[0], where[1], held


def labels(passages: Sequence[Passage], parts: Mapping[int, Item]) -> frozenset[str]:
    """The terms, folded, that begin items of several lists of a note: they say what of a thing an item tells ("Billing"),
    and name no thing."""
    found: Counter[str] = Counter()
    for _, _, units in runs(passages):
        found.update({fold(parts[u.start].term) for u in units if u.start in parts})
    return frozenset(t for t, lists_of in found.items() if lists_of >= SEVERAL)


def parted(text: str, unit: Unit) -> Item | None:
    """An item's term and what is said of it: "**Recall**: Recall is ...", "Recall: the share ...", "Recall – the share"."""
    before = text[max(0, unit.start - _LINE) : unit.start]
    echo = _ECHO.search(before[before.rfind("\n") + 1 :])
    if echo:
        end = unit.start - (len(before[before.rfind("\n") + 1 :]) - echo.end(1))
        return Item(unit, plain(echo[1]), (end - len(echo[1]), end), read(text, (unit.start, unit.end)), True)
    line = read(text, (unit.start, unit.end))
    match = _TERM.match(line.text)
    if match is None:
        return None
    term, term_at = line.piece(*match.span("term"))
    rest, rest_at = line.piece(match.end(), len(line.text))
    return Item(unit, term, term_at, read(text, rest_at)) if rest else None


def lead_noun(lead: str) -> str:
    """What a lead-in calls the items, in the plural: "kinds of drift" of "The kinds of drift met in the exam are:"; "" where it does not."""
    match = _LED.fullmatch(lead)
    noun = _AFTER.sub("", match["noun"]) if match else ""
    head = _OF.sub("", noun).split()
    if not head or len(noun.split()) > 6 or _VERBAL.search(noun) or not re.search(r"[^siu]s$", head[-1]) or not is_name(noun):
        return ""
    return noun if re.match(r"[A-Z]{2}|\w+[A-Z]|[A-Z]\w* [A-Z]", noun) else noun[0].lower() + noun[1:]


def _terms(note: Note, heading: Path, label: Span | None, items: Sequence[Item]) -> Group | None:
    named = [i for i in items if is_name(i.term) and not _is_aside(i.term)]
    if len(named) < 2 or 2 * len(named) < len(items):
        return None
    lead = plain(note.text[slice(*label)]) if label else ""
    noun = lead_noun(lead)
    title = heading[-1] if heading else note.title
    kind = noun or lead_noun(f"{NUMBERED.sub('', title)} are:")
    defining = bool(_GLOSSARY.search(lead) or _GLOSSARY.search(title) or _KINDS.search(_OF.sub("", kind)))
    phrases = sum(i.echoed or is_phrase(i.said.text) or is_nominal(i.said.text) for i in named)
    where = f"{note.path}:{named[0].term_at[0]}"
    facts: list[Fact] = []
    for item in named:
        unit = (item.unit.start, item.unit.end)
        if noun and label and _is_member(lead, noun):
            value, at = read(note.text, label).piece(0, len(lead) - 1)
            facts.append(Fact("member", item.term, "is one of", value, where, note.path, heading, at, unit, item.term_at))
        facts.extend(_said(item, where, note, heading, defining, phrases >= _MOST * len(named)))
    return Group(where, "list", noun, title, lead, note.path, heading, tuple(facts)) if facts else None


def _is_aside(term: str) -> bool:
    word = _COUNTED.sub("", term).lower()
    return word in _ASIDE or word.removesuffix("s") in _ASIDE


def _is_member(lead: str, noun: str) -> bool:
    """Whether a lead-in says that the items are what the noun names: with a verb, or by naming a kind of thing."""
    return lead.endswith(":") and not _CALLED & set(_OF.sub("", noun).split()) and bool(_SAYS.search(lead) or _KINDS.search(_OF.sub("", noun)))


def _said(item: Item, where: str, note: Note, heading: Path, defining: bool, alike: bool) -> Iterator[Fact]:
    """What an item says of its term: by its sentences' forms, or as the definition that follows the colon, where the
    list defines its terms or the words can be nothing else."""
    unit = (item.unit.start, item.unit.end)
    lines = list(item.said.sentences())
    found = [s for line in lines for s in sayings(line, item.term) if same(s.thing, item.term)]
    for s in found:
        thing_at = s.thing_at if item.echoed else item.term_at
        yield Fact(s.kind, item.term, s.attribute, s.value, where, note.path, heading, s.at, unit, thing_at, None, s.other)
    if found or item.echoed or not lines or not alike:
        return
    if not (is_phrase(lines[0].text) and (defining or not is_told(lines[0].text))) and not (defining and is_nominal(lines[0].text)):
        return
    end = re.search(r"; |[.!]?$", lines[0].text)
    value, at = lines[0].piece(0, end.start() if end else len(lines[0].text))
    if len(value.split()) > 2:
        yield Fact("definition", item.term, "is" if is_phrase(value) else "means", value, where, note.path, heading, at, unit, item.term_at)


def _steps(note: Note, heading: Path, label: Span | None, units: Sequence[Unit]) -> Group | None:
    lead = plain(note.text[slice(*label)]) if label else ""
    if label is None or len(units) < 3 or not _ORDERED.search(lead) or _LOOSE.search(lead):
        return None
    numbers = [_NUMBER.search(note.text[max(0, u.start - 12) : u.start]) for u in units]
    if [int(n[1]) if n else 0 for n in numbers] != list(range(1, len(units) + 1)):
        return None
    where = f"{note.path}:{units[0].start}"
    line = read(note.text, label)
    thing, thing_at = line.piece(0, len(lead.rstrip(": ")))
    facts = []
    for place, unit in enumerate(units):
        said = read(note.text, (unit.start, unit.end))
        value, at = said.piece(0, len(said.text.rstrip(". ")))
        if said.text.endswith("?") or len(value.split()) < 2:
            return None
        facts.append(Fact("step", thing, "step", value, where, note.path, heading, at, (unit.start, unit.end), thing_at, place=place))
    return Group(where, "steps", "", heading[-1] if heading else note.title, lead, note.path, heading, tuple(facts))
