"""What happens to what somebody has made who leaves for good."""

from typing import Generic
from uuid import UUID

from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.creations.queries import creations as queries
from convosphere.creations.schemas import CreationKind, Definition, Thing, Version
from convosphere.identity.service.leaving import Holding

AT_ONCE = 100


class CreationsOfPerson(Generic[Thing, Version, Definition]):
    """Registered with `identity.service.leaving.PersonDeletionParts`, one for each kind."""

    def __init__(self, kind: CreationKind[Thing, Version, Definition]) -> None:
        self._kind = kind

    async def count(self, uow: UnitOfWork, account_id: UUID) -> list[Holding]:
        """How many they have for themselves, and how many they share."""
        own, shared = await queries.count_owned(uow, self._kind, account_id)
        words = self._kind.words
        return [Holding(words.own(own), own), Holding(words.shared(shared), shared, is_shared=True)]

    async def run(self, workspace_id: UUID, account_id: UUID, heir_id: UUID | None) -> None:
        """Hand over what is shared, if somebody is to have it, and delete the rest."""
        system = system_actor(workspace_id)
        while heir_id and await self._hand_over(system, account_id, heir_id):
            pass
        while True:
            async with unit_of_work(system) as uow:
                if not (some := await queries.list_owned(uow, self._kind, account_id, AT_ONCE)):
                    return
                await queries.remove(uow, self._kind, some)

    async def _hand_over(self, system: Actor, account_id: UUID, heir_id: UUID) -> int:
        async with unit_of_work(system) as uow:
            shared = await queries.list_owned(uow, self._kind, account_id, AT_ONCE, only_shared=True)
            for thing_id, name in await queries.hand_over(uow, self._kind, shared, heir_id):
                uow.record(self._kind.actions.handed_over, thing_id, label=name, before={"owner": account_id},
                           after={"owner": heir_id})  # fmt: skip
        return len(shared)
