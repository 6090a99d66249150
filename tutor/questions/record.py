"""A question to JSON and back, and its identity: a digest of all that it says, so that a changed one is seen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from tutor.errors import InputError
from tutor.exam import Option, Question
from tutor.types import digest

LONGEST: Final = 8_000
"""Characters of one text; a quoted table row is the longest that occurs."""
MOST: Final = 64
"""Members of one list."""
OPTIONS: Final = 12
"""Options or prompts of one question."""
LARGEST: Final = 10**9
"""Of whole numbers, which are places in notes."""

TAMPERED: Final = "This question was changed after it was made: its id does not fit its content; draw a new one with `python -m tutor quiz`."


def identity(question: Question) -> str:
    """The digest over everything that a question holds but its id, in hexadecimal."""
    content = as_json(question)
    del content["id"]
    return digest("question", json.dumps(content, sort_keys=True, separators=(",", ":")))


def identified(question: Question) -> Question:
    """The question with the id that fits its content."""
    return replace(question, id=identity(question))


def as_json(question: Question) -> dict[str, Any]:
    """Every field by name, in mappings, lists, texts and numbers; `from_json` reads it back."""
    return {f.name: _written(getattr(question, f.name)) for f in fields(question)}


def _written(value: object) -> object:
    if isinstance(value, Option):
        return value._asdict()
    if isinstance(value, tuple):
        return [_written(one) for one in value]
    return {f.name: _written(getattr(value, f.name)) for f in fields(value)} if is_dataclass(value) else value


def from_json(mapping: object) -> Question:
    """The question that `as_json` wrote.

    Raises InputError, in one sentence that names the field, where a field is missing, unknown, of another type or too long,
    and where the id does not fit the content.
    """
    question: Question = _members(Question, mapping, "")
    for name, found in (("options", question.options), ("prompts", question.prompts)):
        if len(found) > OPTIONS:
            raise InputError(f"The question's field {name} has {len(found)} members; at most {OPTIONS} are read.")
    if identity(question) != question.id:
        raise InputError(TAMPERED)
    return question


@lru_cache(maxsize=32)
def _hints(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, value: object, where: str) -> object:
    """A value of a declared type, from JSON."""
    origin, parts = get_origin(kind), get_args(kind)
    if kind is Option or is_dataclass(kind):
        return _members(kind, value, where)
    if origin in (UnionType, Union):
        return _either(parts, value, where)
    if origin is Literal:
        if not isinstance(value, str) or value not in parts:
            raise InputError(f"The question's field {where} must be one of {', '.join(parts)}.")
        return value
    if origin is tuple:
        return _list(parts, value, where)
    if kind is NoneType:
        return _typed(value is None, None, where, "empty")
    if kind is bool:
        return _typed(isinstance(value, bool), value, where, "true or false")
    if kind is int:
        return _number(value, where)
    return _text(value, where)


def _members(kind: Any, value: object, where: str) -> Any:
    """A noun of ours, with exactly the fields that it has."""
    if not isinstance(value, dict):
        raise InputError(
            f"The question's field {where} must be a JSON object." if where else "A question must be a JSON object, as `python -m tutor quiz --json` prints it."
        )
    hints = _hints(kind)
    under = f"{where}." if where else ""
    for name in hints:
        if name not in value:
            raise InputError(f"The question lacks the field {under}{name}.")
    for name in value:
        if name not in hints:
            raise InputError(f"The question has a field that is not known, {under + str(name)[:40]!r}.")
    return kind(**{name: _read(hint, value[name], f"{under}{name}") for name, hint in hints.items()})


def _either(parts: tuple[Any, ...], value: object, where: str) -> object:
    """The one alternative that fits: nothing or a number, a list of ids or a list of pairs."""
    if NoneType in parts:
        return None if value is None else _read(next(p for p in parts if p is not NoneType), value, where)
    paired = isinstance(value, list) and bool(value) and isinstance(value[0], list)
    return _read(parts[int(paired)], value, where)


def _list(parts: tuple[Any, ...], value: object, where: str) -> tuple[object, ...]:
    if not isinstance(value, list):
        raise InputError(f"The question's field {where} must be a list.")
    if len(value) > MOST:
        raise InputError(f"The question's field {where} has {len(value)} members; at most {MOST} are read.")
    if parts[-1] is Ellipsis:
        return tuple(_read(parts[0], one, f"{where}[{i}]") for i, one in enumerate(value))
    if len(value) != len(parts):
        raise InputError(f"The question's field {where} must have {len(parts)} members.")
    return tuple(_read(part, one, f"{where}[{i}]") for i, (part, one) in enumerate(zip(parts, value, strict=True)))


def _typed(fits: bool, value: object, where: str, wanted: str) -> object:
    if not fits:
        raise InputError(f"The question's field {where} must be {wanted}.")
    return value


def _number(value: object, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST:
        raise InputError(f"The question's field {where} must be a whole number of at most {LARGEST:,}.")
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"The question's field {where} must be a text.")
    if len(value) > LONGEST:
        raise InputError(f"The question's field {where} has {len(value):,} characters; at most {LONGEST:,} are read.")
    return value
