"""A forgotten password: single use, soon over, kept from whoever only guesses, and no way round a second factor."""

import re
from dataclasses import replace
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from convosphere.core.database import Database
from convosphere.core.errors import ForbiddenError, NotFoundError
from convosphere.core.model import utc_now
from convosphere.core.permissions import ANONYMOUS, Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.errors import (
    LinkInvalidError,
    MailImpossibleError,
    PasswordRefusedError,
    ReauthenticationRequiredError,
    SignInFailedError,
)
from convosphere.identity.roles import Role
from convosphere.identity.schemas import Client, NewAccount, SignedIn
from convosphere.identity.service import founding, recovery, resetting, sessions
from convosphere.identity.service.signing_in import sign_in
from convosphere.launch.postgres import DatabaseAddresses
from tests.fixtures.mail import Mailbox, send_all, words_of
from tests.fixtures.people import People

CLIENT = Client("127.0.0.1", "test")
EMAIL, OLD, NEW = "grace@example.org", "correct horse battery", "a new staple every day"


async def found(locale: str = "de") -> SignedIn:
    token = await founding.issue_set_up_token()
    assert token
    return await founding.set_up(token, "Navy", NewAccount("Grace", EMAIL, OLD, locale), CLIENT)


def token_in(words: str) -> str:
    found = re.search(r"/recover\?token=(\S+)", words)
    assert found
    return found[1]


def recently(actor: Actor) -> Actor:
    return replace(actor, authenticated_at=utc_now())


async def test_a_mail_leads_to_a_new_password(
    database: Database, addresses: DatabaseAddresses, mailbox: Mailbox
) -> None:
    opened = await found()
    await recovery.ask_recovery(" Grace@Example.org ")
    await send_all(addresses)
    letter = mailbox.take(EMAIL)
    assert letter["Subject"] == "Neues Passwort setzen"
    token = token_in(words_of(letter))
    with pytest.raises(PasswordRefusedError):
        await resetting.recover(token, "short")
    await resetting.recover(token, NEW)
    assert (await sessions.resolve_actor(opened.token)).is_anonymous, "a session outlived the password"
    with pytest.raises(SignInFailedError):
        await sign_in(EMAIL, OLD, CLIENT)
    assert await sign_in(EMAIL, NEW, CLIENT)
    with pytest.raises(LinkInvalidError):
        await resetting.recover(token, "yet another one today")
    await send_all(addresses)
    assert mailbox.take(EMAIL)["Subject"] == "Ihr Passwort wurde geändert"


async def test_a_newer_link_ends_the_older_and_time_ends_both(
    database: Database, addresses: DatabaseAddresses, mailbox: Mailbox
) -> None:
    await found()
    tokens = []
    for _ in range(2):
        await recovery.ask_recovery(EMAIL)
        await send_all(addresses)
        tokens.append(token_in(words_of(mailbox.take(EMAIL))))
    with pytest.raises(LinkInvalidError):
        await resetting.recover(tokens[0], NEW)
    async with unit_of_work(ANONYMOUS) as uow:
        await uow.session.execute(text("UPDATE account_link SET expires_at = now() - interval '1 second'"))
    with pytest.raises(LinkInvalidError):
        await resetting.recover(tokens[1], NEW)


async def test_the_link_is_stored_only_as_a_hash(
    database: Database, addresses: DatabaseAddresses, mailbox: Mailbox
) -> None:
    await found()
    await recovery.ask_recovery(EMAIL)
    with psycopg.connect(addresses.superuser_url) as connection:
        [[waiting]] = connection.execute("SELECT args::text FROM procrastinate_jobs WHERE status = 'todo'").fetchall()
    assert "grace" not in waiting, "what was typed waits for everybody to read"
    await send_all(addresses)
    token = token_in(words_of(mailbox.take(EMAIL)))
    with psycopg.connect(addresses.superuser_url) as connection:
        [[stored]] = connection.execute("SELECT to_jsonb(l)::text FROM account_link AS l").fetchall()
    assert token not in stored


async def test_an_unknown_address_is_answered_alike_and_gets_nothing(
    database: Database, addresses: DatabaseAddresses, mailbox: Mailbox
) -> None:
    await found()
    await recovery.ask_recovery("nobody@example.org")
    await recovery.ask_recovery("not an address")
    await send_all(addresses)
    assert mailbox.messages == []
    async with unit_of_work(ANONYMOUS) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM account_link")) == 0


async def test_nobody_is_flooded_with_links(database: Database, addresses: DatabaseAddresses, mailbox: Mailbox) -> None:
    await found()
    for _ in range(5):
        await recovery.ask_recovery(EMAIL)
    await send_all(addresses)
    assert len(mailbox.messages) == 3


async def test_whoever_was_shut_out_gets_no_link(
    database: Database, addresses: DatabaseAddresses, mailbox: Mailbox
) -> None:
    await found()
    async with unit_of_work(ANONYMOUS) as uow:
        await uow.session.execute(text("UPDATE account SET is_active = false"))
    await recovery.ask_recovery(EMAIL)
    await send_all(addresses)
    assert mailbox.messages == []


@pytest.mark.parametrize("token", ["", "guess", "x" * 5_000])
async def test_guesses_set_nothing(database: Database, token: str) -> None:
    await found()
    with pytest.raises(LinkInvalidError):
        await resetting.recover(token, NEW)


async def test_without_mail_an_administrator_makes_the_link(database: Database, people: People) -> None:
    with pytest.raises(MailImpossibleError):
        await recovery.ask_recovery("bob@example.org")
    with pytest.raises(ReauthenticationRequiredError):
        await recovery.make_recovery_link(people.ada, _id(people.bob))
    link = await recovery.make_recovery_link(recently(people.ada), _id(people.bob))
    await resetting.recover(link.token, NEW)
    assert await sign_in("bob@example.org", NEW, CLIENT)


async def test_nobody_makes_links_for_those_above_or_elsewhere(database: Database, people: People) -> None:
    administrator = replace(recently(people.ada), account_id=people.eve.account_id, role=Role.ADMIN)
    with pytest.raises(ForbiddenError):
        await recovery.make_recovery_link(administrator, _id(people.ada))
    with pytest.raises(ForbiddenError):
        await recovery.make_recovery_link(recently(people.bob), _id(people.eve))
    with pytest.raises(NotFoundError):
        await recovery.make_recovery_link(recently(people.ada), _id(people.zoe))


async def test_a_locked_out_owner_recovers_at_the_terminal(database: Database) -> None:
    await found()
    with pytest.raises(NotFoundError):
        await recovery.make_recovery_link_at_terminal("nobody@example.org")
    link = await recovery.make_recovery_link_at_terminal(EMAIL)
    assert link.address.endswith(f"/recover?token={link.token}")
    await resetting.recover(link.token, NEW)
    assert await sign_in(EMAIL, NEW, CLIENT)


def _id(actor: Actor) -> UUID:
    assert actor.account_id
    return actor.account_id
