"""What happens to the documents of somebody who leaves for good."""

from contextlib import suppress
from uuid import UUID

from convosphere.core.audit.actions import DOCUMENT_HANDED_OVER
from convosphere.core.i18n import t
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.service.leaving import Holding
from convosphere.knowledge.collections import queries as collection_queries
from convosphere.knowledge.errors import DocumentNotFoundError
from convosphere.knowledge.queries import folders as folder_queries
from convosphere.knowledge.queries import ownership
from convosphere.knowledge.service.announcements import announce, announce_order
from convosphere.knowledge.service.removal import delete_documents
from convosphere.knowledge.sources import queries as source_queries

AT_ONCE = 100


class DocumentsOfPerson:
    """Registered with `identity.service.leaving.PersonDeletionParts`."""

    async def count(self, uow: UnitOfWork, account_id: UUID) -> list[Holding]:
        """How many documents they have for themselves, and how many they share."""
        own, shared = await ownership.count_owned(uow, account_id)
        return [
            Holding(t("Documents that nobody else sees: {count}", count=own), own),
            Holding(t("Documents that are shared: {count}", count=shared), shared, is_shared=True),
        ]

    async def run(self, workspace_id: UUID, account_id: UUID, heir_id: UUID | None) -> None:
        """Hand over what is shared, all folders and collections, if somebody is to have them, and delete the rest."""
        system = system_actor(workspace_id)
        async with unit_of_work(system) as uow:
            await source_queries.delete_of_owner(uow, account_id)
        while heir_id and await _hand_over(system, account_id, heir_id):
            pass
        while True:
            async with unit_of_work(system) as uow:
                some = await ownership.list_owned(uow, account_id, AT_ONCE)
            if not some:
                break
            with suppress(DocumentNotFoundError):  # Somebody else was faster; the next turn shows what is left.
                await delete_documents(system, some)
        await _leave_order(system, account_id, heir_id)


async def _leave_order(system: Actor, account_id: UUID, heir_id: UUID | None) -> None:
    async with unit_of_work(system) as uow:
        if heir_id:
            await folder_queries.hand_over(uow, account_id, heir_id)
            await collection_queries.hand_over(uow, account_id, heir_id)
        else:
            await folder_queries.delete_owned(uow, account_id)
            await collection_queries.delete_owned(uow, account_id)
        await announce_order(uow)


async def _hand_over(system: Actor, account_id: UUID, heir_id: UUID) -> int:
    async with unit_of_work(system) as uow:
        shared = await ownership.list_owned(uow, account_id, AT_ONCE, only_shared=True)
        for document_id, name in await ownership.hand_over(uow, shared, heir_id):
            uow.record(DOCUMENT_HANDED_OVER, document_id, label=name, before={"owner": account_id},
                       after={"owner": heir_id})  # fmt: skip
        await announce(uow, *shared)
    return len(shared)
