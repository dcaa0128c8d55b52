"""What the signs of the composer offer, to whom."""

from dataclasses import replace

import pytest

from convosphere.chat.service import triggers
from convosphere.core.permissions import Actor, Permission
from convosphere.creations.service.sharing import grants_of
from convosphere.identity.service.grants import EVERYONE, GrantKinds, set_grant
from convosphere.knowledge.collections import service as collections
from convosphere.knowledge.schemas import DocumentFilter
from convosphere.knowledge.service import folders as document_folders
from convosphere.knowledge.tags import service as tags
from convosphere.knowledge.tags.schemas import TagDraft
from convosphere.llm.service.favourites import set_favourite
from convosphere.prompts.kind import PROMPTS
from convosphere.prompts.schemas import Definition
from convosphere.prompts.service import prompts
from tests.fixtures.documents import plant_document
from tests.fixtures.people import People
from tests.integration.assistants.test_assistants import make

pytestmark = pytest.mark.usefixtures("host")
GrantKinds.register(grants_of(PROMPTS))


async def offered(actor: Actor, trigger: str, text: str = "") -> list[tuple[str, str]]:
    return [(row.kind, row.name) for row in (await triggers.find(actor, trigger, text)).rows]


async def test_a_slash_offers_prompts_that_one_sees(people: People) -> None:
    prompt_id = await prompts.create_prompt(people.bob, Definition(name="Letter", text="Dear {{name}}"))
    assert await offered(people.bob, "/") == await offered(people.bob, "/", "lett") == [("prompt", "Letter")]
    assert await offered(people.bob, "/", "owl") == await offered(people.eve, "/") == []
    await set_grant(people.bob, "prompt", prompt_id, EVERYONE, "use")
    assert await offered(people.eve, "/") == [("prompt", "Letter")]
    without = replace(people.bob, permissions=people.bob.permissions - {Permission.PROMPT_READ})
    assert await offered(without, "/") == []


async def test_an_at_offers_assistants_then_models(people: People) -> None:
    await make(people.bob)
    found = await offered(people.bob, "@")
    assert found[0] == ("assistant", "Owl expert")
    assert ("model", "test-answer") in found
    assert await offered(people.bob, "@", "owl") == [("assistant", "Owl expert")]
    assert await offered(people.eve, "@", "owl") == []
    assert ("model", "test-answer") in await offered(people.eve, "@", "test-ans")
    await set_favourite(people.bob, "reader", is_favourite=True)
    assert (await offered(people.bob, "@"))[1] == ("model", "Reader")
    assert (await offered(people.eve, "@"))[-1] == ("model", "Reader")


async def test_a_hash_offers_documents_that_one_sees(people: People) -> None:
    await plant_document(people.bob, "plan.md")
    assert await offered(people.bob, "#", "pla") == [("document", "plan.md")]
    assert await offered(people.eve, "#") == await offered(people.zoe, "#") == []


async def test_a_hash_offers_where_documents_lie(people: People) -> None:
    await document_folders.create_folder(people.bob, "Plans")
    await tags.create_tag(people.bob, TagDraft("planning"))
    await collections.create_collection(people.bob, "Planned", DocumentFilter(text="plan"))
    await plant_document(people.bob, "plan.md")
    places = [("folder", "Plans"), ("tag", "planning"), ("collection", "Planned")]
    assert await offered(people.bob, "#", "pla") == [*places, ("document", "plan.md")]
    assert not set(await offered(people.eve, "#")) & {places[0], places[2]}


async def test_all_that_has_a_name_is_found_by_it(people: People) -> None:
    await plant_document(people.bob, "owls.md")
    await make(people.bob)
    await prompts.create_prompt(people.bob, Definition(name="Owl letter", command="owl", text="Write to {{owl}}."))
    named = {(row.kind, row.name) for row in await triggers.find_things(people.bob, "owl")}
    assert named == {("document", "owls.md"), ("assistant", "Owl expert"), ("prompt", "Owl letter")}
    assert await triggers.find_things(people.eve, "owl") == await triggers.find_things(people.bob, " ") == ()


async def test_other_signs_offer_nothing(people: People) -> None:
    assert await offered(people.bob, "$") == await offered(people.bob, "") == []
