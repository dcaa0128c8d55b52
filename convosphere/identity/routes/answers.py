"""Answers that open a session, or ask for more."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from convosphere.core.errors import ForbiddenError
from convosphere.core.page_routes import SECOND_STEP
from convosphere.core.settings import get_settings
from convosphere.identity.ceremonies import Site
from convosphere.identity.cookies import delete_step_cookie, set_session_cookie, set_step_cookie
from convosphere.identity.schemas import HalfSignedIn, SignedIn


def signed_in(opened: SignedIn, more: Mapping[str, object] | None = None) -> Response:
    """Hand a session to the browser, and tell the page whose it is."""
    response = JSONResponse({"locale": opened.actor.locale, "person": str(opened.actor.account_id), **(more or {})})
    set_session_cookie(response, opened.token, opened.expires_at)
    delete_step_cookie(response)
    return response


def signed_in_or_asked(outcome: SignedIn | HalfSignedIn) -> Response:
    """The same, or send the browser to the page that asks for a second factor."""
    if isinstance(outcome, SignedIn):
        return signed_in(outcome)
    response = JSONResponse({"proceed": f"{SECOND_STEP}?ways={','.join(outcome.ways)}"})
    set_step_cookie(response, outcome.token)
    return response


def site_of(request: Request) -> Site:
    """The site as the browser sees it; the gate has made sure that the request's origin is this host's.

    Raises:
        ForbiddenError: it comes from no page.
    """
    site = Site(get_settings().public_url or request.headers.get("origin", ""))
    if not site.rp_id:
        raise ForbiddenError
    return site
