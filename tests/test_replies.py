"""Replies as models write them: what can be told for certain comes out, and everything else is ModelGarbled."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from fakes import within

from tutor.errors import ModelGarbled
from tutor.replies import LONGEST, labelled_in, object_in

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "verdict": {"type": "string", "enum": ["covered", "missed"]},
        "points": {"type": "array", "maxItems": 3, "items": {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}},
        "score": {"type": "number"},
        "sure": {"type": "boolean"},
    },
    "required": ["verdict", "points"],
}
RIGHT: dict[str, Any] = {"verdict": "covered", "points": [{"id": 1}, {"id": 2}], "score": 0.5, "sure": True}
SAID = json.dumps(RIGHT)


@pytest.mark.parametrize(
    "text",
    [
        SAID,
        f"\ufeff{SAID}\n",
        f"```json\n{SAID}\n```",
        f"Sure! Here is {{the}} object, as \\frac{{1}}{{2}} of it:\n\n{SAID}\n\nI hope this helps.",
        f"{json.dumps(SCHEMA)}\n{SAID}",
        f"{SAID}\n{SAID}",
        f'{{"result": {SAID}}}',
        f'{{"properties": {{"answer": {SAID}}}}}',
        f"[{SAID}]",
        json.dumps(RIGHT | {"why": {"not": "asked"}}),
        f'{{"verdict": "covered"}} is not enough, so: {SAID}',
    ],
    ids=["bare", "bom", "fenced", "prose", "echo", "twice", "wrapped", "wrapped twice", "in a list", "more keys", "after a lesser one"],
)
def test_the_object_of_a_reply_is_found(text: str) -> None:
    assert object_in(text, SCHEMA) == RIGHT


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it has none"),
        ("The point is covered, by sentence 1.", "it has none"),
        (json.dumps(SCHEMA), "says the schema again"),
        (SAID[:-1], "cut off"),
        (f'{{"result": {SAID}', "cut off"),
        (SAID.replace("0.5", "NaN"), "malformed"),
        (SAID.replace("0.5", "-Infinity"), "malformed"),
        (SAID.replace("0.5", "1e999"), "malformed"),
        (SAID.replace("0.5", "9" * 5_000), "malformed"),
        (SAID.replace('"sure"', '"verdict"'), "malformed"),
        (f'{{"x": 1, "x": {SAID}}}', "malformed"),
        (SAID.replace("true}", "true,}"), "malformed"),
        (SAID.replace('"', "'"), "it has none"),
        ('{"a":' * 21 + "1" + "}" * 21, "nested deeper than 20"),
        ('{"a":' * 10_000 + "1" + "}" * 10_000, "malformed"),
        ('{"a":[' * 10_000, "malformed"),
        (f"{SAID}{' ' * LONGEST}", "longer than 100 kB"),
        ("é" * (LONGEST // 2 + 1) + SAID, "longer than 100 kB"),
        (SAID.replace("covered", "perhaps"), "verdict is none of the values offered"),
        (SAID.replace('"covered"', "7"), "verdict is not of the type string"),
        (SAID.replace('"covered"', "null"), "verdict is not of the type string"),
        (SAID.replace('"covered"', r'"\ud800"'), "verdict is none of the values"),
        (SAID.replace('"id": 1', '"id": true'), "id is not of the type integer"),
        (SAID.replace('"id": 1', '"id": "1"'), "id is not of the type integer"),
        (SAID.replace('"id": 1', '"id": 1.0'), "id is not of the type integer"),
        (SAID.replace('"id": 1', '"place": 1'), "an item of points has no id"),
        (SAID.replace("0.5", "false"), "score is not of the type number"),
        (SAID.replace("true", "1"), "sure is not of the type boolean"),
        (SAID.replace('{"id": 1}', '{"id": 1}, {"id": 3}, {"id": 4}'), "points has more than 3 items"),
        ('{"points": []}', "it has no verdict"),
        (f"{SAID}\n{SAID.replace('covered', 'missed')}", "two JSON objects"),
    ],
)
def test_what_is_not_certain_is_garbled(text: str, why: str) -> None:
    with within(2), pytest.raises(ModelGarbled) as error:
        object_in(text, SCHEMA)
    assert why in str(error.value)
    assert str(error.value).endswith(".")


def test_half_a_character_is_no_text() -> None:
    schema = {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"]}
    assert object_in(r'{"word": "\ud83d\ude00"}', schema) == {"word": "😀"}
    with pytest.raises(ModelGarbled, match="half a character"):
        object_in(r'{"word": "\ud83d"}', schema)


def test_a_part_is_not_taken_for_the_whole() -> None:
    with pytest.raises(ModelGarbled, match="cut off"):
        object_in(f'{{"graded": [{SAID}, {{"verdict": "mis', SCHEMA)
    with pytest.raises(ModelGarbled, match="malformed"):
        object_in(f'{{"a": 1, "a": {SAID}}} {SAID}', SCHEMA)


MUTATIONS = ("cut", "nan", "twice", "deep", "huge", "bom", "prose", "fence", "echo", "wrapped", "dropped", "swapped")


def mutated(kind: str, dice: random.Random) -> str:
    """The right reply, spoiled or dressed up in one way."""
    at = dice.randrange(1, len(SAID))
    key = dice.choice(list(RIGHT))
    prose = "".join(dice.choice("ab {}[]\":,\\n'0") for _ in range(dice.randrange(1, 60)))
    match kind:
        case "cut":
            return SAID[:at]
        case "nan":
            return json.dumps(RIGHT | {key: dice.choice([float("nan"), float("inf"), -float("inf")])})
        case "twice":
            return SAID[:-1] + f', "{key}": {json.dumps(RIGHT[key])}}}'
        case "deep":
            return dice.choice(['{"a":', "[", '{"a":[']) * 10_000 + dice.choice(["", SAID])
        case "huge":
            return dice.choice([" ", "{", '{"', '"\\"', "[{"]) * (5_000_000 // 2) + SAID
        case "bom":
            return f"\ufeff{SAID}"
        case "prose":
            return f"{prose}\n{SAID}\n{prose}"
        case "fence":
            return f"```{dice.choice(['', 'json', 'JSON5'])}\n{SAID}\n```{dice.choice(['', chr(10) + prose])}"
        case "echo":
            return f"{json.dumps(SCHEMA, indent=dice.choice([None, 2]))}\n{dice.choice(['', SAID])}"
        case "wrapped":
            return json.dumps({dice.choice(["result", "answer", "properties"]): RIGHT})
        case "dropped":
            return SAID[:at] + SAID[at + 1 :]
        case _:
            return SAID[:at] + dice.choice('{}[]",:x') + SAID[at:]


def test_two_hundred_spoiled_replies_end_in_an_object_or_in_one_error() -> None:
    dice = random.Random(4)
    ended = {kind: {"object": 0, "garbled": 0} for kind in MUTATIONS}
    with within(30):
        for place in range(204):
            kind = MUTATIONS[place % len(MUTATIONS)]
            text = mutated(kind, dice)
            try:
                found = object_in(text, SCHEMA)
            except ModelGarbled:
                ended[kind]["garbled"] += 1
                continue
            assert found["verdict"] in {"covered", "missed"}
            assert all(type(p["id"]) is int for p in found["points"])
            ended[kind]["object"] += 1
    assert all(ended[kind]["object"] == 0 for kind in ("cut", "nan", "twice", "huge"))
    assert all(ended[kind]["garbled"] == 0 for kind in ("bom", "wrapped"))
    assert ended["fence"]["object"] >= 12
    assert ended["prose"]["object"] >= 8


@pytest.mark.parametrize("text", ['{"' * 49_000, '{"a":1}' * 14_000, "{ " * 49_000, '"\\' * 49_000, '{"a":"' * 16_000, "{" + " " * 99_000])
def test_no_reply_takes_long(text: str) -> None:
    with within(2), pytest.raises(ModelGarbled):
        object_in(text, SCHEMA)


LABELS = ("Question", "A", "B", "Key")


@pytest.mark.parametrize(
    "text",
    [
        "Question: Why is that?\nA: because\nB: it is not\nKey: A",
        "Here you are:\n\n**Question:** Why is that?\n- A) because\n* B. it is not\n\nkey : A\nGood luck!",
        "QUESTION: Why is that?\r\nA: because\r\nB: it is not\r\n**Key**: A",
    ],
)
def test_labelled_lines_are_read(text: str) -> None:
    assert labelled_in(text, LABELS) == {"Question": "Why is that?", "A": "because", "B": "it is not", "Key": "A"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", 'left out the line "Question"'),
        ("Question: Why?\nA: because\nB:\nKey: A", 'left out the line "B"'),
        ("Question: Why?\nA: because\nB: no\nA: so\nKey: A", 'wrote the line "A" twice'),
        ("x" * (LONGEST + 1), "longer than 100 kB"),
    ],
)
def test_lines_that_are_missing_or_doubled_are_garbled(text: str, why: str) -> None:
    with within(2), pytest.raises(ModelGarbled, match=why):
        labelled_in(text, LABELS)
