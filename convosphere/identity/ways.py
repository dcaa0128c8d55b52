"""The gate of every own route: who is it, from where, and may they; refusals as JSON problems (RFC 9457)."""

from collections.abc import Awaitable, Callable, Sequence

import structlog
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from convosphere.core.audit.actions import PERMISSION_REFUSED
from convosphere.core.audit.refusals import refused
from convosphere.core.authorization import require
from convosphere.core.errors import ConfigurationError, ExpectedError, ForbiddenError
from convosphere.core.i18n import negotiate_locale, t
from convosphere.core.identifiers import new_id
from convosphere.core.origin import from_browser, set_origin
from convosphere.core.permissions import ANONYMOUS, Actor, Permission
from convosphere.core.settings import get_settings
from convosphere.core.ways_in import declared_permission
from convosphere.identity.cookies import is_own_origin, session_token
from convosphere.identity.schemas import Client
from convosphere.identity.service.sessions import resolve_actor

log = structlog.get_logger()

Endpoint = Callable[[Request], Awaitable[Response]]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


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
            await _admit(request, permission)
            return await endpoint(request)
        except ExpectedError as error:
            return _problem(request, error)
        except Exception:
            incident = str(new_id())
            log.exception("route_failed", path=route.path, incident=incident)
            message = t(
                "Something went wrong. If it happens again, tell your administrator this number: {id}", id=incident
            )
            return JSONResponse({"code": "internal", **message.as_dict()}, status_code=500)

    return gate


async def _admit(request: Request, permission: Permission) -> None:
    client = client_of(request)
    set_origin(from_browser(client.address, client.user_agent))
    if request.method not in SAFE_METHODS:
        origin = request.headers.get("origin", "")
        if not is_own_origin(origin, request.headers.get("host", "")):
            refused(ANONYMOUS, PERMISSION_REFUSED, label=request.url.path, after={"reason": "foreign_origin"})
            raise ForbiddenError(t("This request did not come from this site."))
    request.state.actor = await resolve_actor(session_token(request.headers.get("cookie", "")))
    require(request.state.actor, permission)


def _problem(request: Request, error: ExpectedError) -> JSONResponse:
    body = {"code": error.code, "title": error.message.in_locale(locale_of(request)), **error.message.as_dict()}
    return JSONResponse(body, status_code=error.status, media_type="application/problem+json")
