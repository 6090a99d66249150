"""Cases in, the fitted numbers of tutor/data out: how passages are ranked, how statements are chosen, when to abstain."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from evals.cases import PHRASINGS, Case, Evidence, read, sets
from evals.fitting import fit
from evals.measures.asking import evidence_held, found, reciprocal
from evals.measures.grounding import calibrated
from ingest.build import ingest
from tutor import context, embed, question, retrieve
from tutor import weights as stored
from tutor.extractive import answerable, outcome
from tutor.extractive import candidates as units
from tutor.extractive.select import forget, select
from tutor.extractive.select import model as selector
from tutor.index import Index, open_index
from tutor.settings import MINILM
from tutor.types import Hit

DATA: Final = Path(stored.__file__).resolve().parent / "data"
OVER: Final = 0.04
"""The share of answerable questions that may be turned away when the abstention threshold is set."""
NEAR_KEPT: Final = 0.97
"""The share of questions on the notes' subjects that must be taken as such when the threshold between closest and absent is set."""
FALLS: Final = (4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 12.0)
LOST: Final = 0.02
"""The share of a kind's answers that may lose evidence so that its answers get shorter."""
SHUFFLES: Final = 4
RIDGE_RANK: Final = 10.0
RIDGE_SELECT: Final = 30.0
PARTS: Final = ("rank", "context", "select", "answerable")
"""What is fitted in minutes, each on what the one before gives; `adapter` trains the learner adapter first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A gold question with the index it is asked of."""

    case: Case
    query: question.Query
    index: Index
    set: str


@dataclass(frozen=True, slots=True)
class Bench:
    """The gold questions, with what the fits need of the embedding model."""

    asked: list[Asked]
    encoder: embed.QuestionEncoder

    @property
    def cases(self) -> list[Case]:
        """The questions alone."""
        return [a.case for a in self.asked]


def bench(folder: Path) -> Bench:
    """Index the notes of each gold set into a folder of its own under `folder`, and read the cases that are not sealed."""
    model = embed.find(MINILM)
    asked = []
    for one in sets():
        ingest(folder / one.name, [one.notes], model, lambda _phase, _done, _total: None)
        index = open_index(folder / one.name, model)
        asked += [Asked(c, question.read(c.question, index), index, one.name) for c in read(one.files, index.notes) if not c.sealed]
    return Bench(asked, embed.question_encoder(model))


def calibrate(parts: Sequence[str], folder: Path) -> dict[str, object]:
    """Fit the named parts in order and write their files; returns the figures measured on the way."""
    figures: dict[str, object] = {}
    if "ground" in parts:
        data, figures["ground"] = calibrated()
        _write("ground", data)
        if set(parts) == {"ground"}:
            return figures
    made = bench(folder)
    figures["cases"] = len(made.cases)
    if "adapter" in parts:
        from evals.fitting.adapt import adapt, phrasings  # imports torch

        indexes = {a.set: a.index for a in made.asked}
        figures |= adapt([(index, phrasings(index, PHRASINGS / f"{name}.jsonl")) for name, index in indexes.items()], embed.find(MINILM), embed.ADAPTER)
        made = Bench(made.asked, embed.question_encoder(embed.find(MINILM)))
    queries = [a.query for a in made.asked]
    if "rank" in parts:
        _rank(made, RIDGE_RANK)
    ranked = [retrieve.rank(a.query, a.index, made.encoder) for a in made.asked]
    figures["mrr10"] = round(
        float(np.mean([reciprocal(a.case, retrieve.search(r, a.index, 10)) for a, r in zip(made.asked, ranked, strict=True) if a.case.answerable])), 3
    )
    if "context" in parts:
        _context(made, ranked, RIDGE_SELECT)
    contexts = [context.pack(a.query, r, a.index, made.encoder) for a, r in zip(made.asked, ranked, strict=True)]
    drafts = [units.collect(hits, a.index.notes) for a, hits in zip(made.asked, contexts, strict=True)]
    rows = [units.features(q, d, made.encoder) for q, d in zip(queries, drafts, strict=True)]
    if "select" in parts:
        _select(made, queries, drafts, rows, RIDGE_SELECT)
    scores = [selector().scores(x) for x in rows]
    chosen = [select(q, d, s) for q, d, s in zip(queries, drafts, scores, strict=True)]
    figures |= _said(made, contexts, drafts, chosen)
    if "answerable" in parts:
        features = np.stack(
            [
                answerable.features(a.query, r, a.index, answerable.Draft(d, x, s, c), made.encoder)
                for a, r, d, x, s, c in zip(made.asked, ranked, drafts, rows, scores, chosen, strict=True)
            ]
        )
        figures |= _answerable(made.cases, [a.set for a in made.asked], features)
    return figures


