"""Texts of models, however their signs were cut."""

import pytest

from convosphere.llm.schemas import Finished, TextPiece, Usage
from convosphere.llm.signs import WholeSigns


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (["plain ", "text"], "plain text"),
        (["a\x00b\x00"], "ab"),
        (["wave \ud83d", "\udc4b!"], "wave 👋!"),
        (["wave \ud83d\udc4b!"], "wave 👋!"),
        (["\ud83d", "", "\udc4b"], "👋"),
        (["lone \ud83d", "x"], "lone �x"),
        (["lone \udc4b x"], "lone � x"),
        (["\ud83d", "\ud83d", "\udc4b"], "�👋"),
        (["👋 ", "whole"], "👋 whole"),
        (["ends \ud83d"], "ends "),
    ],
)
def test_signs_are_whole(pieces: list[str], text: str) -> None:
    signs = WholeSigns()
    events = [signs.mend(TextPiece(piece)) for piece in pieces]
    mended = "".join(event.text for event in events if isinstance(event, TextPiece))
    assert mended == text
    assert mended.encode()


def test_other_events_stay() -> None:
    finished = Finished(Usage(1, 1), "stop")
    assert WholeSigns().mend(finished) is finished
