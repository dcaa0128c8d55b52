"""Folders of documents: what lies in them, who sees it, and what becomes of it when they move or go."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from convosphere.core.errors import ExpectedError, InvalidInputError
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.grants import Level
from convosphere.identity.service.grants import EVERYONE, GrantKinds, Subject, set_grant
from convosphere.knowledge.errors import (
    DocumentNotFoundError,
    FolderExistsError,
    FolderNotFoundError,
    FolderTooDeepError,
    NameMissingError,
)
from convosphere.knowledge.models import Document
from convosphere.knowledge.previews import service as previews
from convosphere.knowledge.queries import citations
from convosphere.knowledge.queries.access import FOLDER
from convosphere.knowledge.schemas import DocumentFilter, DocumentQuery
from convosphere.knowledge.search.visibility import visible_documents
from convosphere.knowledge.service import documents, folders
from convosphere.knowledge.service.folders import DEEPEST, DOCUMENT_FOLDER_GRANTS
from convosphere.knowledge.service.leaving import DocumentsOfPerson
from convosphere.knowledge.service.sharing import DOCUMENT_GRANTS
from tests.fixtures.documents import plant_document
from tests.fixtures.people import People
from tests.integration.knowledge.conftest import Upload

GrantKinds.register(DOCUMENT_FOLDER_GRANTS)
GrantKinds.register(DOCUMENT_GRANTS)
TEXT = b"# Plan\n\nWe meet on Tuesday.\n"


async def tree(actor: Actor, *opened: UUID) -> list[tuple[str, int, int]]:
    return [(row.name, row.depth, row.documents) for row in await folders.list_folders(actor, opened)]


async def paths(actor: Actor, wanted: DocumentFilter | None = None) -> dict[str, str]:
    page = await documents.list_documents(actor, DocumentQuery(wanted or DocumentFilter(), sort="name"))
    return {row.name: row.folder_path for row in page.rows}


async def share(owner: Actor, folder_id: UUID, person: Actor, level: Level, *, is_deny: bool = False) -> None:
    subject = Subject("person", person.account_id)
    await set_grant(owner, FOLDER, folder_id, subject, level, is_deny=is_deny)


async def test_an_uploaded_directory_becomes_folders(people: People, add: Upload) -> None:
    names = [f"{number}.md" for number in range(4)]
    await asyncio.gather(
        *(add(people.bob, name, TEXT + name.encode(), folder_path="Team/Köln") for name in names),
        add(people.bob, "team.md", TEXT, folder_path="team"),
    )
    (team,) = await folders.list_folders(people.bob, [])
    assert (team.documents, team.has_inner) == (5, True)
    inner = (await folders.list_folders(people.bob, [team.id]))[1]
    assert (inner.name, inner.depth, inner.documents) == ("Köln", 1, 4)
    assert set((await paths(people.bob, DocumentFilter(folder_id=inner.id))).values()) == {f"{team.name}/Köln"}
    assert list(await paths(people.bob, DocumentFilter(folder_id=team.id, is_direct=True))) == ["team.md"]
    assert (await documents.count_documents(people.bob, DocumentFilter(folder_id=team.id))).total == 5
    assert await tree(people.eve) == []


async def test_what_is_given_of_a_folder_reaches_all_within_everywhere(people: People) -> None:
    outer = await folders.create_folder(people.bob, "Outer")
    inner = await folders.create_folder(people.bob, "Inner", outer)
    document_id = await plant_document(people.bob)
    await folders.move_documents(people.bob, [document_id], inner)
    assert await sees(people.eve, document_id) == [False] * 6
    await share(people.bob, outer, people.eve, "use")
    assert await sees(people.eve, document_id) == [True] * 6
    assert await paths(people.eve) == {"plan.md": "Outer/Inner"}
    assert await tree(people.eve, outer) == [("Outer", 0, 1), ("Inner", 1, 1)]
    with pytest.raises(DocumentNotFoundError):
        await documents.rename_document(people.eve, document_id, "mine.md")
    await share(people.bob, inner, people.eve, "view", is_deny=True)
    assert await sees(people.eve, document_id) == [False] * 6
    assert await tree(people.eve, outer) == [("Outer", 0, 0)]


async def sees(actor: Actor, document_id: UUID) -> list[bool]:
    """Whether a list, a count, acts on all, a download, citations and search have a document."""
    listed = bool(await paths(actor))
    counted = (await documents.count_documents(actor)).total == 1
    async with unit_of_work(actor) as uow:
        cited = bool(await citations.visible_documents(uow, [document_id]))
        found = select(col(Document.id)).where(visible_documents(uow).condition)
        searched = bool(list(await uow.session.scalars(found)))
        named = bool(await documents.list_names(uow, [document_id]))
    try:
        await previews.get_source(actor, document_id)
        loaded = True
    except DocumentNotFoundError:
        loaded = False
    return [listed, counted, cited, searched, named, loaded]


async def test_a_part_that_was_given_stands_outermost_and_its_surroundings_stay_unknown(people: People) -> None:
    outer = await folders.create_folder(people.bob, "Secret project")
    inner = await folders.create_folder(people.bob, "Minutes", outer)
    document_id = await plant_document(people.bob)
    await folders.move_documents(people.bob, [document_id], inner)
    await set_grant(people.bob, FOLDER, inner, EVERYONE, "edit")
    assert await tree(people.eve) == [("Minutes", 0, 1)]
    assert await paths(people.eve) == {"plan.md": "Minutes"}
    assert (await folders.get_place(people.eve, inner)).names == ("Minutes",)
    assert list((await folders.find_targets(people.eve, "")).values()) == ["Minutes"]
    with pytest.raises(FolderNotFoundError):
        await folders.get_place(people.eve, outer)


async def test_who_may_edit_a_folder_puts_things_there_and_its_owner_has_them(people: People, add: Upload) -> None:
    folder_id = await folders.create_folder(people.bob, "Drop here")
    own = await plant_document(people.eve)
    with pytest.raises(FolderNotFoundError):
        await folders.move_documents(people.eve, [own], folder_id)
    await share(people.bob, folder_id, people.eve, "edit")
    await folders.move_documents(people.eve, [own], folder_id)
    inner = await folders.create_folder(people.eve, "Eve's", folder_id)
    assert await tree(people.bob, folder_id) == [("Drop here", 0, 1), ("Eve's", 1, 0)]
    await documents.rename_document(people.bob, own, "renamed.md")
    with pytest.raises(FolderNotFoundError):
        await folders.delete_folder(people.eve, inner)
    with pytest.raises(FolderNotFoundError):
        await folders.move_folder(people.eve, inner, None)
    with pytest.raises(DocumentNotFoundError):
        await folders.move_documents(people.zoe, [own], None)


async def test_a_folder_moves_with_all_in_it(people: People) -> None:
    first, second = await folders.create_folder(people.bob, "First"), await folders.create_folder(people.bob, "Second")
    inner = await folders.create_folder(people.bob, "Inner", first)
    document_id = await plant_document(people.bob)
    await folders.move_documents(people.bob, [document_id], inner)
    await folders.move_folder(people.bob, first, second)
    assert await paths(people.bob) == {"plan.md": "Second/First/Inner"}
    with pytest.raises(InvalidInputError):
        await folders.move_folder(people.bob, second, inner)
    with pytest.raises(InvalidInputError):
        await folders.move_folder(people.bob, first, first)
    await folders.move_folder(people.bob, inner, None)
    assert await paths(people.bob) == {"plan.md": "Inner"}


async def test_two_who_move_folders_into_each_other_make_no_ring(people: People) -> None:
    one, other = await folders.create_folder(people.bob, "One"), await folders.create_folder(people.bob, "Other")
    ended = await asyncio.gather(
        folders.move_folder(people.bob, one, other), folders.move_folder(people.bob, other, one), return_exceptions=True
    )
    assert sorted(isinstance(each, InvalidInputError) for each in ended) == [False, True]
    assert [depth for _, depth, _ in await tree(people.bob, one, other)] == [0, 1]


async def test_documents_stay_when_their_folder_goes(people: People) -> None:
    outer = await folders.create_folder(people.bob, "Outer")
    inner = await folders.create_folder(people.bob, "Inner", outer)
    deep = await folders.create_folder(people.bob, "Deep", inner)
    document_id = await plant_document(people.bob)
    await folders.move_documents(people.bob, [document_id], deep)
    await set_grant(people.bob, FOLDER, inner, EVERYONE, "view")
    assert await folders.delete_folder(people.bob, inner) == 1
    assert await paths(people.bob) == {"plan.md": "Outer"}
    assert await tree(people.bob, outer) == [("Outer", 0, 1)]
    assert await paths(people.eve) == {}
    await folders.delete_folder(people.bob, outer)
    assert await paths(people.bob) == {"plan.md": ""}


async def test_names_of_folders(people: People) -> None:
    folder_id = await folders.create_folder(people.bob, " Team/\u202eplans\x00 ")
    assert await tree(people.bob) == [("Team plans", 0, 0)]
    with pytest.raises(FolderExistsError):
        await folders.create_folder(people.bob, "TEAM PLANS")
    await folders.create_folder(people.eve, "Team plans")
    inner = await folders.create_folder(people.bob, "Team plans", folder_id)
    with pytest.raises(FolderExistsError):
        await folders.move_folder(people.bob, inner, None)
    other = await folders.create_folder(people.bob, "Other")
    with pytest.raises(FolderExistsError):
        await folders.rename_folder(people.bob, other, "team plans")
    await folders.rename_folder(people.bob, folder_id, "TEAM plans")
    with pytest.raises(NameMissingError):
        await folders.create_folder(people.bob, " / ")


async def test_folders_lie_only_so_deep(people: People, add: Upload) -> None:
    with pytest.raises(FolderTooDeepError):
        await add(people.bob, "deep.md", TEXT, folder_path="/".join("a" * (DEEPEST + 1)))
    assert await paths(people.bob) == {}
    await add(people.bob, "deep.md", TEXT, folder_path="/".join("a" * DEEPEST))
    assert len(await paths(people.bob)) == 1


async def test_a_folder_of_others_is_a_missing_one(people: People, add: Upload) -> None:
    folder_id = await folders.create_folder(people.bob, "Mine")
    own = await plant_document(people.eve)
    for missing in (folder_id, new_id()):
        for attempt in (
            folders.get_place(people.eve, missing), folders.create_folder(people.eve, "x", missing),
            folders.rename_folder(people.eve, missing, "x"), folders.move_folder(people.eve, missing, None),
            folders.delete_folder(people.eve, missing), folders.move_documents(people.eve, [own], missing),
            set_grant(people.eve, FOLDER, missing, EVERYONE, "view"),
        ):  # fmt: skip
            with pytest.raises(ExpectedError) as refused:
                await attempt
            assert isinstance(refused.value, FolderNotFoundError)
    assert await paths(people.eve, DocumentFilter(folder_id=folder_id)) == {}


async def shown(actor: Actor, wanted: DocumentFilter) -> list[UUID]:
    return [row.id for row in (await documents.list_documents(actor, DocumentQuery(wanted))).rows]


async def test_all_that_a_filter_shows_are_chosen_by_it(people: People) -> None:
    folder_id = await folders.create_folder(people.bob, "Plans")
    inside, outside = await plant_document(people.bob, "in.md"), await plant_document(people.bob, "out.md")
    await folders.move_documents(people.bob, [inside], folder_id)
    assert await shown(people.bob, DocumentFilter(folder_id=folder_id)) == [inside]
    assert await shown(people.bob, DocumentFilter(is_direct=True)) == [outside]
    assert await paths(people.bob, DocumentFilter(kinds=("text/markdown",), statuses=("ready",))) == {}
    assert len(await paths(people.bob, DocumentFilter(owner_ids=(people.bob.account_id or new_id(),)))) == 2


@pytest.mark.parametrize("has_heir", [True, False])
async def test_folders_of_who_leaves_go_to_their_heir_or_away(people: People, *, has_heir: bool) -> None:
    folder_id = await folders.create_folder(people.bob, "Plans")
    await folders.create_folder(people.ada, "Plans")
    await share(people.bob, folder_id, people.eve, "edit")
    others = await plant_document(people.eve)
    await folders.move_documents(people.eve, [others], folder_id)
    assert people.bob.account_id
    assert people.bob.workspace_id
    heir_id = people.ada.account_id if has_heir else None
    await DocumentsOfPerson().run(people.bob.workspace_id, people.bob.account_id, heir_id)
    names = [row.name for row in await folders.list_folders(people.ada, [])]
    assert len(names) == (2 if has_heir else 1)
    assert all(name.startswith("Plans") for name in names)
    (path,) = (await paths(people.eve)).values()
    assert path.startswith("Plans") is has_heir
