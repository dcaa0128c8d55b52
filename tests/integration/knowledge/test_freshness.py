"""What is old or to be looked at again, and how often answers rely on it."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from convosphere.answers.schemas import Source
from convosphere.chat.models import Conversation, Message
from convosphere.chat.queries import citations as citation_queries
from convosphere.chat.queries.citations import CitationsOfAnswers, add_citations
from convosphere.core.identifiers import ids_at, new_id
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.citing import provide_citations
from convosphere.knowledge.errors import DocumentNotFoundError
from convosphere.knowledge.freshness import service
from convosphere.knowledge.metadata.schemas import MetadataDraft
from convosphere.knowledge.metadata.service import describe
from convosphere.knowledge.service import documents
from tests.fixtures.documents import plant_document
from tests.fixtures.people import People

provide_citations(CitationsOfAnswers())
OLD = date(2020, 1, 1)


async def cite(actor: Actor, document_id: UUID, times: int, *, days_ago: int = 1) -> UUID:
    """Answers of the actor's that cite a document twice each; gives the last."""
    conversation = Conversation(workspace_id=actor.workspace_id, owner_id=actor.account_id, title="x")  # pyright: ignore[reportArgumentType]
    message_ids = ids_at([utc_now() - timedelta(days=days_ago)] * times)
    async with unit_of_work(actor) as uow:
        uow.session.add(conversation)
        await uow.session.flush()
        for message_id in message_ids:
            uow.session.add(
                Message(id=message_id, workspace_id=uow.workspace_id, conversation_id=conversation.id,
                        role="assistant", status="done", parts=[])
            )  # fmt: skip
        await uow.session.flush()
        for message_id in message_ids:
            sources = [Source(number, document_id, new_id(), "", 0, 1, None) for number in (1, 2)]
            add_citations(uow, message_id, sources, {1, 2})
    return message_ids[-1]


async def stale(actor: Actor, months: int = 12) -> list[tuple[str, int, bool]]:
    return [(row.name, row.citations, row.is_review_due) for row in (await service.list_stale(actor, months)).rows]


async def test_what_is_stale_is_listed_by_how_often_it_is_cited(people: People) -> None:
    today = utc_now().date()
    drafts = {
        "old.md": MetadataDraft(dated_on=OLD),
        "due.md": MetadataDraft(dated_on=today, review_on=today),
        "planned.md": MetadataDraft(dated_on=OLD, review_on=today + timedelta(days=9)),
        "fresh.md": MetadataDraft(dated_on=today),
        "uncited.md": MetadataDraft(dated_on=OLD),
        "hers.md": MetadataDraft(dated_on=OLD),
    }
    ids = {}
    for name, draft in drafts.items():
        owner = people.eve if name == "hers.md" else people.bob
        ids[name] = await plant_document(owner, name)
        await describe(owner, ids[name], draft)
    for name, times in {"old.md": 2, "due.md": 3, "planned.md": 4, "fresh.md": 5, "hers.md": 6}.items():
        await cite(people.eve, ids[name], times)
    await cite(people.bob, ids["uncited.md"], 7, days_ago=100)

    assert await stale(people.bob) == [("due.md", 3, True), ("old.md", 2, False)]
    assert await stale(people.eve) == [("hers.md", 6, False)]
    assert await stale(people.zoe) == []

    with pytest.raises(DocumentNotFoundError):
        await service.mark_reviewed(people.eve, ids["old.md"])
    await service.mark_reviewed(people.bob, ids["old.md"])
    await service.mark_reviewed(people.bob, ids["due.md"])
    assert await stale(people.bob) == []
    known = (await documents.get_document(people.bob, ids["due.md"])).metadata
    assert (known.reviewed_on, known.review_on, known.is_review_due) == (today, None, False)


async def test_a_citation_tells_how_old_its_document_is(people: People) -> None:
    document_id = await plant_document(people.bob)
    await describe(people.bob, document_id, MetadataDraft(dated_on=OLD, review_on=OLD))
    message_id = await cite(people.bob, document_id, 1)
    seen = {}
    for actor in (people.bob, people.eve):
        async with unit_of_work(actor) as uow:
            source = (await citation_queries.list_sources(uow, [message_id]))[message_id][0]
        seen[actor.name] = (source.document_name, source.dated_on, source.review_due_on)
    assert seen == {"Bob": ("plan.md", OLD, OLD), "Eve": ("", None, None)}
