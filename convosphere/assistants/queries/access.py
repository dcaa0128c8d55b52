"""Who may do what with an assistant, inside the SQL of whoever fetches it."""

from typing import Final

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col

from convosphere.assistants.models import Assistant
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.grants import Level, access_text, may_access

OBJECT_TYPE: Final = "assistant"


def may(uow: UnitOfWork, level: Level) -> ColumnElement[bool]:
    """True in SQL where the actor may do `level` with the assistant. Drafts and retired ones show only to editors."""
    granted = may_access(uow.actor, OBJECT_TYPE, col(Assistant.id), col(Assistant.owner_id), level)
    if level not in {"view", "use"}:
        return granted
    edits = may_access(uow.actor, OBJECT_TYPE, col(Assistant.id), col(Assistant.owner_id), "edit")
    return or_(edits, and_(col(Assistant.state) == "active", granted))


def may_text(level: Level) -> str:
    """The same as text, of the table `a`; it takes `:account_id`."""
    granted = access_text(OBJECT_TYPE, "a.id", "a.owner_id", level)
    return granted if level not in {"view", "use"} else f"(({MAY_EDIT}) OR (a.state = 'active' AND {granted}))"


MAY_EDIT: Final = access_text(OBJECT_TYPE, "a.id", "a.owner_id", "edit")
MAY_MANAGE: Final = access_text(OBJECT_TYPE, "a.id", "a.owner_id", "manage")
MAY_VIEW: Final = may_text("view")
MAY_BE_ASKED: Final = (
    f"((a.state = 'draft' AND {MAY_EDIT}) OR (a.state = 'active' AND "
    f"{access_text(OBJECT_TYPE, 'a.id', 'a.owner_id', 'use')}))"
)
"""True of what answers the actor: active ones that they may use, and drafts that they may change."""

ANSWERING: Final = (
    f"CASE WHEN a.published_version_id IS NULL OR {MAY_EDIT} THEN a.current_version_id ELSE a.published_version_id END"
)
"""The version that answers the actor: of one in the gallery the reviewed one, but for who may change it."""

NAMED: Final = """(
    CAST(:text AS text) = ''
    OR strpos(lower(a.name || ' ' || a.handle || ' ' || a.description), CAST(:text AS text)) > 0
)"""
"""True of those whose name or description contains `:text`, which is in small letters."""
