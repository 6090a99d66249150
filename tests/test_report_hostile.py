"""Notes, questions and answers that are made of markup, commands and control characters end as words in every report."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt
from reports import ALL, HOSTILE, hostile
from test_report import Outline

from evals.report import annotations, html, junit, markdown, table
from evals.report.plain import plain

EVIL = hostile()
PAGE = html.page(EVIL, lambda _place: ALL)
SAFE = re.compile(r"[\w ._-]*")


def unseen(text: str) -> list[str]:
    """Characters of a text that no report may hold."""
    bidi = {"\u061c", "\u200e", "\u200f", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
    return sorted({hex(ord(c)) for c in text if c in bidi or (unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t")})


def test_the_page_holds_no_element_and_no_attribute_of_a_note() -> None:
    page = Outline(PAGE)
    assert {tag for tag, _ in page.elements} <= set(
        "html head meta title style body main header nav section div p span h1 h2 h3 h4 ul ol li a b small code cite q del ins table caption thead tbody tr "
        "th td details summary dl dt dd svg line circle rect text".split()
    )
    own = "class id href scope colspan open lang charset name content http-equiv aria-label aria-hidden focusable viewbox width height".split()
    own += "x y x1 x2 y1 y2 cx cy r rx text-anchor".split()
    assert {name for _, attributes in page.elements for name in attributes} <= set(own)
    assert all(SAFE.fullmatch(value or "") for _, attributes in page.elements for name, value in attributes.items() if name in ("class", "id", "scope"))
    style = "".join(page.of("style"))
    assert "alert" not in style
    assert "".join(page.of("title")).startswith("Evals: Regression: ")


@pytest.mark.parametrize("text", [t for t in HOSTILE if len(t) < 1000])
def test_the_page_shows_hostile_text_as_it_is_written(text: str) -> None:
    assert any(" ".join(plain(text).split()) in heading for heading in Outline(PAGE).of("h3"))


def test_the_xml_is_well_formed_and_has_only_our_elements() -> None:
    made = junit.xml(EVIL)
    root = ET.fromstring(made)
    assert {e.tag for e in root.iter()} == {"testsuites", "testsuite", "testcase", "failure", "error", "skipped"}
    assert {name for e in root.iter() for name in e.attrib} == {"name", "classname", "time", "tests", "failures", "errors", "skipped", "message", "type"}
    assert any("<script>alert(1)</script>" in (e.text or "") for e in root.iter("failure"))
    assert len(list(root.iter("testcase"))) == int(root.get("tests") or 0)


def test_the_markdown_has_no_link_image_code_or_markup_of_a_note() -> None:
    made = markdown.text(EVIL)
    ours = {"<del>", "</del>", "<ins>", "</ins>", markdown.MARKER}
    parsed = MarkdownIt("gfm-like", {"html": True, "linkify": False}).enable(["table", "strikethrough"]).parse(made)
    kinds, markup = set(), set()
    for token in parsed:
        for each in (token, *(token.children or ())):
            kinds.add(each.type)
            if each.type in ("html_inline", "html_block"):
                markup.add(each.content.strip())
    assert kinds.isdisjoint({"link_open", "image", "s_open", "em_open", "fence", "code_block", "blockquote_open", "hr"})
    folds = {m for m in markup if re.fullmatch(r"<details><summary>[\w ,]+</summary>|</details>", m)}
    assert markup - folds <= ours
    assert all(row.count("|") - row.count("\\|") == 5 for row in made.splitlines() if row.startswith("| broken"))
    assert len(made) < 65_536


def test_the_markdown_mentions_and_refers_to_nobody() -> None:
    made = markdown.text(EVIL)
    assert re.findall(r"[@#]\w", made) == []
    assert "://" not in made
    assert re.findall(r"www\.|GH-\d", made, re.IGNORECASE) == []


def test_an_annotation_is_one_command_whatever_it_says() -> None:
    made = annotations.lines(EVIL, {c.item.id: (PurePosixPath("a:b,c\n.jsonl"), 1) for c in EVIL.changes})
    assert all(re.fullmatch(r"::(error|warning|notice) [^\r\n]*", line) for line in made)
    assert all(re.fullmatch(r"::\w+ (?:file=[^:,]*,line=\d+,)?title=[^:,]*::.*", line) for line in made)
    assert annotations.command("error", "50% a:b,c", "50% a:b,c", None) == "::error title=50%25 a%3Ab%2Cc::50%25 a:b,c"


@pytest.mark.parametrize("made", [table.text(EVIL), markdown.text(EVIL), junit.xml(EVIL), PAGE, "".join(annotations.lines(EVIL))])
def test_no_report_holds_what_cannot_be_seen(made: str) -> None:
    assert unseen(made) == []
    made.encode("utf-8")
