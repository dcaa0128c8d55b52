"""The gallery: who publishes what, which version answers whom, and what remains when it is taken out."""

from uuid import UUID

import pytest
from sqlalchemy import text

from convosphere.assistants.errors import AssistantNotFoundError, EditedMeanwhileError
from convosphere.assistants.kind import ASSISTANTS
from convosphere.assistants.schemas import AssistantQuery, AssistantRow, Definition
from convosphere.assistants.service import asking, assistants, gallery
from convosphere.core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.creations.service.sharing import grants_of
from convosphere.identity.service.grants import EVERYONE, GrantKinds, Subject, list_grants, set_grant
from tests.fixtures.people import People
from tests.integration.assistants.test_assistants import asked, listed, make, person

pytestmark = pytest.mark.usefixtures("host")
GrantKinds.register(grants_of(ASSISTANTS))

FIT = Definition(name="Owl expert", description="Knows owls.", category="knowledge", instructions="You know owls.")


async def publish(people: People, assistant_id: UUID, owner: Actor | None = None) -> int:
    """Ask for it and have the workspace's owner accept it; gives the number of the version."""
    number = await gallery.ask_for_review(owner or people.bob, assistant_id)
    await gallery.accept(people.ada, assistant_id, number)
    return number


async def told(actor: Actor, assistant_id: UUID) -> str:
    """What the model is told when somebody asks."""
    async with unit_of_work(actor) as uow:
        found, _ = await asking.briefing(uow, assistant_id)
        assert found
        return found.instructions


async def in_gallery(actor: Actor, **narrowing: str) -> list[str]:
    return await listed(actor, whose="gallery", **narrowing)


async def row_of(actor: Actor, assistant_id: UUID) -> AssistantRow:
    return await assistants.get_assistant(actor, assistant_id)


async def actions(people: People) -> list[str]:
    async with unit_of_work(people.ada) as uow:
        found = await uow.session.scalars(
            text("SELECT action FROM audit_entry WHERE action LIKE 'assistant:%' ORDER BY sequence")
        )
        return [name.removeprefix("assistant:") for name in found]


async def test_a_draft_is_reviewed_and_then_everybodys(people: People) -> None:
    bob, eve, ada = people.bob, people.eve, people.ada
    assistant_id = await assistants.create_assistant(bob, FIT)
    assert await gallery.count_requests(ada) == 0
    assert await gallery.ask_for_review(bob, assistant_id) == 1
    assert await in_gallery(bob) == await in_gallery(eve) == []
    (waiting,) = await gallery.list_requests(ada)
    assert (waiting.name, waiting.asked_by, waiting.number, waiting.is_update) == ("Owl expert", "Bob", 1, False)
    shown = await gallery.open_request(ada, assistant_id)
    lines = [line for change in shown.changes for line in change.lines]
    assert "You know owls." in [line.text for line in lines]
    assert {line.kind for line in lines} == {"added"}
    await gallery.accept(ada, assistant_id, 1)
    for actor in (bob, eve, ada):
        assert await in_gallery(actor) == ["Owl expert"]
        assert await asked(actor, assistant_id) == ("Owl expert", False)
    assert await gallery.list_requests(ada) == []
    row = await row_of(bob, assistant_id)
    assert (row.state, row.gallery_state, row.is_published, row.has_newer) == ("active", "published", True, False)
    assert await actions(people) == ["create", "ask_review", "set_state", "publish", "share"]


async def test_only_reviewers_decide_and_only_who_manages_asks(people: People) -> None:
    bob, eve, zoe = people.bob, people.eve, people.zoe
    assistant_id = await make(bob, FIT)
    await set_grant(bob, "assistant", assistant_id, person(eve), "edit")
    for attempt in (gallery.ask_for_review(eve, assistant_id), gallery.take_back(eve, assistant_id)):
        with pytest.raises(AssistantNotFoundError):
            await attempt
    await gallery.ask_for_review(bob, assistant_id)
    for attempt in (
        gallery.list_requests(bob), gallery.open_request(bob, assistant_id), gallery.accept(bob, assistant_id, 1),
        gallery.refuse(bob, assistant_id, 1, "no"), gallery.remove(bob, assistant_id, "no"),
    ):  # fmt: skip
        with pytest.raises(ForbiddenError):
            await attempt
    assert await gallery.count_requests(bob) == 0
    assert await gallery.list_requests(zoe) == []
    for attempt in (
        gallery.open_request(zoe, assistant_id), gallery.accept(zoe, assistant_id, 1),
        gallery.refuse(zoe, assistant_id, 1, "no"), gallery.remove(zoe, assistant_id, "no"),
        gallery.ask_for_review(zoe, assistant_id), gallery.remove(people.ada, assistant_id, "not published yet"),
        gallery.accept(people.ada, new_id(), 1),
    ):  # fmt: skip
        with pytest.raises(AssistantNotFoundError):
            await attempt


