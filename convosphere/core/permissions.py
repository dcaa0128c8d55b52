"""Every permission there is, and who is acting."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Permission(StrEnum):
    """`resource:action` names. Ways in declare one; roles are sets of them.

    Whatever changes something has another action than `read` or `use`: whoever looks as somebody else has those alone.
    """

    PUBLIC = "public:use"
    """Needs nobody signed in: sign-in, set-up, health."""
    ACCOUNT_USE = "account:use"
    ACCOUNT_WRITE = "account:write"
    """One's own profile, password, factors and devices."""
    ASSISTANT_READ = "assistant:read"
    ASSISTANT_WRITE = "assistant:write"
    ASSISTANT_SHARE = "assistant:share"
    ASSISTANT_REVIEW = "assistant:review"
    """What stands in the gallery of the workspace."""
    AUDIT_READ = "audit:read"
    BUDGET_MANAGE = "budget:manage"
    CONVERSATION_READ = "conversation:read"
    CONVERSATION_WRITE = "conversation:write"
    CONVERSATION_SHARE = "conversation:share"
    CONVERSATION_EXPORT = "conversation:export"
    """Taking out many at once is more than reading: whoever looks as somebody else may not."""
    DOCUMENT_READ = "document:read"
    DOCUMENT_WRITE = "document:write"
    DOCUMENT_SHARE = "document:share"
    GROUP_MANAGE = "group:manage"
    KNOWLEDGE_MANAGE = "knowledge:manage"
    """How all documents are, whoever they belong to: counts, remains, questions without an answer, and space."""
    KEY_MANAGE = "key:manage"
    """One's own keys for programs."""
    MODEL_MANAGE = "model:manage"
    """Providers of models with their keys, who may use which model, and what it costs."""
    PERSON_READ = "person:read"
    """Everybody's address, role, groups and activity."""
    PERSON_INVITE = "person:invite"
    PERSON_MANAGE = "person:manage"
    PERSON_LOOK = "person:look_as"
    PROMPT_READ = "prompt:read"
    PROMPT_WRITE = "prompt:write"
    PROMPT_SHARE = "prompt:share"
    ROLE_MANAGE = "role:manage"
    SOURCE_WRITE = "source:write"
    """Sources that documents come from by themselves, over the network."""
    SOURCE_MANAGE = "source:manage"
    """Directories of the server as such sources."""
    TEMPLATE_READ = "template:read"
    TEMPLATE_WRITE = "template:write"
    TEMPLATE_SHARE = "template:share"
    """Of conversations."""
    USAGE_READ = "usage:read"
    """What everybody used and what it cost; of oneself one knows it anyway."""
    WORKSPACE_MANAGE = "workspace:manage"

    @property
    def only_reads(self) -> bool:
        """Whether it lets nobody change anything."""
        return self.value.partition(":")[2] in {"read", "use"}


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
    authenticated_at: datetime | None = None
    """When the person last proved who they are."""
    method: str = ""
    """How: `password`, `password+totp`, `passkey` ..."""
    lacks_factor: bool = False
    """Whether the role asks for a second factor and this sign-in had none: until then nothing else is allowed."""
    credential_id: UUID | None = None
    """The key, or the family of tokens, that a program came with; None for a person in a browser."""
    real_account_id: UUID | None = None
    """The administrator who looks through this person's eyes; nobody, mostly."""
    real_name: str = ""

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
