"""Files of conversations looked through and taken in, by the worker. Both can be begun again without harm: what is here
already is known by where it came from.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import asdict
from uuid import UUID

from convosphere.chat.errors import NothingIsKeptError
from convosphere.chat.queries import imports as queries
from convosphere.chat.queries import transfers as transfer_queries
from convosphere.chat.queries.imports import ImportRow
from convosphere.chat.service.conversations import publish_list
from convosphere.chat.service.imports import topic
from convosphere.chat.service.planting import Planter
from convosphere.chat.service.reach import Reach, reach_of
from convosphere.chat.service.telling import tell_imported
from convosphere.chat.transfer.reading.files import ConversationFile, Found, PassedOver
from convosphere.chat.transfer.reading.own import SOURCE as OWN
from convosphere.chat.transfer.schema import PortableConversation
from convosphere.chat.transfer.schemas import Report
from convosphere.core.audit.actions import CONVERSATIONS_IMPORTED
from convosphere.core.errors import ExpectedError, NotFoundError, UnavailableError
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.files import service as files
from convosphere.identity.service.memberships import resolve_person

AT_ONCE = 50
"""Conversations read before it is asked which of them are here already."""
WEIGHT_AT_ONCE = 4_000_000
"""Characters of them."""
TELL_SECONDS = 1.0

Batch = list[Found | PassedOver]


class _DiscardedError(Exception):
    """Its person has let go of the file."""


async def read_import(workspace_id: UUID, account_id: UUID, import_id: UUID) -> None:
    """Look through a file, and say what would come in."""
    await _work(workspace_id, account_id, import_id, "reading")


async def take_in_import(workspace_id: UUID, account_id: UUID, import_id: UUID) -> None:
    """Take in what a file holds and what is not here yet."""
    await _work(workspace_id, account_id, import_id, "importing")


async def _work(workspace_id: UUID, account_id: UUID, import_id: UUID, status: str) -> None:
    try:
        actor = await resolve_person(workspace_id, account_id)
        async with unit_of_work(actor) as uow:
            row = await queries.get_import(uow, import_id)
    except NotFoundError:  # Of the person, or of the file: nobody waits for it.
        return
    if row.status != status:
        return
    try:
        report = await (_look_through if status == "reading" else _take_in)(actor, row)
    except _DiscardedError:
        return
    except UnavailableError:
        raise  # It is tried again.
    except ExpectedError as error:
        await _end(actor, row, "failed", error=error)
    else:
        await _end(actor, row, "ready" if status == "reading" else "done", report)


async def _look_through(actor: Actor, row: ImportRow) -> Report:
    report, seen, teller = Report(), set[str](), _Teller(actor, row)
    path = files.path_of(actor.workspace_id, row.sha256)  # pyright: ignore[reportArgumentType]  # People have one.
    with await asyncio.to_thread(ConversationFile, path) as file:
        async for batch in _batches(file):
            known, reach = await _known(actor, batch), await _reach(actor, batch)
            for each in batch:
                _count(report, each, known | seen, file, reach)
                if isinstance(each, Found):
                    seen.add(each.conversation.id)
            await teller.tell(file.position, file.size)
        report.source, report.is_damaged = file.source, file.is_damaged
    return report


async def _take_in(actor: Actor, row: ImportRow) -> Report:
    report, teller = Report(), _Teller(actor, row)
    async with unit_of_work(actor) as uow:
        if await transfer_queries.keeps_nothing(uow):
            raise NothingIsKeptError
    path = files.path_of(actor.workspace_id, row.sha256)  # pyright: ignore[reportArgumentType]
    with await asyncio.to_thread(ConversationFile, path) as file:
        planter = Planter(actor, file)
        async for batch in _batches(file):
            known = await _known(actor, batch)
            for each in batch:
                if isinstance(each, PassedOver):
                    report.pass_over(each.fault, each.title)
                elif each.conversation.id in known:
                    report.duplicates += 1
                else:
                    planted = await planter.plant(each)
                    report.files_gone += planted.files_gone
                    known.add(each.conversation.id)
                    _add(report, each.conversation, planted.reach)
                    await teller.tell(report.conversations, row.total)
        report.source, report.is_damaged = file.source, file.is_damaged
    report.files -= report.files_gone
    return report


def _count(report: Report, each: Found | PassedOver, known: set[str], file: ConversationFile, reach: Reach) -> None:
    if isinstance(each, PassedOver):
        report.pass_over(each.fault, each.title)
    elif each.conversation.id in known:
        report.duplicates += 1
    else:
        _add(report, each.conversation, reach)
        gone = sum(
            part.content is None or (part.content not in each.inline and file.size_of(part.content) is None)
            for message in each.conversation.messages
            for part in message.files
        )
        report.files, report.files_gone = report.files - gone, report.files_gone + gone


def _add(report: Report, conversation: PortableConversation, reach: Reach) -> None:
    report.conversations += 1
    report.messages += len(conversation.messages)
    report.branches += conversation.count_branches() - 1
    report.files += sum(len(message.files) for message in conversation.messages)
    report.instructed += bool(conversation.instructions)
    report.documents_behind.leave([each.name for each in reach.documents_behind(conversation)])
    report.assistants_behind.leave([each.name for each in reach.assistants_behind(conversation)])


async def _batches(file: ConversationFile) -> AsyncIterator[Batch]:
    conversations = file.conversations()
    while batch := await asyncio.to_thread(_next_batch, conversations):
        yield batch


def _next_batch(conversations: Iterator[Found | PassedOver]) -> Batch:
    batch: Batch = []
    weight = 0
    for each in conversations:
        batch.append(each)
        if isinstance(each, Found):
            weight += sum(len(message.text) for message in each.conversation.messages)
            weight += sum(map(len, each.inline.values()))
        if len(batch) == AT_ONCE or weight > WEIGHT_AT_ONCE:
            break
    return batch


async def _known(actor: Actor, batch: Batch) -> set[str]:
    """Those of the conversations that the actor has already, brought or made here."""
    origins = [each.conversation.id for each in batch if isinstance(each, Found)]
    async with unit_of_work(actor) as uow:
        return await transfer_queries.list_known(uow, origins, _own_ids(origins))


async def _reach(actor: Actor, batch: Batch) -> Reach:
    """What the actor may use of all that the conversations stand on."""
    async with unit_of_work(actor) as uow:
        return await reach_of(uow, [each.conversation for each in batch if isinstance(each, Found)])


def _own_ids(origins: Sequence[str]) -> list[UUID]:
    ids: list[UUID] = []
    for origin in origins:
        source, _, name = origin.partition(":")
        if source == OWN and len(name) == len(str(UUID(int=0))):
            try:
                ids.append(UUID(name))
            except ValueError:
                continue
    return ids


class _Teller:
    """Says how far it is, at most once in a while, and hears whether it is still wanted."""

    def __init__(self, actor: Actor, row: ImportRow) -> None:
        self._actor, self._row = actor, row
        self._last = time.monotonic()

    async def tell(self, done: int, total: int) -> None:
        """Say so if it is time.

        Raises:
            _DiscardedError: nobody wants it any more.
        """
        if time.monotonic() - self._last < TELL_SECONDS:
            return
        async with unit_of_work(self._actor) as uow:
            if not await queries.set_progress(uow, self._row.id, self._row.status, done, total):
                raise _DiscardedError
            await uow.publish(topic(self._row.id))
            await publish_list(uow)
        self._last = time.monotonic()


async def _end(
    actor: Actor, row: ImportRow, status: str, report: Report | None = None, error: ExpectedError | None = None
) -> None:
    kept = asdict(report) if report else row.report
    released: set[str] = set()
    async with unit_of_work(actor) as uow:
        told = error.message.as_dict() if error else None
        await queries.set_status(uow, row.id, status, before=(row.status,), report=kept, error=told)
        if status == "done" and report:
            uow.record(
                CONVERSATIONS_IMPORTED, after={"source": report.source, "count": report.conversations}
            )  # fmt: skip
        if row.status == "importing":
            tell_imported(uow, row.id, report.conversations if report else None)
        if status != "ready":
            released = await files.release(uow, [row.id])
        await uow.publish(topic(row.id))
        await publish_list(uow)
    await files.remove_unneeded(actor, released)
