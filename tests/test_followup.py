"""What a follow-up stands for, and which questions stand on their own."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from fakes import Tiny, within_cpu

from evals.cases import sets
from evals.measures import followups
from tutor.followup import complete, depth
from tutor.index import Index
from tutor.types import Answer, Citation, Depth, Statement, Turn


@pytest.fixture
def index(tiny_index: Tiny) -> Index:
    return tiny_index.open()


def turn(question: str, lead: str = "", heading: str = "", understood: str = "") -> Turn:
    """A turn whose answer, where one is given, has a lead under a heading."""
    statements = (Statement(lead, (1,), "lead"),) if lead else ()
    citations = (Citation(1, "n.md", (heading,), None, 0, len(lead), lead),) if lead else ()
    return Turn(question, Answer(question, "answered", statements, citations, understood=understood))


def said(index: Index, *questions: str) -> str:
    """The last question as it is understood after the others, each of them completed in its turn."""
    history: list[Turn] = []
    for question in questions[:-1]:
        understood = complete(question, history, index)
        history.append(turn(question, understood=understood if understood != question else ""))
    return complete(questions[-1], history, index)


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        ("What is overfitting?", "how do I fix it?", "How do I fix overfitting?"),
        ("What is overfitting?", "Why does that happen?", "Why does overfitting happen?"),
        ("what are embeddings", "when should I use them?", "When should I use embeddings?"),
        ("What are stop orders?", "is it risky?", "Are stop orders risky?"),
        ("What is a decision tree?", "do they need scaling?", "Do decision trees need scaling?"),
        ("What is a shard?", "how many of them do I need?", "How many shards do I need?"),
        ("What is a feature store?", "how do I create one?", "How do I create a feature store?"),
        ("What is Pipe mode?", "What are its limits?", "What are the limits of Pipe mode?"),
        ("What is data drift?", "how is that different from concept drift?", "How is data drift different from concept drift?"),
        ("What is auto scaling?", "How do I set that up?", "How do I set auto scaling up?"),
        ("What is KMS?", "ok thanks, and how do I rotate keys with it?", "How do I rotate keys with KMS?"),
        ("How do I monitor a model?", "which service does that?", "Which service can monitor a model?"),
        ("How does a transformer work?", "is that method slow?", "Is a transformer slow?"),
    ],
)
def test_a_pronoun_gets_its_noun(before: str, question: str, expected: str, index: Index) -> None:
    assert said(index, before, question) == expected


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        ("What is precision?", "and recall?", "What is recall?"),
        ("What is overfitting?", "and ensembles?", "What are ensembles?"),
        ("What is a real-time endpoint?", "what about serverless?", "What is a serverless endpoint?"),
        ("How do I encrypt data in S3?", "same for EFS?", "How do I encrypt data in EFS?"),
        ("How do I handle missing values", "what about in time series?", "How do I handle missing values in time series?"),
        ("How do I run inference in real time?", "how about in batch?", "How do I run inference in batch?"),
        ("How does Wrangler handle gaps?", "and outliers?", "How does Wrangler handle outliers?"),
        ("Is accuracy good for fraud?", "what about F1?", "Is F1 good for fraud?"),
        ("Should I scale before k-means?", "why?", "Why should I scale before k-means?"),
        ("Does SMOTE work on text?", "why not?", "Why does SMOTE not work on text?"),
        ("Can I host models together?", "how?", "How can I host models together?"),
        ("What is SMOTE?", "for example?", "Give me an example of SMOTE."),
        ("What is SMOTE?", "more examples please", "Give me more examples of SMOTE."),
        ("What is SMOTE?", "tell me more", "Tell me more about SMOTE."),
        ("What is SMOTE?", "I don't get it", "Explain SMOTE in simple terms."),
        ("What is SMOTE?", "when to use?", "When to use SMOTE?"),
        ("What is SMOTE?", "any downsides?", "What are the downsides of SMOTE?"),
        ("What is SMOTE?", "pros and cons?", "What are the pros and cons of SMOTE?"),
        ("How do I tune a model?", "what are the steps?", "What are the steps to tune a model?"),
        ("When should I use grid search?", "random search instead?", "Should I use random search instead of grid search?"),
        ("What is grid search?", "why not random search?", "Why not random search instead of grid search?"),
        ("What is grid search?", "Is random search better?", "Is random search better than grid search?"),
        ("What is EFS?", "compared to EBS?", "EFS compared to EBS?"),
        ("What is Flink?", "difference to Firehose?", "What is the difference between Flink and Firehose?"),
    ],
)
def test_a_fragment_takes_over_the_last_question(before: str, question: str, expected: str, index: Index) -> None:
    assert said(index, before, question) == expected


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        (("precision vs recall",), "when would I prefer the former?", "When would I prefer precision?"),
        (("precision vs recall", "when would I prefer the former?"), "and the latter?", "When would I prefer recall?"),
        (("xylem vs phloem",), "which one carries sugar?", "Which one carries sugar, xylem or phloem?"),
        (("What is spot?", "What are savings plans?"), "which is cheaper?", "Which is cheaper, spot or savings plans?"),
        (("What is EFS?", "What is EBS?"), "what's the difference?", "What is the difference between EFS and EBS?"),
        (("What is EFS?", "What is EBS?"), "compare them", "Compare EFS and EBS."),
        (("What are the options: real-time, asynchronous and batch?",), "when is the third one right?", "When is batch right?"),
        (
            ("What are the options: real-time, asynchronous and batch?",),
            "which is cheapest?",
            "Which is cheapest, real-time, asynchronous or batch?",
        ),
        (
            ("What is the difference between a pipeline and a multi-model endpoint?",),
            "which should I choose?",
            "Which should I choose, a pipeline or a multi-model endpoint?",
        ),
    ],
)
def test_one_of_several_is_named(before: tuple[str, ...], question: str, expected: str, index: Index) -> None:
    assert said(index, *before, question) == expected


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        (("How do I detect outliers?", "What is SMOTE?"), "which metric should i use then", "Which metric should i use to detect outliers?"),
        (("How do I handle rare classes?",), "which metric should i use", "Which metric should i use for rare classes?"),
        (("What is spot training?",), "how much do you save", "How much do you save with spot training?"),
        (("What is PassRole?",), "give me an example policy", "Give me an example policy for PassRole."),
        (("What is batch size?",), "what values are good", "What values are good for batch size?"),
        (("What is batch size?",), "hyperparameters?", "What are the hyperparameters of batch size?"),
        (("What is batch size?",), "too big?", "What if batch size is too big?"),
        (("What are embeddings?",), "too big?", "What if embeddings are too big?"),
        (("What is batch size?", "what if its too big"), "and too small?", "What if batch size is too small?"),
        (("What is batch size?",), "if i increase it?", "What happens if i increase batch size?"),
        (("How do I monitor an endpoint?",), "step 2?", "What is step 2 to monitor an endpoint?"),
        (("How do I encrypt a volume?",), "do i need kms for that?", "Do i need kms to encrypt a volume?"),
        (("How do I encrypt a volume?",), "at rest or in transit?", "How do I encrypt a volume at rest or in transit?"),
        (("What is spot training?",), "so i need checkpoints?", "Do i need checkpoints for spot training?"),
        (("What is MLflow?",), "what's a cold start there", "What is a cold start for MLflow?"),
    ],
)
def test_a_question_without_a_subject_takes_the_last_topic(before: tuple[str, ...], question: str, expected: str, index: Index) -> None:
    assert said(index, *before, question) == expected


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        (("EBS vs EFS vs FSx",), "which is fastest", "Which is fastest, EBS, EFS or FSx?"),
        (("EBS vs EFS vs FSx", "what about S3", "which is fastest"), "why not the first?", "Why not EBS instead of EFS, FSx or S3?"),
        (("xylem vs phloem",), "I have few, which one?", "I have few, which one, xylem or phloem?"),
        (("xylem vs phloem",), "when to use which", "When to use which, xylem or phloem?"),
        (("xylem vs phloem",), "early growth - does it need both?", "Early growth - does it need both xylem and phloem?"),
        (("xylem vs phloem",), "both?", "Xylem and phloem: both?"),
        (("xylem vs phloem",), "so they're the same?", "What is the difference between xylem and phloem?"),
        (("xylem vs phloem", "tell me more about the second"), "what's the tradeoff", "What is the tradeoff between xylem and phloem?"),
        (("What is EBS?", "What is EFS?"), "do they work together?", "Do EBS and EFS work together?"),
        (("What is a feature store?",), "whats the online one for", "What is the online feature store for?"),
        (("What is a feature store?", "whats the online one for"), "and offline?", "What is the offline feature store for?"),
    ],
)
def test_all_that_stood_side_by_side_are_meant(before: tuple[str, ...], question: str, expected: str, index: Index) -> None:
    assert said(index, *before, question) == expected


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        (("Can xylem or phloem carry sugar?",), "no i meant the first one", "Can xylem carry sugar?"),
        (("Lambda vs Fargate",), "sorry i meant ECS", "Lambda vs ECS?"),
        (("How do I encrypt a bucket?",), "sorry, i meant a volume", "How do I encrypt a volume?"),
        (("How do I train a model?",), "I mean with spot instances", "How do I train a model with spot instances?"),
        (("What is EFS?",), "no, FSx", "What is FSx?"),
        (("What is a lifecycle rule?",), "no, i mean the bucket one", "What is the bucket lifecycle rule?"),
    ],
)
def test_a_correction_repeats_the_last_question(before: tuple[str, ...], question: str, expected: str, index: Index) -> None:
    assert said(index, *before, question) == expected


def test_another_thing_takes_the_subject_and_a_reason_is_no_frame(index: Index) -> None:
    assert said(index, "Does XGBoost support sparse input?", "what about CatBoost?") == "Does CatBoost support sparse input?"
    assert said(index, "Does SMOTE work on text?", "and embeddings?") == "Do embeddings work on text?"
    assert said(index, "xylem vs phloem", "which one carries sugar?", "why?") == "Why: which one carries sugar, xylem or phloem?"
    assert said(index, "xylem vs phloem", "which one carries sugar?", "why?", "and cambium?") == "How does cambium compare with xylem and phloem?"
    sure = turn("which one carries sugar, xylem or phloem?", "Phloem carries sugar; xylem carries water.")
    assert complete("why?", [sure], index) == "Why does phloem carry sugar?"


def test_what_was_no_question_and_not_answered_is_no_topic(index: Index) -> None:
    lost = Turn("plus foo", Answer("plus foo", "closest"))
    assert complete("is it slow?", [turn("What is boosting?"), lost], index) == "Is boosting slow?"
    formula = turn("how much?", "Saving = (1 - billed / run) is the share saved.", "Spot training")
    assert complete("is it slow?", [formula], index) == "Is Spot training slow?"


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("simpler", "line"),
        ("shorter pls", "line"),
        ("can you explain that simpler", "line"),
        ("ok, in one sentence?", "line"),
        ("explain like I'm 5", "line"),
        ("eli5", "line"),
        ("go deeper", "deep"),
        ("more details please", "deep"),
        ("any analogy?", "analogy"),
        ("is there an analogy for that?", "analogy"),
        ("more", None),
        ("what is deep learning?", None),
        ("explain a simpler model", None),
        ("is there a simpler way?", None),
        ("thanks", None),
    ],
)
def test_a_wish_for_another_depth_asks_the_last_question_again(text: str, wished: Depth | None, index: Index) -> None:
    history = [turn("how does it work", understood="How does SMOTE work?")]
    assert depth(text, history) == wished
    assert depth(text, []) is None
    assert (complete(text, history, index) == "How does SMOTE work?") == (wished is not None)


def test_chat_around_a_question_is_not_shown(index: Index) -> None:
    assert said(index, "What is EFS?", "hmm ok, wait, and FSx then, thanks") == "What is FSx?"
    assert said(index, "What is EFS?", "sorry, what is recall pls") == "What is recall?"
    for text in ("ok", "got it, thanks", "thanks!", "no free lunch theorem", "well architected framework"):
        assert said(index, "What is EFS?", text) == text


def test_a_chain_keeps_the_thing_and_a_new_topic_takes_over(index: Index) -> None:
    assert said(index, "What is boosting?", "give me an example", "and bagging?") == "Give me an example of bagging."
    assert said(index, "What is PCA?", "what are its limits?", "can I raise them?") == "Can I raise the limits of PCA?"
    assert said(index, "What is PCA?", "How do I mount EFS?", "is it expensive?") == "Is EFS expensive?"
    assert said(index, "What is PCA?", "thanks", "is it expensive?") == "Is PCA expensive?"


@pytest.mark.parametrize(
    "question",
    [
        "What is recall?",
        "And what is a NAT gateway?",
        "Is it true that AUC is threshold free?",
        "Is it better to use min-max scaling or standardization?",
        "It depends on what?",
        "How long does it take to train a random forest?",
        "does it matter which instance type I choose?",
        "What makes it possible to train on streamed data?",
        "What is early stopping and when should I use it?",
        "If my model overfits, how do I fix it?",
        "How does a random forest choose its features?",
        "Name a metric that is threshold free",
        "Which services are on this exam?",
        "Do they ask about Clarify on the exam?",
        "Does IT governance appear in the exam?",
        "which is cheaper, spot or on-demand instances?",
        "What is the best metric for imbalanced data?",
        "what is the first step of feature engineering?",
        "what are the advantages of spot training?",
        "Our model is slow. How can we make it faster?",
        "what is a metric?",
        "what are hyperparameters",
        "how much does S3 cost",
        "what is a good learning rate?",
        "what is an analogy for gradient descent?",
        "Is there a simpler way to tune a model?",
        "multi model endpoint",
        "thanks",
        "  What is   recall?  ",
        "",
    ],
)
def test_a_question_of_its_own_is_not_touched(question: str, index: Index) -> None:
    assert complete(question, [turn("What is SMOTE?")], index) == question
    assert complete(question, [turn("precision vs recall")], index) == question


def test_without_a_conversation_nothing_is_completed(index: Index) -> None:
    for question in ("how do I fix it?", "and recall?", "why?", "which is cheaper?"):
        assert complete(question, [], index) == question
        assert complete(question, [turn("thanks")], index) == question


def test_what_a_which_question_asked_for_is_named_by_its_answer(index: Index) -> None:
    asked = "Which service fits?"
    assert complete("is it expensive?", [turn(asked, "Amazon Athena is a service that runs SQL on files.", "Athena")], index) == "Is Amazon Athena expensive?"
    assert complete("is it expensive?", [turn(asked, "Choose Athena when files are to be queried.", "Queries")], index) == "Is Athena expensive?"
    assert complete("is it expensive?", [turn("which service labels images?")], index) == "Is the service that labels images expensive?"


def test_a_story_is_read_by_its_answer(index: Index) -> None:
    story = "We keep logs in a bucket. " * 20 + "What would you do?"
    assert complete("is it expensive?", [turn(story, "Athena is a service that runs SQL on files.")], index) == "Is Athena expensive?"


def test_a_list_of_the_answer_can_be_pointed_at(index: Index) -> None:
    items = tuple(Statement(f"{name} is a kind.", (1,), "point", label="Kinds of drift are:") for name in ("Data drift", "Concept drift", "Bias drift"))
    answer = replace(turn("What kinds of drift are there?").answer, statements=items)
    assert complete("tell me about the second one", [Turn("What kinds of drift are there?", answer)], index) == "Tell me about Concept drift."


def test_what_is_understood_counts_and_not_what_was_typed(index: Index) -> None:
    assert complete("is it slow?", [turn("and that?", understood="What is boosting?")], index) == "Is boosting slow?"


def test_long_input_is_left_alone_at_once(index: Index) -> None:
    with within_cpu(2.0):
        for text in ("it " * 2000, "x" * 4000, "?" * 4000, " and" * 1000):
            assert complete(text, [turn("What is SMOTE?")], index) == text
            complete("how do I fix it?", [turn(text)], index)


def test_the_gold_conversations_are_sound_and_their_wording_alone_carries_most(index: Index) -> None:
    conversations = followups.read()
    assert len(conversations) >= 120
    assert len({c.id for c in conversations}) == len(conversations)
    assert {c.notes for c in conversations} <= {s.name for s in sets()}
    sealed = [c for c in conversations if c.split != "fit"]
    assert sum(c.split == "test" for c in sealed) * 3 >= len(sealed) - 3
    assert all((c.expected == c.question and not c.terms) if c.alone else c.terms for c in conversations)
    found = [followups.Completed(c, said(index, *c.history, c.question), 0.0) for c in conversations]
    figures = followups.figures(found)
    assert figures["left_alone"] >= 0.98  # type: ignore[operator]
    assert figures["completed"] >= 0.93  # type: ignore[operator]


def test_gold_questions_stand_on_their_own(index: Index) -> None:
    asked = [str(json.loads(line)["question"]) for gold in sets() for path in gold.files for line in path.read_text(encoding="utf-8").splitlines()]
    touched = [q for q in asked if complete(q, [turn("What is data drift?")], index) != q]
    assert len(asked) > 1000
    assert len(touched) <= 0.002 * len(asked), touched


def test_the_same_passages_are_found(tiny_index: Tiny) -> None:
    tutor = tiny_index.tutor()
    one = followups.Conversation(
        "x", "notes", ("What does chlorophyll absorb?",), "and what does it reflect?", "What does chlorophyll reflect?", ("chlorophyll",), False, "train"
    )
    found = followups.converse(tutor, [one, replace(one, question="rubisco", expected="rubisco", terms=(), alone=True)])
    assert [(f.text, f.overlap, f.right) for f in found] == [("What does chlorophyll reflect?", 1.0, True), ("rubisco", 1.0, True)]


def test_a_wish_changes_the_depth_of_the_same_question(tiny_index: Tiny) -> None:
    tutor = tiny_index.tutor()
    question = "What makes most of the chemical energy of a cell?"
    turns = [Turn(question, tutor.ask(question))]
    answer = tutor.ask("shorter please", turns)
    assert (answer.depth, answer.understood) == ("line", question)
    assert answer.statements == tutor.ask(question, depth="line").statements
