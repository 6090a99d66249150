"""A question and the notes as they are now in, whether its proof still holds out: valid, stale or broken, and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from tutor import facts
from tutor.exam import Claim, Finding, Question, Verification
from tutor.facts import Matrix
from tutor.ground import judge
from tutor.index import Index
from tutor.questions import binding, checks, computed, drafted
from tutor.questions.checks.stem import denials
from tutor.questions.record import identity
from tutor.text import fold, sentences
from tutor.types import Citation, Note

Recompute = Callable[[Question], bool]
"""Whether a computed question's key is what its needs give, and no other option is."""
_FOLLOWS: Final = ("exact", "supported")
_SET_AGAINST: Final = re.compile(r", (?:whereas|while) ")
"""Between the halves of a contrast, either of which can stand alone."""
_NUMBERED: Final = re.compile(r"^\d+\.\s+")


def verify(question: Question, index: Index, matrix: Matrix, recompute: Recompute = computed.recompute) -> Verification:
    """A question held against the notes: its id, its citations, its claims, what they prove, its explanation, its checks.

    *Stale* where cited words changed or moved; *broken* where the words stand and do not make the key right, and only it.
    `matrix` is that of the index; some 2 ms, 10 where a text is judged.
    """
    if question.id != identity(question):
        return Verification("broken", (Finding("tampered", "The question was changed after it was made: its id does not fit its content."),))
    if stale := tuple(Finding("citations", text) for text in _moved(question, index.notes)):
        return Verification("stale", stale)
    if unmade := tuple(checks.examine(question, checks.PARTS)):
        return Verification("broken", unmade)
    for name, proves in (("proof", _structure), ("claims", _claims), ("key", _key), ("explanation", _explanation)):
        if found := tuple(Finding(name, text) for text in proves(question, matrix, recompute)):
            return Verification("broken", found)
    wrong = tuple(checks.examine(question))
    if not wrong and question.mode != "notes-only":
        wrong = tuple(Finding("drafted", text) for text in drafted.doubts(question, index, matrix))
    return Verification("broken" if wrong else "valid", wrong)


def _moved(question: Question, notes: Mapping[str, Note]) -> Iterator[str]:
    """Citations whose words do not stand where they did."""
    for citation in question.proof.citations:
        note = notes.get(citation.note)
        if note is None:
            yield f"The note {citation.note} is gone."
        elif not citation.quote or not 0 <= citation.start <= citation.end or note.text[citation.start : citation.end] != citation.quote:
            moved = bool(citation.quote) and citation.quote in note.text
            yield f"Words cited from {citation.note} {'moved within it' if moved else 'changed'}: “{' '.join(citation.quote.split())[:60]}”."


def _structure(question: Question, _matrix: Matrix, _recompute: Recompute) -> Iterator[str]:
    """What a proof must have before it is read: a reason for each option, claims and citations that are there."""
    proof = question.proof
    numbers = [c.number for c in proof.citations]
    if numbers != list(range(1, len(numbers) + 1)):
        yield "The citations are not numbered 1, 2, 3 and so on."
    if not numbers:
        yield "The proof cites nothing."
    if sorted(r.option for r in proof.reasons) != sorted(o.id for o in question.options):
        yield "Not every option has exactly one reason."
    for reason in proof.reasons:
        holds = reason.option in question.key or question.kind in ("ordering", "matching")
        if reason.holds != holds:
            yield f"The reason of the option {reason.option} speaks {'for' if reason.holds else 'against'} it, and the key does not."
        if not reason.text.strip() or (not reason.claims and proof.asks != "number"):
            yield f"Nothing is said to settle the option {reason.option}."
        if not -1 <= reason.fails < len(proof.needs) or (holds and reason.fails >= 0):
            yield f"The option {reason.option} is said to fail a need that there is not."
    cited = [(*r.claims,) for r in proof.reasons]
    named = [c.citations for claims in cited for c in claims] + [s.citations for s in question.explanation] + [p.citations for p in question.key_points]
    if any(not some or not set(some) <= set(numbers) for some in named):
        yield "A claim, a key point or a sentence of the explanation cites nothing that the proof has."
    if not question.explanation:
        yield "There is no explanation."


def _claims(question: Question, matrix: Matrix, _recompute: Recompute) -> Iterator[str]:
    """Whether the notes say what is claimed: by the matrix, or, in a model's words, by what the quotes support."""
    for claim in (claim for reason in question.proof.reasons for claim in reason.claims):
        held = facts.holds(claim, question.proof.citations, matrix) or (question.mode != "notes-only" and _supported(claim, question))
        if not held:
            yield f"The notes do not give “{claim.value[:60]}” as “{claim.attribute}” of {claim.thing}, where it is cited."


