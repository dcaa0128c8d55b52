"""Unused conversations are archived or deleted as the workspace says, after notice, and never twice."""

import asyncio
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from convosphere.chat.rules import NOTICE, Retention, RetentionAct
from convosphere.chat.schemas import EVERYTHING, Shelf
from convosphere.chat.service import conversations, filing, retention
from convosphere.core.errors import ForbiddenError, InvalidInputError, NotFoundError
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.launch.postgres import DatabaseAddresses
from tests.fixtures.people import People

DELETE_AFTER_30 = Retention(30, RetentionAct.DELETE)
ARCHIVE_AFTER_30 = Retention(30, RetentionAct.ARCHIVE)
ROOT = Path(__file__).parents[3]


async def begin(actor: Actor, *unused_days: int) -> list[UUID]:
    """Conversations that nobody has used for so long."""
    ids = [new_id() for _ in unused_days]
    async with unit_of_work(actor) as uow:
        for one, days in zip(ids, unused_days, strict=True):
            await uow.session.execute(
                text(
                    "INSERT INTO conversation (id, workspace_id, owner_id, title, updated_at) VALUES"
                    " (:id, :workspace_id, :account_id, :title, now() - make_interval(days => :days))"
                ),
                {
                    "id": one, "workspace_id": uow.workspace_id, "account_id": uow.account_id, "title": f"{days} days",
                    "days": days,
                },
            )  # fmt: skip
    return ids


async def notice_is_over(people: People) -> None:
    async with unit_of_work(people.ada) as uow:
        given = {"by": NOTICE + timedelta(hours=1)}
        await uow.session.execute(text("UPDATE chat_rule SET retention_since = now() - CAST(:by AS interval)"), given)


def system(people: People) -> Actor:
    assert people.bob.workspace_id
    return system_actor(people.bob.workspace_id)


async def titles(actor: Actor, shelf: Shelf = EVERYTHING) -> list[str]:
    return [row.title for row in await conversations.list_conversations(actor, shelf=shelf)]


async def retired(people: People) -> list[int]:
    """The numbers in the entries of the trail."""
    async with unit_of_work(people.ada) as uow:
        found = await uow.session.scalars(
            text(
                "SELECT CAST(after ->> 'count' AS integer) FROM audit_entry WHERE action = 'conversation:retire'"
                " ORDER BY sequence"
            )
        )
        return list(found)


async def test_without_a_rule_everything_stays(people: People) -> None:
    await begin(people.bob, 4000)
    assert await retention.retire_in(system(people)) == 0
    assert await titles(people.bob) == ["4000 days"]
    assert (await retention.get_leaving(people.bob)).count == 0


async def test_old_ones_go_after_notice_and_no_others(people: People) -> None:
    await begin(people.bob, 31, 40, 5)
    await begin(people.zoe, 400)
    await retention.set_retention(people.ada, DELETE_AFTER_30)
    assert await retention.retire_in(system(people)) == 0, "nobody has had notice"
    leaving = await retention.get_leaving(people.bob)
    assert (leaving.count, leaving.act) == (2, RetentionAct.DELETE)
    assert await titles(people.bob, Shelf("leaving")) == ["31 days", "40 days"]
    assert await retention.retire_in(system(people)) == 0
    async with unit_of_work(people.ada) as uow:
        told = await uow.session.execute(text("SELECT account_id, kind, count FROM notification"))
    assert [tuple(row) for row in told] == [(people.bob.account_id, "conversations_leaving", 1)], "once a week"
    await notice_is_over(people)
    assert await retention.retire_in(system(people)) == 2
    assert await titles(people.bob) == ["5 days"]
    assert await titles(people.zoe) == ["400 days"], "the rule of another workspace"
    assert await retired(people) == [2]
    assert await retention.retire_in(system(people)) == 0
    assert await retired(people) == [2]


async def test_whoever_keeps_or_uses_one_has_it_for_as_long_again(people: People) -> None:
    one, two = await begin(people.bob, 40, 50)
    await retention.set_retention(people.ada, DELETE_AFTER_30)
    await notice_is_over(people)
    await retention.keep(people.bob, [one])
    for stranger in (people.eve, people.zoe):
        with pytest.raises(NotFoundError):
            await retention.keep(stranger, [two])
    assert (await retention.get_leaving(people.bob)).count == 1
    assert await retention.retire_in(system(people)) == 1
    assert await titles(people.bob) == ["40 days"]


