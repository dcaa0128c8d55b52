"""What holds for every answer."""

import httpx
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

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


async def test_no_other_site_may_read_an_answer() -> None:
    given = {"Access-Control-Allow-Origin": "*", "access-control-allow-credentials": "true"}
    async with _client(PlainTextResponse("hello", headers=given)) as client:
        headers = (await client.get("/", headers={"origin": "https://evil.example"})).headers
    assert [name for name in headers if name.startswith("access-control-")] == []
