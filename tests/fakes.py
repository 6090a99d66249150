"""Stand-ins that behave: a tiny embedding model on disk, a tiny course of notes, PDFs from text, a limit on time."""

from __future__ import annotations

import contextlib
import json
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from tokenizers import Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import WordPiece

from ingest import __main__ as command
from ingest.build import Report, ingest
from tutor import embed, session
from tutor.bert import Vectors
from tutor.embed import Model
from tutor.index import Index, open_index
from tutor.session import Tutor
from tutor.text import STOPWORDS, words
from tutor.types import Note, Passage

NOTES = {
    "biology/cells.md": """# Cells

## Mitochondria

A mitochondrion makes most of the chemical energy of a cell. It has two membranes, and the inner one is folded into
cristae. The folds give room for adenosine triphosphate (ATP) to be made.

## Ribosomes

Ribosomes build proteins from amino acids. Free ribosomes float in the cytoplasm; bound ones sit on the endoplasmic
reticulum.
""",
    "biology/plants.md": """---
title: How plants feed
asks:
  Photosynthesis: ["why are leaves green anyway", "zyxofoodmaking"]
---
# Plants

## Photosynthesis

Chlorophyll absorbs red and blue light and reflects green. The light reactions split water and give off oxygen.

The Calvin cycle needs three things:

- carbon dioxide from the air
- ATP from the light reactions
- the enzyme rubisco

## Transpiration

| Part | What it does |
| --- | --- |
| Stoma | lets water vapour out |
| Xylem | carries water up |
| Phloem | carries sugar down |
""",
    "history.txt": """The printing press

Johannes Gutenberg printed a Bible in Mainz around 1455. His press used movable type cast from a lead alloy.

The spread of printing

By 1500 presses stood in more than two hundred towns. Pamphlets carried the Reformation across Europe.
""",
}
"""A course in three files: headings, a list with its lead-in, a table, front matter with `asks`, and plain text."""

PASSAGES = 6
"""How many passages the splitter makes of NOTES, worked out by hand: one a section."""

_EXTRA = "model notes note word words python learning index vector search sentence text table heading list question answer one two three four five six seven eight nine ten"


def write_notes(folder: Path, notes: dict[str, str] | None = None) -> Path:
    """Write notes under a folder, by relative path."""
    for name, text in (NOTES if notes is None else notes).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    return folder


def tiny_model(folder: Path, seed: int = 0, limit: int = 256) -> Model:
    """Write a random BERT of two layers and 32 dimensions, which sentence-transformers and our own reader both load.

    Same words, similar vectors: the embeddings are large against the layers' weights. `limit` is the number of tokens
    that sentence-transformers cuts a text off at.
    """
    vocabulary = _vocabulary()
    (folder / "1_Pooling").mkdir(parents=True)
    save_file(_weights(len(vocabulary), np.random.default_rng(seed)), folder / "model.safetensors", metadata={"format": "pt"})
    _tokenizer(vocabulary).save(str(folder / "tokenizer.json"))
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    config = {
        "architectures": ["BertModel"], "model_type": "bert", "hidden_act": "gelu", "hidden_size": 32, "intermediate_size": 64, "layer_norm_eps": 1e-12,
        "max_position_embeddings": 256, "num_attention_heads": 4, "num_hidden_layers": 2, "pad_token_id": 0, "type_vocab_size": 2, "vocab_size": len(vocabulary),
        "attention_probs_dropout_prob": 0.0, "hidden_dropout_prob": 0.0,
    }  # fmt: skip
    special = {"unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]", "mask_token": "[MASK]"}
    pooling = {
        "word_embedding_dimension": 32,
        "pooling_mode_cls_token": False,
        "pooling_mode_mean_tokens": True,
        "pooling_mode_max_tokens": False,
        "pooling_mode_mean_sqrt_len_tokens": False,
    }
    parts = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
    modules = [{"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"} for i, (path, kind) in enumerate(parts)]
    for name, content in {
        "config.json": config,
        "tokenizer_config.json": {**special, "tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": 256},
        "special_tokens_map.json": special,
        "sentence_bert_config.json": {"max_seq_length": limit, "do_lower_case": False},
        "1_Pooling/config.json": pooling,
        "modules.json": modules,
    }.items():
        (folder / name).write_text(json.dumps(content, indent=1), encoding="utf-8")
    return embed.find(str(folder))


