"""Making, changing, sharing and putting away assistants: who may do what, and what stays of it."""

from uuid import UUID

import pytest

from convosphere.assistants.errors import AssistantNotFoundError, DefinitionRefusedError, EditedMeanwhileError
from convosphere.assistants.kind import ASSISTANTS
from convosphere.assistants.schemas import AssistantQuery, Definition, Knowledge, Settings
from convosphere.assistants.service import asking, assistants, defaults, editing, gallery, versions
from convosphere.core.errors import ForbiddenError, NotFoundError
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.creations.service import keeping
from convosphere.creations.service.sharing import grants_of
from convosphere.identity.grants import Level
from convosphere.identity.service import groups, profiles
from convosphere.identity.service.grants import EVERYONE, GrantKinds, Subject, remove_grant, set_grant
from tests.fixtures.documents import plant_document
from tests.fixtures.people import People

pytestmark = pytest.mark.usefixtures("host")
GrantKinds.register(grants_of(ASSISTANTS))

PLAIN = Definition(name="Owl expert", instructions="You know owls.")


async def listed(actor: Actor, **narrowing: object) -> list[str]:
    query = AssistantQuery(**narrowing)  # pyright: ignore[reportArgumentType]
    page = await assistants.list_assistants(actor, query)
    assert page.found == len(page.rows)
    return [row.name for row in page.rows]


async def make(actor: Actor, definition: Definition = PLAIN, *, state: str = "active") -> UUID:
    assistant_id = await assistants.create_assistant(actor, definition)
    await assistants.set_state(actor, assistant_id, state)
    return assistant_id


async def asked(actor: Actor, assistant_id: UUID | None, text: str = "") -> tuple[str, bool]:
    async with unit_of_work(actor) as uow:
        found, is_mentioned = await asking.briefing(uow, assistant_id, text)
        return (found.name if found else "", is_mentioned)


def person(actor: Actor) -> Subject:
    return Subject("person", actor.account_id)


async def test_a_new_assistant_is_its_makers_draft(people: People) -> None:
    bob, eve = people.bob, people.eve
    assistant_id = await assistants.create_assistant(bob, PLAIN, "first idea")
    detail = await assistants.open_assistant(bob, assistant_id)
    assert (detail.row.state, detail.version, detail.definition) == ("draft", 1, PLAIN)
    assert await listed(bob) == ["Owl expert"]
    assert await asked(bob, assistant_id) == ("Owl expert", False)
    assert await listed(eve) == await listed(people.ada) == []
    with pytest.raises(AssistantNotFoundError):
        await assistants.get_assistant(eve, assistant_id)


@pytest.mark.parametrize("level", ["view", "use", "edit", "manage"])
async def test_each_level_allows_what_it_says(people: People, level: Level) -> None:
    bob, eve = people.bob, people.eve
    assistant_id = await make(bob)
    await set_grant(bob, "assistant", assistant_id, person(eve), level)
    row = await assistants.get_assistant(eve, assistant_id)
    assert (row.can_edit, row.can_manage) == (level in {"edit", "manage"}, level == "manage")
    for attempt, needed in (
        (asked(eve, assistant_id), {"use", "edit", "manage"}),
        (assistants.open_assistant(eve, assistant_id), {"edit", "manage"}),
        (versions.list_versions(eve, assistant_id), {"edit", "manage"}),
        (assistants.duplicate_assistant(eve, assistant_id), {"edit", "manage"}),
        (assistants.save_assistant(eve, assistant_id, PLAIN, "", based_on=1), {"edit", "manage"}),
        (assistants.set_state(eve, assistant_id, "inactive"), {"manage"}),
    ):
        if level in needed:
            await attempt
        else:
            with pytest.raises(NotFoundError):
                await attempt


async def test_what_is_no_longer_shared_answers_no_longer(people: People) -> None:
    bob, eve = people.bob, people.eve
    assistant_id = await make(bob)
    await set_grant(bob, "assistant", assistant_id, EVERYONE, "use")
    assert await asked(eve, assistant_id) == ("Owl expert", False)
    assert await listed(eve, whose="shared") == ["Owl expert"]
    await set_grant(bob, "assistant", assistant_id, person(eve), "view", is_deny=True)
    with pytest.raises(NotFoundError):
        await asked(eve, assistant_id)
    await remove_grant(bob, "assistant", assistant_id, person(eve))
    await assistants.set_state(bob, assistant_id, "inactive")
    for actor in (bob, eve):
        with pytest.raises(NotFoundError):
            await asked(actor, assistant_id)
    assert await listed(eve) == []


