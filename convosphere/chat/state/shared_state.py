"""What the person may do with the conversation that is shown."""

import reflex as rx

from convosphere.chat.access import OWN, Access


class SharedState(rx.State):
    """Of an own one, or a new one, everything."""

    access: rx.Field[Access] = rx.field(default_factory=Access)

    def _take(self, access: Access = OWN) -> None:
        plain = Access(access.is_own, access.can_ask, access.can_edit, access.can_share, access.is_shared)
        if plain != self.access:
            self.access = plain
