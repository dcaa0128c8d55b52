"""Access tokens of 15 minutes (RFC 9068) and the refresh tokens that renew them, for programs that hand them on.

A refresh token works once and gives the next one of its family. One that comes a second time was stolen, by whoever
used it first or by whoever does now: the family ends (RFC 9700, 4.14.2).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import extract_compact
from joserfc.jwt import ClaimsOption

from convosphere.core.audit.actions import TOKEN_ISSUED, TOKEN_REVOKED
from convosphere.core.errors import ForbiddenError
from convosphere.core.identifiers import hash_token, new_id, new_token
from convosphere.core.model import utc_now
from convosphere.core.permissions import ANONYMOUS, Actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.errors import CredentialRefusedError
from convosphere.identity.models import RefreshToken
from convosphere.identity.queries import programs as queries
from convosphere.identity.schemas import TokenPair
from convosphere.identity.service.keys import KEY_SIGN
from convosphere.identity.service.signing import ALGORITHM, signing_key, verifying_key

ACCESS = timedelta(minutes=15)
REFRESH = timedelta(days=30)
LEEWAY_SECONDS = 5
"""How far clocks of two processes may be apart."""
_TYPE = "at+jwt"


@dataclass(frozen=True)
class AccessToken:
    """What a token says that was signed by us and has not expired."""

    id: UUID
    family_id: UUID
    account_id: UUID
    workspace_id: UUID
    scopes: tuple[str, ...]
    expires_at: datetime


def audience() -> str:
    """Whom our access tokens are for: this installation's interface."""
    return f"{get_settings().address}/api"


async def read_access_token(value: str) -> AccessToken:
    """Check a token's form, key, signature, issuer, audience and times.

    Raises:
        CredentialRefusedError: one of them is wrong.
    """
    try:
        return _read(await _decoded(value))
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        raise CredentialRefusedError from None


async def issue_for_key(value: str, scopes: str, address: str) -> TokenPair:
    """The first tokens of a family, for somebody who has a key; `scopes`, if any, are fewer than the key's.

    Raises:
        CredentialRefusedError: the key does not work.
        ForbiddenError: the scopes are more than the key has.
    """
    found = await queries.resolve_key(hash_token(value), address) if value.startswith(KEY_SIGN) else None
    if found is None:
        raise CredentialRefusedError
    wanted = _narrowed(found["scopes"], scopes)
    async with unit_of_work(_holder(found["account_id"], found["workspace_id"], found["name"])) as uow:
        pair = await _issue(uow, new_id(), wanted, found["credential_id"], found["expires_at"])
        uow.record(TOKEN_ISSUED, found["credential_id"], after={"scopes": " ".join(wanted)})
        return pair


async def refresh(value: str, scopes: str) -> TokenPair:
    """The next tokens of a family.

    Raises:
        CredentialRefusedError: the token was used, revoked, is over or unknown, or its person may not any more.
        ForbiddenError: the scopes are more than the family has.
    """
    async with unit_of_work(ANONYMOUS) as uow:
        found = await queries.find_refresh_token(uow, hash_token(value))
    if found is None or not await _is_alive(found):
        raise CredentialRefusedError
    wanted = _narrowed(found.scopes, scopes)
    async with unit_of_work(_holder(found.account_id, found.workspace_id)) as uow:
        if await queries.use_refresh_token(uow, found.id):
            return await _issue(uow, found.family_id, wanted, found.api_key_id, found.expires_at)
    if found.expires_at > utc_now():
        await _end_family(found, "token_reused")
    raise CredentialRefusedError


async def revoke(value: str) -> None:
    """End a refresh token with its family, or one access token. What is neither is over already (RFC 7009)."""
    async with unit_of_work(ANONYMOUS) as uow:
        found = await queries.find_refresh_token(uow, hash_token(value))
    if found is not None:
        await _end_family(found, "")
        return
    try:
        token = await read_access_token(value)
    except CredentialRefusedError:
        return
    async with unit_of_work(_holder(token.account_id, token.workspace_id)) as uow:
        await queries.deny_token(uow, token.id, token.expires_at)
        uow.record(TOKEN_REVOKED, token.family_id)


async def _is_alive(token: RefreshToken) -> bool:
    """Whether its family was not revoked, and its person may still act in the workspace."""
    found = await queries.resolve_token(token.id, token.family_id, token.account_id, token.workspace_id)
    return found is not None


async def _issue(
    uow: UnitOfWork, family_id: UUID, scopes: list[str], key_id: UUID | None, ends_at: datetime | None
) -> TokenPair:
    """`ends_at`: when the family's key, or the family, is over; no token outlives it."""
    now = utc_now()
    expires_at = min(now + ACCESS, ends_at or now + ACCESS)
    value = new_token()
    token = RefreshToken(
        workspace_id=uow.workspace_id, account_id=uow.account_id, family_id=family_id, token_hash=hash_token(value),
        scopes=scopes, api_key_id=key_id, expires_at=min(now + REFRESH, ends_at or now + REFRESH),
    )  # fmt: skip
    await queries.add_refresh_token(uow, token)
    claims = {
        "iss": get_settings().address, "aud": audience(), "sub": str(uow.account_id), "wid": str(uow.workspace_id),
        "scope": " ".join(scopes), "jti": str(new_id()), "sid": str(family_id),
        "iat": int(now.timestamp()), "exp": int(expires_at.timestamp()),
    }  # fmt: skip
    key = await signing_key()
    header = {"alg": ALGORITHM, "typ": _TYPE, "kid": key.thumbprint()}
    access = jwt.encode(header, claims, key, algorithms=[ALGORITHM])
    return TokenPair(access, int((expires_at - now).total_seconds()), value, scopes)


async def _decoded(value: str) -> dict[str, Any]:
    said = extract_compact(value.encode()).headers()
    key = await verifying_key(str(said["kid"]))
    if key is None or said.get("typ") != _TYPE:
        raise ValueError("no key of ours")
    claims = jwt.decode(value, key, algorithms=[ALGORITHM]).claims
    essential = dict.fromkeys(("sub", "wid", "scope", "jti", "sid", "iat", "exp"), ClaimsOption(essential=True))
    essential |= {"iss": ClaimsOption(essential=True, value=get_settings().address)}
    essential |= {"aud": ClaimsOption(essential=True, value=audience())}
    registry = jwt.JWTClaimsRegistry(None, LEEWAY_SECONDS, **essential)
    registry.validate(claims)
    return claims


def _read(claims: dict[str, Any]) -> AccessToken:
    return AccessToken(
        id=UUID(claims["jti"]), family_id=UUID(claims["sid"]), account_id=UUID(claims["sub"]),
        workspace_id=UUID(claims["wid"]), scopes=tuple(claims["scope"].split()),
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
    )  # fmt: skip


def _narrowed(scopes: list[str], wanted: str) -> list[str]:
    asked = wanted.split()
    if not set(scopes).issuperset(asked):
        raise ForbiddenError
    return sorted(set(asked)) or list(scopes)


def _holder(account_id: UUID, workspace_id: UUID, name: str = "") -> Actor:
    return Actor(account_id=account_id, workspace_id=workspace_id, permissions=frozenset(), name=name)


async def _end_family(token: RefreshToken, reason: str) -> None:
    holder = _holder(token.account_id, token.workspace_id)
    async with unit_of_work(holder) as uow:
        await queries.revoke_family(uow, token.family_id)
        uow.record(TOKEN_REVOKED, token.family_id, after={"reason": reason} if reason else None)
