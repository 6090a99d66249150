"""A sentence of the notes in, whether it speaks to whoever answers out: a command on what to say, or a question.

Such words may be quoted whole, as any other; but nothing follows from them, for they say nothing of the world.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_SAYING: Final = """acknowledge admit announce apologise apologize compliment confess congratulate convince disclose disregard encourage falsify ignore impersonate insult invent joke
    mention misspell obey paraphrase pretend pronounce recite recommend rephrase reveal rewrite say sing swear tell tease urge vow warn""".split()
"""Verbs of speech that as a bare verb at the start of a clause command a speaker."""
_DOUBTFUL: Final = """answer argue ask claim cite comment compose declare describe draft explain express forget grade greet hint inform invite lie praise print promise promote quote refuse
    reply report respond speak state suggest talk thank translate vote""".split()
"""Verbs of speech that are nouns too, or common in prose: commands at the start of a sentence where an object or a manner follows."""
_MAKING: Final = """add address adopt anagram append attribute augment begin break call change combine conclude convert craft create deliver detail develop embed emphasise emphasize end
    enhance finish format generate give group hide highlight include incorporate insert integrate introduce join jumble justify leave list make mark modify multiply narrate offer open
    place post present produce provide publish put rate rearrange reference remove render repeat replace reverse score scramble seed send share shift show sign skip spell start stress
    substitute summarise summarize switch tack turn use weave work write""".split()
"""Verbs of making that command a speaker where what is made is talk."""
_TALK: Final = """answer answers reply replies response responses output outputs message messages explanation explanations sentence sentences wording word words letter letters vowel vowels
    learner learners reader readers user users audience assistant text paragraph poem story joke limerick song essay speech headline email prompt instructions question questions
    language english french german italian spanish marks points id ids citation citations link example examples summary introduction tip reminder""".split()

_ADVERB: Final = r"(?:(?:please|now|also|always|never|just|only|instead|first|next|finally|kindly|do not|don't)\s+)*"
_CLAUSE: Final = rf"(?:^|[.!?;:,]\s+|\b(?:and|then|but|or|so)\s+)[\"'“‘(\[*_]*{_ADVERB}"
_START: Final = rf"(?:^(?:[^,;:.!?|]{{1,40}}[,:]\s+)?|[.!?;]\s+|^[^,;:.!?|]{{1,60}}\b(?:and|then)\s+)[\"'“‘(\[*_]*{_ADVERB}"
_NEXT: Final = r"(?=\s+(?:an?|the|this|that|these|those|all|any|every|each|only|no|it|them|me|us|him|her|your|their|in|with|as|to|by|for|on|how|what|whatever|why|who|[\"'“‘]))"
_COMMAND: Final = re.compile(rf"{_CLAUSE}(?:{'|'.join(_SAYING)})\b(?!\s+(?:is|are|was|were)\b)|{_START}(?:{'|'.join(_DOUBTFUL)})\b{_NEXT}", re.IGNORECASE)
_MADE: Final = re.compile(rf"{_START}(?:{'|'.join(_MAKING)})\b", re.IGNORECASE)
_TOLD: Final = re.compile(rf"\b(?:{'|'.join(_TALK)})\b", re.IGNORECASE)
_YOURS: Final = re.compile(r"\byour\s+(?:\w+\s+)?(?:answer|reply|response|output|message|explanation|sentence|system prompt)s?\b", re.IGNORECASE)
_NAMED: Final = re.compile(
    r"^\W*(?:system|assistant|developer|admin|user|ai|model)\s*:|\byou\s+(?:(?:now|only|will|must|should|shall)\s+)*(?:speak|answer|reply|respond)\b",
    re.IGNORECASE,
)
_LONGEST: Final = 600


@lru_cache(maxsize=4096)
def bids(text: str) -> bool:
    """Whether a sentence commands a speaker, or asks."""
    said = text[:_LONGEST]
    asks = said.rstrip(" \"'”’)*_").endswith("?") and "|" not in said
    return asks or bool(_YOURS.search(said) or _NAMED.search(said) or _COMMAND.search(said) or (_MADE.search(said) and _TOLD.search(said)))
