"""The README names every command, option and setting, and every module has its place in its tree."""

from __future__ import annotations

import argparse
import re
from dataclasses import fields
from pathlib import Path

import pytest

from evals import __main__ as evals_command
from ingest import __main__ as ingest_command
from tutor import __main__ as tutor_command
from tutor import settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PARSERS = (ingest_command.parser(), tutor_command.parser(), evals_command.parser())


def subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    return {name: sub for action in parser._actions if isinstance(action, argparse._SubParsersAction) for name, sub in action.choices.items()}


@pytest.mark.parametrize("name", [f"{p.prog} {c}" for p in PARSERS for c in subcommands(p)] + ["python -m ingest"])
def test_every_command_is_named(name: str) -> None:
    assert name in README


def test_every_option_is_named() -> None:
    options = {o for p in PARSERS for q in (p, *subcommands(p).values()) for a in q._actions for o in a.option_strings}
    assert {o for o in options if o not in ("-h", "--help") and o not in README} == set()


def test_every_setting_is_named() -> None:
    source = Path(settings.__file__).read_text(encoding="utf-8")
    names = set(re.findall(r'env\.get\("(\w+)"\)', source))
    assert len(names) == len(fields(settings.Settings))
    assert {n for n in names if f"`{n}`" not in README} == set()


def test_every_make_target_is_in_the_tree_line() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert targets is not None
    line = next(line for line in README.splitlines() if line.startswith("Makefile "))
    assert {t for t in targets.group(1).split() if t not in ("help", "index") and t not in line} == set()


@pytest.mark.parametrize("package", ["ingest", "tutor"])
def test_every_module_has_its_place_in_the_tree(package: str) -> None:
    tree = README.split("## The rooms")[1].split("## ")[0]
    modules = {p.stem for p in (ROOT / package).glob("*.py")} - {"__init__", "__main__"}
    assert {m for m in modules if not re.search(rf"\b{m}\b", tree)} == set()


def test_it_is_short_and_its_figures_are_filled_in() -> None:
    assert len(README.splitlines()) < 200
    assert "FIG_" not in README
    assert (ROOT / "docs" / "ask.png").stat().st_size > 10_000


def test_ci_runs_the_test_command_that_the_readme_names() -> None:
    assert "make test" in README
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
