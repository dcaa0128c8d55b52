"""The lists of assistants, and favourites; all else is as for other things that people make: `creations.queries`."""

from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from sqlalchemy import text

from convosphere.assistants.errors import AssistantNotFoundError
from convosphere.assistants.queries.access import MAY_EDIT, MAY_MANAGE, MAY_VIEW, NAMED
from convosphere.assistants.schemas import AssistantQuery, AssistantRow
from convosphere.core.unit_of_work import UnitOfWork

_IS_SHARED: LiteralString = """EXISTS (
    SELECT FROM access_grant AS s WHERE s.object_type = 'assistant' AND s.object_id = a.id AND NOT s.is_deny
)"""
_COLUMNS = f"""
    a.id, a.name, a.handle, a.description, a.icon, a.color, a.category, a.state, o.name AS owner_name,
    a.owner_id = :account_id AS is_own, f.account_id IS NOT NULL AS is_favourite, {_IS_SHARED} AS is_shared,
    {MAY_EDIT} AS can_edit, {MAY_MANAGE} AS can_manage, a.published_version_id IS NOT NULL AS is_published,
    coalesce(a.published_version_id <> a.current_version_id, false) AS has_newer, a.gallery_state,
    CASE WHEN {MAY_MANAGE} THEN a.decision_reason ELSE '' END AS gallery_reason, a.updated_at
"""
_FROM = """
    FROM assistant AS a JOIN account AS o ON o.id = a.owner_id
    LEFT JOIN assistant_favourite AS f ON f.assistant_id = a.id AND f.account_id = :account_id
"""
_SEEN = f"""
    a.deleted_at IS NULL AND {MAY_VIEW}
    AND {NAMED}
    AND (CAST(:category AS text) = '' OR a.category = CAST(:category AS text))
    AND CASE CAST(:state AS text) WHEN '' THEN a.state <> 'retired' ELSE a.state = CAST(:state AS text) END
    AND CASE CAST(:whose AS text)
        WHEN 'mine' THEN a.owner_id = :account_id
        WHEN 'shared' THEN a.owner_id <> :account_id
        WHEN 'favourites' THEN EXISTS (
            SELECT FROM assistant_favourite AS w WHERE w.assistant_id = a.id AND w.account_id = :account_id)
        WHEN 'gallery' THEN a.published_version_id IS NOT NULL AND a.state = 'active'
        ELSE true END
"""
_ORDERS = {"name": "lower(a.name), a.id", "changed": "a.updated_at DESC, a.id"}
# Only the rows of one page get all their columns: what is asked of each costs more than the row.
_LISTS = {
    order: text(
        f"""
        WITH page AS MATERIALIZED (
            SELECT a.id FROM assistant AS a
            LEFT JOIN assistant_favourite AS f ON f.assistant_id = a.id AND f.account_id = :account_id
            WHERE {_SEEN} ORDER BY f.account_id IS NULL, {by} LIMIT :limit OFFSET :skip
        )
        SELECT {_COLUMNS}, 0 AS answers {_FROM} WHERE a.id IN (SELECT id FROM page) ORDER BY f.account_id IS NULL, {by}
        """  # noqa: S608  # Of constants.
    )
    for order, by in _ORDERS.items()
}
_LISTS["use"] = text(
    f"""
    WITH used AS MATERIALIZED (
        SELECT assistant_id, sum(calls) AS answers FROM usage_day
        WHERE day > current_date - 30 AND purpose = 'answer' AND assistant_id IS NOT NULL GROUP BY assistant_id
    ), page AS MATERIALIZED (
        SELECT a.id, coalesce(u.answers, 0)::integer AS answers FROM assistant AS a
        LEFT JOIN assistant_favourite AS f ON f.assistant_id = a.id AND f.account_id = :account_id
        LEFT JOIN used AS u ON u.assistant_id = a.id
        WHERE {_SEEN} ORDER BY f.account_id IS NULL, 2 DESC, lower(a.name), a.id LIMIT :limit OFFSET :skip
    )
    SELECT {_COLUMNS}, p.answers {_FROM} JOIN page AS p ON p.id = a.id
    ORDER BY f.account_id IS NULL, p.answers DESC, lower(a.name), a.id
    """  # noqa: S608
)
_COUNT = text(f"SELECT count(*) AS found FROM assistant AS a WHERE {_SEEN}")  # noqa: S608
_GET = text(
    f"SELECT {_COLUMNS}, 0 AS answers {_FROM} WHERE a.id = :assistant_id AND a.deleted_at IS NULL AND {MAY_VIEW}"
)
_TOGGLE_ON = text(
    """
    INSERT INTO assistant_favourite (account_id, assistant_id, workspace_id)
    VALUES (:account_id, :assistant_id, :workspace_id) ON CONFLICT DO NOTHING
    """
)
_TOGGLE_OFF = text("DELETE FROM assistant_favourite WHERE account_id = :account_id AND assistant_id = :assistant_id")


@dataclass(frozen=True)
class _Count:
    found: int


async def get_row(uow: UnitOfWork, assistant_id: UUID) -> AssistantRow:
    """One row as of `list_rows`.

    Raises:
        AssistantNotFoundError: the actor sees no such assistant.
    """
    row = await uow.row(AssistantRow, _GET, {"account_id": uow.account_id, "assistant_id": assistant_id})
    if row is None:
        raise AssistantNotFoundError
    return row


async def list_rows(uow: UnitOfWork, query: AssistantQuery) -> tuple[list[AssistantRow], int]:
    """What the actor sees, favourites first, and how many match."""
    given = {
        "account_id": uow.account_id, "text": query.text.casefold(), "state": query.state, "whose": query.whose,
        "category": query.category,
    }  # fmt: skip
    counted = await uow.row(_Count, _COUNT, given)
    page = {**given, "limit": query.limit, "skip": query.skip}
    rows = await uow.rows(AssistantRow, _LISTS[query.order], page)
    return rows, counted.found if counted else 0


def set_favourite(uow: UnitOfWork, assistant_id: UUID, *, is_favourite: bool) -> None:
    """Let the actor find an assistant first, or no longer."""
    given = {"account_id": uow.account_id, "assistant_id": assistant_id, "workspace_id": uow.workspace_id}
    uow.defer(_TOGGLE_ON if is_favourite else _TOGGLE_OFF, given)
