"""A list of people is checked line by line, sent once it is confirmed, and never beyond what its sender may."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import event, text

from convosphere.core.database import Database
from convosphere.core.errors import ConflictError, InvalidInputError, NotFoundError
from convosphere.core.jobs import do_jobs, open_jobs
from convosphere.core.permissions import Actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity import tasks
from convosphere.identity.roles import PERMISSIONS, Role
from convosphere.identity.schemas import Client, NewAccount
from convosphere.identity.service import groups, invitations, lists, memberships, roles
from convosphere.identity.service.inviting import NewInvitation, invite, list_open
from convosphere.launch.postgres import DatabaseAddresses
from tests.fixtures.people import People

Work = Callable[[], Awaitable[None]]
assert tasks, "Imported for its tasks."


@pytest_asyncio.fixture
async def work(database: Database, addresses: DatabaseAddresses) -> AsyncIterator[Work]:
    """Does the jobs that wait, but sends no mail: `await work()`."""
    del database

    async def do_all() -> None:
        await do_jobs(concurrency=1, drain_seconds=5, until_idle=True)

    async with open_jobs(addresses.app_url, 1):
        yield do_all


def identity(actor: Actor) -> UUID:
    assert actor.account_id
    return actor.account_id


async def test_each_line_says_what_is_wrong_with_it(people: People) -> None:
    await groups.create_group(people.ada, "Sales")
    await roles.create_role(people.ada, "Reader", "", ["document:read"])
    await invite(people.ada, NewInvitation("member", email="invited@example.org"))
    data = (
        b"Name;E-Mail;Rolle;Gruppen\n"
        b"Carl;carl@example.org;Mitglied;Sales\n"
        b"=cmd|' /C calc'!A0;dora@example.org;reader;\n"
        b"Bob;BOB@example.org;;\n"
        b"Twice;twice@example.org;;\nTwice;Twice@example.org;;\n"
        b"Nobody;nobody;;\n"
        b"Chief;chief@example.org;King;\n"
        b"Lost;lost@example.org;Gast;Sales|Nowhere\n"
        b";invited@example.org;;\n"
    )
    list_id = await lists.read_list(people.ada, data)
    view = await lists.get_list(people.ada, list_id)
    faults = {line.number: str(line.fault.get("text", "")) for line in view.lines}
    assert (view.status, view.good, view.faulty) == ("draft", 2, 7)
    assert [line.number for line in view.lines] == [4, 5, 6, 7, 8, 9, 10, 2, 3]
    assert (faults[2], faults[3]) == ("", "")
    for number, words in {
        4: "is here already", 5: "more than once", 6: "more than once", 7: "e-mail address", 8: "no role",
        9: "no group", 10: "invited already",
    }.items():  # fmt: skip
        assert words in faults[number], number
    assert (await list_open(people.ada)).found == 1, "nothing is sent before it is confirmed"


async def test_a_list_is_sent_once_by_a_job(people: People, work: Work) -> None:
    sales = await groups.create_group(people.ada, "Sales")
    data = "\n".join(f"P{n},p{n}@example.org,guest,Sales" for n in range(250)).encode()
    list_id = await lists.read_list(people.ada, data)
    for _ in range(2):
        await lists.send_list(people.ada, list_id, days=30)
    await work()
    view = await lists.get_list(people.ada, list_id)
    assert (view.status, view.done, view.good) == ("done", 250, 250)
    page = await list_open(people.ada, "p249@")
    assert (page.found, page.rows[0].role, page.rows[0].name) == (1, "guest", "P249")
    assert people.ada.workspace_id
    await lists.send_lines(people.ada.workspace_id, list_id)
    assert (await list_open(people.ada)).found == 250

    links = (await lists.make_links(people.ada, list_id)).decode("utf-8-sig").splitlines()
    assert (len(links), links[0]) == (251, "name,email,link")
    name, email, link = links[1].split(",")
    new = NewAccount(name, email, "a heron nests at dawn", "en")
    joined = await invitations.sign_up(link.partition("token=")[2], new, Client("127.0.0.1", "test"))
    assert joined
    assert joined.actor.role == Role.GUEST
    assert [row.name for row in await groups.list_members(people.ada, sales)] == [name]


async def test_statements_do_not_grow_with_lines(people: People, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_HOST", "127.0.0.1")
    get_settings.cache_clear()
    counts: list[int] = []
    for size in (10, 90):
        data = "\n".join(f",s{size}-{n}@example.org,," for n in range(size)).encode()
        list_id = await lists.read_list(people.ada, data)
        await lists.send_list(people.ada, list_id)
        statements = 0

        def count(*_: object) -> None:
            nonlocal statements
            statements += 1

        async with unit_of_work(people.ada) as uow:
            engine = uow.session.get_bind().engine
        event.listen(engine, "before_cursor_execute", count)
        assert people.ada.workspace_id
        await lists.send_lines(people.ada.workspace_id, list_id)
        event.remove(engine, "before_cursor_execute", count)
        counts.append(statements)
    assert counts[1] <= counts[0] + 5, counts
    async with unit_of_work(people.ada) as uow:
        waiting = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'mail.send'"
        assert await uow.session.scalar(text(waiting)) == 100


async def test_a_list_stops_when_its_sender_may_no_more(people: People, work: Work) -> None:
    await roles.give_role(people.ada, identity(people.bob), Role.MANAGER)
    manager = replace(people.bob, role=Role.MANAGER, permissions=PERMISSIONS[Role.MANAGER])
    gone, less = [await lists.read_list(manager, b",a@example.org\n")], []
    await lists.send_list(manager, gone[0])
    await memberships.deactivate(people.ada, identity(people.bob))
    await work()
    assert (await list_open(people.ada)).found == 0
    await memberships.reactivate(people.ada, identity(people.bob))
    less.append(await lists.read_list(manager, b",b@example.org,manager\n,c@example.org,member\n"))
    await roles.create_role(people.ada, "Inviter", "", ["person:invite"])
    key = next(row.key for row in await roles.list_roles(people.ada) if row.is_custom)
    await lists.send_list(manager, less[0])
    await roles.give_role(people.ada, identity(people.bob), key)
    await work()
    assert (await list_open(people.ada)).found == 0, "neither role is theirs to give any more"


async def test_a_list_is_its_readers_alone(people: People) -> None:
    list_id = await lists.read_list(people.ada, b",a@example.org\n")
    await roles.give_role(people.ada, identity(people.bob), Role.ADMIN)
    admin = replace(people.bob, role=Role.ADMIN, permissions=PERMISSIONS[Role.ADMIN])
    for stranger in (people.zoe, admin):
        for attempt in (
            lists.get_list(stranger, list_id),
            lists.send_list(stranger, list_id),
            lists.make_links(stranger, list_id),
        ):
            with pytest.raises(NotFoundError):
                await attempt
    with pytest.raises(InvalidInputError):
        await lists.read_list(people.ada, b"\n\n")
    nobody = await lists.read_list(people.ada, b",bob@example.org\n")
    with pytest.raises(ConflictError):
        await lists.send_list(people.ada, nobody)