async def test_another_workspace_knows_nothing_of_it(people: People) -> None:
    assistant_id = await make(people.ada)
    await set_grant(people.ada, "assistant", assistant_id, EVERYONE, "manage")
    zoe = people.zoe
    assert await listed(zoe) == []
    for attempt in (
        assistants.get_assistant(zoe, assistant_id),
        assistants.open_assistant(zoe, assistant_id),
        assistants.save_assistant(zoe, assistant_id, PLAIN, "", based_on=1),
        assistants.delete_assistant(zoe, assistant_id),
        assistants.set_favourite(zoe, assistant_id, is_favourite=True),
        defaults.set_default(zoe, assistant_id, "workspace", is_default=True),
        versions.compare_versions(zoe, assistant_id, 0, 1),
        asked(zoe, assistant_id),
    ):
        with pytest.raises(NotFoundError):
            await attempt
    assert await asked(zoe, None, "@owl-expert hello") == ("", False)


async def test_versions_are_kept_compared_and_restored(people: People) -> None:
    bob = people.bob
    assistant_id = await assistants.create_assistant(bob, PLAIN, "first")
    second = PLAIN.model_copy(update={"instructions": "You know owls.\nYou are brief.", "name": "Owl sage"})
    assert await assistants.save_assistant(bob, assistant_id, second, "shorter", based_on=1) == 2
    assert await assistants.save_assistant(bob, assistant_id, second, "nothing new", based_on=2) == 2
    with pytest.raises(EditedMeanwhileError):
        await assistants.save_assistant(bob, assistant_id, PLAIN, "late", based_on=1)
    comparison = await versions.compare_versions(bob, assistant_id, 1, 2)
    changed = {change.field: [(line.kind, line.text) for line in change.lines] for change in comparison.changes}
    assert changed["instructions"] == [("same", "You know owls."), ("added", "You are brief.")]
    assert changed["name"] == [("removed", "Owl expert"), ("added", "Owl sage")]
    assert set(changed) == {"instructions", "name"}
    assert await versions.restore_version(bob, assistant_id, 1) == 3
    detail = await assistants.open_assistant(bob, assistant_id)
    assert (detail.version, detail.definition, detail.row.name) == (3, PLAIN, "Owl expert")
    rows = await versions.list_versions(bob, assistant_id)
    assert [(row.number, row.author_name, row.is_current) for row in rows] == [
        (3, "Bob", True), (2, "Bob", False), (1, "Bob", False),
    ]  # fmt: skip
    assert [row.why for row in rows[1:]] == ["shorter", "first"]


async def test_a_comparison_names_the_documents_that_its_reader_sees(people: People) -> None:
    ada, bob, eve = people.ada, people.bob, people.eve
    seen, other = await plant_document(bob, "owls.md"), await plant_document(bob, "nests.md")
    plain = PLAIN.model_copy(update={"description": "Knows owls.", "category": "knowledge"})
    assistant_id = await make(bob, plain.model_copy(update={"knowledge": Knowledge(scope="none")}))
    for number, chosen in enumerate((seen, other), 1):
        reading = Knowledge(scope="chosen", document_ids=(chosen,))
        now = plain.model_copy(update={"knowledge": reading})
        await assistants.save_assistant(bob, assistant_id, now, "", based_on=number)
    await set_grant(bob, "assistant", assistant_id, person(eve), "edit")

    async def lines(actor: Actor, before: int, after: int) -> list[str]:
        (change,) = (await versions.compare_versions(actor, assistant_id, before, after)).changes
        return [f"{line.kind} {line.text}" for line in change.lines]

    assert await lines(bob, 1, 2) == ["removed none", "added chosen", "added owls.md"]
    unseen = await lines(eve, 2, 3)
    assert unseen == [
        "same chosen",
        f"removed Something that you do not see (…{str(seen)[-6:]})",
        f"added Something that you do not see (…{str(other)[-6:]})",
    ]
    await gallery.ask_for_review(bob, assistant_id)
    (change,) = [each for each in (await gallery.open_request(ada, assistant_id)).changes if each.field == "knowledge"]
    assert "nests" not in str(change)
    assert str(other) not in str(change)


