"""The session cookie: unreadable for scripts, sent only to this installation."""

from datetime import datetime
from urllib.parse import urlsplit

from starlette.requests import cookie_parser
from starlette.responses import Response

from convosphere.core.settings import get_settings


def cookie_name() -> str:
    """`__Host-session` behind https; else one of its own for each port, since cookies do not tell ports apart.

    It is the port that people's browsers see, so that all processes behind one address agree.
    """
    return "__Host-session" if _is_secure() else f"session_{urlsplit(get_settings().address).port or 80}"


def set_session_cookie(response: Response, token: str, expires_at: datetime) -> None:
    """Hand a session to the browser."""
    response.set_cookie(
        cookie_name(), token, expires=expires_at, path="/", secure=_is_secure(), httponly=True, samesite="lax"
    )


def session_cookie_header(token: str, expires_at: datetime) -> str:
    """The value of the header that hands a session to the browser, for what is no response of a route."""
    response = Response()
    set_session_cookie(response, token, expires_at)
    return response.headers["set-cookie"]


def delete_session_cookie(response: Response) -> None:
    """Take the session from the browser."""
    response.delete_cookie(cookie_name(), path="/", secure=_is_secure(), httponly=True, samesite="lax")


def set_step_cookie(response: Response, token: str) -> None:
    """Let the browser take the second step of a sign-in; forgotten when it is closed."""
    response.set_cookie(_step_name(), token, path="/", secure=_is_secure(), httponly=True, samesite="strict")


def delete_step_cookie(response: Response) -> None:
    """The second step is taken."""
    response.delete_cookie(_step_name(), path="/", secure=_is_secure(), httponly=True, samesite="strict")


def step_token(cookie_header: str) -> str:
    """The token of a half-done sign-in in a Cookie header, or an empty text."""
    return cookie_parser(cookie_header).get(_step_name(), "")


def session_token(cookie_header: str) -> str:
    """The session's token in a Cookie header, or an empty text.

    Read as browsers write it: a strange cookie beside it, of another service on this host, changes nothing.
    """
    return cookie_parser(cookie_header).get(cookie_name(), "")


def is_own_origin(origin: str, host: str) -> bool:
    """Whether an Origin header names the address that the request came to, or the public one."""
    if public_url := get_settings().public_url:
        return origin == public_url
    return bool(host) and urlsplit(origin).netloc == host


def _step_name() -> str:
    return cookie_name().replace("session", "sign-in", 1)


def _is_secure() -> bool:
    return get_settings().public_url.startswith("https://")
