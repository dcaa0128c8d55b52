"""The messages that a tab shows."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

import reflex as rx

from convosphere.chat.schemas import ConversationPage, MessageView
from convosphere.chat.service.answering import CAN_GO_ON
from convosphere.chat.state.items import MessageItem, message_items
from convosphere.core.i18n import Message
from convosphere.core.identifiers import parse_id

MOST_SHOWN = 120
"""Messages on a page; who reads on in one direction lets go of those at the other end, which come again on the way."""


class TranscriptState(rx.State):
    """A conversation: `earlier` as it was loaded, `latest` as messages came since, so that a new one travels alone.

    `shown_id` is what all of this is about, also where it is missing or could not be loaded. `is_gone`: it is missing,
    but was there a moment ago.
    """

    shown_id: rx.Field[str] = rx.field("")
    title: rx.Field[str] = rx.field("")
    earlier: rx.Field[list[MessageItem]] = rx.field(default_factory=list)
    latest: rx.Field[list[MessageItem]] = rx.field(default_factory=list)
    has_earlier: rx.Field[bool] = rx.field(False)
    has_later: rx.Field[bool] = rx.field(False)
    is_loading: rx.Field[bool] = rx.field(True)
    is_missing: rx.Field[bool] = rx.field(False)
    is_gone: rx.Field[bool] = rx.field(False)
    failure: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)

    def _show(self, page: ConversationPage) -> None:
        self.shown_id, self.title, self.has_earlier = str(page.id), page.title, page.has_earlier
        self.earlier = message_items([message for message in page.messages if message.status != "streaming"])
        self.latest, self.failure = [], {}
        self.is_loading = self.is_missing = self.is_gone = self.has_later = False

    def _show_after(self, page: ConversationPage, above: str) -> None:
        """Show a branch that goes on below a message, or that begins the conversation; what is above it stays."""
        if not (above and self._has(above) and page.follows(parse_id(above))):
            self._show(page)
            return
        self._cut_after(above)
        self.has_later = False
        for message in page.messages:
            if message.status != "streaming":
                self._add(message)

    def _show_before(self, page: ConversationPage) -> None:
        """Put messages before the first one; what is too many then goes at the other end."""
        shown = [*message_items(page.messages), *self.earlier, *self.latest]
        if len(shown) > MOST_SHOWN:
            self.earlier, self.latest, self.has_later = shown[:MOST_SHOWN], [], True
        else:
            self.earlier = shown[: len(shown) - len(self.latest)]
        self.has_earlier = page.has_earlier

    def _show_following(self, page: ConversationPage) -> None:
        """Put messages after the last one; what is too many then goes at the other end."""
        follow = [message for message in page.messages if message.status != "streaming"]
        shown = [*self.earlier, *self.latest, *message_items(follow, self._last_answer())]
        self.has_earlier = self.has_earlier or len(shown) > MOST_SHOWN
        self.earlier, self.latest, self.has_later = shown[-MOST_SHOWN:], [], page.has_later

    def _show_nothing(self, *, missing: str = "", failed: str = "", why: Message | None = None) -> None:
        self.shown_id, self.title, self.earlier, self.latest = missing or failed, "", [], []
        self.has_earlier = self.has_later = self.is_loading = False
        self.is_missing, self.failure = bool(missing), why.as_dict() if why else {}
        self.is_gone = False

    def _lose(self, conversation_id: str) -> None:
        """Show that a conversation is there no more, if it is the one that is looked at."""
        if self.shown_id == conversation_id and not self.is_missing:
            self._show_nothing(missing=conversation_id)
            self.is_gone = True

    def _rename(self, title: str) -> None:
        if title and title != self.title:
            self.title = title

    def _last_id(self) -> str:
        return self._last()[0]

    def _last(self) -> tuple[str, str]:
        """The last message, and its status."""
        return next(((items[-1].id, items[-1].status) for items in (self.latest, self.earlier) if items), ("", ""))

    def _last_whole_id(self) -> str:
        """The last message that stays as it is: an answer that is not whole may be continued in another tab."""
        last = next((items[-1] for items in (self.latest, self.earlier) if items), None)
        if last is None:
            return ""
        return last.above if last.role == "assistant" and last.status in CAN_GO_ON else last.id

    def _ends_with(self, messages: Sequence[MessageView]) -> bool:
        """Whether these are shown at the end, each as far as it is written."""
        shown = [*self.earlier, *self.latest][-len(messages) :]
        return [(item.id, item.status, item.text) for item in shown] == [
            (item.id, item.status, item.text) for item in message_items(messages)
        ]

    def _last_answer(self) -> MessageItem | None:
        shown = (*self.earlier, *self.latest)
        return next((item for item in reversed(shown) if item.role == "assistant"), None)

    def _first_id(self) -> str:
        return next((items[0].id for items in (self.earlier, self.latest) if items), "")

    def _add(self, message: MessageView) -> None:
        """Put a message at the end, if the end is shown."""
        if not self.has_later and str(message.id) not in {item.id for item in (*self.earlier, *self.latest)}:
            self.latest = [*self.latest, *message_items([message], self._last_answer())]

    def _has(self, message_id: str) -> bool:
        return message_id in {item.id for item in (*self.earlier, *self.latest)}

    def _cut_after(self, message_id: str) -> None:
        """Take away what follows a message, which itself may not be shown any more."""
        below = (item.id for item in (*self.earlier, *self.latest) if item.above == message_id)
        if first := next(below, ""):
            self._cut_from(first)

    def _cut_from(self, message_id: str) -> None:
        """Take away a message and what follows it: another answer begins another branch."""
        kept = list(takewhile(lambda item: item.id != message_id, (*self.earlier, *self.latest)))
        if len(kept) < len(self.earlier):
            self.earlier = kept
        self.latest = kept[len(self.earlier) :]
