"""A link opens what it says for whom it says, says nothing else, and opens nothing once it is taken back."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from sqlalchemy import text

from convosphere.chat.errors import AnswerRunningError
from convosphere.chat.generations import GenerationHost
from convosphere.chat.service import answering, conversations, links, sharing
from convosphere.chat.service.links import LinkedPage
from convosphere.core.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    SignInRequiredError,
    TooManyRequestsError,
)
from convosphere.core.identifiers import new_token
from convosphere.core.permissions import ANONYMOUS, Actor
from convosphere.core.throttling import Throttle
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity import limits
from convosphere.identity.errors import LinksForAnybodyError
from convosphere.identity.service import grants, memberships
from convosphere.identity.service.grants import GrantKinds, Subject
from convosphere.identity.service.link_rules import allow_anyone
from tests.fixtures.people import People
from tests.integration.chat.test_answering import finished, send, until_text
from tests.integration.chat.test_finding import plant

GrantKinds.register(sharing.CONVERSATION_GRANTS)
HERE = "192.0.2.9"


async def make(actor: Actor, conversation_id: UUID, scope: str = "workspace", **named: object) -> str:
    """The token of a new link."""
    given = {"is_live": False, "days": 7} | named
    address = await links.make_link(actor, conversation_id, scope, **given)  # pyright: ignore[reportArgumentType]
    return parse_qs(urlsplit(address).query)["token"][0]


async def said(actor: Actor, token: str) -> list[str]:
    return [message.text for message in (await links.open_link(actor, token, HERE)).messages]


async def change(actor: Actor, statement: str) -> None:
    async with unit_of_work(actor) as uow:
        await uow.session.execute(text(statement))


async def test_a_link_for_the_workspace_opens_there_and_nowhere_else(people: People) -> None:
    planted = await plant(people.bob, "Owls", "Where?", "There.")
    token = await make(people.bob, planted)
    page = await links.open_link(people.eve, token, HERE)
    assert (page.title, page.made_by, page.is_live, page.can_copy) == ("Owls", "Bob", False, True)
    assert [message.text for message in page.messages] == ["Where?", "There."]
    with pytest.raises(SignInRequiredError):
        await links.open_link(ANONYMOUS, token, HERE)
    for other in (people.zoe, Actor(people.eve.account_id, people.eve.workspace_id, frozenset())):
        with pytest.raises(NotFoundError):
            await links.open_link(other, token, HERE)
    with pytest.raises(NotFoundError):
        await conversations.get_conversation(people.eve, planted)  # The link gives no right to anything else.


async def test_links_for_anybody_need_the_word_of_an_administrator(people: People) -> None:
    planted = await plant(people.bob, "Owls", "Where?", "There.")
    with pytest.raises(LinksForAnybodyError):
        await make(people.bob, planted, "anyone")
    with pytest.raises(ForbiddenError):
        await allow_anyone(people.bob, allows=True)
    await allow_anyone(people.ada, allows=True)
    token = await make(people.bob, planted, "anyone")
    for anybody in (ANONYMOUS, people.zoe, people.eve):
        assert await said(anybody, token) == ["Where?", "There."]
    page = await links.open_link(ANONYMOUS, token, HERE)
    assert (page.made_by, page.can_copy) == ("", False)
    await allow_anyone(people.ada, allows=False)
    with pytest.raises(NotFoundError):
        await said(ANONYMOUS, token)
    assert not (await links.list_links(people.bob, planted)).rows[0].works


async def test_what_a_link_for_anybody_shows_names_nobody(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "Who is it?")
    await finished(people.bob, sent)
    await allow_anyone(people.ada, allows=True)
    token = await make(people.bob, sent.conversation_id, "anyone")
    page = await links.open_link(ANONYMOUS, token, HERE)
    assert {message.author for message in page.messages} == {""}
    inside = await make(people.bob, sent.conversation_id)
    assert [message.author for message in (await links.open_link(people.eve, inside, HERE)).messages] == ["Bob", ""]
    ids = {str(sent.question.id), str(sent.answer.id), str(people.bob.account_id)}
    assert not [each for each in ids if each in repr(page.messages)]


async def test_a_snapshot_stays_and_a_live_link_goes_on(people: People, host: GenerationHost) -> None:
    sent = await send(people.bob, "[[text=one]] First?")
    await finished(people.bob, sent)
    snapshot, live = [await make(people.bob, sent.conversation_id, is_live=is_live) for is_live in (False, True)]
    before = await said(people.eve, snapshot)
    second = await send(people.bob, "[[tokens=300 rate=60]] Second?", sent.conversation_id)
    await until_text(people.bob, second)
    with pytest.raises(AnswerRunningError):
        await make(people.bob, sent.conversation_id)
    with pytest.raises(AnswerRunningError):
        await links.copy_linked(people.eve, live, HERE)
    await answering.stop(people.bob, second.answer.id)
    await finished(people.bob, second)
    assert await said(people.eve, snapshot) == before
    assert len(await said(people.eve, live)) == 4


async def test_a_snapshot_shows_nothing_that_was_written_later(people: People, host: GenerationHost) -> None:
    """An answer that was stopped can be gone on with, which is not for those who were shown what it was."""
    sent = await send(people.bob, "[[tokens=3000 rate=60]] First?")
    await until_text(people.bob, sent)
    await answering.stop(people.bob, sent.answer.id)
    then = (await finished(people.bob, sent)).text
    token = await make(people.bob, sent.conversation_id)
    assert (await said(people.eve, token))[1:] == [then]

    again = await answering.resume(people.bob, sent.answer.id)
    assert await said(people.eve, token) == [sent.question.text], "while it is written"
    await answering.stop(people.bob, again.answer.id)
    await finished(people.bob, again)
    assert await said(people.eve, token) == [sent.question.text]
    copy = await links.copy_linked(people.eve, token, HERE)
    assert [each.text for each in (await conversations.get_conversation(people.eve, copy)).messages] == [
        sent.question.text
    ]


async def test_a_long_conversation_is_read_on_in_windows(people: People) -> None:
    said = [f"{number}" for number in range(130)]
    token = await make(people.bob, await plant(people.bob, "Long", *said))

    async def read(end: UUID | None = None, steps: int = 0, size: int = links.MOST_SHOWN) -> LinkedPage:
        return await links.open_link(people.eve, token, HERE, end=end, steps=steps, size=size)

    page = await read(size=10_000)
    assert [message.text for message in page.messages] == said[30:]
    assert (page.has_earlier, page.has_later) == (True, False)
    earlier = await read(page.ids[-31])
    assert [message.text for message in earlier.messages] == said[:100]
    assert (earlier.has_earlier, earlier.has_later) == (False, True)
    later = await read(earlier.ids[-1], 20)
    assert [message.text for message in later.messages] == said[20:120]
    assert later.has_later
    last = await read(later.ids[-1], 20)
    assert last.ids == page.ids
    assert not last.has_later
    elsewhere = await plant(people.bob, "Secret", "Nobody's", "business")
    secret = (await conversations.get_conversation(people.bob, elsewhere)).messages[-1].id
    assert (await read(secret)).ids == page.ids, "what a link does not show is no end of a window"


async def test_a_copy_is_ones_own(people: People, host: GenerationHost) -> None:
    planted = await plant(people.bob, "Owls", "Where?", "There.")
    token = await make(people.bob, planted)
    copy_id = await links.copy_linked(people.eve, token, HERE)
    copied = await conversations.get_conversation(people.eve, copy_id)
    assert [message.text for message in copied.messages] == ["Where?", "There."]
    assert copied.access.is_own
    await finished(people.eve, await send(people.eve, "Why?", copy_id))
    assert await said(people.eve, token) == ["Where?", "There."]
    await conversations.delete(people.bob, planted)
    assert len((await conversations.get_conversation(people.eve, copy_id)).messages) == 4
    with pytest.raises(NotFoundError):
        await links.copy_linked(people.zoe, token, HERE)


ENDS = {
    "revoked": lambda people, conversation_id: _revoke_all(people.bob, conversation_id),
    "expired": lambda people, _: change(people.bob, "UPDATE conversation_link SET expires_at = now() - interval '1 s'"),
    "deleted": lambda people, conversation_id: conversations.delete(people.bob, conversation_id),
    "maker gone": lambda people, _: memberships.deactivate(people.ada, people.bob.account_id),
}


async def _revoke_all(actor: Actor, conversation_id: UUID) -> None:
    for row in (await links.list_links(actor, conversation_id)).rows:
        await links.revoke_link(actor, row.id)


@pytest.mark.parametrize("end", ENDS)
async def test_a_link_that_has_ended_opens_nothing(people: People, end: str) -> None:
    planted = await plant(people.bob, "Owls", "Where?", "There.")
    await allow_anyone(people.ada, allows=True)
    tokens = [await make(people.bob, planted, scope, is_live=is_live) for scope in ("workspace", "anyone")
              for is_live in (True, False)]  # fmt: skip
    for token in tokens:
        await said(people.eve, token)
    await ENDS[end](people, planted)
    for token in tokens:
        with pytest.raises(NotFoundError):
            await said(people.eve, token)
        with pytest.raises(NotFoundError):
            await links.copy_linked(people.eve, token, HERE)


async def test_only_who_may_share_makes_and_takes_back_links(people: People) -> None:
    planted = await plant(people.bob, "Owls", "Where?", "There.")
    await make(people.bob, planted)
    (row,) = (await links.list_links(people.bob, planted)).rows
    for level in (None, "view", "use", "edit"):
        if level:
            subject = Subject("person", people.eve.account_id)
            await grants.set_grant(people.bob, "conversation", planted, subject, level)
        for act in (
            make(people.eve, planted),
            links.list_links(people.eve, planted),
            links.revoke_link(people.eve, row.id),
        ):
            with pytest.raises(NotFoundError):
                await act
    await grants.set_grant(people.bob, "conversation", planted, Subject("person", people.eve.account_id), "manage")
    token = await make(people.eve, planted)
    assert await said(people.ada, token) == ["Where?", "There."]
    await grants.set_grant(people.bob, "conversation", planted, Subject("person", people.eve.account_id), "use")
    with pytest.raises(NotFoundError):
        await said(people.ada, token)  # Whoever made it may share no more.


async def test_what_is_no_link_is_refused(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = await plant(people.bob, "Owls", "Where?", "There.")
    for scope, days in (("everybody", 7), ("workspace", 0), ("workspace", 366)):
        with pytest.raises(InvalidInputError):
            await make(people.bob, planted, scope, days=days)
    monkeypatch.setattr(limits, "_THROTTLES", dict.fromkeys(limits._THROTTLES, Throttle("3/minute", "few")))
    for token in (new_token(), "", "x" * 10_000):
        with pytest.raises(NotFoundError):
            await said(ANONYMOUS, token)
    with pytest.raises(TooManyRequestsError):
        await said(ANONYMOUS, new_token())


async def test_the_secret_is_stored_nowhere_and_the_trail_tells_of_each(people: People) -> None:
    planted = await plant(people.bob, "Owls", "Where?", "There.")
    token = await make(people.bob, planted, days=30)
    await _revoke_all(people.bob, planted)
    async with unit_of_work(people.ada) as uow:
        told = (await uow.session.execute(text("SELECT action, label, after FROM audit_entry ORDER BY sequence"))).all()
        row = (await uow.session.execute(text("SELECT * FROM conversation_link"))).one()
    assert [entry.action for entry in told] == ["conversation:make_link", "conversation:revoke_link"]
    assert told[0].after == {"shared_with": "workspace", "days": 30}
    assert token not in repr(row) + repr(told)
    assert row.expires_at - row.created_at > timedelta(days=29)
