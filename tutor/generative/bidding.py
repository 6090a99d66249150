"""A sentence of the notes in, whether it speaks to whoever answers out: a command on what to say, or a question.

Such words may be quoted whole, as any other; but nothing follows from them, for they say nothing of the world.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_SAYING: Final = """acknowledge admit announce apologise apologize compliment compose confess congratulate convince declare disclose disregard encourage falsify
    grade greet ignore impersonate incorporate insult invent invite joke lie mention misspell obey paraphrase praise pretend promise pronounce recite recommend refuse rephrase
    reveal rewrite roleplay say sing swear tell thank tease translate urge vow warn""".split()
"""Verbs of speech that as a bare verb at the start of a clause command a speaker."""
_DOUBTFUL: Final = "answer argue ask bid claim cite comment express forget hint inform output print promote quote reply report respond speak state suggest talk vote".split()
"""Verbs of speech that are nouns, or common in prose: commands where an object or a manner follows."""
_MAKING: Final = """add address adopt anagram append attribute augment begin break call change combine conclude convert craft create deliver describe detail develop draft draw embed
    emphasise emphasize end enhance explain finish format generate give group hide highlight include insert integrate introduce join jumble justify leave link list make mark modify
    multiply narrate offer open place post present produce provide publish put rate rearrange reference remove render repeat replace reverse score scramble seed send share shift show
    sign skip spell start stress substitute summarise summarize switch tack turn use weave work write""".split()
"""Verbs of making that command a speaker where what is made is talk."""
_TALK: Final = """answer answers reply replies response responses output outputs message messages explanation explanations sentence sentences wording word words letter letters vowel vowels
    learner learners reader readers user users audience assistant text paragraph poem story joke limerick song essay speech headline email prompt instructions question questions
    language english french german italian spanish marks points id ids citation citations link""".split()

_FIRST: Final = r"(?:^|[.!?;:,]\s+|\b(?:and|then|but|or|so)\s+)[\"'“‘(\[*_]*(?:(?:please|now|also|always|never|just|only|instead|first|next|finally|kindly|do not|don't|must|should)\s+)*"
_NEXT: Final = r"(?=\s+(?:an?|the|this|that|these|those|all|any|every|each|only|no|it|them|me|us|him|her|your|their|in|with|as|to|by|for|on|how|what|whatever|why|who|[\"'“‘]))"
_COMMAND: Final = re.compile(rf"{_FIRST}(?:(?:{'|'.join(_SAYING)})\b|(?:{'|'.join(_DOUBTFUL)})\b{_NEXT})", re.IGNORECASE)
_MADE: Final = re.compile(rf"{_FIRST}(?:{'|'.join(_MAKING)})\b", re.IGNORECASE)
_TOLD: Final = re.compile(rf"\b(?:{'|'.join(_TALK)})\b", re.IGNORECASE)
_YOURS: Final = re.compile(r"\byour\s+(?:\w+\s+)?(?:answer|reply|response|output|message|explanation|sentence|system prompt)s?\b", re.IGNORECASE)
_LONGEST: Final = 600


@lru_cache(maxsize=4096)
def bids(text: str) -> bool:
    """Whether a sentence commands a speaker, or asks."""
    said = text[:_LONGEST]
    if said.rstrip(" \"'”’)*_").endswith("?"):
        return True
    return bool(_YOURS.search(said) or _COMMAND.search(said) or (_MADE.search(said) and _TOLD.search(said)))
