"""Home shows what is there and what one may see, by a number of statements that does not grow with it."""

from dataclasses import replace
from uuid import UUID, uuid4

from convosphere.chat.generations import GenerationHost
from convosphere.chat.service import answering, watching
from convosphere.core.permissions import Actor, Permission
from convosphere.home.service import MOST_DOCUMENTS, MOST_RECENT, read_overview
from convosphere.home.state.items import HomeItem, home_item
from convosphere.identity.service.grants import EVERYONE, GrantKinds, Subject, remove_grant, set_grant
from convosphere.knowledge.schemas import DocumentQuery
from convosphere.knowledge.service import documents, marks
from convosphere.knowledge.service.sharing import DOCUMENT_GRANTS
from convosphere.launch.notifications import register_notifications
from convosphere.usage.schemas import BudgetDraft
from convosphere.usage.service.managing import create_budget
from tests.fixtures.people import People
from tests.integration.chat.conftest import host
from tests.integration.chat.test_round_trips import _trips, counted
from tests.integration.knowledge.conftest import Upload, Work, add, work
from tests.provider.fixtures import provider

__all__ = ["add", "counted", "host", "provider", "work"]

register_notifications()
GrantKinds.register(DOCUMENT_GRANTS)

MOST_TRIPS = 15
"""Of one look at Home, with things of each type shared: beginning and end, seven lists, a look-up for each type."""


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
