"""What happens to the prompts of somebody who leaves for good."""

from uuid import UUID

from convosphere.core.audit.actions import PROMPT_HANDED_OVER
from convosphere.core.i18n import t
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.service.leaving import Holding
from convosphere.prompts.queries import prompts as queries

AT_ONCE = 100


class PromptsOfPerson:
    """Registered with `identity.service.leaving.PersonDeletionParts`."""

    async def count(self, uow: UnitOfWork, account_id: UUID) -> list[Holding]:
        """How many prompts they have for themselves, and how many they share."""
        own, shared = await queries.count_owned(uow, account_id)
        return [
            Holding(t("Prompts that nobody else uses: {count}", count=own), own),
            Holding(t("Prompts that are shared: {count}", count=shared), shared, is_shared=True),
        ]

    async def run(self, workspace_id: UUID, account_id: UUID, heir_id: UUID | None) -> None:
        """Hand over what is shared, if somebody is to have it, and delete the rest."""
        system = system_actor(workspace_id)
        while heir_id and await _hand_over(system, account_id, heir_id):
            pass
        while True:
            async with unit_of_work(system) as uow:
                if not (some := await queries.list_owned(uow, account_id, AT_ONCE)):
                    return
                await queries.remove(uow, some)


async def _hand_over(system: Actor, account_id: UUID, heir_id: UUID) -> int:
    async with unit_of_work(system) as uow:
        shared = await queries.list_owned(uow, account_id, AT_ONCE, only_shared=True)
        for prompt_id, name in await queries.hand_over(uow, shared, heir_id):
            uow.record(PROMPT_HANDED_OVER, prompt_id, label=name, before={"owner": account_id},
                       after={"owner": heir_id})  # fmt: skip
    return len(shared)
