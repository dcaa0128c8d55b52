"""Test questions: who keeps and sees them, and how passages of now and new ones do on them."""

import pytest
from sqlalchemy import text

from convosphere.chat.queries.citations import CitationsOfAnswers
from convosphere.core.errors import ForbiddenError, InvalidInputError, NotFoundError
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.chunking import switching
from convosphere.knowledge.chunking import tasks as chunking_tasks
from convosphere.knowledge.chunking.schemas import ChunkSettings
from convosphere.knowledge.citing import provide_citations
from convosphere.knowledge.errors import DocumentNotFoundError
from convosphere.knowledge.evaluation import service, tasks
from convosphere.knowledge.evaluation.schemas import figures_of
from convosphere.knowledge.parsing.schemas import Chunking
from convosphere.knowledge.service import removal
from tests.fixtures.people import People
from tests.integration.knowledge.conftest import Upload, Work
from tests.integration.knowledge.test_chunking import handbook, shadow

provide_citations(CitationsOfAnswers())
assert tasks, "Imported for its tasks."
assert chunking_tasks


async def ranks(actor: Actor) -> list[tuple[int | None, int | None]]:
    return [(row.current_rank, row.shadow_rank) for row in (await service.get_evaluation(actor)).rows]


def test_figures_are_of_ranks() -> None:
    figures = figures_of([1, 2, 6, 0])
    assert figures
    assert (figures.questions, figures.first, figures.near) == (4, 0.25, 0.5)
    assert figures.mean_rank == pytest.approx((1 + 1 / 2 + 1 / 6) / 4)
    assert figures_of([]) is None


async def test_questions_are_asked_of_both_sets(people: People, add: Upload, work: Work) -> None:
    travel = await add(people.ada, "travel.md", handbook("travel"))
    food = await add(people.ada, "food.md", handbook("food"))
    await work()
    await service.add_question(people.ada, "Which sentence of travel is 42?", travel.id, "Sentence  42 OF travel")
    await service.add_question(people.ada, "Sentence 3 of food", food.id, "nothing says this")
    await service.add_question(people.ada, "Sentence 3 of food", food.id, "")
    before = await service.get_evaluation(people.ada)
    assert (before.current, before.shadow, before.is_running) == (None, None, False)
    await service.begin_trial(people.ada)
    assert (await service.get_evaluation(people.ada)).is_running
    await service.begin_trial(people.ada)  # One goes on already.
    await work()
    assert await ranks(people.ada) == [(1, None), (0, None), (1, None)]
    await switching.start(people.ada, ChunkSettings(Chunking(60)))
    await work()
    await service.begin_trial(people.ada)
    await work()
    assert await ranks(people.ada) == [(1, 1), (0, 0), (1, 1)]
    after = await service.get_evaluation(people.ada)
    assert after.current
    assert after.shadow
    assert (after.current.questions, after.shadow.first) == (3, pytest.approx(2 / 3))
    await switching.switch(people.ada, (await shadow(people.ada)).id)
    switched = await service.get_evaluation(people.ada)
    assert (switched.current, switched.shadow, switched.ended_at) == (None, None, None)
    await removal.delete_documents(people.ada, [food.id])
    assert len((await service.get_evaluation(people.ada)).rows) == 1


async def test_questions_are_of_documents_that_one_sees(people: People, add: Upload, work: Work) -> None:
    secret = await add(people.bob, "secret.md", handbook("secret"))
    own = await add(people.ada, "own.md", handbook("own"))
    await work()
    with pytest.raises(DocumentNotFoundError):
        await service.add_question(people.ada, "What is secret?", secret.id, "")
    for question, words in (("", ""), ("x" * 501, ""), ("x", "y" * 201), (" \u202e ", "")):
        with pytest.raises(InvalidInputError):
            await service.add_question(people.ada, question, own.id, words)
    await service.add_question(people.ada, "Sentence 1 of own", own.id, "")
    async with unit_of_work(people.ada) as uow:
        # Whoever gave it has lost the document since.
        hidden = new_id()
        await uow.session.execute(
            text("INSERT INTO search_question (id, workspace_id, document_id, question) VALUES (:id, :w, :d, 'x')"),
            {"id": hidden, "w": uow.workspace_id, "d": secret.id},
        )
    (row,) = (await service.get_evaluation(people.ada)).rows
    assert row.document_name == "own.md"
    for missing in (hidden, new_id()):
        with pytest.raises(NotFoundError):
            await service.delete_question(people.ada, missing)
    for forbidden in (
        service.get_evaluation(people.bob), service.list_asked(people.bob), service.begin_trial(people.bob),
        service.add_question(people.bob, "x", secret.id, ""), service.delete_question(people.bob, row.id),
    ):  # fmt: skip
        with pytest.raises(ForbiddenError):
            await forbidden
    await service.delete_question(people.ada, row.id)
    assert (await service.get_evaluation(people.ada)).rows == ()


async def test_only_what_one_asked_oneself_is_offered(people: People, add: Upload, work: Work) -> None:
    own = await add(people.ada, "own.md", handbook("own"))
    secret = await add(people.bob, "secret.md", handbook("secret"))
    await work()
    insert = text("""
        WITH c AS (
            INSERT INTO conversation (id, workspace_id, owner_id, title) VALUES (:c, :w, :owner, 'x') RETURNING id
        ), q AS (
            INSERT INTO message (id, workspace_id, conversation_id, role, status, parts)
            SELECT :q, :w, c.id, 'user', 'done',
                jsonb_build_array(jsonb_build_object('type', 'text', 'text', CAST(:said AS text)))
            FROM c RETURNING id, conversation_id
        ), a AS (
            INSERT INTO message (id, workspace_id, conversation_id, parent_id, role, status, parts)
            SELECT :a, :w, q.conversation_id, q.id, 'assistant', 'done', '[]' FROM q RETURNING id
        )
        INSERT INTO message_citation (message_id, workspace_id, number, document_id, document_version_id, start_offset,
                                      end_offset, is_cited)
        SELECT a.id, :w, n, CASE n WHEN 1 THEN CAST(:none AS uuid) ELSE CAST(:document AS uuid) END,
            CAST(:document AS uuid), 0, 1, n > 1
        FROM a, generate_series(1, 3) AS n
    """)
    for owner, said, document in (
        (people.ada, "What do I own?", own.id), (people.ada, "And what is secret?", secret.id),
        (people.bob, "What does Ada own?", own.id),
    ):  # fmt: skip
        async with unit_of_work(owner) as uow:
            given = {"c": new_id(), "q": new_id(), "a": new_id(), "w": uow.workspace_id, "owner": uow.account_id,
                     "said": said, "document": document, "none": new_id()}  # fmt: skip
            await uow.session.execute(insert, given)
    asked = await service.list_asked(people.ada)
    assert [(each.question, each.document_id) for each in asked] == [("What do I own?", own.id)]
