"""The question who one is, before something delicate."""

import reflex as rx

from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in


class ReauthenticationState(rx.State):
    """Whether this tab is being asked."""

    is_asked: rx.Field[bool] = rx.field(False)

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    def ask(self) -> None:
        """Ask; the composition root does where a handler needed a fresh proof."""
        self.is_asked = True

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    def settle(self) -> None:
        """The person has answered, or does not want to."""
        self.is_asked = False
