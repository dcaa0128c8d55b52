"""The SQL of answers that hold artifacts."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from convosphere.core.unit_of_work import UnitOfWork

# The branch that the reader looks at, from its end upwards; ids alone, so that a long one costs little.
_LIST_WITH_CODE = text(
    """
    WITH RECURSIVE path AS (
        SELECT id, parent_id, role, 1 AS depth FROM message
        WHERE conversation_id = :conversation_id AND id = coalesce((
            SELECT active_leaf_id FROM conversation_view
            WHERE conversation_id = :conversation_id AND account_id = :account_id
        ), :message_id)
        UNION ALL
        SELECT m.id, m.parent_id, m.role, p.depth + 1 FROM message AS m JOIN path AS p ON m.id = p.parent_id
    )
    SELECT p.id, t.text FROM path AS p JOIN message AS m USING (id), LATERAL (
        SELECT string_agg(part ->> 'text', '' ORDER BY place) AS text
        FROM jsonb_array_elements(m.parts) WITH ORDINALITY AS a (part, place) WHERE part ->> 'type' = 'text'
    ) AS t
    WHERE p.role = 'assistant' AND (t.text LIKE '%```%' OR t.text LIKE '%~~~%') ORDER BY p.depth LIMIT :most
    """
)


@dataclass(frozen=True)
class AnswerText:
    """What an answer says."""

    id: UUID
    text: str


async def list_with_code(uow: UnitOfWork, conversation_id: UUID, message_id: UUID, most: int) -> Sequence[AnswerText]:
    """The latest answers with blocks of code, the last one first; of the branch that the actor looks at."""
    given = {
        "conversation_id": conversation_id, "account_id": uow.account_id, "message_id": message_id, "most": most
    }  # fmt: skip
    return await uow.rows(AnswerText, _LIST_WITH_CODE, given)
