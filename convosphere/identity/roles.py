"""Roles as sets of permissions."""

from enum import StrEnum

from convosphere.core.permissions import Permission


class Role(StrEnum):
    """What a person can be in a workspace, from the most to the least."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"


_MEMBER = frozenset(
    {
        Permission.ACCOUNT_USE,
        Permission.CONVERSATION_READ,
        Permission.CONVERSATION_WRITE,
        Permission.DOCUMENT_READ,
        Permission.DOCUMENT_WRITE,
        Permission.DOCUMENT_SHARE,
    }
)
_ADMIN = _MEMBER | {Permission.AUDIT_READ, Permission.PERSON_INVITE, Permission.WORKSPACE_MANAGE}

PERMISSIONS: dict[Role, frozenset[Permission]] = {Role.OWNER: _ADMIN, Role.ADMIN: _ADMIN, Role.MEMBER: _MEMBER}
