"""Words and phrases that several rules share: what is asked of a thing, the last topic in one phrase, a verb that agrees."""

from __future__ import annotations

from typing import Final

from tutor.followup import topic
from tutor.followup.pronouns import number
from tutor.followup.talk import Talk, joined

RELATED: Final = (
    r"(?:(?:main|key|common|typical|biggest|usual|default|maximum|minimum)\s+)?(?:limits?|limitations?|advantages?|disadvantages?|benefits?|drawbacks?|downsides?|pros and cons|pros|cons|steps|formula|price|pricing|costs?|purpose|"
    r"use cases?|alternatives?|types|kinds|misconceptions?|mistakes?|pitfalls|risks?|requirements|trade-?offs?|catch|point|(?:hyper)?parameters|settings|options|values|metrics|quotas?|components|prerequisites|default(?: values?)?)"
)
"""What is asked of a thing, without the thing, as a pattern."""


def bare(talk: Talk) -> str:
    """The topic in one phrase; of "the limits of X", X."""
    return joined([topic.relation(t)[1] for t in talk.topics])


def verb(one: str, phrase: str) -> str:
    """ "Does" or "is", made to agree with a phrase."""
    return {"does": "do", "is": "are"}[one] if number(phrase) == "many" else one


def aim(talk: Talk, last: bool = True) -> str:
    """What a thing is wanted for: "to monitor an endpoint" after "how do I monitor an endpoint?", else "for" the topic.
    `last` wants the last question's; else the last thing that was to be done counts, asked some turns ago too."""
    deed, word = talk.goal, talk.goal.split(" ")[0]
    if not deed or (last and deed not in talk.question):
        return f"for {bare(talk)}"
    return f"for {deed.removeprefix(word).strip()}" if word in ("handle", "fix", "solve") else f"to {deed}"
