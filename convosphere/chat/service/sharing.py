"""How conversations are shared with people and groups; the rules are those of all things."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from convosphere.chat.access import OBJECT_TYPE, Access, access_topic, shared_topic
from convosphere.chat.models import Conversation
from convosphere.chat.queries import branches as branch_queries
from convosphere.chat.queries import conversations as conversation_queries
from convosphere.chat.queries import sharing as sharing_queries
from convosphere.chat.service.conversations import publish_list
from convosphere.core.audit.actions import CONVERSATION_SHARED
from convosphere.core.authorization import require
from convosphere.core.errors import ConflictError
from convosphere.core.i18n import t
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.service.grants import GrantKind


@dataclass(frozen=True)
class SharedConversation:
    """A conversation as it is named where it is shared."""

    id: UUID
    name: str
    owner_id: UUID


async def get_access(actor: Actor, conversation_id: UUID) -> Access:
    """What the actor may do with a conversation now.

    Raises:
        NotFoundError: they do not see it, or not any more.
    """
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        return await branch_queries.get_place(uow, conversation_id)


async def names_of(actor: Actor, account_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What people of the workspace are called who look at a conversation that the actor looks at too."""
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        return await sharing_queries.list_names(uow, account_ids)


async def get_shareable(uow: UnitOfWork, conversation_id: UUID) -> Conversation:
    """A conversation that the actor may share, locked.

    Raises:
        NotFoundError: there is none with this id.
        ConflictError: it is temporary, and nobody else's business.
    """
    found = await conversation_queries.get_conversation(uow, conversation_id, "manage", lock=True)
    if found.expires_at:
        raise ConflictError(t("A temporary chat cannot be shared."))
    return found


async def _fetch(uow: UnitOfWork, conversation_id: UUID) -> SharedConversation:
    found = await get_shareable(uow, conversation_id)
    return SharedConversation(found.id, found.title, found.owner_id)


async def announce(uow: UnitOfWork, conversation_id: UUID) -> None:
    """Tell whoever looks at a conversation, and all lists, that others may see it than before."""
    await uow.publish(access_topic(conversation_id), shared_topic(uow.workspace_id))
    await publish_list(uow)


CONVERSATION_GRANTS = GrantKind(
    object_type=OBJECT_TYPE,
    seen_with=Permission.CONVERSATION_READ,
    shared_with=Permission.CONVERSATION_SHARE,
    action=CONVERSATION_SHARED,
    fetch=_fetch,
    announce=announce,
    least="view",
    is_private=True,
)
