"""A model's reply in, its labelled lines or its JSON object out; ModelGarbled where they cannot be told for certain.

Plain lines come first: small models keep to them better than to JSON. What is refused is not mended or guessed at: a
reply that was cut off, or that says two things, is none.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tutor.errors import ModelGarbled

LONGEST: Final = 100_000
"""UTF-8 bytes of a reply; a longer one is not read."""
DEEPEST: Final = 20
"""Objects and lists within one another."""

_OPENING: Final = re.compile(r'\{(?=\s*["}])')
_HALF: Final = re.compile("[\ud800-\udfff]")
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def labelled_in(text: str, labels: Sequence[str]) -> dict[str, str]:
    """The lines "Label: value" of a reply, by label; "A) value" and "A. value" too, in bold or behind a bullet, in any
    case. Other lines are passed over. Raises ModelGarbled where a label is missing, doubled or empty."""
    _bounded(text)
    known = {label.lower(): label for label in labels}
    found: dict[str, str] = {}
    for line in text.splitlines():
        bare = line.replace("**", "").replace("__", "").strip().removeprefix("- ").removeprefix("* ").lstrip()
        mark = re.match(r"([^\W_][^:.)]{0,40}?)\s*[:.)]\s*", bare)
        label = known.get(mark[1].lower()) if mark else None
        if mark is None or label is None:
            continue
        if label in found:
            raise ModelGarbled(f'The model wrote the line "{label}" twice.')
        found[label] = bare[mark.end() :].strip()
    lacking = [label for label in labels if not found.get(label)]
    if lacking:
        raise ModelGarbled(f'The model left out the line "{lacking[0]}".')
    return found


def object_in(text: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The one JSON object of a reply that keeps to a schema, with the schema's properties only.

    Prose and fences around it are passed over, and so is an object that does not keep to the schema, such as the schema
    said again; an object that is the only value of an object is taken out of it. Read of JSON Schema are `type`,
    `properties`, `required`, `enum`, `items` and `maxItems`. Raises ModelGarbled for everything else: cut off, a comma
    too many, NaN or Infinity, a key twice, deeper than DEEPEST, longer than LONGEST, a wrong type, a missing key, and
    two objects that keep to the schema and differ.
    """
    _bounded(text)
    fitting: list[dict[str, Any]] = []
    wrong = "it has none"
    at = 0
    while opening := _OPENING.search(text, at):
        found, at = _decoded(text, opening.start())
        try:
            fitting.append(_unwrapped(found, schema))
        except _Unfit as error:
            wrong = str(error)
    if not fitting:
        raise ModelGarbled(f"The model's reply has no JSON object of the form asked for: {wrong}.")
    if any(other != fitting[0] for other in fitting):
        raise ModelGarbled("The model's reply has two JSON objects, and they differ.")
    return fitting[0]


class _Unfit(Exception):
    """A value that does not keep to its schema; the message says where, as part of a sentence."""


def _bounded(text: str) -> None:
    if len(text) > LONGEST or len(text.encode("utf-8", "surrogatepass")) > LONGEST:
        raise ModelGarbled(f"The model's reply is longer than {LONGEST // 1000} kB.")


def _decoded(text: str, start: int) -> tuple[dict[str, Any], int]:
    """The object that begins at an offset, and where it ends. What begins like one and is none makes the whole reply
    unreadable: an object within it would be a part taken for the whole."""
    try:
        found, end = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):  # JSON's own error is a ValueError, and so is a number of thousands of digits
        raise ModelGarbled("The JSON in the model's reply is cut off or malformed.") from None
    if _depth(found) > DEEPEST:
        raise ModelGarbled(f"The JSON in the model's reply is nested deeper than {DEEPEST}.")
    return found, end


def _unwrapped(found: dict[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    if found == schema:
        raise _Unfit("it says the schema again")
    try:
        return _kept(found, schema, "it")  # type: ignore[no-any-return]  # the schema is an object's
    except _Unfit:
        inner = next(iter(found.values())) if len(found) == 1 else None
        if not isinstance(inner, dict):
            raise
        return _unwrapped(inner, schema)


def _kept(value: Any, schema: Mapping[str, Any], where: str) -> Any:
    """The value as far as its schema names it. Raises _Unfit."""
    kind = schema.get("type")
    if kind is not None and (not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
        raise _Unfit(f"{where} is not of the type {kind}")
    if "enum" in schema and not any(value == choice and type(value) is type(choice) for choice in schema["enum"]):
        raise _Unfit(f"{where} is none of the values offered")
    if isinstance(value, str) and _HALF.search(value):
        raise _Unfit(f"{where} holds half a character")
    if isinstance(value, dict) and "properties" in schema:
        lacking = [name for name in schema.get("required", ()) if name not in value]
        if lacking:
            raise _Unfit(f"{where} has no {lacking[0]}")
        return {name: _kept(value[name], inner, name) for name, inner in schema["properties"].items() if name in value}
    if isinstance(value, list):
        if len(value) > schema.get("maxItems", len(value)):
            raise _Unfit(f"{where} has more than {schema['maxItems']} items")
        return [_kept(item, schema.get("items", {}), f"an item of {where}") for item in value]
    return value


def _depth(value: Any, above: int = 0) -> int:
    """How deep a value is nested; it is not followed further down than is allowed."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if inner is None or above > DEEPEST:
        return above
    return max((_depth(item, above + 1) for item in inner), default=above + 1)


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key twice")
    return found


def _finite(number: str) -> float:
    """A number as JSON has them: NaN and the infinities are none, nor is 1e999."""
    if not math.isfinite(found := float(number)):
        raise ValueError("not a number")
    return found


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_once, parse_float=_finite, parse_constant=_finite)
