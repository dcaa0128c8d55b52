"""Reading documents anew, and making their vectors anew."""

from collections.abc import Sequence

from convosphere.core.errors import ConflictError
from convosphere.core.i18n import t
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.bulk.actions.base import BulkAction
from convosphere.knowledge.bulk.models import Outcome
from convosphere.knowledge.bulk.schemas import Parameters, Verdict, Verdicts
from convosphere.knowledge.models import Document, DocumentStatus
from convosphere.knowledge.queries import processing
from convosphere.knowledge.search.embedding import enqueue_embedding, makes_vectors
from convosphere.knowledge.search.index import forget_vectors
from convosphere.knowledge.service.announcements import announce, enqueue_processing_of


class Reprocess(BulkAction):
    """Read documents that failed once more. What is being read is left to that; what was read stays as it was cited."""

    name = "reprocess"
    level = "edit"

    async def apply(self, uow: UnitOfWork, documents: Sequence[Document], parameters: Parameters) -> Verdicts:
        """Do it."""
        del parameters
        failed = [document for document in documents if document.status == DocumentStatus.FAILED]
        if failed:
            await processing.reset_all(uow, [document.id for document in failed])
            await enqueue_processing_of(uow, failed)
            await announce(uow, *(document.id for document in failed))
        others = {document.id for document in documents} - {document.id for document in failed}
        return Verdicts({each: Verdict(Outcome.UNCHANGED) for each in others})


class Embed(BulkAction):
    """Make the vectors of documents anew by the model that is connected."""

    name = "embed"
    level = "edit"

    async def check(self, uow: UnitOfWork, parameters: Parameters) -> None:
        """See whether there is a model."""
        del parameters
        if not await makes_vectors(uow):
            raise ConflictError(t("No model makes vectors here. Connect one first."))

    async def apply(self, uow: UnitOfWork, documents: Sequence[Document], parameters: Parameters) -> Verdicts:
        """Forget the vectors; the job that fills what is missing makes new ones."""
        del parameters
        await forget_vectors(uow, [document.current_version_id for document in documents])
        await enqueue_embedding(uow)
        return Verdicts()