def _supported(claim: Claim, question: Question) -> bool:
    """Whether the cited quotes carry a claim in a model's words."""
    quotes, around = _quotes(question.proof.citations, claim.citations)
    said = claim.value if fold(claim.thing) in fold(claim.value) else f"{claim.thing} {claim.attribute} {claim.value}"
    return judge(said, quotes, "", around).verdict in _FOLLOWS


def _key(question: Question, matrix: Matrix, recompute: Recompute) -> Iterator[str]:
    """Whether the claims make the key right, and nothing else."""
    if question.proof.asks == "number":
        if denials(question) or binding.foreign_figure(question) or not recompute(question):
            yield "The numbers of the stem do not give the key and no other option."
    elif question.proof.asks == "words":
        yield from _words(question, matrix)
    else:
        yield from binding.bound(question, matrix)


def _words(question: Question, matrix: Matrix) -> Iterator[str]:
    """Whether what is marked stands in the notes: the filled sentence, the key points, the reference."""
    if question.kind == "cloze":
        quotes, _ = _quotes(question.proof.citations, [c.number for c in question.proof.citations])
        if not binding.filled(question, quotes):
            yield "The sentence with its blank filled does not stand in the notes."
    for count, point in enumerate(question.key_points, 1):
        stands = fold(point.text) == fold(question.reference) if question.kind == "cloze" else _follows(point.text, question, point.citations, (), matrix)
        if not stands:
            yield f"Key point {count} does not follow from what it cites."
    if question.kind == "free_text" and _left(question.reference, [fold(p.text) for p in question.key_points]):
        numbers = tuple(c.number for c in question.proof.citations)
        if not _follows(question.reference, question, numbers, (), matrix):
            yield "The reference does not follow from the notes."


def _explanation(question: Question, matrix: Matrix, _recompute: Recompute) -> Iterator[str]:
    """Whether each sentence of the explanation, and each reason, follows from what it cites."""
    reasons = {r.text: r for r in question.proof.reasons}
    for statement in question.explanation:
        reason = reasons.get(statement.text)
        if reason and question.proof.asks == "number":
            continue  # computed with the key
        if not _follows(statement.text, question, statement.citations, reason.claims if reason else (), matrix):
            yield f"The explanation “{statement.text[:60]}” does not follow from what it cites."
    told = {s.text for s in question.explanation}
    for reason in (r for r in question.proof.reasons if r.text not in told):
        yield f"The explanation does not say why the option {reason.option} is {'right' if reason.holds else 'wrong'}."


def _follows(text: str, question: Question, numbers: Sequence[int], claims: Sequence[Claim], matrix: Matrix) -> bool:
    """Whether a text is its claims one after the other, as code writes them, or follows from the cited quotes."""
    if not text.strip():
        return False
    text = _NUMBERED.sub("", text) if question.proof.asks == "step" else text
    if _recited(text, claims, question.proof.asks) or _recited(text, _told(question, numbers, matrix), ""):
        return True
    quotes, around = _quotes(question.proof.citations, numbers)
    halves = {fold(half) for quote in quotes for half in _SET_AGAINST.split(quote)}
    return all(fold(text[a:b]) in halves or judge(text[a:b], quotes, "", around).verdict in _FOLLOWS for a, b in sentences(text))


def _recited(text: str, claims: Sequence[Claim], asks: str) -> bool:
    """Whether a text is nothing but things, attributes and values, "Thing: attribute – value.", or a step as it stands."""
    return not _left(text, [fold(c.value if asks == "step" else f"{c.thing} {c.attribute} {c.value}") for c in claims])


def _left(text: str, pieces: Sequence[str]) -> str:
    """What is left of a text, folded, once it lost each of the pieces that it begins with in turn."""
    left = fold(text)
    for piece in pieces:
        if left == piece or left.startswith(f"{piece} "):
            left = left[len(piece) :].strip()
    return left


def _told(question: Question, numbers: Sequence[int], matrix: Matrix) -> list[Claim]:
    """The cells that stand within the cited places, as claims."""
    places = [c for c in question.proof.citations if c.number in numbers]
    notes = {c.note for c in places}
    return [
        Claim(f.thing, f.attribute, f.value, ())
        for group in matrix.groups.values()
        if group.note in notes
        for f in group.facts
        if f.kind == "cell" and any(c.note == f.note and c.start <= f.at[0] and f.at[1] <= c.end for c in places)
    ]


def _quotes(citations: Sequence[Citation], numbers: Sequence[int]) -> tuple[list[str], list[str]]:
    """The quotes of some citations, and the headings above them."""
    cited = [c for c in citations if c.number in numbers]
    return [c.quote for c in cited], list(dict.fromkeys(h for c in cited for h in c.heading))
