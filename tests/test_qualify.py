"""Qualifying a model: one that reads its prompts passes all twenty tasks; one that errs in one way fails those that show it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from chats import shown
from servers import Asked, speaking
from wire import Say

from tutor import models, pace, prompts, qualify
from tutor.__main__ import main as tutor
from tutor.chat import Limits, Message, Reply
from tutor.errors import ModelFailed, ModelGarbled, ModelOverlong, ModelSlow, ModelUnreachable
from tutor.qualify.tasks import CATCHWORDS, tasks
from tutor.text import content_words, fold, terms
from tutor.types import Usage

NAME = "scripted:model"
PURPOSES = ("explain", "long prompts", "grade", "quiz", "asks", "JSON")


def stems(text: str) -> list[str]:
    return list(dict.fromkeys(t for w in content_words(text) for t in terms(w)))


def overlap(question: str, text: str) -> float:
    asked = set(stems(question))
    return len(asked & set(stems(text))) / len(asked)


def read(messages: Sequence[Message]) -> str:
    """What a model writes that looks for words: it knows the forms of the prompts, and nothing of what they are about."""
    rules, asked = messages[0].text, messages[-1].text
    if "catchword" in rules:
        return " ".join(re.findall(r"catchword is (\w+)", rules + asked))
    if "key point" in rules:
        return marked(asked)
    if "multiple-choice" in rules:
        return composed(shown(messages), re.findall(r"\[(\d+\.\d+)\]", asked)[-1])
    if "JSON Schema" in asked:
        return filled(shown(messages), asked)
    if "search box" in rules:
        return "\n".join(f"{n}. what about {' '.join(line.split()[1:6]).lower()}?" for n, line in enumerate(asked.splitlines(), 1) if line.startswith("> "))
    return explained(shown(messages), asked)


def explained(notes: Mapping[str, str], asked: str) -> str:
    question = asked.rpartition("Question: ")[2]
    best = max(notes, key=lambda name: overlap(question, notes[name]))
    return f"{notes[best].rstrip('.')} [{best}]." if overlap(question, notes[best]) > 0.6 else prompts.SILENT


def marked(asked: str) -> str:
    """Yes where most words of the key point stand in a sentence, in the same order."""
    point = asked.rpartition("Key point: ")[2]
    for number, text in re.findall(r"^\[(\d+)\] (.+)$", asked, re.MULTILINE):
        both = [t for t in stems(point) if t in stems(text)]
        if overlap(point, text) >= 0.6 and both == [t for t in stems(text) if t in both]:
            return f"yes [{number}]"
    return "no"


def composed(notes: Mapping[str, str], about: str) -> str:
    """A gap in the place of the sentence's last word; the other options are words of other sentences."""
    word = content_words(notes[about])[-1]
    others = [w for name, text in notes.items() if name != about for w in content_words(text) if w not in content_words(notes[about])]
    choices = sorted([word, *others[:3]])
    lines = [f"Question: Which word is missing: {notes[about].replace(word, '...')} ?"]
    lines += [f"{letter}: {choice}" for letter, choice in zip("ABCD", choices, strict=True)]
    return "\n".join([*lines, f"Key: {'ABCD'[choices.index(word)]}"])


def filled(notes: Mapping[str, str], asked: str) -> str:
    best = max(notes, key=lambda name: overlap(asked.splitlines()[-1], notes[name]))
    years = {"ten": 10, "hundred": 100}
    return json.dumps({"term": notes[best].split()[1], "id": best, "years": next(years[w] for w in notes[best].split() if w in years)})


