"""Tags that documents with much the same words have."""

from uuid import UUID

import pytest

from convosphere.core.permissions import Actor
from convosphere.knowledge.bulk import running
from convosphere.knowledge.bulk import service as bulk
from convosphere.knowledge.errors import TagNotFoundError
from convosphere.knowledge.service import documents
from convosphere.knowledge.suggestions import service
from convosphere.knowledge.tags import service as tags
from convosphere.knowledge.tags.schemas import TagDraft
from tests.fixtures.people import People
from tests.integration.knowledge.conftest import Upload, Work

ANIMALS = [
    "Badgers dig setts in woodland and forage for earthworms at night.",
    "The badger leaves its sett at dusk; earthworms are what it forages for.",
    "In woodland setts badger cubs are born in February and fed on earthworms.",
]
TAXES = [
    "The invoice shows value added tax, which the customer deducts from the tax return.",
    "A tax return names each invoice and the value added tax that was paid on it.",
    "Customers pay the invoice within thirty days, value added tax included.",
]
NEW = "At night badgers come out of their setts to forage for earthworms."


async def tag(actor: Actor, tag_id: UUID, document_ids: list[UUID]) -> None:
    job_id = await bulk.start(actor, "tag", document_ids, {"tag_id": str(tag_id)})
    assert actor.workspace_id
    assert actor.account_id
    await running.run(actor.workspace_id, actor.account_id, job_id)


async def suggested(actor: Actor, *document_ids: UUID) -> list[tuple[str, list[str]]]:
    found = await service.suggest(actor, document_ids)
    return [(each.tag.name, [name for _, name in each.documents]) for each in found]


async def test_tags_of_what_is_alike_are_suggested_until_they_are_settled(
    people: People, add: Upload, work: Work
) -> None:
    bob = people.bob
    animals, taxes = [await tags.create_tag(bob, TagDraft(name)) for name in ("Animals", "Taxes")]
    animal_ids = [(await add(bob, f"animal {n}.md", text.encode())).id for n, text in enumerate(ANIMALS)]
    tax_ids = [(await add(bob, f"tax {n}.md", text.encode())).id for n, text in enumerate(TAXES)]
    fresh = (await add(bob, "fresh.md", NEW.encode())).id
    bill = (await add(bob, "bill.md", b"We deduct the value added tax of this invoice.")).id
    other = (await add(bob, "other.md", b"Violins are tuned in fifths.")).id
    hers = (await add(people.eve, "hers.md", (NEW + " Hers.").encode())).id
    await work()
    await tag(bob, animals, animal_ids)
    await tag(bob, taxes, tax_ids)

    assert await suggested(bob, fresh) == [("Animals", ["fresh.md"])]
    assert sorted(await suggested(bob, fresh, bill, other)) == [("Animals", ["fresh.md"]), ("Taxes", ["bill.md"])]
    # What only others see teaches nobody, and is not theirs to tag.
    assert await suggested(people.eve, hers) == []
    assert await suggested(people.eve, fresh) == []

    await service.accept(bob, fresh, animals)
    assert [label.name for label in (await documents.get_document(bob, fresh)).row.tags] == ["Animals"]
    await service.dismiss(bob, [bill], taxes)
    assert await suggested(bob, fresh, bill) == []


async def test_only_tags_that_one_may_use_are_suggested(people: People, add: Upload, work: Work) -> None:
    secret = await tags.create_tag(people.bob, TagDraft("Secret", is_restricted=True))
    ids = [(await add(people.bob, f"{n}.md", text.encode(), is_shared=True)).id for n, text in enumerate(ANIMALS)]
    hers = (await add(people.eve, "hers.md", NEW.encode())).id
    await work()
    await tag(people.bob, secret, ids)
    assert await suggested(people.eve, hers) == []
    with pytest.raises(TagNotFoundError):
        await service.accept(people.eve, hers, secret)
    await tags.change_tag(people.bob, secret, TagDraft("Open"))
    assert await suggested(people.eve, hers) == [("Open", ["hers.md"])]
