"""What happens to the conversations of somebody who leaves for good: they are private, and go."""

from uuid import UUID

from convosphere.chat.queries import conversations as conversation_queries
from convosphere.chat.queries import folders as folder_queries
from convosphere.chat.service import attachments
from convosphere.chat.service.conversations import publish_stop
from convosphere.core.i18n import t
from convosphere.core.permissions import system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.service.leaving import Holding

AT_ONCE = 100


class ConversationsOfPerson:
    """Registered with `identity.service.leaving.PersonDeletionParts`."""

    async def count(self, uow: UnitOfWork, account_id: UUID) -> list[Holding]:
        """How many conversations they have."""
        count = await conversation_queries.count_owned(uow, account_id)
        return [Holding(t("Conversations: {count}", count=count), count)]

    async def run(self, workspace_id: UUID, account_id: UUID, heir_id: UUID | None) -> None:
        """Stop their answers and delete their conversations and folders; nobody inherits them."""
        del heir_id
        system = system_actor(workspace_id)
        async with unit_of_work(system) as uow:
            for message_id in await conversation_queries.list_running_of(uow, account_id):
                await publish_stop(uow, message_id)
        is_more = True
        while is_more:
            async with unit_of_work(system) as uow:
                is_more = bool(await conversation_queries.delete_owned(uow, account_id, AT_ONCE))
        async with unit_of_work(system) as uow:
            await folder_queries.delete_owned(uow, account_id)
        await attachments.sweep(system)
