"""How documents are: counts with the rights of whoever looks, failures by cause, citations, and remains."""

import pytest
from sqlalchemy import text

from convosphere.chat.queries.citations import CitationsOfAnswers
from convosphere.core.errors import ForbiddenError
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.files.service import path_of
from convosphere.knowledge.bulk import tasks as bulk_tasks
from convosphere.knowledge.citing import provide_citations
from convosphere.knowledge.health import scanning, service, tasks
from convosphere.knowledge.schemas import DocumentFilter
from convosphere.knowledge.service import documents
from tests.fixtures.documents import plant_document
from tests.fixtures.people import People
from tests.integration.knowledge.conftest import Upload, Work

provide_citations(CitationsOfAnswers())
assert tasks, "Imported for its tasks."
assert bulk_tasks

TEXT = b"# Holidays\n\nEverybody has thirty days of holiday a year.\n"


async def cite(actor: Actor, document_id: object, *, days_ago: int = 0, answers: int = 1) -> None:
    """Let answers cite a document, as if they had been given some days ago."""
    insert = text("""
        WITH c AS (
            INSERT INTO conversation (id, workspace_id, owner_id, title)
            VALUES (:conversation_id, :workspace_id, :account_id, 'x') RETURNING id
        ), m AS (
            INSERT INTO message (id, workspace_id, conversation_id, role, status, parts)
            SELECT (lpad(to_hex((extract(epoch FROM now() - make_interval(days => :days)) * 1000)::bigint), 12, '0')
                    || substr(replace(gen_random_uuid()::text, '-', ''), 13))::uuid,
                :workspace_id, c.id, 'assistant', 'done', '[]' FROM c, generate_series(1, :answers) RETURNING id
        )
        INSERT INTO message_citation (message_id, workspace_id, number, document_id, document_version_id, start_offset,
                                      end_offset, is_cited)
        SELECT m.id, :workspace_id, n, :document_id, :document_id, 0, 1, true FROM m, generate_series(1, 2) AS n
    """)
    async with unit_of_work(actor) as uow:
        given = {"conversation_id": new_id(), "workspace_id": uow.workspace_id, "account_id": uow.account_id,
                 "days": days_ago, "answers": answers, "document_id": document_id}  # fmt: skip
        await uow.session.execute(insert, given)


async def make_ready(actor: Actor) -> None:
    """Let all documents be such."""
    async with unit_of_work(actor) as uow:
        await uow.session.execute(text("UPDATE document SET status = 'ready'"))


async def test_counts_are_of_what_one_sees_and_lead_to_the_same_list(people: People, add: Upload, work: Work) -> None:
    await add(people.ada, "holidays.md", TEXT)
    await add(people.ada, "broken.pdf", b"%PDF-1.7 and nothing more")
    await add(people.bob, "secret.md", TEXT + b"secret")
    await add(people.bob, "secret.pdf", b"%PDF-1.7 and nothing else")
    await work()
    found = await service.get_health(people.ada)
    assert (found.total, found.hidden, found.hidden_failed) == (2, 2, 1)
    counts = {name: {each.key: each.count for each in part} for name, part in found.parts.items()}
    assert counts["states"] == {"failed": 1, "ready": 1}
    assert counts["kinds"] == {"Markdown": 1, "PDF": 1}
    assert counts["languages"] == {"en": 1}
    assert counts["sizes"] == {"tiny": 2}
    assert counts["ages"] == {"week": 2}
    (cause,) = found.causes
    assert cause.count == 1
    assert "damaged" in str(cause.example)
    for wanted, names in (
        (DocumentFilter(causes=(cause.code,)), ["broken.pdf"]),
        (DocumentFilter(causes=("another",)), []),
        (DocumentFilter(sizes=("tiny", "small"), ages=("week",), kinds=("PDF",)), ["broken.pdf"]),
        (DocumentFilter(sizes=("medium", "large", "huge")), []),
        (DocumentFilter(ages=("month", "quarter", "year", "older")), []),
    ):
        listed = await documents.count_documents(people.ada, wanted)
        assert listed.total == len(names), wanted
    with pytest.raises(ForbiddenError):
        await service.get_health(people.bob)


