"""Documents that are in the index, without files or parsing."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy.dialects.postgresql import insert

from convosphere.core.database import Database
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.files.models import StoredFile
from convosphere.identity.models import AccessGrant
from convosphere.knowledge.models import Document, DocumentStatus, DocumentVersion
from convosphere.knowledge.parsing.schemas import ParsedPassage
from convosphere.knowledge.search.index import hold_sets, index_version

NO_FILE = "0" * 64


@dataclass(frozen=True)
class Stored:
    """Ids of a document in the index."""

    document_id: UUID
    version_id: UUID


def passages_of(texts: Sequence[str], language: str = "de", heading: str = "") -> list[ParsedPassage]:
    """Texts as the passages of one document."""
    passages: list[ParsedPassage] = []
    start = 0
    for number, text in enumerate(texts, 1):
        passages.append(ParsedPassage(number, text, start, start + len(text), number, heading, language))
        start += len(text) + 2
    return passages


class Library:
    """Puts documents into the index as their owners would."""

    async def add(
        self, owner: Actor, *texts: str, language: str = "de", heading: str = "", is_shared: bool = False
    ) -> Stored:
        """A document with these passages; shared means that everyone may view it."""
        async with unit_of_work(owner) as uow:
            stored = await self.store(uow)
            if is_shared:
                uow.session.add(grant(uow, stored, "everyone"))
            passages = passages_of(texts, language, heading)
            await index_version(uow, await hold_sets(uow), stored.version_id, stored.document_id, passages)
        return stored

    async def store(self, uow: UnitOfWork) -> Stored:
        """A document that is not in the index yet."""
        await uow.session.execute(
            insert(StoredFile).values(workspace_id=uow.workspace_id, sha256=NO_FILE, size=0).on_conflict_do_nothing()
        )
        stored = Stored(new_id(), new_id())
        uow.session.add(
            Document(
                id=stored.document_id, workspace_id=uow.workspace_id, owner_id=uow.account_id, name="Handbuch.pdf",
                status=DocumentStatus.READY, current_version_id=stored.version_id,
            )
        )  # fmt: skip
        await uow.session.flush()
        uow.session.add(
            DocumentVersion(
                id=stored.version_id, workspace_id=uow.workspace_id, document_id=stored.document_id, sha256=NO_FILE,
                size=0, file_name="Handbuch.pdf", media_type="application/pdf", properties={}, origins={}, warnings=[],
            )
        )  # fmt: skip
        await uow.session.flush()
        return stored


def grant(
    uow: UnitOfWork, stored: Stored, subject_type: str, subject_id: UUID | None = None, *, is_deny: bool = False
) -> AccessGrant:
    """The right to view a document, or the denial of it."""
    return AccessGrant(
        workspace_id=uow.workspace_id, subject_type=subject_type, subject_id=subject_id, object_type="document",
        object_id=stored.document_id, level="view", is_deny=is_deny,
    )  # fmt: skip


@pytest.fixture
def library(database: Database) -> Library:
    """An empty library."""
    return Library()
