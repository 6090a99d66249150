"""Replies of chat models on disk: a chat model in that writes down what it says, one out that says it again, prompt by prompt.

A cassette is a file of JSON lines, one model's replies, each known by a digest of the prompt that it answers. What a prompt holds
by chance, the word that fences the notes, is no part of the digest. Raises InputError, in one sentence, for a file that is none.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tutor.chat import Chat, Limits, Message, Reply, Stop
from tutor.clients.thinking import Veil
from tutor.errors import InputError, ModelFailed
from tutor.types import Usage, digest

FENCE: Final = "NOTES-00000000"
"""Stands for the word that fences the notes."""
MOST: Final = 12
"""Ids of a range, beside the first."""
_FENCE: Final = re.compile(r"NOTES-[0-9a-f]{8}")
_ROW: Final = re.compile(r"^\[(\d+(?:\.\d+)?)\] (.+)$", re.MULTILINE)
BRACKET: Final = re.compile(r"[\[(【][^\[\]()【】\n]{1,60}[\])】]")
_RANGE: Final = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,3})\s*(?:-|–|to)\s*\1\.(\d{1,3})(?![\d.])")
DOTTED: Final = re.compile(r"(?<![\d.])\d{1,2}\.\d{1,3}(?![\d.])")
SECTION: Final = re.compile(r"(?<![\d.])\d{1,2}(?![\d.])")
_SECRET: Final = re.compile(
    r"\bA(?:KI|SI)A[0-9A-Z]{12,}|\bBearer\s+(?=\S*\d)[\w.~+/=-]{8,}|-----BEGIN [A-Z ]*PRIVATE KEY|\b(?:sk|gsk|hf|gh[pousr]|xox[abp])[-_](?=\S*\d)\w{16,}|\bAIza[\w-]{30,}"
    r"|\baws_secret_access_key\s*[=:]\s*\S{20,}"
)


class CassetteMissing(ModelFailed):
    """No reply to this prompt was recorded."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a chat model was asked. `sha` is a digest of all of it, the schema included and limits not, `wording` of what is neither
    notes nor question, `shown` of the notes; `sources` are their sentences and headings by id, `question` is the last line."""

    sha: str
    wording: str
    shown: str
    question: str
    sources: Mapping[str, str]
    fence: str


@dataclass(frozen=True, slots=True)
class Take:
    """A recorded reply. Of what was `said`, each stretch but the last was taken back as thinking; `sources` are the words that the
    reply cites by id, `tokens` those of prompt and reply. Of replies written for a purpose, `wrong` names the sentences that are
    known to be false, and `declined` says that the reply is no answer."""

    prompt: str
    wording: str
    shown: str
    model: str
    question: str
    said: tuple[str, ...]
    stop: Stop
    tokens: tuple[int, int]
    sources: Mapping[str, str]
    wrong: tuple[str, ...] = ()
    declined: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """A prompt to which no reply was recorded, and what became of the one that was, if any."""

    prompt: Prompt
    why: str


class Recorder:
    """A chat model (`tutor.chat.Chat`) whose replies are written to a cassette, each as soon as it is whole.

    A reply is read to its end even where who listens has heard enough: other checks may want to hear more of it. One that fails is
    not recorded. Raises InputError for a reply that holds what looks like a key, and for a cassette of another model.
    """

    def __init__(self, chat: Chat, path: Path) -> None:
        self.chat, self.path, self.name = chat, path, chat.name
        self._takes = {t.prompt: t for t in read(path)} if path.exists() else {}
        if others := {t.model for t in self._takes.values()} - {self.name}:
            raise InputError(f"{path} holds replies of {others.pop()}; record those of {self.name} in another file.")

    def stream(self, messages: Sequence[Message], limits: Limits, schema: Mapping[str, object] | None = None) -> Generator[str | None, None, Reply]:
        """See `tutor.chat.Chat`."""
        said, heard = [""], True
        with closing(self.chat.stream(messages, limits, schema)) as pieces:
            while True:
                try:
                    piece = next(pieces)
                except StopIteration as end:
                    reply: Reply = end.value
                    break
                except ModelFailed:
                    if heard:
                        raise
                    raise GeneratorExit from None  # nobody listens any more
                if piece is None:
                    said.append("")
                else:
                    said[-1] += piece
                if heard:
                    try:
                        yield piece
                    except GeneratorExit:
                        heard = False
        self._keep(prompt(messages, schema), said, reply)
        return reply

    def spent(self, messages: Sequence[Message], text: str) -> Usage:
        """See `tutor.chat.Chat`."""
        return self.chat.spent(messages, text)

    def _keep(self, asked: Prompt, said: Sequence[str], reply: Reply) -> None:
        stretches = [s.replace(asked.fence, FENCE) if asked.fence else s for s in (*filter(None, said[:-1]), said[-1])]
        tokens = (reply.usage.input_tokens, reply.usage.output_tokens)
        sources = {i: asked.sources[i] for i in cited(stretches) if i in asked.sources}
        take = Take(asked.sha, asked.wording, asked.shown, self.name, asked.question, tuple(stretches), reply.stop, tokens, sources)
        takes = self._takes | {asked.sha: take}
        write(self.path, takes.values())
        self._takes = takes


class Replayer:
    """A chat model (`tutor.chat.Chat`) that says what a cassette holds, word by word, always in the same pieces.

    What was said goes through `tutor.clients.thinking` once more, so that thinking stays hidden in the way of today. A prompt
    that has no reply raises CassetteMissing and is kept in `missing`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.takes = read(path)
        self.name = self.takes[0].model
        self.missing: list[Missing] = []
        self._by_prompt = {t.prompt: t for t in self.takes}

    def stream(self, messages: Sequence[Message], limits: Limits, schema: Mapping[str, object] | None = None) -> Generator[str | None, None, Reply]:  # noqa: ARG002
        """See `tutor.chat.Chat`."""
        asked = prompt(messages, schema)
        take = self._by_prompt.get(asked.sha)
        if take is None:
            self.missing.append(Missing(asked, _why(asked, self.takes)))
            raise CassetteMissing(f"{self.path.name} has no reply to this prompt: {self.missing[-1].why}.")
        text = ""
        for piece in _spoken([s.replace(FENCE, asked.fence) if asked.fence else s for s in take.said]):
            text = "" if piece is None else text + piece
            yield piece
        return Reply(text, take.stop, Usage(self.name, *take.tokens))

    def spent(self, messages: Sequence[Message], text: str) -> Usage:  # noqa: ARG002
        """See `tutor.chat.Chat`. Nothing: no model was asked."""
        return Usage(self.name)


