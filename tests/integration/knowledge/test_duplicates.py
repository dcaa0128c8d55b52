"""What is the same, or nearly, is found without looking through everything, and shown to whoever sees both."""

import asyncio

import pytest
from sqlalchemy import text

from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.duplicates import service
from convosphere.knowledge.errors import DocumentNotFoundError
from convosphere.knowledge.service import documents, removal, trash, versions
from tests.fixtures.people import People
from tests.integration.knowledge.conftest import Upload, Work, chunks

LINES = [
    f"Rule number {number} of the house says what the {number * 7}th guest may bring along." for number in range(60)
]
LONG = "\n".join(LINES).encode()
NEARLY = "\n".join([*LINES, "And nobody may smoke."]).encode()
OTHER = "\n".join(line.replace("guest", "tree").replace("house", "forest") for line in LINES).encode()


async def names(actor: Actor) -> list[list[tuple[str, bool]]]:
    found = await service.list_groups(actor)
    return [[(each.name, each.is_same_file) for each in group.documents] for group in found.groups]


async def test_the_same_file_is_told_at_once(people: People, add: Upload) -> None:
    first = await add(people.bob, "rules.md", LONG)
    second = await add(people.bob, "house rules.md", LONG)
    assert [(each.id, each.name) for each in second.same_as] == [(first.id, "rules.md")]
    assert await names(people.bob) == [[("rules.md", True), ("house rules.md", True)]]


async def test_nobody_learns_what_others_have(people: People, add: Upload, work: Work) -> None:
    secret = await add(people.bob, "rules.md", LONG)
    await work()
    assert (await add(people.eve, "mine.md", LONG)).same_as == ()
    await add(people.eve, "nearly.md", NEARLY)
    await work()
    assert await names(people.bob) == await names(people.ada) == await names(people.zoe) == []
    assert [name for name, _ in (await names(people.eve))[0]] == ["mine.md", "nearly.md"]
    own = (await documents.list_documents(people.eve, documents.DocumentQuery())).rows[0]
    for choice in ("keep", "replace", "version", "skip"):
        with pytest.raises(DocumentNotFoundError):
            await service.settle(people.eve, own.id, secret.id, choice)
    await documents.share_documents(people.bob, [secret.id], with_everyone=True)
    assert len((await names(people.eve))[0]) == 3


async def test_texts_that_are_nearly_the_same_are_found(people: People, add: Upload, work: Work) -> None:
    await add(people.bob, "rules.md", LONG)
    await add(people.bob, "other.md", OTHER)
    await add(people.bob, "short.md", b"Hello.")
    await add(people.bob, "short too.md", b"Hello!")
    await work()
    nearly = await add(people.bob, "nearly.md", NEARLY)
    await work()
    assert await names(people.bob) == [[("rules.md", False), ("nearly.md", False)]]
    detail = await documents.get_document(people.bob, nearly.id)
    ((name, percent),) = detail.alike
    assert (name, percent >= service.LEAST_PERCENT) == ("rules.md", True)

    await versions.add_version(people.bob, nearly.id, chunks(OTHER + b"!"), size=len(OTHER) + 1, name="nearly.md")
    await work()
    assert [[name for name, _ in group] for group in await names(people.bob)] == [["other.md", "nearly.md"]]


async def test_two_that_are_read_at_once_find_each_other(people: People, add: Upload, work: Work) -> None:
    await asyncio.gather(*(add(people.bob, f"{number}.md", LONG + b"\n%d" % number) for number in range(6)))
    await work()
    (group,) = await names(people.bob)
    assert len(group) == 6


@pytest.mark.parametrize(
    ("choice", "left"), [("keep", {"a.md", "b.md"}), ("replace", {"b.md"}), ("version", {"a.md"}), ("skip", {"a.md"})]
)
async def test_each_choice_settles_a_pair(
    people: People, add: Upload, work: Work, choice: service.Choice, left: set[str]
) -> None:
    first = await add(people.bob, "a.md", LONG)
    second = await add(people.bob, "b.md", NEARLY)
    await work()
    await service.settle(people.bob, second.id, first.id, choice)
    await work()
    assert await names(people.bob) == []
    page = await documents.list_documents(people.bob, documents.DocumentQuery())
    assert {row.name for row in page.rows} == left
    if choice == "version":
        (newest, old) = await versions.list_versions(people.bob, first.id)
        assert (newest.state, newest.why, old.state) == ("current", "From “b.md”", "past")
        assert (await trash.list_trash(people.bob)).total == 1


async def test_an_upload_is_told_of_what_it_is_like(people: People, add: Upload, work: Work) -> None:
    secret = await add(people.bob, "rules.md", LONG)
    await work()
    mine = await add(people.eve, "mine.md", NEARLY)
    later = await add(people.eve, "later.md", NEARLY + b"\nNor drink.")
    await work()

    async def told(actor: Actor) -> list[tuple[str, str]]:
        found = await service.list_alike_uploads(actor, [secret.id, mine.id, later.id])
        return [(names[each.id], each.other_name) for each in found]

    names = {each.id: each.name for each in (secret, mine, later)}
    assert await told(people.eve) == [("later.md", "mine.md")]
    assert await told(people.bob) == await told(people.ada) == await told(people.zoe) == []
    await documents.share_documents(people.bob, [secret.id], with_everyone=True)
    assert ("mine.md", "rules.md") in await told(people.eve)
    assert await told(people.bob) == []
    (about_mine, _) = await service.list_alike_uploads(people.eve, [mine.id, later.id])
    assert (about_mine.can_edit_other, about_mine.can_manage_other) == (False, False)

    await service.settle(people.eve, mine.id, secret.id, "keep")
    assert [upload for upload, _ in await told(people.eve)] == ["later.md"]
    await service.settle(people.eve, later.id, mine.id, "skip")
    assert await told(people.eve) == []


async def test_nothing_of_it_is_left_behind(people: People, add: Upload, work: Work) -> None:
    both = [await add(people.bob, name, LONG) for name in ("a.md", "b.md")]
    await work()
    await removal.delete_documents(people.bob, [each.id for each in both])
    async with unit_of_work(people.bob) as uow:
        for table in ("document_sketch", "sketch_band", "document_likeness"):
            assert await uow.session.scalar(text(f"SELECT count(*) FROM {table}")) == 0
