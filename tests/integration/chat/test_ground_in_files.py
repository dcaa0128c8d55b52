"""What a conversation stands on goes out and comes in with it: instructions, documents and assistant, within rights."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from convosphere.assistants.kind import ASSISTANTS
from convosphere.assistants.schemas import Definition as AssistantDefinition
from convosphere.assistants.schemas import Settings
from convosphere.assistants.service import assistants
from convosphere.chat.schemas import Sent
from convosphere.chat.service import answering, branches, conversations, imports, starting
from convosphere.chat.service.sharing import CONVERSATION_GRANTS
from convosphere.chat.transfer.schemas import MOST_NAMED, Behind, Report
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.creations.service.sharing import grants_of
from convosphere.identity.service.grants import GrantKinds, Subject, set_grant
from convosphere.knowledge.service.documents import rename_document
from convosphere.knowledge.service.sharing import DOCUMENT_GRANTS
from convosphere.knowledge.service.trash import trash_document
from convosphere.templates.schemas import Definition, Exchange
from convosphere.templates.service import templates
from tests.fixtures.people import People
from tests.integration.chat.test_answering import finished
from tests.integration.chat.test_conversation_files import brought, listed, person, taken_in, taken_out
from tests.integration.knowledge.conftest import Upload, add
from tests.provider.fixtures import RunningProvider

__all__ = ["add"]

pytestmark = pytest.mark.usefixtures("host")

for kind in (grants_of(ASSISTANTS), DOCUMENT_GRANTS, CONVERSATION_GRANTS):
    GrantKinds.register(kind)

INSTRUCTIONS = "Always name the latin species."
# What a conversation is called here, when it was kept here, and the template whose unused chats are given again.
NOT_IN_FILES = {"id", "origin", "kept_at", "template_id"}
# Who asked and who answered come as names.
NOT_IN_FILES_OF_MESSAGES = {
    "id", "conversation_id", "origin", "client_key", "author_id", "assistant_id", "assistant_version_id"
}  # fmt: skip


@dataclass(frozen=True)
class Begun:
    """A chat of a template that has all that one can have, in which a question was asked."""

    id: UUID
    document_ids: list[UUID]
    assistant_id: UUID


async def begin(owner: Actor, add: Upload) -> Begun:
    # In an order that is not the one of their names.
    documents = [(await add(owner, name, name.encode())).id for name in ("owls.md", "nests.md")]
    assistant_id = await assistants.create_assistant(owner, AssistantDefinition(name="Owlbert", instructions="Hoot."))
    await assistants.set_state(owner, assistant_id, "active")
    definition = Definition(
        name="Owls",
        instructions=INSTRUCTIONS,
        document_ids=tuple(documents),
        assistant_id=assistant_id,
        settings=Settings(temperature=0.2),
        exchanges=(Exchange(question="Which owl is the largest?", answer="Bubo blakistoni."),),
    )
    begun = await starting.start(owner, await templates.create_template(owner, definition))
    await finished(owner, await ask(owner, "And the smallest?", begun, assistant_id))
    return Begun(begun, documents, assistant_id)


async def ask(actor: Actor, question: str, conversation_id: UUID, assistant_id: UUID | None) -> Sent:
    return await answering.send(
        actor, question, conversation_id=conversation_id, client_key=uuid4(), assistant_id=assistant_id
    )


async def rows(actor: Actor, table: str, key: str, conversation_id: UUID, without: set[str]) -> list[dict[str, Any]]:
    """Rows of a conversation as they are stored; ids of messages are their places."""
    statement = text(f"SELECT to_jsonb(r) FROM {table} AS r WHERE {key} = :id ORDER BY r.id")
    async with unit_of_work(actor) as uow:
        found = [row[0] for row in await uow.session.execute(statement, {"id": conversation_id})]
    places = {row["id"]: place for place, row in enumerate(found)}
    return [
        {name: places.get(value, value) if isinstance(value, str) else value for name, value in row.items()
         if name not in without}
        for row in found
    ]  # fmt: skip


async def stored(actor: Actor, conversation_id: UUID) -> list[list[dict[str, Any]]]:
    return [
        await rows(actor, "conversation", "id", conversation_id, NOT_IN_FILES),
        await rows(actor, "message", "conversation_id", conversation_id, NOT_IN_FILES_OF_MESSAGES),
    ]


async def ground(actor: Actor, conversation_id: UUID) -> tuple[str, list[UUID], UUID | None]:
    statement = text("SELECT instructions, document_ids, assistant_id FROM conversation WHERE id = :id")
    async with unit_of_work(actor) as uow:
        row = (await uow.session.execute(statement, {"id": conversation_id})).one()
    return row[0], list(row[1]), row[2]


async def told_of(actor: Actor, conversation_id: UUID) -> dict[str, Any]:
    return json.loads(await taken_out(actor, [conversation_id]))["conversations"][0]


async def test_a_chat_of_a_template_comes_back_as_it_was(
    people: People, provider: RunningProvider, add: Upload
) -> None:
    bob = people.bob
    begun = await begin(bob, add)
    before, was = await taken_out(bob, [begun.id]), await stored(bob, begun.id)
    assert (was[0][0]["instructions"], len(was[1])) == (INSTRUCTIONS, 4)
    await conversations.delete(bob, begun.id)
    report = (await taken_in(bob, before)).report
    assert (report.conversations, report.instructed) == (1, 1)
    assert (report.documents_behind, report.assistants_behind) == (Behind(), Behind())
    (copy,) = await listed(bob)
    assert await taken_out(bob, [copy]) == before
    assert await stored(bob, copy) == was
    assert await ground(bob, copy) == (INSTRUCTIONS, begun.document_ids, begun.assistant_id)

    page = await conversations.get_conversation(bob, copy)
    assert page.assistant_id == begun.assistant_id, "it is chosen for the next question"
    await finished(bob, await ask(bob, "And in between?", copy, page.assistant_id))
    asked = str(provider.chats()[-1].body["messages"][0])
    assert all(words in asked for words in (INSTRUCTIONS, "Hoot.")), "it answers as it did"


async def test_who_reads_along_takes_no_more_out_than_into_a_copy(people: People, add: Upload) -> None:
    bob, eve = people.bob, people.eve
    begun = await begin(bob, add)
    await set_grant(bob, "conversation", begun.id, Subject("person", person(eve)), "view")
    own, read_along = await told_of(bob, begun.id), await told_of(eve, begun.id)
    assert [each["name"] for each in own["documents"]] == ["owls.md", "nests.md"]
    assert own["assistant"] == {"id": str(begun.assistant_id), "name": "Owlbert"}
    copy = await told_of(eve, await branches.copy(eve, begun.id))
    for told in (read_along, copy):
        assert {"instructions", "documents"}.isdisjoint(told)
        assert told["assistant"] == {"id": str(begun.assistant_id)}, "she may not ask it: it has no name for her"


async def test_what_somebody_may_not_use_stays_behind_and_they_are_told(people: People, add: Upload) -> None:
    bob, eve = people.bob, people.eve
    begun = await begin(bob, add)
    data = await taken_out(bob, [begun.id])
    view = await brought(eve, data)
    foreign = (Behind(1, ["owls.md", "nests.md"]), Behind(1, ["Owlbert"]))
    assert (view.report.documents_behind, view.report.assistants_behind) == foreign
    assert await listed(eve) == []
    await imports.discard(eve, view.id)

    for stranger in (eve, people.zoe):
        report = (await taken_in(stranger, data)).report
        assert (report.conversations, report.documents_behind, report.assistants_behind) == (1, *foreign)
        (copy,) = await listed(stranger)
        assert await ground(stranger, copy) == (INSTRUCTIONS, [], None)
        await conversations.delete(stranger, copy)

    given = Subject("person", person(eve))
    await set_grant(bob, "document", begun.document_ids[1], given, "view")
    await rename_document(bob, begun.document_ids[1], "Nests of owls.md")
    await set_grant(bob, "assistant", begun.assistant_id, given, "use")
    report = (await taken_in(eve, data)).report
    assert (report.documents_behind, report.assistants_behind) == (Behind(1, ["owls.md"]), Behind())
    (copy,) = await listed(eve)
    assert await ground(eve, copy) == (INSTRUCTIONS, begun.document_ids[1:], begun.assistant_id)
    (document,) = (await told_of(eve, copy))["documents"]
    assert document["name"] == "Nests of owls.md"

    await trash_document(bob, begun.document_ids[0])
    gone, _ = (await told_of(bob, begun.id))["documents"]
    assert gone == {"id": str(begun.document_ids[0])}, "it may come out of the trash again"


async def test_files_of_before_have_none_of_it_and_come_in(people: People, add: Upload) -> None:
    begun = await begin(people.bob, add)
    data = json.loads(await taken_out(people.bob, [begun.id]))
    assert data["version"] == 2
    for name in ("instructions", "documents", "assistant"):
        del data["conversations"][0][name]
    report = (await taken_in(people.eve, {**data, "version": 1})).report
    assert (report.conversations, report.instructed, report.documents_behind) == (1, 0, Behind())
    (copy,) = await listed(people.eve)
    assert await ground(people.eve, copy) == ("", [], None)


def test_very_many_things_are_counted_and_the_first_are_named() -> None:
    behind = Behind()
    behind.leave([])
    behind.leave(["owls", "owls", ""])
    behind.leave(["owls", *map(str, range(MOST_NAMED - 2))])
    assert (behind.count, len(behind.names), behind.has_more) == (2, MOST_NAMED, False)
    assert behind.names[:3] == ["owls", "", "0"]
    behind.leave(["one more"])
    assert (behind.count, len(behind.names), behind.has_more) == (3, MOST_NAMED, True)
    assert Report.from_kept({"skipped": []}) == Report(), "kept by the release before"
