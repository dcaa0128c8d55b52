"""What conversations stand on, as far as somebody may use it: documents that they see, assistants that answer them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from convosphere.assistants.service import asking
from convosphere.chat.transfer.schema import PortableConversation, PortableThing
from convosphere.core.permissions import Permission
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.service import documents


@dataclass(frozen=True)
class Reach:
    """Those of some documents and assistants that somebody may use, with their names."""

    documents: Mapping[UUID, str]
    assistants: Mapping[UUID, str]

    def document_ids(self, told: PortableConversation) -> list[UUID]:
        """The documents that a conversation keeps, in its order."""
        return [each for each in dict.fromkeys(one.id for one in told.documents) if each in self.documents]

    def assistant_id(self, told: PortableConversation) -> UUID | None:
        """The assistant, if the conversation keeps it."""
        return told.assistant.id if told.assistant and told.assistant.id in self.assistants else None

    def documents_behind(self, told: PortableConversation) -> list[PortableThing]:
        """The documents that a conversation does not keep."""
        return [each for each in told.documents if each.id not in self.documents]

    def assistants_behind(self, told: PortableConversation) -> list[PortableThing]:
        """The assistant, if the conversation does not keep it."""
        return [told.assistant] if told.assistant and told.assistant.id not in self.assistants else []


async def find_reach(uow: UnitOfWork, document_ids: Collection[UUID], assistant_ids: Collection[UUID]) -> Reach:
    """Those that the unit's actor may use."""
    sees = document_ids and uow.actor.may(Permission.DOCUMENT_READ)
    seen = await documents.list_names(uow, list(document_ids)) if sees else {}
    return Reach(seen, await asking.list_names(uow, assistant_ids))


async def reach_of(uow: UnitOfWork, told: Collection[PortableConversation]) -> Reach:
    """What the unit's actor may use of all that some conversations stand on."""
    document_ids = {document.id for each in told for document in each.documents}
    return await find_reach(uow, document_ids, {each.assistant.id for each in told if each.assistant})
