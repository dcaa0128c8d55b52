"""Passkeys: as second factor and alone, and every answer that is not true."""

import asyncio
import json
from collections.abc import Callable

import pytest
import pytest_asyncio
from sqlalchemy import text

from convosphere.core.database import Database
from convosphere.core.errors import NotFoundError
from convosphere.core.permissions import ANONYMOUS, Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.ceremonies import Site
from convosphere.identity.errors import (
    LastWayInError,
    PasskeyRefusedError,
    ReauthenticationRequiredError,
    SignInExpiredError,
)
from convosphere.identity.queries import people as people_queries
from convosphere.identity.schemas import Client, HalfSignedIn, NewAccount, SignedIn
from convosphere.identity.service import factors, founding, passkeys, sessions, signing_in
from tests.fixtures.authenticator import Authenticator

CLIENT = Client("192.0.2.7", "test")
EMAIL, PASSWORD = "grace@example.org", "correct horse battery"
ORIGIN = "http://localhost:8000"
SITE = Site(ORIGIN)


@pytest_asyncio.fixture
async def token(database: Database) -> str:
    """The session of the owner, signed in by password."""
    link = await founding.issue_set_up_token()
    assert link
    return (await founding.set_up(link, "Navy", NewAccount("Grace", EMAIL, PASSWORD, "en"), CLIENT)).token


@pytest_asyncio.fixture
async def device(token: str) -> Authenticator:
    """The owner's passkey."""
    made = Authenticator()
    await add(token, made)
    return made


async def add(token: str, device: Authenticator, name: str = "Phone") -> factors.FactorAdded:
    actor = await sessions.resolve_actor(token)
    step, options = await passkeys.start_adding(actor, SITE)
    return await passkeys.add_passkey(actor, step, name, device.create(options, ORIGIN), SITE)


async def enter(device: Authenticator, origin: str = ORIGIN, *, verified: bool = True) -> SignedIn:
    step, options = await signing_in.ask_for_any_passkey(SITE)
    return await signing_in.sign_in_by_passkey(step, device.get(options, origin, verified=verified), SITE, CLIENT)


async def half_signed_in() -> HalfSignedIn:
    half = await signing_in.sign_in(EMAIL, PASSWORD, CLIENT)
    assert isinstance(half, HalfSignedIn)
    return half


async def add_alan(owner: Actor) -> str:
    """Somebody else of the workspace, signed in; gives their session's token."""
    async with unit_of_work(owner) as uow:
        alan = await people_queries.add_account(
            uow, email="alan@example.org", name="Alan", password_hash="!", locale="en", role="member"
        )
        return (await sessions.open_session(uow, alan, "member", CLIENT)).token


async def run(statement: str) -> None:
    async with unit_of_work(ANONYMOUS) as uow:
        await uow.session.execute(text(statement))


async def test_a_passkey_is_enough(device: Authenticator) -> None:
    opened = await enter(device)
    actor = await sessions.resolve_actor(opened.token)
    assert (actor.email, actor.method, actor.lacks_factor) == (EMAIL, "passkey", False)


async def test_a_passkey_is_a_second_factor(device: Authenticator) -> None:
    half = await half_signed_in()
    assert half.ways == ("passkey", "recovery")
    options = await signing_in.ask_for_passkey(half.token, SITE)
    opened = await signing_in.finish_by_passkey(half.token, device.get(options, ORIGIN), SITE, CLIENT)
    assert (await sessions.resolve_actor(opened.token)).method == "password+passkey"


async def test_adding_one_renews_the_session_and_gives_codes(token: str) -> None:
    added = await add(token, Authenticator())
    assert len(added.codes) == 10
    assert (await sessions.resolve_actor(token)).is_anonymous
    assert (await sessions.resolve_actor(added.session.token)).method == "password+passkey"
    assert (await add(added.session.token, Authenticator(), "Key")).codes == []


async def test_a_device_that_counts_nothing_works_again_and_again(token: str) -> None:
    device = Authenticator(counts=False)
    await add(token, device)
    assert await enter(device)
    assert await enter(device)


async def test_a_copy_is_refused(device: Authenticator) -> None:
    await enter(device)
    device.count -= 1
    with pytest.raises(PasskeyRefusedError):
        await enter(device)
    assert await enter(device)


@pytest.mark.parametrize(
    "origin",
    ["https://localhost:8000", "http://localhost:8001", "http://localhost", "http://evil.example", "null", ""],
)
async def test_an_answer_given_to_another_site_is_refused(device: Authenticator, token: str, origin: str) -> None:
    with pytest.raises(PasskeyRefusedError):
        await enter(device, origin)
    assert await enter(device)


