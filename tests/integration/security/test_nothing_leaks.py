"""After a day of everything: no password, token, key, seed or word of a chat is in a log or in the trail."""

import logging
import re
from collections.abc import Iterator

import psycopg
import pytest
import structlog
from psycopg import sql
from pyotp.totp import TOTP

from convosphere.chat.models import Conversation
from convosphere.core.audit.refusals import RefusalWriter
from convosphere.core.logs import configure_logs
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.cookies import cookie_name
from convosphere.identity.service import founding, inviting, one_time_codes, recovery, resetting
from convosphere.identity.service.inviting import NewInvitation
from convosphere.identity.service.sessions import resolve_actor
from convosphere.launch.postgres import DatabaseAddresses
from tests.fixtures.mail import Mailbox, send_all, words_of
from tests.integration.security.conftest import Browser, Program, make_key
from tests.integration.security.test_trail import GUESS, OWNER, PASSWORD, WRITTEN

SECOND, THIRD = "seven grey herons wade", "eleven red foxes run"


@pytest.fixture
def logs(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """Everything that can be logged is, to be read at the end."""
    handlers = list(logging.getLogger().handlers)
    configure_logs("debug")
    structlog.get_logger().debug("it_logs")
    yield capsys
    logging.getLogger().handlers[:] = handlers
    structlog.reset_defaults()


async def test_a_day_of_everything(
    logs: pytest.CaptureFixture[str],
    browser: Browser,
    program: Program,
    mailbox: Mailbox,
    addresses: DatabaseAddresses,
) -> None:
    async with RefusalWriter().running():
        set_up = await founding.issue_set_up_token() or ""
        ada = browser("192.0.2.1")
        await ada.post("/auth/set-up", json={**OWNER, "token": set_up})
        owner = await resolve_actor(ada.cookies[cookie_name()])
        for fields in ({"email": GUESS, "password": "x"}, {"email": "ada@example.org", "password": GUESS}):
            await browser("192.0.2.9").post("/auth/sign-in", json=fields)
        secrets = {set_up, PASSWORD, GUESS, ada.cookies[cookie_name()]}

        await inviting.invite(owner, NewInvitation("member", email="bob@example.org", name="Bob"))
        await send_all(addresses)
        invitation = token_in(words_of(mailbox.take("bob@example.org")))
        bob = browser("192.0.2.2")
        person = {"token": invitation, "name": "Bob", "email": "bob@example.org", "password": SECOND}
        assert (await bob.post("/auth/sign-up", json=person)).status_code == 200
        secrets |= {invitation, SECOND, bob.cookies[cookie_name()]}

        key = await make_key(owner)
        given = {"grant_type": "api_key", "api_key": key.value}
        pair = (await program("POST", "/auth/token", json=given)).json()
        given = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
        for _ in range(2):  # The second time it is a stolen one.
            await program("POST", "/auth/token", json=given)
        await program("GET", "/api/me", pair["access_token"])
        secrets |= {key.value, pair["access_token"], pair["refresh_token"]}

        made = await one_time_codes.start_one_time_codes(owner)
        added = await one_time_codes.confirm_one_time_codes(owner, TOTP(made.seed).now())
        secrets |= {made.seed, added.session.token, *added.codes}

        await recovery.ask_recovery("bob@example.org")
        await send_all(addresses)
        link = token_in(next(text for text in map(words_of, mailbox.messages) if "token=" in text))
        await resetting.recover(link, THIRD)
        secrets |= {link, THIRD}

        async with unit_of_work(owner) as uow:
            uow.session.add(
                Conversation(workspace_id=uow.workspace_id, owner_id=uow.account_id, title=WRITTEN.decode())
            )
        await browser("192.0.2.3", origin="https://evil.example").post("/auth/sign-in", json={"password": GUESS})

    logged = logs.readouterr()
    assert "it_logs" in logged.err
    everything = rows_of(addresses)
    trail = "\n".join(everything["audit_entry"])
    assert len(everything["audit_entry"]) > 12
    assert [secret for secret in secrets | {WRITTEN.decode()} if secret in trail + logged.err + logged.out] == []
    database = "\n".join(row for rows in everything.values() for row in rows)
    assert "bob@example.org" in database
    assert [secret for secret in secrets if secret in database or secret.encode().hex() in database] == []


def token_in(text: str) -> str:
    """The secret of a mail's link."""
    found = re.search(r"token=([\w.~-]+)", text)
    assert found, text
    return found[1]


def rows_of(addresses: DatabaseAddresses) -> dict[str, list[str]]:
    """Every row of every table as text, bytes in hexadecimal."""
    with psycopg.connect(addresses.superuser_url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return {
            table: [row for (row,) in connection.execute(
                sql.SQL("SELECT whole::text FROM {} AS whole").format(sql.Identifier(table))
            ).fetchall()]
            for (table,) in tables
        }  # fmt: skip
