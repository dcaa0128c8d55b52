"""What happens in the product is told to whom it concerns, with the words and the way that fit."""

from datetime import UTC, date, datetime
from functools import partial
from uuid import uuid4

import pytest

from convosphere.assistants.schemas import Definition
from convosphere.assistants.service import assistants, gallery
from convosphere.chat.generations import GenerationHost
from convosphere.chat.service import answering, conversations, folders, watching
from convosphere.chat.service.folders import FOLDER_GRANTS
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.creations.service.sharing import grants_of
from convosphere.identity.service.grants import EVERYONE, GrantKinds, Subject, remove_grant, set_grant
from convosphere.identity.service.groups import add_people, create_group
from convosphere.knowledge.service.sharing import DOCUMENT_GRANTS
from convosphere.launch.notifications import register_notifications
from convosphere.notifications.schemas import NotificationRow
from convosphere.notifications.service import reading
from convosphere.prompts.kind import PROMPTS
from convosphere.prompts.schemas import Definition as Prompt
from convosphere.prompts.service import prompts
from convosphere.templates.kind import TEMPLATES
from convosphere.templates.schemas import Definition as Template
from convosphere.templates.service import templates
from convosphere.usage.models import Budget
from convosphere.usage.schemas import BudgetStanding, CallRecord
from convosphere.usage.service.calls import book_call
from convosphere.usage.service.telling import tell_managers, tell_near
from tests.fixtures.people import People
from tests.fixtures.waiting import until
from tests.integration.chat.conftest import host
from tests.integration.knowledge.conftest import Upload, Work, add, work
from tests.provider.fixtures import provider

__all__ = ["add", "host", "provider", "work"]

register_notifications()
for grants in (DOCUMENT_GRANTS, FOLDER_GRANTS, grants_of(PROMPTS), grants_of(TEMPLATES)):
    GrantKinds.register(grants)
BUDGET = new_id()


async def heard(actor: Actor) -> list[NotificationRow]:
    return list((await reading.list_notifications(actor, limit=20)).rows)


async def said(actor: Actor) -> list[str]:
    return [str(row.message) for row in await heard(actor)]


async def test_a_shared_document_is_told_to_people_and_groups_once(people: People, add: Upload) -> None:
    document = await add(people.ada, "plan.md", b"# Plan\n")
    group = await create_group(people.ada, "Team")
    await add_people(people.ada, group, [people.eve.account_id or new_id(), people.ada.account_id or new_id()])
    share = partial(set_grant, people.ada, "document", document.id)
    bob = Subject("person", people.bob.account_id)
    await share(bob, "view")
    await share(bob, "edit")
    await share(Subject("group", group), "view")
    await share(EVERYONE, "view")
    for person in (people.bob, people.eve):
        assert await said(person) == ["Ada shares the document “plan.md” with you."]
    assert await said(people.ada) == []
    await remove_grant(people.ada, "document", document.id, EVERYONE)
    await remove_grant(people.ada, "document", document.id, bob)
    assert await said(people.bob) == ["This is no longer there for you."]


@pytest.mark.parametrize("kind", ["template", "prompt"])
async def test_what_people_write_for_others_is_told_and_leads_to_it(people: People, kind: str) -> None:
    if kind == "template":
        thing_id = await templates.create_template(people.bob, Template(name="Owls"))
        object_type, put_away = "conversation_template", templates.delete_template
    else:
        thing_id = await prompts.create_prompt(people.bob, Prompt(name="Owls", text="Of owls"))
        object_type, put_away = "prompt", prompts.delete_prompt
    eve = Subject("person", people.eve.account_id)
    await set_grant(people.bob, object_type, thing_id, eve, "use")
    [row] = await heard(people.eve)
    assert str(row.message) == f"Bob shares the {kind} “Owls” with you."
    assert row.route == f"/{kind}s/{thing_id}"
    assert await heard(people.ada) == []
    await put_away(people.bob, thing_id)
    assert await said(people.eve) == ["This is no longer there for you."]


async def test_a_shared_folder_of_conversations_leads_to_what_lies_in_it(people: People) -> None:
    folder_id = await folders.create_folder(people.bob, "Project")
    await set_grant(people.bob, FOLDER_GRANTS.object_type, folder_id, Subject("person", people.eve.account_id), "view")
    [row] = await heard(people.eve)
    assert str(row.message) == "Bob shares the folder “Project” with you."
    assert row.route == f"/chat?shelf={folder_id}"


async def test_nobody_is_told_of_what_they_are_kept_from(people: People, add: Upload) -> None:
    document = await add(people.ada, "plan.md", b"# Plan\n")
    await set_grant(people.ada, "document", document.id, Subject("person", people.bob.account_id), "view", is_deny=True)
    assert await heard(people.bob) == []