async def test_all_of_a_cause_are_read_again_of_those_that_one_may_edit(
    people: People, add: Upload, work: Work
) -> None:
    mine = await add(people.ada, "mine.pdf", b"%PDF-1.7 and nothing more")
    theirs = await add(people.bob, "theirs.pdf", b"%PDF-1.7 and nothing else", is_shared=True)
    await work()
    (cause,) = (await service.get_health(people.ada)).causes
    assert cause.count == 2
    await service.retry_cause(people.ada, cause.code)
    await work()
    await work()  # What the job began.
    async with unit_of_work(people.ada) as uow:
        attempts = await uow.session.execute(
            text("""
            SELECT d.id, s.attempts FROM document AS d
            JOIN document_stage AS s ON s.document_version_id = d.current_version_id AND s.stage = 'read'
        """)
        )
        assert {row[0]: row[1] for row in attempts} == {mine.id: 2, theirs.id: 1}


async def test_citations_are_counted_by_answers_and_days(people: People) -> None:
    often, once, never = [await plant_document(people.ada, f"{name}.md") for name in ("often", "once", "never")]
    hidden = await plant_document(people.bob, "hidden.md")
    await make_ready(people.ada)
    await cite(people.bob, often, answers=3)
    await cite(people.bob, hidden)
    await cite(people.bob, once, days_ago=100)
    ever = await service.get_citations(people.ada, is_lately=False)
    assert [(each.name, each.answers) for each in ever.most] == [("often.md", 3), ("once.md", 1)]
    assert [each.name for each in ever.never] == ["never.md"]
    lately = await service.get_citations(people.ada, is_lately=True)
    assert [(each.name, each.answers) for each in lately.most] == [("often.md", 3)]
    assert ([each.name for each in lately.never], lately.count_never) == (["once.md", "never.md"], 2)
    assert {each.id for each in lately.never} == {once, never}


async def test_remains_are_found_by_a_job_and_removed(people: People, add: Upload, work: Work) -> None:
    kept = await add(people.ada, "kept.md", TEXT)
    lost = await add(people.ada, "lost.md", TEXT + b"Nobody knows this one.")
    await work()
    async with unit_of_work(people.ada) as uow:
        # What a fault might leave behind: passages of a version that no document shows, and a grant of nothing.
        await uow.session.execute(text("""
            UPDATE passage SET document_version_id = :nothing WHERE document_id = :id"""),
            {"nothing": new_id(), "id": lost.id})  # fmt: skip
        await uow.session.execute(text("""
            INSERT INTO access_grant (id, workspace_id, subject_type, object_type, object_id, level, is_deny)
            VALUES (:id, :workspace_id, 'everyone', 'document', :id, 'view', false)"""),
            {"id": new_id(), "workspace_id": uow.workspace_id})  # fmt: skip
        sha256 = await uow.session.scalar(text("SELECT sha256 FROM document_version WHERE document_id = :id"),
                                          {"id": kept.id})  # fmt: skip
        path_of(uow.workspace_id, str(sha256)).unlink()
    assert await scanning.get_latest(people.ada) is None
    await scanning.begin(people.ada, is_cleaning=False)
    await scanning.begin(people.ada, is_cleaning=True)  # One is at it already.
    await work()
    found = await scanning.get_latest(people.ada)
    assert found
    assert (found.state, found.is_cleaning, found.missing) == ("done", False, {kept.id: "kept.md"})
    assert (found.findings["passages"], found.findings["grants"], found.findings["missing"]) == (1, 1, 1)
    await scanning.begin(people.ada, is_cleaning=True)
    await work()
    cleaned = await scanning.get_latest(people.ada)
    assert cleaned
    assert {kind for kind, count in cleaned.findings.items() if count} == {"missing"}
    async with unit_of_work(people.ada) as uow:
        count = text("SELECT count(*) FROM document_frequency WHERE term LIKE 'nobodi%'")
        assert await uow.session.scalar(count) == 0
        assert await uow.session.scalar(text("SELECT count(*) FROM passage")) == 1
    for attempt in (scanning.begin(people.bob, is_cleaning=True), scanning.get_latest(people.bob)):
        with pytest.raises(ForbiddenError):
            await attempt


async def test_wrong_counts_of_words_are_counted_anew(people: People, add: Upload, work: Work) -> None:
    await add(people.ada, "kept.md", TEXT)
    await work()
    frequencies = text("SELECT dimension, passage_count FROM document_frequency ORDER BY 1")
    async with unit_of_work(people.ada) as uow:
        right = (await uow.session.execute(frequencies)).all()
        await uow.session.execute(text("UPDATE passage_set SET passage_count = 7"))
        await uow.session.execute(text("UPDATE document_frequency SET passage_count = 7"))
    assert await scanning.clean(people.ada) == 1
    async with unit_of_work(people.ada) as uow:
        assert (await uow.session.execute(frequencies)).all() == right
    assert {each.count for each in await scanning.scan(people.ada)} == {0}
