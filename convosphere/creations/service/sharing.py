"""How what people make is shared with people and groups; the rules are those of all things."""

from uuid import UUID

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.creations.queries import creations as queries
from convosphere.creations.schemas import CreationKind, Definition, Thing, Version
from convosphere.identity.service.grants import GrantKind


def grants_of(kind: CreationKind[Thing, Version, Definition]) -> GrantKind:
    """What the composition root registers with `identity.service.grants.GrantKinds`."""

    async def fetch(uow: UnitOfWork, thing_id: UUID) -> Thing:
        return await queries.get(uow, kind, thing_id, "manage", lock=True)

    async def announce(uow: UnitOfWork, thing_id: UUID) -> None:
        await uow.publish(f"{kind.object_type}:{thing_id}")

    return GrantKind(
        object_type=kind.object_type,
        seen_with=kind.read,
        shared_with=kind.share,
        action=kind.actions.shared,
        fetch=fetch,
        announce=announce,
    )
