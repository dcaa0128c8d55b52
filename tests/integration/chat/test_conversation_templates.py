"""Templates: who may do what with them, what begins with one, and what becomes one."""

import asyncio
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from convosphere.assistants.schemas import Definition as AssistantDefinition
from convosphere.assistants.schemas import Settings
from convosphere.assistants.service import assistants
from convosphere.chat.generations import GenerationHost
from convosphere.chat.queries import conversations as conversation_queries
from convosphere.chat.rules import TemporaryRule
from convosphere.chat.service import answering, branches, conversations, parameters, starting, temporary, triggers
from convosphere.chat.service.temporary import remove_expired_of
from convosphere.core.errors import ForbiddenError, NotFoundError
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.creations.service import keeping
from convosphere.creations.service.leaving import CreationsOfPerson
from convosphere.creations.service.sharing import grants_of
from convosphere.identity.grants import Level
from convosphere.identity.roles import PERMISSIONS, Role
from convosphere.identity.service.grants import EVERYONE, GrantKinds, Subject, set_grant
from convosphere.templates.errors import TemplateChangedError, TemplateNotFoundError, TemplateRefusedError
from convosphere.templates.kind import TEMPLATES
from convosphere.templates.schemas import MOST_EXCHANGES, Definition, Exchange, TemplateQuery
from convosphere.templates.service import templates
from tests.fixtures.people import People
from tests.integration.chat.test_answering import finished, send
from tests.provider.fixtures import RunningProvider

GrantKinds.register(grants_of(TEMPLATES))

OWLS = Definition(
    name="Owls",
    description="About birds of the night",
    instructions="Always name the latin species.",
    exchanges=(Exchange(question="Which owl is the largest?", answer="Bubo blakistoni."),),
)


async def listed(actor: Actor, **narrowing: object) -> list[str]:
    page = await templates.list_templates(actor, TemplateQuery(**narrowing))  # pyright: ignore[reportArgumentType]
    assert page.found == len(page.rows)
    return [row.name for row in page.rows]


async def share(owner: Actor, template_id: UUID, subject: Subject, level: Level) -> None:
    await set_grant(owner, "conversation_template", template_id, subject, level)


async def test_levels_let_others_use_change_and_manage(people: People) -> None:
    bob, eve = people.bob, people.eve
    template_id = await templates.create_template(bob, OWLS)
    for other in (eve, people.ada, people.zoe):
        assert await listed(other) == []
        with pytest.raises(TemplateNotFoundError):
            await templates.open_template(other, template_id)
        with pytest.raises(TemplateNotFoundError):
            await starting.start(other, template_id)
    await share(bob, template_id, EVERYONE, "use")
    assert await listed(eve) == await listed(eve, whose="shared") == ["Owls"]
    assert await listed(eve, whose="mine") == await listed(people.zoe) == []
    with pytest.raises(TemplateNotFoundError):
        await templates.save_template(eve, template_id, OWLS, based_on=1)
    assert eve.account_id
    await share(bob, template_id, Subject("person", eve.account_id), "edit")
    assert await templates.save_template(eve, template_id, replace_name("Night birds"), based_on=1) == 2
    with pytest.raises(TemplateChangedError):
        await templates.save_template(bob, template_id, OWLS, based_on=1)
    was = [
        (row.number, row.definition and row.definition.name) for row in await templates.list_versions(eve, template_id)
    ]
    assert was == [(2, "Night birds"), (1, "Owls")]
    assert await templates.restore_version(eve, template_id, 1) == 3
    again = await templates.open_template(bob, template_id)
    assert (again.definition, again.version, again.row.name) == (OWLS, 3, "Owls")
    for refused in (
        templates.restore_version(eve, template_id, 9),
        templates.restore_version(people.ada, template_id, 1),
        templates.list_versions(people.ada, template_id),
    ):
        with pytest.raises(TemplateNotFoundError):
            await refused
    for refused in (templates.delete_template(eve, template_id), share(eve, template_id, EVERYONE, "manage")):
        with pytest.raises(NotFoundError):
            await refused


def replace_name(name: str) -> Definition:
    return OWLS.model_copy(update={"name": name})


async def test_guests_begin_with_templates_and_write_none(people: People) -> None:
    guest = replace(people.eve, role=Role.GUEST, permissions=PERMISSIONS[Role.GUEST])
    template_id = await templates.create_template(people.bob, OWLS)
    await share(people.bob, template_id, EVERYONE, "use")
    assert await starting.start(guest, template_id)
    with pytest.raises(ForbiddenError):
        await templates.create_template(guest, OWLS)