def _rank(made: Bench, ridge: float) -> None:
    groups = []
    for asked in made.asked:
        case, index = asked.case, asked.index
        if case.answerable:
            rows, features = retrieve.candidates(asked.query, index, made.encoder)
            labels = np.array([any(e.within(p.note, p.start, p.end) for e in (*case.evidence, *case.alternatives)) for p in (index.passages[r] for r in rows)])
            groups.append((features, labels))
    _write("rank", {"made_by": "python -m evals calibrate rank", "weights": _named(retrieve.FEATURES, fit.ranker(groups, ridge))})
    retrieve._model.cache_clear()


def _context(made: Bench, ranked: Sequence[retrieve.Ranked], ridge: float) -> None:
    groups = []
    for asked, found_rows in zip(made.asked, ranked, strict=True):
        if asked.case.answerable:
            hits = context.wide(found_rows, asked.index, context.BUDGET)
            pieces = (*asked.case.evidence, *asked.case.alternatives)
            labels = np.array([any(e.said_by(h.passage.note, u.start, u.end) for e in pieces) for h in hits for u in h.passage.units], dtype=bool)
            groups.append((context.features(asked.query, hits, asked.index, made.encoder), labels))
    _write("context", {"made_by": "python -m evals calibrate context", "weights": _named(context.FEATURES, fit.ranker(groups, ridge))})
    context.model.cache_clear()


def _select(made: Bench, queries: Sequence[question.Query], drafts: Sequence[Sequence[units.Candidate]], rows: Sequence[fit.Rows], ridge: float) -> None:
    groups = []
    for case, draft, features in zip(made.cases, drafts, rows, strict=True):
        labels = np.array([any(_says(c, e) for e in (*case.evidence, *case.alternatives)) for c in draft], dtype=bool)
        if case.answerable and len(draft):
            groups.append((features, labels))
    data: dict[str, object] = {"made_by": "python -m evals calibrate select", "weights": _named(units.FEATURES, fit.ranker(groups, ridge))}
    _write("select", data)
    forget()
    _write("select", data | {"fall": _falls(made.cases, queries, drafts, [selector().scores(x) for x in rows])})
    forget()


def _falls(
    cases: Sequence[Case], queries: Sequence[question.Query], drafts: Sequence[Sequence[units.Candidate]], scores: Sequence[fit.Rows]
) -> dict[str, float]:
    """For each kind of question, the smallest fall at which no more than LOST of its answers lose evidence, and MARGIN."""
    falls: dict[str, float] = {}
    for kind in sorted({q.kind for q in queries}):
        own = [(c, q, d, s) for c, q, d, s in zip(cases, queries, drafts, scores, strict=True) if q.kind == kind and c.answerable]
        whole = {fall: np.mean([_said_in(c, d, select(q, d, s, fall))[1] for c, q, d, s in own]) for fall in FALLS}
        falls[kind] = next(fall for fall in FALLS if whole[fall] >= whole[FALLS[-1]] - LOST)
    return falls


def _said_in(case: Case, draft: Sequence[units.Candidate], picks: Sequence[int]) -> tuple[bool, bool]:
    return found(case, [any(_says(draft[i], e) for i in picks) for e in (*case.evidence, *case.alternatives)])


def _says(candidate: units.Candidate, evidence: Evidence) -> bool:
    return evidence.said_by(candidate.hit.passage.note, candidate.unit.start, candidate.unit.end)