async def test_an_answer_for_another_domain_is_refused(device: Authenticator) -> None:
    step, options = await signing_in.ask_for_any_passkey(SITE)
    answer = device.get({**options, "rpId": "evil.example"}, ORIGIN)
    with pytest.raises(PasskeyRefusedError):
        await signing_in.sign_in_by_passkey(step, answer, SITE, CLIENT)


async def test_a_person_who_was_not_verified_is_refused(device: Authenticator) -> None:
    with pytest.raises(PasskeyRefusedError):
        await enter(device, verified=False)


async def test_a_challenge_is_answered_once(device: Authenticator) -> None:
    step, options = await signing_in.ask_for_any_passkey(SITE)
    answers = [device.get(options, ORIGIN) for _ in range(4)]
    tries = (signing_in.sign_in_by_passkey(step, answer, SITE, CLIENT) for answer in answers)
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(outcome, SignedIn) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, SignInExpiredError) for outcome in outcomes) == 3


async def test_an_answer_to_another_challenge_is_refused(device: Authenticator) -> None:
    _, options = await signing_in.ask_for_any_passkey(SITE)
    step, _ = await signing_in.ask_for_any_passkey(SITE)
    with pytest.raises(PasskeyRefusedError):
        await signing_in.sign_in_by_passkey(step, device.get(options, ORIGIN), SITE, CLIENT)


async def test_a_challenge_is_over_after_five_minutes(device: Authenticator) -> None:
    step, options = await signing_in.ask_for_any_passkey(SITE)
    await run("UPDATE sign_in_step SET expires_at = expires_at - interval '5 minutes'")
    with pytest.raises(SignInExpiredError):
        await signing_in.sign_in_by_passkey(step, device.get(options, ORIGIN), SITE, CLIENT)


async def test_a_step_serves_its_own_purpose_only(device: Authenticator) -> None:
    half = await half_signed_in()
    options = await signing_in.ask_for_passkey(half.token, SITE)
    with pytest.raises(SignInExpiredError):
        await signing_in.sign_in_by_passkey(half.token, device.get(options, ORIGIN), SITE, CLIENT)
    step, options = await signing_in.ask_for_any_passkey(SITE)
    with pytest.raises(SignInExpiredError):
        await signing_in.finish_by_passkey(step, device.get(options, ORIGIN), SITE, CLIENT)
    with pytest.raises(SignInExpiredError):
        await signing_in.ask_for_passkey(step, SITE)


async def test_the_second_step_by_passkey_has_five_tries(device: Authenticator) -> None:
    half = await half_signed_in()
    for _ in range(5):
        options = await signing_in.ask_for_passkey(half.token, SITE)
        with pytest.raises(PasskeyRefusedError):
            await signing_in.finish_by_passkey(half.token, device.get(options, "http://evil.example"), SITE, CLIENT)
    with pytest.raises(SignInExpiredError):
        await signing_in.ask_for_passkey(half.token, SITE)


async def test_somebody_elses_passkey_is_refused(device: Authenticator) -> None:
    """Neither as a second factor, nor by claiming to be another."""
    owner = await sessions.resolve_actor((await enter(device)).token)
    other = await add_alan(owner)
    theirs = Authenticator()
    await add(other, theirs)
    half = await half_signed_in()
    options = await signing_in.ask_for_passkey(half.token, SITE)
    with pytest.raises(PasskeyRefusedError):
        await signing_in.finish_by_passkey(half.token, theirs.get(options, ORIGIN), SITE, CLIENT)
    step, options = await signing_in.ask_for_any_passkey(SITE)
    assert owner.account_id
    forged = theirs.get(options, ORIGIN, handle=owner.account_id.bytes)
    with pytest.raises(PasskeyRefusedError):
        await signing_in.sign_in_by_passkey(step, forged, SITE, CLIENT)


async def test_a_passkey_is_added_to_the_account_that_asked(device: Authenticator) -> None:
    owner = await sessions.resolve_actor((await enter(device)).token)
    stranger = await sessions.resolve_actor(await add_alan(owner))
    step, options = await passkeys.start_adding(owner, SITE)
    made = Authenticator().create(options, ORIGIN)
    for actor, token in ((stranger, step), (owner, "guess")):
        with pytest.raises(SignInExpiredError):
            await passkeys.add_passkey(actor, token, "Phone", made, SITE)


