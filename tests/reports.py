"""A small comparison in which everything happens once, for the tests of the reports; and one in which every text is hostile."""

from __future__ import annotations

from dataclasses import replace

from evals.gate.comparison import REGRESSION, Change, Comparison, Finding
from evals.metrics import figures
from evals.records import Item, Place, Run, Said, sha

NOTE = "Iron is a metal. It rusts in 3 days. Wood is not a metal."
RUSTS = Place("iron.md", 17, 36, sha(NOTE[17:36]))
METAL = Place("iron.md", 0, 16, sha(NOTE[0:16]))


def quotes(place: Place) -> str:
    """The words of a place in NOTE."""
    return NOTE[place.start : place.end] if place.note == "iron.md" else ""


def item(name: str, question: str, *said: Said, suite: str = "answers", **checks: bool) -> Item:
    """An item of kind fact and domain 1, answered where it says something, with a score that holds as its first check does."""
    scores = {"evidence_any": float(next(iter(checks.values()), True))}
    outcome = "answered" if said else "absent"
    return Item(f"{suite}/{name}", "fact", "1", name, question, sha(question), checks, scores, outcome=outcome, said=said)


OLD = item("rust", "When does iron rust?", Said("It rusts in 3 days.", "exact", (RUSTS,)), evidence=True, cited=True)
NEW = item("rust", "When does iron rust?", Said("It rusts in 4 days.", "supported", (RUSTS,)), evidence=False, cited=True)
SILENT = item("gold", "Does gold rust?", silent=False)
STILL = item("wood", "Is wood a metal?", Said("Wood is a metal.", "exact", (METAL,)), evidence=False, not_said=False)
WAIVED = item("tin", "Is tin a metal?", Said("Iron is a metal.", "exact", (METAL,)), evidence=True)
ADDED = item("lead", "Is lead a metal?", evidence=False, shiny_enough=False)
FAILED = replace(item("zinc", "Is zinc a metal?", evidence=True), error="the index is gone", checks={}, scores={})

BASE = Run({"gold": "1", "notes": "2", "code": "3", "phase_of_moon": "4"}, (OLD, SILENT, STILL, WAIVED), blessed={"by": "mia", "reason": "first"})
RUN = Run(
    {"gold": "1", "notes": "9", "code": "3", "phase_of_moon": "5"},
    (NEW, replace(SILENT, checks={"silent": True}), STILL, replace(WAIVED, checks={"evidence": False}), ADDED, FAILED),
)
CHANGES = (
    Change("broken", OLD, NEW, ("evidence",)),
    Change("broken", WAIVED, RUN.items[3], ("evidence",), "mended in the next release"),
    Change("added", None, ADDED),
    Change("mended", SILENT, RUN.items[1], ("silent",)),
)
FINDINGS = (
    Finding("diff", "answers/rust broke and no waiver covers it.", REGRESSION, "answers/rust"),
    Finding("floor", "evidence any is .2, below its floor of .9.", REGRESSION),
    Finding("slice", "3 of a kind broke."),
)


def beside(old: Run | None, new: Run, changes: tuple[Change, ...] = (), findings: tuple[Finding, ...] = ()) -> Comparison:
    """A comparison with the figures of its runs."""
    before = figures(old.items) if old else {}
    return Comparison(new, old, findings, changes, tuple((key, before.get(key), now) for key, now in figures(new.items).items()))


FAILING = beside(BASE, RUN, CHANGES, FINDINGS)
SAME = beside(BASE, BASE)

HOSTILE = (
    "<script>alert(1)</script>",
    "</style></title><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" \'',
    "]]> <![CDATA[ <!-- --> -->",
    "a\x00b\x08c\x1b[31md\x7f\ufffe",
    "\ud800 lone \udfff",
    "\u202egnp.exe \u2066x\u2069 \u200bzero \U000e0041",
    "line\r\n::error file=a,line=1::pwned\n%0A::warning::x",
    "| a | b |\n|---|---|\n# head\n- item\n```\ncode",
    "[x](javascript:alert(1)) ![y](http://evil.example/y.png) <http://evil.example> https://evil.example www.evil.example",
    "@octocat please see #12 and GH-7, octo/cat#3 or a@b.example $x^2$ **b** ~~s~~ [^1] `c`",
    "&lt;b&gt; &#60;b&#62; &amp;",
    "x" * 5000,
)
ALL = " ".join(HOSTILE)


def hostile() -> Comparison:
    """A comparison of which every text that comes from notes, gold, a baseline or a model is hostile."""
    changes: list[Change] = []
    for n, text in enumerate((*HOSTILE, ALL)):
        said = Said(f"{text} before", text, (Place(text, 0, 9, "00000000"),), text)
        old = Item(f"answers/{n}{text}", text, text, text, text, "0", {"evidence": True, text: True}, {"evidence_any": 1}, outcome=text, said=(said,))
        changes.append(
            Change("broken", old, replace(old, checks={"evidence": False, text: False}, said=(replace(said, text=f"{text} now"),)), ("evidence", text))
        )
    for n, change in enumerate(changes[:3]):
        old, new = (replace(i, id=f"answers/waived {n}") for i in (change.old, change.new) if i)
        changes.append(Change("broken", old, new, change.flipped, waived=change.item.question))
    changes[0] = replace(changes[0], new=replace(changes[0].item, error=ALL))
    old = Run({ALL: "1"}, tuple(c.old for c in changes if c.old), spoke=ALL, blessed={ALL: ALL})
    new = Run({ALL: "2"}, tuple(c.new for c in changes if c.new), spoke=ALL)
    return beside(old, new, tuple(changes), tuple(Finding("diff", text, REGRESSION, text) for text in HOSTILE))
