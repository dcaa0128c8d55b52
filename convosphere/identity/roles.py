"""Roles as sets of permissions."""

from collections.abc import Sequence
from enum import StrEnum

from convosphere.core.i18n import Message, t
from convosphere.core.permissions import Permission
from convosphere.core.settings import get_settings


class Role(StrEnum):
    """What a person can be in every workspace, from the most to the least; workspaces may have roles of their own."""

    OWNER = "owner"
    ADMIN = "admin"
    MANAGER = "manager"
    MEMBER = "member"
    GUEST = "guest"


_GUEST = frozenset(
    {
        Permission.ACCOUNT_USE,
        Permission.ACCOUNT_WRITE,
        Permission.ASSISTANT_READ,
        Permission.CONVERSATION_READ,
        Permission.CONVERSATION_WRITE,
        Permission.CONVERSATION_EXPORT,
        Permission.DOCUMENT_READ,
        Permission.PROMPT_READ,
        Permission.TEMPLATE_READ,
    }
)
_MEMBER = _GUEST | {
    Permission.ASSISTANT_WRITE,
    Permission.ASSISTANT_SHARE,
    Permission.CONVERSATION_SHARE,
    Permission.DOCUMENT_WRITE,
    Permission.DOCUMENT_SHARE,
    Permission.KEY_MANAGE,
    Permission.PROMPT_WRITE,
    Permission.PROMPT_SHARE,
    Permission.SOURCE_WRITE,
    Permission.TEMPLATE_WRITE,
    Permission.TEMPLATE_SHARE,
}
_MANAGER = _MEMBER | {
    Permission.ASSISTANT_REVIEW,
    Permission.GROUP_MANAGE,
    Permission.PERSON_INVITE,
    Permission.PERSON_READ,
}
_ADMIN = frozenset(Permission) - {Permission.PUBLIC}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: _ADMIN,
    Role.ADMIN: _ADMIN,
    Role.MANAGER: _MANAGER,
    Role.MEMBER: _MEMBER,
    Role.GUEST: _GUEST,
}

ROLE_NAMES: dict[Role, Message] = {
    Role.OWNER: t("Owner"),
    Role.ADMIN: t("Administrator"),
    Role.MANAGER: t("Manager"),
    Role.MEMBER: t("Member"),
    Role.GUEST: t("Guest"),
}

ALWAYS = frozenset({Permission.ACCOUNT_USE, Permission.ACCOUNT_WRITE})
"""What every role has: without it nobody could as much as change their own password."""


def permissions_of(role: str, custom: Sequence[str] | None = None) -> frozenset[Permission]:
    """What a role allows: a built-in one by its name, a custom one by what is stored of it.

    Where nobody can join, nobody can invite.
    """
    without = {Permission.PERSON_INVITE} if get_settings().sign_up == "closed" else frozenset[Permission]()
    if custom is None:
        return (PERMISSIONS[Role(role)] if role in PERMISSIONS else frozenset()) - without
    # A permission that a later release dropped allows nothing.
    return (ALWAYS | {Permission(name) for name in custom if name in frozenset(Permission)}) - without


def may_look_as(real_role: str, real: frozenset[Permission], role: str, permissions: frozenset[Permission]) -> bool:
    """Whether somebody of the one role may look as somebody of the other: only at people who may do no more."""
    is_no_more = permissions <= real and (role != Role.OWNER or real_role == Role.OWNER)
    return Permission.PERSON_LOOK in real and is_no_more
