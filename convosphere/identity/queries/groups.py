"""The SQL of groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from convosphere.core.errors import NotFoundError
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.errors import NameTakenError
from convosphere.identity.models import AccessGrant, EffectiveGroup, GroupMember, Membership, PersonGroup

# One at a time in a workspace: two changes at once could close a circle that neither of them sees.
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('groups ' || :workspace_id, 0))")

_REFRESH = text(
    """
    WITH RECURSIVE reached (account_id, group_id) AS (
        SELECT account_id, group_id FROM group_member WHERE account_id IS NOT NULL
        UNION
        SELECT r.account_id, m.group_id FROM reached AS r JOIN group_member AS m ON m.subgroup_id = r.group_id
    ), gone AS (
        DELETE FROM effective_group AS e
        WHERE NOT EXISTS (SELECT FROM reached AS r WHERE r.account_id = e.account_id AND r.group_id = e.group_id)
    )
    INSERT INTO effective_group (workspace_id, account_id, group_id)
    SELECT :workspace_id, account_id, group_id FROM reached ON CONFLICT DO NOTHING
    """
)
_IS_ABOVE = text(
    """
    WITH RECURSIVE above (id) AS (
        SELECT CAST(:group_id AS uuid)
        UNION
        SELECT m.group_id FROM above AS a JOIN group_member AS m ON m.subgroup_id = a.id
    )
    SELECT EXISTS (SELECT FROM above WHERE id = :wanted)
    """
)

_LIST = text(
    """
    SELECT g.id, g.name, g.description,
        (SELECT count(*) FROM group_member AS m WHERE m.group_id = g.id),
        (SELECT count(*) FROM effective_group AS e WHERE e.group_id = g.id),
        (SELECT count(*) FROM access_grant AS a WHERE a.subject_type = 'group' AND a.subject_id = g.id),
        mine.id IS NOT NULL
    FROM person_group AS g
    LEFT JOIN group_member AS mine ON mine.group_id = g.id AND mine.account_id = :me AND mine.is_manager
    WHERE (mine.id IS NOT NULL OR NOT :managed_only) AND strpos(lower(g.name), lower(:part)) > 0
    ORDER BY lower(g.name) LIMIT CAST(:most AS bigint)
    """
)


@dataclass(frozen=True)
class GroupRow:
    """A group as a list shows it.

    `people` counts those who are in it through other groups, too; `grants` what was given to it; `is_manager` says
    whether the actor manages it.
    """

    id: UUID
    name: str
    description: str
    members: int
    people: int
    grants: int
    is_manager: bool


@dataclass(frozen=True)
class MemberRow:
    """A person or a group directly in a group."""

    id: UUID
    name: str
    email: str
    is_group: bool
    is_manager: bool


async def lock_groups(uow: UnitOfWork) -> None:
    """Be the only one who changes groups of the workspace, until the unit ends."""
    await uow.session.execute(_LOCK, {"workspace_id": str(uow.workspace_id)})


async def refresh_effective_groups(uow: UnitOfWork) -> None:
    """Write down anew who is in which group, through how many others whatever."""
    await uow.session.execute(_REFRESH, {"workspace_id": uow.workspace_id})


async def get_group(uow: UnitOfWork, group_id: UUID) -> PersonGroup:
    """A group of the workspace.

    Raises:
        NotFoundError: there is none.
    """
    group = await uow.session.get(PersonGroup, group_id)
    if group is None:
        raise NotFoundError
    return group


async def add_group(uow: UnitOfWork, name: str, description: str) -> PersonGroup:
    """Store a new group.

    Raises:
        NameTakenError: there is one of this name.
    """
    group = PersonGroup(
        workspace_id=uow.workspace_id, name=name, description=description, created_by=uow.actor.account_id
    )
    uow.session.add(group)
    await flush_name(uow)
    return group


async def flush_name(uow: UnitOfWork) -> None:
    """Write what was changed of a group.

    Raises:
        NameTakenError: another one has this name.
    """
    try:
        await uow.session.flush()
    except IntegrityError:
        raise NameTakenError from None


async def list_groups(
    uow: UnitOfWork, *, managed_only: bool = False, part: str = "", most: int | None = None
) -> list[GroupRow]:
    """The first groups by name with how many are in them, or of those that the actor manages.

    Args:
        part: what their names contain.
        most: how many at the most; None is all.
    """
    values = {"me": uow.actor.account_id, "managed_only": managed_only, "part": part, "most": most}
    found = await uow.session.execute(_LIST, values)
    return [GroupRow(*row) for row in found]


async def list_members(uow: UnitOfWork, group_id: UUID) -> list[MemberRow]:
    """Who is directly in a group: groups first, then people, each by name."""
    found = await uow.session.execute(
        text(
            """
            SELECT coalesce(m.account_id, m.subgroup_id), coalesce(a.name, g.name), coalesce(a.email, ''),
                m.subgroup_id IS NOT NULL, m.is_manager
            FROM group_member AS m
            LEFT JOIN account AS a ON a.id = m.account_id
            LEFT JOIN person_group AS g ON g.id = m.subgroup_id
            WHERE m.group_id = :group_id
            ORDER BY m.account_id IS NOT NULL, lower(coalesce(a.name, g.name))
            """
        ),
        {"group_id": group_id},
    )
    return [MemberRow(*row) for row in found]


async def find_people(uow: UnitOfWork, account_ids: Sequence[UUID]) -> list[UUID]:
    """Those of the ids that are active people of the workspace."""
    found = select(col(Membership.account_id)).where(
        col(Membership.account_id).in_(account_ids), col(Membership.is_active).is_(True)
    )
    return list(await uow.session.scalars(found))


async def list_people(uow: UnitOfWork, group_id: UUID) -> list[UUID]:
    """Everybody in a group, or in one within it."""
    found = select(col(EffectiveGroup.account_id)).where(col(EffectiveGroup.group_id) == group_id)
    return list(await uow.session.scalars(found))


async def is_manager(uow: UnitOfWork, group_id: UUID) -> bool:
    """Whether the actor manages a group."""
    found = select(col(GroupMember.id)).where(
        col(GroupMember.group_id) == group_id,
        col(GroupMember.account_id) == uow.account_id,
        col(GroupMember.is_manager).is_(True),
    )
    return await uow.session.scalar(found) is not None


async def manages_groups(uow: UnitOfWork) -> bool:
    """Whether the actor manages any group."""
    found = select(col(GroupMember.id)).where(
        col(GroupMember.account_id) == uow.account_id, col(GroupMember.is_manager).is_(True)
    )
    return await uow.session.scalar(found.limit(1)) is not None


async def is_above(uow: UnitOfWork, wanted: UUID, group_id: UUID) -> bool:
    """Whether a group is the other one, or holds it directly or through others."""
    return bool(await uow.session.scalar(_IS_ABOVE, {"wanted": wanted, "group_id": group_id}))


async def find_member(uow: UnitOfWork, group_id: UUID, member_id: UUID) -> GroupMember | None:
    """How a person or group is directly in a group."""
    found = select(GroupMember).where(
        col(GroupMember.group_id) == group_id,
        func.coalesce(col(GroupMember.account_id), col(GroupMember.subgroup_id)) == member_id,
    )
    return await uow.session.scalar(found)


async def forget_grants(uow: UnitOfWork, group_id: UUID) -> None:
    """Remove what was granted to a group."""
    granted = (col(AccessGrant.subject_type) == "group") & (col(AccessGrant.subject_id) == group_id)
    await uow.session.execute(delete(AccessGrant).where(granted))


async def remove_from_groups(uow: UnitOfWork, account_id: UUID) -> None:
    """Take a person out of all groups of the workspace."""
    await uow.session.execute(delete(GroupMember).where(col(GroupMember.account_id) == account_id))
