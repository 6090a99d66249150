"""Each rule by hand on both sides, what counts as verbatim, and the floors that the check holds on labelled pairs."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

import pytest

from evals.measures.pairs import label_hash, read_pairs
from tutor import weights
from tutor.ground import Judgement, judge, verdict
from tutor.ground.facts import LONGEST, read
from tutor.ground.overlap import gather
from tutor.ground.rules import RULES
from tutor.ground.score import FEATURES, SIGNS
from tutor.ground.thesaurus import OPPOSITES

QUEUE = "A queue keeps messages for 4 days by default and for up to 14 days."
CACHE = "The cache of a node holds 512 MB, and reads from the cache are faster than reads from the disk."
GRANT = "A role may be assumed by several users."
SPLIT = "Random oversampling repeats rows of the rare class, while random undersampling drops rows of the common class."
BACKUP = "The backup is deleted with the database only if no retention period was set."
LEARN = "Supervised learning needs labelled rows, and it predicts a target."
TOKEN = "An access token must be renewed before it expires."
INDEX = "The index runs from -1 to 1, and 0 means that both halves are alike."
FORMULA = "The gain is (a - b) / (a + b)."
RETRIES = "A failed call is tried again for at most 24 hours and 185 attempts."
AVOID = "Avoid a wide index when rows change often; choose a narrow index instead."
RECIPE = "Wash the rice first, then boil the water, and finally add the salt."

BROKEN: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "number": (
        (QUEUE, "A queue keeps messages for 5 days by default.", "5 days"),
        (QUEUE, "A queue keeps messages for four days by default and for up to twenty-one days.", "twenty one days"),
        (CACHE, "The cache of a node holds 1,512 MB.", "1,512 mb"),
        ("About 40% of the rows are missing.", "About 60 percent of the rows are missing.", "60 percent"),
        ("The war began in 1914.", "The war began in 1941.", "1941"),
        (INDEX, "The index runs from 1 to 1, and 0 means that both halves are alike.", "1"),
        (INDEX, "The index runs from 0 to 1, and 0 means that both halves are alike.", "0"),
        ("The water of the lake is at -5 degrees.", "The water of the lake is at 5 degrees.", "5 degrees"),
    ),
    "unit": (
        (QUEUE, "A queue keeps messages for 4 hours by default.", "4 hours"),
        (CACHE, "The cache of a node holds 512 GB.", "512 gb"),
        ("A report is sent monthly.", "A report is sent weekly.", "weekly"),
        (RETRIES, "A failed call is tried again for at most 185 hours.", "185 hours"),
        (RETRIES, "A failed call is tried again in at most 24 attempts.", "24"),
    ),
    "sign": (
        ("Reject the hypothesis when p < 0.05.", "Reject the hypothesis when p > 0.05.", ">"),
        ("Reject the hypothesis when p < 0.05.", "Reject the hypothesis when p is above 0.05.", ">"),
        ("Add a node when the load is ≥ 70%.", "Add a node when the load is <= 70%.", "<="),
        ("Add a node when the load is >= 70%.", "Add a node when the load is > 70%.", ">"),
        ("Move on when a count falls below 5.", "Move on when a count is more than 5.", ">"),
        (FORMULA, "The gain is (a + b) / (a - b).", "+"),
        (FORMULA, "The gain is (b - a) / (b + a).", "-"),
        ("The ratio is TP / FN.", "The ratio is FN / TP.", "/"),
    ),
    "entity": (
        (QUEUE, "A queue in Kafka keeps messages for 4 days by default.", "Kafka"),
        (QUEUE, "RabbitMQ is a queue that keeps messages for 4 days by default.", "RabbitMQ"),
        (CACHE, "The cache of a node holds 512 MB, as its LRU policy wants.", "LRU"),
    ),
    "negation": (
        (CACHE, "Reads from the cache are not faster than reads from the disk.", "not"),
        (TOKEN, "An access token need not be renewed before it expires.", "not"),
        ("Genes never leave the nucleus.", "Genes leave the nucleus.", "never"),
        ("A common misconception is that dropout removes neurons at inference; in fact, all neurons are active then.", "Dropout removes neurons at inference.", "misconception"),
        (AVOID, "Choose a wide index when rows change often.", "Avoid"),
        ("Skip the rinse for light stains, because water spreads them.", "Use the rinse for light stains.", "Skip"),
    ),
    "antonym": (
        (CACHE, "Reads from the cache are slower than reads from the disk.", "slower"),
        (TOKEN, "An access token must be renewed after it expires.", "after"),
        (LEARN, "Unsupervised learning needs labelled rows, and it predicts a target.", "unsupervised"),
    ),
    "order": (
        (SPLIT, "Random undersampling repeats rows of the rare class, while random oversampling drops rows of the common class.", "oversampl"),
        ("The sodium pump throws out three sodium ions and takes in two potassium ions.", "The sodium pump throws out two sodium ions and takes in three potassium ions.", "3"),
        ("Reads from memory are faster than reads from disk.", "Reads from disk are faster than reads from memory.", "disk"),
        (RECIPE, "Add the salt first, then boil the water.", "salt"),
        ("Try class weights, then a threshold, then resampling or SMOTE.", "Try SMOTE first, then a threshold, then class weights.", "threshold"),
    ),
    "modal": (
        (GRANT, "A role must be assumed by several users.", "must"),
        ("Usually the price falls in spring.", "The price always falls in spring.", "always"),
        (BACKUP, "The backup is deleted with the database.", "only if"),
    ),
    "coverage": (
        (QUEUE, "Photosynthesis turns light into sugar.", "photosynthesis"),
        (QUEUE, "A queue keeps messages for 4 days by default, and its owner pays a yearly licence fee.", "licence"),
        (QUEUE, "A queue keeps messages for 4 days by default, and bananas are yellow.", "bananas"),
    ),
}  # fmt: skip

FAIR = (
    (QUEUE, "By default your messages stay in the queue for four days, and 14 days is the maximum."),
    (QUEUE, "Messages are kept for 96 hours by default."),
    (QUEUE, "A queue keeps messages for four days by default and never for more than 14 days."),
    (CACHE, "Reading from the cache is quicker than reading from the disk."),
    (CACHE, "Reads from the disk are slower than reads from the cache."),
    (SPLIT, "Undersampling drops rows of the common class and oversampling repeats rows of the rare class."),
    (TOKEN, "You have to renew an access token before it runs out."),
    (GRANT, "Several users can assume one role."),
    (BACKUP, "Only if there was no retention period is the backup deleted together with the database."),
    (LEARN, "If your rows are labelled, you can use supervised learning to predict a target."),
    ("An index of 1,000 pages takes 0.5 s to read.", "Reading an index of 1000 pages takes 500 ms."),
    ("Half of the rows are empty.", "50% of the rows are empty."),
    ("Do not store secrets in environment variables.", "Secrets should never go into environment variables."),
    ("Amazon Simple Storage Service (S3) keeps objects in buckets.", "S3 holds your objects in buckets."),
    ("A virtual private cloud isolates resources.", "A VPC isolates your resources."),
    ("A foreign key must point to an existing row.", "A foreign key cannot point to a row that does not exist."),
    ("TCP is slower than UDP because it confirms every packet.", "UDP is faster than TCP, since TCP confirms every packet."),
    ("The left ventricle pumps blood into the aorta.", "Blood is pumped into the aorta by the left ventricle."),
    ("Recall is the share of actual positives that the model found.", "Recall tells you what share of the real positives your model caught."),
    ("Data that stays within the zone is not charged.", "Data that never leaves the zone is free."),
    ("Reject the hypothesis when p < 0.05.", "Reject the hypothesis if p is below 0.05."),
    ("Add a node when the load is >= 70%.", "Add a node once the load is at least 70%."),
    ("At most 14 days are kept.", "No more than 14 days are kept."),
    ("Recall = TP / (TP + FN).", "Recall is TP divided by TP plus FN."),
    ("Recall is TP divided by the sum of TP and FN.", "Recall = TP / (TP + FN)."),
    ("A queue is a list of messages in order.", "Queue - a list of messages in order."),
    ("The price changed by -5%.", "The price fell by 5%."),
    (INDEX, "The index goes from minus one to 1."),
    ("Run it with 5 to 10 nodes.", "Run it with 5-10 nodes."),
    ("Run it with 5–10 nodes, as in the mid–19th century.", "Run it with 5 to 10 nodes, as in the middle of the 19th century."),
    (RETRIES, "A failed call is tried again for up to 24 hours, 185 times."),
    ("A query that reads 5 wide columns of 100 columns reads 5% of the file.", "Reading five of 100 equally wide columns reads 5% of the file."),
    (AVOID, "When rows change often, choose a narrow index."),
    (AVOID, "Don't use a wide index when rows change often."),
    (AVOID, "Choose a narrow index, not a wide one, when rows change often."),
    ("Avoid a cluster for a small daily job; choose a function instead.", "For a small daily job, prefer a function to a cluster."),
    (RECIPE, "Wash the rice, then add the salt."),
    ("Subnets cost nothing, but gateways cost money.", "Subnets cost nothing, but gateways do."),
)
UNSURE = {
    "a word in another's place": (
        "Choose a private team when health records are labelled.",
        "Choose a vendor team when health records are labelled.",
        "replacement",
    ),
    "of two": ("Each team holds the signing key for its users.", "Each team holds the storage key for its users.", "replacement"),
    "a generalisation": ("A cache makes reads fast.", "A cache always makes reads fast.", "general"),
    "of when": ("A cache is a store that makes reads fast.", "A cache makes reads fast whenever it is a store.", "general"),
}
SURE = {
    "another word for it": ("Recall is the share of actual positives that were found.", "Recall is the share of real positives that were found."),
    "both generalise": ("Each read goes through the cache.", "Every read goes through the cache."),
    "only is none": ("The cache keeps the last page.", "The cache keeps only the last page."),
}
PLANTED = [pytest.param(rule, *row, id=f"{rule}-{k}") for rule, rows in BROKEN.items() for k, row in enumerate(rows)]


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Judgements of rules that a test left out are not those of the next test."""
    yield
    verdict._judged.cache_clear()


