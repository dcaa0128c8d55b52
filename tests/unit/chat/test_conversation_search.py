"""What somebody types to find something, in English and in German."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from convosphere.chat.search_terms import LONGEST, MOST_WORDS, Wanted, Word, first_id_at, parse_search

NOW = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


def parse(text: str, zone: str = "") -> Wanted:
    return parse_search(text, zone, NOW)


def test_words_phrases_and_exclusions() -> None:
    wanted = parse('notice "to be or not" -draft peri')
    assert wanted.words == (
        Word("notice"),
        Word("to be or not", is_phrase=True),
        Word("draft", is_excluded=True),
        Word("peri", is_prefix=True),
    )


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ('tag:law folder:"Big deal" is:pinned', 'schlagwort:law ordner:"Big deal" ist:angeheftet'),
        ("from:me has:file", "von:mir mit:datei"),
        ("from:assistant has:source", "von:ki mit:quelle"),
        ("before:2026-11-01 after:yesterday", "vor:01.11.2026 nach:gestern"),
    ],
)
def test_both_languages_mean_the_same(english: str, german: str) -> None:
    assert parse(english) == parse(german)
    assert parse(english) != Wanted()


def test_days_are_those_of_the_time_zone() -> None:
    assert parse("after:today", "UTC").after == datetime(2026, 11, 20, tzinfo=UTC)
    berlin = parse("after:today", "Europe/Berlin").after
    assert berlin is not None
    assert berlin.astimezone(UTC) == datetime(2026, 11, 20, 23, tzinfo=UTC)  # It is the 21st there already.
    assert parse("after:7d").after == datetime(2026, 11, 13, tzinfo=UTC)
    assert parse("before:2025").before == datetime(2025, 1, 1, tzinfo=UTC)


def test_what_means_nothing_is_named() -> None:
    assert parse("has:wings before:soon tag:").unknown == ("has:wings", "before:soon")
    assert parse("  ... !!! ").is_empty


def test_an_address_is_a_word() -> None:
    assert [word.text for word in parse("https://example.org/a is").words] == ["https://example.org/a", "is"]


def test_ids_are_in_the_order_of_time() -> None:
    assert first_id_at(NOW) < UUID("019aa3e0-0000-7000-8000-000000000000") or first_id_at(NOW).int >> 80 == int(
        NOW.timestamp() * 1000
    )


@pytest.mark.parametrize(
    "text", ["\x00", "owl " * 60, '"' * 400, "tag:" * 100, "a" * 5_000, "\\':*|&!()", "-", "::", "before:9999999999"]
)
def test_anything_can_be_typed(text: str) -> None:
    wanted = parse(text)
    assert len(wanted.words) <= MOST_WORDS
    assert all(0 < len(word.text) <= LONGEST and "\x00" not in word.text for word in wanted.words)
