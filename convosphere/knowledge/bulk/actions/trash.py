"""Into the trash, out of it, and for good."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.bulk.actions.base import BulkAction
from convosphere.knowledge.bulk.schemas import Parameters, Verdicts
from convosphere.knowledge.models import Document
from convosphere.knowledge.service.removal import remove_documents
from convosphere.knowledge.service.trash import put_into_trash, take_out_of_trash


class Trash(BulkAction):
    """Put documents into the trash, from where they can be taken back for 30 days."""

    name = "trash"
    undone_among = "trashed"

    async def apply(self, uow: UnitOfWork, documents: Sequence[Document], parameters: Parameters) -> Verdicts:
        """Do it."""
        del parameters
        await put_into_trash(uow, documents)
        return Verdicts()

    async def undo(
        self, uow: UnitOfWork, documents: Sequence[Document], before: Mapping[UUID, Mapping[str, object]]
    ) -> Verdicts:
        """Take them out again."""
        del before
        await take_out_of_trash(uow, documents)
        return Verdicts()


class Restore(BulkAction):
    """Take documents out of the trash."""

    name = "restore"
    among = "trashed"
    undone_among = "listed"

    async def apply(self, uow: UnitOfWork, documents: Sequence[Document], parameters: Parameters) -> Verdicts:
        """Do it."""
        del parameters
        await take_out_of_trash(uow, documents)
        return Verdicts()

    async def undo(
        self, uow: UnitOfWork, documents: Sequence[Document], before: Mapping[UUID, Mapping[str, object]]
    ) -> Verdicts:
        """Put them back into it."""
        del before
        await put_into_trash(uow, documents)
        return Verdicts()


class Delete(BulkAction):
    """Delete what lies in the trash, for good."""

    name = "delete"
    among = "trashed"

    async def apply(self, uow: UnitOfWork, documents: Sequence[Document], parameters: Parameters) -> Verdicts:
        """Do it."""
        del parameters
        receipt = await remove_documents(uow, documents)
        return Verdicts(released=receipt.released, receipt=receipt.counts())
