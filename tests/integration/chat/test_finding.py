"""Conversations are found by their titles and by what was said in them, each person's own and nobody else's."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb
from sqlalchemy import text

from convosphere.chat.models import Conversation, Message
from convosphere.chat.service import conversations, filing, finding, folders
from convosphere.chat.service.finding import Found
from convosphere.core.errors import ForbiddenError, NotFoundError, SignInRequiredError
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import ANONYMOUS, Actor
from convosphere.core.unit_of_work import unit_of_work
from tests.fixtures.people import People


async def plant(actor: Actor, title: str, *said: str) -> UUID:
    """A conversation in which question and answer take turns."""
    async with unit_of_work(actor) as uow:
        conversation = Conversation(workspace_id=uow.workspace_id, owner_id=uow.account_id, title=title)
        uow.session.add(conversation)
        await uow.session.flush()
        parent: UUID | None = None
        for number, words in enumerate(said):
            message = Message(
                workspace_id=uow.workspace_id, conversation_id=conversation.id, parent_id=parent, status="done",
                role="assistant" if number % 2 else "user", parts=[{"type": "text", "text": words}],
            )  # fmt: skip
            uow.session.add(message)
            await uow.session.flush()
            parent = message.id
    return conversation.id


async def titles(actor: Actor, written: str) -> list[str]:
    return [hit.title for hit in (await finding.find(actor, written)).hits]


def marked(found: Found) -> list[str]:
    return [piece.text for hit in found.hits for piece in hit.snippet if piece.is_hit]


async def test_messages_are_found_in_both_languages_and_marked(people: People) -> None:
    await plant(people.bob, "Law", "Wie lang sind die Kündigungsfristen der Häuser?", "The policies name three months.")
    assert marked(await finding.find(people.bob, "haus kündigungsfrist ")) == ["Kündigungsfristen", "Häuser"]
    assert marked(await finding.find(people.bob, "policy ")) == ["policies"]
    assert marked(await finding.find(people.bob, "kündigungsf")) == ["Kündigungsfristen"]
    assert not await titles(people.bob, "ündigungsf")
    hit = (await finding.find(people.bob, "months")).hits[0]
    assert (hit.title, hit.role, hit.message_id is not None) == ("Law", "assistant", True)


async def test_phrases_exclusions_and_titles(people: People) -> None:
    await plant(people.bob, "Hamlet", "To be, or not to be: that is the question.")
    await plant(people.bob, "Draft of not", "Be or to not.")
    assert await titles(people.bob, '"to be or not"') == ["Hamlet"]
    assert await titles(people.bob, "question -hamlet") == ["Hamlet"]
    assert await titles(people.bob, "question -to") == []
    assert await titles(people.bob, "draft") == ["Draft of not"]
    assert await titles(people.bob, "raft of") == ["Draft of not"]


@pytest.mark.parametrize(
    "written", ["secret", "Secret plan", "has:code", "from:me", "is:archived secret", "tag:law", "after:2020"]
)
async def test_nobody_finds_what_others_said(people: People, written: str) -> None:
    ours = await plant(people.bob, "Secret plan", "The secret is ```42```", "A secret answer")
    await filing.tag(people.bob, [ours], add=["law"])
    for stranger in (people.ada, people.eve, people.zoe):
        assert not (await finding.find(stranger, written)).hits
    with pytest.raises(SignInRequiredError):
        await finding.find(ANONYMOUS, written)
    with pytest.raises(ForbiddenError):
        await finding.find(Actor(people.bob.account_id, people.bob.workspace_id, frozenset()), written)


async def test_the_owners_function_stays_in_the_workspace(people: People) -> None:
    """Whatever ids and marks somebody hands to it: another workspace's messages never come out."""
    ours = await plant(people.bob, "Ours", "A secret of ours")
    async with unit_of_work(people.zoe) as uow:
        found = await uow.session.execute(
            text("SELECT * FROM find_messages('secret', 'secret', ARRAY[CAST(:id AS uuid)], NULL, NULL, 10)"),
            {"id": ours},
        )
        assert found.all() == []
        assert (await uow.session.execute(text("SELECT count(*) FROM message_entry"))).scalar_one() == 0


