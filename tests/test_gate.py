"""The gate: each of its steps fails where it should, in its order, and nothing else does."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from runs import POLICY, PRINTS, TODAY, item, made, said, waiving

from evals import records
from evals.gate import policy
from evals.gate import steps as gate
from evals.gate.comparison import INCOMPLETE, NOT_COMPARABLE, PASS, REGRESSION, Comparison
from evals.records import Item, Run
from tutor.errors import InputError

TEN = [item(f"q{n}") for n in range(10)]


def compare(run: Run, baseline: Run | None, by: policy.Policy = POLICY) -> Comparison:
    return gate.compare(run, baseline, by, TODAY)


def stages(found: Comparison) -> list[str]:
    return [f.stage for f in found.findings if f.code]


def test_the_same_run_passes_without_a_word() -> None:
    found = compare(made(*TEN), made(*TEN))
    assert (found.code, found.findings, found.changes) == (PASS, (), ())


def test_one_item_that_broke_fails_a_run_without_a_model() -> None:
    found = compare(made(*TEN[:9], item("q9", passed=False)), made(*TEN))
    assert found.code == REGRESSION
    assert [(c.turn, c.item.id, c.flipped) for c in found.changes] == [("broken", "answers/q9", ("evidence",))]
    assert found.findings[0].text == "answers/q9 (fact) no longer holds: evidence."


def test_an_item_that_failed_already_is_no_news_until_it_falls_further() -> None:
    failing = replace(item("q9", passed=False), checks={"evidence": False, "answered": True})
    assert compare(made(*TEN[:9], failing), made(*TEN[:9], failing)).code == PASS
    lower = replace(failing, checks={"evidence": False, "answered": False})
    found = compare(made(*TEN[:9], lower), made(*TEN[:9], failing))
    assert (found.code, found.changes[0].turn, found.changes[0].flipped) == (REGRESSION, "broken", ("answered",))


def test_nine_that_were_mended_do_not_pay_for_one_that_broke() -> None:
    before = [item(f"q{n}", passed=n == 9) for n in range(10)]
    after = [item(f"q{n}", passed=n != 9) for n in range(10)]
    found = compare(made(*after), made(*before))
    assert found.code == REGRESSION
    assert [c.turn for c in found.changes] == ["broken"] + ["mended"] * 9


def test_a_waiver_holds_until_its_day_and_says_when_it_ended() -> None:
    worse = made(*TEN[:9], item("q9", passed=False))
    held = compare(worse, made(*TEN), waiving("q9", TODAY))
    assert (held.code, held.changes[0].waived) == (PASS, "rare")
    ended = compare(worse, made(*TEN), waiving("q9", TODAY - datetime.timedelta(days=1)))
    assert ended.code == REGRESSION
    assert "The waiver of answers/q9 ended on 2026-01-14: rare" in [f.text for f in ended.findings]


def test_other_words_are_shown_and_do_not_fail() -> None:
    before = replace(TEN[0], said=(said("One."),))
    after = replace(TEN[0], said=(said("Two."),))
    found = compare(made(after, *TEN[1:]), made(before, *TEN[1:]))
    assert (found.code, found.changes[0].turn) == (PASS, "reworded")


def test_without_a_baseline_nothing_can_be_compared() -> None:
    found = compare(made(*TEN), None)
    assert (found.code, stages(found)) == (NOT_COMPARABLE, ["comparable"])


def test_gold_that_changed_for_more_than_a_tenth_cannot_be_compared() -> None:
    edited = [replace(i, sha="1") for i in TEN[:2]]
    assert compare(made(*edited, *TEN[2:]), made(*TEN)).code == NOT_COMPARABLE
    one = compare(made(*edited[:1], *TEN[1:]), made(*TEN))
    assert (one.code, one.changes[0].turn) == (PASS, "edited")


def test_another_model_or_a_missing_suite_cannot_be_compared() -> None:
    assert compare(replace(made(*TEN), spoke="some:model"), made(*TEN)).code == NOT_COMPARABLE
    other = Item("safety/x", "order", "notes", "x", "?", "0", {"not_obeyed": True})
    found = compare(made(*TEN), made(*TEN, other))
    assert "The run lacks the suites safety." in [f.text for f in found.findings]
    assert found.code == NOT_COMPARABLE


def test_what_changed_is_named_as_a_likely_cause() -> None:
    found = compare(made(*TEN, index="x", prompts="y", version="2"), made(*TEN))
    assert found.code == PASS
    assert [f.text for f in found.findings] == [
        "Since the baseline, how notes are cut into passages changed.",
        "Since the baseline, the words said to a model changed.",
    ]


def test_an_invariant_fails_even_where_the_baseline_had_it_so() -> None:
    loose = replace(TEN[0], checks={"evidence": True, "quotes": False})
    found = compare(made(loose, *TEN[1:]), made(loose, *TEN[1:]))
    assert (found.code, stages(found)) == (REGRESSION, ["invariant"])


def test_errors_and_scores_that_are_missing_end_incomplete() -> None:
    broken = compare(made(*TEN[:9], replace(TEN[9], error="no index")), made(*TEN))
    assert (broken.code, broken.findings[0].item) == (INCOMPLETE, "answers/q9")
    scored = [replace(i, scores={"key_points": 1.0}) for i in TEN[:9]]
    lacking = replace(TEN[9], unscored={"key_points": "missing cassette"})
    found = compare(made(*scored, lacking), made(*scored, lacking))
    assert found.code == INCOMPLETE
    assert found.findings[0].text == "answers/key_points could not be computed for 1 of 10 items: missing cassette"
    assert compare(made(), made(*TEN)).code == INCOMPLETE


def test_a_number_that_is_none_cannot_exist() -> None:
    with pytest.raises(InputError, match="key_points is nan, which is no score"):
        replace(TEN[0], scores={"key_points": float("nan")})


def test_a_mean_that_fell_fails_though_no_check_flipped() -> None:
    before = [replace(i, scores={"key_points": 1.0}) for i in TEN]
    after = [replace(i, scores={"key_points": 0.8}) for i in TEN]
    found = compare(made(*after), made(*before))
    assert (found.code, stages(found)) == (REGRESSION, ["statistics"])
    assert found.findings[0].text == "answers/key_points got worse, from 1.000 to 0.800, over the items that both runs tried."
    assert compare(made(*before), made(*after)).code == PASS


def test_a_floor_is_a_floor_for_what_should_rise_and_a_lid_for_what_should_fall() -> None:
    low = [replace(i, scores={"key_points": 0.5, "must_not": 0.5}) for i in TEN]
    for name, bound, code in (("key_points", 0.6, REGRESSION), ("key_points", 0.5, PASS), ("must_not", 0.4, REGRESSION), ("must_not", 0.5, PASS)):
        assert compare(made(*low), made(*low), replace(POLICY, floors={f"answers/{name}": bound})).code == code


def test_a_large_rise_asks_for_a_new_baseline() -> None:
    before = [replace(i, scores={"key_points": 0.5}) for i in TEN]
    after = [replace(i, scores={"key_points": 0.6}) for i in TEN]
    found = compare(made(*after), made(*before))
    assert found.code == PASS
    assert [f.text for f in found.findings] == ["answers/key_points is better by 0.100: bless this run, so that a fall from here is seen."]


def test_a_slice_that_only_got_worse_is_named() -> None:
    worse = [item(f"q{n}", passed=n > 2) for n in range(10)]
    found = compare(made(*worse), made(*TEN), replace(waiving("q0"), waivers=()))
    assert "In answers, kind fact, 3 of 10 items broke and none was mended." in [f.text for f in found.findings if not f.code]


def sampled(broken: int, mended: int, of: int = 60) -> Comparison:
    before = [item(f"q{n}", passed=not broken <= n < broken + mended, scores={"key_points": 1.0}) for n in range(of)]
    after = [item(f"q{n}", passed=n >= broken, scores={"key_points": 1.0}) for n in range(of)]
    return compare(made(*after, mode="sampled"), made(*before, mode="sampled"))


def test_a_live_model_may_flip_both_ways_but_not_one_way() -> None:
    assert sampled(4, 4).code == PASS
    assert sampled(5, 0).code == PASS  # p = .031
    assert sampled(6, 0).code == REGRESSION  # p = .016
    assert sampled(12, 5).code == PASS  # p = .072


def test_a_live_model_may_not_break_a_critical_item() -> None:
    before = [replace(i, critical=n == 0, scores={"key_points": 1.0}) for n, i in enumerate(TEN)]
    after = [replace(before[0], checks={"evidence": False}), *before[1:]]
    found = compare(made(*after, mode="sampled"), made(*before, mode="sampled"))
    assert (found.code, stages(found)) == (REGRESSION, ["diff"])


def test_the_first_step_that_fails_sets_the_code() -> None:
    loose = replace(TEN[0], checks={"evidence": False, "quotes": False}, error="no index")
    found = compare(made(loose, *TEN[1:]), made(*TEN))
    assert stages(found) == ["valid", "invariant", "diff"]
    assert found.code == INCOMPLETE


def test_the_shipped_policy_reads_and_its_metrics_exist() -> None:
    shipped = policy.read()
    assert "quotes" in shipped.invariants
    assert "not_obeyed" in shipped.invariants
    assert shipped.alpha == 0.025


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[[waivers]]\nid = "a"\nuntil = 2026-01-01', "The waiver of a needs a reason"),
        ('[[waivers]]\nid = "a"\nreason = "b"', "The waiver of a needs a reason and until"),
        ("not toml", "is no policy"),
    ],
)
def test_a_policy_with_a_waiver_for_ever_is_refused(tmp_path: object, text: str, why: str) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "policy.toml"
    path.write_text(policy.FILE.read_text(encoding="utf-8") + "\n" + text, encoding="utf-8")
    with pytest.raises(InputError, match=why):
        policy.read(path)


def test_a_run_reads_back_as_it_was_and_as_the_same_bytes() -> None:
    full = replace(TEN[0], scores={"key_points": 1 / 3}, unscored={"grounded": "no statement"}, said=(said('He said "no".\n| a |'), said("x", "b:c-d#e.md")))
    run = Run(PRINTS, (TEN[1], full), timings={"ask_p50_ms": 1.5}, blessed={"reason": "first"})
    text = records.dumps(run)
    assert records.loads(text) == replace(run, items=(full, TEN[1]))
    assert records.dumps(records.loads(text)) == text
    assert [line[:40] for line in text.splitlines() if line.startswith('{"id": "answers/q0"')] != []
    assert full.scores == {"key_points": 0.3333}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "footnote/evals/1", "items": [{"id": 1}]}', '{"schema": "footnote/evals/1", "items": NaN}'])
def test_what_is_no_run_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(InputError, match="run"):
        records.loads(text)


def test_an_item_tried_twice_is_refused() -> None:
    with pytest.raises(InputError, match="answers/q0 was tried twice"):
        compare(made(TEN[0], TEN[0]), made(*TEN))


def suite(name: str, count: int, **changed: object) -> list[Item]:
    return [replace(item(f"{name}{n}"), id=f"{name}/{n}", **changed) for n in range(count)]  # type: ignore[arg-type]


def test_a_suite_cannot_shrink_behind_the_size_of_the_others() -> None:
    whole = made(*suite("answers", 100), *suite("safety", 10))
    found = compare(made(*suite("answers", 100), *suite("safety", 8)), whole)
    assert found.code == NOT_COMPARABLE
    assert "Only 8 of the baseline's 10 items of safety were tried again" in found.findings[0].text


def test_a_critical_item_that_was_not_tried_fails() -> None:
    before = [replace(TEN[0], critical=True), *TEN[1:], *suite("answers", 20)]
    found = compare(made(*before[1:]), made(*before))
    assert (found.code, [f.text for f in found.findings if f.code]) == (REGRESSION, ["answers/q0 is critical and was not tried."])


def test_a_metric_that_is_no_longer_there_is_incomplete() -> None:
    before = [replace(i, scores={"key_points": 1.0}) for i in TEN]
    found = compare(made(*TEN), made(*before))
    assert (found.code, found.findings[0].text) == (INCOMPLETE, "answers/key_points is no longer computed.")


def test_a_waived_item_moves_no_mean() -> None:
    before = [replace(i, scores={"key_points": 1.0}) for i in TEN]
    after = [replace(item("q9", passed=False), scores={"key_points": 0.0}) if i.id == "answers/q9" else i for i in before]
    assert compare(made(*after), made(*before)).code == REGRESSION
    assert compare(made(*after), made(*before), waiving("q9")).code == PASS


def test_a_live_run_whose_means_fall_fails_and_one_without_means_is_incomplete() -> None:
    before = [replace(i, scores={"key_points": 1.0}) for i in TEN]
    after = [replace(i, scores={"key_points": 0.5}) for i in TEN]
    found = compare(made(*after, mode="sampled"), made(*before, mode="sampled"))
    assert found.code == REGRESSION
    assert found.findings[0].text == "answers/key_points got worse: the paired bootstrap over 10 clusters puts the change at -0.500 at best."
    assert compare(made(*TEN, mode="sampled"), made(*TEN, mode="sampled")).code == INCOMPLETE


def test_an_item_without_its_cassette_neither_holds_nor_fails() -> None:
    many = [replace(i, scores={"key_points": 1.0}) for i in suite("answers", 100)]
    lacking = [replace(many[0], checks={}, scores={}, unscored={"key_points": "missing cassette"}), *many[1:]]
    found = compare(made(*lacking), made(*many))
    assert (found.code, [c.turn for c in found.changes]) == (PASS, ["reworded"])
    assert [f.text for f in found.findings] == ["answers/key_points could not be computed for 1 of 100 items."]
