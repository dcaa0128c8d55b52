"""What a passage becomes in the index. Pure arithmetic."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from convosphere.knowledge.search.schemas import IndexablePassage
from convosphere.knowledge.search.terms import Term, Word, index_language, term_of, words_of
from convosphere.knowledge.search.weights import Weights, passage_weights

_HEADING_GAP = 100
"""Words between a text and its heading, so that no phrase runs from one into the other."""
_LAST_POSITION = 16_383
"""PostgreSQL's; words behind it stand there too."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage with its terms; `lexemes` is a `tsvector` in PostgreSQL's notation."""

    passage: IndexablePassage
    terms: frozenset[Term]
    length: int
    weights: Weights
    lexemes: str


def make_entry(passage: IndexablePassage, average_length: float) -> Entry:
    """Read a passage and the headings above it."""
    language = index_language(passage.language)
    counts: Counter[Term] = Counter()
    positions: dict[str, list[int]] = {}
    for word in _words(passage):
        term = term_of(word.form, language)
        if term is None:
            continue
        counts[term] += 1
        positions.setdefault(term.lexeme, []).append(min(word.position + 1, _LAST_POSITION))
    dimensions: Counter[int] = Counter()
    for term, count in counts.items():
        dimensions[term.dimension] += count
    length = counts.total()
    return Entry(
        passage, frozenset(counts), length, passage_weights(dimensions, length, average_length), _tsvector(positions)
    )


def count_passages(terms_of_passages: Sequence[frozenset[Term]]) -> Counter[Term]:
    """In how many passages each term is."""
    return Counter(term for terms in terms_of_passages for term in terms)


def quote_lexeme(lexeme: str) -> str:
    """A lexeme in the notation of `tsvector` and `tsquery`."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _words(passage: IndexablePassage) -> list[Word]:
    words = list(words_of(passage.text))
    behind = (words[-1].position if words else 0) + _HEADING_GAP
    return words + [word._replace(position=behind + word.position) for word in words_of(passage.heading)]


def _tsvector(positions: dict[str, list[int]]) -> str:
    # PostgreSQL keeps at most 255 positions of a lexeme.
    return " ".join(f"{quote_lexeme(lexeme)}:{','.join(map(str, at[:255]))}" for lexeme, at in positions.items())
