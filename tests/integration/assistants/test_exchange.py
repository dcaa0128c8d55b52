"""Assistants as files: who may take one out, what comes in, and what is told that is missing here."""

import json
from uuid import UUID

import pytest

from convosphere.assistants.errors import AssistantNotFoundError, DefinitionRefusedError, FileRefusedError
from convosphere.assistants.kind import ASSISTANTS
from convosphere.assistants.schemas import Definition, Knowledge, Settings
from convosphere.assistants.service import assistants, exchange, gallery, templates
from convosphere.assistants.service.portable import NamedDocument, Portable, write
from convosphere.core.errors import ForbiddenError
from convosphere.core.permissions import Actor
from convosphere.creations.service.sharing import grants_of
from convosphere.identity.roles import PERMISSIONS, Role
from convosphere.identity.service.grants import EVERYONE, GrantKinds, set_grant
from convosphere.knowledge.collections import service as collections
from convosphere.knowledge.schemas import DocumentFilter
from convosphere.knowledge.service import folders
from convosphere.knowledge.tags import service as tags
from convosphere.knowledge.tags.schemas import TagDraft
from tests.fixtures.documents import SHA256, plant_document
from tests.fixtures.people import People
from tests.integration.assistants.test_assistants import listed, make
from tests.integration.assistants.test_gallery import FIT, actions, publish

pytestmark = pytest.mark.usefixtures("host")
GrantKinds.register(grants_of(ASSISTANTS))


async def taken_in(actor: Actor, text: str, **chosen: str) -> Definition:
    return (await assistants.open_assistant(actor, await exchange.take_in(actor, text, **chosen))).definition


async def lacks(actor: Actor, text: str, **chosen: str) -> list[tuple[str, str]]:
    return [(lack.kind, lack.name) for lack in (await exchange.read_file(actor, text, **chosen)).lacks]


async def test_what_goes_out_comes_in_as_a_draft_of_ones_own(people: People) -> None:
    bob, eve = people.bob, people.eve
    definition = FIT.model_copy(update={"model": "test-answer", "settings": Settings(temperature=0.4)})
    assistant_id = await make(bob, definition)
    name, text = await exchange.export_assistant(bob, assistant_id)
    assert name == "owl-expert.assistant.json"
    for private in (str(assistant_id), str(bob.account_id), str(bob.workspace_id), bob.name, bob.email):
        assert private not in text
    assert await lacks(eve, text) == []
    assert await listed(eve) == [], "looking at a file keeps nothing"
    assert await taken_in(eve, text) == definition
    (row,) = (await assistants.list_assistants(eve, assistants.AssistantQuery())).rows
    assert (row.state, row.is_own, row.gallery_state) == ("draft", True, "none")
    assert (await actions(people))[-2:] == ["export", "import"]


async def test_only_who_may_copy_takes_one_out(people: People) -> None:
    bob, eve, zoe = people.bob, people.eve, people.zoe
    assistant_id = await make(bob, FIT)
    await set_grant(bob, "assistant", assistant_id, EVERYONE, "use")
    for actor in (eve, zoe, people.ada):
        with pytest.raises(AssistantNotFoundError):
            await exchange.export_assistant(actor, assistant_id)
    await publish(people, assistant_id)
    newer = FIT.model_copy(update={"instructions": "not yet reviewed"})
    await assistants.save_assistant(bob, assistant_id, newer, "", based_on=1)
    assert "not yet reviewed" in (await exchange.export_assistant(bob, assistant_id))[1]
    assert "not yet reviewed" not in (await exchange.export_assistant(eve, assistant_id))[1]
    with pytest.raises(AssistantNotFoundError):
        await exchange.export_assistant(zoe, assistant_id)
    await gallery.take_back(bob, assistant_id)
    with pytest.raises(AssistantNotFoundError):
        await exchange.export_assistant(eve, assistant_id)


async def test_a_guest_takes_nothing_in(people: People) -> None:
    guest = Actor(people.bob.account_id, people.bob.workspace_id, PERMISSIONS[Role.GUEST], role=Role.GUEST)
    with pytest.raises(ForbiddenError):
        await exchange.read_file(guest, write(Portable(FIT)))
    with pytest.raises(ForbiddenError):
        await exchange.take_in(guest, write(Portable(FIT)))


async def test_documents_go_by_name_and_hash_and_only_as_far_as_one_sees_them(people: People) -> None:
    bob, eve = people.bob, people.eve
    document_id = await plant_document(bob, "owls.md")
    reading = Knowledge(scope="chosen", document_ids=(document_id,))
    assistant_id = await make(bob, FIT.model_copy(update={"knowledge": reading}))
    _, text = await exchange.export_assistant(bob, assistant_id)
    assert str(document_id) not in text
    assert json.loads(text)["assistant"]["knowledge"]["documents"] == [{"name": "owls.md", "sha256": SHA256}]
    assert (await taken_in(bob, text)).knowledge == reading
    told = await exchange.read_file(eve, text)
    assert [(lack.kind, lack.name) for lack in told.lacks] == [("document", "owls.md")]
    assert (told.documents, told.asks_documents) == (0, True)
    assert (await taken_in(eve, text)).knowledge.scope == "none", "never more than was chosen, unless one says so"
    assert (await taken_in(eve, text, reads="all")).knowledge.scope == "all"
    own = await plant_document(eve, "my owls.md")
    assert (await taken_in(eve, text)).knowledge.document_ids == (own,)
    await publish(people, assistant_id)
    assert "owls.md" not in (await exchange.export_assistant(people.ada, assistant_id))[1]
    copied = await assistants.duplicate_assistant(people.ada, assistant_id)
    assert (await assistants.open_assistant(people.ada, copied)).definition.knowledge.document_ids == ()


