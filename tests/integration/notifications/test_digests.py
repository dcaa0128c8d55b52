"""Mails with news: to those who chose them, when they are due, of what they have not read and may still see."""

from collections.abc import Sequence
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from convosphere.core.database import Database
from convosphere.core.i18n import t
from convosphere.core.identifiers import new_id, new_token
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.identity import ways
from convosphere.launch.postgres import DatabaseAddresses
from convosphere.notifications import tasks
from convosphere.notifications.kinds import NotificationKinds, SubjectTypes
from convosphere.notifications.routes import ROUTES
from convosphere.notifications.schemas import Choice, Digest, NotificationKind, Subject
from convosphere.notifications.service import choices, digests, reading
from convosphere.notifications.service.telling import notify
from tests.fixtures.mail import Mailbox, send_all, words_of
from tests.fixtures.people import People

assert tasks, "Imported for its tasks."

NEWS = NotificationKind(
    "test_news", t("Chat"), t("{by} shares the prompt “{name}” with you."), "job", subject_type="news"
)
PLAN, LETTER = new_id(), new_id()
SEEN = {PLAN: "Plan", LETTER: "Letter"}


async def fetch(_uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, Subject]:
    return {key: Subject(SEEN[key], "/") for key in ids if key in SEEN}


NotificationKinds.register(NEWS)
SubjectTypes.register("news", fetch)


async def want(actor: Actor, digest: Digest) -> None:
    await choices.choose(actor, "test_news", Choice(on_page=True, in_browser=False, digest=digest))


async def tell(people: People, *subjects: UUID) -> None:
    """Tell Bob and Eve."""
    async with unit_of_work(people.ada) as uow:
        for subject in subjects:
            everybody = [person.account_id for person in (people.bob, people.eve) if person.account_id]
            notify(uow, NEWS, everybody, key=str(subject), subject_id=subject)


async def age(people: People, days: int) -> None:
    """Let everything have been told so many days ago."""
    async with unit_of_work(system_actor(people.ada.workspace_id or new_id())) as uow:
        await uow.session.execute(
            text("UPDATE notification SET created_at = created_at - make_interval(days => :days)"), {"days": days}
        )


async def choice_of(actor: Actor) -> Choice:
    [choice] = [row.choice for row in await choices.list_choices(actor) if row.kind.key == "test_news"]
    return choice


async def make(people: People, addresses: DatabaseAddresses) -> int:
    """Make and send the mails that are due."""
    assert people.ada.workspace_id
    due = await digests.enqueue_due(people.ada.workspace_id)
    await send_all(addresses)
    return due


async def test_a_mail_is_for_who_chose_it_and_comes_once(
    people: People, addresses: DatabaseAddresses, mailbox: Mailbox
) -> None:
    await want(people.bob, "daily")
    await tell(people, PLAN, LETTER)
    assert await make(people, addresses) == 0, "what was told now waits for tomorrow's mail"
    await age(people, 1)
    assert await make(people, addresses) == 1
    letter = mailbox.take("bob@example.org")
    assert letter["Subject"] == "Your day in ConvoSphere"
    assert "Ada shares the prompt “Plan” with you." in words_of(letter)
    assert "“Letter”" in words_of(letter)
    assert await make(people, addresses) == 0
    assert mailbox.messages == []


async def test_a_week_s_mail_waits_for_its_day(people: People, addresses: DatabaseAddresses, mailbox: Mailbox) -> None:
    await want(people.bob, "weekly")
    await tell(people, PLAN)
    await age(people, 7)
    assert await make(people, addresses) == 1
    assert mailbox.take("bob@example.org")["Subject"] == "Your week in ConvoSphere"


async def test_what_was_read_or_is_gone_is_in_no_mail(
    people: People, addresses: DatabaseAddresses, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await want(people.bob, "daily")
    await want(people.eve, "daily")
    await tell(people, PLAN, LETTER)
    await age(people, 1)
    await reading.mark_all_read(people.eve)
    monkeypatch.delitem(SEEN, PLAN)
    assert await make(people, addresses) == 1
    words = words_of(mailbox.take("bob@example.org"))
    assert "“Letter”" in words
    assert "“Plan”" not in words
    assert "no longer" not in words
    assert mailbox.messages == []


async def test_nothing_is_due_to_who_is_gone_and_no_mail_is_empty(
    people: People, addresses: DatabaseAddresses, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await want(people.bob, "daily")
    await want(people.eve, "daily")
    await tell(people, PLAN)
    await age(people, 1)
    async with unit_of_work(system_actor(people.ada.workspace_id or new_id())) as uow:
        await uow.session.execute(
            text("UPDATE membership SET is_active = false WHERE account_id = :bob"), {"bob": people.bob.account_id}
        )
    monkeypatch.delitem(SEEN, PLAN)
    assert await make(people, addresses) == 1
    assert mailbox.messages == []


async def test_a_mail_is_in_its_reader_s_language(
    people: People, addresses: DatabaseAddresses, mailbox: Mailbox
) -> None:
    async with unit_of_work(people.bob) as uow:
        await uow.session.execute(text("UPDATE account SET locale = 'de' WHERE id = :bob"), {"bob": uow.account_id})
    await want(people.bob, "daily")
    await tell(people, PLAN)
    await age(people, 1)
    await make(people, addresses)
    letter = mailbox.take("bob@example.org")
    assert letter["Subject"] == "Ihr Tag in ConvoSphere"
    assert "Ada teilt den Prompt „Plan“ mit Ihnen." in words_of(letter)


async def test_the_last_link_ends_them_without_signing_in(
    people: People, addresses: DatabaseAddresses, mailbox: Mailbox, database: Database
) -> None:
    await want(people.bob, "daily")
    await tell(people, PLAN)
    await age(people, 1)
    await make(people, addresses)
    letter = mailbox.take("bob@example.org")
    link = str(letter["List-Unsubscribe"]).strip("<>")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in words_of(letter)
    token = link.partition("?token=")[2]
    transport = httpx.ASGITransport(Starlette(routes=ways.guard_routes(ROUTES)))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
        workspace = token.partition(".")[0]
        for wrong in ("", "x", f"{workspace}.{new_token()}", f"{new_id().hex}.{token.partition('.')[2]}"):
            assert (await browser.post("/auth/unsubscribe", json={"token": wrong})).status_code == 404
        assert (await choice_of(people.bob)).digest == "daily"
        one_click = {"List-Unsubscribe": "One-Click"}
        answered = await browser.post("/auth/unsubscribe", params={"token": token}, data=one_click)
        assert answered.status_code == 200
        again = await browser.post("/auth/unsubscribe", json={"token": token})
        assert again.status_code == 200, "pressing it twice is no mistake"
    assert await choice_of(people.bob) == Choice(on_page=True, in_browser=False, digest="none")
    await tell(people, LETTER)
    await age(people, 2)
    assert await make(people, addresses) == 0