async def test_filters_narrow_what_is_found(people: People) -> None:
    first = await plant(people.bob, "Contract", "Look at https://example.org please", "Here: ```rm```")
    second = await plant(people.bob, "Travel", "Where to?", "|a|b|\n|--|--|\n|1|2|")
    project = await folders.create_folder(people.bob, "Big Project")
    inner = await folders.create_folder(people.bob, "Inner", project)
    await filing.move(people.bob, [first], inner)
    await filing.tag(people.bob, [first], add=["#Law"])
    await filing.pin(people.bob, [second], is_pinned=True)
    expected: dict[str, list[str]] = {
        "tag:law": ["Contract"], "schlagwort:LAW": ["Contract"], 'folder:"big proj"': ["Contract"],
        "ordner:inner": ["Contract"],
        "is:pinned": ["Travel"], "has:link": ["Contract"], "has:code from:me": [], "has:code from:ki": ["Contract"],
        "mit:tabelle": ["Travel"], "from:nobody": [], "before:2020": [], "after:2020 tag:law": ["Contract"],
        "tag:law where": [], "where": ["Travel"], "has:source": [], "where before:2020": [],
        "where after:2020": ["Travel"],
    }  # fmt: skip
    assert {written: await titles(people.bob, written) for written in expected} == expected
    assert (await finding.find(people.bob, "has:wings")).unknown == ("has:wings",)


async def test_the_archive_is_found_and_what_is_deleted_is_not(people: People) -> None:
    kept = await plant(people.bob, "Kept", "An elephant")
    gone = await plant(people.bob, "Gone", "An elephant")
    await filing.archive(people.bob, [kept], is_archived=True)
    await filing.delete_many(people.bob, [gone])
    hits = (await finding.find(people.bob, "elephant")).hits
    assert [(hit.title, hit.is_archived) for hit in hits] == [("Kept", True)]
    assert await titles(people.bob, "is:archived") == ["Kept"]


async def test_what_is_written_anew_is_found_anew(people: People) -> None:
    conversation_id = await plant(people.bob, "Zoo", "An elephant")
    async with unit_of_work(people.bob) as uow:
        await uow.session.execute(
            text("UPDATE message SET parts = :parts WHERE conversation_id = :id").bindparams(
                parts=Jsonb([{"type": "thinking", "text": "whale"}, {"type": "text", "text": "A giraffe"}]),
                id=conversation_id,
            )
        )
    assert [await titles(people.bob, word) for word in ("elephant", "giraffe", "whale")] == [[], ["Zoo"], []]


HOSTILE: Sequence[str] = (
    "'", "\\", "a' | 'b", "a:*", "!!", "<->", "x\x02y", "'''':*", "\u202eabc", "日本語", "%", "_", "e" * 300, "-a -b",
    '"unbalanced', "tag:'; DROP TABLE message", 'folder:"%', "a\\':* ", "co-operation", "3.14", "user@example.org",
)  # fmt: skip


async def test_anything_can_be_looked_for(people: People) -> None:
    await plant(
        people.bob, "A", "x\x02y\x03 <b>bold</b> & 'quoted' back\\slash 日本語 user@example.org 3.14 co-operation"
    )
    for written in HOSTILE:
        await finding.find(people.bob, written)
    assert await titles(people.bob, "user@example.org") == ["A"]
    assert await titles(people.bob, "co-operation ") == ["A"]
    pieces = [piece for hit in (await finding.find(people.bob, "bold")).hits for piece in hit.snippet]
    assert [piece.text for piece in pieces if piece.is_hit] == ["bold"]


@pytest.mark.parametrize("words", ["x" * 1_000_000, "".join(f"w{n} " for n in range(150_000)), "😀 " * 200_000])
async def test_a_message_of_any_size_is_kept(people: People, words: str) -> None:
    await plant(people.bob, "Long", f"beginning {words}")
    assert await titles(people.bob, "beginning ") == ["Long"]


async def test_days_narrow_messages_by_their_ids(people: People) -> None:
    assert new_id().int >> 80 >= int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000)


async def test_what_is_found_opens_where_it_stands(people: People) -> None:
    conversation_id = await plant(people.bob, "Long", *(f"number{n}" for n in range(60)))
    found = (await finding.find(people.bob, "number10 ")).hits[0].message_id
    assert found is not None
    page = await conversations.get_around(people.bob, conversation_id, found)
    assert "number10" in [message.text for message in page.messages]
    assert (page.has_earlier, page.has_later, len(page.messages)) == (True, True, 20)
    last = (await finding.find(people.bob, "number59 ")).hits[0].message_id
    assert last is not None
    end = await conversations.get_around(people.bob, conversation_id, last)
    assert (end.messages[-1].text, end.has_later) == ("number59", False)
    other = await plant(people.bob, "Other", "Hello")
    for actor, place in ((people.eve, conversation_id), (people.zoe, conversation_id), (people.bob, other)):
        with pytest.raises(NotFoundError):
            await conversations.get_around(actor, place, found)
