"""Addresses are somebody's only once that is shown, and nobody learns from asking whose they are."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import text

from convosphere.core.database import Database
from convosphere.core.errors import InvalidInputError
from convosphere.core.model import utc_now
from convosphere.core.permissions import ANONYMOUS, Actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.errors import (
    EmailTakenError,
    EmailUnverifiedError,
    LimitOfLinksError,
    LinkInvalidError,
    MailImpossibleError,
    ReauthenticationRequiredError,
)
from convosphere.identity.schemas import Client, NewAccount, SignedIn
from convosphere.identity.service import addresses as email_addresses
from convosphere.identity.service import founding, invitations, recovery, resetting, verification
from convosphere.identity.service.inviting import NewInvitation, invite
from convosphere.identity.service.signing_in import sign_in
from convosphere.launch.postgres import DatabaseAddresses
from tests.fixtures.mail import Mailbox, send_all, words_of
from tests.fixtures.people import People

CLIENT = Client("127.0.0.1", "test")
PASSWORD = "correct horse battery"
ALAN = "alan@example.org"


def account(name: str) -> NewAccount:
    return NewAccount(name, f"{name}@example.org", PASSWORD, "de")


async def found() -> Actor:
    token = await founding.issue_set_up_token()
    assert token
    return (await founding.set_up(token, "Navy", account("Grace"), CLIENT)).actor


def token_in(words: str, page: str = "verify") -> str:
    found = re.search(rf"/{page}\?token=(\S+)", words)
    assert found
    return found[1]


def recently(actor: Actor) -> Actor:
    return replace(actor, authenticated_at=utc_now())


@pytest.fixture
def is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGN_UP", "open")
    get_settings.cache_clear()


@pytest.mark.usefixtures("is_open")
async def test_an_address_of_ones_own_is_confirmed_before_the_first_sign_in(
    database: Database, addresses: DatabaseAddresses, mailbox: Mailbox
) -> None:
    await found()
    assert await invitations.sign_up("", account("Alan"), CLIENT) is None
    with pytest.raises(EmailUnverifiedError):
        await sign_in(ALAN, PASSWORD, CLIENT)
    await send_all(addresses)
    first, second = [token_in(words_of(message)) for message in mailbox.messages]
    with pytest.raises(LinkInvalidError):
        await verification.verify(first)
    await verification.verify(second)
    assert isinstance(await sign_in(ALAN, PASSWORD, CLIENT), SignedIn)
    with pytest.raises(LinkInvalidError):
        await verification.verify(second)


@pytest.mark.usefixtures("is_open")
async def test_sign_up_says_the_same_for_an_address_that_has_an_account(
    database: Database, addresses: DatabaseAddresses, mailbox: Mailbox
) -> None:
    await found()
    assert await invitations.sign_up("", account("Grace"), CLIENT) is None
    await send_all(addresses)
    assert mailbox.take("grace@example.org")["Subject"] == "Sie haben bereits ein Konto"
    assert await sign_in("grace@example.org", PASSWORD, CLIENT)


@pytest.mark.usefixtures("is_open")
async def test_without_mail_there_is_nothing_to_wait_for(database: Database) -> None:
    await found()
    assert await invitations.sign_up("", account("Alan"), CLIENT)
    assert await sign_in(ALAN, PASSWORD, CLIENT)
    with pytest.raises(EmailTakenError):
        await invitations.sign_up("", account("Alan"), CLIENT)


async def test_whoever_comes_by_a_mailed_link_has_read_that_mail(
    database: Database, addresses: DatabaseAddresses, mailbox: Mailbox
) -> None:
    owner = await found()
    assert (await invite(owner, NewInvitation("member", email=ALAN))).is_mailed
    await send_all(addresses)
    token = token_in(words_of(mailbox.take(ALAN)), "sign-up")
    assert await invitations.sign_up(token, account("Alan"), CLIENT)
    loose = await invite(owner, NewInvitation("member"))
    assert await invitations.sign_up(loose.token, account("Grace"), CLIENT) is None
    assert await invitations.sign_up(loose.token, account("Edith"), CLIENT) is None, "a taken address used it up"
    with pytest.raises(EmailUnverifiedError):
        await sign_in("edith@example.org", PASSWORD, CLIENT)


@pytest.mark.usefixtures("is_open")
async def test_links_are_sent_again_but_not_without_end(
    database: Database, addresses: DatabaseAddresses, mailbox: Mailbox
) -> None:
    await found()
    await invitations.sign_up("", account("Alan"), CLIENT)
    for _ in range(4):
        with pytest.raises(EmailUnverifiedError):
            await sign_in(ALAN, PASSWORD, CLIENT)
    await send_all(addresses)
    assert len(mailbox.messages) == 3


async def test_another_address_counts_once_its_mail_was_read(
    database: Database, addresses: DatabaseAddresses, mailbox: Mailbox
) -> None:
    grace = await found()
    with pytest.raises(ReauthenticationRequiredError):
        await email_addresses.ask_for_address(grace, "grace@navy.example")
    assert await email_addresses.ask_for_address(recently(grace), " Grace@Navy.example ") == "asked"
    await send_all(addresses)
    assert mailbox.take("grace@example.org")["Subject"] == "Ihre E-Mail-Adresse soll geändert werden"
    token = token_in(words_of(mailbox.take("grace@navy.example")))
    assert await sign_in("grace@example.org", PASSWORD, CLIENT), "it changed before it was confirmed"
    stolen = await recovery.make_recovery_link_at_terminal("grace@example.org")
    await verification.verify(token)
    assert await sign_in("grace@navy.example", PASSWORD, CLIENT)
    with pytest.raises(LinkInvalidError):
        await resetting.recover(stolen.token, "sent to the address before")
    await send_all(addresses)
    told = mailbox.take("grace@example.org")
    assert told["Subject"] == "Ihre E-Mail-Adresse wurde geändert"
    assert "grace@navy.example" in words_of(told)


async def test_an_address_of_somebody_else_stays_theirs(
    database: Database, addresses: DatabaseAddresses, people: People, mailbox: Mailbox
) -> None:
    assert await email_addresses.ask_for_address(recently(people.bob), "eve@example.org") == "asked"
    await send_all(addresses)
    assert "/verify" not in words_of(mailbox.take("eve@example.org"))
    with pytest.raises(InvalidInputError):
        await email_addresses.ask_for_address(recently(people.bob), "no address")
    with pytest.raises(InvalidInputError):
        await email_addresses.ask_for_address(recently(people.bob), "a@b.example\r\nBcc: eve@example.org")


async def test_an_address_that_is_taken_meanwhile_is_not_given_twice(
    database: Database, addresses: DatabaseAddresses, people: People, mailbox: Mailbox
) -> None:
    for person in (people.bob, people.eve):
        await email_addresses.ask_for_address(recently(person), "new@example.org")
    await send_all(addresses)
    first, second = [token_in(words_of(mail)) for mail in mailbox.messages if mail["To"] == "new@example.org"]
    await verification.verify(first)
    with pytest.raises(LinkInvalidError):
        await verification.verify(second)


async def test_changes_of_address_are_not_a_way_to_flood(database: Database, people: People, mailbox: Mailbox) -> None:
    for number in range(3):
        await email_addresses.ask_for_address(recently(people.bob), f"victim{number}@example.org")
    with pytest.raises(LimitOfLinksError):
        await email_addresses.ask_for_address(recently(people.bob), "victim@example.org")


async def test_without_mail_only_an_administrator_changes_addresses(database: Database, people: People) -> None:
    with pytest.raises(MailImpossibleError):
        await email_addresses.ask_for_address(recently(people.bob), "bobby@example.org")
    assert await email_addresses.ask_for_address(recently(people.ada), "lovelace@example.org") == "changed"
    assert people.bob.account_id
    with pytest.raises(EmailTakenError):
        await email_addresses.give_address(recently(people.ada), people.bob.account_id, "eve@example.org")
    await email_addresses.give_address(recently(people.ada), people.bob.account_id, "bobby@example.org")
    async with unit_of_work(ANONYMOUS) as uow:
        emails = set(await uow.session.scalars(text("SELECT email FROM account")))
    assert {"lovelace@example.org", "bobby@example.org"} <= emails
