"""How often somebody may ask, by what for: each class of requests has a limit of its own, see the settings."""

from enum import StrEnum

from convosphere.core.errors import TooManyRequestsError
from convosphere.core.permissions import Actor
from convosphere.core.settings import get_settings
from convosphere.core.throttling import Throttle


class RouteClass(StrEnum):
    """What a request is for."""

    AUTH = "auth"
    """Signing in and all about it, tokens; by address, and within it more strictly wherever somebody may guess."""
    UPLOAD = "upload"
    API = "api"


_THROTTLES = {
    RouteClass.AUTH: Throttle(lambda: get_settings().limit_auth, "auth"),
    RouteClass.UPLOAD: Throttle(lambda: get_settings().limit_upload, "upload"),
    RouteClass.API: Throttle(lambda: get_settings().limit_api, "api"),
}
_events = Throttle(lambda: get_settings().limit_events, "event")


def class_of(path: str, method: str) -> RouteClass | None:
    """The class of a route; None for what costs nothing, such as the question whether the server is well."""
    if path.startswith(("/auth/", "/.well-known/")):
        return RouteClass.AUTH
    if not path.startswith("/api/"):
        return None
    return RouteClass.UPLOAD if path == "/api/files" and method == "POST" else RouteClass.API


async def count_address(kind: RouteClass | None, address: str) -> None:
    """Count a request before it is known whose it is, where whoever knows nothing would come to guess.

    Raises:
        TooManyRequestsError: there were too many from this address.
    """
    if kind is RouteClass.AUTH:
        await _count(kind, "address", address)


async def count_refusal(address: str) -> None:
    """Count a key or token that opens nothing, as a guess.

    Raises:
        TooManyRequestsError: there were too many from this address.
    """
    await _count(RouteClass.AUTH, "refusal", address)


async def count_visitor(actor: Actor, address: str) -> None:
    """Count a look at what a link opens, for the person, or for the address of whoever is not signed in.

    Raises:
        TooManyRequestsError: there were too many.
    """
    await _count(RouteClass.API, "visitor", str(actor.account_id or address))


async def count_person(kind: RouteClass | None, actor: Actor) -> None:
    """Count a request of somebody known: for the person, and for the key or family of tokens if there is one.

    Raises:
        TooManyRequestsError: there were too many.
    """
    if kind is None or kind is RouteClass.AUTH or actor.account_id is None:
        return
    await _count(kind, "person", str(actor.account_id))
    if actor.credential_id:
        await _count(kind, "token", str(actor.credential_id))


async def wait_for_event(actor: Actor, address: str) -> int:
    """Count an event of a page; gives 0, or in how many seconds the next one may come."""
    return await _events.wait(str(actor.account_id or address))


async def _count(kind: RouteClass, what: str, key: str) -> None:
    if seconds := await _THROTTLES[kind].wait(what, key):
        raise TooManyRequestsError(seconds)