def _vocabulary() -> list[str]:
    known = {w for text in [*NOTES.values(), _EXTRA] for w in words(text)} | {w for w in STOPWORDS if w.isalpha()}
    letters = [chr(c) for c in range(33, 127) if not chr(c).isupper()]
    pieces = [*letters, *(f"##{c}" for c in letters if c.isalnum())]
    return ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *pieces, *sorted(known - set(pieces))]


def _weights(vocabulary: int, dice: np.random.Generator) -> dict[str, Vectors]:
    def normal(*shape: int, scale: float) -> Vectors:
        return dice.normal(0.0, scale, shape).astype(np.float32)

    def norm(name: str) -> dict[str, Vectors]:
        return {f"{name}.weight": 1.0 + normal(32, scale=0.05), f"{name}.bias": normal(32, scale=0.05)}

    def linear(name: str, out: int, into: int) -> dict[str, Vectors]:
        return {f"{name}.weight": normal(out, into, scale=0.15), f"{name}.bias": normal(out, scale=0.05)}

    made = {
        "embeddings.word_embeddings.weight": normal(vocabulary, 32, scale=1.0),
        "embeddings.position_embeddings.weight": normal(256, 32, scale=0.05),
        "embeddings.token_type_embeddings.weight": normal(2, 32, scale=0.05),
        **norm("embeddings.LayerNorm"),
        **linear("pooler.dense", 32, 32),
    }
    for layer in range(2):
        at = f"encoder.layer.{layer}"
        for part in ("query", "key", "value"):
            made |= linear(f"{at}.attention.self.{part}", 32, 32)
        made |= linear(f"{at}.attention.output.dense", 32, 32) | norm(f"{at}.attention.output.LayerNorm")
        made |= linear(f"{at}.intermediate.dense", 64, 32) | linear(f"{at}.output.dense", 32, 64) | norm(f"{at}.output.LayerNorm")
    return made


def _tokenizer(vocabulary: Sequence[str]) -> Tokenizer:
    at = {token: i for i, token in enumerate(vocabulary)}
    made = Tokenizer(WordPiece(at, unk_token="[UNK]", max_input_chars_per_word=100))  # type: ignore[call-arg]
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", at["[CLS]"]), ("[SEP]", at["[SEP]"])]
    )
    made.decoder = decoders.WordPiece()
    made.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    return made


def quiet(phase: str, done: int, total: int) -> None:
    """Progress for nobody."""


@dataclass
class Counting:
    """An encoder that does the real work and remembers every text it was given."""

    model: Model
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._encode = embed.question_encoder(self.model)

    def __call__(self, texts: Sequence[str]) -> Vectors:
        self.texts.extend(texts)
        return self._encode(texts)

    def asking(self, texts: Sequence[str]) -> Vectors:
        """The real encoder's; these texts are counted as well."""
        self.texts.extend(texts)
        return self._encode.asking(texts)

    def nearness(self, words: Sequence[str], texts: Sequence[str]) -> Vectors:
        """The real encoder's; these texts are not counted."""
        return self._encode.nearness(words, texts)


