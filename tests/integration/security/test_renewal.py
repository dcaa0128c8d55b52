"""A fresh proof of who one is, and the new token that comes with it."""

import pytest
from sqlalchemy import text

from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.cookies import cookie_name
from convosphere.identity.errors import ReauthenticationRequiredError
from convosphere.identity.service.recent import require_recent
from convosphere.identity.service.renewal import was_just_renewed
from convosphere.identity.service.sessions import resolve_actor
from tests.integration.security.conftest import EMAIL, PASSWORD, Browser


async def age(actor: Actor, minutes: int) -> None:
    async with unit_of_work(actor) as uow:
        statement = "UPDATE web_session SET authenticated_at = now() - make_interval(mins => :minutes)"
        await uow.session.execute(text(statement), {"minutes": minutes})


async def test_a_proof_is_fresh_for_minutes_and_is_renewed_by_the_password(browser: Browser, ada: str) -> None:
    client = browser()
    await client.post("/auth/sign-in", json={"email": EMAIL, "password": PASSWORD})
    before = client.cookies[cookie_name()]
    actor = await resolve_actor(before)
    require_recent(actor)
    await age(actor, 11)
    with pytest.raises(ReauthenticationRequiredError):
        require_recent(await resolve_actor(before))

    answer = await client.post("/auth/reauthenticate", json={"password": PASSWORD})
    assert answer.status_code == 200
    after = client.cookies[cookie_name()]
    renewed = await resolve_actor(after)
    require_recent(renewed)
    assert after != before
    assert renewed.session_id == actor.session_id


async def test_the_old_token_opens_nothing_but_its_tabs_are_told_to_come_again(browser: Browser, ada: str) -> None:
    client = browser()
    await client.post("/auth/sign-in", json={"email": EMAIL, "password": PASSWORD})
    before = client.cookies[cookie_name()]
    assert not await was_just_renewed(before)
    actor = await resolve_actor(before)
    await client.post("/auth/reauthenticate", json={"password": PASSWORD})
    assert (await resolve_actor(before)).is_anonymous
    assert await was_just_renewed(before)
    assert not await was_just_renewed("")
    async with unit_of_work(actor) as uow:
        await uow.session.execute(text("UPDATE web_session SET renewed_at = now() - interval '11 seconds'"))
    assert not await was_just_renewed(before)


async def test_a_wrong_password_proves_nothing(browser: Browser, ada: str) -> None:
    client = browser()
    await client.post("/auth/sign-in", json={"email": EMAIL, "password": PASSWORD})
    token = client.cookies[cookie_name()]
    await age(await resolve_actor(token), 11)
    answer = await client.post("/auth/reauthenticate", json={"password": "not the password"})
    assert (answer.status_code, answer.json()["code"]) == (422, "password_wrong")
    assert client.cookies[cookie_name()] == token
    with pytest.raises(ReauthenticationRequiredError):
        require_recent(await resolve_actor(token))


async def test_six_figures_are_taken_for_a_code_and_never_for_a_password(browser: Browser, ada: str) -> None:
    client = browser()
    await client.post("/auth/sign-in", json={"email": EMAIL, "password": PASSWORD})
    answer = await client.post("/auth/reauthenticate", json={"password": "123 456"})
    assert (answer.status_code, answer.json()["code"]) == (422, "code_wrong")


async def test_nobody_proves_anything_without_a_session(browser: Browser, ada: str) -> None:
    answer = await browser().post("/auth/reauthenticate", json={"password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_required")
    assert "set-cookie" not in answer.headers
