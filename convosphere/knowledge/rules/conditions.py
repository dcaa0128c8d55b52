"""What a rule's condition means in SQL: the same for previews, for what is there, and for each new document."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Text, Uuid, and_, cast, exists, false, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlmodel import col

from convosphere.knowledge.models import Document, DocumentStatus, DocumentTag, DocumentVersion, TagRefusal
from convosphere.knowledge.queries.access import Viewpoint, may_access_document
from convosphere.knowledge.queries.authors import is_by
from convosphere.knowledge.rules.schemas import Condition, Part
from convosphere.knowledge.search.entries import quote_lexeme
from convosphere.knowledge.search.models import PassageSet
from convosphere.knowledge.search.terms import INDEX_LANGUAGES, term_of, words_of


def is_within_reach(view: Viewpoint) -> ColumnElement[bool]:
    """True in SQL of documents that a rule of somebody may be about: they may edit them, and the text is there."""
    return and_(
        may_access_document(view, "edit"), ~col(Document.is_attached), col(Document.status) == DocumentStatus.READY
    )


def is_tagged(tag_id: UUID) -> ColumnElement[bool]:
    """True in SQL of documents with this very tag."""
    return exists().where(col(DocumentTag.document_id) == col(Document.id), col(DocumentTag.tag_id) == tag_id)


def is_refused(tag_id: UUID) -> ColumnElement[bool]:
    """True in SQL of documents of which somebody said that the tag does not fit."""
    return exists().where(col(TagRefusal.document_id) == col(Document.id), col(TagRefusal.tag_id) == tag_id)


def fits(condition: Condition, version_ids: Sequence[UUID] | None = None) -> ColumnElement[bool]:
    """True in SQL of documents that a condition fits; with `version_ids` only among those of these current versions."""
    parts = [_part(part, version_ids) for part in condition.parts]
    if not parts:
        return false()
    return and_(*parts) if condition.join == "all" else or_(*parts)


def _part(part: Part, version_ids: Sequence[UUID] | None) -> ColumnElement[bool]:
    match part.kind:
        case "folder":
            folder_id = UUID(part.value)
            if part.with_below:
                return col(Document.folder_ids).bool_op("@>")(cast([folder_id], ARRAY(Uuid)))
            return col(Document.folder_id) == folder_id
        case "kind":
            current = col(DocumentVersion.id) == col(Document.current_version_id)
            return exists().where(current, col(DocumentVersion.media_type) == part.value)
        case "author":
            return is_by([part.value])
        case "words":
            return or_(_is_called(part.value), _says(part.value, version_ids))


def _is_called(words: str) -> ColumnElement[bool]:
    called = func.lower(func.concat_ws("\n", col(Document.name), col(Document.title)))
    return called.contains(words.lower(), autoescape=True)


def _says(words: str, version_ids: Sequence[UUID] | None) -> ColumnElement[bool]:
    """True where one passage has all the words, each as its language leaves it; stop words are not looked for."""
    forms = [word.form for word in words_of(words)]
    queries: dict[str, str] = {}
    for language in INDEX_LANGUAGES:
        terms = [term for form in forms if (term := term_of(form, language))]
        if terms:
            queries[language] = " & ".join(quote_lexeme(term.lexeme) for term in terms)
    if not queries:
        return false()
    current = select(col(PassageSet.id)).where(col(PassageSet.is_current)).scalar_subquery()
    found = func.versions_with_words(
        current, cast(list(queries), ARRAY(Text)), cast(cast(list(queries.values()), ARRAY(Text)), ARRAY(TSQUERY)),
        cast(None if version_ids is None else list(version_ids), ARRAY(Uuid)),
    ).table_valued("document_version_id")  # fmt: skip
    return col(Document.current_version_id).in_(select(found.c.document_version_id))
