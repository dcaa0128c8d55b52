"""Changing what one proves oneself with: routes where the session gets a new token or a secret is shown once."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from convosphere.core.permissions import Permission
from convosphere.core.throttling import Throttle
from convosphere.core.ways_in import way_in
from convosphere.identity.errors import TooManyAttemptsError
from convosphere.identity.passwords import MAXIMUM_LENGTH
from convosphere.identity.routes.answers import signed_in, site_of
from convosphere.identity.routes.reading import read_fields, read_form
from convosphere.identity.service import factors, one_time_codes, passkeys, passwords
from convosphere.identity.service.devices import device_name
from convosphere.identity.strength import Strength, measure_password
from convosphere.identity.ways import actor_of, client_of

# Some people behind one address, each pausing now and then while they type: scoring takes up to 0.1 s.
_measurings = Throttle("60/minute", "password_strength")


@way_in(Permission.PUBLIC)
async def measure(request: Request) -> Response:
    """How strong a password would be, while it is typed; nothing of it is kept."""
    if seconds := await _measurings.wait(client_of(request).address):
        raise TooManyAttemptsError(seconds)
    fields = await read_form(request, "password", "name", "email", "workspace")
    password, actor = fields["password"][: MAXIMUM_LENGTH + 1], actor_of(request)
    if actor.account_id is None:
        texts = (fields[name][:MAXIMUM_LENGTH] for name in ("name", "email", "workspace"))
        strength = await measure_password(password, *texts)
    else:
        strength = await passwords.measure_own_password(actor, password)
    return JSONResponse(_as_dict(strength))


@way_in(Permission.ACCOUNT_WRITE)
async def change_password(request: Request) -> Response:
    """Change the password; the session gets a new token, all others end."""
    fields = await read_fields(request, "current", "password")
    return signed_in(await passwords.change_password(actor_of(request), fields["current"], fields["password"]))


@way_in(Permission.ACCOUNT_WRITE)
async def start_one_time_codes(request: Request) -> Response:
    """A seed for an app, as picture and as text."""
    await read_form(request)
    seed = await one_time_codes.start_one_time_codes(actor_of(request))
    return _secret({"qr_code": seed.qr_code, "seed": seed.seed})


@way_in(Permission.ACCOUNT_WRITE)
async def confirm_one_time_codes(request: Request) -> Response:
    """Have the seed count; the session gets a new token."""
    fields = await read_fields(request, "code")
    return _added(await one_time_codes.confirm_one_time_codes(actor_of(request), fields["code"]))


@way_in(Permission.ACCOUNT_WRITE)
async def renew_codes(request: Request) -> Response:
    """Ten new recovery codes."""
    await read_form(request)
    return _secret({"codes": await factors.renew_codes(actor_of(request))})


@way_in(Permission.ACCOUNT_WRITE)
async def start_adding_passkey(request: Request) -> Response:
    """What the browser needs to make a passkey."""
    await read_form(request)
    token, options = await passkeys.start_adding(actor_of(request), site_of(request))
    return JSONResponse({"token": token, "options": options})


@way_in(Permission.ACCOUNT_WRITE)
async def add_passkey(request: Request) -> Response:
    """Store a passkey, called after the device unless it is named; the session gets a new token."""
    fields = await read_form(request, "token", "name", "credential")
    actor, site = actor_of(request), site_of(request)
    name = fields["name"].strip() or device_name(client_of(request).user_agent)
    return _added(await passkeys.add_passkey(actor, fields["token"], name, fields["credential"], site))


def _added(added: factors.FactorAdded) -> Response:
    response = signed_in(added.session, {"codes": added.codes})
    response.headers["cache-control"] = "no-store"
    return response


def _secret(shown: dict[str, object]) -> Response:
    return JSONResponse(shown, headers={"cache-control": "no-store"})


def _as_dict(strength: Strength) -> dict[str, object]:
    return {"score": strength.score, "refusal": strength.refusal.as_dict() if strength.refusal else None}


ROUTES = [
    Route("/auth/password-strength", measure, methods=["POST"]),
    Route("/auth/password", change_password, methods=["POST"]),
    Route("/auth/one-time-codes/start", start_one_time_codes, methods=["POST"]),
    Route("/auth/one-time-codes", confirm_one_time_codes, methods=["POST"]),
    Route("/auth/recovery-codes", renew_codes, methods=["POST"]),
    Route("/auth/passkeys/options", start_adding_passkey, methods=["POST"]),
    Route("/auth/passkeys", add_passkey, methods=["POST"]),
]
