"""How far vectors are to be trusted beside words, told without anybody's judgements. Pure arithmetic.

A sentence is taken out of its passage and looked for among all: with the passage as it is, which any model of use
finds, and with what is left of it, which takes its meaning (the inverse cloze task of Lee, Chang and Toutanova, "Latent
Retrieval for Weakly Supervised Open Domain Question Answering", 2019). Words do the same for comparison.
"""

import itertools
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul
from statistics import fmean, pstdev

from convosphere.knowledge.parsing.sentences import sentence_ends
from convosphere.knowledge.search.terms import index_language, term_of, words_of
from convosphere.knowledge.search.weights import Weights, passage_weights, rarity

FEWEST_CLOZES = 8
"""With fewer nothing can be told, and a model is taken for a good one."""
MOST_CLOZES = 128
OF_NO_USE = 0.25
"""A model that finds passages by their own sentences less often than that is worth nothing; random vectors are at 0."""
_SURE = 3.0
"""So many standard errors it must be better than chance besides, which counts where the sample is small."""
STRICTNESS = 3
"""Power of the ratio to words. Fixed on the development questions of bench/meaning.py."""
BACKGROUND_DEVIATIONS = 3.0
"""Above the mean of what the background questions find, likewise."""
_LEAST_MARGIN = 0.01
_LEAST_TOLD = 0.05
_FEWEST_WORDS = 4
_WORDS_OF_PIECE = 15
_WORD_AND_SPACE = re.compile(r"\S+\s*")

Vector = Sequence[float]
Matrix = Sequence[Vector]


@dataclass(frozen=True, slots=True)
class Cloze:
    """A sentence, and what is left of the passage that it was taken from, which is the `place`th of a sample."""

    place: int
    sentence: str
    rest: str


def make_clozes(texts: Sequence[str]) -> list[Cloze]:
    """Sentences of texts: the first of each, then the second, and so on until there are enough."""
    by_text = [_clozes_of(place, text) for place, text in enumerate(texts)]
    turns = range(max(map(len, by_text), default=0))
    return [clozes[turn] for turn in turns for clozes in by_text if turn < len(clozes)][:MOST_CLOZES]


def trust_in_vectors(
    texts: Sequence[tuple[str, str]], clozes: Sequence[Cloze], passages: Matrix, sentences: Matrix, rests: Matrix
) -> float:
    """From 0, of no use, to 1, as good as words or better.

    Args:
        texts: the sample with the language of each.
        clozes: sentences of theirs.
        passages: vectors of the sample, one in a row.
        sentences: vectors of the clozes' sentences.
        rests: vectors of what is left without them.
    """
    if len(clozes) < FEWEST_CLOZES:
        return 1.0
    places = [cloze.place for cloze in clozes]
    likeness = [[_likeness(sentence, passage) for passage in passages] for sentence in sentences]
    if _beyond_chance(likeness, places) < max(OF_NO_USE, _SURE * _error_of_chance(len(sentences), len(passages))):
        return 0.0
    without = _with_own(likeness, places, list(map(_likeness, sentences, rests)))
    by_words = _beyond_chance(_scores_by_words(texts, clozes), places)
    if by_words < _LEAST_TOLD:
        return 1.0
    return min(max(_beyond_chance(without, places) / by_words, 0.0), 1.0) ** STRICTNESS


def least_likeness(background: Sequence[float]) -> float:
    """From which likeness on a passage answers, by the best that each background question found."""
    return fmean(background) + max(BACKGROUND_DEVIATIONS * pstdev(background), _LEAST_MARGIN)


def _clozes_of(place: int, text: str) -> list[Cloze]:
    pieces = [piece for piece in _pieces(text) if len(piece.split()) >= _FEWEST_WORDS]
    return [Cloze(place, piece.strip(), text.replace(piece, " ", 1).strip()) for piece in pieces if len(pieces) > 1]


def _pieces(text: str) -> list[str]:
    """Sentences; where a text has none, as a table or a list, as many words as a sentence has."""
    ends = sentence_ends(text)
    if len(ends) > 1:
        return [text[start:end] for start, end in itertools.pairwise([0, *ends])]
    words = list(_WORD_AND_SPACE.finditer(text))
    return [
        "".join(word.group() for word in words[at : at + _WORDS_OF_PIECE])
        for at in range(0, len(words), _WORDS_OF_PIECE)
    ]


def _likeness(one: Vector, other: Vector) -> float:
    return sum(map(mul, one, other))


def _beyond_chance(scores: Matrix, places: Sequence[int]) -> float:
    """The mean reciprocal rank of each row's own place, scaled so that chance is 0."""
    chance = fmean(_reciprocals(len(scores[0])))
    found = fmean(1 / _rank(row, place) for row, place in zip(scores, places, strict=True))
    return (found - chance) / (1 - chance) if chance < 1 else 0.0


def _rank(row: Vector, place: int) -> float:
    """From 1 for the best; those that are as good share their ranks."""
    own = row[place]
    return 1 + sum(score > own for score in row) + (sum(score == own for score in row) - 1) / 2


def _reciprocals(count: int) -> list[float]:
    return [1 / rank for rank in range(1, count + 1)]


def _error_of_chance(questions: int, passages: int) -> float:
    """The standard error of `_beyond_chance` for ranks that are chance."""
    reciprocals = _reciprocals(passages)
    return pstdev(reciprocals) / math.sqrt(questions) / (1 - fmean(reciprocals)) if passages > 1 else 0.0


def _with_own(scores: Matrix, places: Sequence[int], own: Vector) -> Matrix:
    rows = zip(scores, places, own, strict=True)
    return [[*row[:place], score, *row[place + 1 :]] for row, place, score in rows]


def _scores_by_words(texts: Sequence[tuple[str, str]], clozes: Sequence[Cloze]) -> Matrix:
    counted = [_count_terms(text, language) for text, language in texts]
    average = max(1.0, sum(terms.total() for terms in counted) / len(counted))
    passages = [_weigh(terms, average) for terms in counted]
    frequencies = Counter(dimension for terms in counted for dimension in terms)
    scores = []
    for cloze in clozes:
        language = texts[cloze.place][1]
        asked = {
            dimension: count * rarity(frequencies[dimension], len(texts))
            for dimension, count in _count_terms(cloze.sentence, language).items()
        }
        row = [_inner(asked, weights) for weights in passages]
        row[cloze.place] = _inner(asked, _weigh(_count_terms(cloze.rest, language), average))
        scores.append(row)
    return scores


def _count_terms(text: str, language: str) -> Counter[int]:
    spoken = index_language(language)
    return Counter(term.dimension for word in words_of(text) if (term := term_of(word.form, spoken)))


def _weigh(terms: Counter[int], average: float) -> Weights:
    return passage_weights(terms, terms.total(), average)


def _inner(asked: Weights, weights: Weights) -> float:
    return sum(weight * weights.get(dimension, 0.0) for dimension, weight in asked.items())