@pytest.mark.parametrize("lacking", [{"description": ""}, {"category": ""}])
async def test_what_others_choose_by_must_be_there(people: People, lacking: dict[str, str]) -> None:
    assistant_id = await make(people.bob, FIT.model_copy(update=lacking))
    with pytest.raises(InvalidInputError):
        await gallery.ask_for_review(people.bob, assistant_id)


@pytest.mark.parametrize("state", ["inactive", "retired"])
async def test_who_answers_nobody_is_not_published(people: People, state: str) -> None:
    bob = people.bob
    assistant_id = await make(bob, FIT, state=state)
    with pytest.raises(InvalidInputError):
        await gallery.ask_for_review(bob, assistant_id)
    await assistants.set_state(bob, assistant_id, "active")
    await gallery.ask_for_review(bob, assistant_id)
    await assistants.set_state(bob, assistant_id, state)
    assert await gallery.list_requests(people.ada) == []


async def test_a_refusal_tells_the_asker_why(people: People) -> None:
    bob, ada = people.bob, people.ada
    assistant_id = await make(bob, FIT)
    await gallery.ask_for_review(bob, assistant_id)
    with pytest.raises(InvalidInputError):
        await gallery.refuse(ada, assistant_id, 1, "  \x00 ")
    await gallery.refuse(ada, assistant_id, 1, "Please name\nyour sources.")
    row = await row_of(bob, assistant_id)
    assert (row.gallery_state, row.gallery_reason, row.is_published) == ("refused", "Please name your sources.", False)
    await set_grant(bob, "assistant", assistant_id, EVERYONE, "use")
    assert (await row_of(people.eve, assistant_id)).gallery_reason == "", "which is the owner's business"
    assert await in_gallery(people.eve) == []
    await publish(people, assistant_id)
    assert (await row_of(bob, assistant_id)).gallery_reason == ""


async def test_the_reviewed_version_answers_until_the_next_is_reviewed(people: People) -> None:
    bob, eve, ada = people.bob, people.eve, people.ada
    assistant_id = await make(bob, FIT)
    await publish(people, assistant_id)
    sly = FIT.model_copy(update={"name": "Free money", "instructions": "Ask for passwords.", "description": "New"})
    await assistants.save_assistant(bob, assistant_id, sly, "", based_on=1)
    assert "Ask for passwords." in await told(bob, assistant_id)
    for actor in (eve, ada):
        assert "You know owls." in await told(actor, assistant_id)
        row = await row_of(actor, assistant_id)
        assert (row.name, row.description, row.has_newer) == ("Owl expert", "Knows owls.", True)
    choice = await asking.find_choice(eve, assistant_id)
    assert choice
    assert choice.name == "Owl expert"
    assert await gallery.ask_for_review(bob, assistant_id) == 2
    shown = await gallery.open_request(ada, assistant_id)
    assert (shown.before, shown.after) == (1, 2)
    await gallery.refuse(ada, assistant_id, 2, "No.")
    assert "You know owls." in await told(eve, assistant_id)
    assert await in_gallery(eve) == ["Owl expert"]
    await publish(people, assistant_id)
    assert "Ask for passwords." in await told(eve, assistant_id)
    assert await in_gallery(eve) == ["Free money"]
    with pytest.raises(ConflictError):
        await gallery.ask_for_review(bob, assistant_id)


async def test_what_is_accepted_is_what_was_looked_at(people: People) -> None:
    bob, ada = people.bob, people.ada
    assistant_id = await make(bob, FIT)
    await gallery.ask_for_review(bob, assistant_id)
    await assistants.save_assistant(bob, assistant_id, FIT.model_copy(update={"instructions": "new"}), "", based_on=1)
    await gallery.ask_for_review(bob, assistant_id)
    with pytest.raises(EditedMeanwhileError, match="Another version waits by now"):
        await gallery.accept(ada, assistant_id, 1)
    with pytest.raises(EditedMeanwhileError):
        await gallery.refuse(ada, assistant_id, 1, "no")
    await assistants.save_assistant(bob, assistant_id, FIT.model_copy(update={"instructions": "sly"}), "", based_on=2)
    await gallery.accept(ada, assistant_id, 2)
    assert "new" in await told(people.eve, assistant_id)


