"""Every permission there is, and who is acting."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Permission(StrEnum):
    """`resource:action` names. Ways in declare one; roles are sets of them."""

    PUBLIC = "public:use"
    """Needs nobody signed in: sign-in, set-up, health."""
    ACCOUNT_USE = "account:use"
    AUDIT_READ = "audit:read"
    CONVERSATION_READ = "conversation:read"
    CONVERSATION_WRITE = "conversation:write"
    DOCUMENT_READ = "document:read"
    DOCUMENT_WRITE = "document:write"
    DOCUMENT_SHARE = "document:share"
    PERSON_INVITE = "person:invite"
    WORKSPACE_MANAGE = "workspace:manage"


@dataclass(frozen=True)
class Actor:
    """Who does something, in which workspace, with which permissions; the first argument of every use case.

    `account_id` is None for an anonymous actor and for the system actor of a workspace.
    """

    account_id: UUID | None
    workspace_id: UUID | None
    permissions: frozenset[Permission]
    name: str = ""
    email: str = ""
    role: str = ""
    locale: str = "en"
    session_id: UUID | None = None

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody is signed in."""
        return self.workspace_id is None

    def may(self, permission: Permission) -> bool:
        """Whether the actor holds a permission."""
        return permission is Permission.PUBLIC or permission in self.permissions


ANONYMOUS = Actor(account_id=None, workspace_id=None, permissions=frozenset())


def system_actor(workspace_id: UUID) -> Actor:
    """The actor of jobs that no person asked for."""
    return Actor(account_id=None, workspace_id=workspace_id, permissions=frozenset(Permission), role="system")
