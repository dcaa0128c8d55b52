"""Accounts and sessions: who gets in, and who does not."""

import asyncio

import pytest
from sqlalchemy import text

from convosphere.core.database import Database
from convosphere.core.errors import InvalidInputError
from convosphere.core.permissions import ANONYMOUS, Permission, system_actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.errors import (
    EmailTakenError,
    LinkInvalidError,
    PasswordRefusedError,
    SignInFailedError,
    SignUpClosedError,
)
from convosphere.identity.roles import Role
from convosphere.identity.schemas import Client, NewAccount, SignedIn
from convosphere.identity.service import founding, invitations, sessions, signing_in
from convosphere.identity.service.inviting import NewInvitation, invite
from tests.fixtures.people import People

CLIENT = Client("127.0.0.1", "test")
PASSWORD = "correct horse battery"


def account(name: str = "Grace", password: str = PASSWORD) -> NewAccount:
    return NewAccount(name, f"{name}@example.org", password, "de")


async def sign_in(email: str, password: str, client: Client) -> SignedIn:
    opened = await signing_in.sign_in(email, password, client)
    assert isinstance(opened, SignedIn)
    return opened


async def found() -> SignedIn:
    token = await founding.issue_set_up_token()
    assert token
    return await founding.set_up(token, "Navy", account(), CLIENT)


async def test_the_owner_is_signed_in_after_set_up(database: Database) -> None:
    signed_in = await found()
    actor = await sessions.resolve_actor(signed_in.token)
    assert (actor.name, actor.email, actor.role, actor.locale) == ("Grace", "grace@example.org", Role.OWNER, "de")
    assert actor.may(Permission.PERSON_INVITE)


async def test_twenty_at_once_make_one_owner(database: Database) -> None:
    token = await founding.issue_set_up_token()
    assert token
    tries = (founding.set_up(token, "Navy", account(f"p{number}"), CLIENT) for number in range(20))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(outcome, SignedIn) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, LinkInvalidError) for outcome in outcomes) == 19
    async with unit_of_work(ANONYMOUS) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM account")) == 1


@pytest.mark.parametrize("token", ["", "guess"])
async def test_nobody_becomes_owner_without_the_token(database: Database, token: str) -> None:
    await founding.issue_set_up_token()
    with pytest.raises(LinkInvalidError):
        await founding.set_up(token, "Navy", account(), CLIENT)


async def test_a_token_of_an_earlier_start_is_dead(database: Database) -> None:
    earlier = await founding.issue_set_up_token()
    await founding.issue_set_up_token()
    assert earlier
    with pytest.raises(LinkInvalidError):
        await founding.set_up(earlier, "Navy", account(), CLIENT)


async def test_there_is_no_token_once_there_is_an_owner(database: Database) -> None:
    await found()
    assert await founding.issue_set_up_token() is None
    with pytest.raises(LinkInvalidError):
        await founding.create_owner("Second", account("Second"))


async def test_sign_in_takes_the_right_password_only(database: Database) -> None:
    await found()
    signed_in = await sign_in(" Grace@Example.org ", PASSWORD, CLIENT)
    assert (await sessions.resolve_actor(signed_in.token)).name == "Grace"
    for email, password in (("grace@example.org", "wrong password"), ("nobody@example.org", PASSWORD)):
        with pytest.raises(SignInFailedError):
            await sign_in(email, password, CLIENT)


async def test_a_session_ends_at_sign_out_and_by_age(database: Database) -> None:
    first, second = await found(), await sign_in("grace@example.org", PASSWORD, CLIENT)
    await sessions.sign_out(await sessions.resolve_actor(first.token))
    assert (await sessions.resolve_actor(first.token)).is_anonymous
    assert not (await sessions.resolve_actor(second.token)).is_anonymous
    async with unit_of_work(ANONYMOUS) as uow:
        await uow.session.execute(text("UPDATE web_session SET last_seen_at = now() - interval '8 days'"))
    assert (await sessions.resolve_actor(second.token)).is_anonymous


async def test_a_deactivated_member_is_out_at_the_next_step(database: Database) -> None:
    signed_in = await found()
    workspace_id = signed_in.actor.workspace_id
    assert workspace_id
    async with unit_of_work(system_actor(workspace_id)) as uow:
        await uow.session.execute(text("UPDATE membership SET is_active = false"))
    assert (await sessions.resolve_actor(signed_in.token)).is_anonymous
    with pytest.raises(SignInFailedError):
        await sign_in("grace@example.org", PASSWORD, CLIENT)


async def test_sign_up_needs_an_invitation_that_works_once(database: Database) -> None:
    owner = (await found()).actor
    with pytest.raises(SignUpClosedError):
        await invitations.sign_up("", account("Alan"), CLIENT)
    link = await invite(owner, NewInvitation("member"))
    joined = await invitations.sign_up(link.token, account("Alan"), CLIENT)
    assert (joined.actor.role, joined.actor.workspace_id) == (Role.MEMBER, owner.workspace_id)
    with pytest.raises(LinkInvalidError):
        await invitations.sign_up(link.token, account("Eve"), CLIENT)


async def test_an_invitation_for_somebody_is_for_nobody_else(database: Database) -> None:
    link = await invite((await found()).actor, NewInvitation("member", email="alan@example.org"))
    with pytest.raises(LinkInvalidError):
        await invitations.sign_up(link.token, account("Eve"), CLIENT)
    assert (await invitations.sign_up(link.token, account("Alan"), CLIENT)).actor.name == "Alan"


async def test_nobody_is_invited_as_owner(people: People) -> None:
    with pytest.raises(InvalidInputError):
        await invite(people.ada, NewInvitation("owner"))


async def test_open_sign_up_joins_the_workspace(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = (await found()).actor
    monkeypatch.setenv("SIGN_UP", "open")
    get_settings.cache_clear()
    joined = await invitations.sign_up("", account("Alan"), CLIENT)
    assert joined.actor.workspace_id == owner.workspace_id
    with pytest.raises(EmailTakenError):
        await invitations.sign_up("", account("Alan"), CLIENT)


@pytest.mark.parametrize("password", ["short", "x" * 129, "password123", "aaaaaaaaaa"])
async def test_weak_passwords_are_refused(database: Database, password: str) -> None:
    token = await founding.issue_set_up_token()
    assert token
    with pytest.raises(PasswordRefusedError):
        await founding.set_up(token, "Navy", account(password=password), CLIENT)
    assert await founding.set_up(token, "Navy", account(), CLIENT), "a refused try must not use up the link"


@pytest.mark.parametrize("email", ["", "nobody", "@example.org", "a@b", "a b@example.org"])
async def test_addresses_are_checked(database: Database, email: str) -> None:
    token = await founding.issue_set_up_token()
    assert token
    with pytest.raises(InvalidInputError):
        await founding.set_up(token, "Navy", NewAccount("Grace", email, PASSWORD, "en"), CLIENT)


async def test_where_nobody_can_join_nobody_invites(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = await found()
    invitation = await invite(owner.actor, NewInvitation("member"))
    monkeypatch.setenv("SIGN_UP", "closed")
    get_settings.cache_clear()
    with pytest.raises(SignUpClosedError):
        await invite(owner.actor, NewInvitation("member"))
    for token in (invitation.token, ""):
        with pytest.raises(SignUpClosedError):
            await invitations.sign_up(token, account("Eve"), CLIENT)
    assert not (await sessions.resolve_actor(owner.token)).may(Permission.PERSON_INVITE)
