"""Settings from the environment, read once at the edge; all optional."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MINILM = "sentence-transformers/all-MiniLM-L6-v2"


@dataclass(frozen=True, slots=True)
class Settings:
    """`TUTOR_HOME` (where the index and uploads live) and `TUTOR_EMBEDDING` (a Hugging Face id or a folder).

    `TUTOR_MODEL` is LangChain's "provider:model" ("" is notes-only), `TUTOR_MODEL_URL` the address of a local server,
    `TUTOR_GUARDRAIL` a Bedrock guardrail's "id:version", `TUTOR_PRICE` US dollars a million tokens, "in,out".
    """

    home: Path = Path(".tutor")
    embedding: str = MINILM
    model: str = ""
    model_url: str = ""
    guardrail: str = ""
    price: str = ""

    @property
    def index(self) -> Path:
        """The default index: a folder of generations."""
        return self.home / "index"

    @property
    def notes(self) -> Path:
        """Where uploads are kept; a source of the default index."""
        return self.home / "notes"


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; an empty variable counts as unset."""
    env = os.environ if environment is None else environment
    return Settings(
        home=Path(env.get("TUTOR_HOME") or ".tutor").expanduser(),
        embedding=env.get("TUTOR_EMBEDDING") or MINILM,
        model=(env.get("TUTOR_MODEL") or "").strip(),
        model_url=(env.get("TUTOR_MODEL_URL") or "").strip(),
        guardrail=(env.get("TUTOR_GUARDRAIL") or "").strip(),
        price=(env.get("TUTOR_PRICE") or "").strip(),
    )
