"""Signing in under attack: cookies, guesses, forged addresses, strange requests."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from itertools import product

import httpx
import pytest

from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.cookies import cookie_name, session_token
from convosphere.identity.models import Installation
from convosphere.identity.routes import reading
from convosphere.identity.service.sessions import resolve_actor
from tests.fixtures.people import People
from tests.integration.security.conftest import EMAIL, ORIGIN, PASSWORD, Browser

GOOD = {"email": EMAIL, "password": PASSWORD}
BAD = {"email": EMAIL, "password": "not the password"}


def set_environment(monkeypatch: pytest.MonkeyPatch, **environment: str) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()


async def sign_in(client: httpx.AsyncClient, fields: dict[str, str] = GOOD) -> httpx.Response:
    return await client.post("/auth/sign-in", json=fields)


async def test_the_cookie_is_bound_to_the_host_behind_https(
    browser: Browser, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_environment(monkeypatch, PUBLIC_URL="https://chat.example.org")
    answer = await sign_in(browser(origin="https://chat.example.org"))
    name, *attributes = [part.strip() for part in answer.headers["set-cookie"].split(";")]
    assert name.startswith("__Host-session=")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(attributes)
    assert not any(part.lower().startswith("domain") for part in attributes)
    assert len(name.partition("=")[2]) >= 43


async def test_the_cookie_is_unreadable_for_scripts_without_https_too(browser: Browser, ada: str) -> None:
    cookies = (await sign_in(browser())).headers.get_list("set-cookie")
    (cookie,) = (cookie for cookie in cookies if cookie.startswith(f"{cookie_name()}="))
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}


async def test_every_sign_in_is_another_session(browser: Browser, ada: str) -> None:
    """A session that somebody planted before is never the one that is used after."""
    client = browser()
    client.cookies.set(cookie_name(), "planted")
    first, second = await sign_in(client), await sign_in(client)
    tokens = {session_token(answer.headers["set-cookie"]) for answer in (first, second)}
    assert len(tokens) == 2
    assert "planted" not in tokens


async def test_a_session_ends_for_good(browser: Browser, ada: str) -> None:
    client = browser()
    await sign_in(client)
    cookie = client.cookies.get(cookie_name())
    assert (await client.get("/api/documents/x/file")).status_code == 404
    assert (await client.post("/auth/sign-out")).headers["location"] == "/sign-in"
    client.cookies.set(cookie_name(), cookie or "")
    assert (await client.get("/api/documents/x/file")).status_code == 401


async def test_the_cookie_of_another_port_is_not_taken(
    browser: Browser, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Browsers send cookies to all ports of a host."""
    token = session_token((await sign_in(browser())).headers["set-cookie"])
    other = f"session_{get_settings().port + 1}"
    cookie = f"{other}={token}; __Host-session={token}; session={token}"
    assert (await browser(cookie=cookie).get("/api/documents/x/file")).status_code == 401


STRANGE = ['a={"x": 1, "y"}', "=", "a=[1,2]", "x", ";;;", 'q="', "\\\"'", "a=b=c; {", "'; DROP TABLE account; --"]


async def test_a_strange_cookie_beside_changes_nothing(browser: Browser, ada: str) -> None:
    token = session_token((await sign_in(browser())).headers["set-cookie"])
    for beside in STRANGE:
        for cookie in (f"{beside}; {cookie_name()}={token}", f"{cookie_name()}={token}; {beside}"):
            assert (await browser(cookie=cookie).get("/api/documents/x/file")).status_code == 404, cookie


QUOTES = ["'", "' OR '1'='1", '"', "\\", "%00", "x" * 8000, "é", "{}", "' UNION SELECT * FROM account --", " ", "null"]


async def test_quotes_in_a_cookie_are_only_a_wrong_token(browser: Browser, ada: str) -> None:
    for token in QUOTES:
        header = (b"cookie", f"{cookie_name()}={token}".encode("latin-1"))
        answer = await browser().get("/api/documents/x/file", headers=[header])
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_required"), token


async def test_guessing_is_slowed_down_for_the_guesser_alone(browser: Browser, ada: str) -> None:
    guesser = browser("192.0.2.66")
    codes = [(await sign_in(guesser, BAD)).status_code for _ in range(11)]
    assert codes == [401] * 10 + [429]
    assert (await sign_in(guesser)).status_code == 429
    upper = await sign_in(guesser, {**GOOD, "email": f" {EMAIL.upper()} "})
    assert upper.status_code == 429
    assert (await sign_in(guesser, {**BAD, "email": "bob@example.org"})).status_code == 401
    assert (await sign_in(browser("192.0.2.7"))).status_code == 200


async def test_guessing_many_accounts_is_slowed_down_as_well(browser: Browser, ada: str) -> None:
    guesser = browser("192.0.2.66")
    too_long = "x" * 200  # Refused before it is hashed, which would take the time of this test.
    codes = [
        (await sign_in(guesser, {"email": f"{number}@example.org", "password": too_long})).status_code
        for number in range(61)
    ]
    assert codes == [401] * 60 + [429]
    assert (await sign_in(browser("192.0.2.7"))).status_code == 200


