"""What tags are used for, of documents that one sees."""

from datetime import date

from sqlalchemy import text

from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.tags import queries
from convosphere.knowledge.tags import service as tags
from convosphere.knowledge.tags.figures import UsedTag, get_figures
from convosphere.knowledge.tags.schemas import TagDraft
from tests.fixtures.documents import plant_document
from tests.fixtures.people import People


async def named(used: tuple[UsedTag, ...]) -> list[tuple[str, int]]:
    return [("+".join(sorted(tag.name for tag in each.tags)), each.documents) for each in used]


async def put(actor: Actor, names: dict[str, int], month: str) -> None:
    """A document of the actor's with tags that were put there in a month."""
    document_id = await plant_document(actor)
    async with unit_of_work(actor) as uow:
        for name in names:
            tag_id = await queries.find_named(uow, name)
            assert tag_id
            await queries.put(uow, [document_id], tag_id, "person")
        await uow.session.execute(
            text("UPDATE document_tag SET created_at = CAST(:day AS timestamptz) WHERE document_id = :id"),
            {"day": f"{month}-15T12:00:00Z", "id": document_id},
        )


async def test_uses_pairs_growth_and_what_is_unused(people: People) -> None:
    for name in ("Birds", "Plans", "Old"):
        await tags.create_tag(people.bob, TagDraft(name))
    empty = await get_figures(people.bob)
    assert (empty.documents, empty.tags, empty.growth) == (0, (), ())
    assert [tag.name for tag in empty.unused] == ["Birds", "Old", "Plans"]

    await put(people.bob, {"Birds": 1, "Plans": 1}, "2026-01")
    await put(people.bob, {"Birds": 1}, "2026-03")
    await put(people.eve, {"Birds": 1, "Plans": 1}, "2026-03")
    await plant_document(people.bob)

    found = await get_figures(people.bob)
    assert (found.documents, found.tagged, found.used) == (3, 2, 2)
    assert await named(found.tags) == [("Birds", 2), ("Plans", 1)]
    assert await named(found.pairs) == [("Birds+Plans", 1)]
    assert found.growth == ((date(2026, 1, 1), 2), (date(2026, 2, 1), 2), (date(2026, 3, 1), 3))
    assert [tag.name for tag in found.unused] == ["Old"]
    # Whoever may not change a tag is not offered to delete it.
    assert (await get_figures(people.eve)).unused == ()
