"""Token ids in, unit vectors out: BERT in NumPy, for questions, with the learner adapter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from tutor.text import content_words
from tutor.types import Span

Vectors = NDArray[np.float32]
"""Shape (texts, dimension), rows of unit length."""

REMEMBERED: Final = 20_000
"""Texts whose word pieces are kept in memory."""


class NumpyBert:
    """BERT with mean pooling over the tokens (Devlin et al. 2019; Reimers and Gurevych 2019), read from safetensors.

    Some 15 ms a question on one core, against seconds to import torch; held equal to sentence-transformers by a test. `updates` are two
    factors a layer (Hu et al. 2021), `NAME.down` (rank, inputs) and `NAME.up` (outputs, rank); none: no adapter.
    """

    def __init__(self, weights: Mapping[str, Vectors], config: Mapping[str, Any], tokens: Tokenizer, limit: int, updates: Mapping[str, Vectors]) -> None:
        self.weights = {k.removeprefix("bert."): v for k, v in weights.items()}
        self.updates = updates
        self.heads, self.layers = int(config["num_attention_heads"]), int(config["num_hidden_layers"])
        self.epsilon = float(config.get("layer_norm_eps", 1e-12))
        self.tokens = tokens
        self.limit = min(limit, int(config["max_position_embeddings"]))
        self.centre = self.weights["embeddings.word_embeddings.weight"][::8].mean(axis=0)
        self._known: dict[str, tuple[int, ...]] = {}
        self._topics: dict[str, list[int]] = {}

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """The texts' vectors, in order."""
        return np.stack([self._one(text, {}) for text in texts]).astype(np.float32)

    def asking(self, texts: Sequence[str]) -> Vectors:
        """The texts' vectors with the adapter; see `QuestionEncoder`."""
        return np.stack([self._one(text, self.updates) for text in texts]).astype(np.float32)

    def _one(self, text: str, updates: Mapping[str, Vectors]) -> Vectors:
        ids = self.tokens.encode(text).ids
        if len(ids) > self.limit:
            ids = [*ids[: self.limit - 1], ids[-1]]
        mean = self._states(ids, updates).mean(axis=0)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12), dtype=np.float32)

    def states(self, text: str) -> tuple[list[Span], Vectors]:
        """The word pieces of a text as spans, and a state for each, shape (pieces, dimension): what its vector is the mean
        of. Longer texts than the model reads are cut."""
        found = self.tokens.encode(text)
        kept = [i for i, special in enumerate(found.special_tokens_mask) if not special][: self.limit - 2]
        if not kept:
            return [], np.zeros((0, self.centre.shape[0]), dtype=np.float32)
        ids = [found.ids[0], *(found.ids[i] for i in kept), found.ids[-1]]
        return [found.offsets[i] for i in kept], self._states(ids, {})[1:-1]

    def _states(self, ids: Sequence[int], updates: Mapping[str, Vectors]) -> Vectors:
        w, size = self.weights, len(ids)
        x = (
            w["embeddings.word_embeddings.weight"][list(ids)]
            + w["embeddings.position_embeddings.weight"][:size]
            + w["embeddings.token_type_embeddings.weight"][0]
        )
        x = self._norm(x, "embeddings.LayerNorm")
        for layer in range(self.layers):
            at = f"encoder.layer.{layer}."
            query, key, value = (
                self._linear(x, f"{at}attention.self.{part}", updates).reshape(size, self.heads, -1).transpose(1, 0, 2) for part in ("query", "key", "value")
            )
            scores = query @ key.transpose(0, 2, 1) / float(query.shape[-1]) ** 0.5
            scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
            mixed = (scores / scores.sum(axis=-1, keepdims=True) @ value).transpose(1, 0, 2).reshape(size, -1)
            x = self._norm(x + self._linear(mixed, f"{at}attention.output.dense", updates), f"{at}attention.output.LayerNorm")
            hidden = _gelu(self._linear(x, f"{at}intermediate.dense", updates))
            x = self._norm(x + self._linear(hidden, f"{at}output.dense", updates), f"{at}output.LayerNorm")
        return np.asarray(x, dtype=np.float32)

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
        found = self._topics.get(text)  # once: another thread may clear it
        if found is None:
            if len(self._topics) >= REMEMBERED:
                self._topics.clear()
            found = self._topics[text] = list(dict.fromkeys(piece for word in dict.fromkeys(content_words(text)) for piece in self._pieces(word)))
        return found

    def _pieces(self, word: str) -> tuple[int, ...]:
        if word not in self._known:
            self._known[word] = tuple(self.tokens.encode(word, add_special_tokens=False).ids)
        return self._known[word]

    def _directions(self, pieces: Sequence[int]) -> Vectors:
        rows = self.weights["embeddings.word_embeddings.weight"][list(pieces)] - self.centre
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))

    def _linear(self, x: Vectors, name: str, updates: Mapping[str, Vectors]) -> Vectors:
        y = x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]
        down = updates.get(f"{name}.down")
        return np.asarray(y if down is None else y + (x @ down.T) @ updates[f"{name}.up"].T)

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
