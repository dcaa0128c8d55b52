"""How alike texts are is estimated from little, and what is alike shares a band."""

import random

import pytest

from convosphere.knowledge.duplicates.sketches import make_sketch, percent_alike


def words(seed: int, count: int = 1_000) -> list[str]:
    chance = random.Random(seed)
    return [f"word{chance.randrange(5_000)}" for _ in range(count)]


def test_the_same_words_are_the_same_however_they_are_written() -> None:
    text = " ".join(words(1))
    assert make_sketch(text) == make_sketch(text.upper().replace(" ", ",\n"))


@pytest.mark.parametrize("changed", [0, 10, 25, 50, 200])
def test_what_two_texts_have_in_common_is_estimated(changed: int) -> None:
    chance = random.Random(changed)
    old = words(2)
    new = list(old)
    for at in chance.sample(range(1_000), changed):
        new[at] = "changed"
    shingles = [{tuple(text[at : at + 5]) for at in range(996)} for text in (old, new)]
    truth = 100 * len(shingles[0] & shingles[1]) / len(shingles[0] | shingles[1])
    first, second = (make_sketch(" ".join(text)) for text in (old, new))
    assert first is not None
    assert second is not None
    assert percent_alike(first.minima, second.minima) == pytest.approx(truth, abs=12)
    if truth > 80:
        assert set(first.bands) & set(second.bands)


def test_other_texts_share_nothing() -> None:
    sketches = [make_sketch(" ".join(words(seed))) for seed in range(30)]
    bands = [band for sketch in sketches if sketch for band in sketch.bands]
    assert len(bands) == len(set(bands)) == 600


def test_short_texts_have_no_sketch_and_long_ones_end() -> None:
    assert make_sketch("Only some words.") is None
    assert make_sketch("") is None
    assert make_sketch("again and " * 2_000_000) == make_sketch("again and " * 20_000)
