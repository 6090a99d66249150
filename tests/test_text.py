"""Words, terms, sentences, invisible characters, abbreviations: worked out by hand, then for any text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tutor.text import STOPWORDS, abbreviations, content_words, fold, hidden_count, sentences, stem, terms, visible, words

anything = st.text(st.characters(), max_size=200)
notes = st.text(st.sampled_from(list("abcDE 019.!?:;,-•*\n\n\t\"')(…\u200b\u202eé")), max_size=200)


def split(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text)]


# --- sentences -------------------------------------------------------------------------------------------------------

SENTENCES = {
    "two": ("One is here. Two is there.", ["One is here.", "Two is there."]),
    "marks": ("Is it? It is! Really?! Yes…  So.", ["Is it?", "It is!", "Really?!", "Yes…", "So."]),
    "no full stop": ("only words", ["only words"]),
    "empty": ("", []),
    "space": (" \n\t ", []),
    "e.g.": ("Use a tool, e.g. Docker. It runs.", ["Use a tool, e.g. Docker.", "It runs."]),
    "i.e. in brackets": ("Metals (i.e. Iron) rust. Wood rots.", ["Metals (i.e. Iron) rust.", "Wood rots."]),
    "etc. within": ("Cats, dogs, etc. Are pets.", ["Cats, dogs, etc. Are pets."]),
    "etc. at the end": ("Cats, dogs, etc.", ["Cats, dogs, etc."]),
    "vs.": ("Precision vs. Recall is old. It stays.", ["Precision vs. Recall is old.", "It stays."]),
    "titles": ("Dr. Smith met Mrs. Jones. They spoke.", ["Dr. Smith met Mrs. Jones.", "They spoke."]),
    "initials": ("J. R. Tolkien wrote it. We read it.", ["J. R. Tolkien wrote it.", "We read it."]),
    "figures": ("See Fig. 3. It shows eq. 4.", ["See Fig. 3.", "It shows eq. 4."]),
    "decimals": ("It costs 3.14 euros. Pi is 3.14159.", ["It costs 3.14 euros.", "Pi is 3.14159."]),
    "versions": ("Python 3.11.2 is out. Use v2.0.", ["Python 3.11.2 is out.", "Use v2.0."]),
    "numbers start": ("It began in 1455. 1500 presses followed.", ["It began in 1455.", "1500 presses followed."]),
    "names with dots": ("Open notes.md and e.g. setup.py now. Done.", ["Open notes.md and e.g. setup.py now.", "Done."]),
    "addresses": ("See https://example.org/a.b?c=d. Then go.", ["See https://example.org/a.b?c=d.", "Then go."]),
    "quotes": ('He said "Stop." Then he left.', ['He said "Stop."', "Then he left."]),
    "curly quotes": ("She asked “Why?” Nobody knew.", ["She asked “Why?”", "Nobody knew."]),
    "brackets": ("It ended. (It had to.) We left.", ["It ended.", "(It had to.)", "We left."]),
    "emphasis": ("**One.** *Two.* `three.` Four.", ["**One.**", "*Two.* `three.`", "Four."]),
    "small letter follows": ("It is in sec. two of iron. oxide is red.", ["It is in sec. two of iron. oxide is red."]),
    "line ends": ("One.\nTwo goes\non. Three.", ["One.", "Two goes\non.", "Three."]),
    "bullets": ("They are:\n- One.\n- Two.\n• Three", ["They are:\n- One.", "- Two.", "• Three"]),
    "numbered": ("1. Open it. 2. Close it.", ["1. Open it.", "2. Close it."]),
    "numbered lines": ("1. Open it.\n2. Close it.", ["1. Open it.", "2. Close it."]),
    "no": ("The answer is no. It never was yes.", ["The answer is no.", "It never was yes."]),
    "milliseconds": ("It takes 20 ms. Then it ends.", ["It takes 20 ms.", "Then it ends."]),
    "no. 5": ("Chanel no. 5 is known. So is it.", ["Chanel no. 5 is known.", "So is it."]),
    "space around": ("  One.   Two.  \n", ["One.", "Two."]),
    "accents": ("Ça va. Été comme hiver.", ["Ça va.", "Été comme hiver."]),
}


@pytest.mark.parametrize(("text", "expected"), SENTENCES.values(), ids=SENTENCES.keys())
def test_sentences(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_sentences_within_a_span_have_the_offsets_of_the_whole() -> None:
    text = "Before. One is here. Two is there. After."
    assert list(sentences(text, 8, 34)) == [(8, 20), (21, 34)]
    assert list(sentences(text, 10, 18)) == [(10, 18)]
    assert list(sentences(text, 7, 8)) == []


@example("1. a. B. (2) C.\n3. D.")
@example("e.g. A. i.e. B. etc.")
@given(anything | notes)
def test_sentences_are_in_order_trimmed_and_cover_everything(text: str) -> None:
    here = 0
    for start, end in sentences(text):
        assert here <= start < end <= len(text)
        assert not text[here:start].strip()
        assert text[start:end] == text[start:end].strip()
        here = end
    assert not text[here:].strip()


@given(notes, st.integers(0, 100), st.integers(0, 100))
def test_sentences_keep_within_their_span(text: str, a: int, b: int) -> None:
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    found = list(sentences(text, start, end))
    assert all(start <= x < y <= end for x, y in found)
    assert "".join("".join(text[x:y].split()) for x, y in found) == "".join(text[start:end].split())


# --- words and terms -------------------------------------------------------------------------------------------------

TERMS = {
    "CamelCase": ("SageMaker", ["sage", "maker", "sagemaker"]),
    "CamelCase of three": ("DeepLensVideo", ["deep", "lens", "video", "deeplensvideo"]),
    "capitals then a word": ("AWSGlue", ["aws", "glue", "awsglue"]),
    "small letter first": ("iPhone", ["phone", "iphone"]),
    "capitals": ("ATP", ["atp"]),
    "plural of capitals": ("LLMs", ["llms"]),
    "hyphen": ("real-time", ["real", "time", "realtime"]),
    "slash": ("read/write", ["read", "write", "readwrite"]),
    "dots": ("ml.m5.xlarge", ["ml", "m5", "xlarge", "mlm5xlarge"]),
    "underscore": ("max_depth", ["max", "depth", "maxdepth"]),
    "apostrophe": ("Newton’s", ["newton", "s", "newtons"]),
    "number": ("3.14", ["3", "14", "314"]),
    "word": ("running", ["run"]),
    "accent": ("Zürich", ["zürich"]),
    "digits in words": ("GPT4 bf16", ["gpt4", "bf16"]),
    "a long compound stays in pieces": ("state-of-the-art-in-this-field", ["state", "of", "the", "art", "in", "this", "field"]),
}


@pytest.mark.parametrize(("text", "expected"), TERMS.values(), ids=TERMS.keys())
def test_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == [stem(term) for term in expected]


def test_stems_join_the_forms_of_a_word() -> None:
    assert stem("running") == stem("runs") == "run"
    assert stem("ribosomes") == stem("ribosome")
    assert terms("Model models MODELLING") == [stem("model"), stem("model"), stem("modelling")]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("sage maker", "SageMaker"),
        ("sagemaker", "Sage-Maker"),
        ("realtime", "real-time"),
        ("real time", "real-time"),
        ("multi-model", "multimodel"),
        ("xgboost", "XGBoost"),
        ("e mail", "e-mail"),
        ("zürich", "ZU\u0308RICH"),
    ],
)
def test_spellings_of_a_name_meet(question: str, text: str) -> None:
    assert set(terms(question)) & set(terms(text))


def test_words_are_as_written_and_content_words_carry_a_topic() -> None:
    assert words("What's THE ribo\u200bsome’s use, in 2 cells?") == ["what's", "the", "ribosome’s", "use", "in", "2", "cells"]
    assert content_words("What's the ribosome's use in 2 cells?") == ["ribosome's", "2", "cells"]
    assert content_words("What is it that we've been?") == []
    assert content_words("what’s it don’t") == []  # a curly apostrophe is an apostrophe
    assert all(word == word.lower() for word in STOPWORDS)


@example("İSTANBUL ǅ ﬁ ½ ㎏ \u3164")
@given(anything)
def test_any_text_has_words_and_terms(text: str) -> None:
    assert all(w and w == w.lower() for w in words(text))
    assert all(terms(text))
    assert len(content_words(text)) <= len(words(text))


@given(
    st.text(st.sampled_from(list("abcXYZ -.\n")), max_size=60),
    st.sampled_from(["\u200b", "\u00ad", "\u2060", "\ufeff", "\u202e", "\U000e0041"]),
    st.integers(0, 60),
)
def test_an_invisible_character_anywhere_changes_no_term(text: str, mark: str, at: int) -> None:
    changed = text[:at] + mark + text[at:]
    assert terms(changed) == terms(text)
    assert words(changed) == words(text)
    assert fold(changed) == fold(text)
    assert hidden_count(changed) == hidden_count(text) + 1


# --- folding ---------------------------------------------------------------------------------------------------------


def test_fold_compares_what_a_reader_sees() -> None:
    assert fold("  The “Quok\u200bka”,\n\tlives — on Rottnest. ") == "the quokka lives on rottnest"
    assert fold("ﬁle №５") == "file no5"
    assert fold("e\u0301te\u0301") == fold("ÉTÉ") == "été"
    assert fold("... --- !!!") == ""
    assert fold("a_b") == "a b"


def test_visible_keeps_what_can_be_seen() -> None:
    assert visible("plain") == "plain"
    assert visible("a\u200bb\u202ec\ufeff") == "abc"
    assert visible("א ב ω 漢 🐨 é") == "א ב ω 漢 🐨 é"
    assert hidden_count("a\u200bb\u202e\u2066c") == 3
    assert hidden_count("plain é 🐨") == 0


@example("\u3164")
@example("\u1160")
@given(anything)
def test_visible_and_fold_are_stable(text: str) -> None:
    assert visible(visible(text)) == visible(text)
    assert fold(fold(text)) == fold(text)
    assert hidden_count(visible(text)) == 0
    assert fold(text) == fold(" " + text + "\n")


# --- abbreviations ---------------------------------------------------------------------------------------------------

ABBREVIATIONS = {
    "long first": ("A Multi-Model Endpoint (MME) hosts many.", {"mme": "multi model endpoint"}),
    "short first": ("An MME (multi-model endpoint) hosts many.", {"mme": "multi model endpoint"}),
    "plural": ("Large Language Models (LLMs) write.", {"llm": "large language models"}),
    "plural, short first": ("LLMs (large language models) write.", {"llm": "large language models"}),
    "small words have no letter": ("The Area Under the Curve (AUC) is one.", {"auc": "area under the curve"}),
    "small words kept out of the letters": ("the Internet of Things (IT) grows", {"it": "internet of things"}),
    "small words in the letters": ("Internet Of Things (IOT) grows", {"iot": "internet of things"}),
    "twice": ("Key Management Service (KMS). Virtual Private Cloud (VPC).", {"kms": "key management service", "vpc": "virtual private cloud"}),
    "the first definition stays": ("Multi-Stage Engine (MSE). Main Street Exit (MSE).", {"mse": "multi stage engine"}),
    "a phrase that begins with a word of questions": (
        "Mean Square Error (MSE). One Time Password (OTP).",
        {"mse": "mean square error", "otp": "one time password"},
    ),
    "letters within words": ("adenosine triphosphate (ATP)", {"atp": "adenosine triphosphate"}),
    "no such letters": ("a chemical engine (ATP)", {}),
    "a reference": ("as shown above (See Figure)", {}),
    "a year": ("in that study (2003)", {}),
    "one letter": ("vitamin (C)", {}),
    "no capitals": ("very important person (vip)", {}),
    "nothing before": ("(MME)", {}),
    "empty": ("", {}),
}


@pytest.mark.parametrize(("text", "expected"), ABBREVIATIONS.values(), ids=ABBREVIATIONS.keys())
def test_abbreviations(text: str, expected: dict[str, str]) -> None:
    assert abbreviations(text) == expected


@given(st.text(st.sampled_from(list("ABcd (),-&/ \n")), max_size=120))
def test_any_text_has_abbreviations_or_none(text: str) -> None:
    for short, phrase in abbreviations(text).items():
        assert short == short.lower()
        assert len(short) >= 2
        assert phrase[0] == short[0]
        rest = iter(phrase)
        assert all(letter in rest for letter in short)  # the letters, in order