@pytest.mark.parametrize(("rule", "quote", "sentence", "word"), PLANTED)
def test_each_rule_turns_away_what_it_is_for_and_names_the_word(rule: str, quote: str, sentence: str, word: str) -> None:
    found = judge(sentence, [quote])
    assert (found.verdict, found.rule) == ("unsupported", rule)
    assert word in found.words


@pytest.mark.parametrize(("quote", "sentence"), FAIR)
def test_a_fair_rewording_is_not_turned_away(quote: str, sentence: str) -> None:
    assert judge(sentence, [quote]).verdict != "unsupported"


@pytest.mark.parametrize(("quote", "sentence", "doubt"), UNSURE.values(), ids=UNSURE)
def test_a_doubt_keeps_a_sentence_from_being_supported(quote: str, sentence: str, doubt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = judge(sentence, [quote])
    assert (found.verdict, found.rule) == ("unsure", doubt)
    assert found.words
    monkeypatch.setattr(verdict, "DOUBTS", {})
    verdict._judged.cache_clear()
    assert judge(sentence, [quote]).verdict == "supported"


def test_a_word_that_another_quote_has_is_still_in_the_wrong_place() -> None:
    quotes = ["A team holds a global key for all its users.", "A role holds a local key."]
    assert judge("A team holds a local key for all its users.", quotes).rule == "replacement"


@pytest.mark.parametrize(("quote", "sentence"), SURE.values(), ids=SURE)
def test_what_is_as_strong_or_means_the_same_raises_no_doubt(quote: str, sentence: str) -> None:
    assert judge(sentence, [quote]).verdict == "supported"


@pytest.mark.parametrize("rule", list(RULES))
def test_without_a_rule_its_planted_sentences_get_by_it(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict, "RULES", {name: check for name, check in RULES.items() if name != rule})
    verdict._judged.cache_clear()
    left = [judge(sentence, [quote]) for quote, sentence, _ in BROKEN[rule]]
    assert all(j.rule != rule for j in left)
    assert any(j.verdict != "unsupported" for j in left) or rule == "coverage"


EXACT = {
    "the whole": (QUEUE, QUEUE, True),
    "without marks": ("**Queue**: A queue keeps *messages*.", "A queue keeps messages.", True),
    "one sentence of two": ("Iron rusts. Gold does not rust.", "Iron rusts.", True),
    "a clause": ("Zeros remain zeros in every column, and the scale is kept.", "Zeros remain zeros in every column", True),
    "denial cut off": ("It is not true that zeros remain zeros here.", "Zeros remain zeros here.", False),
    "condition cut off": (BACKUP, "The backup is deleted with the database", False),
    "condition before": ("If the disk is full, the write fails at once.", "The write fails at once.", False),
    "hedge cut off": ("Perhaps the moon is made of cheese.", "The moon is made of cheese.", False),
    "a sign turned": ("Stop when p < 0.05 holds.", "Stop when p > 0.05 holds.", False),
    "minus left out": ("The index runs from -1 to 1.", "The index runs from 1 to 1.", False),
    "decimal moved": ("The ratio is 1.5 here.", "The ratio is 15 here.", False),
    "part of a word": ("The category of sets is large.", "cat", False),
    "other order": ("Iron rusts and gold shines.", "Gold shines and iron rusts.", False),
}


@pytest.mark.parametrize(("quote", "sentence", "exact"), EXACT.values(), ids=EXACT)
def test_exact_means_word_by_word_with_nothing_cut_off_that_turns_it(quote: str, sentence: str, exact: bool) -> None:
    assert (judge(sentence, [quote]).verdict == "exact") is exact


def test_what_lost_its_denial_or_its_only_if_is_turned_away() -> None:
    assert judge("Zeros remain zeros here.", ["It is not true that zeros remain zeros here."]).rule == "negation"
    assert judge("The backup is deleted with the database", [BACKUP]).rule == "modal"


def test_question_and_headings_lend_names_but_no_facts() -> None:
    quote = "It keeps messages for 4 days by default."
    sentence = "Kinesis keeps messages for 4 days by default."
    assert judge(sentence, [quote]).rule == "entity"
    assert judge(sentence, [quote], question="How long does Kinesis keep messages?").verdict != "unsupported"
    assert judge(sentence, [quote], around=("Limits of Kinesis",)).verdict != "unsupported"
    assert judge("Kinesis keeps messages for 9 days.", [quote], question="Does Kinesis keep messages for 9 days?", around=("Kinesis: 9 days",)).rule == "number"


@pytest.mark.parametrize("sentence", ["", "  ", "?!", "Yes.", "x" * (LONGEST + 1)])
def test_what_says_nothing_or_cannot_be_read_is_unsupported(sentence: str) -> None:
    assert judge(sentence, [QUEUE]).verdict == "unsupported"
    assert judge(sentence, []).verdict == "unsupported"


def test_numbers_are_read_with_their_units() -> None:
    text = read("From 1,000 to 2.5k rows, twenty-five percent, $3 million, 10k, the 1990s, 3rd, half, 5-minute and 512MB.")
    values = [(n.value, n.kind) for n in text.numbers]
    assert values == [
        (1000, ""), (2500, ""), (25, "share"), (3e6, "money"), (10000, ""), (1990, ""), (3, ""), (0.5, ""), (5, "time"), (512, "data"),
    ]  # fmt: skip


def test_opposites_are_symmetric_and_none_is_its_own() -> None:
    for word, others in OPPOSITES.items():
        assert word not in others
        assert all(word in OPPOSITES[o] for o in others)


def test_shipped_weights_know_the_features_the_signs_and_the_labels() -> None:
    data = weights.read("ground")
    given = data["weights"]
    cuts = data["cuts"]
    assert isinstance(given, dict)
    assert isinstance(cuts, dict)
    assert set(given) <= set(FEATURES)
    assert all(w * SIGNS[name] > 0 for name, w in given.items())
    assert 0 < cuts["low"] < cuts["high"] < 1
    assert data["labels"] == label_hash(), "the labels changed: run `python -m evals calibrate ground`"


def test_floors_on_the_pairs_of_notes_that_nothing_was_fitted_to() -> None:
    pairs = [p for p in read_pairs() if p.test]
    found = [(p, judge(p.sentence, p.quotes, p.question, p.around).verdict) for p in pairs]
    supported = [v for p, v in found if p.supported]
    unsupported = [v for p, v in found if not p.supported]
    assert len(supported) >= 150
    assert len(unsupported) >= 150
    assert supported.count("unsupported") / len(supported) <= 0.05
    assert sum(v in ("exact", "supported") for v in supported) / len(supported) >= 0.6
    assert unsupported.count("unsupported") / len(unsupported) >= 0.5
    assert sum(v in ("exact", "supported") for v in unsupported) / len(unsupported) <= 0.27


@pytest.mark.parametrize(
    "piece", ["not ", "a b, and ", "1,", "GPU ", "(", "*", "only if ", "word ", "1000 days ", "x-", "“", "3.1.", "no more than ", ". ", "é\u200b", "| a "]
)
def test_long_and_odd_input_takes_no_long_time(piece: str) -> None:
    long = piece * (100_000 // len(piece))
    cut = piece * (LONGEST // len(piece) - 1)
    began = time.process_time()
    for sentence, quote in ((long, QUEUE), (QUEUE, long), (long, long), (cut, cut + "end"), (cut, QUEUE)):
        assert isinstance(judge(sentence, [quote, QUEUE]), Judgement)
    assert time.process_time() - began < 3


def test_the_same_every_time() -> None:
    pairs = read_pairs()[:60]
    first = [judge(p.sentence, p.quotes, p.question, p.around) for p in pairs]
    for cached in (verdict._judged, gather, read):
        cached.cache_clear()
    assert [judge(p.sentence, p.quotes, p.question, p.around) for p in pairs] == first
