"""Learner phrasings in, the learner adapter out: an update of the embedding model that brings a question near its answer.

The adapter is low-rank (LoRA, Hu et al. 2021) and applies to questions alone: passages keep the plain model's vectors,
so that no index is made anew. It minimises, for each phrasing, the negative log of the share that the passages of its
section have in a softmax over all passages of its notes; and, less heavily, the same over the other phrasings of those
notes, which a section of ours has in its front matter.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from safetensors.numpy import save
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer

from tutor import embed
from tutor.errors import InputError
from tutor.index import Index

RANK: Final = 16
EPOCHS: Final = 3
BATCH: Final = 64
RATE: Final = 1e-3
WARM: Final = 20
"""Steps until the learning rate is whole; from there it falls in a straight line to nothing."""
TEMPERATURE: Final = 0.05
KEYS_WEIGH: Final = 0.3
"""What being near the other phrasings of a section counts beside being near its passages."""
DROPOUT: Final = 0.1
SCALE: Final = 2.0
"""What the updates count beside the frozen layers while they are learned (alpha over rank); folded into them when written."""


@dataclass(frozen=True, slots=True)
class Phrasing:
    """A learner's wording, the section it asks about, and its row among the index's keys (None: it is no key)."""

    text: str
    section: int
    key: int | None = None


def phrasings(index: Index, path: Path) -> list[Phrasing]:
    """The keys of an index, and the phrasings of a JSON-lines file with `note`, `heading` (a path) and `asks`.

    Raises InputError where the file names a section that the notes do not have.
    """
    found = [Phrasing(index.keys[at].text, int(section), int(at)) for at, section in zip(index.pointing, index.pointed, strict=True)]
    sections = {(p.note, p.heading): int(number) for p, number in zip(index.passages, index.section, strict=True)}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        section = sections.get((row["note"], tuple(row["heading"])))
        if section is None:
            raise InputError(f"{path.name} names a section that is not there: {row['note']}, {' > '.join(row['heading'])}.")
        found += [Phrasing(ask, section) for ask in row["asks"]]
    return found


def adapt(lessons: Sequence[tuple[Index, Sequence[Phrasing]]], model: embed.Model, out: Path, epochs: int = EPOCHS) -> dict[str, object]:
    """Train on the phrasings of each index, up to an hour on two cores for ours, and write the adapter.

    The same data give the same adapter on the same machine and versions. Returns how many phrasings there were and the
    mean loss of the last epoch.
    """
    torch.manual_seed(0)
    banks = [_Bank(index, learned) for index, learned in lessons]
    learner = _Learner(model)
    optimizer = torch.optim.AdamW(learner.parameters(), lr=RATE)
    steps = epochs * sum(len(bank.phrasings) // BATCH + 1 for bank in banks)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / WARM) * max(0.0, 1.0 - step / steps))
    dice = np.random.default_rng(0)
    losses: list[float] = []
    for _ in range(epochs):
        losses = []
        for bank, batch in _batches(banks, dice):
            loss = bank.loss(learner([p.text for p in batch]), batch)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch has no types for it
            optimizer.step()
            schedule.step()
            losses.append(float(loss.detach()))
    out.write_bytes(save(learner.updates()))
    return {"phrasings": sum(len(bank.phrasings) for bank in banks), "loss": round(float(np.mean(losses)), 3)}


class _Bank:
    """An index's vectors as tensors, with the phrasings that are learned over them."""

    def __init__(self, index: Index, learned: Sequence[Phrasing]) -> None:
        self.phrasings = learned
        self.passages = torch.from_numpy(index.vectors(range(len(index.passages))))
        self.sections = torch.from_numpy(index.section)
        rows = index.vectors(range(len(index.passages), len(index.passages) + len(index.keys)))
        self.keys, self.asked = torch.from_numpy(rows[index.pointing]), torch.from_numpy(index.pointed)
        self.pointing = torch.from_numpy(index.pointing)

    def loss(self, vectors: Tensor, batch: Sequence[Phrasing]) -> Tensor:
        """The batch's loss from the vectors of its texts, shape (batch, dimension)."""
        wanted = torch.tensor([p.section for p in batch])[:, None]
        total = _softmax_loss(vectors @ self.passages.T / TEMPERATURE, self.sections[None] == wanted)
        if not len(self.keys):
            return total
        own = torch.tensor([-1 if p.key is None else p.key for p in batch])[:, None] == self.pointing[None]
        others = (self.asked[None] == wanted) & ~own
        scores = (vectors @ self.keys.T / TEMPERATURE).masked_fill(own, -1e9)
        has = others.any(dim=1)
        return total + KEYS_WEIGH * _softmax_loss(scores[has], others[has]) if bool(has.any()) else total


