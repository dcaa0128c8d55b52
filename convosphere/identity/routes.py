"""The routes that set and take the session cookie, which no script may touch."""

import asyncio
import json

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from convosphere.core.audit.actions import SESSION_OPENED
from convosphere.core.audit.refusals import refused
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.permissions import ANONYMOUS, Permission
from convosphere.core.throttling import Throttle
from convosphere.core.ways_in import way_in
from convosphere.identity.cookies import delete_session_cookie, set_session_cookie
from convosphere.identity.errors import BodyRefusedError, TooManyAttemptsError
from convosphere.identity.schemas import NewAccount, SignedIn
from convosphere.identity.service import founding, invitations, sessions
from convosphere.identity.ways import actor_of, client_of, locale_of
from convosphere.ui.routes import SIGN_IN

MAXIMUM_BODY = 16_384
BODY_SECONDS = 15

# By address and account together, so that nobody can lock somebody else out from elsewhere.
_tries_for_account = Throttle("10/minute")
_tries_from_address = Throttle("60/minute")


@way_in(Permission.PUBLIC)
async def set_up(request: Request) -> Response:
    """Found the workspace with its owner."""
    fields = await _read_fields(request, "token", "workspace", "name", "email", "password", "locale")
    new = NewAccount(fields["name"], fields["email"], fields["password"], fields["locale"] or locale_of(request))
    return _signed_in(await founding.set_up(fields["token"], fields["workspace"], new, client_of(request)))


@way_in(Permission.PUBLIC)
async def sign_in(request: Request) -> Response:
    """Open a session."""
    fields = await _read_fields(request, "email", "password")
    return _signed_in(await sessions.sign_in(fields["email"], fields["password"], client_of(request)))


@way_in(Permission.PUBLIC)
async def sign_up(request: Request) -> Response:
    """Create an account and open a session."""
    fields = await _read_fields(request, "token", "name", "email", "password", "locale")
    new = NewAccount(fields["name"], fields["email"], fields["password"], fields["locale"] or locale_of(request))
    return _signed_in(await invitations.sign_up(fields["token"], new, client_of(request)))


@way_in(Permission.PUBLIC)
async def sign_out(request: Request) -> Response:
    """End the session, if there is one; a plain form posts here, so that it works without scripts."""
    await sessions.sign_out(actor_of(request))
    response = RedirectResponse(SIGN_IN, status_code=303)
    delete_session_cookie(response)
    return response


ROUTES = [
    Route("/auth/set-up", set_up, methods=["POST"]),
    Route("/auth/sign-in", sign_in, methods=["POST"]),
    Route("/auth/sign-up", sign_up, methods=["POST"]),
    Route("/auth/sign-out", sign_out, methods=["POST"]),
]


async def _read_fields(request: Request, *names: str) -> dict[str, str]:
    """The text fields of a small JSON body; missing ones are empty.

    Raises:
        TooManyAttemptsError: the client tried too often.
        BodyRefusedError: the body is too large or did not come.
        InvalidInputError: it is no JSON object.
    """
    body = await _read_body(request)
    try:
        given = json.loads(body)
        fields = {name: str(given.get(name) or "") for name in names}
        _ = "".join(fields.values()).encode()
    except (ValueError, AttributeError, RecursionError):  # No JSON, no object, half a character, too deep.
        raise InvalidInputError(t("The request could not be read.")) from None
    await _count_try(request, fields.get("email", ""))
    return fields


async def _read_body(request: Request) -> bytes:
    """A small body that comes in time; one that says that it is large is not read at all.

    Raises:
        BodyRefusedError: it is too large, too slow, or breaks off.
    """
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or len(length) > 9 or int(length) > MAXIMUM_BODY:
        raise BodyRefusedError
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAXIMUM_BODY:
                    raise BodyRefusedError
    except (ClientDisconnect, TimeoutError):
        raise BodyRefusedError(t("The request did not arrive completely.")) from None
    return bytes(body)


async def _count_try(request: Request, email: str) -> None:
    address, account = client_of(request).address, email.strip().lower()
    if not await _tries_from_address.allows(address) or not await _tries_for_account.allows(address, account):
        refused(ANONYMOUS, SESSION_OPENED, after={"reason": TooManyAttemptsError.code})
        raise TooManyAttemptsError


def _signed_in(signed_in: SignedIn) -> Response:
    response = JSONResponse({"locale": signed_in.actor.locale, "person": str(signed_in.actor.account_id)})
    set_session_cookie(response, signed_in.token, signed_in.expires_at)
    return response
