"""Names, attributes and texts in, elements of a page out. Text stays text: it is escaped where the tree is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree as ET

from evals.report.plain import plain

NOTHING: Final[Mapping[str, str]] = {}


def node(kind: str, *content: str | ET.Element, attributes: Mapping[str, str] = NOTHING) -> ET.Element:
    """An element: `kind` is its name and classes, as in "p.meta"; `content` its texts and elements in their order."""
    name, *classes = kind.split(".")
    made = ET.Element(name, {"class": " ".join(classes)} if classes else {})
    for key, value in attributes.items():
        made.set(key, plain(value))
    for each in content:
        if isinstance(each, ET.Element):
            made.append(each)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + plain(each)
        else:
            made.text = (made.text or "") + plain(each)
    return made


def table(caption: str, head: tuple[str, ...], *bodies: ET.Element) -> ET.Element:
    """A table with a caption for those who do not see it, headings of columns, and its bodies."""
    columns = [node("th", name, attributes={"scope": "col"}) for name in head]
    return node("table", node("caption.unseen", caption), node("thead", node("tr", *columns)), *bodies)


def written(root: ET.Element) -> str:
    """A tree as HTML."""
    return ET.tostring(root, encoding="unicode", method="html")
