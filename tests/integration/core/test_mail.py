"""Mail reaches a real server, whole, in the person's language, and waits unreadable until then."""

import psycopg
import pytest
from procrastinate import RetryStrategy

from convosphere.core.database import Database
from convosphere.core.errors import UnavailableError
from convosphere.core.i18n import t
from convosphere.core.mail import tasks
from convosphere.core.mail.letters import Letter, Mail, as_message, write_mail
from convosphere.core.mail.sending import deliver, is_mail_possible, send_letter
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.launch.postgres import DatabaseAddresses
from tests.fixtures.mail import Mailbox, free_port, send_all
from tests.fixtures.people import People

LINK = "http://localhost:8000/recover?token=very-secret-token"


def letter(locale: str = "de") -> Letter:
    return Letter(
        to="ada@example.org",
        subject=t("Sign in"),
        paragraphs=(t("Please enter a name."), t("You do not have permission to do this.")),
        locale=locale,
        link=LINK,
        link_label=t("Sign in"),
    )


async def test_a_letter_arrives_in_the_persons_language(
    database: Database, addresses: DatabaseAddresses, people: People, mailbox: Mailbox
) -> None:
    del database
    assert is_mail_possible()
    async with unit_of_work(people.ada) as uow:
        await send_letter(uow, letter())
    with psycopg.connect(addresses.superuser_url) as connection:
        waiting = connection.execute("SELECT args::text FROM procrastinate_jobs").fetchall()
    assert len(waiting) == 1
    assert "token" not in waiting[0][0].replace("token_hash", ""), "a link in the queue is a secret in the database"
    await send_all(addresses)
    message = mailbox.messages.pop()
    assert (message["To"], message["From"]) == ("ada@example.org", "Grünes Haus <chat@example.org>")
    assert message["Subject"] == "Anmelden"
    text, page = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert page is not None
    assert LINK in text.get_content()
    assert f'href="{LINK}"' in page.get_content()
    assert "Bitte geben Sie einen Namen" in text.get_content()


async def test_nothing_is_sent_when_the_unit_fails(
    database: Database, addresses: DatabaseAddresses, people: People, mailbox: Mailbox
) -> None:
    del database
    with pytest.raises(ZeroDivisionError):
        await _fail_after_sending(people)
    await send_all(addresses)
    assert mailbox.messages == []


async def test_a_busy_server_is_asked_again_and_a_refusal_is_final(
    database: Database, addresses: DatabaseAddresses, people: People, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    del database
    mailbox.answers = ["451 come again"]
    monkeypatch.setattr(tasks.send_mail, "retry_strategy", _at_once())
    async with unit_of_work(people.ada) as uow:
        await send_letter(uow, letter("en"))
    await send_all(addresses)
    assert [message["Subject"] for message in mailbox.messages] == ["Sign in"]
    mailbox.answers = ["550 nobody here", "250 OK"]
    async with unit_of_work(people.ada) as uow:
        await send_letter(uow, letter("en"))
    await send_all(addresses)
    assert len(mailbox.messages) == 1
    assert mailbox.answers == ["250 OK"], "a refused mail was sent again"


async def test_a_server_that_is_away_is_waited_for(
    database: Database, addresses: DatabaseAddresses, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    del database
    monkeypatch.setenv("SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("SMTP_PORT", str(free_port()))
    get_settings.cache_clear()
    async with unit_of_work(people.ada) as uow:
        await send_letter(uow, letter())
    with psycopg.connect(addresses.superuser_url) as connection:
        args = connection.execute("SELECT args FROM procrastinate_jobs").fetchone()
    assert args is not None
    with pytest.raises(UnavailableError):
        await deliver(**args[0])


@pytest.mark.parametrize("address", ["a@b.c\r\nBcc: eve@example.org", "a@b.c\nBcc: eve@example.org"])
def test_an_address_cannot_add_a_header(address: str) -> None:
    mail = Mail(address, "Hello", "text", "<p>text</p>")
    with pytest.raises(ValueError, match="Header"):
        as_message(mail, "chat@example.org")


def test_words_cannot_become_markup_or_headers() -> None:
    strange = t("{name} invites you.", name="<script>x</script>\r\nBcc: eve@example.org")
    mail = write_mail(Letter("ada@example.org", strange, (strange,), "en"))
    assert "<script>" not in mail.html
    assert "\n" not in mail.subject
    message = as_message(mail, "chat@example.org")
    assert message["Bcc"] is None


async def _fail_after_sending(people: People) -> None:
    async with unit_of_work(people.ada) as uow:
        await send_letter(uow, letter())
        raise ZeroDivisionError


def _at_once() -> RetryStrategy:
    return RetryStrategy(max_attempts=3, wait=0, retry_exceptions={UnavailableError})
