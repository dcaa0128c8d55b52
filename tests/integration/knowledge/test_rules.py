"""Rules that tag: what they fit, whose rights count, and what a person says against them."""

import pytest
from sqlalchemy import text

from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.service import memberships
from convosphere.identity.service.grants import EVERYONE, GrantKinds, set_grant
from convosphere.knowledge.bulk import running
from convosphere.knowledge.bulk import service as bulk
from convosphere.knowledge.bulk import tasks as bulk_tasks
from convosphere.knowledge.errors import FolderNotFoundError, TagNotFoundError
from convosphere.knowledge.grants import KNOWLEDGE_GRANTS
from convosphere.knowledge.metadata.schemas import MetadataDraft
from convosphere.knowledge.metadata.service import describe
from convosphere.knowledge.queries.access import DOCUMENT
from convosphere.knowledge.rules import service, tasks
from convosphere.knowledge.rules.errors import RuleIncompleteError, RuleNotFoundError
from convosphere.knowledge.rules.schemas import Condition, Part
from convosphere.knowledge.schemas import DocumentQuery
from convosphere.knowledge.service import documents, folders
from convosphere.knowledge.tags import service as tags
from convosphere.knowledge.tags.schemas import TagDraft
from tests.fixtures.people import People
from tests.integration.knowledge.conftest import Upload, Work

assert tasks, "Imported for its task."
assert bulk_tasks, "Likewise."
for grants in KNOWLEDGE_GRANTS:
    GrantKinds.register(grants)

BADGERS = b"# Badgers\n\nBadgers live in setts, which they dig for generations.\n"
DACHSE = "# Dachse\n\nDachse leben in Bauen, die sie über Generationen graben und erweitern.\n".encode()


def says(words: str) -> Condition:
    return Condition(parts=(Part("words", words),))


async def tagged(actor: Actor) -> dict[str, list[str]]:
    """The documents that have tags, by name."""
    page = await documents.list_documents(actor, DocumentQuery(sort="name"))
    return {row.name: [tag.name for tag in row.tags] for row in page.rows if row.tags}


@pytest.fixture
def settle(work: Work) -> Work:
    """Does all jobs, and those that they begin."""

    async def do_all() -> None:
        await work()
        await work()

    return do_all


async def finish(actor: Actor, job_id: object) -> None:
    assert actor.workspace_id
    assert actor.account_id
    await running.run(actor.workspace_id, actor.account_id, job_id)  # pyright: ignore[reportArgumentType]


async def test_a_rule_is_shown_applied_and_kept_up_and_heeds_what_a_person_takes_off(
    people: People, add: Upload, settle: Work
) -> None:
    tag = await tags.create_tag(people.bob, TagDraft("Animals"))
    folder = await folders.create_folder(people.bob, "Woods")
    await add(people.bob, "badgers.md", BADGERS, folder_path="Woods")
    await add(people.bob, "dachse.md", DACHSE)
    await add(people.bob, "plain.txt", b"Nothing of that kind stands in here at all.")
    await add(people.eve, "hers.md", BADGERS + b"hers")
    await settle()

    # Words are found by their stems, in each language by its own.
    for condition, names in (
        (says("digging badger"), ["badgers.md"]),
        (says("dachs"), ["dachse.md"]),
        (Condition("any", (Part("words", "badger"), Part("kind", "TXT"))), ["plain.txt", "badgers.md"]),
        (Condition("all", (Part("words", "badger"), Part("kind", "TXT"))), []),
        (Condition(parts=(Part("folder", str(folder)),)), ["badgers.md"]),
        (Condition(parts=(Part("author", "eva"),)), []),
    ):
        assert list((await service.preview(people.bob, tag, condition)).names) == names, condition
    await describe(people.bob, (await add(people.bob, "dachse.md", DACHSE)).id, MetadataDraft(author="Groß, Eva"))
    by_either = Condition("any", (Part("author", "eva gross"), Part("author", "EVA Groß")))
    assert (await service.preview(people.bob, tag, by_either)).names == ("dachse.md",)

    rule = await service.keep_rule(people.bob, tag, None, says("badger"))
    job = await service.apply_to_present(people.bob, rule)
    await finish(people.bob, job)
    assert await tagged(people.bob) == {"badgers.md": ["Animals"]}
    later = await add(people.bob, "more.md", BADGERS + b"more")
    await settle()
    assert await tagged(people.bob) == {"badgers.md": ["Animals"], "more.md": ["Animals"]}

    await finish(people.bob, await bulk.start(people.bob, "untag", [later.id], {"tag_id": str(tag)}))
    await describe(people.bob, later.id, MetadataDraft(author="Eva"))
    await settle()
    assert await tagged(people.bob) == {"badgers.md": ["Animals"]}
    found = await service.preview(people.bob, tag, says("badger"))
    assert (found.total, found.tagged, found.refused) == (0, 1, 1)

    await finish(people.bob, await bulk.undo(people.bob, job))
    assert await tagged(people.bob) == {}
    assert [row.is_paused for row in await service.list_rules(people.bob, tag)] == [True]
    await add(people.bob, "last.md", BADGERS + b"last")
    await settle()
    assert await tagged(people.bob) == {}


