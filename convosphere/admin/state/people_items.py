"""People and invitations as the browser gets them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from convosphere.core.i18n import Message
from convosphere.identity.queries.invitations import InvitationRow
from convosphere.identity.queries.roster import PersonRow
from convosphere.identity.service.avatars import avatar_address
from convosphere.identity.service.roster import PeopleChoices
from convosphere.shell.state import initials_of

Words = dict[str, Any]
"""A `core.i18n.Message` as a dict."""


@dataclass(frozen=True)
class Choice:
    """Something to choose from."""

    key: str = ""
    name: Words = field(default_factory=dict)


@dataclass(frozen=True)
class PersonItem:
    """A row of the list of people."""

    id: str
    name: str
    email: str
    role: Words
    groups: str
    last_active: str
    standing: str
    """`active`, `inactive` or `leaving`."""
    initials: str
    avatar: str


@dataclass(frozen=True)
class InvitationItem:
    """A row of the list of open invitations."""

    id: str
    email: str
    name: str
    role: Words
    invited_by: str
    expires_at: str
    is_expired: bool


def role_choices(choices: PeopleChoices) -> list[Choice]:
    """Roles to choose from."""
    return [Choice(key, name.as_dict()) for key, name in choices.roles.items()]


def group_choices(choices: PeopleChoices) -> list[Choice]:
    """Groups to choose from."""
    return [Choice(str(group_id), plain(name)) for group_id, name in choices.groups]


def plain(text: str) -> Words:
    """A name that needs no translation."""
    return Message(text).as_dict()


def person_item(row: PersonRow, roles: Mapping[str, Words]) -> PersonItem:
    """A row for the browser."""
    standing = "leaving" if row.is_leaving else "active" if row.is_active else "inactive"
    last_active = row.last_active_at.isoformat() if row.last_active_at else ""
    role = roles.get(row.role) or plain(row.role)
    return PersonItem(
        str(row.id), row.name, row.email, role, row.groups, last_active, standing, initials_of(row.name),
        avatar_address(row.id, row.avatar),
    )  # fmt: skip


def invitation_item(row: InvitationRow, roles: Mapping[str, Words]) -> InvitationItem:
    """A row for the browser."""
    return InvitationItem(
        str(row.id), row.email, row.name, roles.get(row.role) or plain(row.role), row.invited_by,
        row.expires_at.isoformat(), row.is_expired,
    )  # fmt: skip
