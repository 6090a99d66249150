"""Formulas: what states one and what does not, which questions are computed and which are not, and that a wrong number is dropped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fakes import Tiny, within_cpu, write_notes

from tutor import formulas, terminal
from tutor.embed import Model
from tutor.explain import checked
from tutor.formulas import arithmetic
from tutor.formulas.registry import FORMULAS
from tutor.session import Tutor
from tutor.types import Answer

NOTES = {
    "metrics.md": """# Metrics

Precision is the share of predicted positives that are truly positive.

- **Precision**: Precision is the share of predicted positives that are truly positive. Precision = TP / (TP + FP).
- **Recall**: The share of actual positives that the model found. Recall = TP / (TP + FN); 40 / 50 = 0.80.
- **F1 score**: F1 is the harmonic mean of precision and recall.

| Metric | Formula | Range |
| --- | --- | --- |
| Specificity | TN / (TN + FP) | 0 to 1 |

## Training

Effective batch size = batch size per device x accumulation steps x number of devices. Steps per epoch = samples / batch size, rounded up.

Training cost = instances x hours x price per hour. Instances needed = peak load / safe load per instance, rounded up.

RMSE is the square root of the mean squared error. MAE is the average size of the errors.
"""
}


@pytest.fixture(scope="module")
def tutor(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Tutor:
    folder = tmp_path_factory.mktemp("formulas")
    made = Tiny(write_notes(folder / "notes", NOTES), folder / "index", model)
    made.ingest()
    return made.tutor()


def computed(answer: Answer) -> list[str]:
    return [s.text for s in answer.statements if s.verdict == "computed"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 x 0.6 x 0.9 / (0.6 + 0.9)", 0.72),
        ("1,200 / 4 - 2 ^ 3 ^ 2 / 8", 236.0),
        ("10 - 4 - 3", 3.0),
        ("100 / 5 / 2", 10.0),
        ("-2 ^ 2 + 5", 1.0),
        ("sqrt(9) + log2(8) + ln(1) + abs(0 - 4)", 10.0),
        ("the larger of 2 x 3 and 4", 6.0),
        ("50% x 8", 4.0),
    ],
)
def test_arithmetic_is_read_as_it_is_written(text: str, value: float) -> None:
    assert arithmetic.worth(text) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    "text", ["1 / 0", "ln(0)", "(1 + 2", "2 +", "9 ^ 999", "-1 ^ 0.5 x nan", "TP / 2", "1 2", "(" * 60 + "1" + ")" * 60, "-" * 60 + "1", "1 + " * 600 + "1"]
)
def test_what_has_no_value_is_refused(text: str) -> None:
    with pytest.raises(formulas.NotArithmetic):
        arithmetic.worth(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("precision", "Precision = TP / (TP + FP)"),
        ("precision", "precision is TP divided by the sum of TP and FP"),
        ("precision", "Precision is calculated as true positives divided by true positives plus false positives."),
        ("precision", "$$Precision = \\frac{TP}{TP + FP}$$"),
        ("precision", "**Precision**: The proportion of positive identifications that were actually correct."),
        ("precision", "Precision is the share of flagged cases that really are positive."),
        ("precision", "Precision = true positives / all predicted positives"),
        ("recall", "Recall (sensitivity) = TP ÷ (TP + FN)"),
        ("recall", "Recall is the proportion of actual positives that were identified correctly."),
        ("accuracy", "Accuracy = (TP + TN) / all cases; 930 / 1,000 = 0.93."),
        ("accuracy", "accuracy = (TP + TN) / (TP + TN + FP + FN)"),
        ("f1", "F1 = 2 × (Precision × Recall) / (Precision + Recall)"),
        ("f1", "$F_1 = 2 \\cdot \\frac{\\text{Precision} \\cdot \\text{Recall}}{\\text{Precision} + \\text{Recall}}$"),
        ("f1", "The F1 score is the harmonic mean of precision and recall."),
        ("balanced accuracy", "Balanced accuracy is the mean of recall and specificity."),
        ("specificity", "| Specificity | TN / (TN + FP) | 0 to 1 |"),
        ("class imbalance", "CI = (n_a - n_d) / (n_a + n_d)"),
        ("managed spot saving", "$$saving = \\left(1 - \\frac{billable\\ seconds}{training\\ seconds}\\right) \\times 100$$"),
        ("effective batch of one device", "Effective batch size is batch size times accumulation steps."),
        ("adjusted r2", "Adjusted R squared = 1 - (1 - R squared) x (n - 1) / (n - p - 1)."),
        ("shards for writing", "Shards = the larger of (MB per second / 1) and (records per second / 1,000), rounded up."),
        ("instances wanted", "desired = ceil(current replicas x current metric / target metric)"),
        ("memory for weights", "Memory for weights = parameters x bytes per parameter; 7 billion at 2 bytes give 14 GB."),
        ("rmse of errors", "RMSE is the square root of MSE."),
        ("psi", "PSI = sum over bins of (current share - baseline share) x ln(current share / baseline share)."),
    ],
)
def test_a_formula_is_recognised_in_signs_and_in_words(name: str, text: str) -> None:
    assert formulas.states(FORMULAS[name], text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("precision", "Precision = TP / (TP + FN)"),
        ("recall", "Recall = TP / (TP + FP)"),
        ("precision", "Precision is the share of actual positives that the model found."),
        ("recall", "Recall is the share of predicted positives that are truly positive."),
        ("recall", "Unlike recall, precision is the share of actual positives that were found."),
        ("f1", "F1 is the arithmetic mean of precision and recall."),
        ("f1", "F1 = precision x recall / (precision + recall)"),
        ("specificity", "Specificity = FP / (TN + FP)"),
        ("accuracy", "Balanced accuracy = (TP + TN) / (TP + TN + FP + FN)"),
        ("accuracy", "Accuracy = 0.93"),
        ("disparate impact", "DI = qa / qd"),
        ("effective batch size", "Effective batch size = batch size per device x accumulation steps"),
        ("precision", "Precision and recall = TP / (TP + FP)."),
        ("managed spot saving", "Saving = billable seconds / training seconds x 100"),
        ("instances needed", "Instances needed = safe load per instance / peak load"),
        ("rmse", "RMSE is the average of the squared errors."),
        ("precision", "Precision matters when false alarms are costly."),
    ],
)
def test_a_sentence_that_states_another_formula_binds_none(name: str, text: str) -> None:
    if name == "precision" and text.startswith("Precision and recall"):
        assert not formulas.states(FORMULAS["recall"], text)
        return
    assert not formulas.states(FORMULAS[name], text)


def test_each_formula_is_bound_to_the_unit_that_states_it_most_fully(tutor: Tutor) -> None:
    bound = formulas.bind(tutor.index)
    text = tutor.note("metrics.md").text
    said = {name: text[slice(*b.span)] for name, b in bound.items()}
    assert said["precision"].endswith("Precision = TP / (TP + FP).")
    assert said["specificity"].strip("| ").startswith("Specificity")
    assert said["f1"].startswith("**F1 score**")
    assert said["mae"] == said["mae of pairs"] == "MAE is the average size of the errors."
    assert {"balanced accuracy", "psi", "accuracy"}.isdisjoint(bound)
    assert formulas.bind(tutor.index) == bound


@pytest.mark.parametrize(
    ("question", "title", "value"),
    [
        ("precision .6, recall .9, F1?", "F1", 0.72),
        ("F1 for precision 80% and recall 50%?", "F1", 0.6153846),
        ("TP 40 FP 10 FN 20, what's the recall", "Recall", 0.6666667),
        ("TP/FP/FN = 40/10/20, F1?", "F1", 0.7272727),
        ("precision and recall are 0.5 and 1. what is F1", "F1", 0.6666667),
        ("40 true positives and 10 false positives - precision?", "Precision", 0.8),
        ("We have 8 GPUs, micro batch 4, accumulate 16 steps: effective batch?", "Effective batch size", 512),
        ("how many instances for a peak of 3,000 requests per minute if one instance handles 700?", "Instances needed", 4.2857143),
        ("errors 2, -2 and 6: MAE?", "MAE", 3.3333333),
        ("actual 10, 20, 30, predicted 12, 18, 36: rmse", "RMSE", 3.8297084),
        ("MSE is 16, what is the RMSE?", "RMSE", 4),
        ("baseline .5 .3 .2, current .4 .3 .3: psi", "PSI", 0.0628609),
        ("throughput 50 rps, latency 200 ms, concurrency?", "Concurrency", 10),
        ("10,000 samples, batch size 256, 5 epochs: how many steps in total steps?", "Total steps", 200),
        ("memory for weights of 7 billion parameters at 2 bytes each?", "Memory for weights", 14),
        ("two instances, 10 hours at $4 an hour: training cost?", "Training cost", 80),
    ],
)
def test_numbers_are_read_out_of_a_question(question: str, title: str, value: float) -> None:
    asked = formulas.read(question)
    assert asked is not None
    assert [c.formula.title for c in asked.computations] == [title]
    assert asked.computations[0].value == pytest.approx(value, rel=1e-6)


@pytest.mark.parametrize(
    "question",
    [
        "precision vs recall when?",
        "why is F1 0.8 bad",
        "what is F1",
        "is a recall of 0.9 with precision 0.6 acceptable?",
        "my precision is 0.6 and recall 0.9, which should I improve?",
        "F1 0.72",
        "what does a precision of 0.6 and recall of 0.9 tell me about F1",
        "does precision 1.0 imply recall 1.0?",
        "what is the accuracy of a model on 1000 cases in 3 classes",
        "precision .6, recall .9 on day 1 and precision .7 on day 2, F1?",
        "precision .6, recall .9, and what F1 for the other 12 models?",
        "3,000 requests per minute, one instance handles 20 per second, how many instances?",
        "errors of 3, 4 and 5 thousand dollars, MAE?",
        "how do I get from 600 to 900 invocations per instance",
        "effective batch size 64 or 256 for 8 GPUs",
        "F1 " + "and 0.5 " * 200,
    ],
)
def test_what_only_names_metrics_or_leaves_a_number_over_is_no_computation(question: str) -> None:
    asked = formulas.read(question)
    assert asked is None or not asked.computations


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("recall 1.4 and precision 0.5, f1?", "Recall cannot be 1.4: it is a share, from 0 to 1 or in percent."),
        ("TP -4 FP 10, precision?", "True positives cannot be -4: it is a whole number from 0."),
        ("TP 4.5 FP 10, precision?", "True positives cannot be 4.5: it is a whole number from 0."),
        ("precision 0.6, what F1?", "To compute F1, give the recall as well."),
        ("TP 0 FP 0, precision?", "Precision has no value for these numbers."),
        ("billable seconds 500, training seconds 100, saving?", "Billable seconds cannot be more than training seconds: 500 is more than 100."),
    ],
)
def test_missing_and_impossible_numbers_are_named(question: str, said: str) -> None:
    asked = formulas.read(question)
    assert asked is not None
    assert asked.computations == ()
    assert asked.remark == said


def test_what_is_taken_for_granted_is_said(tutor: Tutor) -> None:
    found = tutor.ask("10 hours at 4 dollars per hour, training cost?")
    assert computed(found) == ["Training cost = 1 x 10 x 4 = 40 dollars."]
    assert found.remark == "Taken as 1, since your question does not say: instances."


def test_of_two_forms_the_one_that_the_notes_state_is_used(tmp_path: Path, model: Model, tutor: Tutor) -> None:
    made = Tiny(write_notes(tmp_path / "notes", {"a.md": "# Batches\n\nEffective batch size = batch size x accumulation steps.\n"}), tmp_path / "index", model)
    made.ingest()
    alone = made.tutor()
    assert computed(alone.ask("batch size 4, accumulation steps 8: effective batch size?")) == ["Effective batch size = 4 x 8 = 32 samples per update."]
    assert computed(tutor.ask("batch size 4, accumulation steps 8: effective batch size?")) == ["Effective batch size = 4 x 8 x 1 = 32 samples per update."]
    assert computed(alone.ask("batch size 4, accumulation steps 8, 2 devices: effective batch size?")) == []


def test_an_answer_computes_and_quotes_the_formula(tutor: Tutor) -> None:
    found = tutor.ask("precision .6, recall .9, F1?")
    assert found.outcome == "answered"
    assert [(s.text, s.role, s.verdict) for s in found.statements] == [
        ("F1 = 2 x 0.6 x 0.9 / (0.6 + 0.9) = 0.72.", "lead", "computed"),
        ("**F1 score**: F1 is the harmonic mean of precision and recall.", "point", "exact"),
    ]
    (citation,) = found.citations
    assert tutor.note(citation.note).text[citation.start : citation.end] == citation.quote
    assert found.statements[0].citations == (1,)


def test_a_result_that_rests_on_others_quotes_them_all(tutor: Tutor) -> None:
    found = tutor.ask("TP 40, FP 10, FN 20: f1?")
    assert computed(found) == ["F1 = 2 x (40 / (40 + 10)) x (40 / (40 + 20)) / ((40 / (40 + 10)) + (40 / (40 + 20))) = 0.7273, rounded to 4 decimals."]
    assert len(found.citations) == len(found.statements[0].citations) == 3


def test_several_results_come_in_the_order_asked(tutor: Tutor) -> None:
    found = tutor.ask("TP 60, FP 20, FN 15: recall and precision?")
    assert computed(found) == ["Recall = 60 / (60 + 15) = 0.8.", "Precision = 60 / (60 + 20) = 0.75."]


def test_results_are_rounded_up_where_things_are_counted(tutor: Tutor) -> None:
    found = tutor.ask("a peak of 3,000 requests per minute, one instance handles 700, how many instances?")
    assert computed(found) == ["Instances needed = 3,000 / 700 = 4.2857, rounded up to 5 instances."]


def test_a_formula_that_the_notes_lack_is_not_computed_with(tutor: Tutor) -> None:
    found = tutor.ask("TP 40 TN 40 FP 10 FN 10: accuracy?")
    assert computed(found) == []
    assert found.remark == "Nothing was computed: your notes state no formula for accuracy."


def test_of_several_the_one_that_the_notes_lack_is_named(tutor: Tutor) -> None:
    found = tutor.ask("TP 40 TN 40 FP 10 FN 10: accuracy and precision?")
    assert computed(found) == ["Precision = 40 / (40 + 10) = 0.8."]
    assert found.remark == "Your notes state no formula for accuracy."


def test_impossible_numbers_get_the_ordinary_answer_and_a_remark(tutor: Tutor) -> None:
    found = tutor.ask("recall 1.4 and precision 0.5, f1?")
    assert computed(found) == []
    assert found.remark == "Recall cannot be 1.4: it is a share, from 0 to 1 or in percent."


@pytest.mark.parametrize(
    "lie",
    [
        "F1 = 2 x 0.6 x 0.9 / (0.6 + 0.9) = 0.75.",
        "F1 = (0.6 + 0.9) / 2 = 0.75.",
        "F1 = 2 x 0.5 x 0.9 / (0.5 + 0.9) = 0.6429, rounded to 4 decimals.",
        "Precision = 2 x 0.6 x 0.9 / (0.6 + 0.9) = 0.72.",
        "F1 = 0.72.",
        "The model is good.",
        "F1 = __import__('os') = 0.72.",
    ],
)
def test_a_planted_number_is_dropped(tutor: Tutor, lie: str) -> None:
    sound = tutor.ask("precision .6, recall .9, F1?")
    planted = replace(sound, statements=(replace(sound.statements[0], text=lie), sound.statements[1]))
    assert [s.verdict for s in checked(planted, tutor.index.notes).statements] == ["exact"]


def test_a_computed_sentence_under_another_formulas_quote_is_dropped(tutor: Tutor) -> None:
    sound = tutor.ask("precision .6, recall .9, F1?")
    other = tutor.ask("TP 40, FP 10: precision?").citations[0]
    assert checked(replace(sound, statements=sound.statements[:1], citations=(other,)), tutor.index.notes).statements == ()


def test_the_registry_is_sound() -> None:
    for name, formula in FORMULAS.items():
        ids = [i.id for i in (*formula.inputs, *formula.beside)]
        assert len(set(ids)) == len(ids), name
        assert all(n == n.lower() for n in formula.names), name
        assert formula.statement in FORMULAS, name
        assert all(i.given in FORMULAS for i in formula.inputs if i.given), name
        for stem in formula.stems:
            parts = "".join(part.split("]")[0] for part in stem.split("[")[1:])
            assert all(f"{{{i}}}" in parts for i in ids), (name, stem)


def test_binding_reads_hostile_notes_quickly(tmp_path: Path, model: Model) -> None:
    hostile = {
        "a.md": "# Precision = (\n\n"
        + "\n\n".join(
            [
                "Precision = " + "(" * 300,
                "F1 = " + "2 x " * 150 + ".",
                "Recall is the share of " + "positives " * 60,
                "$$" + "\\frac{" * 80,
                "F1 is the harmonic mean of " + "precision and " * 40,
            ]
        )
    }
    made = Tiny(write_notes(tmp_path / "notes", hostile), tmp_path / "index", model)
    made.ingest()
    index = made.open()
    with within_cpu(2):
        assert set(formulas.bind(index)) <= {"f1"}


def test_hostile_questions_are_read_quickly() -> None:
    planted = [
        "precision 0.1 recall 0.2 " * 24 + "F1?",
        "F1 " + "0.5 recall " * 50,
        "1 " * 290 + "F1",
        "TP," * 20 + "= " + "1," * 20 + " F1?",
        "precision and " * 40 + ".6 F1",
    ]
    with within_cpu(2):
        assert [asked.computations for q in planted if (asked := formulas.read(q[:600]))] in ([], [()], [(), ()])


def test_a_computed_answer_says_so(tutor: Tutor) -> None:
    assert "Computed from your numbers with the formula that your notes state." in terminal.answer(tutor.ask("precision .6, recall .9, F1?"))


@pytest.mark.parametrize(
    ("question", "value"),
    [("z-score of 130 with mean 100 and standard deviation 15", 2.0), ("min-max scaling of 30 when min is 10 and max is 50", 0.5)],
)
def test_a_value_may_follow_the_name_of_what_is_made_of_it(question: str, value: float) -> None:
    asked = formulas.read(question)
    assert asked is not None
    assert [c.value for c in asked.computations] == [value]
    assert not formulas.others(question)


def test_numbers_that_find_no_place_are_known_for_what_they_are() -> None:
    assert formulas.others("CI of 700 and 300")
    assert not formulas.others("what is class imbalance?")
    assert not formulas.others("is an F1 of 0.8 with a recall of 0.9 good?")
