"""Home shows what is there and what one may see, by a number of statements that does not grow with it."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from convosphere.assistants.kind import ASSISTANTS
from convosphere.assistants.schemas import Definition as Assistant
from convosphere.assistants.service import assistants
from convosphere.chat.generations import GenerationHost
from convosphere.chat.service import answering, folders, watching
from convosphere.chat.service.folders import FOLDER_GRANTS
from convosphere.chat.service.sharing import CONVERSATION_GRANTS
from convosphere.core.permissions import Actor, Permission
from convosphere.creations.service.sharing import grants_of
from convosphere.home.service import MOST_DOCUMENTS, MOST_RECENT, SHARED, read_overview
from convosphere.home.state.items import HomeItem, home_item
from convosphere.identity.service.grants import EVERYONE, GrantKinds, Subject, remove_grant, set_grant
from convosphere.knowledge.schemas import DocumentQuery
from convosphere.knowledge.service import documents, marks
from convosphere.knowledge.service.sharing import DOCUMENT_GRANTS
from convosphere.launch.notifications import register_notifications
from convosphere.prompts.kind import PROMPTS
from convosphere.prompts.schemas import Definition as Prompt
from convosphere.prompts.service import prompts
from convosphere.templates.kind import TEMPLATES
from convosphere.templates.schemas import Definition as Template
from convosphere.templates.service import templates
from convosphere.usage.schemas import BudgetDraft
from convosphere.usage.service.managing import create_budget
from tests.fixtures.people import People
from tests.integration.chat.conftest import host
from tests.integration.chat.test_finding import plant
from tests.integration.chat.test_round_trips import _trips, counted
from tests.integration.knowledge.conftest import Upload, Work, add, work
from tests.provider.fixtures import provider

__all__ = ["add", "counted", "host", "provider", "work"]

register_notifications()
for grants in (DOCUMENT_GRANTS, FOLDER_GRANTS, CONVERSATION_GRANTS, *map(grants_of, (ASSISTANTS, PROMPTS, TEMPLATES))):
    GrantKinds.register(grants)

MOST_TRIPS = 16
"""Of one look at Home, with things of each type shared: beginning and end, eight lists, a look-up for each type."""

LEADS_TO = {
    "document": "/knowledge/{}",
    "assistant": "/assistants/{}",
    "prompt": "/prompts/{}",
    "conversation_template": "/templates/{}",
    "conversation_folder": "/chat?shelf={}",
    "conversation": "/chat/{}",
}


async def ask(actor: Actor, question: str) -> UUID:
    sent = await answering.send(actor, f"[[text=Yes]] {question}", conversation_id=None, client_key=uuid4())
    async for _ in watching.watch(actor, sent.answer.id):
        pass
    return sent.conversation_id


async def test_nothing_is_made_up_for_who_has_nothing(people: People) -> None:
    assert home_item(await read_overview(people.bob)) == HomeItem()


async def test_it_shows_what_was_done_last_and_what_was_used(people: People, host: GenerationHost) -> None:
    asked = [await ask(people.bob, f"Number {number}?") for number in range(MOST_RECENT + 1)]
    found = await read_overview(people.bob)
    assert [row.id for row in found.recent] == asked[:0:-1]
    assert sum(row.answers_today for row in found.used) == MOST_RECENT + 1
    assert (await read_overview(people.eve)).recent == ()
    assert (await read_overview(people.eve)).used == ()


async def test_it_shows_documents_while_and_after_they_are_read(people: People, add: Upload, work: Work) -> None:
    for number in range(MOST_DOCUMENTS + 1):
        await add(people.bob, f"{number}.md", f"# {number}\n\nText {number}.\n".encode(), is_shared=True)
    reading = await read_overview(people.bob)
    assert {job.kind for job in reading.running} == {"document"}
    assert reading.documents == ()
    assert (await read_overview(people.eve)).running == (), "of others' work nobody hears"
    await work()
    for person in (people.bob, people.eve):
        read = await read_overview(person)
        assert (len(read.documents), read.running) == (MOST_DOCUMENTS, ())
        assert read.documents[0].author_name == "Bob"


async def test_new_versions_of_what_one_follows_are_news(people: People, add: Upload, work: Work) -> None:
    for number in range(MOST_DOCUMENTS + 1):
        await add(people.bob, f"{number}.md", f"# {number}\n".encode(), is_shared=True)
    await work()
    oldest = (await read_overview(people.eve)).documents
    followed = (await documents.list_documents(people.eve, DocumentQuery(sort="oldest"))).rows[0]
    assert followed.id not in {each.id for each in oldest}
    await marks.mark(people.eve, followed.id, "followed_at", is_marked=True)
    assert (await read_overview(people.eve)).documents == oldest, "nothing is new yet"
    await add(people.bob, "0.md", b"# Now otherwise\n", is_shared=True)
    await work()
    [first, *_] = (await read_overview(people.eve)).documents
    assert (first.id, first.is_version, first.author_name) == (followed.id, True, "Bob")
    assert not any(each.is_version for each in (await read_overview(people.zoe)).documents)


async def test_only_what_is_shared_and_still_there_is_shown(people: People, add: Upload) -> None:
    plan, letter = [await add(people.ada, f"{name}.md", f"# {name}\n".encode()) for name in ("plan", "letter")]
    bob = Subject("person", people.bob.account_id)
    await set_grant(people.ada, "document", plan.id, bob, "view")
    await set_grant(people.ada, "document", letter.id, EVERYONE, "view")
    [shared] = (await read_overview(people.bob)).shared
    assert (shared.name, shared.given_by, shared.route) == ("plan.md", "Ada", f"/knowledge/{plan.id}")
    assert (await read_overview(people.eve)).shared == ()
    no_documents = replace(people.bob, permissions=people.bob.permissions - {Permission.DOCUMENT_READ})
    assert (await read_overview(no_documents)).shared == ()
    await remove_grant(people.ada, "document", plan.id, bob)
    assert (await read_overview(people.bob)).shared == ()


@pytest.mark.usefixtures("host", "counted")
async def test_each_kind_of_what_is_shared_leads_to_where_it_is(people: People, add: Upload) -> None:
    ada, bob = people.ada, Subject("person", people.bob.account_id)
    given = {
        "document": (await add(ada, "owls.md", b"# Owls\n")).id,
        "assistant": await assistants.create_assistant(ada, Assistant(name="Owl", instructions="You know owls.")),
        "prompt": await prompts.create_prompt(ada, Prompt(name="Owls", text="Of owls")),
        "conversation_template": await templates.create_template(ada, Template(name="Owls")),
        "conversation_folder": await folders.create_folder(ada, "Owls"),
        "conversation": await plant(ada, "Owls", "Hello"),
    }
    for object_type, thing_id in given.items():
        await set_grant(ada, object_type, thing_id, bob, "edit")
        _trips.set(trips := [])
        [latest, *_] = (await read_overview(people.bob)).shared
        assert (latest.object_type, latest.route) == (object_type, LEADS_TO[object_type].format(thing_id))
    assert len(trips) <= MOST_TRIPS, "\n".join(trips)
    may_nothing = replace(people.bob, permissions=people.bob.permissions - set(SHARED.values()))
    assert (await read_overview(may_nothing)).shared == ()


async def test_budgets_that_hold_are_shown(people: People) -> None:
    draft = BudgetDraft(
        "Team", "workspace", None, is_per_person=False, period="month", unit="tokens", currency="", amount=1_000,
        warn_at=(80,), is_hard=True,
    )  # fmt: skip
    await create_budget(people.ada, draft)
    [budget] = home_item(await read_overview(people.bob)).budgets
    assert (budget.name, budget.left, budget.percent) == ("Team", 1_000, 0)


async def test_it_takes_few_round_trips_however_much_there_is(people: People, add: Upload, counted: None) -> None:
    bob = Subject("person", people.bob.account_id)
    counts: list[int] = []
    for number in range(8):
        document = await add(people.ada, f"{number}.md", f"# {number}\n".encode())
        await set_grant(people.ada, "document", document.id, bob, "view")
        _trips.set(trips := [])
        await read_overview(people.bob)
        assert 5 < len(trips) <= MOST_TRIPS, "\n".join(trips)
        counts.append(len(trips))
    assert counts[1] == counts[-1]