async def test_archiving_spares_what_is_archived_and_loses_nothing(people: People) -> None:
    one, _ = await begin(people.bob, 40, 50)
    await filing.archive(people.bob, [one], is_archived=True)
    await retention.set_retention(people.ada, ARCHIVE_AFTER_30)
    await notice_is_over(people)
    assert await retention.retire_in(system(people)) == 1
    assert await titles(people.bob) == []
    assert sorted(await titles(people.bob, Shelf("archive"))) == ["40 days", "50 days"]
    await filing.archive(people.bob, [one], is_archived=False)
    assert await retention.retire_in(system(people)) == 0, "taken out of the archive it has its time again"
    assert await titles(people.bob) == ["40 days"]


async def test_pinned_and_shared_ones_stay_if_the_rule_says_so(people: People) -> None:
    pinned, shared, _ = await begin(people.bob, 40, 50, 60)
    await filing.pin(people.bob, [pinned], is_pinned=True)
    async with unit_of_work(people.bob) as uow:
        await uow.session.execute(
            text(
                "INSERT INTO access_grant (id, workspace_id, object_type, object_id, subject_type, level)"
                " VALUES (:id, :workspace_id, 'conversation', :object_id, 'everyone', 'view')"
            ),
            {"id": new_id(), "workspace_id": uow.workspace_id, "object_id": shared},
        )
    found = await retention.preview(people.ada, DELETE_AFTER_30)
    assert (found.total, found.now, found.spared, found.people) == (3, 1, 2, 1)
    hard = Retention(30, RetentionAct.DELETE, spares_pinned=False, spares_shared=False)
    assert (await retention.preview(people.ada, hard)).now == 3
    await retention.set_retention(people.ada, DELETE_AFTER_30)
    await notice_is_over(people)
    assert await retention.retire_in(system(people)) == 1
    assert sorted(await titles(people.bob)) == ["40 days", "50 days"]
    await retention.set_retention(people.ada, hard)
    await notice_is_over(people)
    assert await retention.retire_in(system(people)) == 2


async def test_the_preview_counts_and_touches_nothing(people: People) -> None:
    await begin(people.bob, 40, 50, 20, 1)
    await begin(people.eve, 60)
    found = await retention.preview(people.ada, DELETE_AFTER_30)
    assert (found.total, found.now, found.people, found.spared, found.soon) == (5, 3, 2, 0, 2)
    assert found.first_at is not None
    never = await retention.preview(people.ada, Retention())
    assert (never.total, never.now, never.soon, never.first_at) == (5, 0, 0, None)
    assert (await retention.get_rules(people.ada)).retention == Retention()
    assert len(await titles(people.bob)) == 4


async def test_only_who_runs_the_workspace_makes_rules(people: People) -> None:
    for somebody in (people.bob, people.eve):
        with pytest.raises(ForbiddenError):
            await retention.set_retention(somebody, DELETE_AFTER_30)
        with pytest.raises(ForbiddenError):
            await retention.preview(somebody, DELETE_AFTER_30)
    for days in (0, -1, 3651, 10**9):
        with pytest.raises(InvalidInputError):
            await retention.set_retention(people.ada, Retention(days))
    await retention.set_retention(people.ada, DELETE_AFTER_30)
    assert (await retention.get_rules(people.bob)).retention == DELETE_AFTER_30
    assert (await retention.get_rules(people.zoe)).retention == Retention()


KILLED = """
import asyncio, sys
from uuid import UUID
from convosphere.chat.service import retention
from convosphere.core.database import open_database
from convosphere.core.permissions import system_actor

async def main():
    retention.AT_ONCE = 1
    async with open_database(sys.argv[1]):
        await retention.retire_in(system_actor(UUID(sys.argv[2])))

asyncio.run(main())
"""


async def test_a_process_that_is_killed_leaves_whole_batches(people: People, addresses: DatabaseAddresses) -> None:
    count = 600
    await begin(people.bob, *[40] * count)
    await retention.set_retention(people.ada, DELETE_AFTER_30)
    await notice_is_over(people)

    async def left() -> int:
        async with unit_of_work(people.ada) as uow:
            return await uow.session.scalar(text("SELECT count(*) FROM conversation")) or 0

    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, addresses.app_url, str(people.bob.workspace_id), cwd=ROOT, env={**os.environ}
    )

    async with asyncio.timeout(60):
        while await left() == count:  # noqa: ASYNC110  # Another process does it.
            await asyncio.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    remaining = await left()
    assert 0 < remaining < count
    assert sum(await retired(people)) == count - remaining
    assert await retention.retire_in(system(people)) == remaining
    assert await left() == 0
    assert sum(await retired(people)) == count
