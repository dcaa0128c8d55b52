"""Reading the small forms that are posted to routes, with patience for slow ones and none for those who guess."""

import asyncio
import json

from starlette.requests import ClientDisconnect, Request

from convosphere.core.audit.actions import SESSION_OPENED
from convosphere.core.audit.refusals import refused
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import Message, t
from convosphere.core.permissions import ANONYMOUS
from convosphere.core.settings import get_settings
from convosphere.core.throttling import Throttle
from convosphere.identity.errors import BodyRefusedError, TooManyAttemptsError
from convosphere.identity.ways import actor_of, client_of

MAXIMUM_BODY = 16_384
BODY_SECONDS = 15

# By address and account together, so that nobody can lock somebody else out from elsewhere.
_tries_for_account = Throttle(lambda: get_settings().limit_sign_in, "tries_for_account")
_tries_from_address = Throttle(lambda: get_settings().limit_guesses, "tries_from_address")


async def read_fields(request: Request, *names: str) -> dict[str, str]:
    """The text fields of a form in which somebody may guess: each one counts as a try.

    Raises:
        TooManyAttemptsError: the client tried too often.
        BodyRefusedError: the body is too large or did not come.
        InvalidInputError: it is no JSON object.
    """
    fields = await read_form(request, *names)
    await count_try(request, fields.get("email") or str(actor_of(request).account_id or ""))
    return fields


async def read_form(request: Request, *names: str) -> dict[str, str]:
    """The text fields of a small JSON body; missing ones are empty.

    Raises:
        BodyRefusedError: the body is too large or did not come.
        InvalidInputError: it is no JSON object.
    """
    body = await read_body(request)
    try:
        given = json.loads(body)
        fields = {name: str(given.get(name) or "") for name in names}
        _ = "".join(fields.values()).encode()
    except (ValueError, AttributeError, RecursionError):  # No JSON, no object, half a character, too deep.
        raise InvalidInputError(t("The request could not be read.")) from None
    return fields


async def count_try(request: Request, account: str = "") -> None:
    """Count one try of an address, and of it for an account where it names one.

    Raises:
        TooManyAttemptsError: there were too many.
    """
    address, account = client_of(request).address, account.strip().lower()
    seconds = await _tries_from_address.wait(address)
    if not seconds and account:
        seconds = await _tries_for_account.wait(address, account)
    if seconds:
        refused(ANONYMOUS, SESSION_OPENED, after={"reason": TooManyAttemptsError.code})
        raise TooManyAttemptsError(seconds)


async def read_body(
    request: Request, most: int = MAXIMUM_BODY, seconds: float = BODY_SECONDS, too_large: Message | None = None
) -> bytes:
    """A body of at most so many bytes that comes in time; one that says that it is larger is not read at all.

    Raises:
        BodyRefusedError: it is too large, which `too_large` may say, too slow, or breaks off.
    """
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or len(length) > 9 or int(length) > most:
        raise BodyRefusedError(too_large)
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise BodyRefusedError(too_large)
    except (ClientDisconnect, TimeoutError):
        raise BodyRefusedError(t("The request did not arrive completely.")) from None
    return bytes(body)
