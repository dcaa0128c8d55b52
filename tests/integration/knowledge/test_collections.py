"""Collections, and places of all kinds: who sees them, and what a search there finds."""

from dataclasses import replace
from uuid import UUID

import pytest

from convosphere.core.errors import InvalidInputError, NotFoundError
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.service.grants import EVERYONE, GrantKinds, set_grant
from convosphere.knowledge.collections import service as collections
from convosphere.knowledge.collections.queries import COLLECTION
from convosphere.knowledge.collections.service import COLLECTION_GRANTS
from convosphere.knowledge.errors import CollectionNotFoundError, NameMissingError
from convosphere.knowledge.places.schemas import NOWHERE, Places
from convosphere.knowledge.places.service import count_documents, find_places, name_places
from convosphere.knowledge.schemas import ALL_DOCUMENTS, DocumentFilter
from convosphere.knowledge.search.service import search_passages
from convosphere.knowledge.service import documents, folders
from convosphere.knowledge.tags import service as tags
from convosphere.knowledge.tags.schemas import TagDraft
from tests.fixtures.people import People
from tests.integration.knowledge.search.conftest import Library
from tests.integration.knowledge.test_tags import do

GrantKinds.register(COLLECTION_GRANTS)


@pytest.fixture
def library() -> Library:
    return Library()


async def found(actor: Actor, places: Places) -> set[UUID]:
    return {passage.document_id for passage in await search_passages(actor, "owls", limit=100, places=places)}


async def test_a_search_looks_in_places_of_all_kinds(people: People, library: Library) -> None:
    bob = people.bob
    single, filed, deep, tagged, saved, other = [
        (await library.add(bob, "The owls hunt at night.", language="en", is_shared=True)).document_id for _ in range(6)
    ]
    folder = await folders.create_folder(bob, "Animals")
    inner = await folders.create_folder(bob, "Birds", folder)
    await folders.move_documents(bob, [filed], folder)
    await folders.move_documents(bob, [deep], inner)
    tag = await tags.create_tag(bob, TagDraft("Owl"))
    await do(bob, "tag", await tags.create_tag(bob, TagDraft("Barn owl", parent_id=tag)), tagged)
    await documents.rename_document(bob, saved, "night.md")
    collection = await collections.create_collection(bob, "Nights", DocumentFilter(text="NIGHT"))
    for asker in (bob, people.ada):
        assert await found(asker, Places(folder_ids=(folder,))) == {filed, deep}
        assert await found(asker, Places(tag_ids=(tag,))) == {tagged}
        assert await found(asker, Places(collection_ids=(collection,))) == {saved}
        every = Places((single,), (inner,), (tag,), (collection,))
        assert await found(asker, every) == {single, deep, tagged, saved}
        async with unit_of_work(asker) as uow:
            assert await count_documents(uow, every) == 4
        assert await found(asker, NOWHERE) == set()
    await collections.delete_collection(bob, collection)
    assert await found(bob, Places(collection_ids=(collection,))) == set()
    assert other in await found(bob, Places((other,)))


async def test_nobody_finds_more_by_places_than_they_see(people: People, library: Library) -> None:
    secret = (await library.add(people.bob, "The owls hunt at night.", language="en")).document_id
    folder = await folders.create_folder(people.bob, "Secret")
    await folders.move_documents(people.bob, [secret], folder)
    tag = await tags.create_tag(people.bob, TagDraft("Shared word"))
    await do(people.bob, "tag", tag, secret)
    collection = await collections.create_collection(people.bob, "Secret", DocumentFilter(any_tags=(tag,)))
    every = Places((secret,), (folder,), (tag,), (collection,))
    assert await found(people.bob, every) == {secret}
    for other in (people.ada, people.eve, people.zoe):
        assert await found(other, every) == set()
        assert {place.kind for place in await find_places(other, "secret")} == set()
        seen = {"tag"} if other.workspace_id == people.bob.workspace_id else set()
        assert {place.kind for place in await name_places(other, every)} == seen
    assert len(await name_places(people.bob, every)) == 4


async def test_a_shared_collection_opens_no_document(people: People, library: Library) -> None:
    bob, eve = people.bob, people.eve
    await library.add(bob, "Owls.", language="en")
    mine = (await library.add(eve, "Owls of mine.", language="en")).document_id
    both = tuple(each.account_id for each in (bob, eve) if each.account_id)
    wanted = DocumentFilter(languages=("en",), owner_ids=both)
    collection = await collections.create_collection(bob, "English", wanted)
    assert await collections.list_collections(eve) == []
    with pytest.raises(CollectionNotFoundError):
        await collections.open_collection(eve, collection)
    await set_grant(bob, COLLECTION, collection, EVERYONE, "view")
    (row,) = await collections.list_collections(eve)
    assert (row.name, row.is_own, row.is_shared, row.can_edit) == ("English", False, True, False)
    opened = await collections.open_collection(eve, collection)
    assert opened.filter == wanted
    assert set(opened.owners) == set(wanted.owner_ids)
    shown = replace(opened.filter, languages=())  # What the library puts in has no language.
    assert (await documents.count_documents(bob, shown)).total == 1
    assert (await documents.count_documents(eve, shown)).total == 1
    assert await found(eve, Places(collection_ids=(collection,))) <= {mine}
    for act in (
        collections.rename_collection(eve, collection, "Hers"),
        collections.change_filter(eve, collection, DocumentFilter(text="x")),
        collections.delete_collection(eve, collection),
        set_grant(eve, COLLECTION, collection, EVERYONE, "manage"),
    ):
        with pytest.raises(NotFoundError):
            await act
    await set_grant(bob, COLLECTION, collection, EVERYONE, "edit")
    await collections.change_filter(eve, collection, DocumentFilter(text="x", is_trashed=True))
    assert (await collections.open_collection(bob, collection)).filter == DocumentFilter(text="x")


async def test_a_collection_has_a_name_and_says_something(people: People) -> None:
    with pytest.raises(InvalidInputError):
        await collections.create_collection(people.bob, "Everything", ALL_DOCUMENTS)
    with pytest.raises(NameMissingError):
        await collections.create_collection(people.bob, " \u202e ", DocumentFilter(text="x"))
    with pytest.raises(InvalidInputError):
        await collections.create_collection(people.bob, "x" * 81, DocumentFilter(text="x"))
    assert await collections.list_collections(people.bob) == []


async def test_merged_tags_stand_in_collections_too(people: People) -> None:
    old, new = [await tags.create_tag(people.bob, TagDraft(name)) for name in ("Autos", "Cars")]
    collection = await collections.create_collection(people.bob, "Cars", DocumentFilter(all_tags=(old,)))
    await tags.merge_tags(people.bob, old, new)
    opened = await collections.open_collection(people.bob, collection)
    assert opened.filter.all_tags == (new,)
    assert opened.tags[new].name == "Cars"