async def test_what_cannot_be_used_is_not_kept(people: People) -> None:
    half = Exchange(question="Only a question")
    broken: dict[str, Definition] = {
        "name": Definition(instructions="x"),
        "description": OWLS.model_copy(update={"description": "x" * 301}),
        "instructions": OWLS.model_copy(update={"instructions": "x" * 8_001}),
        "exchange-0": OWLS.model_copy(update={"exchanges": (half,)}),
        "exchanges": OWLS.model_copy(update={"exchanges": OWLS.exchanges * (MOST_EXCHANGES + 1)}),
        "temperature": OWLS.model_copy(update={"settings": Settings(temperature=2.5)}),
    }
    for field, definition in broken.items():
        with pytest.raises(TemplateRefusedError) as refused:
            await templates.create_template(people.bob, definition)
        assert refused.value.field == field
    assert await listed(people.bob) == []
    empty = OWLS.model_copy(update={"exchanges": (*OWLS.exchanges, Exchange(question=" ", answer="\x00"))})
    kept = await templates.open_template(people.bob, await templates.create_template(people.bob, empty))
    assert kept.definition == OWLS


async def test_documents_that_its_writer_does_not_see_do_not_come_in(people: People) -> None:
    template_id = await templates.create_template(people.bob, OWLS.model_copy(update={"document_ids": (uuid4(),)}))
    assert (await templates.open_template(people.bob, template_id)).definition.document_ids == ()


async def test_put_away_it_comes_back_until_it_is_purged(people: People) -> None:
    bob = people.bob
    template_id = await templates.create_template(bob, OWLS)
    assert await templates.delete_template(bob, template_id) == "Owls"
    assert await listed(bob) == []
    await templates.restore_template(bob, template_id)
    assert await listed(bob, text="NIGHT") == ["Owls"]
    await templates.delete_template(bob, template_id)
    async with unit_of_work(bob) as uow:
        await uow.session.execute(text("UPDATE conversation_template SET deleted_at = now() - interval '2 days'"))
    assert bob.workspace_id
    await keeping.purge(bob.workspace_id, TEMPLATES, template_id)
    with pytest.raises(TemplateNotFoundError):
        await templates.restore_template(bob, template_id)


async def test_who_leaves_hands_over_what_is_shared(people: People) -> None:
    bob, eve = people.bob, people.eve
    assert bob.account_id
    assert eve.account_id
    assert bob.workspace_id
    await templates.create_template(bob, replace_name("Mine"))
    await share(bob, await templates.create_template(bob, OWLS), EVERYONE, "use")
    part = CreationsOfPerson(TEMPLATES)
    async with unit_of_work(people.ada) as uow:
        assert [each.count for each in await part.count(uow, bob.account_id)] == [1, 1]
    await part.run(bob.workspace_id, bob.account_id, eve.account_id)
    assert await listed(eve, whose="mine") == ["Owls"]
    assert await listed(bob) == ["Owls"], "everybody may use it still"


@pytest.mark.usefixtures("host")
async def test_a_chat_begins_as_the_template_says(people: People, provider: RunningProvider) -> None:
    bob = people.bob
    assistant_id = await assistants.create_assistant(bob, AssistantDefinition(name="Owlbert", instructions="Hoot."))
    definition = OWLS.model_copy(update={"assistant_id": assistant_id})
    template_id = await templates.create_template(bob, definition)
    begun = await starting.start(bob, template_id)
    page = await conversations.get_conversation(bob, begun)
    assert (page.title, page.assistant_id) == ("Owls", assistant_id)
    assert [(message.role, message.text) for message in page.messages] == [
        ("user", "Which owl is the largest?"), ("assistant", "Bubo blakistoni."),
    ]  # fmt: skip
    await finished(bob, await send(bob, "And the smallest?", begun))
    asked = provider.chats()[-1].body["messages"]
    assert OWLS.instructions in str(asked[0])
    assert [message["content"] for message in asked[1:3]] == ["Which owl is the largest?", "Bubo blakistoni."]


