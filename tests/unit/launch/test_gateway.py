"""What holds for every answer."""

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from convosphere.launch.gateway import Gateway, content_security_policy


def _client(app: ASGIApp, public_url: str = "", *, is_local: bool = False) -> httpx.AsyncClient:
    gateway = Gateway(app, content_security_policy(["'sha256-abc='"]), public_url, is_local=is_local)
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


@pytest.mark.parametrize(
    ("path", "framed_by"),
    [("/chat", "'self'"), ("/chat/0199", "'self'"), ("/chats", "'none'"), ("/side", "'none'"), ("/sign-in", "'none'")],
)
async def test_only_chats_are_framed_and_only_by_the_product_itself(path: str, framed_by: str) -> None:
    async with _client(PlainTextResponse("hello")) as client:
        policy = (await client.get(path)).headers["content-security-policy"]
    assert policy.split("; ").count(f"frame-ancestors {framed_by}") == policy.count("frame-ancestors") == 1


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


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "192.168.1.5", "app.localhost"])
async def test_a_local_product_answers_to_names_of_this_machine(host: str) -> None:
    async with _client(PlainTextResponse("hello"), is_local=True) as client:
        assert (await client.get("/", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example", "[::1", "a@b"]
)
async def test_a_local_product_is_not_reached_by_a_name_of_another_site(host: str) -> None:
    """Such a name may be made to mean this machine, and the other site's pages would then count as ours."""
    async with _client(PlainTextResponse("hello"), is_local=True) as client:
        answer = await client.get("/", headers={"host": host, "accept-language": "de"})
    assert answer.status_code == 421
    assert "PUBLIC_URL" in answer.text
    assert "content-security-policy" in answer.headers


async def test_what_breaks_is_answered_with_the_same_headers() -> None:
    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ValueError("secret")

    async with _client(broken) as client:
        answer = await client.get("/")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "content-security-policy" in answer.headers


async def test_what_says_nothing_about_it_is_not_kept_anywhere() -> None:
    async with _client(PlainTextResponse("hello")) as client:
        assert (await client.get("/")).headers["cache-control"] == "no-store"
    async with _client(PlainTextResponse("hello", headers={"cache-control": "no-cache"})) as client:
        assert (await client.get("/")).headers["cache-control"] == "no-cache"
