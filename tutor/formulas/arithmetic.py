"""Arithmetic as it is written in notes ("2 x precision x recall / (precision + recall)") in, a tree and its value out."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

Resolver = Callable[[str], "Tree | None"]
"""What a phrase stands for, None where it is no name that is known."""

LONGEST: Final = 2_000
"""Characters of an expression; a longer one is not read."""
DEEPEST: Final = 40
"""Brackets and signs within one another."""

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?P<percent>\s?%)?|(?P<word>[^\W\d_][\w'’-]*)|(?P<sign>[-+*/^()=|;,.:]|$))"
)
_FUNCTIONS: Final[Mapping[str, Callable[[float], float]]] = {
    "ln": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "sqrt": math.sqrt,
    "exp": math.exp,
    "abs": abs,
}
_SPOKEN: Final = re.compile(r"\s*(?:the\s+)?(?:(?P<root>(?:square )?root of)|(?:larger|greater|maximum) of)\b", re.IGNORECASE)
_PROSE: Final = frozenset("for when where if which so in of as with that on at is are but because while".split())
"""Words that go on after an expression: the sentence's and not the formula's."""


_SIGNS: Final = (
    ("\\times", " * "),
    ("\\cdot", " * "),
    ("×", " * "),
    ("·", " * "),
    ("⋅", " * "),
    ("÷", " / "),
    ("−", " - "),
    ("²", "^2"),
    ("√", "sqrt"),
    ("β", "beta"),
)


class Tree(NamedTuple):
    """A number ("number"), a name ("name"), or an operation on trees."""

    kind: str
    parts: tuple[Tree, ...] = ()
    value: float = 0.0
    name: str = ""


class NotArithmetic(ValueError):
    """The text is no arithmetic that can be read, or it has no value."""


def plain(text: str) -> str:
    """Formulas of Markdown and of LaTeX in the one writing that `parse` reads; the words between are kept."""
    text = re.sub(r"\*\*|__|`", "", text.lstrip(" $")).replace("$$", " = ").replace("$", "")
    if "\\" in text:
        text = _latex(text)
    text = re.sub(r"\b([A-Za-z])_\{?(\w+)\}?", r"\1\2", text)
    for written, sign in _SIGNS:
        text = text.replace(written, sign)
    return text


def _latex(text: str) -> str:
    text = re.sub(r"\\(?:text|mathrm|mathit|operatorname)\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"\\q?quad\b", " ; ", text)
    text = re.sub(r"\\(?:left|right|lceil|rceil)(?![a-z])|\\[,;! ]", " ", text).replace("\\%", "%")
    for _ in range(3):  # fractions stand within fractions, seldom deeper
        text = re.sub(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"((\1) / (\2))", text)
        text = re.sub(r"\\sqrt\s*\{([^{}]*)\}", r"sqrt(\1)", text)
    return text


def shown(value: float) -> str:
    """A number as it is written: thousands by commas, no exponent, no trailing zeros."""
    return f"{Decimal(repr(round(value, 10) + 0.0)).normalize():,f}" if value else "0"


def parse(text: str, resolve: Resolver) -> tuple[Tree, str]:
    """The expression that a text begins with, and what follows it. Raises NotArithmetic."""
    if len(text) > LONGEST:
        raise NotArithmetic("too long")
    reader = _Reader(text, resolve)
    tree = reader.sum()
    sign, rest = reader.peek(), text[reader.at :]
    if sign not in ("", ";", ",", ".", ":", "=", "|") and sign.lower() not in _PROSE:
        raise NotArithmetic(f"cannot read {sign}")
    return tree, rest


def evaluate(tree: Tree, values: Mapping[str, float]) -> float:
    """The value of a tree. Raises NotArithmetic where it has none, as where it divides by zero."""
    try:
        value = _value(tree, values)
    except (ArithmeticError, ValueError, KeyError) as error:
        raise NotArithmetic(str(error)) from error
    if not math.isfinite(value):
        raise NotArithmetic("no finite value")
    return value


def worth(text: str) -> float:
    """The value of arithmetic in numbers alone, to its end. Raises NotArithmetic."""
    tree, rest = parse(text, lambda _: None)
    if rest.strip():
        raise NotArithmetic(f"cannot read {rest.strip()}")
    return evaluate(tree, {})


def number(value: float) -> Tree:
    """The tree of a number."""
    return Tree("number", value=value)


def _value(tree: Tree, values: Mapping[str, float]) -> float:
    if tree.kind == "number":
        return tree.value
    if tree.kind == "name":
        return values[tree.name]
    parts = [_value(part, values) for part in tree.parts]
    if tree.kind in _FUNCTIONS:
        return _FUNCTIONS[tree.kind](parts[0])
    left, right = parts
    if tree.kind == "^":
        if abs(right) > 64:
            raise NotArithmetic("too large a power")
        return float(left**right) if left >= 0 or right == int(right) else math.nan
    return {"+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right, "/": lambda: left / right, "max": lambda: max(left, right)}[
        tree.kind
    ]()


class _Reader:
    """A recursive-descent reader over one text: sums of products of powers."""

    def __init__(self, text: str, resolve: Resolver) -> None:
        self.text, self.resolve, self.at, self.depth = text, resolve, 0, 0

    def peek(self) -> str:
        found = _TOKEN.match(self.text, self.at)
        if found is None:
            raise NotArithmetic(f"cannot read {self.text[self.at : self.at + 8]}")
        return found.group().strip()

    def take(self) -> re.Match[str]:
        found = _TOKEN.match(self.text, self.at)
        if found is None:
            raise NotArithmetic("cannot read on")
        self.at = found.end()
        return found

    def sum(self) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotArithmetic("too deep")
        tree = self.product()
        while self.peek() in ("+", "-"):
            sign = self.take().group().strip()
            tree = Tree(sign, (tree, self.product()))
        self.depth -= 1
        return tree

    def product(self) -> Tree:
        tree = self.power()
        while self.peek() in ("*", "/", "x", "X"):
            sign = self.take().group().strip()
            tree = Tree("/" if sign == "/" else "*", (tree, self.power()))
        return tree

    def power(self) -> Tree:
        if self.peek() == "-":
            self.take()
            self.depth += 1
            if self.depth > DEEPEST:
                raise NotArithmetic("too deep")
            tree = Tree("-", (number(0.0), self.power()))
            self.depth -= 1
            return tree
        tree = self.atom()
        if self.peek() == "squared":
            self.take()
            return Tree("^", (tree, number(2.0)))
        if self.peek() == "^":
            self.take()
            return Tree("^", (tree, self.power()))
        return tree

    def atom(self) -> Tree:
        if spoken := _SPOKEN.match(self.text, self.at):
            self.at = spoken.end()
            return Tree("sqrt", (self.atom(),)) if spoken["root"] else self.larger()
        found = self.take()
        if found["number"]:
            value = float(found["number"].replace(",", "")) / (100 if found["percent"] else 1)
            return self.counted(number(value))
        if found["word"]:
            return self.named(found["word"])
        if found["sign"] == "(":
            tree = self.sum()
            if self.take()["sign"] != ")":
                raise NotArithmetic("an open bracket")
            return tree
        raise NotArithmetic("nothing to read")

    def counted(self, tree: Tree) -> Tree:
        """A number and the words on it: "2TP" is a product, "2 fleets" is two."""
        if not re.match(r"[ ]?[^\W\d_]", self.text[self.at :]) or self.peek() in ("x", "X", "and"):
            return tree
        _, name = self.phrase("")
        return tree if name is None else Tree("*", (tree, name))

    def named(self, word: str) -> Tree:
        if word.lower() in _FUNCTIONS and self.peek() == "(":
            return Tree(word.lower(), (self.atom(),))
        if word.lower() in ("ceil", "ceiling") and self.peek() == "(":  # formulas are compared before they are rounded up
            return self.atom()
        if word.lower() == "the":
            return self.atom()
        phrase, tree = self.phrase(word)
        if tree is None:
            raise NotArithmetic(f"{phrase} is not known")
        return tree

    def larger(self) -> Tree:
        left = self.sum()
        if self.peek() != "and":
            raise NotArithmetic("the larger of one")
        self.take()
        return Tree("max", (left, self.sum()))

    def phrase(self, first: str) -> tuple[str, Tree | None]:
        """A name of several words and what it stands for: the longest that is known, up to a sign, "and", or an x that
        stands for a product. Where none is known, all the words are taken."""
        words = [first] if first else []
        best, end = self.resolve(first) if first else None, self.at
        while (found := _TOKEN.match(self.text, self.at)) and found["word"] and found["word"] != "and" and not (words and found["word"] in ("x", "X")):
            words.append(found["word"])
            self.at = found.end()
            known = self.resolve(" ".join(words))
            if known is not None:
                best, end = known, self.at
        if best is not None:
            self.at = end
        return " ".join(words), best
