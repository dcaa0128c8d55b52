"""Sentence ends in German and English."""

import pytest

from convosphere.knowledge.parsing.markup.tokenizer import pos_tag, sent_tokenize, word_tokenize


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Das gilt z. B. am 3. März 2026. Danach nicht.", ["Das gilt z. B. am 3. März 2026.", "Danach nicht."]),
        (
            "Nach Art. 5 Abs. 2 gilt: Ja! Wirklich? „Ja.“ Gut.",
            ["Nach Art. 5 Abs. 2 gilt: Ja!", "Wirklich?", "„Ja.“", "Gut."],
        ),
        ("Dr. Smith met J. Doe, i.e. the boss. Do so. Go.", ["Dr. Smith met J. Doe, i.e. the boss.", "Do so.", "Go."]),
        ("one. two is lower case", ["one. two is lower case"]),
        ("", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert sent_tokenize(text) == sentences


def test_words_and_verbs_for_unstructured() -> None:
    assert word_tokenize("Das ist gut.") == ["Das", "ist", "gut", "."]
    assert ("ist", "VB") in pos_tag("Das ist gut.")
