"""Limits of space: whose they are, which goes first, and that nobody gets around them."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import text

from convosphere.core.errors import ForbiddenError, InvalidInputError, NotFoundError
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.files import service as files
from convosphere.files.errors import GroupQuotaExceededError, PersonQuotaExceededError, UploadIncompleteError
from convosphere.files.quotas import service
from convosphere.files.quotas.schemas import QuotaDraft
from convosphere.knowledge.service import removal, uploads, versions
from tests.fixtures.people import People
from tests.integration.knowledge.conftest import chunks

MEGABYTE = 1024 * 1024


def file_of(megabytes: float, sign: str = "x") -> bytes:
    return sign.encode() * round(megabytes * MEGABYTE)


async def add(actor: Actor, name: str, data: bytes) -> UUID:
    uploaded = await uploads.upload(
        actor, chunks(data), size=len(data), name=name, folder_path="", is_shared=False
    )  # fmt: skip
    return uploaded.id


async def limit(people: People, megabytes: int, person: Actor | None = None) -> None:
    draft = QuotaDraft("person" if person else "everyone", person.account_id if person else None, False, megabytes)
    await service.set_quota(people.ada, draft)


async def group_of(people: People, *members: Actor) -> UUID:
    group_id = new_id()
    async with unit_of_work(people.ada) as uow:
        given = {"id": group_id, "workspace_id": uow.workspace_id, "name": f"Team {group_id}"}
        await uow.session.execute(
            text("INSERT INTO person_group (id, workspace_id, name) VALUES (:id, :workspace_id, :name)"), given
        )
        for member in members:
            await uow.session.execute(
                text("INSERT INTO effective_group VALUES (:workspace_id, :account_id, :id)"),
                {"workspace_id": uow.workspace_id, "account_id": member.account_id, "id": group_id},
            )
    return group_id


async def used(actor: Actor) -> float:
    return round((await service.get_own(actor)).used / MEGABYTE, 2)


async def test_everybody_has_as_much_and_is_told_what_to_do(people: People) -> None:
    await limit(people, 2)
    await add(people.bob, "one.txt", file_of(1.5))
    with pytest.raises(PersonQuotaExceededError) as refused:
        await add(people.bob, "two.txt", file_of(0.6, "y"))
    assert "1 of the 2 MB" in str(refused.value.message)
    assert "trash" in str(refused.value.message)
    await add(people.bob, "again.txt", file_of(1.5)[: round(0.4 * MEGABYTE)])
    await add(people.eve, "one.txt", file_of(1.5))
    assert (await used(people.bob), await used(people.eve)) == (1.9, 1.5)


async def test_versions_count_and_what_is_deleted_does_not(people: People) -> None:
    await limit(people, 2)
    first = await add(people.bob, "plan.txt", file_of(1))
    newer = file_of(1.1, "y")
    with pytest.raises(PersonQuotaExceededError):
        await versions.add_version(people.bob, first, chunks(newer), size=len(newer), name="plan.txt")
    await removal.delete_documents(people.bob, [first])
    assert await used(people.bob) == 0
    await add(people.bob, "other.txt", file_of(1.9))


async def test_a_persons_own_limit_goes_first_then_their_groups_then_that_of_all(people: People) -> None:
    await limit(people, 1)
    team, board = await group_of(people, people.bob), await group_of(people, people.bob)
    await service.set_quota(people.ada, QuotaDraft("group", team, False, 2))
    await service.set_quota(people.ada, QuotaDraft("group", board, False, 3))
    assert [each.limit // MEGABYTE for each in (await service.get_own(people.bob)).limits] == [3]
    assert [each.limit // MEGABYTE for each in (await service.get_own(people.eve)).limits] == [1]
    await limit(people, 0, people.bob)
    with pytest.raises(PersonQuotaExceededError):
        await add(people.bob, "one.txt", b"x")
    space = await service.get_space(people.ada)
    (own,) = [quota for quota in space.quotas if quota.subject == "person"]
    await service.remove_quota(people.ada, own.id)
    await add(people.bob, "one.txt", file_of(2.5))


async def test_a_group_may_have_so_much_together(people: People) -> None:
    team = await group_of(people, people.bob, people.eve)
    await service.set_quota(people.ada, QuotaDraft("group", team, True, 2))
    await add(people.bob, "one.txt", file_of(1.5))
    with pytest.raises(GroupQuotaExceededError):
        await add(people.eve, "two.txt", file_of(1, "y"))
    await add(people.ada, "two.txt", file_of(1, "y"))
    space = await service.get_space(people.ada)
    assert [(row.name, round(row.used / MEGABYTE, 1)) for row in space.people] == [
        ("Bob", 1.5), ("Ada", 1.0), ("Eve", 0.0),
    ]  # fmt: skip
    assert [(row.used / MEGABYTE, row.limit) for row in space.groups] == [(1.5, 2 * MEGABYTE)]


async def test_many_at_once_take_no_more_than_there_is_and_what_breaks_off_gives_it_back(people: People) -> None:
    await limit(people, 2)
    each = [add(people.bob, f"{sign}.txt", file_of(0.6, sign)) for sign in "abcdef"]
    outcomes = await asyncio.gather(*each, return_exceptions=True)
    assert sum(isinstance(outcome, PersonQuotaExceededError) for outcome in outcomes) == 3
    assert await used(people.bob) == 1.8
    with pytest.raises(UploadIncompleteError):
        async with files.receive(people.eve, chunks(b"x"), 2 * MEGABYTE):
            pass
    assert await used(people.eve) == 0


async def test_who_is_given_a_document_takes_its_space(people: People) -> None:
    document_id = await add(people.bob, "plan.txt", file_of(1))
    async with unit_of_work(people.ada) as uow:
        await uow.session.execute(
            text("UPDATE document SET owner_id = :heir WHERE id = :id"),
            {"heir": people.eve.account_id, "id": document_id},
        )
    assert (await used(people.bob), await used(people.eve)) == (0, 1)


async def test_only_whoever_looks_after_knowledge_sets_limits_and_only_for_their_own(people: People) -> None:
    draft = QuotaDraft("person", people.bob.account_id, False, 5)
    for attempt in (service.set_quota(people.bob, draft), service.get_space(people.bob)):
        with pytest.raises(ForbiddenError):
            await attempt
    with pytest.raises(NotFoundError):
        await service.set_quota(people.zoe, draft)
    await service.set_quota(people.ada, draft)
    (quota,) = (await service.get_space(people.ada)).quotas
    with pytest.raises(NotFoundError):
        await service.remove_quota(people.zoe, quota.id)
    for wrong in (
        QuotaDraft("everyone", people.bob.account_id, False, 5),
        QuotaDraft("person", None, False, 5),
        QuotaDraft("person", people.bob.account_id, True, 5),
        QuotaDraft("everyone", None, False, -1),
    ):
        with pytest.raises(InvalidInputError):
            await service.set_quota(people.ada, wrong)