def prompt(messages: Sequence[Message], schema: Mapping[str, object] | None = None) -> Prompt:
    """What a prompt is known by, whatever word fences its notes."""
    found = _FENCE.search(messages[0].text)
    fence = found.group() if found else ""
    texts = [m.text.replace(fence, FENCE) if fence else m.text for m in messages]
    asked = "\n".join(texts)
    begin, end = asked.find(f"{FENCE} begin\n"), asked.find(f"\n{FENCE} end")
    notes = asked[begin:end] if 0 <= begin < end else ""
    frame = [text.replace(notes, "") if notes else text for text in texts]
    head, _, question = frame[-1].rpartition("\n")
    speakers, form = [m.speaker for m in messages], json.dumps(schema, sort_keys=True)
    return Prompt(
        digest(*speakers, *texts, form), digest(*speakers, *frame[:-1], head, form)[:16], digest(notes)[:16], question.removeprefix("Question: "),
        dict(_ROW.findall(notes)), fence,
    )  # fmt: skip


def read(path: Path) -> tuple[Take, ...]:
    """The replies of a cassette. Raises InputError where there are none, one is damaged or stands twice, or they are of several models."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"There is no cassette that can be read at {path}; record one with `python -m evals run --model NAME --record`.") from error
    takes = tuple(_take(line, f"{path.name}, line {number},") for number, line in enumerate(lines, 1) if line.strip())
    if not takes or len({t.model for t in takes}) > 1:
        raise InputError(f"{path.name} holds {'replies of several models' if takes else 'no reply'}; a cassette holds those of one: record it again.")
    twice = [t.question for t, many in ((t, Counter(o.prompt for o in takes)[t.prompt]) for t in takes) if many > 1]
    if twice:
        raise InputError(f"{path.name} has two replies to one prompt, {twice[0]!r}; take one of them out.")
    return takes


def write(path: Path, takes: Iterable[Take]) -> None:
    """Write a cassette, sorted, a line for each reply. Raises InputError for one that holds what looks like a key."""
    lines = [json.dumps(_row(t), ensure_ascii=False) + "\n" for t in sorted(takes, key=lambda t: (t.question, t.prompt))]
    if secret := next((m for line in lines for m in [_SECRET.search(line)] if m), None):
        raise InputError(f"The reply is not recorded: it holds what looks like a key ({secret.group()[:8]}…); take it out of the notes and record again.")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_text("".join(lines), encoding="utf-8", newline="\n")
    part.replace(path)


def _row(take: Take) -> dict[str, Any]:
    row = {
        "question": take.question, "prompt": take.prompt, "wording": take.wording, "shown": take.shown, "model": take.model, "said": take.said,
        "stop": take.stop, "tokens": take.tokens, "sources": dict(sorted(take.sources.items(), key=lambda s: [int(n) for n in s[0].split(".")])),
    }  # fmt: skip
    return row | ({"wrong": take.wrong} if take.wrong else {}) | ({"declined": True} if take.declined else {})


_FORM: Final[Mapping[str, type]] = {
    "question": str, "prompt": str, "wording": str, "shown": str, "model": str, "said": list, "stop": str, "tokens": list, "sources": dict, "wrong": list,
    "declined": bool,
}  # fmt: skip
_OPTIONAL: Final = {"wrong", "declined"}


def _take(line: str, where: str) -> Take:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise InputError(f"{where} is no recorded reply: it is cut off or edited; restore the file, or record it again.") from error
    fits = isinstance(row, dict) and _FORM.keys() - _OPTIONAL <= row.keys() <= _FORM.keys() and all(isinstance(v, _FORM[k]) for k, v in row.items())
    texts = [*row["said"], *row["sources"].values(), *row.get("wrong", ())] if fits else []
    counts = row["tokens"] if fits else []
    if (
        not texts
        or not row["said"]
        or not all(isinstance(t, str) for t in texts)
        or [type(n) for n in counts] != [int, int]
        or row["stop"] not in ("end", "tokens")
    ):
        raise InputError(f"{where} is no recorded reply: a field is missing, or is not what it should be; restore the file, or record it again.")
    return Take(**{**row, "said": tuple(row["said"]), "tokens": tuple(counts), "wrong": tuple(row.get("wrong", ()))})


def _why(asked: Prompt, takes: Iterable[Take]) -> str:
    """What became of the reply that was recorded to a question."""
    same = [t for t in takes if t.question == asked.question]
    if not same:
        return "never recorded"
    if any(t.wording == asked.wording for t in same):
        return "the sentences shown changed"
    return "the prompt's wording changed" if any(t.shown == asked.shown for t in same) else "the prompt's wording and the sentences shown changed"


def _spoken(stretches: Sequence[str]) -> Iterator[str | None]:
    """What is heard of what was said, in pieces of a word; None where what came before is taken back."""
    veil = Veil()
    for number, stretch in enumerate(stretches):
        if number:
            yield None
        for piece in re.findall(r"\S+\s*|\s+", stretch):
            yield from veil.read(piece)
    yield from veil.close()


def cited(stretches: Iterable[str]) -> list[str]:
    """The ids that a reply writes in brackets, each once: "2.1", or "2" for a section."""
    found = (m.group() for stretch in stretches for m in BRACKET.finditer(spread(stretch)))
    return list(dict.fromkeys(i for group in found for i in _ids(group)))


def _ids(group: str) -> list[str]:
    return DOTTED.findall(group) or (SECTION.findall(group) if group[0] in "[【" else [])


def spread(text: str) -> str:
    """A reply with each range of ids, "[2.1-2.3]", as all of them."""
    return BRACKET.sub(lambda b: _RANGE.sub(_each, b.group()), text)


def _each(found: re.Match[str]) -> str:
    section, first, last = found[1], int(found[2]), int(found[3])
    return ", ".join(f"{section}.{n}" for n in range(first, min(last, first + MOST) + 1))
