"""What a tab shows when an answer is asked for again."""

import pytest

from convosphere.chat.state.items import MessageItem
from convosphere.chat.state.transcript_state import TranscriptState


def items(ids: str) -> list[MessageItem]:
    return [MessageItem(name, "user", "done", "", "", "") for name in ids]


@pytest.mark.parametrize(
    ("message_id", "earlier", "latest"),
    [("b", "a", ""), ("c", "ab", ""), ("d", "abc", ""), ("e", "abc", "d"), ("x", "abc", "de")],
)
def test_a_message_goes_with_all_that_follows(message_id: str, earlier: str, latest: str) -> None:
    state = TranscriptState(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]  # How the framework makes one.
    state.earlier, state.latest = items("abc"), items("de")
    state._cut_from(message_id)
    assert "".join(item.id for item in state.earlier) == earlier
    assert "".join(item.id for item in state.latest) == latest
