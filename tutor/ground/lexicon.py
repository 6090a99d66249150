"""Word lists out: words that deny, hedge, generalise or set a condition, idle words, and units.

English as teachers and their notes use it; nothing here knows a subject.
"""

from __future__ import annotations

from typing import Final

from tutor.text import STOPWORDS

NEGATORS: Final = frozenset(
    "not no never none nor neither without cannot nobody nothing nowhere hardly barely scarcely isn't aren't wasn't weren't don't doesn't didn't can't couldn't won't wouldn't shouldn't hasn't haven't hadn't mustn't needn't needn't isnt dont doesnt cant wont didnt".split()
)
"""Words that deny what stands behind them."""
SOFT_NEGATORS: Final = frozenset(
    """avoid avoids skip skips ignore ignores exclude excludes excluded lack lacks lacking fail fails failed refuse refuses deny denies forbid forbids prevent prevents
    stop stops drop drops leave leaves instead rather except unless but only misconception myth false wrong wrongly unable impossible missing absent free useless less fewer few little
    too rarely seldom hidden disappear disappears keep keeps unlike whereas until forget lose loses zero leaving hide hides beyond out protects protect reject rejects however far
    before alone else nobody closed ends ended stopped former
    delete deletes deleted deleting remove removes removed expire expires expired empty destroys destroyed lost void gone stay stays remain remains spare spares saves save elsewhere otherwise""".split()
)
"""Words that may stand for a denial, so that its absence elsewhere is no contradiction."""

EITHER_WAY: Final = frozenset("only either otherwise elsewhere except unless both".split())
"""Words that set a limit, and so deny what is beyond it."""

HEDGES: Final = frozenset(
    """may might can could some sometimes often usually typically generally commonly mostly mainly many most several probably possibly perhaps likely about around
    approximately roughly nearly almost hardly seldom rarely tends tend should suggests suggest partly partially normally frequently occasionally""".split()
)
UNIVERSALS: Final = frozenset(
    "always all every everyone everything never none must only any exactly entirely completely guarantee guarantees guaranteed ever entire whole fully whatever however certainly absolutely proves prove prevents eliminates removes".split()
)
SWEEPING: Final = frozenset("always all every everyone everybody everything everywhere whenever".split())
"""Generalisations that cannot be called supported where the notes make none."""
STRONG: Final = frozenset("always every never must exactly only all none guarantee guarantees guaranteed completely entirely any".split())
"""Generalisations that, where the notes hedge, change what is said."""
_WHOLE: Final = frozenset("each whole entire complete full whenever both everywhere no not cannot".split())
AS_STRONG: Final = {
    "must": frozenset("need needs needed require requires required mandatory necessary has have requirement cannot".split()),
    "never": frozenset("not no cannot avoid nobody nothing without".split()),
    "none": frozenset("not no cannot nobody nothing without".split()),
    "whenever": _WHOLE, "everyone": _WHOLE, "everybody": _WHOLE, "everything": _WHOLE, "everywhere": _WHOLE,
    "always": _WHOLE, "every": _WHOLE, "all": _WHOLE, "any": _WHOLE, "completely": _WHOLE, "entirely": _WHOLE,
    "only": frozenset("just alone single but one except sole limited".split()),
}  # fmt: skip
"""For a generalisation, words of the notes that are as strong."""
CONDITIONS: Final = frozenset("if unless only when until provided except where while once without after before as whenever".split())
BINDING: Final = (
    "only if",
    "only when",
    "unless",
    "only for",
    "only where",
    "only after",
    "provided that",
    "except",
    "only while",
    "only with",
    "only in",
    "as long as",
    "only once",
    "only on",
)
"""Phrases whose condition a sentence may not leave out."""

FILLER: Final = frozenset(
    """basically simply essentially actually note notes according example instance remember think imagine think's thus therefore hence whereas although though
    that's there's let's means meaning called call name named known so-called namely specifically particular particularly especially quite rather really also however
    besides moreover yes well sure always never every only just even still already yet whole entire another else able
    across along among within without toward towards onto upon per versus vs plus around beside besides near than either neither both whether
    would could should might must shall cannot
    one ones two thing things something anything everything nothing way ways kind sort type bit lot lots time times case cases point""".split()
)
"""Words of talk, beside the stopwords, whose absence from the notes says nothing."""


IDLE: Final = (STOPWORDS - {"same", "lot", "much", "few"}) | FILLER
"""Words that carry no claim of their own."""

_UNITS: Final = """
ns nanosecond nanoseconds | time | 1e-9
us microsecond microseconds µs | time | 1e-6
ms millisecond milliseconds msec | time | 1e-3
s sec secs second seconds | time | 1
min mins minute minutes | time | 60
h hr hrs hour hours hourly | time | 3600
d day days daily | time | 86400
wk week weeks weekly | time | 604800
month months monthly | time | 2592000
quarter quarters quarterly | time | 7776000
yr year years yearly annual annually | time | 31536000
decade decades | time | 315360000
century centuries | time | 3153600000
bit bits | data | 0.125
byte bytes | data | 1
kb kib kilobyte kilobytes | data | 1e3
mb mib megabyte megabytes | data | 1e6
gb gib gigabyte gigabytes | data | 1e9
tb tib terabyte terabytes | data | 1e12
pb pib petabyte petabytes | data | 1e15
kbps | speed | 1e3
mbps | speed | 1e6
gbps | speed | 1e9
% percent percentage | share | 0.01
$ usd dollar dollars | money | 1
cent cents | money | 0.01
€ eur euro euros | euro | 1
£ gbp pound pounds | pound | 1
mm millimetre millimetres millimeter millimeters | length | 1e-3
cm centimetre centimetres centimeter centimeters | length | 1e-2
km kilometre kilometres kilometer kilometers | length | 1e3
metre metres meter meters | length | 1
mile miles | length | 1609
mg milligram milligrams | mass | 1e-3
gram grams | mass | 1
kg kilogram kilograms | mass | 1e3
ton tons tonne tonnes | mass | 1e6
ml millilitre millilitres milliliter milliliters | volume | 1e-3
litre litres liter liters | volume | 1
watt watts w | power | 1
kw kilowatt kilowatts | power | 1e3
mw megawatt megawatts | power | 1e6
volt volts | voltage | 1
hz hertz | frequency | 1
khz kilohertz | frequency | 1e3
mhz megahertz | frequency | 1e6
ghz gigahertz | frequency | 1e9
°c celsius | celsius | 1
°f fahrenheit | fahrenheit | 1
kcal kilocalorie kilocalories calorie calories | energy | 1
joule joules | joule | 1
mmol | amount | 1
mmhg | pressure | 1
degree degrees ° | angle | 1
"""


def _units() -> dict[str, tuple[str, float]]:
    made = {}
    for line in _UNITS.strip().splitlines():
        names, kind, size = (part.strip() for part in line.split("|"))
        for name in names.split():
            made[name] = (kind, float(size))
    return made


UNITS: Final = _units()
"""For the name of a unit, what it measures and its size in the base unit."""