async def test_a_rule_reaches_as_far_as_whoever_made_it(people: People, add: Upload, settle: Work) -> None:
    tag = await tags.create_tag(people.bob, TagDraft("Animals"))
    await service.keep_rule(people.eve, tag, None, says("badger"))
    mine = await add(people.bob, "mine.md", BADGERS, is_shared=True)
    await add(people.eve, "hers.md", BADGERS + b"hers")
    await settle()
    assert await tagged(people.bob) == {}
    assert await tagged(people.eve) == {"hers.md": ["Animals"]}

    await set_grant(people.bob, DOCUMENT, mine.id, EVERYONE, "edit")
    await describe(people.bob, mine.id, MetadataDraft(author="Eva"))
    await settle()
    assert await tagged(people.bob) == {"mine.md": ["Animals"]}

    await memberships.deactivate(people.ada, people.eve.account_id)  # pyright: ignore[reportArgumentType]
    other = await add(people.bob, "other.md", BADGERS + b"other", is_shared=True)
    await set_grant(people.bob, DOCUMENT, other.id, EVERYONE, "edit")
    await settle()
    assert await tagged(people.bob) == {"mine.md": ["Animals"]}
    (row,) = await service.list_rules(people.bob, tag)
    assert row.resting
    assert "no longer in the workspace" in row.resting.text


async def test_a_rule_rests_that_may_no_longer_use_what_it_names(people: People) -> None:
    tag = await tags.create_tag(people.bob, TagDraft("Animals"))
    folder = await folders.create_folder(people.eve, "Woods")
    rule = await service.keep_rule(people.eve, tag, None, Condition(parts=(Part("folder", str(folder)),)))
    assert [row.resting for row in await service.list_rules(people.eve, tag)] == [None]
    await folders.delete_folder(people.eve, folder)
    (row,) = await service.list_rules(people.bob, tag)
    assert row.resting
    assert "a folder that it names is gone" in row.resting.text
    await tags.change_tag(people.bob, tag, TagDraft("Animals", is_restricted=True))
    (row,) = await service.list_rules(people.bob, tag)
    assert row.resting
    assert "use this tag" in row.resting.text
    with pytest.raises(TagNotFoundError):
        await service.keep_rule(people.eve, tag, None, says("x"))
    with pytest.raises(RuleNotFoundError):
        await service.keep_rule(people.bob, tag, rule, says("x"))
    await service.delete_rule(people.bob, rule)
    assert await service.list_rules(people.bob, tag) == []


async def test_what_a_rule_asks_can_be(people: People) -> None:
    tag = await tags.create_tag(people.bob, TagDraft("Animals"))
    hers = await folders.create_folder(people.eve, "Hers")
    for condition, error in (
        (Condition(), RuleIncompleteError),
        (says("  "), RuleIncompleteError),
        (Condition(parts=(Part("kind", "EXE"),)), RuleIncompleteError),
        (Condition(parts=(Part("folder", "x"),)), RuleIncompleteError),
        (Condition(parts=(Part("words", "x"),) * 11), RuleIncompleteError),
        (Condition(parts=(Part("folder", str(hers)),)), FolderNotFoundError),
    ):
        with pytest.raises(error):
            await service.preview(people.bob, tag, condition)
    # Signs that a query would mean something by are words like others, or none.
    for words in ("'); DROP TABLE document; --", "a & | ! <-> :*", "%_\\"):
        assert (await service.preview(people.bob, tag, says(words))).total == 0


async def test_a_merge_keeps_rules_and_what_was_said_against_them(people: People, add: Upload, settle: Work) -> None:
    cars, autos = [await tags.create_tag(people.bob, TagDraft(name)) for name in ("Cars", "Autos")]
    await service.keep_rule(people.bob, autos, None, says("badger"))
    uploaded = await add(people.bob, "a.md", BADGERS)
    await settle()
    await finish(people.bob, await bulk.start(people.bob, "untag", [uploaded.id], {"tag_id": str(autos)}))
    await tags.merge_tags(people.bob, autos, cars)
    assert len(await service.list_rules(people.bob, cars)) == 1
    assert (await service.preview(people.bob, cars, says("badger"))).refused == 1
    await finish(people.bob, await bulk.start(people.bob, "tag", [uploaded.id], {"tag_id": str(cars)}))
    async with unit_of_work(people.bob) as uow:
        assert not await uow.session.scalar(text("SELECT count(*) FROM tag_refusal"))
