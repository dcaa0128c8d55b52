"""What a tab shows when an answer is asked for again."""

import pytest
from uuid_utils.compat import uuid7

from convosphere.chat.schemas import ConversationPage, MessageView
from convosphere.chat.state.items import MessageItem
from convosphere.chat.state.transcript_state import TranscriptState
from convosphere.core.model import utc_now


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


def test_reading_back_lets_go_of_the_end() -> None:
    state = TranscriptState(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    pages = [[view(number) for number in range(start, start + 100)] for start in (0, 100, 200)]
    state._show(ConversationPage(uuid7(), "Long", "", tuple(pages[2]), has_earlier=True))
    state._add(view(300))
    state._show_before(ConversationPage(uuid7(), "Long", "", tuple(pages[1]), has_earlier=True))
    assert texts(state) == [str(number) for number in range(100, 300)]
    assert (state.has_earlier, state.has_later) == (True, True)
    state._add(view(301))
    state._show_before(ConversationPage(uuid7(), "Long", "", tuple(pages[0]), has_earlier=False))
    assert texts(state) == [str(number) for number in range(200)]
    assert (state.has_earlier, state.has_later) == (False, True)


def view(number: int) -> MessageView:
    return MessageView(uuid7(), None, "user", "done", str(number), "", None, utc_now())


def texts(state: TranscriptState) -> list[str]:
    return [item.text for item in (*state.earlier, *state.latest)]
