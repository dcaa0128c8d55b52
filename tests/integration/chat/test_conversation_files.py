"""Conversations go out as files and come in again: the same, once, and only for whom they belong to."""

import base64
import io
import json
import zipfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from convosphere.chat import tasks
from convosphere.chat.attachments import ChosenFile
from convosphere.chat.errors import NothingIsKeptError
from convosphere.chat.generations import GenerationHost
from convosphere.chat.models import ChatRule
from convosphere.chat.queries import transfers
from convosphere.chat.schemas import EVERYTHING, Sent
from convosphere.chat.service import answering, branches, conversations, filing, folders, imports, intake
from convosphere.chat.service.exporting import MOST_AT_ONCE, export
from convosphere.chat.service.gathering import gather
from convosphere.chat.service.imports import ImportView
from convosphere.chat.service.planting import Planter
from convosphere.chat.service.sharing import CONVERSATION_GRANTS
from convosphere.chat.transfer.reading.archive import Archive
from convosphere.chat.transfer.reading.files import Found
from convosphere.chat.transfer.schema import PortableConversation, written
from convosphere.chat.transfer.schemas import ExportFormat
from convosphere.core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.files.errors import FileTooLargeError
from convosphere.identity.service.grants import GrantKinds, Subject, set_grant
from convosphere.knowledge.service import documents
from convosphere.knowledge.service import folders as document_folders
from convosphere.launch.notifications import register_notifications
from convosphere.notifications.service import reading
from tests.fixtures.people import People
from tests.integration.chat.test_answering import finished
from tests.integration.chat.test_attachments import OWLS, ask, attach, picture, read
from tests.integration.chat.test_branches import answered, asked_instead
from tests.integration.knowledge.conftest import Work, work
from tests.unit.chat.test_files_of_conversations import ANSWER, QUESTION, chatgpt, node, open_webui

register_notifications()

__all__ = ["tasks", "work"]

GrantKinds.register(CONVERSATION_GRANTS)


CITING = "Which hedgehogs does Bertram hunt in the quarry? [[text=Those [1].]]"


async def taken_out(actor: Actor, ids: Sequence[UUID] | None, form: ExportFormat = ExportFormat.JSON) -> bytes:
    download = await export(actor, ids, form)
    return b"".join([chunk async for chunk in download.chunks])


async def sending(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 65_536):
        yield data[start : start + 65_536]


async def brought(actor: Actor, data: object, name: str = "chats.json") -> ImportView:
    """What is said of a file before anything of it is taken in."""
    plain = data if isinstance(data, bytes) else json.dumps(data).encode()
    view = await imports.bring(actor, sending(plain), size=len(plain), name=name)
    await intake.read_import(workspace(actor), person(actor), view.id)
    return await imports.get(actor, view.id)


async def taken_in(actor: Actor, data: object, name: str = "chats.json") -> ImportView:
    view = await brought(actor, data, name)
    assert view.status == "ready", view.error
    await imports.take_in(actor, view.id)
    await intake.take_in_import(workspace(actor), person(actor), view.id)
    return await imports.get(actor, view.id)


def workspace(actor: Actor) -> UUID:
    assert actor.workspace_id
    return actor.workspace_id


def person(actor: Actor) -> UUID:
    assert actor.account_id
    return actor.account_id


async def listed(actor: Actor) -> list[UUID]:
    return [row.id for row in await conversations.list_conversations(actor)]


async def count(actor: Actor, table: str) -> int:
    async with unit_of_work(actor) as uow:
        return await uow.session.scalar(text(f"SELECT count(*) FROM {table}")) or 0


async def grown(actor: Actor) -> Sent:
    """A conversation with branches."""
    first = await answered(actor, "Where?")
    second = await answered(actor, "And when?", first.conversation_id)
    await asked_instead(actor, second, "And how?")
    await branches.switch(actor, second.question.id)
    return first


