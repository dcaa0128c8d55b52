"""Reading documents anew, and making their vectors anew."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import col

from convosphere.core.errors import ConflictError
from convosphere.core.i18n import t
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.bulk.actions.base import BulkAction
from convosphere.knowledge.bulk.models import Outcome
from convosphere.knowledge.bulk.schemas import Parameters, Verdict, Verdicts
from convosphere.knowledge.models import Document, DocumentStatus
from convosphere.knowledge.queries import processing
from convosphere.knowledge.queries.filtering import matches
from convosphere.knowledge.schemas import DocumentFilter
from convosphere.knowledge.search.embedding import enqueue_embedding, makes_vectors
from convosphere.knowledge.search.index import forget_vectors
from convosphere.knowledge.service.announcements import announce, enqueue_processing_of
from convosphere.knowledge.service.versions import read_anew
from convosphere.llm.queries.offers import is_chosen


class Reprocess(BulkAction):
    """Read documents again, as files are read now: those that failed as they are, others as a version of their own.

    What is being read is left to that, and what was read stays as it was cited.
    """

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
        begun = await read_anew(uow, documents, t("Read again").in_locale(uow.actor.locale))
        others = {document.id for document in documents} - {document.id for document in failed} - begun
        return Verdicts({each: Verdict(Outcome.UNCHANGED) for each in others})


class Describe(BulkAction):
    """Have pictures described that were read before a model was chosen for that.

    Each gets a version for it, paid by whoever asks, since the text that answers cite stays what it is.
    """

    name = "describe"
    level = "edit"

    async def check(self, uow: UnitOfWork, parameters: Parameters) -> None:
        """See whether there is a model."""
        del parameters
        if not await is_chosen(uow, "describing"):
            raise ConflictError(t("No model describes pictures here. Choose one first."))

    async def apply(self, uow: UnitOfWork, documents: Sequence[Document], parameters: Parameters) -> Verdicts:
        """Do it."""
        del parameters
        ids = [document.id for document in documents]
        is_wanted = matches(uow, DocumentFilter(is_undescribed=True))
        statement = select(col(Document.id)).where(col(Document.id).in_(ids), is_wanted)
        undescribed = set(await uow.session.scalars(statement))
        why = t("To be described").in_locale(uow.actor.locale)
        begun = await read_anew(uow, [document for document in documents if document.id in undescribed], why)
        return Verdicts({each: Verdict(Outcome.UNCHANGED) for each in set(ids) - begun})


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
