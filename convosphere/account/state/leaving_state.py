"""Deleting one's own account."""

from typing import Any

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import ConflictError, InvalidInputError, SignInRequiredError
from convosphere.core.i18n import t
from convosphere.core.page_routes import SIGN_IN
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.service import leaving
from convosphere.identity.service.recent import require_recent


class LeavingState(rx.State):
    """The dialog: what is lost, and what others use as well."""

    is_open: rx.Field[bool] = rx.field(False)
    email: rx.Field[str] = rx.field("")
    lost: rx.Field[list[dict[str, Any]]] = rx.field(default_factory=list)
    shared: rx.Field[list[dict[str, Any]]] = rx.field(default_factory=list)
    error: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def ask(self) -> None:
        """Say what would be lost, to somebody who has just proved who they are."""
        actor = current_actor()
        require_recent(actor)
        if actor.account_id is None:
            raise SignInRequiredError
        holdings = await leaving.list_holdings(actor, actor.account_id)
        self.lost = [holding.label.as_dict() for holding in holdings if not holding.is_shared]
        self.shared = [holding.label.as_dict() for holding in holdings if holding.is_shared]
        self.email, self.error, self.is_open = actor.email, {}, True

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    def close(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Stay."""
        self.is_open = is_open

    @rx.event
    @way_in(Permission.ACCOUNT_WRITE)
    async def leave(self, form: dict[str, str]) -> rx.event.EventType[()] | None:
        """Delete the account, if its address was typed."""
        if str(form.get("leaving-email", "")).strip().lower() != current_actor().email:
            self.error = t("Please type the address exactly as it stands here.").as_dict()
            return None
        try:
            await leaving.delete_own_account(current_actor(), hands_over=form.get("leaving-shared") != "delete")
        except (ConflictError, InvalidInputError) as error:
            self.error = error.message.as_dict()
            return None
        return rx.redirect(SIGN_IN)