@pytest.mark.parametrize(("trusted", "is_slowed"), [("0", True), ("1", False)])
async def test_a_forged_address_helps_only_behind_a_trusted_proxy(
    browser: Browser, ada: str, monkeypatch: pytest.MonkeyPatch, trusted: str, is_slowed: bool
) -> None:
    set_environment(monkeypatch, TRUSTED_PROXIES=trusted)
    too_long = {"email": EMAIL, "password": "x" * 200}
    guesser = browser("192.0.2.66")
    for number in range(11):
        forged = {"x-forwarded-for": f"198.51.100.{number}"}
        last = await guesser.post("/auth/sign-in", json=too_long, headers=forged)
    assert last.status_code == (429 if is_slowed else 401)


async def test_a_client_cannot_forge_what_the_proxy_adds(
    browser: Browser, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_environment(monkeypatch, TRUSTED_PROXIES="1")
    for number in range(11):
        forged = {"x-forwarded-for": f"198.51.100.{number}, 203.0.113.9"}
        last = await browser().post("/auth/sign-in", json={"email": EMAIL, "password": "x" * 200}, headers=forged)
    assert last.status_code == 429


async def test_unknown_and_known_addresses_are_answered_alike(browser: Browser, ada: str) -> None:
    known, unknown = [], []
    for number in range(8):
        for email, times in ((EMAIL, known), (f"nobody{number}@example.org", unknown)):
            client = browser(f"192.0.2.{number + 10}")
            start = time.process_time()  # Whoever else is at the machine does not count.
            answer = await sign_in(client, {"email": email, "password": "a wrong password"})
            times.append(time.process_time() - start)
            assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_failed")
    # Without a hash for nobody the ratio would be 10 and more.
    assert 1 / 3 < statistics.median(known) / statistics.median(unknown) < 3


BODIES = [
    b"", b"null", b"[]", b"1", b'"text"', b"{", b"[" * 16_000, b'{"a":' * 2_000, b"\xff\xfe",
    b'{"email":"\\ud800"}',
    b'{"email":"a\\u0000@example.org","password":"long enough","name":"x","workspace":"x"}',
    b'{"email":"\\u0000","password":"\\u0000","token":"\\u0000"}',
    b'{"email":{"$ne":null},"password":{"$ne":null},"token":{"a":1}}',
    b'{"email":["a@example.org"],"password":["x"],"token":[1]}',
    b"x" * 16_385, b'{"email":"' + b"a" * 16_000 + b'"}',
    b"{\"email\":\"' OR 1=1 --\",\"password\":\"' OR 1=1 --\",\"token\":\"' OR 1=1 --\",\"name\":\"x\"}",
]  # fmt: skip


async def test_no_body_breaks_a_way_in(browser: Browser, ada: str) -> None:
    for body, path in product(BODIES, ("/auth/sign-in", "/auth/sign-up", "/auth/set-up")):
        answer = await browser(f"192.0.2.{BODIES.index(body)}").post(path, content=body)
        assert 400 <= answer.status_code < 500, (path, body)
        assert answer.headers["content-type"] == "application/problem+json"
        assert "set-cookie" not in answer.headers


async def test_a_large_body_is_refused_unread(browser: Browser) -> None:
    async def unread() -> AsyncIterator[bytes]:
        pytest.fail("The body was read.")
        yield b""

    for path, length in product(("/auth/sign-in", "/auth/sign-up", "/auth/set-up"), ("16385", "9" * 30, "-1", "x")):
        request = browser().build_request("POST", path, content=unread(), headers={"content-length": length})
        request.headers.pop("transfer-encoding", None)
        answer = await browser().send(request)
        assert (answer.status_code, answer.json()["code"]) == (413, "body_refused")


async def test_a_body_that_comes_too_slowly_is_refused(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BODY_SECONDS", 0.05)

    async def endless() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    answer = await browser().post("/auth/sign-in", content=endless())
    assert (answer.status_code, answer.json()["code"]) == (413, "body_refused")


async def test_fields_beyond_the_form_are_ignored(
    browser: Browser, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_environment(monkeypatch, SIGN_UP="open")
    async with unit_of_work(people.ada) as uow:
        uow.session.add(Installation(workspace_id=uow.workspace_id))
    fields = {"name": "Mia", "email": "mia@example.org", "password": "long enough to take", "role": "owner",
              "is_active": True, "id": "1", "workspace_id": str(people.zoe.workspace_id)}  # fmt: skip
    answer = await browser().post("/auth/sign-up", json=fields)
    assert answer.status_code == 200
    actor = await resolve_actor(session_token(answer.headers["set-cookie"]))
    assert (actor.role, actor.workspace_id) == ("member", people.ada.workspace_id)


FOREIGN = ["", "null", "https://evil.example", "http://testserver.evil.example", "http://testserve"]
PATHS = ["/auth/sign-in", "/auth/sign-up", "/auth/set-up", "/auth/sign-out", "/api/files"]


async def test_other_sites_may_not_send_forms(browser: Browser, ada: str) -> None:
    for origin, path in product(FOREIGN, PATHS):
        answer = await browser(origin=origin).post(path, json=GOOD)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), (origin, path)
        assert "set-cookie" not in answer.headers


async def test_answers_may_be_read_by_no_other_site(browser: Browser, ada: str) -> None:
    for origin in (ORIGIN, "https://evil.example"):
        answer = await browser(origin=origin).get("/api/documents/x/file")
        assert [name for name in answer.headers if name.startswith("access-control-")] == []


async def test_other_methods_are_refused(browser: Browser, ada: str) -> None:
    for method, path in product(("GET", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "NONSENSE"), PATHS):
        answer = await browser().request(method, path)
        assert answer.status_code == 405
        assert "content-security-policy" in answer.headers
