"""What the machine reads: the text of documents by passage, and passages that answers cite."""

from uuid import UUID

from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.errors import PassageGoneError
from convosphere.knowledge.parsing.detection import type_by_name
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.previews.queries import get_version
from convosphere.knowledge.queries import documents, texts
from convosphere.knowledge.queries.citations import CitedDocument, visible_documents
from convosphere.knowledge.recordings.queries import Line, find_moment, list_lines
from convosphere.knowledge.schemas import CitedPassage, PassageText

MOST_PASSAGES = 100
_AROUND = 600
"""Characters shown before and after a cited passage."""
_LONGEST_CITATION = 20_000
_LONGEST_TEXT = 2**31 - 1


async def list_passages(actor: Actor, document_id: UUID, *, after: int = 0, limit: int = 30) -> list[PassageText]:
    """The passages of a document behind number `after`, in order.

    Raises:
        DocumentNotFoundError: the actor sees no such document.
    """
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        document = await documents.get_document(uow, document_id, "view")
        return await texts.list_passages(uow, document.current_version_id, after, max(1, min(limit, MOST_PASSAGES)))


async def get_cited_passage(actor: Actor, document_version_id: UUID, start: int, end: int) -> CitedPassage:
    """What a citation points at, characters `start` to `end` of a version's text, with what stands around it.

    The version is the one that was cited, whatever the document says since; `newer` tells how that compares.

    Raises:
        PassageGoneError: the document was deleted or is no longer to be seen, or has no such passage.
    """
    require(actor, Permission.DOCUMENT_READ)
    if not 0 <= start < end <= min(start + _LONGEST_CITATION, _LONGEST_TEXT):
        raise PassageGoneError
    async with unit_of_work(actor) as uow:
        document_id, name, file_name, described_from = await texts.find_stretch(uow, document_version_id, end)
        is_markdown = type_by_name(file_name) is DocumentType.MARKDOWN
        around = (max(0, start - _AROUND), end + _AROUND)
        if is_markdown:  # What begins or ends anywhere could not be drawn as what it means.
            around = await texts.bounds_around(uow, document_version_id, start, end)
        before, highlighted, after = await texts.cut(uow, document_version_id, (start, end), around)
        page = await texts.get_page(uow, document_version_id, start)
        newer = await texts.compare_with_newer(uow, document_version_id, highlighted)
        document = (await visible_documents(uow, [document_id])).get(document_id, CitedDocument())
        seconds = await find_moment(uow, document_version_id, start)
    if not is_markdown:
        before, after = _from_a_word(before), _to_a_word(after)
    place = f"{document_version_id}.{start}-{end}"
    return CitedPassage(
        document_id, name, page, before, highlighted, after, is_markdown=is_markdown, place=place, newer=newer,
        dated_on=document.dated_on, review_due_on=document.review_due_on,
        seconds=seconds, is_description=described_from is not None and start >= described_from,
    )  # fmt: skip


async def list_spoken(actor: Actor, document_id: UUID, version_id: UUID | None = None) -> list[Line]:
    """What is said in a recording, line by line, or in one of its versions; nothing of what is none.

    Raises:
        DocumentNotFoundError: the actor sees no such document, or it has no such version.
    """
    require(actor, Permission.DOCUMENT_READ)
    async with unit_of_work(actor) as uow:
        document = await documents.get_document(uow, document_id, "view")
        version = await get_version(uow, document_id, version_id or document.current_version_id)
        return await list_lines(uow, version.id)


def _from_a_word(text: str) -> str:
    """Cut off the first part of a word, where the text is longer than what is shown."""
    return text if len(text) < _AROUND else "…" + text[text.find(" ") :]


def _to_a_word(text: str) -> str:
    return text if len(text) < _AROUND else text[: text.rfind(" ") + 1] + "…"