async def test_the_same_passkey_is_not_added_twice(device: Authenticator) -> None:
    with pytest.raises(PasskeyRefusedError):
        await add((await enter(device)).token, device)


@pytest.mark.parametrize("verified", [True, False])
async def test_a_passkey_is_made_for_this_site_and_verifies_its_user(token: str, verified: bool) -> None:
    actor = await sessions.resolve_actor(token)
    step, options = await passkeys.start_adding(actor, SITE)
    origin = "http://evil.example" if verified else ORIGIN
    with pytest.raises(PasskeyRefusedError):
        await passkeys.add_passkey(
            actor, step, "Phone", Authenticator().create(options, origin, verified=verified), SITE
        )


async def test_adding_and_removing_need_a_recent_proof(device: Authenticator) -> None:
    opened = await enter(device)
    await run("UPDATE web_session SET authenticated_at = now() - interval '11 minutes'")
    actor = await sessions.resolve_actor(opened.token)
    passkey = (await factors.list_factors(actor)).passkeys[0]
    for act in (
        passkeys.start_adding(actor, SITE),
        passkeys.add_passkey(actor, "", "Phone", "{}", SITE),
        passkeys.remove_passkey(actor, passkey.id),
    ):
        with pytest.raises(ReauthenticationRequiredError):
            await act


async def test_passkeys_are_renamed_and_removed_by_their_owner(device: Authenticator) -> None:
    actor = await sessions.resolve_actor((await enter(device)).token)
    passkey = (await factors.list_factors(actor)).passkeys[0]
    await passkeys.rename_passkey(actor, passkey.id, " Work  laptop ")
    assert (await factors.list_factors(actor)).passkeys[0].name == "Work laptop"
    other = await add_alan(actor)
    stranger = await sessions.resolve_actor(other)
    for act in (passkeys.rename_passkey(stranger, passkey.id, "Mine"), passkeys.remove_passkey(stranger, passkey.id)):
        with pytest.raises(NotFoundError):
            await act
    await passkeys.remove_passkey(actor, passkey.id)
    with pytest.raises(PasskeyRefusedError):
        await enter(device)


async def test_the_only_way_in_is_not_removed(device: Authenticator) -> None:
    await run("UPDATE account SET password_hash = NULL")
    actor = await sessions.resolve_actor((await enter(device)).token)
    passkey = (await factors.list_factors(actor)).passkeys[0]
    with pytest.raises(LastWayInError):
        await passkeys.remove_passkey(actor, passkey.id)
    assert await enter(device)


def _without(key: str) -> Callable[[str], str]:
    def strip(answer: str) -> str:
        given = json.loads(answer)
        del given["response"][key]
        return json.dumps(given)

    return strip


def _with(key: str, value: object) -> Callable[[str], str]:
    def put(answer: str) -> str:
        given = json.loads(answer)
        given["response"][key] = value
        return json.dumps(given)

    return put


NONSENSE: list[Callable[[str], str]] = [
    lambda _: "", lambda _: "[]", lambda _: "null", lambda _: "{}", lambda _: "[" * 5000, lambda answer: answer[:-20],
    *map(_without, ("clientDataJSON", "authenticatorData", "signature", "userHandle")),
    _with("signature", ""), _with("signature", 7), _with("authenticatorData", "AAAA"), _with("clientDataJSON", "e30"),
    _with("clientDataJSON", "%%%"), _with("userHandle", "AAAA"), _with("userHandle", {}), _with("userHandle", "é"),
]  # fmt: skip


@pytest.mark.parametrize("spoil", NONSENSE)
async def test_nonsense_is_refused(device: Authenticator, spoil: Callable[[str], str]) -> None:
    step, options = await signing_in.ask_for_any_passkey(SITE)
    with pytest.raises(PasskeyRefusedError):
        await signing_in.sign_in_by_passkey(step, spoil(device.get(options, ORIGIN)), SITE, CLIENT)


@pytest.mark.parametrize("spoil", [*NONSENSE[:6], _without("attestationObject"), _with("attestationObject", "oA"),
                                   _with("attestationObject", "AAAA")])  # fmt: skip
async def test_nonsense_is_not_added(token: str, spoil: Callable[[str], str]) -> None:
    actor = await sessions.resolve_actor(token)
    step, options = await passkeys.start_adding(actor, SITE)
    answer = spoil(Authenticator().create(options, ORIGIN))
    with pytest.raises(PasskeyRefusedError):
        await passkeys.add_passkey(actor, step, "Phone", answer, SITE)
