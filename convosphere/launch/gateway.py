"""What holds for every answer, whichever part of the product gives it."""

from ipaddress import ip_address
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from convosphere.core.i18n import negotiate_locale, t
from convosphere.core.page_routes import CHAT
from convosphere.core.settings import get_settings

log = structlog.get_logger()

_CROSS_ORIGIN = b"access-control-"
_FRAMED_NOWHERE, _FRAMED_HERE = "frame-ancestors 'none'", "frame-ancestors 'self'"


def content_security_policy(script_hashes: list[str]) -> str:
    """The policy of all pages: own files, the build's inline scripts by their hashes, nothing foreign, no `eval`.

    Styles may stand inline, since emotion and Radix write them at run time.
    """
    return "; ".join(
        [
            "default-src 'self'",
            " ".join(["script-src 'self'", *script_hashes]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' blob: data:",
            "font-src 'self' data:",
            "media-src 'self' blob:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            _FRAMED_NOWHERE,
            "form-action 'self'",
        ]
    )


def is_own_machine(host: str) -> bool:
    """Whether a Host header names this machine in a way that no foreign site can: by an address, or as localhost."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name in {"", "localhost"} or name.endswith(".localhost") or bool(ip_address(name.partition("%")[0]))
    except ValueError:
        return False


class Gateway:
    """Adds the security headers that an answer does not set itself, and lets no other site read any.

    Args:
        app: the product.
        policy: the content security policy.
        public_url: origin that people type; may be empty.
        is_local: only this machine is meant to reach the product, so that a name of another site, which an attacker's
            name server may turn into an address of this machine, is refused.
    """

    def __init__(self, app: ASGIApp, policy: str, public_url: str, *, is_local: bool = False) -> None:
        self._app, self._is_local = app, is_local
        headers = {
            "content-security-policy": policy,
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "cache-control": "no-store",
        }
        if public_url.startswith("https://"):
            headers["strict-transport-security"] = "max-age=31536000"
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        framed = {**headers, "content-security-policy": policy.replace(_FRAMED_NOWHERE, _FRAMED_HERE)}
        self._framed_headers = [(name.encode(), value.encode()) for name, value in framed.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send, self._framed_headers if _is_chat(scope) else self._headers)
        app = self._app if self._is_meant(scope) else _misdirected(scope)
        if scope["type"] == "websocket":
            await app(scope, receive, send)
            return
        try:
            await app(scope, receive, answer.send)
        except Exception:
            if answer.has_begun:
                raise
            log.exception("request_failed", path=scope["path"])
            await PlainTextResponse("Internal Server Error", 500)(scope, receive, answer.send)

    def _is_meant(self, scope: Scope) -> bool:
        return not self._is_local or is_own_machine(Headers(scope=scope).get("host", ""))


class _Answer:
    """One answer on its way out."""

    def __init__(self, send: Send, headers: list[tuple[bytes, bytes]]) -> None:
        self._send, self._headers = send, headers
        self.has_begun = False

    async def send(self, message: Message) -> None:
        """Pass a part on, its headers completed."""
        if message["type"] == "http.response.start":
            self.has_begun = True
            present = {name.lower() for name, _ in message["headers"]}
            message["headers"] = [
                # Reflex allows credentials to other sites, if not the sites themselves.
                *(header for header in message["headers"] if not header[0].lower().startswith(_CROSS_ORIGIN)),
                *(header for header in self._headers if header[0] not in present),
            ]
        await self._send(message)


def _is_chat(scope: Scope) -> bool:
    """Whether it is the page of a chat, of which the product itself shows several in one window."""
    path = scope.get("path", "")
    return path == CHAT or path.startswith(f"{CHAT}/")


def _misdirected(scope: Scope) -> ASGIApp:
    if scope["type"] == "websocket":
        return _refuse
    locale = negotiate_locale(Headers(scope=scope).get("accept-language", ""), get_settings().default_locale)
    told = t("This address is not known here. The setting PUBLIC_URL says which one people type.")
    return PlainTextResponse(told.in_locale(locale), 421)


async def _refuse(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "websocket.close", "code": 1008, "reason": "unknown address"})
