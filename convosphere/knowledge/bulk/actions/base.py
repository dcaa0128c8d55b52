"""What an act on many documents has to say of itself."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal
from uuid import UUID

from convosphere.core.permissions import Permission
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.grants import Level
from convosphere.knowledge.bulk.schemas import Parameters, Verdicts
from convosphere.knowledge.models import Document

Among = Literal["listed", "trashed"]


class BulkAction:
    """One thing that can be done with many documents.

    The runner hands over documents in batches: locked, and with each of them the actor may do `level` at that moment.
    A batch is one transaction, so whatever `apply` does is kept once or not at all.

    Attributes:
        name: as jobs are stored under.
        permission, level: what the actor needs at all, and of each document.
        among: whether it is for documents in the lists or for those in the trash.
        undone_among: where its documents are when it is taken back; None if it cannot be.
        at_once: documents of one transaction.
        is_streamed: whether it ends in a file that somebody fetches, instead of being done by the worker.
    """

    name: ClassVar[str]
    permission: ClassVar[Permission] = Permission.DOCUMENT_WRITE
    level: ClassVar[Level] = "manage"
    among: ClassVar[Among] = "listed"
    undone_among: ClassVar[Among | None] = None
    at_once: ClassVar[int] = 250
    is_streamed: ClassVar[bool] = False

    async def check(self, uow: UnitOfWork, parameters: Parameters) -> None:
        """See, before anything is done, whether it can be done with these parameters.

        Raises:
            ExpectedError: it cannot.
        """

    async def apply(self, uow: UnitOfWork, documents: Sequence[Document], parameters: Parameters) -> Verdicts:
        """Do it with some documents."""
        raise NotImplementedError

    async def undo(
        self, uow: UnitOfWork, documents: Sequence[Document], before: Mapping[UUID, Mapping[str, object]]
    ) -> Verdicts:
        """Take it back, with what `apply` said was `before`."""
        raise NotImplementedError