async def test_a_conversation_goes_round_the_world_and_is_the_same(
    people: People, host: GenerationHost, work: Work
) -> None:
    taken = await read(people.bob, "owls.md", OWLS, work)
    image = await attach(people.bob, "owl.png", picture())
    first = await ask(people.bob, CITING, taken, use="search")
    sent = await ask(people.bob, "What is this?", image, into=first.conversation_id)
    second = await answered(people.bob, "And when?", sent.conversation_id)
    await asked_instead(people.bob, second, "And how?")
    place = ChosenFile(await document_folders.create_folder(people.bob, "Nests"), "search", "folder")
    third = await answering.send(
        people.bob, "And here?", conversation_id=sent.conversation_id, client_key=uuid4(), files=[place]
    )
    await finished(people.bob, third)
    await conversations.rename(people.bob, sent.conversation_id, "Owls \u202e& <b>hedgehogs</b>")
    folder = await folders.create_folder(people.bob, "Birds")
    inner = await folders.create_folder(people.bob, "Owls", folder)
    await filing.move(people.bob, [sent.conversation_id], inner)
    await filing.tag(people.bob, [sent.conversation_id], add=["night", "birds"])
    await filing.pin(people.bob, [sent.conversation_id], is_pinned=True)

    before = await taken_out(people.bob, [sent.conversation_id])
    assert zipfile.ZipFile(io.BytesIO(before)).testzip() is None
    told = json.loads(zipfile.ZipFile(io.BytesIO(before)).read("conversations.json"))["conversations"][0]
    assert told["messages"][1].get("citations"), told["messages"][1]
    again = await taken_in(people.bob, before, "chats.zip")
    assert (again.report.duplicates, again.report.conversations) == (1, 0), "it is here already"

    await conversations.delete(people.bob, sent.conversation_id)
    view = await taken_in(people.bob, before, "chats.zip")
    assert (view.report.conversations, view.report.branches, view.report.files, view.report.files_gone) == (1, 1, 3, 0)
    (copy,) = await listed(people.bob)
    assert copy != sent.conversation_id
    assert await taken_out(people.bob, [copy]) == before

    twice = await taken_in(people.bob, before, "chats.zip")
    assert (twice.report.duplicates, await listed(people.bob)) == (1, [copy])


async def test_another_workspace_gets_the_same_without_our_ids(people: People, host: GenerationHost) -> None:
    sent = await grown(people.bob)
    before = await taken_out(people.bob, [sent.conversation_id])
    await taken_in(people.zoe, before)
    (copy,) = await listed(people.zoe)
    assert await taken_out(people.zoe, [copy]) == before
    page = await conversations.get_conversation(people.zoe, copy)
    assert [message.text for message in page.messages][::2] == ["Where?", "And when?"]
    assert page.messages[2].sibling_count == 2


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
MOMENT = datetime(2026, 5, 1, tzinfo=UTC)


@st.composite
def trees(draw: st.DrawFn) -> PortableConversation:
    """Conversations with branches, files that are gone, citations, thoughts and notes."""
    size = draw(st.integers(1, 8))
    messages: list[dict[str, Any]] = []
    for number in range(1, size + 1):
        parent = draw(st.one_of(st.none(), st.integers(1, number - 1))) if number > 1 else None
        role = draw(st.sampled_from(["user", "assistant"]))
        parts: list[dict[str, Any]] = []
        if role == "user" and draw(st.booleans()):
            name = draw(st.sampled_from(["a.md", "b.png"]))
            kind = "image" if name.endswith("png") else "document"
            parts.append({"type": "file", "kind": kind, "name": name, "size": draw(st.integers(0, 2**40))})
        if role == "assistant" and draw(st.booleans()):
            parts.append({"type": "thinking", "text": draw(TEXTS), "ms": draw(st.integers(0, 9999))})
        parts.append({"type": "text", "text": draw(TEXTS)})
        messages.append(
            {
                "number": number, "parent": parent, "role": role, "parts": parts,
                "status": draw(st.sampled_from(["done", "stopped", "failed", "interrupted"])),
                "created_at": MOMENT + timedelta(microseconds=draw(st.integers(0, 10**9))),
                "finished_at": draw(st.one_of(st.none(), st.just(MOMENT))),
                "follow_ups": draw(st.one_of(st.none(), st.lists(TEXTS, max_size=2))),
                "speaker": draw(st.one_of(st.none(), st.just({"name": "Owl", "icon": "bot", "color": "red"}))),
                "error": draw(st.one_of(st.none(), st.just({"text": "x {n}", "values": {"n": 1, "m": 0.5, "o": "p"}}))),
                "effort": draw(st.one_of(st.none(), st.just({"ms": 7, "nanos": 2**40}))),
                "settings": draw(st.one_of(st.none(), st.just({"temperature": 0.5, "thinking": "low"}))),
                "citations": [
                    {"number": n, "document": draw(TEXTS), "document_id": UUID(int=n), "version_id": UUID(int=9),
                     "start": n, "end": 2 * n, "page": draw(st.one_of(st.none(), st.integers(1, 9))),
                     "seconds": draw(st.one_of(st.none(), st.integers(0, 9_999)))}
                    for n in range(1, draw(st.integers(0, 2)) + 1) if role == "assistant"
                ],
            }
        )  # fmt: skip
    return PortableConversation.model_validate(
        {
            "id": f"convosphere:{draw(st.uuids())}", "title": "A title", "created_at": MOMENT, "updated_at": MOMENT,
            "active": draw(st.integers(1, size)), "messages": messages, "is_archived": draw(st.booleans()),
            "tags": sorted(draw(st.sets(st.sampled_from(["a", "b", "c"])))),
            "instructions": draw(TEXTS),
            "notes": [{"last_message": size, "text": draw(TEXTS)}] if draw(st.booleans()) else [],
        }
    )  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(told=trees())