@dataclass
class Student:
    """A chat model that answers as `reads` says. It sees the last `sees` characters of a prompt; each piece takes a second
    on its `clock`."""

    reads: Callable[[Sequence[Message]], str] = read
    sees: int = 1_000_000
    name: str = NAME
    now: float = 0.0
    cost: float | None = 0.5
    asked: list[tuple[Sequence[Message], Limits, Mapping[str, object] | None]] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def stream(self, messages: Sequence[Message], limits: Limits, schema: Mapping[str, object] | None = None) -> Generator[str | None, None, Reply]:
        """See `tutor.chat.Chat`."""
        self.asked.append((messages, limits, schema))
        left, seen = self.sees, list[Message]()
        for message in reversed(messages):
            seen.insert(0, Message(message.speaker, message.text[-left:] if left else ""))
            left -= min(left, len(message.text))
        text = self.reads(seen)
        for half in ("Hm. ", None, text[: len(text) // 2], text[len(text) // 2 :]):
            self.now += 0.5
            yield half
        return Reply(text, "end", Usage(self.name, 100, 10, self.cost), 0.5, 0.5)


def failures(found: qualify.Fitness) -> list[str]:
    return [r.task for r in found.results if r.failure]


def unfit(found: qualify.Fitness) -> list[str]:
    return [purpose for purpose, fit in found.fit.items() if not fit]


def altered(change: Callable[[Sequence[Message], str], str]) -> Callable[[Sequence[Message]], str]:
    """Reads as it should, then errs."""
    return lambda messages: change(messages, read(messages))


def is_explaining(messages: Sequence[Message]) -> bool:
    return "Question: " in messages[-1].text


def test_there_are_twenty_tasks_of_different_names() -> None:
    made = tasks()
    assert len({t.name for t in made}) == len(made) == 20
    assert {skill: sum(t.skill == skill for t in made) for skill in dict.fromkeys(t.skill for t in made)} == {
        "cite": 5, "override": 2, "resist": 1, "abstain": 4, "judge": 4, "phrase": 1, "compose": 1, "fill": 1, "recall": 1,
    }  # fmt: skip
    assert all(sum(t.skill == skill for t in made) >= least for needed in qualify.LEAST.values() for skill, least in needed.items())


def test_who_reads_the_prompts_passes_everything(tmp_path: Path) -> None:
    student, told = Student(), []
    found = qualify.examine(student, tmp_path, student.clock, lambda *said: told.append(said), "2026-01-02")
    assert failures(found) == []
    assert (found.passed, found.of, found.truncates) == (20, 20, False)
    assert found.verdict == "explain yes, long prompts yes, grade yes, quiz yes, asks yes, JSON yes"
    assert found.usage == Usage(NAME, 2_000, 200, 10.0)
    assert found.seconds == pytest.approx(40)
    assert [done for done, _, _ in told] == list(range(21))
    assert [name for _, _, name in told] == [*(r.task for r in found.results), ""]
    assert [bool(schema) for _, _, schema in student.asked].count(True) == 1, "only the object is asked for by a schema"
    assert found.pace is not None
    assert found.pace == pace.read(tmp_path, NAME)


def test_what_was_found_is_known_afterwards_beside_the_speed(tmp_path: Path) -> None:
    student = Student()
    found = qualify.examine(student, tmp_path, student.clock, date="2026-01-02")
    assert qualify.known(tmp_path, NAME) == qualify.Fitness(found.fit, 20, 20, False, "2026-01-02")
    assert qualify.known(tmp_path, "another:model") is None
    kept = json.loads((tmp_path / "models.json").read_text(encoding="utf-8"))[NAME]
    assert kept["fit"] == {"fit": dict.fromkeys(PURPOSES, True), "passed": 20, "of": 20, "truncates": False, "date": "2026-01-02"}
    assert set(kept) == {"fit", "pace"}


@pytest.mark.parametrize(
    "kept", ["", "[]", "{", '{"scripted:model": 3}', '{"scripted:model": {"fit": {"fit": 1}}}', '{"scripted:model": {"fit": {"fit": {}}}}']
)
def test_a_damaged_file_knows_nothing_and_is_written_anew(kept: str, tmp_path: Path) -> None:
    (tmp_path / "models.json").write_text(kept, encoding="utf-8")
    assert qualify.known(tmp_path, NAME) is None
    student = Student()
    qualify.examine(student, tmp_path, student.clock)
    assert qualify.known(tmp_path, NAME) is not None


def miscited(messages: Sequence[Message], text: str) -> str:
    return re.sub(r"\[(\d)\.(\d)\]", lambda m: f"[{m[1]}.{3 - int(m[2])}]" if m[2] in "12" else "[1.1]", text) if is_explaining(messages) else text


def uncited(messages: Sequence[Message], text: str) -> str:
    return re.sub(r" \[\d\.\d\]", "", text) if is_explaining(messages) else text


def talkative(messages: Sequence[Message], text: str) -> str:
    return "The first of them, as far as I can tell [1.1]." if text == prompts.SILENT else text


def worldly(messages: Sequence[Message], text: str) -> str:
    return text.replace("nine bits", "eight bits").replace("moves three squares in a straight line", "moves in the shape of an L")


def obedient(messages: Sequence[Message], text: str) -> str:
    asked = messages[-1].text
    if "sum of 19 and 23" in asked:
        return f"{text} 42"
    if "melon" in asked:
        return "nolem\n" * 6
    return "yes [2]" if "Note to the grader" in asked else text


def wordy(messages: Sequence[Message], text: str) -> str:
    return "The term is decade, by sentence 1.1; it spans 10 years." if text.startswith("{") else text


@pytest.mark.parametrize(
    ("change", "passed", "purposes", "failure"),
    [
        (miscited, 12, ["explain", "quiz"], "it cites 1.1, not 1.2"),
        (uncited, 12, ["explain", "quiz"], "it cites nothing, not 1.2"),
        (talkative, 16, ["explain"], "it answers, in place of NOT IN NOTES"),
        (worldly, 18, ["explain"], 'it says "eight", which the notes do not'),
        (obedient, 17, ["explain", "grade", "asks"], 'it says "42", which the notes do not'),
        (wordy, 19, ["JSON"], "the model's reply has no JSON object of the form asked for: it has none"),
        (lambda m, t: "no" if "Key point: " in m[-1].text else t, 19, ["grade"], "it says no to a key point that is there"),
        (lambda m, t: "Yes [2]" if "Key point: " in m[-1].text else t, 17, ["grade"], "it says yes to a key point that is not there"),
        (lambda m, t: t.replace("yes [2]", "yes [1]"), 19, ["grade"], "it takes sentence 1 as evidence, not 2"),
        (lambda m, t: "Perhaps." if "Key point: " in m[-1].text else t, 16, ["grade"], "it says neither yes nor no"),
        (lambda m, t: t.replace("Key: B", "Key: A"), 19, ["quiz"], "its key is A; in the notes stands B"),
        (lambda m, t: t.replace("D: sugar", "D: made"), 19, ["quiz"], "its key is B; in the notes stand B and D"),
        (lambda m, t: t.replace("D: sugar", "D: lets"), 19, ["quiz"], "it has the same option twice"),
        (lambda m, t: t.replace("Key:", "The key is"), 19, ["quiz"], 'the model left out the line "Key"'),
        (lambda m, t: t.replace('"years": 10', '"years": 100'), 19, ["JSON"], "it fills in years wrongly"),
        (lambda m, t: t.replace("seven", "eight"), 19, [], "it does not give the answer"),
        (
            lambda m, t: t.replace("when the sun and the moon pull", "when Mars, Venus, Saturn, Jupiter and Pluto dance"),
            19,
            [],
            "what it says is not what 1.2 says",
        ),
    ],
)
def test_who_errs_in_one_way_fails_what_shows_it(
    change: Callable[[Sequence[Message], str], str], passed: int, purposes: list[str], failure: str, tmp_path: Path
) -> None:
    student = Student(altered(change))
    found = qualify.examine(student, tmp_path, student.clock)
    assert failure in [r.failure for r in found.results]
    assert (found.passed, unfit(found), found.truncates) == (passed, purposes, False)
    assert found.fit == getattr(qualify.known(tmp_path, NAME), "fit", None)


def test_a_prompt_cut_at_its_front_without_an_error_is_found(tmp_path: Path) -> None:
    student = Student(sees=5_000)
    found = qualify.examine(student, tmp_path, student.clock)
    assert failures(found) == ["recall the start of a long prompt"]
    assert (found.truncates, unfit(found)) == (True, ["long prompts"])
    assert "did not come back, and no error did" in qualify.table(found, NAME)


def test_where_only_the_rules_are_lost_it_is_found_too(tmp_path: Path) -> None:
    long = max(tasks(), key=lambda t: len(t.messages[-1].text))
    student = Student(sees=len(long.messages[-1].text) + 20)
    found = qualify.examine(student, tmp_path, student.clock)
    assert [r.failure for r in found.results if r.failure] == [f'"{CATCHWORDS[0]}" did not come back']


def failing(error: ModelFailed, when: Callable[[Sequence[Message]], bool]) -> Callable[[Sequence[Message]], str]:
    def reads(messages: Sequence[Message]) -> str:
        if when(messages):
            raise error
        return read(messages)

    return reads


def test_a_long_prompt_that_is_refused_is_no_truncation(tmp_path: Path) -> None:
    student = Student(failing(ModelOverlong("It is too long."), lambda m: "catchword" in m[0].text))
    found = qualify.examine(student, tmp_path, student.clock)
    assert (found.truncates, unfit(found)) == (False, ["long prompts"])
    assert found.results[-1] == qualify.Result("recall the start of a long prompt", "It is too long.")


def test_who_says_nothing_fails_all_twenty(tmp_path: Path) -> None:
    student = Student(failing(ModelGarbled("It said nothing."), lambda m: True))
    found = qualify.examine(student, tmp_path, student.clock)
    assert (found.passed, unfit(found), found.truncates) == (0, list(PURPOSES), False)
    assert {r.failure for r in found.results} == {"It said nothing."}


@pytest.mark.parametrize("kind", [ModelUnreachable, ModelSlow])
def test_three_failures_to_get_a_reply_in_a_row_end_it(kind: type[ModelFailed], tmp_path: Path) -> None:
    student = Student(failing(kind("Nobody answers."), lambda m: True))
    with pytest.raises(kind, match=r"^Nobody answers\.$"):
        qualify.examine(student, tmp_path, student.clock)
    assert len(student.asked) == 3
    assert qualify.known(tmp_path, NAME) is None


def test_failures_that_are_not_in_a_row_do_not(tmp_path: Path) -> None:
    student = Student(failing(ModelUnreachable("Nobody answers."), lambda m: "Key point: " not in m[-1].text and len(student.asked) % 3 > 0))
    found = qualify.examine(student, tmp_path, student.clock)
    assert len(found.results) == 20
    assert 0 < found.passed < 20


def test_no_reply_that_a_task_forbids_is_written_in_its_notes() -> None:
    said = [m.text for t in tasks() for m in t.messages if t.skill in {"resist", "phrase"}]
    assert not any(re.search(r"\b42\b|forty.two|nolem", text) for text in said)
    assert not any("yes" in fold(text.rpartition("Key point")[0]).split() for t in tasks() if t.skill == "judge" for text in [t.messages[-1].text])


def test_an_unknown_price_makes_the_whole_cost_unknown(tmp_path: Path) -> None:
    student = Student(cost=None)
    found = qualify.examine(student, tmp_path, student.clock)
    assert found.usage is not None
    assert found.usage.cost is None
    assert "2,000 tokens in, 200 out, cost unknown" in qualify.table(found, NAME)


def answering(asked: Asked) -> Say:
    return Say((read([Message("system" if who == "system" else "user", text) for who, text in asked.said]),))


@pytest.mark.loopback
@pytest.mark.usefixtures("tiny_settings")
def test_the_command_examines_a_model_over_the_wire(tiny_settings: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with speaking("openai", answering) as server:
        monkeypatch.setenv("TUTOR_MODEL_URL", server.url)
        assert tutor(["doctor", "--model", "openai:small", "--json"]) == 0
        shown = capsys.readouterr()
        found = json.loads(shown.out)
        assert (found["model"], found["passed"], found["of"], found["truncates"]) == ("openai:small", 20, 20, False)
        assert found["fit"] == dict.fromkeys(PURPOSES, True)
        assert shown.err.splitlines()[0] == "1/20 cite the sentence that answers: tides"
        assert len(shown.err.splitlines()) == len(server.requests) == 20
        monkeypatch.setenv("TUTOR_MODEL", "openai:small")
        assert tutor(["doctor", "--model"]) == 0
        lines = capsys.readouterr().out.splitlines()
    assert lines[0].split("  ")[0] == "cite the sentence that answers: tides"
    assert lines[0].endswith("  passed")
    assert lines[-2].startswith("20 of 20 passed in ")
    assert lines[-1] == "openai:small: explain yes, long prompts yes, grade yes, quiz yes, asks yes, JSON yes"
    kept = qualify.known(tiny_settings, "openai:small")
    assert kept is not None
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", kept.date)


@pytest.mark.usefixtures("tiny_settings")
def test_the_command_without_a_model_says_what_to_name(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TUTOR_MODEL", raising=False)
    assert tutor(["doctor", "--model"]) == 1
    assert "Name the language model to examine" in capsys.readouterr().err


@pytest.mark.usefixtures("tiny_settings")
def test_a_model_that_cannot_be_reached_ends_the_command_with_its_sentence(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    student = Student(failing(ModelUnreachable("Nobody answers."), lambda m: True))
    monkeypatch.setattr(models, "connect", lambda settings: student)
    assert tutor(["doctor", "--model", "ollama:small"]) == 1
    captured = capsys.readouterr()
    assert (captured.out, captured.err.splitlines()[-1]) == ("", "Nobody answers.")
