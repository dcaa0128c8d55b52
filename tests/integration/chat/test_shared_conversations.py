"""A conversation is shared level by level, several people ask in it, and whoever may see it no more sees nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from convosphere.answers.schemas import Source
from convosphere.chat.company import Company, current_company
from convosphere.chat.generations import GenerationHost
from convosphere.chat.queries import citations as citation_queries
from convosphere.chat.schemas import Sent, Shelf, ShelfKind
from convosphere.chat.service import (
    answering,
    branches,
    context,
    conversations,
    feedback,
    filing,
    finding,
    follow_ups,
    links,
    queueing,
    sharing,
    triggers,
    watching,
)
from convosphere.core.errors import ConflictError, NotFoundError
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.grants import LEVELS, Level
from convosphere.identity.service import grants, groups
from convosphere.identity.service.grants import EVERYONE, GrantKinds, Subject
from convosphere.launch.notifications import register_notifications
from convosphere.notifications.service import reading
from tests.fixtures.documents import plant_document
from tests.fixtures.people import People
from tests.fixtures.waiting import until
from tests.integration.chat.test_answering import finished, send
from tests.integration.chat.test_finding import plant
from tests.integration.chat.test_queue import until_quiet
from tests.provider.fixtures import RunningProvider

GrantKinds.register(sharing.CONVERSATION_GRANTS)
register_notifications()
Use = Callable[[Actor, Sent], Awaitable[object]]


async def share(
    owner: Actor, conversation_id: UUID, with_whom: Actor, level: Level = "use", *, is_deny: bool = False
) -> None:
    subject = Subject("person", with_whom.account_id)
    await grants.set_grant(owner, "conversation", conversation_id, subject, level, is_deny=is_deny)


async def revoke(owner: Actor, conversation_id: UUID, with_whom: Actor) -> None:
    await grants.remove_grant(owner, "conversation", conversation_id, Subject("person", with_whom.account_id))


async def texts(actor: Actor, conversation_id: UUID) -> list[str]:
    return [message.text for message in (await conversations.get_conversation(actor, conversation_id)).messages]


async def shared_titles(actor: Actor) -> list[str]:
    return [row.title for row in await conversations.list_conversations(actor, shelf=Shelf("shared"))]


async def _watch(actor: Actor, sent: Sent) -> None:
    async for _ in watching.watch(actor, sent.answer.id):
        pass


async def _ask_on(actor: Actor, sent: Sent) -> None:
    await finished(actor, await send(actor, "And then?", sent.conversation_id))


async def _ask_again(actor: Actor, sent: Sent) -> None:
    await finished(actor, await answering.retry(actor, sent.answer.id))


NEEDS: dict[str, tuple[Level | None, Use]] = {
    "read": ("view", lambda actor, sent: conversations.get_conversation(actor, sent.conversation_id)),
    "around": ("view", lambda actor, sent: conversations.get_around(actor, sent.conversation_id, sent.answer.id)),
    "leaf": ("view", lambda actor, sent: conversations.get_leaf(actor, sent.conversation_id)),
    "message": ("view", lambda actor, sent: conversations.get_message(actor, sent.answer.id)),
    "progress": ("view", lambda actor, sent: conversations.get_progress(actor, sent.answer.id)),
    "thoughts": ("view", lambda actor, sent: conversations.get_thinking(actor, sent.answer.id)),
    "watch": ("view", _watch),
    "measure": ("view", lambda actor, sent: context.measure(actor, sent.conversation_id)),
    "leaf through": ("view", lambda actor, sent: branches.switch(actor, sent.question.id)),
    "copy": ("view", lambda actor, sent: branches.copy(actor, sent.conversation_id)),
    "fork": ("view", lambda actor, sent: branches.fork(actor, sent.answer.id)),
    "rate": ("view", lambda actor, sent: feedback.rate(actor, sent.answer.id, is_good=True)),
    "ask": ("use", _ask_on),
    "ask again": ("use", _ask_again),
    "other words": ("use", lambda actor, sent: branches.save_edit(actor, sent.question.id, "Or?", client_key=uuid4())),
    "stop": ("use", lambda actor, sent: answering.stop(actor, sent.answer.id)),
    "when full": ("use", lambda actor, sent: context.choose(actor, sent.conversation_id, "ask")),
    "rename": ("edit", lambda actor, sent: conversations.rename(actor, sent.conversation_id, "Ours")),
    "share": (
        "manage",
        lambda actor, sent: grants.set_grant(actor, "conversation", sent.conversation_id, EVERYONE, "view"),
    ),
    "archive": ("view", lambda actor, sent: filing.archive(actor, [sent.conversation_id], is_archived=True)),
    "move": (None, lambda actor, sent: filing.move(actor, [sent.conversation_id], None)),
    "delete": (None, lambda actor, sent: conversations.delete(actor, sent.conversation_id)),
}  # fmt: skip


@pytest.mark.parametrize("act", NEEDS)
async def test_each_act_needs_its_level(people: People, host: GenerationHost, act: str) -> None:
    needed, use = NEEDS[act]
    sent = await send(people.bob, "Shall we?")
    await finished(people.bob, sent)
    allowed = LEVELS[LEVELS.index(needed) :] if needed else ()
    for level in LEVELS:
        await share(people.bob, sent.conversation_id, people.eve, level)
        if level in allowed:
            await use(people.eve, sent)
        else:
            with pytest.raises(NotFoundError):
                await use(people.eve, sent)
    await revoke(people.bob, sent.conversation_id, people.eve)
    if act == "share":
        await grants.remove_grant(people.bob, "conversation", sent.conversation_id, EVERYONE)
    for nobody in (people.eve, people.ada, people.zoe):
        with pytest.raises(NotFoundError):
            await use(nobody, sent)
    await use(people.bob, sent)


async def test_several_people_ask_in_turn(people: People, host: GenerationHost, provider: RunningProvider) -> None:
    first = await send(people.bob, "[[text=Anna]] What is her name?")
    await finished(people.bob, first)
    await share(people.bob, first.conversation_id, people.eve)
    assert await texts(people.eve, first.conversation_id) == await texts(people.bob, first.conversation_id)
    second = await send(people.eve, "[[text=Otto]] And his?", first.conversation_id)
    await finished(people.eve, second)
    assert "Anna" in provider.conversation()
    page = await conversations.get_conversation(people.bob, first.conversation_id)
    assert [(one.role, one.author_name) for one in page.messages] == [
        ("user", "Bob"), ("assistant", ""), ("user", "Eve"), ("assistant", ""),
    ]  # fmt: skip
    third = await send(people.bob, "Thanks", first.conversation_id)
    await finished(people.bob, third)
    assert third.question.parent_id == second.answer.id, "what another said is above what one says next"
    async with unit_of_work(people.bob) as uow:
        paid = await uow.session.execute(text("SELECT account_id FROM model_call WHERE purpose = 'answer' ORDER BY id"))
    assert list(paid.scalars()) == [one.account_id for one in (people.bob, people.eve, people.bob)]


async def test_each_keeps_a_branch_of_their_own(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "[[text=one]] First?")
    await finished(people.bob, sent)
    await share(people.bob, sent.conversation_id, people.eve)
    await conversations.get_conversation(people.eve, sent.conversation_id)
    again = await answering.retry(people.eve, sent.answer.id)
    await finished(people.eve, again)
    assert (await conversations.get_leaf(people.eve, sent.conversation_id)) == again.answer.id
    assert (await conversations.get_leaf(people.bob, sent.conversation_id)) == sent.answer.id
    page = await conversations.get_conversation(people.bob, sent.conversation_id)
    assert (page.messages[-1].sibling_number, page.messages[-1].sibling_count) == (1, 2)


async def test_what_is_shared_stands_in_a_list_and_is_found(people: People, host: GenerationHost) -> None:
    planted = await plant(people.bob, "Owls", "Where do owls nest?", "In old trees.")
    assert await shared_titles(people.eve) == []
    assert (await finding.find(people.eve, "nest")).hits == ()
    await share(people.bob, planted, people.eve, "view")
    (row,) = await conversations.list_conversations(people.eve, shelf=Shelf("shared"))
    assert (row.title, row.is_own, row.is_shared, row.is_unread) == ("Owls", False, True, True)
    await conversations.get_conversation(people.eve, planted)
    (row,) = await conversations.list_conversations(people.eve, shelf=Shelf("shared"))
    assert not row.is_unread
    assert {hit.conversation_id for hit in (await finding.find(people.eve, "nest")).hits} == {planted}
    assert {hit.conversation_id for hit in (await finding.find(people.eve, "owls")).hits} == {planted}
    assert [row.title for row in await conversations.list_conversations(people.eve)] == []
    (own,) = await conversations.list_conversations(people.bob)
    assert (own.is_own, own.is_shared) == (True, True)
    await finished(people.bob, await send(people.bob, "More?", planted))
    (row,) = await conversations.list_conversations(people.eve, shelf=Shelf("shared"))
    assert row.is_unread
    await share(people.bob, planted, people.eve, "view", is_deny=True)
    assert await shared_titles(people.eve) == []
    assert (await finding.find(people.eve, "nest owls")).hits == ()


async def test_what_is_shared_is_kept_in_order_by_each_for_themselves(people: People) -> None:
    planted = await plant(people.bob, "Owls", "Where do owls nest?", "In old trees.")
    await share(people.bob, planted, people.eve, "view")
    await filing.pin(people.eve, [planted], is_pinned=True)
    await filing.tag(people.eve, [planted], add=["birds"])
    assert await on_shelf(people.eve, "home") == await on_shelf(people.eve, "pinned") == [(planted, True, ["birds"])]
    assert await on_shelf(people.eve, "tag", "birds") == await on_shelf(people.eve, "shared")
    (row,) = await conversations.list_conversations(people.eve, shelf=Shelf("shared"))
    assert row.is_unread, "nobody has looked at it"
    await filing.archive(people.eve, [planted], is_archived=True)
    assert await on_shelf(people.eve, "home") == await on_shelf(people.eve, "shared") == []
    assert await on_shelf(people.eve, "archive") == [(planted, True, ["birds"])]
    assert await on_shelf(people.bob, "home") == [(planted, False, [])], "what she does with it is hers"
    assert [tag.name for tag in await filing.list_tags(people.bob)] == []
    for decided in (filing.move(people.eve, [planted], None), filing.delete_many(people.eve, [planted])):
        with pytest.raises(NotFoundError):
            await decided
    await revoke(people.bob, planted, people.eve)
    assert await on_shelf(people.eve, "archive") == await on_shelf(people.eve, "tag", "birds") == []
    assert await filing.list_tags(people.eve) == []
    with pytest.raises(NotFoundError):
        await filing.pin(people.eve, [planted], is_pinned=False)


async def on_shelf(actor: Actor, kind: ShelfKind, key: str = "") -> list[tuple[UUID, bool, list[str]]]:
    rows = await conversations.list_conversations(actor, shelf=Shelf(kind, tag=key))
    return [(row.id, row.is_pinned, list(row.tags)) for row in rows]


async def test_groups_and_everyone_reach_their_people(people: People) -> None:
    planted = await plant(people.bob, "Ours", "Hello")
    group_id = await groups.create_group(people.ada, "Team")
    assert people.eve.account_id
    await groups.add_people(people.ada, group_id, [people.eve.account_id])
    await grants.set_grant(people.bob, "conversation", planted, Subject("group", group_id), "view")
    assert (await shared_titles(people.eve), await shared_titles(people.ada)) == (["Ours"], [])
    await groups.remove_member(people.ada, group_id, people.eve.account_id)
    with pytest.raises(NotFoundError):
        await conversations.get_conversation(people.eve, planted)
    await grants.set_grant(people.bob, "conversation", planted, EVERYONE, "view")
    assert (await shared_titles(people.ada), await shared_titles(people.zoe)) == (["Ours"], [])
    await conversations.delete(people.bob, planted)
    assert await shared_titles(people.ada) == []


async def test_documents_are_for_those_who_may_see_them(people: People, host: GenerationHost) -> None:
    document_id = await plant_document(people.bob, "secret.md")
    sent = await send(people.bob, "What does it say?")
    await finished(people.bob, sent)
    async with unit_of_work(people.bob) as uow:
        version = await uow.session.scalar(text("SELECT current_version_id FROM document"))
        source = Source(1, document_id, version, "secret.md", 0, 1, None)
        citation_queries.add_citations(uow, sent.answer.id, [source], {1})
    await share(people.bob, sent.conversation_id, people.eve)
    for who, name in ((people.bob, "secret.md"), (people.eve, "")):
        answer = (await conversations.get_conversation(who, sent.conversation_id)).messages[-1]
        assert [one.document_name for one in answer.sources] == [name]
    with pytest.raises(NotFoundError):
        await conversations.open_citation(people.eve, sent.answer.id, 1)


async def test_whoever_watches_is_told_no_names_of_closed_documents(people: People, host: GenerationHost) -> None:
    document_id = await plant_document(people.bob, "secret.md")
    sent = await send(people.bob, "[[tokens=40 rate=20]] At length")
    host_generation = host.find(sent.answer.id)
    assert host_generation
    host_generation.sources = (Source(1, document_id, new_id(), "secret.md", 0, 1, None),)
    await share(people.bob, sent.conversation_id, people.eve)
    names = {
        source.document_name async for look in watching.watch(people.eve, sent.answer.id) for source in look.sources
    }
    assert names == {""}


async def test_a_revoked_grant_ends_what_is_watched(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "[[tokens=400 rate=40]] At great length")
    await share(people.bob, sent.conversation_id, people.eve, "view")
    seen: list[str] = []
    has_begun = asyncio.Event()

    async def watch() -> None:
        async for look in watching.watch(people.eve, sent.answer.id):
            seen.append(look.text)
            has_begun.set()

    watching_on = asyncio.create_task(watch())
    await asyncio.wait_for(has_begun.wait(), 60)
    await revoke(people.bob, sent.conversation_id, people.eve)
    await asyncio.wait_for(watching_on, 60)
    with pytest.raises(NotFoundError):
        await conversations.get_message(people.eve, sent.answer.id)
    assert host.find(sent.answer.id), "the answer goes on for those who may see it"
    await answering.stop(people.bob, sent.answer.id)
    answer = await finished(people.bob, sent)
    assert len(seen[-1]) < len(answer.text) or answer.status == "stopped"


async def test_an_answer_is_kept_though_whoever_asked_was_shut_out(people: People, host: GenerationHost) -> None:
    planted = await plant(people.bob, "Ours", "Hello", "Hi")
    await share(people.bob, planted, people.eve)
    sent = await send(people.eve, "[[tokens=20 rate=40]] Well?", planted)
    await revoke(people.bob, planted, people.eve)
    generation = host.find(sent.answer.id)
    assert generation
    await generation.wait_for_end()
    assert (await conversations.get_message(people.bob, sent.answer.id)).status == "done"


async def test_questions_wait_for_the_answer_to_somebody_else(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "[[tokens=30 rate=30]] First?")
    await share(people.bob, sent.conversation_id, people.eve)
    waiting = await queueing.ask(people.eve, "Mine?", conversation_id=sent.conversation_id, client_key=uuid4())
    assert not isinstance(waiting, Sent)
    assert await queueing.list_queued(people.bob, sent.conversation_id) == [], "they are their writer's alone"
    await finished(people.bob, sent)
    await until_quiet(host, people.bob, sent, 2)
    asked = (await conversations.get_conversation(people.bob, sent.conversation_id)).messages[-2]
    assert (asked.text, asked.author_name) == ("Mine?", "Eve")


async def test_the_trail_tells_who_shared_with_whom_but_no_titles(people: People) -> None:
    planted = await plant(people.bob, "My secret plan", "Hello")
    await share(people.bob, planted, people.eve, "view")
    await revoke(people.bob, planted, people.eve)
    async with unit_of_work(people.ada) as uow:
        told = (await uow.session.execute(text("SELECT action, label, after FROM audit_entry ORDER BY sequence"))).all()
    shared = [(entry.label, entry.after) for entry in told if entry.action == "conversation:share"]
    assert len(shared) == 2
    assert {label for label, _ in shared} == {""}
    assert shared[0][1]["subject"] == str(people.eve.account_id)


async def test_grants_go_with_their_conversation(people: People) -> None:
    planted = await plant(people.bob, "Ours", "Hello")
    await share(people.bob, planted, people.eve)
    await conversations.delete(people.bob, planted)
    async with unit_of_work(people.bob) as uow:
        await uow.session.execute(text("UPDATE conversation SET deleted_at = now() - interval '2 days'"))
    assert people.bob.workspace_id
    await conversations.purge(people.bob.workspace_id, planted)
    async with unit_of_work(people.bob) as uow:
        assert await uow.session.scalar(text("SELECT count(*) FROM access_grant")) == 0


async def test_questions_that_may_follow_are_kept_for_all(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "First?")
    await finished(people.bob, sent)
    await share(people.bob, sent.conversation_id, people.eve, "view")
    assert await follow_ups.wait_for_follow_ups(people.eve, sent.answer.id) == []


def names_in(company: Company, conversation_id: UUID) -> set[tuple[UUID, bool]]:
    return {(one.account_id, one.is_writing) for one in company.people(conversation_id)}


async def test_two_processes_know_of_each_others_people(people: People, host: GenerationHost) -> None:
    conversation_id = new_id()
    bob, eve = people.bob.account_id, people.eve.account_id
    assert bob
    assert eve
    async with Company().running() as here, Company().running() as there:
        assert current_company() is there
        with here.joined(people.bob, conversation_id):
            assert names_in(here, conversation_id) == {(bob, False)}
            with there.joined(people.eve, conversation_id):
                both = {(bob, False), (eve, False)}
                await until(lambda: names_in(here, conversation_id) == names_in(there, conversation_id) == both)
                there.write(conversation_id, eve)
                await until(lambda: (eve, True) in names_in(here, conversation_id))
                there.rest(conversation_id, eve)
                await until(lambda: (eve, False) in names_in(here, conversation_id))
                there.write(conversation_id, bob)  # Who is not there writes nothing.
                assert (bob, True) not in names_in(there, conversation_id)
            await until(lambda: names_in(here, conversation_id) == {(bob, False)})
        assert here.people(conversation_id) == []


async def test_an_at_sign_offers_those_who_see_the_conversation(people: People, host: GenerationHost) -> None:
    planted = await plant(people.bob, "Ours", "Hello")
    await share(people.bob, planted, people.eve, "view")
    for who, names in ((people.bob, ["Eve"]), (people.eve, ["Bob"])):
        offered = await triggers.find(who, "@", "", planted)
        assert [row.name for row in offered.rows if row.kind == "person"] == names
    with pytest.raises(NotFoundError):
        await triggers.find(people.ada, "@", "", planted)
    assert not [row for row in (await triggers.find(people.bob, "@", "e")).rows if row.kind == "person"]


async def told(actor: Actor) -> list[str]:
    page = await reading.list_notifications(actor, limit=10)
    return [str(row.message) for row in page.rows if not row.is_gone]


async def test_whoever_is_named_and_sees_it_is_told_once(people: People, host: GenerationHost) -> None:
    planted = await plant(people.bob, "Owls", "Hello")
    await finished(people.bob, await send(people.bob, "@Eve nobody else is here", planted))
    await share(people.bob, planted, people.eve)
    for question in ("@eve, @Ada and @Bob: what now?", "eve@example.org", "@Evelyn?"):
        await finished(people.bob, await send(people.bob, question, planted))
    assert len([each for each in await told(people.eve) if each.startswith("Bob mentions you in ")]) == 1
    assert not [each for each in await told(people.ada) if "mentions" in each], "who does not see it is not told"
    await revoke(people.bob, planted, people.eve)
    assert await told(people.eve) == []


async def test_whoever_is_given_a_conversation_is_told(people: People) -> None:
    planted = await plant(people.bob, "Owls", "Hello")
    await share(people.bob, planted, people.eve, "view")
    assert await told(people.eve) == ["Bob shares the conversation “Owls” with you."]


async def test_a_temporary_conversation_is_shared_with_nobody(people: People, host: GenerationHost) -> None:
    sent = await answering.send(
        people.bob, "Between us?", conversation_id=None, client_key=uuid4(), is_temporary=True
    )  # fmt: skip
    await finished(people.bob, sent)
    assert not (await sharing.get_access(people.bob, sent.conversation_id)).can_share
    with pytest.raises(ConflictError):
        await share(people.bob, sent.conversation_id, people.eve)
    with pytest.raises(ConflictError):
        await links.make_link(people.bob, sent.conversation_id, "workspace", is_live=True)


async def test_a_copy_of_somebody_else_takes_no_instructions_along(people: People, host: GenerationHost) -> None:
    planted = await plant(people.bob, "Ours", "Hello", "Hi")
    async with unit_of_work(people.bob) as uow:
        await uow.session.execute(text("UPDATE conversation SET instructions = 'Be brief.'"))
    await share(people.bob, planted, people.eve, "view")
    copies = {who: await branches.copy(who, planted) for who in (people.bob, people.eve)}
    async with unit_of_work(people.bob) as uow:
        told = {
            row.id: row.instructions
            for row in await uow.session.execute(text("SELECT id, instructions FROM conversation"))
        }
    assert [told[copies[who]] for who in (people.bob, people.eve)] == ["Be brief.", ""]
