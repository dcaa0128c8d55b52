"""What is known of documents: by their files, by people, and what lists make of it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from convosphere.core.audit.models import AUDIT_ENTRY
from convosphere.core.errors import InvalidInputError
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.errors import DocumentNotFoundError
from convosphere.knowledge.metadata import service
from convosphere.knowledge.metadata.schemas import MetadataDraft
from convosphere.knowledge.schemas import DocumentFilter, DocumentQuery, Sort
from convosphere.knowledge.service import documents
from tests.fixtures.documents import plant_document
from tests.fixtures.people import People
from tests.integration.knowledge.conftest import Upload, Work

PAGE = """<html><head><title>{title}</title><meta name="author" content="{author}">
<meta name="date" content="{day}"></head><body><p>Everybody has thirty days of holiday a year.</p></body></html>"""


def page(title: str = "Holidays", author: str = "Eva", day: str = "2024-05-03") -> bytes:
    return PAGE.format(title=title, author=author, day=day).encode()


async def listed(actor: Actor, wanted: DocumentFilter, sort: Sort = "oldest") -> list[str]:
    return [row.name for row in (await documents.list_documents(actor, DocumentQuery(wanted, sort=sort))).rows]


async def test_what_a_person_set_stays_when_the_file_is_read_again(people: People, add: Upload, work: Work) -> None:
    uploaded = await add(people.bob, "holidays.html", page())
    await work()
    known = (await documents.get_document(people.bob, uploaded.id)).metadata
    assert (known.title, known.author, known.language, known.dated_on) == ("Holidays", "Eva", "en", date(2024, 5, 3))
    assert known.origins == {"title": "file", "author": "file", "language": "text", "dated_on": "file"}

    draft = MetadataDraft("Holidays", "", known.language, date(2025, 1, 2), date(2026, 1, 2))
    await service.describe(people.bob, uploaded.id, draft)
    await add(people.bob, "holidays.html", page("Days off", "Kim", "2024-06-01"))
    await work()
    known = (await documents.get_document(people.bob, uploaded.id)).metadata
    assert (known.title, known.author, known.dated_on) == ("Days off", "", date(2025, 1, 2))
    assert known.origins == {"title": "file", "author": "person", "language": "text", "dated_on": "person"}
    assert known.is_review_due

    await service.take_from_file(people.bob, uploaded.id)
    known = (await documents.get_document(people.bob, uploaded.id)).metadata
    assert (known.author, known.dated_on, set(known.origins.values())) == ("Kim", date(2024, 6, 1), {"file", "text"})


async def test_only_who_may_change_a_document_describes_it(people: People) -> None:
    document_id = await plant_document(people.bob)
    for attempt in (
        service.describe(people.eve, document_id, MetadataDraft("Mine")),
        service.take_from_file(people.zoe, document_id),
    ):
        with pytest.raises(DocumentNotFoundError):
            await attempt
    with pytest.raises(InvalidInputError):
        await service.describe(people.bob, document_id, MetadataDraft(language="<b>"))


async def test_the_trail_names_what_was_set_and_not_what_it_says(people: People) -> None:
    document_id = await plant_document(people.bob)
    await service.describe(people.bob, document_id, MetadataDraft("Secret", "Eve", review_on=date(2030, 1, 1)))
    columns = AUDIT_ENTRY.c
    async with unit_of_work(people.ada) as uow:
        entries = await uow.session.execute(
            select(columns.action, columns.after).where(columns.object_id == document_id)
        )
        told = {row.action: row.after for row in entries}
    assert told == {
        "document:describe": {"fields": "title, author"}, "document:set_review": {"review_on": "2030-01-01"},
    }  # fmt: skip


async def test_lists_are_narrowed_and_sorted_by_it(people: People) -> None:
    today = utc_now().date()
    drafts = {
        "a.md": MetadataDraft(author="Müller, Eva", language="de", dated_on=date(2024, 5, 3), review_on=today),
        "b.md": MetadataDraft(author="Eva MÜLLER", language="en", dated_on=date(2025, 5, 3)),
        "c.md": MetadataDraft(author="Kim", language="en", review_on=today + timedelta(days=2)),
    }
    for name, draft in drafts.items():
        await service.describe(people.bob, await plant_document(people.bob, name), draft)
    await service.describe(people.eve, await plant_document(people.eve, "hers.md"), MetadataDraft(author="Eva"))

    assert await listed(people.bob, DocumentFilter(authors=("eva  müller", "Nobody"))) == ["a.md", "b.md"]
    assert await listed(people.bob, DocumentFilter(authors=("Eva", ".,"))) == []
    assert await listed(people.bob, DocumentFilter(languages=("en",))) == ["b.md", "c.md"]
    assert await listed(people.bob, DocumentFilter(dated_from=date(2024, 5, 3))) == ["a.md", "b.md"]
    assert await listed(people.bob, DocumentFilter(dated_until=date(2025, 5, 2))) == ["a.md"]
    assert await listed(people.bob, DocumentFilter(is_review_due=True)) == ["a.md"]
    assert await listed(people.bob, DocumentFilter(), "dated") == ["b.md", "a.md", "c.md"]
    assert await listed(people.bob, DocumentFilter(), "dated_oldest") == ["a.md", "b.md", "c.md"]
    facets = await documents.list_facets(people.bob)
    assert [(facet.key, facet.count) for facet in facets.authors] == [("Eva MÜLLER", 2), ("Kim", 1)]
    assert (facets.review_due, facets.owners[0].name) == (1, "Bob")

    for sort in ("dated", "dated_oldest"):
        first = await documents.list_documents(people.bob, DocumentQuery(sort=sort, limit=2))
        rest = await documents.list_documents(people.bob, DocumentQuery(sort=sort, after=first.next))
        assert [row.name for row in rest.rows] == ["c.md"]
