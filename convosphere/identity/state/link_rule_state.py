"""What dialogs that make links have alike."""

from collections.abc import Mapping
from dataclasses import dataclass

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.service.link_rules import allow_anyone


@dataclass(frozen=True)
class MadeLink:
    """A link; `expires` is empty where it works until it is revoked."""

    id: str
    scope: str
    expires: str
    made_by: str
    works: bool


class LinkRuleState(rx.State):
    """Whether links of the workspace may open for anybody, and whether the person says so."""

    allows_anyone: rx.Field[bool] = rx.field(False)
    may_allow: rx.Field[bool] = rx.field(False)

    @rx.event
    @way_in(Permission.WORKSPACE_MANAGE)
    async def allow_anyone(self, allows: bool) -> None:
        """Say whether links of the workspace may open for anybody."""
        await allow_anyone(current_actor(), allows=allows)
        self.allows_anyone = allows

    def _take(self, *, allows_anyone: bool) -> None:
        """What a dialog that opens has found."""
        self.allows_anyone, self.may_allow = allows_anyone, current_actor().may(Permission.WORKSPACE_MANAGE)


def days_of(form: Mapping[str, str], name: str) -> int | None:
    """For how many days a link is to work as a form says; None until it is revoked."""
    days = str(form.get(name, ""))
    return int(days) if days.isdecimal() and len(days) < 5 else None
