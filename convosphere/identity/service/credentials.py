"""The one place that turns what a program comes with into an actor: a key, or an access token.

Browsers come with a cookie, see `sessions.resolve_actor`. Whatever somebody comes with, they are looked up anew each
time, so that it opens nothing once the person may not.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from convosphere.core.identifiers import hash_token
from convosphere.core.permissions import Actor, Permission
from convosphere.identity.errors import CredentialRefusedError
from convosphere.identity.queries import programs as queries
from convosphere.identity.roles import ALWAYS, permissions_of
from convosphere.identity.service.keys import KEY_SIGN
from convosphere.identity.service.tokens import read_access_token

LONGEST = 4096
_ASK = frozenset({Permission.ACCOUNT_USE})
"""Every program may ask who it acts for."""
_SHOWN = ("account_id", "workspace_id", "role", "name", "email", "locale", "lacks_factor")


async def resolve_authorization(given: Sequence[str], address: str) -> Actor:
    """The person that a program acts for, with what both its scopes and the person's role allow.

    Args:
        given: all Authorization headers of the request.
        address: where it came from.

    Raises:
        CredentialRefusedError: it is no Bearer credential of this installation that works; which reason is not said.
    """
    scheme, _, value = given[0].strip().partition(" ")
    value = value.strip()
    if len(given) > 1 or scheme.lower() != "bearer" or not 0 < len(value) <= LONGEST or not value.isascii():
        raise CredentialRefusedError
    return await (_of_key(value, address) if value.startswith(KEY_SIGN) else _of_token(value))


async def _of_key(value: str, address: str) -> Actor:
    found = await queries.resolve_key(hash_token(value), address)
    if found is None:
        raise CredentialRefusedError
    return _actor(found, found["scopes"], found["credential_id"], "key")


async def _of_token(value: str) -> Actor:
    token = await read_access_token(value)
    found = await queries.resolve_token(token.id, token.family_id, token.account_id, token.workspace_id)
    if found is None:
        raise CredentialRefusedError
    return _actor(found, token.scopes, token.family_id, "token")


def _actor(found: Mapping[str, Any], scopes: Iterable[str], credential_id: UUID, method: str) -> Actor:
    of_role = ALWAYS if found["lacks_factor"] else permissions_of(found["role"], found["custom_permissions"])
    wanted = frozenset(permission for permission in of_role if permission in frozenset(scopes))
    return Actor(
        **{name: found[name] for name in _SHOWN},
        permissions=(wanted | _ASK) - {Permission.ACCOUNT_WRITE, Permission.KEY_MANAGE, Permission.PERSON_LOOK},
        method=method,
        credential_id=credential_id,
    )
