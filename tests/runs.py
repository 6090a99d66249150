"""Runs made by hand: items of one line each, and the policy they are compared by."""

from __future__ import annotations

import datetime
from dataclasses import replace

from evals.gate.policy import Policy, Waiver
from evals.records import Item, Place, Run, Said

TODAY = datetime.date(2026, 1, 15)
PRINTS = {"gold": "a", "notes": "b", "index": "c", "embedder": "d", "prompts": "e", "model": "notes-only", "detector": "f", "code": "g", "version": "1"}
POLICY = Policy(0.02, 0.0, 0.02, 0.9, 0.05, 0.01, ("quotes",), 0.025, ("answers/key_points",), 20, 3, {}, ())


def item(name: str, passed: bool = True, **changed: object) -> Item:
    """An item "answers/NAME" with one check, `evidence`."""
    made = Item(f"answers/{name}", "fact", "1", name, f"What is {name}?", "0", {"evidence": passed}, outcome="answered")
    return replace(made, **changed)  # type: ignore[arg-type]


def said(text: str, note: str = "a.md", verdict: str = "exact") -> Said:
    """A statement with one citation."""
    return Said(text, verdict, (Place(note, 0, len(text), "00000000"),))


def made(*items: Item, mode: str = "exact", **prints: str) -> Run:
    """A run of items; keywords change its fingerprint."""
    return Run(PRINTS | prints, items, "notes-only" if mode == "exact" else "some:model", mode)  # type: ignore[arg-type]


def waiving(name: str, until: datetime.date = TODAY, reason: str = "rare") -> Policy:
    """The policy with a waiver."""
    return replace(POLICY, waivers=(Waiver(f"answers/{name}", reason, until),))
