"""The SQL of everybody in a workspace, as administrators look at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Label, Select, SQLColumnExpression, and_, case, exists, func, literal, or_, select
from sqlalchemy import tuple_ as row_of
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from convosphere.core.errors import NotFoundError
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.identity.models import (
    Account,
    Avatar,
    EffectiveGroup,
    GroupMember,
    Membership,
    Passkey,
    PersonDeletion,
    PersonGroup,
    RecoveryCode,
    TotpSecret,
    WebSession,
)
from convosphere.identity.roles import Role

Sort = Literal["name", "role", "active"]
Standing = Literal["", "active", "inactive"]
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class PeopleCursor:
    """A place in the order: what it is sorted by, as text, and the person."""

    key: str
    id: UUID


@dataclass(frozen=True)
class PeopleQuery:
    """Which people to list, from which place on. Empty fields do not matter."""

    text: str = ""
    role: str = ""
    group_id: UUID | None = None
    standing: Standing = ""
    sort: Sort = "name"
    is_descending: bool = False
    after: PeopleCursor | None = None
    limit: int = 50


@dataclass(frozen=True)
class PersonRow:
    """A person as the list shows them; `groups` are the names of those that they are in directly."""

    id: UUID
    name: str
    email: str
    role: str
    is_active: bool
    is_leaving: bool
    groups: str
    avatar: str
    last_active_at: datetime | None
    cursor: PeopleCursor


@dataclass(frozen=True)
class PersonDetail:
    """What administrators see of one person."""

    id: UUID
    name: str
    email: str
    role: str
    is_active: bool
    is_leaving: bool
    is_email_verified: bool
    avatar: str
    joined_at: datetime
    last_sign_in_at: datetime | None
    last_active_at: datetime | None


@dataclass(frozen=True)
class Factors:
    """What somebody proves themselves with beside a password."""

    has_totp: bool
    passkeys: int
    recovery_codes: int


@dataclass(frozen=True)
class DeviceRow:
    """A browser in which somebody is signed in."""

    id: UUID
    address: str
    user_agent: str
    created_at: datetime
    last_seen_at: datetime


async def list_people(uow: UnitOfWork, query: PeopleQuery) -> list[PersonRow]:
    """A page of people in order."""
    shown = _page(uow, query).subquery()
    rows = await uow.session.execute(
        select(
            *(col(Account.id), col(Account.name), col(Account.email), col(Membership.role)),
            *(_is_active(), _is_leaving(uow), _groups(), _avatar(), _last_active(uow), shown.c.key),
        )
        .join(shown, shown.c.id == col(Account.id))
        .join(Membership, _is_member(uow))
        .order_by(*_order(query, shown.c.key, shown.c.id))
    )
    return [_person(row) for row in rows]


async def count_people(uow: UnitOfWork, query: PeopleQuery) -> int:
    """How many match."""
    if query == PeopleQuery(sort=query.sort, is_descending=query.is_descending, after=query.after, limit=query.limit):
        # Everybody: no account needs to be looked at, which is most of the work.
        counted = select(func.count()).where(col(Membership.workspace_id) == uow.workspace_id)
    else:
        counted = select(func.count()).select_from(_matching(uow, query, literal(0).label("key")).subquery())
    return await uow.session.scalar(counted) or 0


async def get_person(uow: UnitOfWork, account_id: UUID) -> PersonDetail:
    """One person of the workspace.

    Raises:
        NotFoundError: there is no such person in it.
    """
    found = await uow.session.execute(
        select(
            *(col(Account.id), col(Account.name), col(Account.email), col(Membership.role)),
            *(_is_active(), _is_leaving(uow), col(Account.email_verified_at).is_not(None), _avatar()),
            *(col(Membership.created_at), col(Account.last_sign_in_at), _last_active(uow)),
        )
        .join(Membership, _is_member(uow))
        .where(col(Account.id) == account_id)
    )
    row = found.first()
    if row is None:
        raise NotFoundError
    return PersonDetail(*row)


async def get_factors(uow: UnitOfWork, account_id: UUID) -> Factors:
    """Which factors a person has; never what they are made of."""
    totp = exists().where(col(TotpSecret.account_id) == account_id, col(TotpSecret.confirmed_at).is_not(None))
    passkeys = select(func.count()).where(col(Passkey.account_id) == account_id).scalar_subquery()
    codes = (
        select(func.count())
        .where(col(RecoveryCode.account_id) == account_id, col(RecoveryCode.used_at).is_(None))
        .scalar_subquery()
    )
    return Factors(*(await uow.session.execute(select(totp, passkeys, codes))).one())


async def list_devices(uow: UnitOfWork, account_id: UUID) -> list[DeviceRow]:
    """Where a person is signed in to the workspace, the last used first."""
    found = await uow.session.execute(
        select(
            *(col(WebSession.id), col(WebSession.address), col(WebSession.user_agent)),
            *(col(WebSession.created_at), col(WebSession.last_seen_at)),
        )
        .where(_is_session_of(uow, account_id), col(WebSession.expires_at) > func.now())
        .order_by(col(WebSession.last_seen_at).desc())
    )
    return [DeviceRow(*row) for row in found]


async def list_groups_of(uow: UnitOfWork, account_id: UUID) -> list[tuple[UUID, str]]:
    """The groups that a person is in directly, by name."""
    found = await uow.session.execute(
        select(col(PersonGroup.id), col(PersonGroup.name))
        .join(GroupMember, col(GroupMember.group_id) == col(PersonGroup.id))
        .where(col(GroupMember.account_id) == account_id)
        .order_by(func.lower(col(PersonGroup.name)))
    )
    return [(row[0], row[1]) for row in found]


async def list_group_names(uow: UnitOfWork) -> list[tuple[UUID, str]]:
    """All groups of the workspace, by name."""
    found = await uow.session.execute(
        select(col(PersonGroup.id), col(PersonGroup.name)).order_by(func.lower(col(PersonGroup.name)))
    )
    return [(row[0], row[1]) for row in found]


async def list_present(uow: UnitOfWork, emails: Sequence[str]) -> set[str]:
    """Those of some addresses that have an account."""
    return set(await uow.session.scalars(select(col(Account.email)).where(col(Account.email).in_(emails))))


def _person(row: Sequence[Any]) -> PersonRow:
    return PersonRow(*row[:-1], cursor=PeopleCursor(_text_of(row[-1]), row[0]))


def _page(uow: UnitOfWork, query: PeopleQuery) -> Select[Any, Any]:
    """Ids and keys alone, so that the rest is fetched for those that are shown and not for all that are sorted."""
    key, identity = _key(uow, query.sort), col(Account.id)
    page = _matching(uow, query, key.label("key"))
    if query.after:
        here, there = row_of(key, identity), row_of(*_place(query.sort, query.after))
        page = page.where(here < there if query.is_descending else here > there)
    return page.order_by(*_order(query, key, identity)).limit(query.limit)


def _order(query: PeopleQuery, *parts: SQLColumnExpression[Any]) -> list[ColumnElement[Any]]:
    return [part.desc() if query.is_descending else part.asc() for part in parts]


def _matching(uow: UnitOfWork, query: PeopleQuery, key: Label[Any]) -> Select[Any, Any]:
    found = select(col(Account.id), key).join(Membership, _is_member(uow))
    if query.text:
        name, email, wanted = func.lower(col(Account.name)), col(Account.email), query.text.lower()
        found = found.where(or_(name.contains(wanted, autoescape=True), email.contains(wanted, autoescape=True)))
    if query.role:
        found = found.where(col(Membership.role) == query.role)
    if query.group_id:
        is_in_group = and_(
            col(EffectiveGroup.account_id) == col(Account.id), col(EffectiveGroup.group_id) == query.group_id
        )
        found = found.where(exists().where(is_in_group))
    if query.standing:
        found = found.where(_is_active() == (query.standing == "active"))
    return found


def _is_member(uow: UnitOfWork) -> ColumnElement[bool]:
    return and_(col(Membership.account_id) == col(Account.id), col(Membership.workspace_id) == uow.workspace_id)


def _is_active() -> ColumnElement[bool]:
    return and_(col(Membership.is_active), col(Account.is_active))


def _is_leaving(uow: UnitOfWork) -> ColumnElement[bool]:
    return exists().where(
        col(PersonDeletion.workspace_id) == uow.workspace_id,
        col(PersonDeletion.account_id) == col(Account.id),
        col(PersonDeletion.finished_at).is_(None),
    )


def _is_session_of(uow: UnitOfWork, account_id: SQLColumnExpression[UUID] | UUID) -> ColumnElement[bool]:
    return and_(col(WebSession.account_id) == account_id, col(WebSession.active_workspace_id) == uow.workspace_id)


def _last_active(uow: UnitOfWork) -> ColumnElement[Any]:
    seen = select(func.max(col(WebSession.last_seen_at))).where(_is_session_of(uow, col(Account.id)))
    return func.greatest(col(Account.last_sign_in_at), seen.correlate(Account).scalar_subquery())


def _avatar() -> ColumnElement[Any]:
    digest = select(col(Avatar.digest)).where(col(Avatar.account_id) == col(Account.id))
    return func.coalesce(digest.correlate(Account).scalar_subquery(), "")


def _groups() -> ColumnElement[Any]:
    name = col(PersonGroup.name)
    names = select(func.string_agg(name, aggregate_order_by(literal(", "), func.lower(name).asc())))
    listed = names.join(GroupMember, col(GroupMember.group_id) == col(PersonGroup.id)).where(
        col(GroupMember.account_id) == col(Account.id)
    )
    return func.coalesce(listed.correlate(Account).scalar_subquery(), "")


def _key(uow: UnitOfWork, sort: Sort) -> ColumnElement[Any]:
    name = func.lower(col(Account.name))
    match sort:
        case "name":
            return name
        case "role":
            # The built-in ones from the most to the least; custom ones, whose keys begin with a letter, after them.
            ranks = {role.value: str(rank) for rank, role in enumerate(Role)}
            return case(ranks, value=col(Membership.role), else_=col(Membership.role)) + " " + name
        case "active":
            return func.coalesce(_last_active(uow), literal(_NEVER))


def _place(sort: Sort, after: PeopleCursor) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    key = literal(datetime.fromisoformat(after.key)) if sort == "active" else literal(after.key)
    return key, literal(after.id)


def _text_of(key: str | datetime) -> str:
    return key.isoformat() if isinstance(key, datetime) else key
