"""The SQL of how people want to be told."""

from dataclasses import dataclass

from sqlalchemy import text

from convosphere.core.unit_of_work import UnitOfWork
from convosphere.notifications.schemas import Choice, Digest

_LIST = text(
    """
    SELECT kind, on_page, in_browser, digest FROM notification_preference
    WHERE workspace_id = :workspace_id AND account_id = :account_id
    """
)
_SET = text(
    """
    INSERT INTO notification_preference AS p (workspace_id, account_id, kind, on_page, in_browser, digest)
    VALUES (:workspace_id, :account_id, :kind, :on_page, :in_browser, :digest)
    ON CONFLICT (workspace_id, account_id, kind) DO UPDATE
    SET on_page = excluded.on_page, in_browser = excluded.in_browser, digest = excluded.digest, updated_at = now()
    """
)


@dataclass(frozen=True)
class _Stored:
    kind: str
    on_page: bool
    in_browser: bool
    digest: Digest


async def list_choices(uow: UnitOfWork) -> dict[str, Choice]:
    """What the actor chose, by kind."""
    given = {"workspace_id": uow.workspace_id, "account_id": uow.account_id}
    return {row.kind: Choice(row.on_page, row.in_browser, row.digest) for row in await uow.rows(_Stored, _LIST, given)}


def set_choice(uow: UnitOfWork, kind: str, choice: Choice) -> None:
    """Keep what the actor chose, when the unit commits."""
    uow.defer(_SET, {
        "workspace_id": uow.workspace_id, "account_id": uow.account_id, "kind": kind, "on_page": choice.on_page,
        "in_browser": choice.in_browser, "digest": choice.digest,
    })  # fmt: skip
