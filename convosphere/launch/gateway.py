"""What holds for every answer and every socket, whichever part of the product gives it."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send


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
            "frame-ancestors 'none'",
            "form-action 'self'",
        ]
    )


class Gateway:
    """Adds the security headers that an answer does not set itself, and refuses sockets of foreign pages.

    Args:
        app: the product.
        policy: the content security policy.
        public_url: origin that people type, if it differs from the one that requests name; may be empty.
    """

    def __init__(self, app: ASGIApp, policy: str, public_url: str) -> None:
        self._app = app
        self._public_host = urlsplit(public_url).netloc
        headers = {
            "content-security-policy": policy,
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
        }
        if public_url.startswith("https://"):
            headers["strict-transport-security"] = "max-age=31536000"
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "websocket" and not self._is_own_origin(Headers(scope=scope)):
            await send({"type": "websocket.close", "code": 1008, "reason": "foreign origin"})
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(header for header in self._headers if header[0] not in present),
                ]
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)

    def _is_own_origin(self, headers: Headers) -> bool:
        """Browsers always name the page's origin with a socket; whoever names none is not a browser."""
        origin = headers.get("origin")
        return origin is None or urlsplit(origin).netloc in {headers.get("host"), self._public_host} - {""}
