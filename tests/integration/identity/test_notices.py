"""Mails that tell a person what happens to their account."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from convosphere.core.database import Database
from convosphere.core.permissions import ANONYMOUS, Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.models import Account
from convosphere.identity.schemas import Client, NewAccount
from convosphere.identity.service import founding, notices, profiles
from convosphere.identity.service.devices import device_name
from convosphere.identity.service.roles import give_role
from convosphere.identity.service.signing_in import sign_in
from convosphere.launch.postgres import DatabaseAddresses
from tests.fixtures.mail import Mailbox, send_all, words_of
from tests.fixtures.people import People

EMAIL, PASSWORD = "grace@example.org", "correct horse battery"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile/15E Safari/604.1"


async def found() -> Actor:
    token = await founding.issue_set_up_token()
    assert token
    new = NewAccount("Grace", EMAIL, PASSWORD, "en")
    return (await founding.set_up(token, "Navy", new, Client("192.0.2.10", FIREFOX.format(140)))).actor


async def test_an_unknown_device_is_told_of_once(
    database: Database, addresses: DatabaseAddresses, mailbox: Mailbox
) -> None:
    await found()
    await sign_in(EMAIL, PASSWORD, Client("192.0.2.77", FIREFOX.format(141)))
    await send_all(addresses)
    assert mailbox.messages == [], "a newer version of the same browser in the same network is no other device"
    async with unit_of_work(ANONYMOUS) as uow:
        assert await uow.session.scalar(text("SELECT last_sign_in_at > created_at FROM account"))
    for _ in range(2):
        await sign_in(EMAIL, PASSWORD, Client("2001:db8::1", IPHONE))
    await send_all(addresses)
    letter = mailbox.take(EMAIL)
    assert letter["Subject"] == "New sign-in to your account"
    assert "Safari, iPhone, address 2001:db8::1" in words_of(letter)
    assert "If that was not you" in words_of(letter)


async def test_whoever_does_not_want_it_is_left_alone(
    database: Database, addresses: DatabaseAddresses, mailbox: Mailbox
) -> None:
    await profiles.mute(await found(), "new_sign_in", is_muted=True)
    await sign_in(EMAIL, PASSWORD, Client("198.51.100.1", IPHONE))
    await send_all(addresses)
    assert mailbox.messages == []


async def test_a_mute_does_not_silence_what_is_about_security(
    database: Database, addresses: DatabaseAddresses, people: People, mailbox: Mailbox
) -> None:
    async with unit_of_work(people.bob) as uow:
        account = await uow.session.get_one(Account, people.bob.account_id)
        account.muted_mails = list(notices.NOTICES)
        await notices.tell(uow, account, notices.FACTOR_CHANGED)
        await notices.tell(uow, account, notices.ROLE_CHANGED, by="Ada")
    await send_all(addresses)
    assert mailbox.take("bob@example.org")["Subject"] == "What protects your account has changed"
    assert mailbox.messages == []


async def test_another_role_is_told_in_ones_own_language_and_names_add_no_headers(
    database: Database, addresses: DatabaseAddresses, people: People, mailbox: Mailbox
) -> None:
    assert people.bob.account_id
    async with unit_of_work(people.bob) as uow:
        (await uow.session.get_one(Account, people.bob.account_id)).locale = "de"
    ada = replace(people.ada, name="Ada\r\nBcc: eve@example.org <script>")
    await give_role(ada, people.bob.account_id, "guest")
    await send_all(addresses)
    letter = mailbox.take("bob@example.org")
    assert (letter["Subject"], letter["Bcc"]) == ("Ihre Rolle hat sich geändert", None)
    page = letter.get_body(("html",))
    assert page is not None
    assert "<script>" not in page.get_content()


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX.format(140), "Firefox, Windows"),
        (IPHONE, "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Linux"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("\r\nBcc: x", "Bcc x"),
        ("", "?"),
    ],
)
def test_devices_have_short_names(user_agent: str, name: str) -> None:
    assert device_name(user_agent).strip() == name
