"""The five reports of one comparison say what happened: in a terminal, a pull request, annotations, a test reporter and a page."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import reports
from reports import CHANGES, FAILING, SAME, beside, quotes

from evals.gate.comparison import INCOMPLETE, Change, Comparison, Finding
from evals.metrics import METRICS, Figure
from evals.records import Item, Run, Said
from evals.report import annotations, html, junit, look, markdown, phrases, plots, table, words
from evals.report.difference import MOST, differences
from evals.report.plain import cut, flat, plain, signed


def test_a_known_check_is_told_in_words_and_an_unknown_one_by_its_name() -> None:
    assert words.told(CHANGES[0]) == ["The answer no longer says the evidence."]
    assert words.told(CHANGES[3]) == ["The tutor says now that the notes are silent on this."]
    assert words.told(CHANGES[2]) == ["The answer does not say the evidence.", "Does not hold: shiny enough."]
    assert phrases.phrases("shiny_enough").broken == "No longer holds: shiny enough."


def test_a_check_that_is_new_or_gone_is_not_called_broken() -> None:
    old, new = reports.OLD, replace(reports.NEW, checks={"premise": False})
    assert words.told(Change("broken", old, new, ("premise", "evidence"))) == ["The answer affirms a false premise.", "No longer checked: evidence."]


def test_every_metric_has_a_label_and_says_what_it_is() -> None:
    assert phrases.label("retrieval/ndcg10") == "nDCG@10"
    assert phrases.label("new/one_more") == "one more"
    assert phrases.about("new/one_more") == ""
    assert phrases.about("answers/over_abstained").endswith("; lower is better")
    assert all(phrases.label(m.key) and phrases.about(m.key).endswith("is better") for m in METRICS)


@pytest.mark.parametrize(
    ("comparison", "sentence"),
    [
        (FAILING, "Regression: 1 item broke, 1 was mended, 1 is waived."),
        (SAME, "Passed: no item broke; 2 of 4 hold."),
        (replace(FAILING, findings=()), "Passed: 1 item broke, no more than the policy allows, 1 is waived; 1 of 6 hold."),
        (replace(FAILING, changes=(), findings=(Finding("floor", "Too low", 1),)), "Regression: Too low."),
        (replace(FAILING, findings=(Finding("valid", "9 items are unscored.", INCOMPLETE),)), "Incomplete: 9 items are unscored."),
        (beside(None, reports.BASE), "Passed, but beside no baseline: 2 of 4 items hold."),
    ],
)  # fmt: skip
def test_the_verdict_is_one_sentence(comparison: Comparison, sentence: str) -> None:
    assert words.verdict(comparison) == sentence


def test_causes_are_the_fingerprints_that_differ() -> None:
    assert words.causes(FAILING) == ["the notes", "phase of moon"]
    assert words.why(SAME) == "Nothing that a run depends on differs from the baseline."
    assert words.why(beside(None, reports.RUN)) == ""


def test_what_fails_in_both_is_neither_broken_nor_new() -> None:
    assert [i.id for i in words.still_failing(FAILING)] == ["answers/wood"]
    assert [i.id for i in words.still_failing(beside(None, reports.BASE))] == ["answers/wood", "answers/gold"]


def test_better_depends_on_the_direction() -> None:
    assert words.better("answers/evidence_any", 0.1) == words.better("answers/words", -3.0) == "better"
    assert words.better("answers/evidence_any", -0.1) == words.better("answers/must_not", 0.1) == "worse"
    assert words.better("answers/words", 0.0) == words.better("no/metric", 1.0) == ""


def test_differences_have_the_sign_and_the_decimals_of_their_figure() -> None:
    assert [signed(v) for v in (0.0421, -0.0004, 0.0, None)] == ["+0.042", "-0.0004", "same", "-"]
    assert [signed(v, 120.0) for v in (-2.9266, 0.01)] == ["-2.9", "+0.0100"]


def test_words_that_differ_are_marked_and_nothing_is_lost() -> None:
    old, new = differences(["It rusts in 3 days.", "Dry iron lasts."], ["It rusts in 4 long days.", "Dry iron lasts."])
    assert old == [[("It rusts in ", False), ("3", True), (" days.", False)], [("Dry iron lasts.", False)]]
    assert new == [[("It rusts in ", False), ("4 long", True), (" days.", False)], [("Dry iron lasts.", False)]]


def test_small_words_that_agree_by_chance_are_marked_with_what_is_around_them() -> None:
    old, new = differences(["Copper wire is a good conductor of heat"], ["Every tall tree has a root system below ground"])
    assert old == [[("Copper wire is a good conductor of heat", True)]]
    assert new == [[("Every tall tree has a root system below ground", True)]]


def test_a_statement_that_moved_is_marked_whole() -> None:
    first, second, third = "Iron is a hard grey metal.", "Wood comes from trees and burns.", "Glass is made of sand in a hot oven."
    old, new = differences([first, second, third], [second, third, first])
    assert old == [[(first, True)], [(second, False)], [(third, False)]]
    assert new == [[(second, False)], [(third, False)], [(first, True)]]


def test_texts_too_long_to_compare_are_not_marked() -> None:
    long = " ".join(map(str, range(MOST + 1)))
    assert differences([long], ["1 2"]) == ([[(long, False)]], [[("1 2", False)]])


def test_plain_text_has_nothing_unseen_and_keeps_what_is_written() -> None:
    assert plain("a\x00\x1b\u202e\ud800\ufeffb\r\nc\td\u00ad") == "a\ufffd\ufffd\ufffd\ufffd\ufffdb\nc\td\u00ad"
    assert plain("Ünïcode 漢字 שלום 👩\u200d🔬") == "Ünïcode 漢字 שלום 👩\u200d🔬"
    assert (flat(" a \n b "), cut("abcdef", 4), cut("abcd", 4)) == ("a b", "abc…", "abcd")


def test_the_table_names_suites_figures_findings_and_changes_and_ends_with_the_verdict() -> None:
    lines = table.text(FAILING).splitlines()
    assert lines[1].split() == ["answers", "1", "6", "2", "of", "4"]
    assert next(line for line in lines if line.startswith("answers: evidence any")).split()[3:] == ["0.500", "0.200", "-0.300", "worse", "0.200", "5"]
    assert "fails   floor: evidence any is .2, below its floor of .9." in lines
    assert "broken    answers/tin (waived: mended in the next release)  Is tin a metal?" in lines
    assert "          The answer no longer says the evidence." in lines
    assert "What differs from the baseline: the notes, phase of moon." in lines
    assert lines[-1] == "Regression: 1 item broke, 1 was mended, 1 is waived."


def test_the_table_of_a_run_alone_has_no_columns_for_before() -> None:
    assert table.figures(beside(None, reports.BASE)).splitlines() == [
        "suite    passed  of",
        "answers       2   4",
        "",
        "figure                   now   s.e.  n",
        "answers: evidence any  0.500  0.289  4",
    ]


def test_the_table_lists_ten_changes_and_counts_the_rest() -> None:
    many = replace(FAILING, changes=CHANGES[:1] * 12)
    assert len(re.findall("^broken ", table.text(many), re.MULTILINE)) == 10
    assert "\nand 2 more\n" in table.text(many)
    assert len(re.findall("^broken ", table.text(many, every=True), re.MULTILINE)) == 12


def test_json_has_stable_keys_and_null_for_no_number() -> None:
    made = json.loads(json.dumps(table.as_json(FAILING), allow_nan=False))
    assert set(made) == {"run", "code", "verdict", "causes", "findings", "figures", "changes"}
    assert made["code"] == 1
    assert made["changes"][1] == {"id": "answers/tin", "turn": "broken", "flipped": ["evidence"], "waived": "mended in the next release"}
    first = made["figures"][0]
    assert set(first) == {"metric", "label", "direction", "over", "text", "before", "now", "n", "error", "unscored"}
    assert (first["metric"], first["direction"], first["before"], first["now"], first["n"]) == ("answers/evidence_any", "up", 0.5, 0.2, 5)
    unscored = replace(FAILING, figures=(("answers/words", None, Figure("answers/words", None, 0, None, 3)),))
    assert table.as_json(unscored)["figures"][0] | {"over": "", "text": ""} == {
        "metric": "answers/words", "label": "words an answer", "direction": "down", "over": "", "text": "", "before": None, "now": None, "n": 0, "error": None, "unscored": 3,
    }  # fmt: skip
    assert "unscored" in table.text(unscored)


def test_markdown_begins_with_its_marker_and_says_what_differs() -> None:
    made = markdown.text(FAILING)
    assert made.startswith("<!-- footnote-evals -->\n## Regression: 1 item broke, 1 was mended, 1 is waived.\n")
    assert "| broken | answers/rust | The answer no longer says the evidence. | When does iron rust? |" in made
    assert "- before: It rusts in <del>3</del> days.\n- now: It rusts in <ins>4</ins> days." in made
    assert "| answers: evidence any | 0.500 | 0.200 | -0.300 worse |" in made


def test_markdown_lists_thirty_changes_and_stays_below_the_limit_of_a_comment() -> None:
    many = replace(FAILING, changes=CHANGES[:1] * 200, findings=FAILING.findings * 40)
    made = markdown.text(many)
    assert made.count("| broken | answers/rust |") == markdown.MOST
    assert "and 170 more" in made
    assert "and 90 more" in made
    assert len(made) < 65_536


def test_annotations_point_at_the_gold_line() -> None:
    where = {"answers/rust": (PurePosixPath("evals/gold/a,b.jsonl"), 7)}
    assert annotations.lines(FAILING, where) == [
        "::error file=evals/gold/a%2Cb.jsonl,line=7,title=answers/rust::answers/rust broke and no waiver covers it.",
        "::error title=evals%3A floor::evidence any is .2, below its floor of .9.",
        "::warning title=evals%3A slice::3 of a kind broke.",
    ]
    assert annotations.lines(SAME) == []


def test_annotations_of_a_gate_that_passes_are_warnings_and_are_ten_at_most() -> None:
    passing = replace(FAILING, findings=(), changes=tuple(replace(CHANGES[0], new=replace(reports.NEW, id=f"answers/{n}")) for n in range(12)))
    made = annotations.lines(passing)
    assert made[0] == "::warning title=answers/0 broke::The answer no longer says the evidence. Asked: When does iron rust?"
    assert [line.split()[0] for line in made] == ["::warning"] * 10 + ["::notice"]
    assert made[-1].endswith("::And 2 findings more; the step's summary has them.")


def test_junit_tells_broken_waived_erred_and_known_apart() -> None:
    root = ET.fromstring(junit.xml(FAILING))
    counts = {name: root.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "7", "failures": "2", "errors": "1", "skipped": "1"}
    assert [s.get("name") for s in root] == ["answers", "gate"]
    cases = {c.get("name"): c for c in root.iter("testcase")}
    broke = cases["answers/rust"].find("failure")
    assert broke is not None
    assert broke.get("message") == "answers/rust broke and no waiver covers it. The answer no longer says the evidence."
    assert "- It rusts in 3 days. [exact; cites iron.md:17-36]" in (broke.text or "")
    assert "- It rusts in 4 days. [supported; cites iron.md:17-36]" in (broke.text or "")
    assert cases["answers/rust"].get("classname") == "answers.fact"
    assert [e.get("message") for e in cases["answers/tin"]] == ["waived: mended in the next release"]
    assert [e.tag for e in cases["answers/zinc"]] == ["error"]
    known = cases["answers/wood"].find("system-out")
    assert known is not None
    assert known.text == "Fails, which is no drift: The answer does not say the evidence. The answer says what must not be said."
    assert list(cases["answers/gold"]) == []
    assert [e.tag for e in cases["floor 1"]] == ["failure"]


class Outline(HTMLParser):
    """The elements, attributes and texts of a page. Raises AssertionError for one that is not closed in order."""

    VOID = frozenset(("meta", "br"))

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.stack: list[str] = []
        self.feed(text)
        self.close()
        assert self.stack == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.stack[-1] if self.stack else "", data))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def of(self, tag: str) -> list[str]:
        return [text for where, text in self.texts if where == tag]


def test_the_page_shows_verdict_causes_and_both_answers_with_their_evidence() -> None:
    page = Outline(html.page(FAILING, quotes))
    assert page.of("h1") == ["Regression: 1 item broke, 1 was mended, 1 is waived."]
    text = " ".join(t for _, t in page.texts)
    assert "What differs from the baseline: the notes, phase of moon." in text
    assert "Baseline: by mia, reason first." in text
    assert (page.of("del"), page.of("ins")) == (["3"], ["4"])
    assert page.of("q") == ["It rusts in 3 days.", "Iron is a metal."]  # what a statement has word for word is not shown again
    assert page.of("h2") == [
        "What the gate says",
        "Figures",
        "By kind and domain",
        "Broken: 2",
        "New in the gold: 1",
        "Mended: 1",
        "Failing before and now: 1",
        "Look closer",
    ]
    assert "python -m evals explain answers/rust" in page.of("code")
    assert "−0.300" in text


def test_a_broken_item_is_unfolded_and_a_waived_one_is_not() -> None:
    cards = [attributes for tag, attributes in Outline(html.page(FAILING, quotes)).elements if tag == "details" and attributes.get("class") == "card"]
    assert ["open" in c for c in cards] == [True, False, False, False, False]


def test_the_page_asks_nothing_of_a_network_and_its_policy_allows_its_own_style_alone() -> None:
    page = Outline(html.page(FAILING, quotes))
    assert {"script", "link", "img", "iframe", "form", "object"}.isdisjoint(tag for tag, _ in page.elements)
    assert {name for _, attributes in page.elements for name in attributes if name.startswith("on") or name in ("src", "style")} == set()
    assert all(value and value.startswith("#") for _, attributes in page.elements if (value := attributes.get("href")) is not None)
    policy = next(a["content"] for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert re.fullmatch(r"default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'", policy or "")
    assert "url(" not in look.STYLE
    assert "@import" not in look.STYLE


def test_headings_of_tables_have_a_scope_and_jumps_have_a_target() -> None:
    page = Outline(html.page(FAILING, quotes))
    assert all(a.get("scope") in ("col", "row", "rowgroup") for tag, a in page.elements if tag == "th")
    ids = {a["id"] for _, a in page.elements if "id" in a}
    assert {(a["href"] or "")[1:] for tag, a in page.elements if tag == "a"} == ids == {"broken", "added", "mended"}


def test_a_passing_page_and_one_without_a_baseline_are_whole() -> None:
    same, alone = Outline(html.page(SAME, quotes)), Outline(html.page(beside(None, reports.BASE), quotes))
    assert same.of("h1") == ["Passed: no item broke; 2 of 4 hold."]
    assert "1 figure the same as before" in same.of("summary")
    assert alone.of("h1") == ["Passed, but beside no baseline: 2 of 4 items hold."]
    assert alone.of("h2")[-2] == "Failing: 2"


def test_a_page_that_grows_too_large_leaves_out_the_least_bad_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "LONG", 200_000)
    text = " ".join(f"{n} words that nobody wants to read" for n in range(20))
    said = tuple(Said(f"{n} {text}", "exact", (reports.METAL,)) for n in range(20))
    changes = tuple(Change("reworded", replace(reports.OLD, id=f"answers/{n}"), replace(reports.OLD, id=f"answers/{n}", said=said)) for n in range(12))
    still = tuple(replace(reports.STILL, id=f"answers/still {n}", said=said * 2) for n in range(20))
    run, base = (replace(r, items=(*r.items, *still)) for r in (reports.RUN, reports.BASE))
    page = html.page(replace(FAILING, run=run, baseline=base, changes=CHANGES[:1] + changes, findings=FAILING.findings * 40), quotes)
    shown = Outline(page).of("h2")
    assert len(page) < html.LONG
    assert "and 70 more" in page
    assert "Broken: 1" in shown
    assert "The same outcome in other words: 12" in shown
    assert re.search(r"\d+ items more left out here, to keep this page small\.", page)


def test_drawings_use_the_scale_that_fits() -> None:
    def figure(value: float | None, error: float | None = None) -> Figure:
        return Figure("answers/words", value, 9, error)

    assert plots.axis([figure(0.98, 0.1)]) == (0.0, 1.0)
    assert plots.axis([figure(124.0, 5.0), figure(131.0, 5.0)]) == (0.0, 200.0)
    assert plots.axis([figure(-0.03, 0.05)]) == pytest.approx((-0.2, 0.1))
    assert plots.axis([figure(None)]) == (0.0, 1.0)
    circles = list(plots.dots(figure(0.5), figure(1.0)).iter("circle"))
    assert [(c.get("class"), c.get("cx")) for c in circles] == [("before", "90.0"), ("now", "174.0")]
    bars = [r.get("width") for r in plots.share((1, 2), (1, 4)).iter("rect")]
    assert bars == ["180.0", "45.0"]
    assert [m.get("x1") for m in plots.share((1, 2), (1, 4)).iter("line")] == ["90.0"]
    assert list(plots.share((2, 8), (1, 4)).iter("line")) == []


@pytest.mark.parametrize("colours", [look.LIGHT, look.DARK])
def test_every_text_has_enough_contrast(colours: dict[str, str]) -> None:
    def light(name: str) -> float:
        channels = [int(colours[name][at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    on = {"paper": ("ink", "soft", "good", "bad", "blue"), "panel": ("ink", "soft"), "added": ("ink",), "dropped": ("ink",)}
    ratios = {(b, t): sorted((light(b) + 0.05, light(t) + 0.05)) for b, texts in on.items() for t in texts}
    assert {pair: high / low for pair, (low, high) in ratios.items() if high / low < 4.5} == {}


def test_the_same_comparison_gives_the_same_bytes() -> None:
    def every(comparison: Comparison) -> list[Any]:
        return [
            table.text(comparison),
            table.as_json(comparison),
            markdown.text(comparison),
            junit.xml(comparison),
            html.page(comparison, quotes),
            annotations.lines(comparison),
        ]

    turned = [replace(r, items=tuple(replace(i, checks=dict(i.checks)) for i in r.items)) for r in (reports.BASE, reports.RUN)]
    assert every(FAILING) == every(beside(turned[0], turned[1], CHANGES, reports.FINDINGS))


def test_an_item_that_says_nothing_is_shown_by_its_outcome() -> None:
    marks = [Item("grading/a", "partial", "2", "a", "Why?", "0", {"right": r}, outcome=o) for r, o in ((True, "covered, missed"), (False, "covered, covered"))]
    runs = [Run({}, (i,)) for i in marks]
    page = Outline(html.page(beside(runs[0], runs[1], (Change("broken", marks[0], marks[1], ("right",)),)), quotes))
    assert (page.of("del"), page.of("ins")) == (["missed"], ["covered"])