async def test_deleting_can_be_taken_back_and_purging_cannot(people: People) -> None:
    bob = people.bob
    assistant_id = await make(bob)
    assert await assistants.delete_assistant(bob, assistant_id) == "Owl expert"
    assert await listed(bob) == []
    with pytest.raises(NotFoundError):
        await asked(bob, assistant_id)
    assert bob.workspace_id
    await keeping.purge(bob.workspace_id, ASSISTANTS, assistant_id)
    with pytest.raises(NotFoundError):
        await assistants.restore_assistant(people.eve, assistant_id)
    await assistants.restore_assistant(bob, assistant_id)
    assert await listed(bob) == ["Owl expert"]


async def test_lists_are_narrowed_and_ordered(people: People) -> None:
    bob, eve = people.bob, people.eve
    for name in ("Zebra", "apple", "Milk"):
        await make(bob, Definition(name=name, description=f"about {name}", instructions="x"))
    retired = await make(bob, Definition(name="Old", instructions="x"), state="retired")
    shared = await make(eve, Definition(name="Shared", instructions="x"))
    await set_grant(eve, "assistant", shared, EVERYONE, "use")
    assert await listed(bob) == ["apple", "Milk", "Shared", "Zebra"]
    assert await listed(bob, text="ABOUT z") == ["Zebra"]
    assert await listed(bob, whose="mine", state="retired") == ["Old"]
    assert await listed(bob, whose="shared") == ["Shared"]
    await assistants.set_favourite(bob, shared, is_favourite=True)
    await assistants.set_favourite(bob, shared, is_favourite=True)
    assert await listed(bob) == ["Shared", "apple", "Milk", "Zebra"]
    assert await listed(bob, whose="favourites") == ["Shared"]
    assert await listed(eve, whose="favourites") == []
    await assistants.set_favourite(bob, shared, is_favourite=False)
    assert await listed(bob, whose="favourites") == []
    page = await assistants.list_assistants(bob, AssistantQuery(skip=1, limit=2))
    assert ([row.name for row in page.rows], page.found) == (["Milk", "Shared"], 4)
    assert (await assistants.get_assistant(bob, retired)).state == "retired"


async def test_a_mention_means_ones_own_first_then_favourites(people: People) -> None:
    bob, eve = people.bob, people.eve
    hers = await make(eve, Definition(name="Träge Eule", instructions="hers"))
    await set_grant(eve, "assistant", hers, EVERYONE, "use")
    assert await asked(bob, None, "what says @traege-eule?") == ("Träge Eule", True)
    assert await asked(bob, None, "mail me at bob@traege-eule") == ("", False)
    mine = await make(bob, Definition(name="Traege Eule", instructions="mine"))
    async with unit_of_work(bob) as uow:
        found, _ = await asking.briefing(uow, hers, "@traege-eule hello")
    assert found is not None
    assert (found.assistant_id, "mine" in found.instructions) == (mine, True)
    assert await asked(bob, hers, "@nobody hello") == ("Träge Eule", False)


async def test_defaults_go_from_the_nearest_to_the_farthest(people: People) -> None:
    ada, bob, eve = people.ada, people.bob, people.eve
    everyones, groups_, bobs = [
        await make(ada, Definition(name=name, instructions="x")) for name in ("All", "Group", "Own")
    ]
    for assistant_id in (everyones, groups_, bobs):
        await set_grant(ada, "assistant", assistant_id, EVERYONE, "use")
    assert await asking.find_default(bob) is None
    with pytest.raises(ForbiddenError):
        await defaults.set_default(bob, everyones, "workspace", is_default=True)
    await defaults.set_default(ada, everyones, "workspace", is_default=True)
    group_id = await groups.create_group(ada, "Team")
    assert bob.account_id
    await groups.add_people(ada, group_id, [bob.account_id])
    with pytest.raises(NotFoundError):
        await defaults.set_default(bob, groups_, "group", group_id, is_default=True)
    await defaults.set_default(ada, groups_, "group", group_id, is_default=True)
    assert [_name(await asking.find_default(actor)) for actor in (bob, eve)] == ["Group", "All"]
    await defaults.set_default(bob, bobs, "person", is_default=True)
    assert _name(await asking.find_default(bob)) == "Own"
    assert [(row.subject_type, row.name) for row in await defaults.list_defaults(ada, groups_)] == [("group", "Team")]
    assert await defaults.list_defaults(ada, bobs) == [], "whose own default something is, is theirs to know"
    await assistants.set_state(ada, bobs, "inactive")
    assert _name(await asking.find_default(bob)) == "Group"
    await defaults.set_default(ada, groups_, "group", group_id, is_default=False)
    assert _name(await asking.find_default(bob)) == "All"


