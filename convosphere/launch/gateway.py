"""What holds for every answer, whichever part of the product gives it."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_CROSS_ORIGIN = b"access-control-"


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
    """Adds the security headers that an answer does not set itself, and lets no other site read any.

    Args:
        app: the product.
        policy: the content security policy.
        public_url: origin that people type; may be empty.
    """

    def __init__(self, app: ASGIApp, policy: str, public_url: str) -> None:
        self._app = app
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

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    # Reflex allows credentials to other sites, if not the sites themselves.
                    *(header for header in message["headers"] if not header[0].lower().startswith(_CROSS_ORIGIN)),
                    *(header for header in self._headers if header[0] not in present),
                ]
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
