"""What holds for every answer and socket."""

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from convosphere.launch.gateway import Gateway, content_security_policy


def _client(app: ASGIApp, public_url: str = "") -> httpx.AsyncClient:
    gateway = Gateway(app, content_security_policy(["'sha256-abc='"]), public_url)
    return httpx.AsyncClient(transport=httpx.ASGITransport(gateway), base_url="http://test")


async def test_every_answer_carries_the_security_headers() -> None:
    async with _client(PlainTextResponse("hello")) as client:
        headers = (await client.get("/")).headers
    policy = headers["content-security-policy"]
    assert "script-src 'self' 'sha256-abc='" in policy
    assert "unsafe-eval" not in policy
    assert all("unsafe-inline" not in part or part.startswith(" style-src") for part in policy.split(";"))
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "strict-transport-security" not in headers


async def test_stricter_header_of_a_route_stays() -> None:
    async with _client(PlainTextResponse("file", headers={"Content-Security-Policy": "sandbox"})) as client:
        assert (await client.get("/")).headers.get_list("content-security-policy") == ["sandbox"]


async def test_https_address_binds_browsers_to_https() -> None:
    async with _client(PlainTextResponse("hello"), "https://chat.example.org") as client:
        assert "max-age=" in (await client.get("/")).headers["strict-transport-security"]


@pytest.mark.parametrize(
    ("origin", "public_url", "accepted"),
    [
        ("http://here:8000", "", True),
        (None, "", True),
        ("https://chat.example.org", "https://chat.example.org", True),
        ("https://evil.example", "", False),
        ("https://evil.example", "https://chat.example.org", False),
        ("http://here", "", False),
        ("null", "", False),
    ],
)
async def test_socket_of_a_foreign_page_is_refused(origin: str | None, public_url: str, accepted: bool) -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    sent: list[str] = []

    async def send(message: Message) -> None:
        sent.append(message["type"])

    headers = [(b"host", b"here:8000"), *([(b"origin", origin.encode())] if origin else [])]
    scope = {"type": "websocket", "path": "/_event", "headers": headers}
    await Gateway(app, "", public_url)(scope, receive, send)
    assert sent == ["websocket.accept" if accepted else "websocket.close"]
