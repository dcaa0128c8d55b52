"""How models are kept for some: the rules of granting are those of all things."""

from dataclasses import dataclass
from uuid import UUID

from convosphere.core.audit.actions import MODEL_SHARED
from convosphere.core.permissions import Permission
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.service.grants import GrantKind
from convosphere.llm.queries.offers import OBJECT_TYPE, get_model_row
from convosphere.llm.workspaces import models_topic

NOBODY = UUID(int=0)
"""A model belongs to no person: whoever may use it was granted it."""


@dataclass(frozen=True)
class _GrantedModel:
    id: UUID
    name: str
    owner_id: UUID = NOBODY


async def _fetch(uow: UnitOfWork, row_id: UUID) -> _GrantedModel:
    row = await get_model_row(uow, row_id)
    return _GrantedModel(row.id, row.display_name or row.model_id)


async def _announce(uow: UnitOfWork, _: UUID) -> None:
    await uow.publish(models_topic(uow.workspace_id))


MODEL_GRANTS = GrantKind(
    object_type=OBJECT_TYPE,
    seen_with=Permission.CONVERSATION_READ,
    shared_with=Permission.MODEL_MANAGE,
    action=MODEL_SHARED,
    fetch=_fetch,
    announce=_announce,
)