def _answerable(cases: Sequence[Case], sets: Sequence[str], features: fit.Rows, ridge: float = 100.0) -> dict[str, object]:
    """Fit both decisions, and set their thresholds on scores that cross-validation gave to unseen questions: in no set
    more than OVER of the answerable ones are turned away."""
    labels, names = np.array([c.answerable for c in cases]), np.array(sets)
    weight = fit.balanced(labels, sets)
    unseen = _unseen(features, labels, sets, ridge)
    threshold = min(float(np.quantile(unseen[labels & (names == name)], OVER)) for name in dict.fromkeys(sets))
    whole = fit.classifier(features, labels, ridge, weight)
    topical = np.array([c.kind != "unanswerable_off" for c in cases])
    on_topic = _unseen(features, topical, sets, ridge, trees=False)
    near_threshold = float(np.quantile(on_topic[topical], 1 - NEAR_KEPT))
    near = fit.classifier(features, topical, ridge, fit.balanced(topical, sets))
    _write("answerable", {
        "made_by": "python -m evals calibrate answerable",
        "answerable": {
            "weights": _named(answerable.FEATURES, whole), "bias": round(whole.bias, 4), "threshold": round(threshold, 4),
            "trees": fit.boosted(features, labels, answerable.FEATURES, weight),
        },
        "topical": {"weights": _named(answerable.FEATURES, near), "bias": round(near.bias, 4), "threshold": round(near_threshold, 4)},
    })  # fmt: skip
    outcome._decisions.cache_clear()
    return {
        "abstain_recall": round(float((unseen[~labels] < threshold).mean()), 3),
        "over_abstain": round(float((unseen[labels] < threshold).mean()), 3),
        "auc": round(_auc(unseen, labels), 3),
        "off_called_absent": round(float((on_topic[~topical] < near_threshold).mean()), 3),
    }


def _unseen(features: fit.Rows, labels: fit.Labels, sets: Sequence[str], ridge: float, trees: bool = True) -> fit.Rows:
    """Each row's log odds under models that were fitted without it (5 parts, averaged over SHUFFLES shuffles): the
    linear model's, or its mean with the trees'."""
    total = np.zeros(len(labels))
    for seed in range(SHUFFLES):
        for test in fit.folds(len(labels), 5, seed):
            weight = fit.balanced(labels[~test], [name for name, out in zip(sets, test, strict=True) if not out])
            made = fit.classifier(features[~test], labels[~test], ridge, weight)
            odds = features[test] @ made.weights + made.bias
            if trees:
                other = stored.Trees(answerable.FEATURES, tuple(fit.boosted(features[~test], labels[~test], answerable.FEATURES, weight)))
                odds = (odds + np.array([other.score(row) for row in features[test]])) / 2
            total[test] += odds
    return total / SHUFFLES


def _auc(scores: fit.Rows, labels: fit.Labels) -> float:
    return float(np.mean([(scores[labels] > s).mean() + 0.5 * (scores[labels] == s).mean() for s in scores[~labels]]))


def _said(made: Bench, contexts: Sequence[Sequence[Hit]], drafts: Sequence[Sequence[units.Candidate]], chosen: Sequence[Sequence[int]]) -> dict[str, object]:
    """Evidence in the context and in the chosen statements: any of it, and all of it."""
    held, said, words = [], [], []
    for case, hits, draft, picks in zip(made.cases, contexts, drafts, chosen, strict=True):
        if not case.answerable:
            continue
        held.append(evidence_held(case, hits))
        said.append(_said_in(case, draft, picks))
        words.append(sum(len(draft[i].text.split()) for i in picks))
    return {
        "context_any": round(float(np.mean([a for a, _ in held])), 3),
        "context_all": round(float(np.mean([b for _, b in held])), 3),
        "answer_any": round(float(np.mean([a for a, _ in said])), 3),
        "answer_all": round(float(np.mean([b for _, b in said])), 3),
        "words": round(float(np.mean(words))),
    }


def _named(names: Sequence[str], made: fit.Fit) -> dict[str, float]:
    return {name: round(float(w), 4) for name, w in zip(names, made.weights, strict=True)}


def _write(name: str, data: dict[str, object]) -> None:
    DATA.mkdir(exist_ok=True)
    (DATA / f"{name}.json").write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
