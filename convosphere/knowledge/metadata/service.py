"""Showing and correcting what is known of a document. What a person set stays, whatever its file says later."""

from typing import Final
from uuid import UUID

from convosphere.core.audit.actions import DOCUMENT_DESCRIBED, DOCUMENT_REVIEW_SET
from convosphere.core.audit.document_facts import review_facts
from convosphere.core.authorization import require
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.lines import plain_line
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.knowledge.metadata.schemas import FIELDS, Metadata, MetadataDraft
from convosphere.knowledge.models import Document, DocumentVersion
from convosphere.knowledge.parsing.properties import LONGEST_AUTHOR, author_of, dated_on, is_language
from convosphere.knowledge.parsing.schemas import Origin
from convosphere.knowledge.queries import documents as queries
from convosphere.knowledge.queries import texts
from convosphere.knowledge.rules.applying import enqueue_rules
from convosphere.knowledge.service.announcements import announce

LONGEST_TITLE: Final = 300


async def describe(actor: Actor, document_id: UUID, draft: MetadataDraft) -> None:
    """Correct what is known of a document. Only what is other than before counts as set by a person.

    Raises:
        DocumentNotFoundError: the actor may not edit such a document.
        InvalidInputError: there is no such language, or no such day.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    said = _checked(draft)
    async with unit_of_work(actor) as uow:
        document = await queries.get_document(uow, document_id, "edit", lock=True)
        changed = [name for name in FIELDS if getattr(document, name) != said[name]]
        for name in changed:
            setattr(document, name, said[name])
        document.stated = sorted({*document.stated, *changed})
        _set_review(uow, document, draft)
        await _close(uow, document, changed)


async def take_from_file(actor: Actor, document_id: UUID) -> None:
    """Let a document say again what its file says of itself, whatever a person had set.

    Raises:
        DocumentNotFoundError: the actor may not edit such a document.
    """
    require(actor, Permission.DOCUMENT_WRITE)
    async with unit_of_work(actor) as uow:
        document = await queries.get_document(uow, document_id, "edit", lock=True)
        version = await texts.get_version(uow, document.current_version_id)
        changed, document.stated = list(document.stated), []
        document.title, document.language = version.title, version.language
        document.author, document.dated_on = author_of(version.properties), dated_on(version.properties)
        await _close(uow, document, changed)


def metadata_of(document: Document, version: DocumentVersion) -> Metadata:
    """What is known of a document that the caller has fetched, with its current version."""
    is_due = document.review_on is not None and document.review_on <= utc_now().date()
    return Metadata(
        document.title, document.author, document.language, document.dated_on, document.review_on,
        document.reviewed_on, is_due, {name: _origin(document, version, name) for name in FIELDS},
    )  # fmt: skip


def _origin(document: Document, version: DocumentVersion, name: str) -> str:
    if name in document.stated:
        return Origin.PERSON.value
    if name in {"title", "language"}:
        return version.origins.get(name, "")
    return Origin.FILE.value if getattr(document, name) else ""


def _checked(draft: MetadataDraft) -> dict[str, object]:
    if draft.language and not is_language(draft.language):
        raise InvalidInputError(t("There is no such language."))
    return {
        "title": plain_line(draft.title)[:LONGEST_TITLE],
        "author": plain_line(draft.author)[:LONGEST_AUTHOR],
        "language": draft.language,
        "dated_on": draft.dated_on,
    }


def _set_review(uow: UnitOfWork, document: Document, draft: MetadataDraft) -> None:
    was, day = document.review_on, draft.review_on
    if was == day:
        return
    document.review_on = day
    before, after = review_facts(was), review_facts(day)
    uow.record(DOCUMENT_REVIEW_SET, document.id, label=document.name, before=before, after=after)


async def _close(uow: UnitOfWork, document: Document, changed: list[str]) -> None:
    document.updated_at = utc_now()
    if changed:
        await uow.session.flush()
        await enqueue_rules(uow, [document.id])
        uow.record(DOCUMENT_DESCRIBED, document.id, label=document.name, after={"fields": ", ".join(changed)})
    await announce(uow, document.id)
