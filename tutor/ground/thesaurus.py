"""Stems out: which words are opposites, and which may stand for one another.

English as teachers and their notes use it; nothing here knows a subject.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tutor.text import stem

_OPPOSITES: Final = """
increase increases increased increasing raise raises raised grow grows growing rise rises rising climb | decrease decreases decreased decreasing reduce reduces reduced lower lowers lowered shrink shrinks drop drops fall falls falling decline
before earlier precede precedes prior beforehand | after later follow follows afterwards
maximum max most maximal maximise maximize highest largest greatest biggest upper | minimum min least minimal minimise minimize lowest smallest fewest lower
high higher | low lower lowest
high higher highest | lowest
large larger largest big bigger biggest | small smaller smallest tiny little
more | less fewer
most | least fewest
many | few
strong stronger strongest | weak weaker weakest
strict stricter strictest tight tighter | loose looser lenient lax
fast faster fastest quick quicker quickly rapid | slow slower slowest slowly
early earlier earliest first | late later latest last
long longer longest | short shorter shortest brief
new newer newest newly | old older oldest
rich richer | poor poorer
cheap cheaper cheapest inexpensive | expensive pricey
better best good superior | worse worst bad inferior
easy easier simple simpler | hard harder difficult complex complicated
hot hotter warm warmer | cold colder cool cooler
wide wider broad broader | narrow narrower
thick thicker | thin thinner
heavy heavier | light lighter
deep deeper | shallow shallower
near close nearby closer | far distant farther further
full fuller | empty partial
common frequent usual often | rare uncommon seldom rarely
allow allows allowed permit permits accept accepts enable enables enabled | deny denies denied forbid forbids forbidden prohibit prohibits refuse refuses reject rejects block blocks blocked prevent prevents disallow disable disables disabled
enable enabled enables activate active on | disable disabled disables deactivate inactive off
grant grants granted give gives | revoke revokes revoked withdraw
encrypt encrypts encrypted encryption | decrypt decrypts decrypted decryption plaintext
encode encodes encoder encoding | decode decodes decoder decoding
compress compresses compression | decompress expand expands
true right correct correctly | false wrong incorrect incorrectly
positive positives | negative negatives
inbound incoming ingress inward | outbound outgoing egress outward
input inputs | output outputs
stateful | stateless
online | offline
public | private
internal inner inside inwards within | external outer outside outwards
success succeed succeeds succeeded successful | failure fail fails failed
start starts begin begins beginning open opens opened | end ends stop stops finish finishes close closes closed
keep keeps kept retain retains preserve preserves | discard discards delete deletes deleted remove removes removed lose loses lost disappear disappears
add adds added append attach attaches attached include includes included insert | remove removes removed detach detaches subtract subtracts exclude excludes excluded omit omits delete
create creates created build builds | destroy destroys delete deletes deleted
freeze freezes frozen | unfreeze thaw
lock locks locked | unlock release
push pushes pushed | pull pulls pulled
read reads | write writes
upload uploads uploaded | download downloads downloaded
import imports imported | export exports exported
load loads | unload dump
request requests | response responses reply
client clients | server servers
parent parents | child children
source sources origin | target targets destination sink
producer producers publisher | consumer consumers subscriber
buyer buyers | seller sellers
demand | supply
profit profits gain gains benefit advantage advantages strength | loss losses cost disadvantage disadvantages drawback weakness
surplus excess | shortage deficit lack
above over exceed exceeds | below under beneath
up upward upwards | down downward downwards
top | bottom
left | right
north northern | south southern
east eastern | west western
forward forwards | backward backwards
front | back rear
horizontal horizontally | vertical vertically
row rows | column columns
same identical equal equally | different differently distinct unequal
similar | different dissimilar
static fixed constant | dynamic variable changing
manual manually | automatic automatically automated
permanent persistent durable | temporary transient ephemeral
mandatory required compulsory obligatory | optional voluntary
safe secure safer | dangerous unsafe insecure risky vulnerable
visible shown | hidden invisible
local | remote global
global | local regional
central centralised centralized | distributed decentralised decentralized
single | multiple several
synchronous synchronously sync | asynchronous asynchronously async
sequential serial serially | parallel concurrent simultaneous simultaneously
batch | realtime streaming
dense | sparse
linear | nonlinear
discrete categorical | continuous
discriminative | generative
supervised | unsupervised
labelled labeled | unlabelled unlabeled
structured | unstructured
homogeneous | heterogeneous
symmetric symmetrical | asymmetric asymmetrical
mutable | immutable
relational | nonrelational
overfit overfits overfitting | underfit underfits underfitting
oversample oversampling oversampled | undersample undersampling undersampled
overestimate overestimates | underestimate underestimates
upsample | downsample
precision | recall
bias | variance
training train | inference
offensive attack | defensive defence defense
accept acceptance | reject rejection
win wins won | lose loses lost
arrive arrives | depart departs leave leaves
enter enters | exit exits leave leaves
absorb absorbs | emit emits release releases
attract attracts | repel repels
contract contracts | expand expands dilate dilates relax relaxes
acid acidic | base basic alkaline
male | female
mother | father
birth born | death died
odd | even
plus | minus
multiply multiplied multiplication | divide divided division
numerator | denominator
even uniform balanced | uneven skewed imbalanced unbalanced
improve improves improved better | worsen worsens worsened degrade degrades degraded deteriorate
speed accelerate accelerates | slow decelerate decelerates delay delays
support supports confirm confirms | contradict contradicts refute
agree agrees | disagree disagrees
presence present | absence absent missing
ordered sorted | unordered random shuffled
deterministic | random stochastic nondeterministic
specific particular | general generic
abstract | concrete
explicit explicitly | implicit implicitly
direct directly | indirect indirectly
absolute | relative
majority | minority
ancestor | descendant
predecessor previous preceding | successor next subsequent following
vein venous | artery arterial
systolic | diastolic
hyper hypertension hyperglycaemia | hypo hypotension hypoglycaemia
nominal | real
ascending | descending
connected | disconnected
favored favoured privileged | disfavored disfavoured disadvantaged
together joint jointly | separately apart independently
exploration explore | exploitation exploit
shared common | dedicated exclusive separate own
free | paid charged
natural | artificial
war | peace
real actual | fake synthetic simulated
sender | recipient receiver
host | guest
vendor | customer
employer | employee
teacher | student learner
healthy | sick ill
conscious | unconscious
clean | dirty
dry | wet
hard | soft
bright | dark
sharp | dull blunt
loud | quiet
victory | defeat
rural | urban
ancient | modern
ally allies | enemy enemies
"""

_SAME: Final = """
use uses used using employ employs utilise utilize utilizes apply applies usage rely relies
find finds found detect detects detected discover discovers spot spots spotted catch catches caught identify identifies identified locate locates recognise recognize notice
share fraction proportion percentage part portion ratio percent
show shows shown display displays indicate indicates reveal reveals tell tells demonstrate signal signals mean means imply implies reflect reflects
help helps aid aids assist assists
get gets obtain obtains receive receives acquire acquires gain gains
make makes made create creates created build builds built produce produces produced generate generates generated form forms yield
start starts begin begins began launch launches bring initiate commence kick
end ends finish finishes stop stops complete completes over done halt
keep keeps kept store stores stored hold holds held retain retains save saves preserve maintain maintains stay stays remain remains
give gives gave provide provides offer offers supply supplies deliver delivers hand
need needs require requires required necessary must demand
want wants wish wishes desire
choose chooses pick picks select selects prefer opt take takes go reach
big bigger biggest large larger largest huge great greater
small smaller smallest little tiny
many several numerous lots multiple various
fast faster fastest quick quicker quickly rapid rapidly speedy swiftly
slow slower slowly
cheap cheaper cheapest inexpensive affordable economical
costly expensive pricey dear
cost costs price prices fee fees charge charges bill bills pay pays paid billed charged
buy buys purchase purchases
change changes changed modify modifies alter alters edit edits adjust adjusts vary varies update updates
increase increases increased raise raises raised grow grows rise rises climb higher
decrease decreases reduce reduces reduced lower lowers shrink shrinks drop drops fall falls decline cut cuts less
move moves moved shift shifts transfer transfers migrate
send sends sent transmit transmits route routes deliver forward
put puts place places placed set sets insert
remove removes removed delete deletes deleted drop erase discard discards strip
avoid avoids skip skips
allow allows allowed permit permits let lets enable enables
forbid forbids deny denies prohibit prohibits block blocks disallow refuse reject
prevent prevents stop stops protect guard avoid
happen happens occur occurs
error errors mistake mistakes fault faults
problem problems issue issues trouble difficulty
way ways method methods approach technique manner means
kind kinds type types sort sorts category class
goal goals aim aims purpose objective target
example examples instance case
begin first initially initial
last final finally
latest newest recent
same identical equal alike
different differ differs distinct other
whole entire complete full all
part parts piece pieces portion section component
number amount count quantity many
machine machines instance instances computer computers server servers
run runs ran execute executes
work works function functions operate operates
check checks verify verifies test tests inspect examine validate
compare compares comparison against versus
watch watches monitor monitors track tracks observe observes
look see view inspect
understand know learn
explain explains describe describes
call calls called name names named term termed known
consist contains contain includes include comprises comprise has have holds
belong belongs
describe describes define defines
easy simple straightforward easily
hard difficult tough
important key crucial vital essential
good well suitable suits suit fit fits ideal right
bad poor harmful
wrong false incorrect
right correct true real actual
usually typically often commonly generally normally mostly frequently
rare rarely seldom uncommon
now currently today
automatically itself themselves automatic alone
before beforehand earlier prior
after afterwards later then following once
together jointly both combined combine combines
separate separately apart individual individually own each
near close nearby beside next alongside
above over beyond exceed exceeds exceeding
below under beneath
between among
fail fails failed break breaks breakdown crash
fix fixes repair repairs correct cure cures remedy
copy copies duplicate replicate replicates replica
guess guesses predict predicts forecast estimate estimates
answer answers respond responds response reply replies result output
question questions query queries request requests ask asks
file files document documents
people users person human individuals
company firm business
customer customers client clients
doctor physician clinician
kid child children
illness disease condition
drug medicine medication
happen occur arise arises
cause causes lead leads result results trigger triggers
because since due owing
so therefore thus hence
miss misses missed overlook
mix combine combines merge merges blend
split splits divide divides partition separate
join joins connect connects link links attach attaches
group groups cluster bunch set batch
list lists enumerate
order sequence
read reads
write writes wrote
wait waits pause
speed pace rate
join merge
repeat repeats again redo repeatedly retry retries
measure measures metric metrics score gauge
rely relies depend depends lean leans
ignore ignores disregard
switch switches swap change replace replaces
gradual gradually slowly step
instead rather
extra additional more further added
enough sufficient
empty blank
old older former previous prior
new newer fresh novel
person people
country nation
king ruler monarch
live lives reside
die died death dead
teach teaches
worth value values
useless worthless
useful helpful valuable
main primary principal chief major
cover covers span spans
exist exists
act acts behave behaves
base based
point points
maximum max most limit cap upper highest
minimum min least floor lowest
default standard
simultaneously time once concurrently parallel
immediately instantly once directly
entire whole complete
size sizes length big large
extend extends lengthen
quantity amount volume
shape form
decide decides determine determines judge
turn turns switch switches off
turn turns convert converts transform transforms become becomes became
thing things
"""

_DERIVED: Final = """
half halve halves halving
double doubles doubled doubling twice
lose loss lost losing
choose choice chosen chose
know known knowledge
grow growth grown grew
strong strength stronger
long length longer
wide width wider
deep depth deeper
high height higher highest
prove proof proves proved
believe belief
succeed success successful
fail failure failed fails
sell sale sold sells
speak speech spoke
think thought
receive receipt
describe description
decide decision
divide division
compare comparison
analyse analysis analyze analyzes
explain explanation
maintain maintenance
reduce reduction reduces
produce production product
destroy destruction
buy bought
pay paid payment
send sent
build built
keep kept
hold held
find found
run ran
write wrote written
take took taken
give gave given
see saw seen
bring brought
catch caught
think thought
leave left
mean meant
die death dead died
bear born birth
hot heat
safe safety safely
true truth
free freely freedom
rare rarely rarity
cheap cheaply
many much
"""


def _lines(text: str) -> Iterable[list[str]]:
    return (line.split() for line in text.strip().splitlines())


def _opposites() -> dict[str, frozenset[str]]:
    made: dict[str, set[str]] = {}
    for line in _OPPOSITES.strip().splitlines():
        left, right = ({stem(w) for w in side.split()} for side in line.split("|"))
        for a in left:
            for b in right - {a}:
                made.setdefault(a, set()).add(b)
                made.setdefault(b, set()).add(a)
    return {word: frozenset(others) for word, others in made.items()}


def _same() -> dict[str, frozenset[int]]:
    made: dict[str, set[int]] = {}
    for at, words in enumerate([*_lines(_SAME), *_lines(_DERIVED)]):
        for word in words:
            made.setdefault(stem(word), set()).add(at)
    return {word: frozenset(groups) for word, groups in made.items()}


OPPOSITES: Final = _opposites()
"""For a stem, the stems that say the opposite."""
SAME: Final = _same()
"""For a stem, the groups of words that it may stand for."""
