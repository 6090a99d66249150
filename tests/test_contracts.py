"""The import contracts hold here, and each of them fails, by name, on a planted import."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("evals", "ingest", "tutor")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NAMES = {contract["id"]: contract["name"] for contract in PYPROJECT["tool"]["importlinter"]["contracts"]}

PLANTS = (
    ("packages", "tutor/types.py", "import ingest"),
    ("packages", "tutor/types.py", "import evals"),
    ("packages", "ingest/lines.py", "import evals"),
    ("app", "tutor/text.py", "import app"),
    ("tutor", "tutor/types.py", "from tutor.text import words"),
    ("tutor", "tutor/errors.py", "from tutor import types"),
    ("tutor", "tutor/store.py", "def late() -> None:\n    from tutor import index"),
    ("search-libraries", "tutor/text.py", "import faiss"),
    ("search-libraries", "ingest/build.py", "import bm25s"),
    ("model-libraries", "ingest/build.py", "from transformers import AutoModel"),
    ("model-libraries", "evals/__init__.py", "import torch"),
    ("model-libraries", "tutor/index.py", "def late() -> None:\n    from sentence_transformers import SentenceTransformer"),
    ("chat-libraries", "tutor/session.py", "from langchain_core.messages import AIMessage"),
    ("chat-libraries", "ingest/build.py", "import botocore"),
    ("splitter-library", "evals/measures/asking.py", "from langchain_text_splitters import RecursiveCharacterTextSplitter"),
    ("token-library", "tutor/text.py", "import tiktoken"),
    ("pdf-library", "ingest/read.py", "from pypdf import PdfReader"),
    ("web-library", "tutor/question.py", "import streamlit as st"),
    ("small-libraries", "ingest/split.py", "import Stemmer"),
    ("small-libraries", "tutor/index.py", "from filelock import FileLock"),
)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the packages in a folder, by the configuration in that folder."""
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return run("-c", command, "--no-cache", "--no-logo", folder=folder)


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run this interpreter in a folder, with output that is neither coloured nor wrapped."""
    environment = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"} | {"NO_COLOR": "1", "COLUMNS": "200"}
    return subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The packages and their configuration, without data."""
    for package in PACKAGES:
        for source in (ROOT / package).rglob("*.py"):
            target = tmp_path / source.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def plant(path: Path, line: str) -> None:
    """Add an import at the end of a module."""
    path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")


def broken(output: str) -> list[str]:
    """The contracts that a run of import-linter reports as broken."""
    return re.findall(r"^(.+) BROKEN\b", output, re.MULTILINE)


def test_contracts_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Contracts: {len(NAMES)} kept, 0 broken." in done.stdout


def test_every_contract_has_a_plant() -> None:
    assert {contract for contract, _, _ in PLANTS} == set(NAMES)


@pytest.mark.parametrize(("contract", "module", "line"), PLANTS)
def test_contract_fails_on_a_planted_import(contract: str, module: str, line: str, copy: Path) -> None:
    plant(copy / module, line)
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    assert broken(done.stdout) == [NAMES[contract]]


def test_a_new_module_of_tutor_needs_its_place(copy: Path) -> None:
    (copy / "tutor" / "utils.py").write_text("", encoding="utf-8")
    done = lint(copy)
    assert done.returncode == 1
    assert broken(done.stdout) == [NAMES["tutor"]]
    assert "utils" in done.stdout


@pytest.mark.parametrize("package", ["evals", "ingest"])
def test_the_app_imports_nothing_of_ours_but_tutor(package: str, copy: Path) -> None:
    shutil.copy(ROOT / "app.py", copy)
    check = ("-m", "ruff", "check", "--no-cache", "--select", "TID251", "app.py")
    assert run(*check, folder=copy).returncode == 0
    plant(copy / "app.py", f"from {package} import build")
    done = run(*check, folder=copy)
    assert done.returncode == 1
    assert "TID251" in done.stdout


@pytest.mark.parametrize("module", PYPROJECT["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-module-level-imports"])
def test_slow_modules_are_loaded_where_used(module: str, copy: Path) -> None:
    plant(copy / "tutor" / "text.py", f"import {module}")
    done = run("-m", "ruff", "check", "--no-cache", "--select", "TID253", "tutor", folder=copy)
    assert done.returncode == 1
    assert "TID253" in done.stdout
