"""What a question looks for: each of its words with all terms that stand for it, and how much each tells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.search.models import PassageSet
from convosphere.knowledge.search.queries import Scope, count_visible_terms
from convosphere.knowledge.search.questions import AskedWord
from convosphere.knowledge.search.terms import Term
from convosphere.knowledge.search.vocabulary import Vocabulary
from convosphere.knowledge.search.weights import Weights, rarity

RELATED_TO_KNOWN = 0.3
RELATED_TO_UNKNOWN = 0.6
LONE_PART = 0.4
CORRECTED = {1: 0.6, 2: 0.5}
"""What counts for less than the word itself: parts of it and compounds with it, if some document has the word or if
none has; the only part that is known of a compound; and a word that differs by so many letters."""

FEW_PASSAGES = 50
"""Added to those there are when a word is weighed: in three passages every word looks common beside an unknown one."""

_MOST_CORRECTED = 8
"""Words of one question."""
_CORRECTIONS_TRIED = 8
_COMPOUNDS_ADDED = 4


@dataclass(slots=True)
class Clue:
    """A word of a question: `mass` is how much it tells, `shares` by dimension how much of that a term stands for."""

    word: AskedWord
    mass: float
    shares: dict[int, float] = field(default_factory=dict)
    lexemes: dict[int, tuple[str, int]] = field(default_factory=dict)

    def add(self, term: Term, share: float, passages_with: int) -> None:
        """Let a term stand for the word; `passages_with` it are counted."""
        if share > self.shares.get(term.dimension, 0.0):
            self.shares[term.dimension] = share
            self.lexemes[term.dimension] = (term.lexeme, passages_with)

    def match(self, dimensions: Iterable[int]) -> float:
        """How much of the word is in a passage with these terms, from 0 to 1."""
        return min(1.0, sum(self.shares.get(dimension, 0.0) for dimension in dimensions))


async def gather_clues(
    uow: UnitOfWork, scope: Scope, passage_set: PassageSet, vocabulary: Vocabulary, words: Sequence[AskedWord]
) -> list[Clue]:
    """Find out what a question's words mean in the documents that the actor sees.

    Only words that such a document has count as known, and only such are offered as corrections: nobody learns from
    a correction, or from there being none, what others' documents say.
    """
    terms = [term for word in words for term in word.terms]
    visible = await count_visible_terms(uow, scope, terms)
    clues = [_clue(word, visible, passage_set.passage_count) for word in words]
    unknown = [clue for clue in clues if not clue.shares]
    for clue in clues:
        _add_relatives(clue, vocabulary)
    unclear = [clue for clue in unknown if max(clue.shares.values(), default=0.0) < RELATED_TO_UNKNOWN]
    await _correct(uow, scope, unclear[:_MOST_CORRECTED], vocabulary)
    return clues


def question_weights(clues: Sequence[Clue], passages: int) -> Weights:
    """The question as a vector. A term that stands for a word tells no more than by its own rarity."""
    weights: Weights = {}
    for clue in clues:
        for dimension, share in clue.shares.items():
            own = rarity(clue.lexemes[dimension][1], passages) if share < 1 else clue.mass
            weights[dimension] = weights.get(dimension, 0.0) + clue.word.count * share * min(own, clue.mass)
    return weights


def coverage(clues: Sequence[Clue], dimensions: Iterable[int]) -> float:
    """The share of a question's mass that a passage with these terms matches, from 0 to 1."""
    present = frozenset(dimensions)
    total = sum(clue.mass for clue in clues)
    return sum(clue.mass * clue.match(present & clue.shares.keys()) for clue in clues) / total if total else 0.0


def count_matched(clues: Sequence[Clue], dimensions: Iterable[int]) -> int:
    """How many words of a question a passage with these terms has."""
    present = frozenset(dimensions)
    return sum(clue.match(present & clue.shares.keys()) == 1 for clue in clues)


def _clue(word: AskedWord, visible: Mapping[int, int], passages: int) -> Clue:
    known = [term for term in word.terms if term.dimension in visible]
    clue = Clue(word, rarity(sum(visible[term.dimension] for term in known), passages + FEW_PASSAGES))
    for term in known:
        clue.add(term, 1.0, visible[term.dimension])
    return clue


def _add_relatives(clue: Clue, vocabulary: Vocabulary) -> None:
    share = RELATED_TO_KNOWN if clue.shares else RELATED_TO_UNKNOWN
    parts = vocabulary.parts(clue.word.form)
    related = [compound for term in clue.word.terms for compound in vocabulary.compounds(term, _COMPOUNDS_ADDED)]
    for term in parts + related:
        clue.add(term, share, vocabulary.count(term))
    if not clue.shares and (part := vocabulary.known_part(clue.word.form)):
        clue.add(part, LONE_PART, vocabulary.count(part))


async def _correct(uow: UnitOfWork, scope: Scope, unknown: Sequence[Clue], vocabulary: Vocabulary) -> None:
    offers = [(clue, vocabulary.corrections(clue.word.form, _CORRECTIONS_TRIED)) for clue in unknown]
    terms = list({term for _, offered in offers for term, _ in offered})
    visible = await count_visible_terms(uow, scope, terms)
    for clue, offered in offers:
        for term, distance in offered:
            if term.dimension in visible:
                clue.add(term, CORRECTED[distance], visible[term.dimension])
                break
