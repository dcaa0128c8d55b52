"""The keys that sign access tokens (RFC 7517): one signs, and those before it verify until their tokens end.

A token says which key it was signed with; a process that does not know that key looks whether there is a new one.
"""

import json
from datetime import timedelta
from time import monotonic

from joserfc.jwk import ECKey

from convosphere.core.audit.actions import SIGNING_KEY_MADE
from convosphere.core.model import utc_now
from convosphere.core.permissions import ANONYMOUS
from convosphere.core.secrets.sealing import seal, unseal
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity.models import SigningKey
from convosphere.identity.queries import signing as queries
from convosphere.identity.sealed import SIGNING_KEY

ALGORITHM = "ES256"
SIGNS_FOR = timedelta(days=90)
VERIFIES_FOR = timedelta(hours=1)
"""How long a key that signs no more still verifies: longer than any access token lives."""

_LOOK_SECONDS = 300.0
"""How long a process takes the keys that it knows for all that count."""


class _Known:
    keys: dict[str, ECKey] = {}  # noqa: RUF012  # Of the process.
    looked_at = float("-inf")


async def signing_key() -> ECKey:
    """The key to sign with; the first time it is made."""
    async with unit_of_work(ANONYMOUS) as uow:
        newest = _newest(await queries.list_signing_keys(uow)) or await _make(uow)
        return ECKey.import_key(json.loads(unseal(newest.sealed_private_key, SIGNING_KEY.place(newest.id))))


async def verifying_key(key_id: str) -> ECKey | None:
    """The public key of that name, if there is one."""
    if key_id not in _Known.keys or monotonic() - _Known.looked_at > _LOOK_SECONDS:
        await public_keys()
    return _Known.keys.get(key_id)


async def public_keys() -> list[dict[str, object]]:
    """What others verify our tokens with, as JSON Web Keys."""
    async with unit_of_work(ANONYMOUS) as uow:
        found = [key for key in await queries.list_signing_keys(uow) if _verifies(key)]
    _Known.keys = {key.id: ECKey.import_key(key.public_key) for key in found}
    _Known.looked_at = monotonic()
    return [key.public_key for key in found]


async def rotate_signing_keys(*, at_once: bool = False) -> None:
    """Make another key when the present one has signed for long enough, and forget those that nothing needs.

    Without one that signs there is nothing to do: nobody uses tokens.
    """
    async with unit_of_work(ANONYMOUS) as uow:
        await uow.take_turns("signing keys")
        newest = _newest(await queries.list_signing_keys(uow))
        if newest and (at_once or utc_now() - newest.created_at > SIGNS_FOR):
            await queries.retire_signing_keys(uow)
            await _make(uow)
        await queries.forget_signing_keys(uow, VERIFIES_FOR)


async def _make(uow: UnitOfWork) -> SigningKey:
    await uow.take_turns("signing keys")
    if (other := _newest(await queries.list_signing_keys(uow))) is not None:
        return other
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, private=True, auto_kid=True)
    name = key.thumbprint()
    private = json.dumps(key.as_dict(private=True)).encode()
    made = SigningKey(
        id=name,
        public_key=dict(key.as_dict(private=False)),
        sealed_private_key=seal(private, SIGNING_KEY.place(name)),
    )
    uow.session.add(made)
    await uow.session.flush()
    uow.record(SIGNING_KEY_MADE, label=name)
    return made


def _newest(keys: list[SigningKey]) -> SigningKey | None:
    return next((key for key in keys if key.retired_at is None), None)


def _verifies(key: SigningKey) -> bool:
    return key.retired_at is None or utc_now() - key.retired_at < VERIFIES_FOR
