"""Tags: who makes, sees and uses them, and what becomes of documents when they change."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest

from convosphere.core.errors import ExpectedError, InvalidInputError
from convosphere.core.permissions import Actor
from convosphere.identity.grants import Level
from convosphere.identity.service.grants import GrantKinds, Subject, set_grant
from convosphere.knowledge.bulk import running, service
from convosphere.knowledge.errors import (
    NameMissingError,
    TagExistsError,
    TagNotFoundError,
    TagTooDeepError,
)
from convosphere.knowledge.schemas import DocumentFilter, DocumentQuery
from convosphere.knowledge.service import documents
from convosphere.knowledge.tags import service as tags
from convosphere.knowledge.tags.queries import TAG
from convosphere.knowledge.tags.schemas import TagDraft
from convosphere.knowledge.tags.service import DEEPEST, TAG_GRANTS
from tests.fixtures.documents import plant_document
from tests.fixtures.people import People

GrantKinds.register(TAG_GRANTS)


async def names(actor: Actor) -> list[tuple[str, int, int]]:
    return [(row.name, row.depth, row.documents) for row in await tags.list_tags(actor)]


async def do(actor: Actor, act: str, tag_id: UUID, *document_ids: UUID) -> UUID:
    """Start and finish work on documents."""
    job_id = await service.start(actor, act, list(document_ids), {"tag_id": str(tag_id)})
    assert actor.workspace_id
    assert actor.account_id
    await running.run(actor.workspace_id, actor.account_id, job_id)
    return job_id


async def tagged(actor: Actor, wanted: DocumentFilter | None = None) -> list[list[str]]:
    """The tags of each document that a filter shows."""
    page = await documents.list_documents(actor, DocumentQuery(wanted or DocumentFilter(), sort="oldest"))
    return [[tag.name for tag in row.tags] for row in page.rows]


async def share(owner: Actor, tag_id: UUID, person: Actor, level: Level) -> None:
    await set_grant(owner, TAG, tag_id, Subject("person", person.account_id), level)


async def test_documents_are_found_by_tags_and_by_those_within(people: People) -> None:
    animals = await tags.create_tag(people.bob, TagDraft("Animals", "green"))
    birds = await tags.create_tag(people.bob, TagDraft("Birds", parent_id=animals))
    first, second, _ = [await plant_document(people.bob) for _ in range(3)]
    await do(people.bob, "tag", birds, first)
    await do(people.bob, "tag", animals, second)
    assert await tagged(people.bob) == [["Birds"], ["Animals"], []]
    assert await tagged(people.bob, DocumentFilter(any_tags=(animals,))) == [["Birds"], ["Animals"]]
    assert await tagged(people.bob, DocumentFilter(all_tags=(birds,))) == [["Birds"]]
    assert await tagged(people.bob, DocumentFilter(any_tags=(animals,), no_tags=(birds,))) == [["Animals"]]
    assert await tagged(people.bob, DocumentFilter(is_untagged=True)) == [[]]
    assert await names(people.bob) == [("Animals", 0, 1), ("Birds", 1, 1)]


async def test_names_are_one_in_a_workspace_and_bounded(people: People) -> None:
    await tags.create_tag(people.bob, TagDraft("Köln"))
    for draft, error in [
        (TagDraft("KÖLN"), TagExistsError),
        (TagDraft(" \u202e "), NameMissingError),
        (TagDraft("x" * 61), InvalidInputError),
        (TagDraft("x", "javascript"), InvalidInputError),
    ]:
        with pytest.raises(error):
            await tags.create_tag(people.eve, draft)
    made = await asyncio.gather(
        *(tags.create_tag(people.bob, TagDraft("Once")) for _ in range(4)), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in made) == ["TagExistsError"] * 3 + ["UUID"]


async def test_tags_lie_within_one_another_up_to_a_depth_and_in_no_ring(people: People) -> None:
    chain = [await tags.create_tag(people.bob, TagDraft("0"))]
    for number in range(1, DEEPEST):
        chain.append(await tags.create_tag(people.bob, TagDraft(str(number), parent_id=chain[-1])))
    with pytest.raises(TagTooDeepError):
        await tags.create_tag(people.bob, TagDraft("deeper", parent_id=chain[-1]))
    with pytest.raises(InvalidInputError):
        await tags.change_tag(people.bob, chain[0], TagDraft("0", parent_id=chain[2]))
    await tags.change_tag(people.bob, chain[3], TagDraft("3"))
    assert [row[1] for row in await names(people.bob)] == [0, 1, 2, 0, 1, 2]
    await tags.delete_tag(people.bob, chain[0])
    assert await names(people.bob) == [("1", 0, 0), ("2", 1, 0), ("3", 0, 0), ("4", 1, 0), ("5", 2, 0)]


async def test_a_merged_tag_lives_on_as_a_synonym(people: People) -> None:
    cars, autos = [await tags.create_tag(people.bob, TagDraft(name)) for name in ("Cars", "Autos")]
    vans = await tags.create_tag(people.bob, TagDraft("Vans", parent_id=autos))
    both, one = [await plant_document(people.bob) for _ in range(2)]
    await do(people.bob, "tag", cars, both)
    await do(people.bob, "tag", autos, both, one)
    with pytest.raises(InvalidInputError):
        await tags.merge_tags(people.bob, autos, vans)
    await tags.merge_tags(people.bob, autos, cars)
    assert await tagged(people.bob) == [["Cars"], ["Cars"]]
    assert await names(people.bob) == [("Cars", 0, 2), ("Vans", 1, 0)]
    assert (await tags.list_tags(people.bob))[0].synonyms == ("Autos",)


async def test_tags_of_others_are_used_but_not_changed(people: People) -> None:
    tag = await tags.create_tag(people.bob, TagDraft("Plans"))
    mine = await plant_document(people.eve)
    await do(people.eve, "tag", tag, mine)
    assert await tagged(people.eve) == [["Plans"]]
    assert await names(people.bob) == [("Plans", 0, 0)]
    for attempt in (
        tags.change_tag(people.eve, tag, TagDraft("Mine")),
        tags.delete_tag(people.eve, tag),
        tags.merge_tags(people.eve, tag, await tags.create_tag(people.eve, TagDraft("Other"))),
        tags.create_tag(people.eve, TagDraft("Within", parent_id=tag)),
    ):
        with pytest.raises(TagNotFoundError):
            await attempt
    await share(people.bob, tag, people.eve, "edit")
    await tags.change_tag(people.eve, tag, TagDraft("Ours", "red"))
    await tags.change_tag(people.ada, tag, TagDraft("Of the workspace"))
    assert [(row.name, row.can_edit) for row in await tags.list_tags(people.eve, "workspace")] == [
        ("Of the workspace", True)
    ]
    assert [row.can_edit for row in await tags.list_tags(people.ada)] == [True, True]


async def test_a_restricted_tag_is_used_by_some_and_seen_where_it_stands(people: People) -> None:
    secret = await tags.create_tag(people.bob, TagDraft("Layoffs", is_restricted=True))
    mine = await plant_document(people.eve)
    assert await names(people.eve) == []
    with pytest.raises(TagNotFoundError):
        await do(people.eve, "tag", secret, mine)
    await share(people.bob, secret, people.eve, "use")
    await do(people.eve, "tag", secret, mine)
    assert await names(people.eve) == [("Layoffs", 0, 1)]


async def test_what_was_put_and_taken_is_undone_as_it_was(people: People) -> None:
    tag = await tags.create_tag(people.bob, TagDraft("Plans"))
    had, new = [await plant_document(people.bob) for _ in range(2)]
    await do(people.bob, "tag", tag, had)
    put = await do(people.bob, "tag", tag, had, new)
    assert await tagged(people.bob) == [["Plans"], ["Plans"]]
    await take_back(people.bob, put)
    assert await tagged(people.bob) == [["Plans"], []]
    taken = await do(people.bob, "untag", tag, had, new)
    assert await tagged(people.bob) == [[], []]
    await take_back(people.bob, taken)
    assert await tagged(people.bob) == [["Plans"], []]


async def take_back(actor: Actor, job_id: UUID) -> None:
    undone = await service.undo(actor, job_id)
    assert actor.workspace_id
    assert actor.account_id
    await running.run(actor.workspace_id, actor.account_id, undone)


async def test_whoever_may_only_read_documents_makes_no_tags(people: People) -> None:
    reader = replace(people.bob, permissions=frozenset(each for each in people.bob.permissions if each.only_reads))
    with pytest.raises(ExpectedError):
        await tags.create_tag(reader, TagDraft("Mine"))
