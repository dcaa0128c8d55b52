"""How documents are shared with people and groups; the rules are those of all things."""

from uuid import UUID

from convosphere.core.audit.actions import DOCUMENT_SHARED
from convosphere.core.permissions import Permission
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.service.grants import GrantKind
from convosphere.knowledge.models import Document
from convosphere.knowledge.queries.documents import OBJECT_TYPE, get_document
from convosphere.knowledge.service.announcements import announce


async def _fetch(uow: UnitOfWork, document_id: UUID) -> Document:
    return await get_document(uow, document_id, "manage", lock=True)


DOCUMENT_GRANTS = GrantKind(
    object_type=OBJECT_TYPE,
    seen_with=Permission.DOCUMENT_READ,
    shared_with=Permission.DOCUMENT_SHARE,
    action=DOCUMENT_SHARED,
    fetch=_fetch,
    announce=announce,
    has_file=True,
)
