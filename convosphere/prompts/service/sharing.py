"""How prompts are shared with people and groups; the rules are those of all things."""

from uuid import UUID

from convosphere.core.audit.actions import PROMPT_SHARED
from convosphere.core.permissions import Permission
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.service.grants import GrantKind
from convosphere.prompts.models import Prompt
from convosphere.prompts.queries.prompts import OBJECT_TYPE, get_prompt


async def _fetch(uow: UnitOfWork, prompt_id: UUID) -> Prompt:
    return await get_prompt(uow, prompt_id, "manage", lock=True)


async def _announce(uow: UnitOfWork, prompt_id: UUID) -> None:
    await uow.publish(f"prompt:{prompt_id}")


PROMPT_GRANTS = GrantKind(
    object_type=OBJECT_TYPE,
    seen_with=Permission.PROMPT_READ,
    shared_with=Permission.PROMPT_SHARE,
    action=PROMPT_SHARED,
    fetch=_fetch,
    announce=_announce,
)
