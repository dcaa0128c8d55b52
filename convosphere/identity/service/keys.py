"""A person's keys for programs."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from convosphere.core.audit.actions import KEY_CREATED, KEY_REVOKED
from convosphere.core.authorization import require
from convosphere.core.errors import ForbiddenError, InvalidInputError, LimitReachedError
from convosphere.core.i18n import t
from convosphere.core.identifiers import hash_token, new_token
from convosphere.core.lines import plain_line
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.models import ApiKey
from convosphere.identity.queries import programs as queries
from convosphere.identity.schemas import KeyRow, NewKey
from convosphere.identity.service.recent import require_recent

KEY_SIGN = "cs_"
"""How a key begins, so that it is told from a token, and found by those who look for secrets in the wrong places."""
PREFIX_LENGTH = len(KEY_SIGN) + 6
NAME_LENGTH = 100
MOST_KEYS = 50
MOST_DAYS = 3650

_NEVER = frozenset(
    {
        Permission.PUBLIC,
        Permission.ACCOUNT_USE,
        Permission.ACCOUNT_WRITE,
        Permission.KEY_MANAGE,
        Permission.PERSON_LOOK,
    }
)
"""What is a person's own affair: no program changes a password or makes keys. Who it is it may always ask."""


def scopes_of(actor: Actor) -> list[Permission]:
    """What the actor may let a program do, in the order of the list of permissions."""
    return [permission for permission in Permission if permission in actor.permissions - _NEVER]


async def list_keys(actor: Actor) -> list[KeyRow]:
    """The actor's keys, the newest first."""
    require(actor, Permission.KEY_MANAGE)
    async with unit_of_work(actor) as uow:
        return [_row(key) for key in await queries.list_keys(uow)]


async def create_key(actor: Actor, name: str, scopes: Sequence[str], days: int | None) -> NewKey:
    """Make a key; its text is shown this once.

    Args:
        actor: whose key it becomes, freshly proved.
        name: what the person calls it.
        scopes: what it may do of what the person may.
        days: how long it works; None for ever.

    Raises:
        ReauthenticationRequiredError: the actor has not proved who they are for a while.
        InvalidInputError: there is no name or no scope, or the time is none.
        ForbiddenError: a scope is more than the actor has.
        LimitReachedError: the actor has very many.
    """
    require(actor, Permission.KEY_MANAGE)
    require_recent(actor)
    name = plain_line(name)
    if not 0 < len(name) <= NAME_LENGTH:
        raise InvalidInputError(t("Please give the key a name of at most {count} characters.", count=NAME_LENGTH))
    if days is not None and not 0 < days <= MOST_DAYS:
        raise InvalidInputError(t("Please choose how long the key is to work."))
    wanted = _checked_scopes(actor, scopes)
    async with unit_of_work(actor) as uow:
        if len(await queries.list_keys(uow)) >= MOST_KEYS:
            raise LimitReachedError(
                t("You have {count} keys. Please revoke one that you do not need.", count=MOST_KEYS)
            )
        value = KEY_SIGN + new_token()
        key = ApiKey(
            workspace_id=uow.workspace_id,
            account_id=uow.account_id,
            name=name,
            prefix=value[:PREFIX_LENGTH],
            token_hash=hash_token(value),
            scopes=wanted,
            expires_at=utc_now() + timedelta(days=days) if days else None,
        )
        uow.session.add(key)
        uow.record(KEY_CREATED, key.id, label=name, after={"scopes": " ".join(wanted), "days": days})
        return NewKey(value, _row(key))


async def revoke_key(actor: Actor, key_id: UUID) -> None:
    """End a key, and all tokens that were given for it.

    Raises:
        NotFoundError: the actor has no such key.
    """
    require(actor, Permission.KEY_MANAGE)
    async with unit_of_work(actor) as uow:
        key = await queries.revoke_key(uow, key_id)
        uow.record(KEY_REVOKED, key.id, label=key.name)


def _checked_scopes(actor: Actor, scopes: Sequence[str]) -> list[str]:
    if not scopes:
        raise InvalidInputError(t("Please choose what the key may do."))
    own = {str(permission) for permission in scopes_of(actor)}
    if not own.issuperset(scopes):
        raise ForbiddenError
    return sorted(set(scopes))


def _row(key: ApiKey) -> KeyRow:
    return KeyRow(
        id=key.id, name=key.name, prefix=key.prefix, scopes=list(key.scopes), created_at=key.created_at,
        expires_at=key.expires_at, last_used_at=key.last_used_at, last_used_address=key.last_used_address,
    )  # fmt: skip