@dataclass
class Tiny:
    """A folder of notes and the index made from it with the tiny model."""

    notes: Path
    index: Path
    model: Model

    def ingest(self, *sources: Path, rebuild: bool = False) -> Report:
        """Ingest sources (none: the notes) with the NumPy encoder, however many texts there are."""
        return ingest(self.index, list(sources) or [self.notes], self.model, quiet, rebuild, embed.question_encoder)

    def open(self) -> Index:
        """The current generation."""
        return open_index(self.index, self.model)

    def tutor(self) -> Tutor:
        """A tutor over the current generation."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TUTOR_EMBEDDING", str(self.model.folder))
            return session.load(self.index)

    def current(self) -> str:
        """The generation that CURRENT names first."""
        return (self.index / "CURRENT").read_text(encoding="ascii").split()[0]

    def generation(self) -> Path:
        """The folder that CURRENT names."""
        return self.index / self.current()


@dataclass(frozen=True)
class Run:
    """What a command did: its exit status and what it printed."""

    status: int
    out: str
    err: str

    @property
    def message(self) -> str:
        """Standard error without progress lines ("read: 3")."""
        return "\n".join(
            line
            for line in self.err.splitlines()
            if not any(line.startswith(f"{phase}: ") and line.rsplit(" ", 1)[-1].isdigit() for phase in ("read", "asks", "embed", "write"))
        )


def run_ingest(capsys: pytest.CaptureFixture[str], *arguments: object) -> Run:
    """Run `python -m ingest` in this process."""
    capsys.readouterr()
    status = command.main([str(a) for a in arguments])
    captured = capsys.readouterr()
    return Run(status, captured.out, captured.err)


def assert_one_sentence(run: Run) -> None:
    """A refusal: exit status 1, one line for the reader, nothing that looks like a traceback, nothing on standard output."""
    assert run.status == 1, (run.out, run.err)
    assert run.out == ""
    lines = run.message.splitlines()
    assert len(lines) == 1, run.err
    assert lines[0].rstrip("`").endswith("."), lines[0]
    assert "Traceback" not in run.err
    assert "Error" not in run.message
    assert "[Errno" not in run.message


def spans_hold(note: Note, passages: Sequence[Passage]) -> None:
    """Every offset of every passage is true: its text, its units, their labels and cells, its headings."""
    for p in passages:
        assert 0 <= p.start < p.end <= len(note.text)
        assert p.text == note.text[p.start : p.end]
        assert p.note == note.path
        assert p.page == note.page(p.start)
        assert len(p.headings_at) == len(p.heading)
        for (start, end), name in zip(p.headings_at, p.heading, strict=True):
            assert " ".join(note.text[start:end].split()) == name
        for unit in p.units:
            assert p.start <= unit.start < unit.end <= p.end
            if unit.kind != "code":
                assert note.text[unit.start : unit.end] == note.text[unit.start : unit.end].strip()
            for start, end in unit.cells:
                assert unit.start <= start <= end <= unit.end
            if unit.label:
                assert 0 <= unit.label[0] < unit.label[1] <= len(note.text)


class Slow(BaseException):
    """Something took longer than it may; nothing in the product catches this."""


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail where the body takes longer by the clock; on POSIX it is stopped then, so that nothing hangs the suite."""
    with _stopped(seconds, "ITIMER_REAL", "SIGALRM"):
        began = time.perf_counter()
        yield
        assert time.perf_counter() - began < seconds


@contextlib.contextmanager
def within_cpu(seconds: float) -> Iterator[None]:
    """Fail where the body takes more of the processor's time: true on a busy machine too."""
    with _stopped(seconds, "ITIMER_PROF", "SIGPROF"):
        began = time.process_time()
        yield
        assert time.process_time() - began < seconds


@contextlib.contextmanager
def _stopped(seconds: float, timer: str, name: str) -> Iterator[None]:
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(signum: int, frame: object) -> None:
        raise Slow

    before = signal.signal(getattr(signal, name), stop)
    signal.setitimer(getattr(signal, timer), seconds)
    try:
        yield
    except Slow:
        pytest.fail(f"took longer than {seconds} s", pytrace=False)
    finally:
        signal.setitimer(getattr(signal, timer), 0)
        signal.signal(getattr(signal, name), before)


def pdf_bytes(pages: Sequence[Sequence[str]], title: str = "") -> bytes:
    """A PDF written by hand: each page a list of lines in Helvetica; a page without lines has no text, as a scan has none."""
    fonts = 3 + 2 * len(pages)
    kids = " ".join(f"{3 + 2 * i} 0 R" for i in range(len(pages)))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>"]
    for i, lines in enumerate(pages):
        shown = "".join(f"({_escaped(line)}) Tj 0 -16 Td " for line in lines)
        content = f"BT /F1 12 Tf 72 740 Td {shown}ET" if lines else "0 0 612 792 re f"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {4 + 2 * i} 0 R /Resources << /Font << /F1 {fonts} 0 R >> >> >>")
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    objects.append(f"<< /Title ({_escaped(title)}) >>")
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{at:010d} 00000 n \n" for at in places)
    trailer = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + trailer.encode("latin-1")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
