"""What the frame shows but does not know: filled once by the composition root, before pages are compiled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import reflex as rx

from convosphere.core.page_routes import CHAT
from convosphere.ui.i18n import LocaleHandler


@dataclass(frozen=True)
class NavigationItem:
    """A line of the sidebar. With a `permission` only those who hold it see the line; its page checks for itself."""

    label: rx.Var[str]
    icon: str
    route: str
    testid: str
    permission: str = ""
    others: Sequence[tuple[str, str]] = ()
    """Further permissions that show the line, each with where it leads those who hold none before it."""
    further: Sequence[str] = ()
    """Addresses of pages that belong to the same line."""
    waiting: rx.Var[int] | None = None
    """How much waits there for the person."""


@dataclass(frozen=True)
class FrameSlots:
    """Everything that comes from above: lines of navigation, the list of conversations, the bell, where acts lead."""

    navigation: Sequence[NavigationItem]
    conversations: rx.Component | None = None
    palette: rx.Component | None = None
    bell: rx.Component | None = None
    new_chat_route: str = CHAT
    on_new_chat: rx.event.EventType[()] | None = None
    on_locale_change: LocaleHandler | None = None
    on_theme_change: LocaleHandler | None = None
    sign_out_address: str = "/auth/sign-out"


class UndoActions:
    """Events that take something back, by the kind of thing; packages register theirs."""

    _events: ClassVar[dict[str, Callable[..., rx.event.EventType[()]]]] = {}

    @classmethod
    def register(cls, kind: str, event: Callable[..., rx.event.EventType[()]]) -> None:
        """Let the undo of a notice about `kind` run `event(id)`."""
        cls._events[kind] = event

    @classmethod
    def event_for(cls, undo: str) -> rx.event.EventType[()] | None:
        """The event of an undo that is written as `kind:id`."""
        kind, _, identity = undo.partition(":")
        event = cls._events.get(kind)
        return event(identity) if event else None