def _softmax_loss(scores: Tensor, right: Tensor) -> Tensor:
    """Mean over rows of -log of the share of the right columns."""
    return (torch.logsumexp(scores, dim=1) - torch.logsumexp(scores.masked_fill(~right, -1e9), dim=1)).mean()


def _batches(banks: Sequence[_Bank], dice: np.random.Generator) -> Iterator[tuple[_Bank, list[Phrasing]]]:
    """All phrasings once, shuffled, each batch from one set of notes."""
    made = []
    for bank in banks:
        order = [bank.phrasings[at] for at in dice.permutation(len(bank.phrasings))]
        made += [(bank, order[at : at + BATCH]) for at in range(0, len(order), BATCH)]
    yield from (made[at] for at in dice.permutation(len(made)))


class _Update(nn.Module):
    """A frozen linear layer and its low-rank update."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.linear = linear.requires_grad_(False)
        self.down = nn.Parameter(torch.randn(RANK, linear.in_features) / linear.in_features**0.5)
        self.up = nn.Parameter(torch.zeros(linear.out_features, RANK))

    def forward(self, x: Tensor) -> Tensor:
        """The layer's output with its update."""
        return torch.as_tensor(self.linear(x) + SCALE * (x @ self.down.T) @ self.up.T)


class _Learner(nn.Module):
    """The embedding model with an update in every linear layer of its encoder; texts in, unit vectors out."""

    def __init__(self, model: embed.Model) -> None:
        super().__init__()
        self.tokens: Any = AutoTokenizer.from_pretrained(str(model.folder))
        self.net: Any = AutoModel.from_pretrained(str(model.folder)).requires_grad_(False)
        self.layers: dict[str, _Update] = {}
        for name, layer in list(self.net.named_modules()):
            if isinstance(layer, nn.Dropout):
                layer.p = DROPOUT
            if isinstance(layer, nn.Linear) and name.startswith("encoder.layer."):
                self.layers[name] = _Update(layer)
                parent, own = name.rsplit(".", 1)
                setattr(self.net.get_submodule(parent), own, self.layers[name])
        self.net.train()

    def forward(self, texts: Sequence[str]) -> Tensor:
        """The texts' vectors, mean over the tokens, shape (texts, dimension)."""
        given = self.tokens(list(texts), padding=True, truncation=True, max_length=embed.MAX_TOKENS, return_tensors="pt")
        hidden = self.net(**given).last_hidden_state
        mask = given["attention_mask"][..., None].to(hidden.dtype)
        return nn.functional.normalize((hidden * mask).sum(dim=1) / mask.sum(dim=1), dim=-1)

    def updates(self) -> dict[str, np.ndarray[Any, np.dtype[np.float16]]]:
        """The updates' two factors by layer, in half precision."""
        made = {f"{name}.down": layer.down for name, layer in self.layers.items()} | {f"{name}.up": SCALE * layer.up for name, layer in self.layers.items()}
        return {name: np.ascontiguousarray(factor.detach().numpy().astype(np.float16)) for name, factor in made.items()}