async def test_whatever_stands_in_a_file_stands_in_the_next_one(
    people: People, tmp_path: Path, told: PortableConversation
) -> None:
    before = set(await ids_of(people.bob))
    path = tmp_path / "file"
    path.write_text("[]")
    with Archive(path) as archive:
        await Planter(people.bob, archive).plant(Found(told))
    (made,) = set(await ids_of(people.bob)) - before
    again = (await gather(people.bob, made)).conversation
    assert written(again) == written(told)


async def ids_of(actor: Actor) -> list[UUID]:
    async with unit_of_work(actor) as uow:
        return [row.id for row in await transfers.list_exportable(uow, None)]


async def test_only_one_s_own_goes_out_and_the_trail_tells_of_it(people: People, host: GenerationHost) -> None:
    sent = await grown(people.bob)
    mine = await answered(people.eve, "Hello")
    for actor, ids in ((people.eve, [sent.conversation_id]), (people.ada, [sent.conversation_id]),
                       (people.eve, [mine.conversation_id, sent.conversation_id]), (people.zoe, None)):  # fmt: skip
        with pytest.raises(NotFoundError):
            await export(actor, ids, ExportFormat.JSON)
    with pytest.raises(InvalidInputError, match="at most 1000"):
        await export(people.bob, [uuid4() for _ in range(MOST_AT_ONCE + 1)], ExportFormat.JSON)
    with pytest.raises(NotFoundError):
        await gather(people.eve, sent.conversation_id)
    subject = Subject("person", person(people.eve))
    await set_grant(people.bob, "conversation", sent.conversation_id, subject, "view")
    shared = json.loads(await taken_out(people.eve, [sent.conversation_id]))["conversations"]
    assert [each["id"] for each in shared] == [f"convosphere:{sent.conversation_id}"]
    everything = json.loads(await taken_out(people.eve, None))["conversations"]
    assert [each["id"] for each in everything] == [f"convosphere:{mine.conversation_id}"], "those are her own"
    looking = replace(people.bob, permissions=frozenset({Permission.CONVERSATION_READ}))
    with pytest.raises(ForbiddenError):
        await export(looking, None, ExportFormat.PDF)
    await export(people.bob, [sent.conversation_id], ExportFormat.MARKDOWN)
    async with unit_of_work(people.bob) as uow:
        row = (await uow.session.execute(text(
            "SELECT object_id, after FROM audit_entry WHERE action = 'conversation:export' ORDER BY sequence DESC"
        ))).first()  # fmt: skip
    assert row is not None
    assert (row[0], row[1]) == (sent.conversation_id, {"format": "markdown", "count": 1})


async def test_many_go_out_as_one_archive(people: People, host: GenerationHost) -> None:
    first, second = await grown(people.bob), await answered(people.bob, "Where?")
    await filing.archive(people.bob, [second.conversation_id], is_archived=True)
    for form, ending in ((ExportFormat.HTML, ".html"), (ExportFormat.MARKDOWN, ".md")):
        data = await taken_out(people.bob, [first.conversation_id, second.conversation_id], form)
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
        assert len(names) == len(set(names)) == 2
        assert all(name.endswith(ending) for name in names)
    everything = zipfile.ZipFile(io.BytesIO(await taken_out(people.bob, None)))
    told = json.loads(everything.read("conversations.json"))
    assert (told["format"], told["version"], len(told["conversations"])) == ("convosphere.conversations", 2, 2)