async def test_places_go_by_name_and_only_as_far_as_one_sees_them(people: People) -> None:
    bob, eve = people.bob, people.eve
    outer = await folders.create_folder(bob, "Animals")
    folder = await folders.create_folder(bob, "Owls", outer)
    tag = await tags.create_tag(bob, TagDraft("Birds"))
    collection = await collections.create_collection(bob, "Nights", DocumentFilter(text="night"))
    reading = Knowledge(scope="chosen", folder_ids=(folder,), tag_ids=(tag,), collection_ids=(collection,))
    assistant_id = await make(bob, FIT.model_copy(update={"knowledge": reading}))
    text = (await exchange.export_assistant(bob, assistant_id))[1]
    told = json.loads(text)["assistant"]["knowledge"]
    assert (told["folders"], told["tags"], told["collections"]) == (["Animals / Owls"], ["Birds"], ["Nights"])
    assert (await taken_in(bob, text)).knowledge == reading
    assert await lacks(eve, text) == [("folder", "Animals / Owls"), ("collection", "Nights")]
    assert (await taken_in(eve, text)).knowledge == Knowledge(scope="chosen", tag_ids=(tag,))
    await publish(people, assistant_id)
    copy = (await assistants.open_assistant(eve, await assistants.duplicate_assistant(eve, assistant_id))).definition
    assert copy.knowledge == Knowledge(scope="chosen", tag_ids=(tag,))
    with pytest.raises(DefinitionRefusedError):
        await make(eve, FIT.model_copy(update={"knowledge": reading}))
    strange = write(Portable(FIT)).replace('"tags": []', '"tags": [{"name": 1}]')
    with pytest.raises(FileRefusedError):
        await exchange.read_file(bob, strange)


async def test_what_is_missing_here_is_told_and_left_out(people: People) -> None:
    bob = people.bob
    odd = FIT.model_copy(
        update={
            "model": "other/model", "fallback": "spare", "settings": Settings(temperature=0.2), "icon": "rocket",
            "category": "space", "instructions": "Be {{mood}}, {{ user_name }}.",
            "knowledge": Knowledge(scope="chosen", citations="must_cite"),  # pyright: ignore[reportArgumentType]
        }
    )  # fmt: skip
    told = json.loads(write(Portable(odd, (NamedDocument("far.md", "c" * 64),), ("web_search",))))
    told["assistant"]["voice"] = "deep"
    text = json.dumps(told)
    assert set(await lacks(bob, text)) == {
        ("tool", "web_search"), ("field", "voice"), ("model", "other/model"), ("fallback", "spare"),
        ("variable", "mood"), ("picture", "rocket"), ("picture", "space"), ("document", "far.md"),
    }  # fmt: skip
    made = await taken_in(bob, text)
    assert (made.model, made.fallback, made.icon, made.category) == ("", "", "bot", "")
    assert made.instructions == "Be {mood}, {{ user_name }}."
    assert (made.knowledge.scope, made.knowledge.citations) == ("none", "prefer")
    assert (await taken_in(bob, text, model="test-answer")).model == "test-answer"
    assert (await taken_in(bob, text, model="not/mine", reads="everything")).model == ""


@pytest.mark.parametrize(
    "update",
    [
        {"name": ""}, {"name": "x" * 81}, {"description": "x" * 501}, {"instructions": "x" * 20_001},
        {"starters": ("x",) * 7}, {"settings": Settings(temperature=9)}, {"settings": Settings(max_tokens=0)},
    ],
)  # fmt: skip
async def test_what_could_not_be_saved_is_not_taken_in(people: People, update: dict[str, object]) -> None:
    text = write(Portable(FIT.model_copy(update=update)))
    (field, value) = next(iter(update.items()))
    named = next(iter(value.model_dump(exclude_none=True))) if isinstance(value, Settings) else field
    for attempt in (exchange.read_file(people.bob, text), exchange.take_in(people.bob, text)):
        with pytest.raises(FileRefusedError, match=f"“{named}” in this file: "):
            await attempt
    assert await listed(people.bob) == []


@pytest.mark.parametrize("locale", ["en", "de"])
async def test_each_template_becomes_an_assistant(people: People, locale: str) -> None:
    bob = Actor(people.bob.account_id, people.bob.workspace_id, people.bob.permissions, locale=locale)
    made: list[UUID] = []
    for key, definition in templates.list_templates(bob):
        assert templates.get_template(bob, key) == definition
        made.append(await assistants.create_assistant(bob, definition))
    assert len(made) >= 15
    with pytest.raises(AssistantNotFoundError):
        templates.get_template(bob, "../../pyproject")
