"""A comparison in, JUnit XML out: a testcase for each item, and one for each finding of the gate that is about no item."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final
from xml.etree import ElementTree as ET

from evals.gate.comparison import Change, Comparison, Finding
from evals.records import Item, Said
from evals.report.phrases import OUTCOMES
from evals.report.plain import cut, flat, plain
from evals.report.words import failing, told

MOST: Final = 4_000
"""Characters of an answer."""
RESULTS: Final = ("failure", "error", "skipped")


def xml(comparison: Comparison) -> str:
    """The document.

    The gate is on drift, so a `failure` is an item that broke since the baseline or that a finding fails; `skipped` is one
    that broke under a waiver, `error` one that could not be tried. An item that failed before and still does is known: it
    passes, with a `system-out` that says what fails. Times are not measured by item and stand as 0.
    """
    changes = {c.item.id: c for c in comparison.changes}
    found: dict[str, list[ET.Element]] = defaultdict(list)
    by_item: dict[str, list[Finding]] = defaultdict(list)
    tried = {i.id for i in comparison.run.items}
    for finding in comparison.findings:
        if finding.code and finding.item in tried:
            by_item[finding.item].append(finding)
    for item in comparison.run.items:
        found[plain(item.suite)].append(_case(item, changes.get(item.id), by_item[item.id]))
    gate = [_gate(n, f) for n, f in enumerate((f for f in comparison.findings if f.code and f.item not in tried), 1)]
    return _document(found | ({"gate": gate} if gate else {}))


def _document(suites: Mapping[str, list[ET.Element]]) -> str:
    every = [case for cases in suites.values() for case in cases]
    root = ET.Element("testsuites", {"name": "evals", **_counts(every)})
    for suite, cases in suites.items():
        ET.SubElement(root, "testsuite", {"name": suite, **_counts(cases)}).extend(cases)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _counts(cases: Iterable[ET.Element]) -> dict[str, str]:
    listed = list(cases)
    failed, errors, skipped = (sum(c.find(name) is not None for c in listed) for name in RESULTS)
    return {"tests": str(len(listed)), "failures": str(failed), "errors": str(errors), "skipped": str(skipped), "time": "0"}


def _case(item: Item, change: Change | None, findings: list[Finding]) -> ET.Element:
    case = ET.Element("testcase", {"classname": plain(f"{item.suite}.{item.kind}"), "name": plain(item.id), "time": "0"})
    broke = change is not None and change.turn == "broken"
    if item.error:
        _result(case, "error", item.error, item.error)
    elif findings or (broke and change and not change.waived):
        sentences = [*(f.text for f in findings), *(told(change) if change else failing(item))]
        _result(case, "failure", " ".join(dict.fromkeys(sentences)), _sides(item, change))
    elif broke and change:
        _result(case, "skipped", f"waived: {change.waived}")
    elif not item.passed:
        ET.SubElement(case, "system-out").text = plain(f"Fails, which is no drift: {' '.join(failing(item))}")
    return case


def _gate(number: int, finding: Finding) -> ET.Element:
    case = ET.Element("testcase", {"classname": f"gate.{finding.stage}", "name": plain(finding.item) or f"{finding.stage} {number}", "time": "0"})
    _result(case, "failure", finding.text, finding.text)
    return case


def _result(case: ET.Element, name: str, message: str, body: str = "") -> None:
    result = ET.SubElement(case, name, {"message": flat(message)})
    if name != "skipped":
        result.set("type", "evals")
        result.text = plain(body)


def _sides(item: Item, change: Change | None) -> str:
    old = change.old if change else None
    before = f"\n\nBefore {_answer(old)}" if old else ""
    return f"Asked: {flat(item.question)}{before}\n\nNow {_answer(item)}"


def _answer(item: Item) -> str:
    said = "\n".join(map(_said, item.said))
    return cut(f"({flat(OUTCOMES.get(item.outcome, item.outcome)) or 'no outcome'}):\n{said or '(no statement)'}", MOST)


def _said(said: Said) -> str:
    places = ", ".join(f"{c.note}:{c.start}-{c.end}" for c in said.cites) or "nothing"
    return f"- {flat(said.whole)} [{flat(said.verdict)}; cites {flat(places)}]"
