"""Invitations by mail: in the person's language, for their address alone, which they prove."""

import re

import pytest
from sqlalchemy import text

from convosphere.core.audit.actions import ACTIONS
from convosphere.core.database import Database
from convosphere.core.errors import InvalidInputError, NotFoundError
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.errors import LinkInvalidError
from convosphere.identity.schemas import Client, NewAccount
from convosphere.identity.service import invitations
from convosphere.identity.service.inviting import NewInvitation, invite, list_open, renew, revoke
from convosphere.launch.postgres import DatabaseAddresses
from tests.fixtures.mail import Mailbox, send_all, words_of
from tests.fixtures.people import People

CLIENT = Client("127.0.0.1", "test")
CARL = NewAccount("Carl", "carl@example.org", "a heron nests at dawn", "de")


def token_of(words: str) -> str:
    found = re.search(r"sign-up\?token=(\S+)", words)
    assert found
    return found[1]


async def is_verified(actor: Actor) -> bool:
    async with unit_of_work(actor) as uow:
        found = text("SELECT email_verified_at IS NOT NULL FROM account WHERE email = 'carl@example.org'")
        return bool(await uow.session.scalar(found))


async def test_a_mailed_link_proves_the_address(
    database: Database, addresses: DatabaseAddresses, people: People, mailbox: Mailbox
) -> None:
    del database
    link = await invite(
        people.ada, NewInvitation("member", email="Carl@example.org", name="Carl\r\nBcc: x", locale="de")
    )
    assert (link.token, link.is_mailed) == ("", True), "nobody but its reader gets to see it"
    await send_all(addresses)
    mail = mailbox.take("carl@example.org")
    assert mail["Subject"] == "Einladung zu „Ours“"
    assert mail["Bcc"] is None
    assert "Ada lädt Sie ein" in words_of(mail)
    joined = await invitations.sign_up(token_of(words_of(mail)), CARL, CLIENT)
    assert joined, "no other confirmation is asked for"
    assert await is_verified(people.ada)


async def test_a_link_that_somebody_else_saw_proves_nothing(people: People, mailbox: Mailbox) -> None:
    await invite(people.ada, NewInvitation("member", email="carl@example.org"))
    [row] = (await list_open(people.ada)).rows
    link = await renew(people.ada, row.id, by_mail=False)
    assert await invitations.sign_up(link.token, CARL, CLIENT) is None, "the address is to be confirmed first"
    assert not await is_verified(people.ada)
    del mailbox


async def test_a_new_link_ends_the_old_one_and_a_revoked_one_is_dead(people: People) -> None:
    first = await invite(people.ada, NewInvitation("member", email="carl@example.org", days=30))
    [row] = (await list_open(people.ada)).rows
    second = await renew(people.ada, row.id, by_mail=False)
    assert abs((second.expires_at - first.expires_at).total_seconds()) < 3600
    third = await invite(people.ada, NewInvitation("guest", email="carl@example.org"))
    assert [row.role for row in (await list_open(people.ada)).rows] == ["guest"], "one link for each address"
    [row] = (await list_open(people.ada)).rows
    for stranger in (people.zoe,):
        for attempt in (revoke(stranger, row.id), renew(stranger, row.id, by_mail=False)):
            with pytest.raises(NotFoundError):
                await attempt
    await revoke(people.ada, row.id)
    for link in (first, second, third):
        with pytest.raises(LinkInvalidError):
            await invitations.sign_up(link.token, CARL, CLIENT)
    with pytest.raises(NotFoundError):
        await revoke(people.ada, row.id)
    assert {"invitation:revoke", "invitation:renew"} <= ACTIONS.keys()


@pytest.mark.parametrize("days", [0, -1, 31])
async def test_links_work_for_one_to_thirty_days(people: People, days: int) -> None:
    with pytest.raises(InvalidInputError):
        await invite(people.ada, NewInvitation("member", days=days))
