"""How assistants are shared with people and groups; the rules are those of all things."""

from uuid import UUID

from convosphere.assistants.models import Assistant
from convosphere.assistants.queries.access import OBJECT_TYPE
from convosphere.assistants.queries.assistants import get_assistant
from convosphere.core.audit.actions import ASSISTANT_SHARED
from convosphere.core.permissions import Permission
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.service.grants import GrantKind


async def _fetch(uow: UnitOfWork, assistant_id: UUID) -> Assistant:
    return await get_assistant(uow, assistant_id, "manage", lock=True)


async def _announce(uow: UnitOfWork, assistant_id: UUID) -> None:
    await uow.publish(f"assistant:{assistant_id}")


ASSISTANT_GRANTS = GrantKind(
    object_type=OBJECT_TYPE,
    seen_with=Permission.ASSISTANT_READ,
    shared_with=Permission.ASSISTANT_SHARE,
    action=ASSISTANT_SHARED,
    fetch=_fetch,
    announce=_announce,
)
