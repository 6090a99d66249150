"""A small gold set for the self-test: a note about storage, questions that it answers, and one that it does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import evals.suites
from evals.cases import GoldSet
from evals.selftest import parts as selftest
from evals.suites import Scene, answers, drafts, retrieval
from tutor.embed import Model

NOTE = """# Cold stores

## Ice houses

An ice house is a building that keeps ice through the summer. The walls of an ice house are filled with straw.
Straw keeps the heat out of an ice house. The drain of an ice house carries the melted water away.
Ice of an ice house is cut from lakes in January.

## Cellars

A cellar is a room below the ground. The cellar keeps roots at 4 degrees. Air of a cellar is damp in spring.
The cellar needs a vent in its roof. Roots of a cellar are laid in sand.

## Larders

A larder is a cool room on the north side of a house. The larder keeps meat on stone shelves.
Shelves of a larder are made of slate. The larder holds no ice.
"""
GOLD = [
    {"id": "s-1", "kind": "fact", "question": "What is an ice house and what are its walls filled with?", "family": "s-1",
     "evidence": [{"note": "stores.md", "quote": "The walls of an ice house are filled with straw."}]},
    {"id": "s-2", "kind": "fact", "question": "What is a cellar and what does the cellar keep?", "family": "s-2",
     "evidence": [{"note": "stores.md", "quote": "The cellar keeps roots at 4 degrees."}]},
    {"id": "s-3", "kind": "fact", "question": "What does the larder keep on its stone shelves?", "family": "s-3",
     "evidence": [{"note": "stores.md", "quote": "The larder keeps meat on stone shelves."}]},
    {"id": "s-4", "kind": "absent", "question": "Zyxomorph quorbling of flimwicks?", "family": "s-4", "evidence": []},
]  # fmt: skip


def prepared(folder: Path, model: Model, patch: pytest.MonkeyPatch) -> Scene:
    """The small set in place of our gold, with its index."""
    (folder / "notes").mkdir()
    (folder / "notes" / "stores.md").write_text(NOTE, encoding="utf-8")
    gold = folder / "gold.jsonl"
    gold.write_text("".join(json.dumps(row) + "\n" for row in GOLD), encoding="utf-8")
    for module in (evals.suites, answers, retrieval, drafts, selftest):
        patch.setattr(module, "sets", lambda: (GoldSet("tiny", folder / "notes", (gold,)),))
    patch.setenv("TUTOR_EMBEDDING", str(model.folder))
    scene = Scene(folder / "home", model)
    scene.folder = folder / "scene"
    scene.prepare()
    return scene
