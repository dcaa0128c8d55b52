"""The messages that a tab shows."""

from itertools import takewhile

import reflex as rx

from convosphere.chat.schemas import ConversationPage, MessageView
from convosphere.chat.state.items import MessageItem, message_item


class TranscriptState(rx.State):
    """A conversation: `earlier` as it was loaded, `latest` as messages came since, so that a new one travels alone."""

    shown_id: rx.Field[str] = rx.field("")
    title: rx.Field[str] = rx.field("")
    earlier: rx.Field[list[MessageItem]] = rx.field(default_factory=list)
    latest: rx.Field[list[MessageItem]] = rx.field(default_factory=list)
    has_earlier: rx.Field[bool] = rx.field(False)
    is_loading: rx.Field[bool] = rx.field(True)
    is_missing: rx.Field[bool] = rx.field(False)

    def _show(self, page: ConversationPage) -> None:
        self.shown_id, self.title, self.has_earlier = str(page.id), page.title, page.has_earlier
        self.earlier = [message_item(message) for message in page.messages if message.status != "streaming"]
        self.latest = []
        self.is_loading = self.is_missing = False

    def _show_nothing(self, *, missing: str = "") -> None:
        self.shown_id, self.title, self.earlier, self.latest = missing, "", [], []
        self.has_earlier, self.is_loading, self.is_missing = False, False, bool(missing)

    def _rename(self, title: str) -> None:
        if title and title != self.title:
            self.title = title

    def _last_id(self) -> str:
        return next((items[-1].id for items in (self.latest, self.earlier) if items), "")

    def _add(self, message: MessageView) -> None:
        if str(message.id) not in {item.id for item in (*self.earlier, *self.latest)}:
            self.latest = [*self.latest, message_item(message)]

    def _cut_from(self, message_id: str) -> None:
        """Take away a message and what follows it: another answer begins another branch."""
        kept = list(takewhile(lambda item: item.id != message_id, (*self.earlier, *self.latest)))
        if len(kept) < len(self.earlier):
            self.earlier = kept
        self.latest = kept[len(self.earlier) :]
