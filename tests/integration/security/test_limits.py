"""Who asks too often waits, each class of requests by itself, and is told how long."""

from types import SimpleNamespace

import httpx
import pytest
from reflex.state import StateUpdate

from convosphere.core.errors import ConfigurationError, TooManyRequestsError
from convosphere.core.permissions import ANONYMOUS, Actor, Permission
from convosphere.core.settings import get_settings, load_settings
from convosphere.core.throttling import Throttle
from convosphere.identity import limits
from convosphere.identity.limits import RouteClass, class_of
from convosphere.identity.routes import reading
from convosphere.identity.service import keys
from convosphere.identity.state import gate
from tests.integration.security.conftest import EMAIL, PASSWORD, Browser, Program, make_key


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that are soon reached, and counters that begin anew."""
    for kind, rate in ((RouteClass.AUTH, "8/minute"), (RouteClass.UPLOAD, "2/minute"), (RouteClass.API, "3/minute")):
        monkeypatch.setitem(limits._THROTTLES, kind, Throttle(rate, kind))
    monkeypatch.setattr(limits, "_events", Throttle("5/minute", "event"))


def assert_is_told(answer: httpx.Response, code: str = "too_many_requests") -> None:
    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["code"] == code
    assert 0 < int(answer.headers["retry-after"]) <= 61
    assert body["retry_after"] == body["values"]["seconds"] == int(answer.headers["retry-after"])
    assert "{seconds}" in body["text"]


@pytest.mark.parametrize(
    ("path", "method", "kind"),
    [
        ("/auth/sign-in", "POST", RouteClass.AUTH),
        ("/.well-known/jwks.json", "GET", RouteClass.AUTH),
        ("/api/files", "POST", RouteClass.UPLOAD),
        ("/api/documents/x/file", "GET", RouteClass.API),
        ("/health", "GET", None),
    ],
)
def test_every_route_has_its_class(path: str, method: str, kind: RouteClass | None) -> None:
    assert class_of(path, method) is kind


async def test_a_person_waits_in_one_class_and_goes_on_in_another(browser: Browser, owner: Actor) -> None:
    client = browser("192.0.2.7")
    await client.post("/auth/sign-in", json={"email": EMAIL, "password": PASSWORD})
    answers = [await client.get("/api/me") for _ in range(4)]
    assert [answer.status_code for answer in answers[:3]] == [200] * 3
    assert_is_told(answers[3])
    other = browser("192.0.2.8")  # The person is counted, not the browser.
    await other.post("/auth/sign-in", json={"email": EMAIL, "password": PASSWORD})
    assert (await other.get("/api/me")).status_code == 429
    assert (await client.post("/api/files")).status_code != 429


async def test_keys_are_counted_with_their_person(owner: Actor, program: Program) -> None:
    one, two = [(await make_key(owner)).value for _ in range(2)]
    for key in (one, two, one):
        assert (await program("GET", "/api/me", key)).status_code == 200
    assert_is_told(await program("GET", "/api/me", two))


async def test_keys_cannot_be_guessed_fast(owner: Actor, program: Program) -> None:
    codes = [(await program("GET", "/api/me", f"{keys.KEY_SIGN}{number}")).status_code for number in range(9)]
    assert codes == [401] * 8 + [429]


async def test_tokens_are_not_given_without_end(owner: Actor, program: Program) -> None:
    body = {"grant_type": "refresh_token", "refresh_token": "guess"}
    answers = [await program("POST", "/auth/token", json=body) for _ in range(9)]
    assert {answer.status_code for answer in answers[:7]} == {401}
    assert_is_told(answers[-1])


async def test_tries_to_sign_in_become_fewer_the_longer_they_go_on(
    browser: Browser, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr("convosphere.core.throttling.time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setitem(limits._THROTTLES, RouteClass.AUTH, Throttle("100/minute"))
    monkeypatch.setattr(reading, "_tries_for_account", Throttle("2/second; 3/minute"))
    guesser = browser("192.0.2.66")
    too_long = {"email": EMAIL, "password": "x" * 200}  # Refused before it is hashed.
    answers = [await guesser.post("/auth/sign-in", json=too_long) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert int(answers[2].headers["retry-after"]) <= 2
    now = 1.1
    answers = [await guesser.post("/auth/sign-in", json=too_long) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [401, 429]
    assert int(answers[1].headers["retry-after"]) > 10
    assert_is_told(answers[1], "too_many_attempts")
    victim = browser("192.0.2.7")
    assert (await victim.post("/auth/sign-in", json={"email": EMAIL, "password": PASSWORD})).status_code == 200


async def test_events_of_a_page_are_counted_for_the_person(owner: Actor) -> None:
    waits = [await limits.wait_for_event(owner, "192.0.2.7") for _ in range(6)]
    assert waits[:5] == [0] * 5
    assert 0 < waits[5] <= 61
    assert await limits.wait_for_event(ANONYMOUS, "192.0.2.7") == 0


def test_a_limit_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert get_settings().limit_api
    monkeypatch.setenv("LIMIT_API", "often")
    with pytest.raises(ConfigurationError, match="LIMIT_API"):
        load_settings()


async def test_a_page_is_told_and_its_notices_are_not_refused_in_turn(owner: Actor) -> None:
    router = SimpleNamespace(session=SimpleNamespace(client_ip="192.0.2.7"))

    async def send(permission: Permission) -> object:
        return await gate._refusal(router, owner, "", "ActState.clear", permission)  # pyright: ignore[reportArgumentType]

    assert [await send(Permission.DOCUMENT_READ) for _ in range(5)] == [None] * 5
    with pytest.raises(TooManyRequestsError) as told:
        await send(Permission.DOCUMENT_READ)
    assert 0 < told.value.seconds <= 61
    assert await send(Permission.PUBLIC) == StateUpdate()
