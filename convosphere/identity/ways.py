"""The gate of every own route: who is it, from where, and may they; refusals as JSON problems (RFC 9457)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from convosphere.core.audit.actions import PERMISSION_REFUSED
from convosphere.core.audit.refusals import refused
from convosphere.core.authorization import require
from convosphere.core.errors import (
    ConfigurationError,
    ExpectedError,
    ForbiddenError,
    SignInRequiredError,
    TooManyRequestsError,
)
from convosphere.core.i18n import negotiate_locale, t
from convosphere.core.identifiers import new_id
from convosphere.core.origin import from_browser, from_program, set_origin
from convosphere.core.permissions import ANONYMOUS, Actor, Permission
from convosphere.core.settings import get_settings
from convosphere.core.ways_in import declared_permission
from convosphere.identity.cookies import is_own_origin, session_token
from convosphere.identity.errors import CredentialRefusedError
from convosphere.identity.limits import class_of, count_address, count_person, count_refusal
from convosphere.identity.schemas import Client
from convosphere.identity.service.credentials import resolve_authorization
from convosphere.identity.service.sessions import resolve_actor

log = structlog.get_logger()

Endpoint = Callable[[Request], Awaitable[Response]]

_FOR_PROGRAMS = "__convosphere_for_programs__"

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def for_programs(endpoint: Endpoint) -> Endpoint:
    """Mark a route that takes no cookie, so that it matters nothing which site a request comes from."""
    setattr(endpoint, _FOR_PROGRAMS, True)
    return endpoint


def is_for_programs(endpoint: Endpoint) -> bool:
    """Whether a route takes no cookie."""
    return getattr(endpoint, _FOR_PROGRAMS, False)


def guard_routes(routes: Sequence[Route]) -> list[Route]:
    """The routes behind the gate.

    Raises:
        ConfigurationError: one declares no permission.
    """
    return [Route(route.path, _guarded(route), methods=list(route.methods or ())) for route in routes]


def client_of(request: HTTPConnection) -> Client:
    """Where a request came from; forwarded addresses count only behind as many proxies as are trusted."""
    address = request.client.host if request.client else ""
    hops = get_settings().trusted_proxies
    forwarded = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    if hops and len(forwarded) >= hops:
        address = forwarded[-hops]
    return Client(address, request.headers.get("user-agent", ""))


def actor_of(request: Request) -> Actor:
    """Whoever the gate let in."""
    return request.state.actor


def locale_of(request: Request) -> str:
    """The language to answer in."""
    header = request.headers.get("accept-language", "")
    return negotiate_locale(header, get_settings().default_locale)


def _guarded(route: Route) -> Endpoint:
    endpoint: Endpoint = route.endpoint
    permission = declared_permission(endpoint)
    if permission is None:
        raise ConfigurationError(f"{route.path} declares no permission.")

    async def gate(request: Request) -> Response:
        try:
            await _admit(request, permission, takes_cookie=not is_for_programs(endpoint))
            return _without_cookies(request, await endpoint(request))
        except ExpectedError as error:
            return _problem(request, error)
        except Exception:
            incident = str(new_id())
            log.exception("route_failed", path=route.path, incident=incident)
            message = t(
                "Something went wrong. If it happens again, tell your administrator this number: {id}", id=incident
            )
            return _refusal(request, {"code": "internal", **message.as_dict()}, 500)

    return gate


async def _admit(request: Request, permission: Permission, *, takes_cookie: bool) -> None:
    client, kind = client_of(request), class_of(request.url.path, request.method)
    await count_address(kind, client.address)
    if given := request.headers.getlist("authorization"):
        set_origin(from_program(client.address, client.user_agent))
        request.state.actor = await _resolve_program(given, client.address)
    elif takes_cookie:
        set_origin(from_browser(client.address, client.user_agent))
        _refuse_other_sites(request)
        request.state.actor = await resolve_actor(session_token(request.headers.get("cookie", "")))
    else:
        set_origin(from_program(client.address, client.user_agent))
        request.state.actor = ANONYMOUS
    await count_person(kind, request.state.actor)
    require(request.state.actor, permission)


async def _resolve_program(given: list[str], address: str) -> Actor:
    try:
        return await resolve_authorization(given, address)
    except CredentialRefusedError:
        await count_refusal(address)
        raise


def _refuse_other_sites(request: Request) -> None:
    """A browser sends its cookie whichever site asks it to, so that the page has to be ours."""
    if request.method in SAFE_METHODS:
        return
    if not is_own_origin(request.headers.get("origin", ""), request.headers.get("host", "")):
        refused(ANONYMOUS, PERMISSION_REFUSED, label=request.url.path, after={"reason": "foreign_origin"})
        raise ForbiddenError(t("This request did not come from this site."))


def _without_cookies(request: Request, response: Response) -> Response:
    """Whoever comes with a key or a token gets no session beside it."""
    if "authorization" in request.headers:
        del response.headers["set-cookie"]
    return response


def _problem(request: Request, error: ExpectedError) -> JSONResponse:
    body: dict[str, object] = {
        "code": error.code,
        "title": error.message.in_locale(locale_of(request)),
        **error.message.as_dict(),
    }
    headers: dict[str, str] = {}
    if isinstance(error, SignInRequiredError):
        headers["www-authenticate"] = "Bearer"  # What a program has to come with (RFC 6750).
    if isinstance(error, TooManyRequestsError):
        headers["retry-after"] = str(error.seconds)
        body["retry_after"] = error.seconds
    return _refusal(request, body, error.status, headers)


def _refusal(
    request: Request, body: Mapping[str, object], status: int, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """A form that a page sends into a frame of its own reads there why it gets no file, so browsers have to show it."""
    if request.headers.get("sec-fetch-dest") != "iframe":
        return JSONResponse(body, status, headers, media_type="application/problem+json")
    shown = {**(headers or {}), "content-security-policy": "default-src 'none'; frame-ancestors 'self'"}
    return JSONResponse(body, status, shown, media_type="text/plain")