async def test_many_documents_that_were_read_are_told_as_one(people: People, add: Upload, work: Work) -> None:
    await add(people.bob, "one.md", b"# One\n\nText of it.\n")
    await work()
    assert await said(people.bob) == ["“one.md” has been read and can be asked."]
    for name in ("two", "three"):
        await add(people.bob, f"{name}.md", f"# {name}\n\nText of {name}.\n".encode())
    await add(people.bob, "broken.pdf", b"%PDF-1.7\nnothing")
    await work()
    assert set(await said(people.bob)) == {
        "3 documents have been read and can be asked.",
        "“broken.pdf” could not be read.",
    }
    assert await heard(people.ada) == []


async def test_an_answer_is_told_to_who_does_not_watch_it(people: People, host: GenerationHost) -> None:
    sent = await answering.send(people.bob, "[[text=Yes]] Is it?", conversation_id=None, client_key=uuid4())
    async for _ in watching.watch(people.bob, sent.answer.id):
        pass
    assert await heard(people.bob) == []
    sent = await answering.send(people.bob, "[[text=Yes]] Aside?", conversation_id=None, client_key=uuid4())
    assert sent.conversation_id
    await until(lambda: host.count == 0)
    [row] = await heard(people.bob)
    assert row.route == f"/chat/{sent.conversation_id}"
    assert not row.is_read
    await conversations.get_conversation(people.bob, sent.conversation_id)
    assert [row.is_read for row in await heard(people.bob)] == [True]
    await conversations.delete(people.bob, sent.conversation_id)
    assert await said(people.bob) == ["This is no longer there for you."]


async def test_reviews_are_told_to_reviewers_and_decisions_to_owners(people: People, host: GenerationHost) -> None:
    fit = Definition(name="Owl", description="Knows owls.", category="knowledge", instructions="You know owls.")
    assistant_id = await assistants.create_assistant(people.bob, fit)
    number = await gallery.ask_for_review(people.bob, assistant_id)
    [asked] = await heard(people.ada)
    assert (str(asked.message), asked.route) == ("Bob asks that “Owl” be published in the gallery.", "/assistants")
    assert await heard(people.eve) == []
    await gallery.refuse(people.ada, assistant_id, number, "Too short.")
    assert await said(people.bob) == ["“Owl” does not stand in the gallery. The reason is with the assistant."]
    assert await said(people.ada) == ["This is no longer there for you."], "it waits no more, and is Bob's alone"
    number = await gallery.ask_for_review(people.bob, assistant_id)
    await gallery.accept(people.ada, assistant_id, number)
    assert "“Owl” stands in the gallery now." in await said(people.bob)


async def test_everybody_hears_of_a_level_of_a_budget_once(people: People) -> None:
    async with unit_of_work(people.bob) as uow:
        for percent in (60, 81, 85, 130):
            tell_near(uow, standing(percent))
    assert sorted(await said(people.bob)) == [
        "More than 100 % of the budget “Team” is used.",
        "More than 50 % of the budget “Team” is used.",
        "More than 80 % of the budget “Team” is used.",
    ]


async def test_who_can_act_hears_of_what_people_share(people: People) -> None:
    workspace_id = people.ada.workspace_id
    assert workspace_id
    async with unit_of_work(people.ada) as uow:
        for name, is_each in (("All", False), ("Each", True)):
            budget = Budget(
                workspace_id=workspace_id, name=name, subject_type="workspace", is_per_person=is_each, period="month",
                unit="tokens", amount=100, warn_at=[50],
            )  # fmt: skip
            uow.session.add(budget)
    await tell_managers(workspace_id)
    assert await said(people.ada) == []
    for tokens in (60, 36):
        async with unit_of_work(people.bob) as uow:
            book_call(uow, CallRecord("answer", "m", "done", 5, prompt_tokens=tokens))
        await tell_managers(workspace_id)
        await tell_managers(workspace_id)
    told = [(str(row.message), row.route) for row in await heard(people.ada)]
    assert sorted(told) == [
        ("More than 50 % of the shared budget “All” is used.", "/admin/usage"),
        ("More than 95 % of the shared budget “All” is used.", "/admin/usage"),
    ]
    assert await heard(people.bob) == [], "he can do nothing about it, and hears when he asks"
    async with unit_of_work(people.ada) as uow:
        tell_near(uow, standing(60))
    assert len(await heard(people.ada)) == 2, "she hears of it as who can act"


def standing(percent: int) -> BudgetStanding:
    return BudgetStanding(
        BUDGET, BUDGET, date(2026, 11, 1), "Team", "workspace", is_per_person=False, period="month", unit="tokens",
        currency="", amount=100, warn_at=[50, 80], is_hard=False, spent=percent, held=0,
        renews_at=datetime(2026, 12, 1, tzinfo=UTC),
    )  # fmt: skip
