"""The page of roles."""

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import ConflictError, InvalidInputError
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.roles import ALWAYS
from convosphere.identity.service import roles
from convosphere.identity.service.roles import RoleRow


@dataclass(frozen=True)
class RoleItem:
    """A role as the browser gets it; `name` is a message as a dict."""

    key: str = ""
    name: dict[str, Any] = field(default_factory=dict)
    description: str = ""
    permissions: list[str] = field(default_factory=list)
    is_custom: bool = False
    requires_factor: bool = False
    people: int = 0


class RolesState(rx.State):
    """All roles, and the dialog that is open.

    `dialog` is `edit`, `delete` or none; `asked` is the role that it is about, or an empty one for a new role, and
    `chosen` what it is to allow.
    """

    roles: rx.Field[list[RoleItem]] = rx.field(default_factory=list)
    is_loaded: rx.Field[bool] = rx.field(False)
    dialog: rx.Field[str] = rx.field("")
    asked: rx.Field[RoleItem] = rx.field(default_factory=RoleItem)
    chosen: rx.Field[list[str]] = rx.field(default_factory=list)
    error: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)

    @rx.event
    @way_in(Permission.PERSON_READ)
    async def load(self) -> None:
        """Show the roles as they are now."""
        await self._load()

    @rx.event
    @way_in(Permission.ROLE_MANAGE)
    def ask(self, dialog: str, key: str = "") -> None:
        """Open a dialog about a role of the workspace's own, or about a new one."""
        self.asked = next((role for role in self.roles if role.key == key and role.is_custom), RoleItem())
        self.chosen = self.asked.permissions or sorted(ALWAYS)
        self.dialog, self.error = dialog if dialog in {"edit", "delete"} else "", {}

    @rx.event
    @way_in(Permission.ROLE_MANAGE)
    def close_dialog(self, is_open: bool = False) -> None:  # A dialog hands over its state.
        """Leave everything as it is."""
        if not is_open:
            self.dialog = ""

    @rx.event
    @way_in(Permission.ROLE_MANAGE)
    def choose(self, permission: str, is_allowed: bool) -> None:
        """Let the role that is being written allow something, or no longer."""
        rest = [name for name in self.chosen if name != permission]
        self.chosen = [*rest, permission] if is_allowed and permission in frozenset(Permission) else rest

    @rx.event
    @way_in(Permission.ROLE_MANAGE)
    async def save(self, form: dict[str, str]) -> None:
        """Keep what was written and chosen of the role; it holds at once for all who have it."""
        name, description = str(form.get("role-name", "")), str(form.get("role-description", ""))
        try:
            if self.asked.key:
                await roles.change_role(current_actor(), self.asked.key, name, description, self.chosen)
            else:
                await roles.create_role(current_actor(), name, description, self.chosen)
        except (ConflictError, InvalidInputError) as error:
            self.error = error.message.as_dict()
            return
        self.dialog = ""
        await self._load()

    @rx.event
    @way_in(Permission.ROLE_MANAGE)
    async def delete(self) -> None:
        """Delete the role that was asked about."""
        self.dialog = ""
        await roles.delete_role(current_actor(), self.asked.key)
        await self._load()

    @rx.event
    @way_in(Permission.ROLE_MANAGE)
    async def require_factor(self, key: str, is_required: bool) -> None:
        """Ask those who have a role for a second factor, or no longer."""
        await roles.require_second_factor(current_actor(), key, is_required=is_required)
        await self._load()

    async def _load(self) -> None:
        self.roles = [_item(row) for row in await roles.list_roles(current_actor())]
        self.is_loaded = True


def _item(row: RoleRow) -> RoleItem:
    return RoleItem(
        key=row.key,
        name=row.name.as_dict(),
        description=row.description,
        permissions=sorted(row.permissions),
        is_custom=row.is_custom,
        requires_factor=row.requires_second_factor,
        people=row.people,
    )
