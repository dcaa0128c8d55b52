"""What differs between two texts: nothing is lost, and no text takes long."""

import random
from collections.abc import Sequence

import pytest

from convosphere.knowledge.versions.differences import Piece, cut_into_pieces, find_differences


def pieces(words: Sequence[str]) -> list[Piece]:
    return [Piece(number, number + 1, word) for number, word in enumerate(words)]


def changed(old: str, new: str) -> list[tuple[str, str]]:
    return [
        (old[difference.first_old : difference.last_old], new[difference.first_new : difference.last_new])
        for difference in find_differences(pieces(old), pieces(new))
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("abc", "abc", []),
        ("", "abc", [("", "abc")]),
        ("abc", "", [("abc", "")]),
        ("abcd", "abXcd", [("", "X")]),
        ("abXcd", "abcd", [("X", "")]),
        ("abcdef", "aBcdEf", [("b", "B"), ("e", "E")]),
        ("abc1def", "def2abc", [("abc1", ""), ("", "2abc")]),
        ("aaaa", "aa", [("aa", "")]),
    ],
)
def test_differences_are_found(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert changed(old, new) == expected


@pytest.mark.parametrize("seed", range(20))
def test_one_text_becomes_the_other_by_them(seed: int) -> None:
    chance = random.Random(seed)
    old, new = ([chance.choice("abcdefgh") for _ in range(chance.randrange(60))] for _ in range(2))
    made, last = [], 0
    for difference in find_differences(pieces(old), pieces(new)):
        made += old[last : difference.first_old] + new[difference.first_new : difference.last_new]
        last = difference.last_old
    assert made + old[last:] == new


def test_texts_that_repeat_themselves_end() -> None:
    old, new = pieces("ab" * 20_000), pieces("ba" * 20_000 + "c")
    assert find_differences(old, new)


def test_long_lines_are_cut_into_sentences() -> None:
    sentences = [f"Sentence number {number} of a long paragraph that goes on." for number in range(9)]
    text = "# Head\n\n" + " ".join(sentences) + "\n"
    assert [piece.words for piece in cut_into_pieces(text)] == ["# Head", *sentences]
    assert all(text[piece.start : piece.end].strip() == piece.words for piece in cut_into_pieces(text))
