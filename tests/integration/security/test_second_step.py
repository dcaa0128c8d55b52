"""The second step of a sign-in over its routes: cookies, origins, limits, and what the trail keeps of it."""

import httpx
import pytest
import pytest_asyncio

from convosphere.core.audit.refusals import RefusalWriter
from convosphere.core.audit.service import list_entries
from convosphere.core.settings import get_settings
from convosphere.core.throttling import Throttle
from convosphere.identity.cookies import cookie_name, session_token, step_token
from convosphere.identity.passwords import MAXIMUM_LENGTH
from convosphere.identity.routes import factors
from convosphere.identity.service.sessions import resolve_actor
from tests.fixtures.authenticator import Authenticator
from tests.integration.security.conftest import EMAIL, ORIGIN, PASSWORD, Browser

GOOD = {"email": EMAIL, "password": PASSWORD}


@pytest_asyncio.fixture
async def codes(browser: Browser, ada: str) -> list[str]:
    """Ada has a passkey; gives her recovery codes."""
    client = browser()
    await client.post("/auth/sign-in", json=GOOD)
    return (await add_passkey(client, Authenticator())).json()["codes"]


async def add_passkey(client: httpx.AsyncClient, device: Authenticator, origin: str = ORIGIN) -> httpx.Response:
    asked = (await client.post("/auth/passkeys/options", json={})).json()
    credential = device.create(asked["options"], origin)
    return await client.post("/auth/passkeys", json={"token": asked["token"], "credential": credential})


async def test_the_password_alone_gives_no_session_but_a_step(browser: Browser, codes: list[str]) -> None:
    client = browser()
    answer = await client.post("/auth/sign-in", json=GOOD)
    assert answer.json() == {"proceed": "/sign-in/confirm?ways=passkey,recovery"}
    cookies = answer.headers.get_list("set-cookie")
    assert len(cookies) == 1
    assert not session_token(cookies[0])
    assert step_token(cookies[0])
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= {part.strip() for part in cookies[0].split(";")}
    assert (await client.post("/auth/password", json={})).status_code == 401
    opened = await client.post("/auth/sign-in/code", json={"code": codes[0]})
    assert (opened.status_code, opened.json()["locale"]) == (200, "en")
    assert (await client.post("/auth/password", json={})).json()["code"] == "password_wrong"
    assert not step_token("; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar))


async def test_the_cookie_of_a_step_is_bound_to_the_host_behind_https(
    browser: Browser, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://chat.example.org")
    get_settings.cache_clear()
    answer = await browser(origin="https://chat.example.org").post("/auth/sign-in", json=GOOD)
    assert answer.headers["set-cookie"].startswith("__Host-sign-in=")
    assert "Secure" in answer.headers["set-cookie"]


async def test_the_token_of_a_step_opens_nothing_else(browser: Browser, codes: list[str]) -> None:
    token = step_token((await browser().post("/auth/sign-in", json=GOOD)).headers["set-cookie"])
    assert (await resolve_actor(token)).is_anonymous
    for cookie in ("", "sign-in_8000=guess"):
        answer = await browser(cookie=cookie).post("/auth/sign-in/code", json={"code": codes[0]})
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_expired")


async def test_passkeys_are_for_the_public_address(browser: Browser, ada: str, monkeypatch: pytest.MonkeyPatch) -> None:
    public = "https://chat.example.org"
    monkeypatch.setenv("PUBLIC_URL", public)
    get_settings.cache_clear()
    client = browser(origin=public)
    client.base_url = httpx.URL(public)
    await client.post("/auth/sign-in", json=GOOD)
    asked = (await client.post("/auth/passkeys/options", json={})).json()
    assert asked["options"]["rp"]["id"] == "chat.example.org"
    for origin, status in ((ORIGIN, 401), ("https://evil.example", 401), (public, 200)):
        assert (await add_passkey(client, Authenticator(), origin)).status_code == status, origin


async def test_foreign_pages_take_no_step(browser: Browser, codes: list[str]) -> None:
    foreign = browser(origin="https://evil.example")
    for path in ("/auth/sign-in/code", "/auth/passkey/options", "/auth/passkey", "/auth/password-strength"):
        assert (await foreign.post(path, json={})).status_code == 403, path


async def test_a_password_is_measured_within_bounds(
    browser: Browser, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(factors, "_measurings", Throttle("8/minute"))
    client = browser()

    async def measured(password: str, **about: str) -> dict[str, object]:
        return (await client.post("/auth/password-strength", json={"password": password, **about})).json()

    assert (await measured("correct horse battery"))["score"] == 4
    assert (await measured("password2024"))["refusal"]
    assert (await measured("hopper1906"))["refusal"] is None
    assert (await measured("hopper1906", name="Grace Hopper"))["refusal"]
    assert (await measured("4@8({[<3gQ6&1!0$5+7%2" * 6))["refusal"] is None
    assert (await measured("x" * (MAXIMUM_LENGTH + 1)))["refusal"]
    assert (await client.post("/auth/password-strength", content=b"{" + b" " * 20_000)).status_code == 413
    await measured("")
    assert (await client.post("/auth/password-strength", json={"password": "x"})).status_code == 429


async def test_the_trail_knows_factors_and_refusals_but_no_secrets(browser: Browser, codes: list[str]) -> None:
    client, device = browser(), Authenticator()
    async with RefusalWriter().running():
        await client.post("/auth/sign-in", json=GOOD)
        for code in ("000000", codes[0]):
            answer = await client.post("/auth/sign-in/code", json={"code": code})
        await add_passkey(client, device)
        assert (await enter(browser(), device)).status_code == 200
        device.count -= 1
        assert (await enter(browser(), device)).json()["code"] == "passkey_refused"
    actor = await resolve_actor(session_token(answer.headers["set-cookie"]))
    assert actor.is_anonymous, "adding a factor gave the session another token"
    actor = await resolve_actor(client.cookies[cookie_name()])
    told = [
        (entry.action, entry.outcome, dict(entry.after or {}))
        for entry in (await list_entries(actor, most=100)).entries
    ]
    for line in (
        ("account:add_factor", "done", {"factor": "passkey"}),
        ("session:open", "refused", {"reason": "code_wrong"}),
        ("session:open", "done", {"method": "password+recovery"}),
        ("session:open", "done", {"method": "passkey"}),
        ("session:open", "refused", {"reason": "sign_count"}),
    ):
        assert line in told
    assert not any(code in str(told) for code in codes)


async def enter(client: httpx.AsyncClient, device: Authenticator) -> httpx.Response:
    asked = (await client.post("/auth/passkey/options", json={})).json()
    credential = device.get(asked["options"], ORIGIN)
    return await client.post("/auth/passkey", json={"token": asked["token"], "credential": credential})
