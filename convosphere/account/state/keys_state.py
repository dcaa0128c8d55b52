"""One's keys for programs."""

from typing import TypedDict

import reflex as rx

from convosphere.core.authorization import current_actor
from convosphere.core.errors import InvalidInputError, LimitReachedError
from convosphere.core.i18n import Value
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import Permission
from convosphere.core.ways_in import way_in
from convosphere.identity.schemas import KeyRow
from convosphere.identity.scopes import scope_name
from convosphere.identity.service import keys

SCOPE_FIELD = "scope:"
"""How the names of the checkboxes of a form begin."""

_Text = dict[str, str | dict[str, Value]]


class ScopeCard(TypedDict):
    """Something that a key may do, in words."""

    scope: str
    label: _Text


class KeyCard(TypedDict):
    """A key without its text."""

    id: str
    name: str
    prefix: str
    scopes: list[ScopeCard]
    created: str
    expires: str
    last_used: str
    address: str


class KeysState(rx.State):
    """The list of keys, and the dialog that makes one; its text is kept only until the page has it."""

    rows: rx.Field[list[KeyCard]] = rx.field(default_factory=list)
    choices: rx.Field[list[ScopeCard]] = rx.field(default_factory=list)
    is_open: rx.Field[bool] = rx.field(False)
    value: rx.Field[str] = rx.field("")
    error: rx.Field[_Text] = rx.field(default_factory=dict)

    @rx.event
    @way_in(Permission.ACCOUNT_USE)
    async def load(self) -> None:
        """Show one's keys; who may have none sees nothing of them."""
        actor = current_actor()
        self.choices = (
            [_scope_card(scope) for scope in keys.scopes_of(actor)] if actor.may(Permission.KEY_MANAGE) else []
        )
        self.rows = [_card(row) for row in await keys.list_keys(actor)] if self.choices else []

    @rx.event
    @way_in(Permission.KEY_MANAGE)
    async def show(self, is_open: bool) -> None:
        """Open or close the dialog."""
        self.is_open, self.error = is_open, {}

    @rx.event
    @way_in(Permission.KEY_MANAGE)
    async def create(self, form: dict[str, str | bool]) -> None:
        """Make a key."""
        scopes = [
            name.removeprefix(SCOPE_FIELD) for name, value in form.items() if name.startswith(SCOPE_FIELD) and value
        ]
        days = str(form.get("days", ""))
        try:
            made = await keys.create_key(
                current_actor(), str(form.get("key_name", "")), scopes, int(days) if days.isdecimal() else None
            )
        except (InvalidInputError, LimitReachedError) as error:
            self.error = error.message.as_dict()
            return
        self.is_open, self.value, self.error = False, made.value, {}
        self.rows = [_card(made.row), *self.rows]

    @rx.event
    @way_in(Permission.KEY_MANAGE)
    def forget_value(self) -> None:
        """The page has the key's text; it is kept nowhere else."""
        self.value = ""

    @rx.event
    @way_in(Permission.KEY_MANAGE)
    async def revoke(self, key_id: str) -> None:
        """End a key."""
        await keys.revoke_key(current_actor(), parse_id(key_id))
        self.rows = [row for row in self.rows if row["id"] != key_id]


def _scope_card(scope: str) -> ScopeCard:
    return ScopeCard(scope=str(scope), label=scope_name(scope).as_dict())


def _card(row: KeyRow) -> KeyCard:
    return KeyCard(
        id=str(row.id),
        name=row.name,
        prefix=row.prefix,
        scopes=[_scope_card(scope) for scope in row.scopes],
        created=row.created_at.isoformat(),
        expires=row.expires_at.isoformat() if row.expires_at else "",
        last_used=row.last_used_at.isoformat() if row.last_used_at else "",
        address=row.last_used_address,
    )
