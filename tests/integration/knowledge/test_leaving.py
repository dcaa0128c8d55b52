"""Somebody who leaves for good: shut out at once, what they share handed over or deleted, the rest gone."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from convosphere.chat.models import Conversation
from convosphere.chat.service.leaving import ConversationsOfPerson
from convosphere.core.errors import ConflictError, ForbiddenError, NotFoundError
from convosphere.core.identifiers import new_id
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.files.service import count_bytes
from convosphere.identity import tasks
from convosphere.identity.errors import LastOwnerError, ReauthenticationRequiredError
from convosphere.identity.models import Account
from convosphere.identity.queries.roster import PeopleQuery
from convosphere.identity.roles import PERMISSIONS, Role
from convosphere.identity.schemas import Client
from convosphere.identity.service import leaving, memberships, roles, roster
from convosphere.identity.service.sessions import open_session, resolve_actor
from convosphere.knowledge.schemas import DocumentQuery
from convosphere.knowledge.service.documents import list_documents
from convosphere.knowledge.service.leaving import DocumentsOfPerson
from tests.fixtures.people import People
from tests.integration.knowledge.conftest import Upload, Work

assert tasks, "Imported for its tasks."


@pytest.fixture(autouse=True)
def parts() -> Iterator[None]:
    """What the composition roots register."""
    before = dict(leaving.PersonDeletionParts._parts)
    leaving.PersonDeletionParts.register("conversations", ConversationsOfPerson())
    leaving.PersonDeletionParts.register("documents", DocumentsOfPerson())
    yield
    leaving.PersonDeletionParts._parts = before


def identity(actor: Actor) -> UUID:
    assert actor.account_id
    return actor.account_id


async def left_behind(people: People, add: Upload) -> str:
    """Bob has a conversation, a document of his own and a shared one; gives the token of a session of his."""
    await add(people.bob, "diary.md", b"# Mine\n\nNobody reads this.\n")
    await add(people.bob, "plan.md", b"# Plan\n\nThe team reads this.\n", is_shared=True)
    async with unit_of_work(people.bob) as uow:
        uow.session.add(Conversation(workspace_id=uow.workspace_id, owner_id=uow.account_id, title="Private"))
        account = await uow.session.get(Account, identity(people.bob))
        assert account
        return (await open_session(uow, account, Role.MEMBER, Client("127.0.0.1", "test"))).token


async def count(people: People, statement: str, **values: Any) -> int:
    async with unit_of_work(people.ada) as uow:
        return int(await uow.session.scalar(text(statement), values) or 0)


async def names(actor: Actor) -> list[str]:
    return [row.name for row in (await list_documents(actor, DocumentQuery())).rows]


async def test_what_is_shared_is_handed_over_and_the_rest_is_gone(people: People, add: Upload, work: Work) -> None:
    token = await left_behind(people, add)
    holdings = await leaving.list_holdings(people.ada, identity(people.bob))
    assert [(str(holding.label), holding.is_shared) for holding in holdings] == [
        ("Conversations: 1", False), ("Documents that nobody else sees: 1", False),
        ("Documents that are shared: 1", True),
    ]  # fmt: skip
    await leaving.delete_person(people.ada, identity(people.bob), identity(people.eve))
    assert (await resolve_actor(token)).is_anonymous, "before any job has run"
    row = (await roster.list_people(people.ada, PeopleQuery(text="bob"))).rows[0]
    assert (row.is_active, row.is_leaving) == (False, True)
    with pytest.raises(ConflictError):
        await memberships.reactivate(people.ada, identity(people.bob))
    with pytest.raises(ConflictError):
        await memberships.deactivate(people.ada, identity(people.eve))
    await work()
    assert (await names(people.eve), await names(people.ada)) == (["plan.md"], ["plan.md"])
    assert await count(people, "SELECT count(*) FROM conversation") == 0
    assert await count(people, "SELECT count(*) FROM account WHERE id = :id", id=identity(people.bob)) == 0
    assert await count(people, "SELECT count(*) FROM document WHERE owner_id = :id", id=identity(people.eve)) == 1
    actions = (
        "SELECT count(*) FROM audit_entry WHERE label = 'Bob' AND action IN ('person:ask_delete', 'person:delete')"
    )
    assert await count(people, actions) == 2, "the trail keeps its entries"


async def test_without_an_heir_all_of_it_goes(people: People, add: Upload, work: Work) -> None:
    await left_behind(people, add)
    await leaving.delete_person(people.ada, identity(people.bob), None)
    await work()
    assert (await names(people.ada), await count_bytes(people.ada)) == ([], 0)


async def test_a_deletion_may_be_repeated_at_any_point(people: People, add: Upload, work: Work) -> None:
    await left_behind(people, add)
    bob, eve = identity(people.bob), identity(people.eve)
    tries = [leaving.delete_person(people.ada, bob, eve) for _ in range(4)]
    assert await asyncio.gather(*tries) == [None] * 4
    assert await count(people, "SELECT count(*) FROM person_deletion") == 1
    assert people.ada.workspace_id
    await DocumentsOfPerson().run(people.ada.workspace_id, bob, eve)
    await work()
    async with unit_of_work(people.ada) as uow:
        deletion_id = (await uow.session.scalars(text("SELECT id FROM person_deletion"))).one()
    await leaving.finish_deletion(people.ada.workspace_id, deletion_id)
    assert await names(people.eve) == ["plan.md"]
    with pytest.raises(NotFoundError):
        await leaving.delete_person(people.ada, bob, eve)


async def test_nobody_is_deleted_by_whoever_may_not(people: People) -> None:
    ada, bob = identity(people.ada), identity(people.bob)
    await roles.give_role(people.ada, bob, Role.ADMIN)
    admin = replace(people.bob, role=Role.ADMIN, permissions=PERMISSIONS[Role.ADMIN])
    for attempt, wrong in (
        (leaving.delete_person(admin, ada, None), ForbiddenError),
        (leaving.delete_person(admin, bob, None), ForbiddenError),
        (leaving.delete_person(people.eve, bob, None), ForbiddenError),
        (leaving.delete_person(people.zoe, bob, None), NotFoundError),
        (leaving.list_holdings(people.zoe, bob), NotFoundError),
        (leaving.list_holdings(people.eve, bob), ForbiddenError),
        (leaving.delete_person(people.ada, bob, identity(people.zoe)), NotFoundError),
        (leaving.delete_person(people.ada, bob, new_id()), NotFoundError),
    ):
        with pytest.raises(wrong):
            await attempt
    assert await count(people, "SELECT count(*) FROM person_deletion") == 0


async def test_of_two_owners_who_delete_each_other_one_stays(people: People, work: Work) -> None:
    await roles.give_role(people.ada, identity(people.eve), Role.OWNER)
    eve = replace(people.eve, role=Role.OWNER, permissions=PERMISSIONS[Role.OWNER])
    ended = await asyncio.gather(
        leaving.delete_person(people.ada, identity(eve), None), leaving.delete_person(eve, identity(people.ada), None),
        return_exceptions=True,
    )  # fmt: skip
    assert sorted(type(end).__name__ for end in ended) == ["LastOwnerError", "NoneType"]
    await work()
    assert await count(people, "SELECT count(*) FROM membership WHERE role = 'owner'") == 1


async def test_one_leaves_oneself_after_a_fresh_proof(people: People, add: Upload, work: Work) -> None:
    await left_behind(people, add)
    with pytest.raises(ReauthenticationRequiredError):
        await leaving.delete_own_account(people.bob, hands_over=True)
    with pytest.raises(LastOwnerError):
        await leaving.delete_own_account(replace(people.ada, authenticated_at=utc_now()), hands_over=False)
    await leaving.delete_own_account(replace(people.bob, authenticated_at=utc_now()), hands_over=True)
    await work()
    assert await names(people.ada) == ["plan.md"]
    assert await count(people, "SELECT count(*) FROM document WHERE owner_id = :id", id=identity(people.ada)) == 1
