"""Answers that open a session."""

from starlette.responses import JSONResponse, Response

from convosphere.identity.cookies import set_session_cookie
from convosphere.identity.schemas import SignedIn


def signed_in(opened: SignedIn) -> Response:
    """Hand a session to the browser, and tell the page whose it is."""
    response = JSONResponse({"locale": opened.actor.locale, "person": str(opened.actor.account_id)})
    set_session_cookie(response, opened.token, opened.expires_at)
    return response
