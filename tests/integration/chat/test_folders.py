"""Folders hold conversations together, and only those see and use them who may."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest

from convosphere.chat.errors import FolderTooDeepError
from convosphere.chat.generations import GenerationHost
from convosphere.chat.schemas import Shelf
from convosphere.chat.service import answering, conversations, filing, folders
from convosphere.core.errors import InvalidInputError, NotFoundError
from convosphere.core.events import current_event_hub
from convosphere.core.permissions import Actor
from convosphere.identity.grants import Level
from convosphere.identity.service import grants
from convosphere.identity.service.grants import EVERYONE, GrantKinds, Subject
from tests.fixtures.people import People
from tests.integration.chat.test_answering import finished
from tests.integration.chat.test_finding import plant
from tests.provider.fixtures import RunningProvider

GrantKinds.register(folders.FOLDER_GRANTS)
Use = Callable[[Actor, UUID], Awaitable[object]]


async def share(owner: Actor, folder_id: UUID, with_whom: Actor, level: Level, *, is_deny: bool = False) -> None:
    subject = Subject("person", with_whom.account_id)
    await grants.set_grant(owner, "conversation_folder", folder_id, subject, level, is_deny=is_deny)


async def names(actor: Actor) -> list[tuple[str, int]]:
    return [(row.name, row.depth) for row in await folders.list_folders(actor)]


async def listed(actor: Actor, shelf: Shelf) -> list[str]:
    return [row.title for row in await conversations.list_conversations(actor, shelf=shelf)]


async def _file(actor: Actor, folder_id: UUID) -> None:
    await filing.move(actor, [await plant(actor, "Mine", "Hello")], folder_id)


NEEDS: dict[str, tuple[Level, Use]] = {
    "brief": ("view", folders.get_brief),
    "file": ("use", _file),
    "rename": ("edit", lambda actor, folder_id: folders.rename_folder(actor, folder_id, "New")),
    "write": ("edit", lambda actor, folder_id: folders.write_brief(actor, folder_id, "Be brief.", [])),
    "nest": ("edit", lambda actor, folder_id: folders.create_folder(actor, "Inner", folder_id)),
    "move": ("manage", lambda actor, folder_id: folders.move_folder(actor, folder_id, None)),
    "share": (
        "manage",
        lambda actor, folder_id: grants.set_grant(actor, "conversation_folder", folder_id, EVERYONE, "view"),
    ),
    "delete": ("manage", folders.delete_folder),
}
LEVELS: tuple[Level, ...] = ("view", "use", "edit", "manage")


@pytest.mark.parametrize("act", NEEDS)
async def test_each_act_needs_its_level(people: People, act: str) -> None:
    needed, use = NEEDS[act]
    folder_id = await folders.create_folder(people.bob, "Project")
    for stranger in (people.eve, people.ada, people.zoe):
        with pytest.raises(NotFoundError):
            await use(stranger, folder_id)
    for level in LEVELS[: LEVELS.index(needed)]:
        await share(people.bob, folder_id, people.eve, level)
        with pytest.raises(NotFoundError):
            await use(people.eve, folder_id)
    await share(people.bob, folder_id, people.eve, needed)
    await use(people.eve, folder_id)
    with pytest.raises(NotFoundError):
        await use(people.eve, uuid4())


async def test_what_is_granted_reaches_what_lies_within(people: People) -> None:
    outer = await folders.create_folder(people.bob, "Outer")
    inner = await folders.create_folder(people.bob, "Inner", outer)
    hidden = await folders.create_folder(people.bob, "Hidden", inner)
    assert await names(people.eve) == []
    await share(people.bob, inner, people.eve, "use")
    assert await names(people.eve) == [("Inner", 0), ("Hidden", 1)]
    await share(people.bob, hidden, people.eve, "view", is_deny=True)
    assert await names(people.eve) == [("Inner", 0)]
    assert await names(people.bob) == [("Outer", 0), ("Inner", 1), ("Hidden", 2)]
    await folders.move_folder(people.bob, inner, None)
    assert await names(people.bob) == [("Inner", 0), ("Hidden", 1), ("Outer", 0)]


async def test_folders_nest_so_deep_and_never_in_themselves(people: People) -> None:
    path: list[UUID] = []
    for depth in range(5):
        path.append(await folders.create_folder(people.bob, f"Level {depth}", path[-1] if path else None))
    with pytest.raises(FolderTooDeepError):
        await folders.create_folder(people.bob, "Too deep", path[-1])
    with pytest.raises(InvalidInputError):
        await folders.move_folder(people.bob, path[0], path[2])
    with pytest.raises(InvalidInputError):
        await folders.move_folder(people.bob, path[1], path[1])
    other = await folders.create_folder(people.bob, "Other")
    with pytest.raises(FolderTooDeepError):
        await folders.move_folder(people.bob, path[0], other)
    await folders.move_folder(people.bob, path[1], other)
    assert ("Level 4", 4) in await names(people.bob)


async def test_a_shared_folder_shows_nobody_elses_conversations(people: People) -> None:
    folder_id = await folders.create_folder(people.bob, "Project")
    await share(people.bob, folder_id, people.eve, "use")
    await filing.move(people.bob, [await plant(people.bob, "Bob's", "Hello")], folder_id)
    await filing.move(people.eve, [await plant(people.eve, "Eve's", "Hello")], folder_id)
    shelf = Shelf("folder", folder_id)
    assert await listed(people.bob, shelf) == ["Bob's"]
    assert await listed(people.eve, shelf) == ["Eve's"]
    assert await listed(people.eve, Shelf("loose")) == []
    await grants.remove_grant(people.bob, "conversation_folder", folder_id, Subject("person", people.eve.account_id))
    assert await listed(people.eve, Shelf("loose")) == ["Eve's"]
    await folders.delete_folder(people.bob, folder_id)
    assert await listed(people.bob, Shelf("loose")) == ["Bob's"]
    assert await listed(people.eve, Shelf("loose")) == ["Eve's"]


async def test_pins_archive_and_tags(people: People) -> None:
    one, two = [await plant(people.bob, title, "Hello") for title in ("One", "Two")]
    await filing.pin(people.bob, [one], is_pinned=True)
    assert (await listed(people.bob, Shelf("pinned")), await listed(people.bob, Shelf("loose"))) == (["One"], ["Two"])
    await filing.tag(people.bob, [one, two], add=["Law", "#Today"], remove=["nothing"])
    await filing.tag(people.bob, [two], remove=["today"])
    assert [(tag.name, tag.conversations) for tag in await filing.list_tags(people.bob)] == [("law", 2), ("today", 1)]
    assert await filing.list_tags(people.ada) == []
    assert await listed(people.bob, Shelf("tag", tag="today")) == ["One"]
    await filing.archive(people.bob, [one, two], is_archived=True)
    assert await listed(people.bob, Shelf()) == []
    assert await listed(people.bob, Shelf("archive")) == ["Two", "One"]
    await filing.archive(people.bob, [two], is_archived=False)
    assert await listed(people.bob, Shelf()) == ["Two"]
    for number in range(19):
        await filing.tag(people.bob, [two], add=[f"tag {number}"])
    with pytest.raises(InvalidInputError):
        await filing.tag(people.bob, [two], add=["one too many"])


MANY: dict[str, Callable[[Actor, list[UUID]], Awaitable[object]]] = {
    "pin": lambda actor, ids: filing.pin(actor, ids, is_pinned=True),
    "archive": lambda actor, ids: filing.archive(actor, ids, is_archived=True),
    "tag": lambda actor, ids: filing.tag(actor, ids, add=["mine"]),
    "move": lambda actor, ids: filing.move(actor, ids, None),
    "delete": filing.delete_many,
}


@pytest.mark.parametrize("act", MANY)
async def test_nobody_files_what_is_not_theirs(people: People, act: str) -> None:
    theirs = await plant(people.bob, "Bob's", "Hello")
    mine = await plant(people.eve, "Eve's", "Hello")
    before = await conversations.list_conversations(people.bob)
    for stranger in (people.eve, people.ada, people.zoe):
        with pytest.raises(NotFoundError):
            await MANY[act](stranger, [theirs, uuid4()])
    await MANY[act](people.eve, [theirs, mine])
    assert await conversations.list_conversations(people.bob) == before
    with pytest.raises(InvalidInputError):
        await MANY[act](people.eve, [uuid4() for _ in range(501)])


async def test_many_are_deleted_and_come_back(people: People) -> None:
    ids = [await plant(people.bob, f"No. {number}", "Hello") for number in range(3)]
    assert sorted(await filing.delete_many(people.bob, ids)) == sorted(ids)
    assert await listed(people.bob, Shelf()) == []
    for conversation_id in ids:
        await conversations.restore(people.bob, conversation_id)
    assert len(await listed(people.bob, Shelf())) == 3


async def test_what_folders_say_reaches_the_model(
    people: People, host: GenerationHost, provider: RunningProvider
) -> None:
    outer = await folders.create_folder(people.bob, "Tenancy law")
    inner = await folders.create_folder(people.bob, "Berlin", outer)
    await folders.write_brief(people.bob, outer, "Name the paragraph.", [])
    await folders.write_brief(people.bob, inner, "Answer for Berlin.", [])
    await share(people.bob, inner, people.eve, "use")
    sent = await answering.send(people.eve, "Which one?", conversation_id=None, client_key=uuid4(), folder_id=inner)
    await finished(people.eve, sent)
    said = _system(provider)
    assert said.index("Name the paragraph.") < said.index("Answer for Berlin.")
    await grants.remove_grant(people.bob, "conversation_folder", inner, Subject("person", people.eve.account_id))
    again = await answering.send(people.eve, "And now?", conversation_id=sent.conversation_id, client_key=uuid4())
    await finished(people.eve, again)
    assert "Berlin" not in _system(provider)
    with pytest.raises(NotFoundError):
        await answering.send(people.eve, "There?", conversation_id=None, client_key=uuid4(), folder_id=inner)


def _system(provider: RunningProvider) -> str:
    """The instructions of the latest answer."""
    asked = [str(chat.body["messages"][0]["content"]) for chat in provider.chats()]
    return next(said for said in reversed(asked) if said.startswith("You are"))


async def test_other_tabs_hear_of_folders_and_tags(people: People, host: GenerationHost) -> None:
    bob, mine = people.bob, await plant(people.bob, "Mine", "Hello")
    async with current_event_hub().subscribe(filing.filing_topic(bob)) as notices, asyncio.timeout(60):
        folder_id = await folders.create_folder(bob, "Animals")
        await notices.get()
        for change in (
            folders.rename_folder(bob, folder_id, "Birds"), filing.move(bob, [mine], folder_id),
            filing.tag(bob, [mine], add=["owls"]), filing.pin(bob, [mine], is_pinned=True),
            filing.archive(bob, [mine], is_archived=True), folders.delete_folder(bob, folder_id),
        ):  # fmt: skip
            await change
            await notices.get()
        await folders.create_folder(people.eve, "Hers")
        await asyncio.sleep(0.2)
        assert notices.empty()