@pytest.mark.usefixtures("host")
async def test_a_chat_keeps_what_it_began_with_and_so_does_its_copy(people: People, provider: RunningProvider) -> None:
    bob = people.bob
    template_id = await templates.create_template(bob, OWLS)
    begun = await starting.start(bob, template_id)
    await templates.save_template(
        bob, template_id, OWLS.model_copy(update={"instructions": "Something else"}), based_on=1
    )
    await templates.delete_template(bob, template_id)
    async with unit_of_work(bob) as uow:
        await uow.session.execute(text("DELETE FROM conversation_template"))
    sent = await send(bob, "And now?", begun)
    await finished(bob, sent)
    assert OWLS.instructions in str(provider.chats()[-1].body["messages"][0])
    fork = await branches.fork(bob, sent.answer.id)
    await finished(bob, await send(bob, "And in the copy?", fork))
    assert OWLS.instructions in str(provider.chats()[-1].body["messages"][0])


@pytest.mark.usefixtures("host")
async def test_settings_go_from_a_chat_to_its_template_and_on(people: People, provider: RunningProvider) -> None:
    bob, cool = people.bob, Settings(temperature=0.2, thinking="high")
    sent = await send(bob, "Which owl is the largest?")
    await finished(bob, sent)
    async with unit_of_work(bob) as uow:
        conversation_queries.set_parameters(uow, sent.conversation_id, cool)
    template_id = await starting.make_template(bob, sent.conversation_id)
    made = (await templates.open_template(bob, template_id)).definition
    assert made.settings == cool, "also what this model does not know: another may"

    begun = await starting.start(bob, template_id)
    assert (await conversations.get_conversation(bob, begun)).parameters == cool
    await parameters.choose(bob, begun, Settings(temperature=1))
    other = await starting.start(bob, template_id)
    assert other != begun, "a chat begins as the template says, whatever was chosen in another"
    assert await starting.start(bob, template_id) == other
    answer = await finished(bob, await send(bob, "And the smallest?", other))
    assert provider.chats("test-answer")[-1].body["temperature"] == 0.2
    assert answer.parameters == {"temperature": 0.2}


async def test_begun_twice_without_a_word_it_is_one(people: People, host: GenerationHost) -> None:
    bob = people.bob
    template_id = await templates.create_template(bob, OWLS)
    both = await asyncio.gather(starting.start(bob, template_id), starting.start(bob, template_id))
    assert both[0] == both[1]
    await finished(bob, await send(bob, "Used?", both[0]))
    assert await starting.start(bob, template_id) != both[0]


async def test_where_chats_must_be_temporary_this_one_is(people: People) -> None:
    bob = people.bob
    template_id = await templates.create_template(bob, OWLS)
    await temporary.set_rule(people.ada, TemporaryRule.REQUIRED)
    begun = await starting.start(bob, template_id)
    assert (await conversations.get_conversation(bob, begun)).is_temporary
    assert await conversations.list_conversations(bob) == []
    with pytest.raises(NotFoundError):
        await starting.make_template(bob, begun)
    await temporary.close(bob, begun)
    assert bob.workspace_id
    assert await remove_expired_of(system_actor(bob.workspace_id)) == 1


@pytest.mark.usefixtures("host")
async def test_a_chat_becomes_a_template(people: People) -> None:
    bob = people.bob
    template_id = await templates.create_template(bob, OWLS)
    begun = await starting.start(bob, template_id)
    sent = await send(bob, "What do they eat?", begun)
    answer = await finished(bob, sent)
    await conversations.rename(bob, begun, "Owls and mice")
    for stranger in (people.eve, people.zoe):
        with pytest.raises(NotFoundError):
            await starting.make_template(stranger, begun)
    made = (await templates.open_template(bob, await starting.make_template(bob, begun))).definition
    assert (made.name, made.instructions) == ("Owls and mice", OWLS.instructions)
    assert made.exchanges == (*OWLS.exchanges, Exchange(question="What do they eat?", answer=answer.text.strip()))


@pytest.mark.usefixtures("host")
async def test_an_answer_that_is_still_written_stays_out(people: People) -> None:
    bob = people.bob
    sent = await answering.send(bob, "Long? [[tokens=400 rate=20]]", conversation_id=None, client_key=uuid4())
    made = await templates.open_template(bob, await starting.make_template(bob, sent.conversation_id))
    assert made.definition.exchanges == ()
    await answering.stop(bob, sent.answer.id)
    await finished(bob, sent)


@pytest.mark.usefixtures("host")
async def test_a_slash_offers_templates(people: People) -> None:
    template_id = await templates.create_template(people.bob, OWLS)
    offer = await triggers.find(people.bob, "/", "owl")
    assert [(row.kind, row.id, row.name) for row in offer.rows] == [("template", str(template_id), "Owls")]
    assert (await triggers.find(people.eve, "/", "owl")).rows == ()
