"""What people are told: once, each as they chose, and nothing of what they may not see any more."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from convosphere.core.database import Database
from convosphere.core.errors import ForbiddenError, InvalidInputError
from convosphere.core.events import EventHub
from convosphere.core.i18n import t
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor, Permission, system_actor
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.launch.postgres import DatabaseAddresses
from convosphere.notifications.kinds import NotificationKinds, SubjectTypes
from convosphere.notifications.queries.notifications import topic_of
from convosphere.notifications.schemas import Choice, Cursor, NotificationKind, NotificationRow, Subject
from convosphere.notifications.service import choices, reading
from convosphere.notifications.service.telling import note_seen, notify
from tests.fixtures.people import People

TOLD = NotificationKind(
    "test_told", t("Chat"), t("{by} shares the prompt “{name}” with you."), "job", subject_type="thing"
)
OWN = NotificationKind(
    "test_own",
    t("Chat"),
    t("“{name}” could not be read."),
    "document",
    several=t("{count} documents could not be read."),
    subject_type="thing",
    route="/knowledge",
    renews=True,
    is_own=True,
)
PLAIN = NotificationKind(
    "test_plain",
    t("Chat"),
    t("More than {percent} % of the budget “{budget}” is used."),
    "budget",
    route="/account/usage",
    is_own=True,
    needs=Permission.AUDIT_READ,
)
THING, OTHER = new_id(), new_id()
SEEN = {THING: "Plan", OTHER: "Letter"}


async def fetch(_uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, Subject]:
    return {key: Subject(SEEN[key], f"/things/{key}") for key in ids if key in SEEN}


NotificationKinds.register(TOLD, OWN, PLAIN)
SubjectTypes.register("thing", fetch)


async def tell(by: Actor, kind: NotificationKind, *to: Actor, key: str = "1", subject: UUID | None = THING) -> None:
    async with unit_of_work(by) as uow:
        people = [person.account_id for person in to if person.account_id]
        notify(uow, kind, people, key=key, subject_id=subject, facts={"percent": 80, "budget": "Team"})


async def heard(actor: Actor) -> list[NotificationRow]:
    return list((await reading.list_notifications(actor, limit=20)).rows)


async def test_it_is_told_once_to_those_who_are_there_and_not_to_oneself(people: People) -> None:
    for _ in range(2):
        await tell(people.ada, TOLD, people.ada, people.bob, people.zoe)
    [row] = await heard(people.bob)
    assert str(row.message) == "Ada shares the prompt “Plan” with you."
    assert row.message.in_locale("de") == "Ada teilt den Prompt „Plan“ mit Ihnen."
    assert (row.route, row.is_read) == (f"/things/{THING}", False)
    assert await heard(people.ada) == []
    assert await heard(people.zoe) == []
    assert await heard(people.eve) == []
    assert (await reading.count_unread(people.bob)).unread == 1


async def _tell_and_fail(people: People) -> None:
    async with unit_of_work(people.ada) as uow:
        notify(uow, TOLD, [people.bob.account_id or new_id()], key="1", subject_id=THING)
        raise ZeroDivisionError


async def test_what_fails_tells_nobody(people: People) -> None:
    with pytest.raises(ZeroDivisionError):
        await _tell_and_fail(people)
    assert await heard(people.bob) == []


async def test_nothing_is_shown_of_what_is_no_longer_theirs(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    await tell(people.ada, TOLD, people.bob)
    monkeypatch.delitem(SEEN, THING)
    [row] = await heard(people.bob)
    assert (str(row.message), row.route, row.is_gone) == ("This is no longer there for you.", "", True)
    since = row.created_at - timedelta(seconds=1)
    assert await reading.list_fresh(people.bob, since) == []


async def test_a_kind_of_one_s_own_is_counted_up_until_it_is_read(people: People) -> None:
    await tell(people.bob, OWN, people.bob, subject=THING)
    [first] = await heard(people.bob)
    assert str(first.message) == "“Plan” could not be read."
    await tell(people.bob, OWN, people.bob, subject=OTHER)
    [again] = await heard(people.bob)
    assert (str(again.message), again.route) == ("2 documents could not be read.", "/knowledge")
    assert again.id == first.id
    await reading.mark_read(people.bob, again.id)
    assert [row.is_read for row in await heard(people.bob)] == [True]
    await tell(people.bob, OWN, people.bob, subject=OTHER)
    [new] = await heard(people.bob)
    assert (str(new.message), new.is_read) == ("“Letter” could not be read.", False)


async def test_facts_fill_the_text_and_a_lost_permission_hides_it(people: People) -> None:
    await tell(people.ada, PLAIN, people.ada, people.bob, subject=None)
    [row] = await heard(people.ada)
    assert (str(row.message), row.route) == ("More than 80 % of the budget “Team” is used.", "/account/usage")
    assert [row.is_gone for row in await heard(people.bob)] == [True]


async def test_looking_at_a_thing_reads_what_is_told_of_it(people: People) -> None:
    await tell(people.ada, TOLD, people.bob, key="1")
    await tell(people.ada, TOLD, people.bob, key="2", subject=OTHER)
    async with unit_of_work(people.bob) as uow:
        note_seen(uow, "thing", THING)
    assert {str(row.message): row.is_read for row in await heard(people.bob)} == {
        "Ada shares the prompt “Plan” with you.": True,
        "Ada shares the prompt “Letter” with you.": False,
    }


async def test_they_come_in_stretches_and_are_read_all_at_once(people: People) -> None:
    for number in range(5):
        await tell(people.ada, TOLD, people.bob, key=str(number))
    first = await reading.list_notifications(people.bob, limit=3)
    assert (len(first.rows), first.has_more) == (3, True)
    last = first.rows[-1]
    rest = await reading.list_notifications(people.bob, limit=3, before=Cursor(last.created_at, last.id))
    assert (len(rest.rows), rest.has_more) == (2, False)
    assert not {row.id for row in first.rows} & {row.id for row in rest.rows}
    assert (await reading.count_unread(people.bob)).unread == 5
    await reading.mark_all_read(people.eve)
    await reading.mark_read(people.eve, last.id)
    assert (await reading.count_unread(people.bob)).unread == 5, "others' are not theirs to read"
    await reading.mark_all_read(people.bob)
    assert (await reading.count_unread(people.bob)).unread == 0


async def test_everybody_is_told_as_they_chose(people: People) -> None:
    off = Choice(on_page=False, in_browser=False, digest="none")
    await choices.choose(people.bob, "test_told", off)
    await choices.choose(people.eve, "test_told", replace(off, in_browser=True))
    await tell(people.ada, TOLD, people.bob, people.eve)
    async with unit_of_work(system_actor(people.ada.workspace_id or new_id())) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM notification")) == 1, (
            "nothing is kept of what is off"
        )
    assert await heard(people.eve) == []
    assert (await reading.count_unread(people.eve)).unread == 0
    [shown] = await reading.list_fresh(
        people.eve, (await reading.count_unread(people.eve)).asked_at - timedelta(hours=1)
    )
    assert str(shown.message) == "Ada shares the prompt “Plan” with you."


async def test_choices_are_of_what_one_can_be_told(people: People) -> None:
    bobs = {row.kind.key: row.choice for row in await choices.list_choices(people.bob)}
    assert bobs["test_told"] == Choice(on_page=True, in_browser=True)
    assert "test_plain" not in bobs
    assert "test_plain" in {row.kind.key for row in await choices.list_choices(people.ada)}
    for kind, choice in (
        ("test_plain", Choice(on_page=True, in_browser=True)),
        ("unknown", Choice(on_page=True, in_browser=True)),
        ("test_told", Choice(on_page=True, in_browser=True, digest="hourly")),  # pyright: ignore[reportArgumentType]
    ):
        with pytest.raises(InvalidInputError):
            await choices.choose(people.bob, kind, choice)


async def test_whoever_looks_as_somebody_reads_nothing_in_their_place(people: People) -> None:
    await tell(people.ada, TOLD, people.bob)
    reads = frozenset(each for each in people.bob.permissions if each.only_reads)
    looking = replace(people.bob, permissions=reads, real_account_id=people.ada.account_id)
    [row] = await heard(looking)
    with pytest.raises(ForbiddenError):
        await reading.mark_read(looking, row.id)
    with pytest.raises(ForbiddenError):
        await reading.mark_all_read(looking)


async def test_tabs_are_woken_in_all_processes(people: People, addresses: DatabaseAddresses) -> None:
    assert people.bob.account_id
    async with EventHub(addresses.app_url).running() as hub, hub.subscribe(topic_of(people.bob.account_id)) as notices:
        await asyncio.wait_for(notices.get(), 10)  # Listening has begun.
        await tell(people.ada, TOLD, people.bob)
        assert await asyncio.wait_for(notices.get(), 10) == topic_of(people.bob.account_id)
        await reading.mark_all_read(people.bob)
        assert await asyncio.wait_for(notices.get(), 10) == topic_of(people.bob.account_id)


async def test_old_ones_are_forgotten_and_so_are_those_of_who_leaves(people: People, database: Database) -> None:
    for key in ("old", "read", "new"):
        await tell(people.ada, TOLD, people.bob, key=key)
    workspace = system_actor(people.ada.workspace_id or new_id())
    async with unit_of_work(workspace) as uow:
        age = "UPDATE notification SET created_at = now() - make_interval(days => {}) {} WHERE key = 'test_told:{}'"
        await uow.session.execute(text(age.format(91, "", "old")))
        await uow.session.execute(text(age.format(31, ", read_at = now()", "read")))
    assert await reading.forget_old(uow.workspace_id) == 2
    assert len(await heard(people.bob)) == 1
    async with unit_of_work(workspace) as uow:
        await uow.session.execute(
            text("DELETE FROM membership WHERE account_id = :bob"), {"bob": people.bob.account_id}
        )
    async with unit_of_work(workspace) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM notification")) == 0
