"""Who may do what with a thing, as a condition inside the SQL of whoever fetches it."""

from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, or_, select
from sqlmodel import col

from convosphere.core.permissions import Actor
from convosphere.identity.models import AccessGrant, EffectiveGroup

Level = Literal["view", "use", "edit", "manage"]
LEVELS: tuple[Level, ...] = ("view", "use", "edit", "manage")


def may_access(
    actor: Actor,
    object_type: str,
    object_id: SQLColumnExpression[UUID],
    owner_id: SQLColumnExpression[UUID],
    level: Level,
) -> ColumnElement[bool]:
    """True in SQL where the actor owns the thing, or is granted at least `level` of it and not denied it."""
    if actor.role == "system":
        return owner_id.is_not(None)
    granted = grant_exists(actor, object_type, object_id, level, is_deny=False)
    denied = grant_exists(actor, object_type, object_id, level, is_deny=True)
    return or_(owner_id == actor.account_id, and_(granted, ~denied))


def grant_exists(
    actor: Actor, object_type: str, object_id: SQLColumnExpression[UUID], level: Level, *, is_deny: bool
) -> ColumnElement[bool]:
    """True in SQL where at least `level` of the thing is granted to the actor, or they are kept from it."""
    return exists().where(
        _is_grant_for(actor, object_type, level, is_deny=is_deny), col(AccessGrant.object_id) == object_id
    )


def granted_ids(actor: Actor, object_type: str, level: Level, *, is_deny: bool) -> Select[UUID]:
    """The things of which at least `level` is granted to the actor, or that they are kept from.

    For what lies within things: it stands on its own in a statement, which finds them once and not for each row.
    """
    return select(col(AccessGrant.object_id)).where(_is_grant_for(actor, object_type, level, is_deny=is_deny))


def _is_grant_for(actor: Actor, object_type: str, level: Level, *, is_deny: bool) -> ColumnElement[bool]:
    rank = LEVELS.index(level)
    levels = LEVELS[: rank + 1] if is_deny else LEVELS[rank:]
    groups = select(col(EffectiveGroup.group_id)).where(col(EffectiveGroup.account_id) == actor.account_id)
    is_person = and_(col(AccessGrant.subject_type) == "person", col(AccessGrant.subject_id) == actor.account_id)
    is_in_group = and_(col(AccessGrant.subject_type) == "group", col(AccessGrant.subject_id).in_(groups))
    return and_(
        col(AccessGrant.object_type) == object_type,
        col(AccessGrant.is_deny) == is_deny,
        col(AccessGrant.level).in_(levels),
        or_(col(AccessGrant.subject_type) == "everyone", is_person, is_in_group),
    )


def access_text(object_type: str, object_id: str, owner_id: str, level: Level) -> str:
    """`may_access` of a person as text, for statements that every question runs; it takes `:account_id`.

    The arguments are names of columns and constants of the code, never what came from outside.
    """
    rank = LEVELS.index(level)
    granted = _grant_text(object_type, object_id, LEVELS[rank:], is_deny=False)
    denied = _grant_text(object_type, object_id, LEVELS[: rank + 1], is_deny=True)
    return f"({owner_id} = :account_id OR ({granted} AND NOT {denied}))"


def _grant_text(object_type: str, object_id: str, levels: tuple[Level, ...], *, is_deny: bool) -> str:
    wanted = ", ".join(f"'{level}'" for level in levels)
    return f"""EXISTS (
        SELECT FROM access_grant AS g
        WHERE g.object_type = '{object_type}' AND g.object_id = {object_id} AND g.is_deny = {str(is_deny).lower()}
            AND g.level IN ({wanted}) AND (
                g.subject_type = 'everyone'
                OR (g.subject_type = 'person' AND g.subject_id = :account_id)
                OR (g.subject_type = 'group' AND g.subject_id IN (
                    SELECT e.group_id FROM effective_group AS e WHERE e.account_id = :account_id))
            )
    )"""  # noqa: S608  # Of constants.