async def test_the_text_so_far_of_an_answer_goes_out(people: People, host: GenerationHost) -> None:
    sent = await answering.send(
        people.bob, "[[tokens=4000 rate=20]] Where?", conversation_id=None, client_key=UUID(int=7)
    )
    told = json.loads(await taken_out(people.bob, [sent.conversation_id]))["conversations"][0]
    assert told["messages"][1]["status"] == "interrupted"
    await answering.stop(people.bob, sent.answer.id)


async def test_a_dry_run_says_what_comes_in_and_takes_in_nothing(people: People) -> None:
    data = [
        chatgpt(QUESTION, ANSWER, node("b", "q", "assistant", "Nobody.", at=1700000003)),
        chatgpt(node("root", None), key="c2", title="Nothing"),
        chatgpt(QUESTION, ANSWER),
        {"title": "What is it?"},
    ]
    view = await brought(people.bob, data)
    report = view.report
    assert (view.status, report.source) == ("ready", "chatgpt")
    assert (report.conversations, report.messages, report.branches, report.duplicates) == (1, 3, 1, 1)
    assert [(each.title, each.fault) for each in report.skipped] == [("Nothing", "empty"), ("What is it?", "unknown")]
    assert await listed(people.bob) == []
    await imports.discard(people.bob, view.id)
    assert await imports.find_latest(people.bob) is None
    assert await count(people.bob, "stored_file") == 0, "the file is gone with it"


async def test_what_was_taken_in_can_be_gone_on_with(people: People, host: GenerationHost) -> None:
    await taken_in(people.bob, [chatgpt(QUESTION, ANSWER, update_time=1700000009)])
    (row,) = await conversations.list_conversations(people.bob)
    assert row.updated_at == datetime.fromtimestamp(1700000009, UTC), "it stands where it belongs in time"
    await answered(people.bob, "And when?", row.id)
    page = await conversations.get_conversation(people.bob, row.id)
    assert [message.role for message in page.messages] == ["user", "assistant"] * 2
    again = await answering.retry(people.bob, page.messages[1].id)
    assert again.answer.parent_id == page.messages[0].id


async def test_a_folder_within_thousands_is_none(people: People) -> None:
    said = {"number": 1, "role": "user", "parts": [{"type": "text", "text": "Owls?"}], "created_at": "2024-01-01"}
    chat = {"id": "test:deep", "created_at": "2024-01-01", "updated_at": "2024-01-01", "messages": [said]}
    file = {"format": "convosphere.conversations", "version": 1, "conversations": [{**chat, "folder": ["x"] * 3_000}]}
    assert (await taken_in(people.bob, file)).report.conversations == 1
    assert [row.folder_id for row in await conversations.list_conversations(people.bob)] == [None]
    assert await folders.list_folders(people.bob) == []


async def test_open_webui_s_images_come_in(people: People) -> None:
    url = f"data:image/png;base64,{base64.b64encode(picture()).decode()}"
    files = [{"type": "image", "url": url}, {"type": "image", "url": "data:image/png;base64,AAAA"}]
    chat = open_webui({"id": "1", "parentId": None, "role": "user", "content": "What?", "files": files})
    view = await taken_in(people.bob, [chat])
    assert (view.report.files, view.report.files_gone) == (1, 1)
    (conversation_id,) = await listed(people.bob)
    (message,) = (await conversations.get_conversation(people.bob, conversation_id)).messages
    assert [file["name"] for file in message.files or ()] == ["image-1.png", "image-2.png"]
    assert (message.files or [{}])[0]["width"] == 60


async def test_documents_of_others_are_no_way_in(people: People, host: GenerationHost, work: Work) -> None:
    """A file can name any document; it is read with the rights of who reads it."""
    taken = await read(people.bob, "owls.md", OWLS, work)
    sent = await ask(people.bob, CITING, taken, use="search")
    data = await taken_out(people.bob, [sent.conversation_id])
    plain = zipfile.ZipFile(io.BytesIO(data)).read("conversations.json")
    await taken_in(people.eve, plain)
    (copy,) = await listed(people.eve)
    page = await conversations.get_conversation(people.eve, copy)
    answer = page.messages[1]
    assert {source.document_name for source in answer.sources} == {"owls.md"}, "she has read that in the file"
    await set_grant(people.eve, "conversation", copy, Subject("person", person(people.ada)), "view")
    shown = (await conversations.get_conversation(people.ada, copy)).messages[1]
    assert {source.document_name for source in shown.sources} == {""}, "nobody else learns it from her"
    with pytest.raises(NotFoundError):
        await conversations.open_citation(people.eve, answer.id, answer.sources[0].number)
    assert (page.messages[0].files or [{}])[0]["document_id"] == ""
    await answered(people.eve, "And when?", copy)
    *_, gone_on = (await conversations.get_conversation(people.eve, copy)).messages
    assert gone_on.status == "done", "it goes on without the document"


