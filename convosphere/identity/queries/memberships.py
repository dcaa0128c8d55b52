"""The SQL of who belongs to a workspace, and of what ends when somebody does not any more."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from convosphere.core.errors import NotFoundError
from convosphere.core.jobs import InUseError
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.models import (
    AccessGrant,
    Account,
    ApiKey,
    Invitation,
    Membership,
    PersonDeletion,
    RefreshToken,
    SignInStep,
    WebSession,
    WorkspaceRole,
)
from convosphere.identity.queries.roles import Standing
from convosphere.identity.roles import Role


@dataclass(frozen=True)
class Present:
    """An active person of a workspace, as a job finds them."""

    name: str
    email: str
    locale: str
    role: str
    custom_permissions: list[str] | None


async def list_standings(uow: UnitOfWork, account_ids: Sequence[UUID]) -> list[Standing]:
    """What those of some people are that are in the workspace, in a fixed order."""
    found = await uow.session.execute(
        select(Membership, col(Account.name))
        .join(Account, col(Account.id) == col(Membership.account_id))
        .where(col(Membership.workspace_id) == uow.workspace_id, col(Membership.account_id).in_(account_ids))
        .order_by(col(Membership.account_id))
    )
    return [Standing(membership, name) for membership, name in found]


async def list_present(uow: UnitOfWork, account_ids: Collection[UUID]) -> dict[UUID, Present]:
    """Those of some people who are active in the workspace, as they are now."""
    found = await uow.session.execute(
        select(
            col(Account.id),
            *(col(Account.name), col(Account.email), col(Account.locale), col(Membership.role)),
            *(col(WorkspaceRole.is_custom), col(WorkspaceRole.permissions)),
        )
        .join(Membership, col(Membership.account_id) == col(Account.id))
        .outerjoin(
            WorkspaceRole,
            (col(WorkspaceRole.workspace_id) == col(Membership.workspace_id))
            & (col(WorkspaceRole.key) == col(Membership.role)),
        )
        .where(
            col(Membership.workspace_id) == uow.workspace_id, col(Account.id).in_(account_ids),
            col(Account.is_active), col(Membership.is_active),
        )
    )  # fmt: skip
    return {row[0]: Present(*row[1:5], custom_permissions=row[6] if row[5] else None) for row in found}


async def find_present(uow: UnitOfWork, account_id: UUID) -> Present | None:
    """A person of the workspace as they are now; nobody when they are not active in it."""
    return (await list_present(uow, [account_id])).get(account_id)


async def end_credentials(uow: UnitOfWork, account_ids: Sequence[UUID]) -> list[UUID]:
    """End all with which some people get into the workspace, invitations that they made included.

    Gives the ids of their sessions, and of those in which somebody looks as one of them.
    """
    is_theirs = col(WebSession.account_id).in_(account_ids) | col(WebSession.looking_as).in_(account_ids)
    sessions = await uow.session.scalars(
        delete(WebSession)
        .where(is_theirs, col(WebSession.active_workspace_id) == uow.workspace_id)
        .returning(col(WebSession.id))
    )
    ended = list(sessions)
    for table in (ApiKey, RefreshToken):
        await uow.session.execute(
            update(table)
            .where(col(table.account_id).in_(account_ids), col(table.revoked_at).is_(None))
            .values(revoked_at=func.now())
        )
    await uow.session.execute(delete(SignInStep).where(col(SignInStep.account_id).in_(account_ids)))
    await uow.session.execute(
        update(Invitation)
        .where(
            col(Invitation.created_by).in_(account_ids), col(Invitation.used_at).is_(None),
            col(Invitation.revoked_at).is_(None),
        )
        .values(revoked_at=func.now())
    )  # fmt: skip
    return ended


async def end_sessions(uow: UnitOfWork, account_id: UUID, session_id: UUID | None = None) -> list[UUID]:
    """Forget a person's sessions in the workspace, or one of them; gives their ids."""
    ended = delete(WebSession).where(
        col(WebSession.account_id) == account_id, col(WebSession.active_workspace_id) == uow.workspace_id
    )
    if session_id:
        ended = ended.where(col(WebSession.id) == session_id)
    return list(await uow.session.scalars(ended.returning(col(WebSession.id))))


async def find_deletion(uow: UnitOfWork, account_id: UUID) -> PersonDeletion | None:
    """The deletion of a person that is not finished."""
    return await uow.session.scalar(
        select(PersonDeletion).where(
            col(PersonDeletion.account_id) == account_id, col(PersonDeletion.finished_at).is_(None)
        )
    )


async def is_heir(uow: UnitOfWork, account_ids: Sequence[UUID]) -> bool:
    """Whether one of some people is about to be given what somebody leaves behind."""
    found = select(col(PersonDeletion.id)).where(
        col(PersonDeletion.heir_id).in_(account_ids), col(PersonDeletion.finished_at).is_(None)
    )
    return await uow.session.scalar(found.limit(1)) is not None


async def get_deletion(uow: UnitOfWork, deletion_id: UUID) -> PersonDeletion:
    """A deletion, finished or not.

    Raises:
        NotFoundError: there is none.
    """
    deletion = await uow.session.get(PersonDeletion, deletion_id)
    if deletion is None:
        raise NotFoundError
    return deletion


async def forget_person(uow: UnitOfWork, account_id: UUID) -> None:
    """Remove what was granted to a person, their membership, and the account unless another workspace has it.

    Raises:
        InUseError: something of theirs came to be meanwhile.
    """
    is_theirs = (col(AccessGrant.subject_type) == "person") & (col(AccessGrant.subject_id) == account_id)
    await uow.session.execute(delete(AccessGrant).where(is_theirs))
    await uow.session.execute(
        delete(Membership).where(
            col(Membership.account_id) == account_id, col(Membership.workspace_id) == uow.workspace_id
        )
    )
    elsewhere = select(col(Membership.workspace_id)).where(col(Membership.account_id) == account_id)
    if await uow.session.scalar(elsewhere.limit(1)):
        return
    try:
        await uow.session.execute(delete(Account).where(col(Account.id) == account_id))
    except IntegrityError as left:
        raise InUseError from left


async def find_owner_beside(uow: UnitOfWork, account_id: UUID) -> UUID | None:
    """The first active owner of the workspace beside a person."""
    return await uow.session.scalar(
        select(col(Membership.account_id))
        .join(Account, col(Account.id) == col(Membership.account_id))
        .where(
            col(Membership.workspace_id) == uow.workspace_id, col(Membership.role) == Role.OWNER,
            col(Membership.account_id) != account_id, col(Membership.is_active), col(Account.is_active),
        )
        .order_by(col(Membership.created_at))
        .limit(1)
    )  # fmt: skip
