"""Trust in vectors, told by sentences that are looked for in the passages that they come from."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest

from convosphere.knowledge.search.background import BACKGROUND_QUESTIONS
from convosphere.knowledge.search.trust import (
    FEWEST_CLOZES,
    MOST_CLOZES,
    Matrix,
    least_likeness,
    make_clozes,
    trust_in_vectors,
)

TOPICS = ("leave", "travel", "salary", "garden", "cinema", "bicycle", "kitchen", "harbour", "library", "weather")
# Half of the sentences name their topic; words bring together only these.
TEXTS = [
    f"The {topic} rules number {place} are simple. Nobody reads paper {place * 7} now. All about {topic} is said here."
    for place, topic in enumerate(TOPICS)
]
Embed = Callable[[str], Matrix]


def knowing(text: str) -> Matrix:
    """Knows what each sentence is about."""
    place = next((place for place, topic in enumerate(TOPICS) if topic in text), None)
    if place is None:
        place = next(place for place in range(len(TOPICS)) if f"paper {place * 7} " in text)
    return np.eye(len(TOPICS))[place]


def by_chance(text: str) -> Matrix:
    vector = np.random.default_rng(sum(map(ord, text)) * len(text)).normal(size=64)
    return vector / np.linalg.norm(vector)


def mixed(text: str) -> Matrix:
    """Knows something, under much noise."""
    vector = np.concatenate([0.4 * knowing(text), by_chance(text)])
    return vector / np.linalg.norm(vector)


def trust(embed: Embed, texts: list[str] = TEXTS) -> float:
    clozes = make_clozes(texts)
    return trust_in_vectors(
        [(text, "en") for text in texts],
        clozes,
        np.stack([embed(text) for text in texts]),
        np.stack([embed(cloze.sentence) for cloze in clozes]),
        np.stack([embed(cloze.rest) for cloze in clozes]),
    )


def test_a_model_that_knows_is_trusted_and_chance_is_not() -> None:
    assert trust(knowing) == 1
    assert trust(by_chance) == 0


def test_a_weak_model_is_trusted_a_little() -> None:
    assert 0 < trust(mixed) < 0.7


def test_too_few_sentences_tell_nothing() -> None:
    assert len(make_clozes(TEXTS[:2])) < FEWEST_CLOZES
    assert trust(by_chance, TEXTS[:2]) == 1


def test_a_sentence_is_taken_out_of_its_passage() -> None:
    (first, second, *_) = make_clozes(["One is here now. Two is there too.", "A single sentence of six words."])
    assert (first.place, first.sentence, first.rest) == (0, "One is here now.", "Two is there too.")
    assert (second.place, second.sentence, second.rest) == (0, "Two is there too.", "One is here now.")
    assert len(make_clozes(["A single sentence of six words."])) == 0


def test_text_without_sentences_is_cut_by_words() -> None:
    table = " ".join(f"row{number}" for number in range(40))
    clozes = make_clozes([table])
    assert [len(cloze.sentence.split()) for cloze in clozes] == [15, 15, 10]
    assert all(len(cloze.sentence.split()) + len(cloze.rest.split()) == 40 for cloze in clozes)


def test_each_passage_gives_a_sentence_before_any_gives_two() -> None:
    texts = [f"First sentence of text{place}. Second sentence of text{place}." for place in range(MOST_CLOZES)]
    clozes = make_clozes(texts)
    assert [cloze.place for cloze in clozes] == list(range(MOST_CLOZES))


def test_a_passage_answers_that_is_nearer_than_chance_brings_any() -> None:
    assert least_likeness([0.1, 0.2, 0.3]) == pytest.approx(0.2 + 3 * np.std([0.1, 0.2, 0.3]))
    assert least_likeness([0.2, 0.2]) > 0.2, "also where all are alike"


def test_background_questions_are_all_different() -> None:
    assert all(one != other for one, other in itertools.combinations(BACKGROUND_QUESTIONS, 2))
    assert all(question.endswith("?") for question in BACKGROUND_QUESTIONS)