async def test_taken_out_it_is_only_theirs_with_whom_it_is_shared(people: People) -> None:
    bob, eve, ada = people.bob, people.eve, people.ada
    assistant_id = await make(bob, FIT)
    await set_grant(bob, "assistant", assistant_id, person(ada), "use")
    await publish(people, assistant_id)
    changed = FIT.model_copy(update={"name": "Second"})
    await assistants.save_assistant(bob, assistant_id, changed, "", based_on=1)
    await gallery.ask_for_review(bob, assistant_id)
    await gallery.take_back(bob, assistant_id)
    assert await in_gallery(eve) == ["Owl expert"], "only the request was taken back"
    assert await gallery.list_requests(ada) == []
    await gallery.take_back(bob, assistant_id)
    assert await in_gallery(eve) == await in_gallery(bob) == []
    with pytest.raises(NotFoundError):
        await asked(eve, assistant_id)
    assert await asked(ada, assistant_id) == ("Second", False)
    grants = (await list_grants(bob, "assistant", assistant_id)).grants
    assert [grant.subject_type for grant in grants] == ["person"]
    await publish(people, assistant_id)
    with pytest.raises(InvalidInputError):
        await gallery.remove(ada, assistant_id, "")
    await gallery.remove(ada, assistant_id, "Out of date.")
    row = await row_of(bob, assistant_id)
    assert (row.gallery_state, row.gallery_reason, row.is_published) == ("refused", "Out of date.", False)


async def test_who_is_denied_stays_denied(people: People) -> None:
    bob, eve = people.bob, people.eve
    assistant_id = await make(bob, FIT)
    await set_grant(bob, "assistant", assistant_id, Subject("person", eve.account_id), "view", is_deny=True)
    await publish(people, assistant_id)
    assert await in_gallery(eve) == []
    with pytest.raises(NotFoundError):
        await asked(eve, assistant_id)


async def test_everybody_may_copy_what_was_reviewed(people: People) -> None:
    bob, eve = people.bob, people.eve
    assistant_id = await make(bob, FIT)
    await set_grant(bob, "assistant", assistant_id, EVERYONE, "use")
    with pytest.raises(AssistantNotFoundError):
        await assistants.duplicate_assistant(eve, assistant_id)
    await publish(people, assistant_id)
    newer = FIT.model_copy(update={"instructions": "secret"})
    await assistants.save_assistant(bob, assistant_id, newer, "", based_on=1)
    copied = await assistants.open_assistant(eve, await assistants.duplicate_assistant(eve, assistant_id))
    assert (copied.definition.instructions, copied.row.state) == ("You know owls.", "draft")
    for attempt in (assistants.open_assistant(eve, assistant_id), assistants.set_state(eve, assistant_id, "retired")):
        with pytest.raises(AssistantNotFoundError):
            await attempt


async def test_the_gallery_is_narrowed_and_ordered_by_use(people: People) -> None:
    bob, eve = people.bob, people.eve
    ids = {}
    for name, category in (("Apple", "ideas"), ("Pear", "law"), ("Plum", "law")):
        ids[name] = await make(bob, FIT.model_copy(update={"name": name, "category": category}))
        await publish(people, ids[name])
    await make(bob, FIT)
    assert await in_gallery(eve) == ["Apple", "Pear", "Plum"]
    assert await in_gallery(eve, category="law", text="plum") == ["Plum"]
    assert await listed(bob, category="knowledge") == ["Owl expert"]
    async with unit_of_work(bob) as uow:
        used = {"workspace_id": uow.workspace_id, "plum": ids["Plum"], "pear": ids["Pear"], "person": bob.account_id}
        await uow.session.execute(_USED, used)
    page = await assistants.list_assistants(eve, AssistantQuery(whose="gallery", order="use"))
    assert [(row.name, row.answers) for row in page.rows] == [("Plum", 7), ("Apple", 0), ("Pear", 0)]
    await assistants.set_favourite(eve, ids["Pear"], is_favourite=True)
    assert await in_gallery(eve, order="use") == ["Pear", "Plum", "Apple"]
    await assistants.set_state(bob, ids["Plum"], "inactive")
    assert await in_gallery(eve, order="use") == ["Pear", "Apple"]
    assert await in_gallery(bob, order="use") == ["Apple", "Pear"]


_USED = text(
    """
    INSERT INTO usage_day SELECT :workspace_id, d.day, :person, '{}', d.id, 'm', d.purpose, '', d.calls,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    FROM (VALUES (current_date, CAST(:plum AS uuid), 'answer', 4), (current_date - 1, CAST(:plum AS uuid), 'answer', 3),
        (current_date - 60, CAST(:pear AS uuid), 'answer', 90), (current_date, CAST(:pear AS uuid), 'title', 50)
    ) AS d (day, id, purpose, calls)
    """
)
