"""Who is named in a message."""

from uuid import UUID

import pytest

from convosphere.chat.mentions import mentioned
from convosphere.core.identifiers import new_id

ADA, LOVELACE, BOB, NAMESAKE, NOBODY = (new_id() for _ in range(5))
NAMES = {ADA: "Ada", LOVELACE: "Ada Lovelace", BOB: "Bob", NAMESAKE: "bob", NOBODY: ""}


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("@Ada, look", {ADA}),
        ("Ask @ada lovelace!", {LOVELACE}),
        ("@Ada Lovelaces", {ADA}),
        ("(@Bob) and @Ada", {BOB, NAMESAKE, ADA}),
        ("ada@bob.example", set[UUID]()),
        ("@Adam @ Bob @", set[UUID]()),
        ("@" * 1000, set[UUID]()),
    ],
)
def test_whole_names_behind_a_sign_are_mentions(text: str, people: set[UUID]) -> None:
    assert mentioned(text, NAMES) == people
