"""The end of documents: file, versions, previews, text, passages, vectors and grants go together, with a receipt."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from convosphere.core.audit.actions import DOCUMENT_DELETED
from convosphere.core.audit.document_facts import RemovalFacts
from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.files import service as files
from convosphere.knowledge.errors import DocumentNotFoundError
from convosphere.knowledge.models import Document
from convosphere.knowledge.queries import documents as queries
from convosphere.knowledge.queries import removal
from convosphere.knowledge.search.index import remove_versions
from convosphere.knowledge.service.announcements import announce


@dataclass
class Receipt:
    """What went, and the contents that `files.service.remove_unneeded` is to be given once the unit is committed."""

    documents: int = 0
    versions: int = 0
    characters: int = 0
    passages: int = 0
    vectors: int = 0
    previews: int = 0
    bytes: int = 0
    released: set[str] = field(default_factory=set)

    def counts(self) -> dict[str, int]:
        """The numbers alone."""
        return {
            "documents": self.documents, "versions": self.versions, "characters": self.characters,
            "passages": self.passages, "vectors": self.vectors, "previews": self.previews, "bytes": self.bytes,
        }  # fmt: skip


async def delete_documents(actor: Actor, document_ids: Sequence[UUID]) -> int:
    """Delete documents for good, in the trash or not; gives how many.

    A job that reads one at the moment finds it gone and stops.

    Raises:
        DocumentNotFoundError: the actor manages none of them.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        documents = await queries.list_anywhere(uow, document_ids, "manage")
        if not documents:
            raise DocumentNotFoundError
        receipt = await remove_documents(uow, documents)
    await files.remove_unneeded(actor, receipt.released)
    return receipt.documents


async def remove_documents(uow: UnitOfWork, documents: Sequence[Document]) -> Receipt:
    """The same with documents that the caller has fetched and locked; the trail is told of each what went."""
    ids = [document.id for document in documents]
    receipt = Receipt(documents=len(ids))
    versions = await removal.list_versions(uow, ids)
    indexed = await remove_versions(uow, [version.id for version in versions])
    facts = {document.id: RemovalFacts(versions=0, characters=0, passages=0, vectors=0, previews=0, bytes=0)
             for document in documents}  # fmt: skip
    for version in versions:
        fact, found = facts[version.document_id], indexed.get(version.id)
        fact["versions"] += 1
        fact["characters"] += version.characters
        fact["previews"] += version.previews
        fact["bytes"] += version.size
        fact["passages"] += version.retired
        if found:
            fact["passages"] += found.passages
            fact["vectors"] += found.vectors
    await queries.delete_documents(uow, ids)
    receipt.released = await files.release(uow, [version.id for version in versions])
    for document in documents:
        fact = facts[document.id]
        uow.record(DOCUMENT_DELETED, document.id, label=document.name, before=fact)
        receipt.versions += fact["versions"]
        receipt.characters += fact["characters"]
        receipt.passages += fact["passages"]
        receipt.vectors += fact["vectors"]
        receipt.previews += fact["previews"]
        receipt.bytes += fact["bytes"]
    await announce(uow, *ids)
    return receipt
