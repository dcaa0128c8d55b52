"""Reading all that Home shows, in one unit of work and a fixed number of statements."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from convosphere.chat.folders import OBJECT_TYPE as FOLDER
from convosphere.chat.queries import conversations as conversation_queries
from convosphere.chat.schemas import ConversationRow
from convosphere.chat.service.conversations import list_topic as conversations_topic
from convosphere.core.authorization import require
from convosphere.core.page_routes import conversation, document, playground
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import UnitOfWork, unit_of_work
from convosphere.home.schemas import NewDocument, Overview, RecentConversation, RunningJob, SharedThing
from convosphere.identity.queries import grants as grant_queries
from convosphere.knowledge.queries import documents as document_queries
from convosphere.knowledge.service.announcements import list_topic as documents_topic
from convosphere.notifications.kinds import SubjectTypes
from convosphere.notifications.service.reading import topic_of
from convosphere.playground.queries import runs as run_queries
from convosphere.templates.schemas import OBJECT_TYPE as TEMPLATE
from convosphere.usage.queries import budgets as budget_queries
from convosphere.usage.queries import reports as report_queries

MOST_RECENT = 6
MOST_SHARED = 5
MOST_DOCUMENTS = 5
MOST_RUNNING = 5
_LOOKED_THROUGH = 20
"""Of conversations, for answers being written; of what was shared, for what is still there."""
SHARED: Final = {
    "document": Permission.DOCUMENT_READ,
    "assistant": Permission.ASSISTANT_READ,
    "prompt": Permission.PROMPT_READ,
    TEMPLATE: Permission.TEMPLATE_READ,
    FOLDER: Permission.CONVERSATION_READ,
    "conversation": Permission.CONVERSATION_READ,
}
"""What may be shared, and what one needs to see such things."""


def topics(actor: Actor) -> tuple[str, ...]:
    """What is published when something changes that Home shows."""
    found = [documents_topic(actor.workspace_id)] if actor.workspace_id else []
    if actor.account_id:
        found += [conversations_topic(actor), topic_of(actor.account_id)]
    return tuple(found)


async def read_overview(actor: Actor) -> Overview:
    """What the actor wants next."""
    require(actor, Permission.ACCOUNT_USE)
    async with unit_of_work(actor) as uow:
        rows = await _conversations(uow)
        return Overview(
            recent=tuple(_recent(row) for row in rows[:MOST_RECENT]),
            running=(*_answers(rows), *await _documents_read(uow), *await _runs(uow))[:MOST_RUNNING],
            shared=tuple(await _shared(uow)),
            documents=tuple(await _new_documents(uow)),
            budgets=tuple(await budget_queries.list_own(uow)),
            used=tuple(await report_queries.sum_own_month(uow)),
        )


async def _conversations(uow: UnitOfWork) -> Sequence[ConversationRow]:
    if not uow.actor.may(Permission.CONVERSATION_READ):
        return ()
    return await conversation_queries.list_conversations(uow, before=None, limit=_LOOKED_THROUGH)


def _recent(row: ConversationRow) -> RecentConversation:
    return RecentConversation(row.id, row.title, row.updated_at, row.is_streaming, row.is_unread)


def _answers(rows: Sequence[ConversationRow]) -> list[RunningJob]:
    return [RunningJob("answer", row.title, conversation(str(row.id))) for row in rows if row.is_streaming]


async def _documents_read(uow: UnitOfWork) -> list[RunningJob]:
    if not uow.actor.may(Permission.DOCUMENT_WRITE):
        return []
    return [
        RunningJob("document", found.name, document(str(found.id)), found.progress_done, found.progress_total)
        for found in await document_queries.list_being_read(uow, MOST_RUNNING)
    ]


async def _runs(uow: UnitOfWork) -> list[RunningJob]:
    if not uow.actor.may(Permission.ASSISTANT_WRITE):
        return []
    return [
        RunningJob("run", run.name, playground(str(run.assistant_id)), run.done, run.total)
        for run in await run_queries.list_running(uow, MOST_RUNNING)
    ]


async def _shared(uow: UnitOfWork) -> list[SharedThing]:
    types = [name for name, permission in SHARED.items() if uow.actor.may(permission)]
    given = await grant_queries.list_given(uow, types, _LOOKED_THROUGH)
    subjects = await SubjectTypes.fetch(uow, [(row.object_type, row.object_id) for row in given])
    found = [
        SharedThing(row.object_type, subject.name, subject.route, row.given_by, row.given_at)
        for row in given
        if (subject := subjects.get((row.object_type, row.object_id)))
    ]
    return found[:MOST_SHARED]


async def _new_documents(uow: UnitOfWork) -> list[NewDocument]:
    if not uow.actor.may(Permission.DOCUMENT_READ):
        return []
    news = [
        NewDocument(found.id, found.name, author, moment, is_version=True)
        for found, author, moment in await document_queries.list_newest_followed(uow, MOST_DOCUMENTS)
    ]
    told = {each.id for each in news}
    news += [
        NewDocument(found.id, found.name, owner, found.created_at)
        for found, owner in await document_queries.list_newest(uow, MOST_DOCUMENTS)
        if found.id not in told
    ]
    return sorted(news, key=attrgetter("created_at"), reverse=True)[:MOST_DOCUMENTS]