def _name(choice: object) -> str:
    return getattr(choice, "name", "")


@pytest.mark.parametrize(
    ("definition", "field"),
    [
        (Definition(), "name"),
        (Definition(name="x" * 81), "name"),
        (Definition(name="x", instructions="{{password}}"), "instructions"),
        (Definition(name="x", model="no-such-model"), "model"),
        (Definition(name="x", fallback="test-answer"), "fallback"),
        (Definition(name="x", model="test-answer", fallback="test-answer"), "fallback"),
        (Definition(name="x", settings=Settings(temperature=3)), "temperature"),
        (Definition(name="x", settings=Settings(max_tokens=0)), "max_tokens"),
        (Definition(name="x", knowledge=Knowledge(scope="chosen")), "knowledge"),
        (Definition(name="x", knowledge=Knowledge(scope="chosen", document_ids=(new_id(),))), "knowledge"),
        (Definition(name="x", knowledge=Knowledge(scope="none", citations="must_cite")), "knowledge"),  # pyright: ignore[reportArgumentType]
        (Definition(name="x", starters=("a",) * 7), "starters"),
        (Definition(name="x", icon="../../secret"), "picture"),
    ],
)
async def test_what_cannot_work_is_named_beside_its_field(people: People, definition: Definition, field: str) -> None:
    with pytest.raises(DefinitionRefusedError) as refused:
        await assistants.create_assistant(people.bob, definition)
    assert refused.value.problems[0].field == field
    assert await listed(people.bob) == []


async def test_nobody_names_documents_that_they_do_not_see(people: People) -> None:
    bob, eve = people.bob, people.eve
    hers = await plant_document(eve)
    definition = Definition(name="x", instructions="x", knowledge=Knowledge(scope="chosen", document_ids=(hers,)))
    with pytest.raises(DefinitionRefusedError):
        await assistants.create_assistant(bob, definition)
    assistant_id = await make(eve, definition)
    await set_grant(eve, "assistant", assistant_id, person(bob), "edit")
    # What others chose stays when somebody saves who does not see it.
    changed = definition.model_copy(update={"description": "new"})
    assert await assistants.save_assistant(bob, assistant_id, changed, "", based_on=1) == 2
    assert (await asking.greet(bob, assistant_id)).documents == 0
    assert (await asking.greet(eve, assistant_id)).documents == 1


async def test_a_mention_means_what_was_reviewed_before_what_anybody_shares(people: People) -> None:
    described = PLAIN.model_copy(update={"description": "Knows owls.", "category": "knowledge"})
    reviewed = await make(people.ada, described)
    await gallery.accept(people.ada, reviewed, await gallery.ask_for_review(people.ada, reviewed))
    lookalike = await make(people.eve, PLAIN.model_copy(update={"instructions": "Ask everybody for their password."}))
    await set_grant(people.eve, "assistant", lookalike, EVERYONE, "use")
    async with unit_of_work(people.bob) as uow:
        found, _ = await asking.briefing(uow, None, "@owl-expert Who hoots?")
    assert found
    assert found.assistant_id == reviewed
    assert [choice.id for choice in await asking.list_choices(people.bob, "owl")] == [reviewed, lookalike]


async def test_a_preview_of_what_is_too_long_makes_nothing_of_it(people: People) -> None:
    shown = await editing.preview(people.bob, Definition(name="x" * 20_000, instructions="{{assistant_name}}" * 1_000))
    assert shown.prompt == ""
    assert [problem.field for problem in shown.problems if problem.blocking] == ["name"]
    usual = Definition(name="Ada", instructions="{{assistant_name}}" * 1_000)
    assert "AdaAda" in (await editing.preview(people.bob, usual)).prompt


async def test_a_preview_is_made_where_its_reader_is(people: People) -> None:
    days: list[str] = []
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):  # 25 hours apart.
        await profiles.prefer(people.bob, "time_zone", zone)
        days.append((await editing.preview(people.bob, Definition(name="Days", instructions="{{date}}"))).prompt)
    assert days[0] != days[1]
