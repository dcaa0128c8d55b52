"""What a tab shows when an answer is asked for again."""

from dataclasses import replace
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from convosphere.chat.schemas import ConversationPage, MessageView
from convosphere.chat.state.items import MessageItem
from convosphere.chat.state.transcript_state import MOST_SHOWN, TranscriptState
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


def test_reading_back_lets_go_of_the_end_and_reading_on_of_the_beginning() -> None:
    state = TranscriptState(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    size = MOST_SHOWN // 3
    said = [view(number) for number in range(5 * size + 1)]

    def page(start: int, end: int, *, has_earlier: bool = True, has_later: bool = False) -> ConversationPage:
        return ConversationPage(
            uuid7(), "Long", "", tuple(said[start:end]), has_earlier=has_earlier, has_later=has_later
        )

    state._show(page(4 * size, 5 * size))
    state._add(said[5 * size])
    state._show_before(page(3 * size, 4 * size))
    assert texts(state) == numbers(3 * size, 5 * size + 1)
    state._show_before(page(2 * size, 3 * size))
    assert texts(state) == numbers(2 * size, 5 * size)
    assert (state.has_earlier, state.has_later) == (True, True)
    state._add(view(1_000))
    state._show_before(page(0, 2 * size, has_earlier=False))
    assert texts(state) == numbers(0, MOST_SHOWN)
    assert (state.has_earlier, state.has_later) == (False, True)
    state._show_following(page(3 * size, 4 * size, has_later=True))
    assert texts(state) == numbers(size, 4 * size)
    assert (state.has_earlier, state.has_later) == (True, True)
    state._show_following(page(4 * size, 5 * size + 1))
    assert texts(state) == numbers(2 * size + 1, 5 * size + 1)
    assert (state.has_earlier, state.has_later) == (True, False)


def test_a_branch_takes_the_place_of_what_stood_below_the_same_message() -> None:
    state = TranscriptState(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    first, old, new = chain(2), chain(3), chain(2)
    old = [replace(old[0], parent_id=first[-1].id), *old[1:]]
    new = [replace(new[0], parent_id=first[-1].id), *new[1:]]
    state._show(ConversationPage(uuid7(), "", "", (*first, *old), has_earlier=False))
    state._show_after(ConversationPage(uuid7(), "", "", tuple(new), has_earlier=True), str(first[-1].id))
    assert shown_ids(state) == [message.id for message in (*first, *new)]
    state._show_after(ConversationPage(uuid7(), "", "", tuple(old), has_earlier=False), "")
    assert shown_ids(state) == [message.id for message in old], "what begins elsewhere is shown alone"
    root = chain(2)
    state._show_after(ConversationPage(uuid7(), "", "", tuple(root), has_earlier=False), "")
    assert shown_ids(state) == [message.id for message in root]
    state._cut_after("nothing")
    assert len(shown_ids(state)) == 2


def chain(length: int) -> list[MessageView]:
    messages: list[MessageView] = []
    for number in range(length):
        above = messages[-1].id if messages else None
        messages.append(MessageView(uuid7(), above, "user", "done", str(number), "", None, utc_now()))
    return messages


def shown_ids(state: TranscriptState) -> list[UUID]:
    return [UUID(item.id) for item in (*state.earlier, *state.latest)]


def numbers(start: int, end: int) -> list[str]:
    return [str(number) for number in range(start, end)]


def view(number: int) -> MessageView:
    return MessageView(uuid7(), None, "user", "done", str(number), "", None, utc_now())


def texts(state: TranscriptState) -> list[str]:
    return [item.text for item in (*state.earlier, *state.latest)]