async def test_whose_file_it_is_and_what_becomes_of_it(people: People) -> None:
    view = await brought(people.bob, [chatgpt(QUESTION, ANSWER)])
    for act in (imports.get, imports.take_in, imports.discard):
        with pytest.raises(NotFoundError):
            await act(people.eve, view.id)
    await imports.take_in(people.bob, view.id)
    with pytest.raises(ConflictError):
        await imports.take_in(people.bob, view.id)
    await intake.take_in_import(workspace(people.bob), person(people.bob), view.id)
    await intake.take_in_import(workspace(people.bob), person(people.bob), view.id)
    assert len(await listed(people.bob)) == 1, "a job that comes twice takes in once"
    assert [str(row.message) for row in (await reading.list_notifications(people.bob, limit=5)).rows] == [
        "Your import is done. New conversations: 1."
    ]
    assert await count(people.bob, "stored_file") == 0


async def test_what_is_refused_says_why_and_keeps_nothing(people: People) -> None:
    view = await brought(people.bob, b"<html>")
    assert (view.status, (view.error or {})["text"][:15]) == ("failed", "This file is no")
    newer = {"format": "convosphere.conversations", "version": 9, "conversations": [{}]}
    view = await brought(people.bob, newer)
    assert "newer" in (view.error or {})["text"]
    assert await count(people.bob, "stored_file") == 0
    with pytest.raises(FileTooLargeError):
        await imports.bring(people.bob, sending(b""), size=2**40, name="x.json")


async def test_where_all_is_temporary_nothing_comes_in_and_temporary_ones_do_not_go_out(
    people: People, host: GenerationHost
) -> None:
    sent = await answering.send(people.bob, "Where?", conversation_id=None, client_key=UUID(int=8), is_temporary=True)
    await finished(people.bob, sent)
    with pytest.raises(NotFoundError):
        await export(people.bob, [sent.conversation_id], ExportFormat.JSON)
    view = await brought(people.bob, [chatgpt(QUESTION, ANSWER)])
    await imports.take_in(people.bob, view.id)
    async with unit_of_work(people.ada) as uow:
        uow.session.add(ChatRule(workspace_id=workspace(people.ada), temporary="required"))
    with pytest.raises(NothingIsKeptError):
        await imports.bring(people.bob, sending(b"[]"), size=2, name="x.json")
    await intake.take_in_import(workspace(people.bob), person(people.bob), view.id)
    view = await imports.get(people.bob, view.id)
    assert (view.status, await listed(people.bob)) == ("failed", [])


async def test_what_was_let_go_is_not_gone_on_with(people: People) -> None:
    view = await brought(people.bob, [chatgpt(QUESTION, ANSWER)])
    await imports.take_in(people.bob, view.id)
    await imports.discard(people.bob, view.id)
    await intake.take_in_import(workspace(people.bob), person(people.bob), view.id)
    assert await conversations.list_conversations(people.bob, shelf=EVERYTHING) == []


async def test_the_worker_does_it(people: People, work: Work) -> None:
    plain = json.dumps([chatgpt(QUESTION, ANSWER)]).encode()
    view = await imports.bring(people.bob, sending(plain), size=len(plain), name="../chats.json")
    await work()
    assert (await imports.get(people.bob, view.id)).status == "ready"
    await imports.take_in(people.bob, view.id)
    await work()
    view = await imports.get(people.bob, view.id)
    assert (view.status, view.name, len(await listed(people.bob))) == ("done", "chats.json", 1)


async def test_a_document_that_came_with_it_is_read_again(people: People, host: GenerationHost, work: Work) -> None:
    taken = await read(people.bob, "owls.md", OWLS, work)
    sent = await ask(people.bob, "Who hunts?", taken)
    data = await taken_out(people.bob, [sent.conversation_id])
    await taken_in(people.eve, data, "chats.zip")
    await work()
    (copy,) = await listed(people.eve)
    (file,) = (await conversations.get_conversation(people.eve, copy)).messages[0].files or ()
    assert (await documents.get_document(people.eve, UUID(file["document_id"]))).row.status == "ready"
