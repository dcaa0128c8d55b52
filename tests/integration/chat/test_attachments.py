"""Files come with messages: who sees them, what a model reads of them, and when they go."""

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from PIL import Image
from sqlalchemy import text

from convosphere.chat.attachments import ChosenFile, Use, attached_files
from convosphere.chat.errors import FileNotReadyError, TooManyFilesError
from convosphere.chat.schemas import Sent
from convosphere.chat.service import answering, attaching, attachments, context, conversations, saving, triggers
from convosphere.chat.service.attachments import FileState
from convosphere.chat.service.leaving import ConversationsOfPerson
from convosphere.core.errors import ForbiddenError, NotFoundError
from convosphere.core.images.errors import ImageRefusedError
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.files import service as files
from convosphere.knowledge.errors import DocumentNotFoundError
from convosphere.knowledge.parsing.errors import UnsupportedTypeError
from convosphere.knowledge.schemas import DocumentQuery
from convosphere.knowledge.search.service import search_passages
from convosphere.knowledge.service import documents
from convosphere.llm.gateway import Gateway
from convosphere.llm.schemas import Model
from tests.fixtures.people import People
from tests.integration.chat.test_answering import finished
from tests.integration.knowledge.conftest import Upload, Work, add, work
from tests.provider.fixtures import RunningProvider

__all__ = ["add", "work"]

pytestmark = pytest.mark.usefixtures("host")

OWLS = b"# Owls\n\nThe eagle owl Bertram hunts hedgehogs in the moonlit quarry of Oberdorf.\n"


def picture(color: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 30), color).save(out, "PNG")
    return out.getvalue()


async def chunks(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def attach(actor: Actor, name: str, data: bytes) -> FileState:
    return await attaching.attach(actor, chunks(data), size=len(data), name=name)


async def ask(actor: Actor, question: str, *given: FileState, use: Use | None = None, into: UUID | None = None) -> Sent:
    chosen = [ChosenFile(file.id, use or file.use) for file in given]
    sent = await answering.send(actor, question, conversation_id=into, client_key=uuid4(), files=chosen)
    await finished(actor, sent)
    return sent


async def read(actor: Actor, name: str, data: bytes, work: Work) -> FileState:
    """A document once it has been read."""
    taken = await attach(actor, name, data)
    assert not taken.is_ready
    await work()
    return await attachments.get_state(actor, taken.id)


def last_content(provider: RunningProvider) -> str | list[dict[str, object]]:
    chats = [chat for chat in provider.chats() if "max_tokens" not in chat.body]
    return chats[-1].body["messages"][-1]["content"]


async def count(actor: Actor, table: str) -> int:
    async with unit_of_work(actor) as uow:
        return await uow.session.scalar(text(f"SELECT count(*) FROM {table}")) or 0


@pytest.fixture
def seeing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every model sees images."""
    get_model = Gateway.get_model

    async def with_vision(self: Gateway, actor: Actor, model_id: str) -> Model:
        return replace(await get_model(self, actor, model_id), capabilities=frozenset({"vision"}))

    monkeypatch.setattr(Gateway, "get_model", with_vision)


async def test_a_short_document_is_read_whole(people: People, work: Work, provider: RunningProvider) -> None:
    taken = await read(people.bob, "owls.md", OWLS, work)
    assert (taken.is_ready, taken.use, taken.can_be_whole) == (True, "whole", True)
    sent = await ask(people.bob, "Who hunts?", taken)
    content = last_content(provider)
    assert isinstance(content, str)
    assert content.index("Bertram") < content.index("Who hunts?")
    await ask(people.bob, "And where was that, if you still know?", into=sent.conversation_id)
    said = str([chat.body for chat in provider.chats() if "max_tokens" not in chat.body][-1]["messages"])
    assert "Bertram" in said, "later questions are about the same file"


async def test_passages_of_a_searched_document_come_first(
    people: People, work: Work, provider: RunningProvider
) -> None:
    taken = await read(people.bob, "owls.md", OWLS, work)
    sent = await ask(people.bob, "Which hedgehogs does Bertram hunt in the quarry?", taken, use="search")
    content = str(last_content(provider))
    assert "[1] owls.md" in content
    assert "<document" not in content
    answer = await conversations.get_message(people.bob, sent.answer.id)
    assert [source.document_name for source in answer.sources] == ["owls.md"]
    other = await ask(people.bob, "Which hedgehogs does Bertram hunt in the quarry?")
    assert "owls.md" not in str(last_content(provider)), "no other conversation reads it"
    assert other.conversation_id != sent.conversation_id


async def test_passages_of_a_folder_come_first_and_stay_the_subject(
    people: People, add: Upload, work: Work, provider: RunningProvider
) -> None:
    asked = "Which hedgehogs does Bertram hunt in the quarry?"
    await add(people.bob, "told.md", OWLS * 3, is_shared=True)
    await add(people.bob, "owls.md", OWLS.replace(b"Oberdorf", b"Unterdorf"), folder_path="Birds")
    await work()
    [(_, folder, _)] = await found(people.bob, "#", "bird")
    chosen = [ChosenFile(folder, "search", "folder")]
    sent = await answering.send(people.bob, asked, conversation_id=None, client_key=uuid4(), files=chosen)
    await finished(people.bob, sent)
    assert "Unterdorf" in str(last_content(provider)).split("[2]")[0]
    [question, _] = (await conversations.get_conversation(people.bob, sent.conversation_id)).messages
    assert [(file.kind, file.name) for file in attached_files(question.files)] == [("folder", "Birds")]
    await ask(people.bob, asked, into=sent.conversation_id)
    assert "Unterdorf" in str(last_content(provider)).split("[2]")[0], "later questions are about the same folder"
    with pytest.raises(NotFoundError):
        await answering.send(people.eve, asked, conversation_id=None, client_key=uuid4(), files=chosen)


async def found(actor: Actor, trigger: str, text: str) -> list[tuple[str, UUID, str]]:
    rows = (await triggers.find(actor, trigger, text)).rows
    return [(row.kind, UUID(row.id), row.name) for row in rows if row.kind != "document"]


async def test_what_came_with_a_message_stands_in_no_list(people: People, work: Work) -> None:
    taken = await read(people.bob, "owls.md", OWLS, work)
    assert taken.document_id
    assert (await documents.list_documents(people.bob, DocumentQuery())).rows == ()
    assert (await documents.count_documents(people.bob)).total == 0
    assert await search_passages(people.bob, "Bertram hedgehogs") == []
    assert await attachments.save_document(people.bob, taken.id) == "owls.md"
    assert len((await documents.list_documents(people.bob, DocumentQuery())).rows) == 1
    assert len(await search_passages(people.bob, "Bertram hedgehogs")) == 1


@pytest.mark.usefixtures("seeing")
async def test_a_model_that_sees_gets_the_image(people: People, provider: RunningProvider) -> None:
    taken = await attach(people.bob, "owl.png", picture())
    sent = await ask(people.bob, "What is this?", taken)
    content = last_content(provider)
    assert isinstance(content, list)
    assert [part["type"] for part in content] == ["image_url", "text"]
    assert str(content[0]["image_url"]).startswith("{'url': 'data:image/jpeg;base64,")
    await ask(people.bob, "And its colour, please, what is it?", into=sent.conversation_id)
    asked = [chat.body for chat in provider.chats() if "max_tokens" not in chat.body][-1]["messages"]
    assert "image_url" in str(asked[1]), "later questions are about the same image"


async def test_a_model_that_sees_none_is_told_so(people: People, provider: RunningProvider) -> None:
    await ask(people.bob, "What is this?", await attach(people.bob, "owl.png", picture()))
    content = last_content(provider)
    assert isinstance(content, str)
    assert "owl.png" in content
    assert "cannot see" in content


@pytest.mark.usefixtures("seeing")
async def test_the_gauge_counts_what_came_along(people: People, work: Work) -> None:
    bob = people.bob
    empty = (await context.measure(bob, None)).use.history
    document = await read(bob, "owls.md", OWLS * 50, work)
    image = await attach(bob, "owl.png", picture())
    assert (document.tokens, image.tokens) == (document.characters // 4, 3)
    sent = await ask(bob, "[[text=Hoot]] Who hunts?", document, image, use="whole")
    whole = (await context.measure(bob, sent.conversation_id)).use.history - empty
    assert whole >= document.tokens + image.tokens
    searched = await ask(bob, "[[text=Hoot]] Who hunts?", document, use="search")
    assert (await context.measure(bob, searched.conversation_id)).use.history - empty < 100
    reader = await context.measure(bob, sent.conversation_id, model="reader")
    assert reader.use.history - empty < 100, "the Reader searches everything"


async def test_documents_of_others_and_waiting_ones_go_with_no_message(people: People, work: Work) -> None:
    waiting = await attach(people.bob, "owls.md", OWLS)
    with pytest.raises(FileNotReadyError):
        await ask(people.bob, "Who?", waiting)
    await work()
    image = await attach(people.bob, "owl.png", picture())
    for other in (people.eve, people.ada, people.zoe):
        for taken in (waiting, image):
            with pytest.raises(NotFoundError):
                await ask(other, "Who?", taken, use="whole")
            with pytest.raises(NotFoundError):
                await attachments.get_state(other, taken.id)
            await attachments.discard(other, taken.id)
        with pytest.raises(NotFoundError):
            await attachments.get_image(other, image.id)
        with pytest.raises(NotFoundError):
            await attachments.save_document(other, waiting.id)
    assert (await attachments.get_image(people.bob, image.id)).is_file()
    assert await count(people.bob, "message") == 0, "nothing was stored of what was refused"
    with pytest.raises(NotFoundError):
        await ask(people.bob, "Who?", replace(image, id=uuid4()))
    with pytest.raises(TooManyFilesError):
        await ask(people.bob, "Who?", *[image] * 21)


async def test_a_document_that_is_there_is_referred_to_and_stays(people: People, add: Upload, work: Work) -> None:
    uploaded = await add(people.ada, "owls.md", OWLS)
    await work()
    with pytest.raises(DocumentNotFoundError):
        await attaching.refer(people.bob, uploaded.id)
    taken = await attaching.refer(people.ada, uploaded.id)
    assert taken.is_ready
    await attachments.discard(people.ada, taken.id)
    assert (await documents.get_document(people.ada, uploaded.id)).row.name == "owls.md"


async def test_hostile_and_unknown_files_are_refused(people: People) -> None:
    for name, data in {"a.png": b"<svg onload=alert(1)>", "b.gif": OWLS, "c.jpg": picture()[:40]}.items():
        with pytest.raises(ImageRefusedError):
            await attach(people.bob, name, data)
    for name in ("a.svg", "a.exe", "noending"):
        with pytest.raises(UnsupportedTypeError):
            await attach(people.bob, name, b"x")
    reader = replace(people.bob, permissions=people.bob.permissions - {Permission.DOCUMENT_WRITE})
    with pytest.raises(ForbiddenError):
        await attach(reader, "owl.png", picture())
    assert await count(people.bob, "attachment") == await count(people.bob, "stored_file") == 0


async def test_what_is_not_sent_goes(people: People, work: Work) -> None:
    bob = people.bob
    document, image = await read(bob, "owls.md", OWLS, work), await attach(bob, "owl.png", picture())
    path = await attachments.get_image(bob, image.id)
    assert bob.workspace_id
    assert await files.count_bytes(bob) > len(OWLS)
    await attachments.discard(bob, image.id)
    await attachments.purge(bob.workspace_id, document.id)
    assert not path.exists()
    for table in ("attachment", "document", "stored_file", "passage"):
        assert await count(bob, table) == 0


async def test_files_go_with_their_conversation(people: People, work: Work) -> None:
    bob = people.bob
    document, image = await read(bob, "owls.md", OWLS, work), await attach(bob, "owl.png", picture())
    sent = await ask(bob, "Who?", document, image)
    await attachments.discard(bob, image.id)
    path = await attachments.get_image(bob, image.id)
    assert path.is_file(), "what was sent is not taken back"
    await conversations.delete(bob, sent.conversation_id)
    async with unit_of_work(bob) as uow:
        await uow.session.execute(text("UPDATE conversation SET deleted_at = now() - interval '9 days'"))
    assert bob.workspace_id
    await conversations.purge(bob.workspace_id, sent.conversation_id)
    assert not path.exists()
    for table in ("attachment", "document", "stored_file"):
        assert await count(bob, table) == 0


async def test_files_go_with_their_person(people: People) -> None:
    bob = people.bob
    image = await attach(bob, "owl.png", picture())
    await ask(bob, "Who?", image)
    path = await attachments.get_image(bob, image.id)
    assert bob.workspace_id
    assert bob.account_id
    await ConversationsOfPerson().run(bob.workspace_id, bob.account_id, None)
    assert not path.exists()


async def test_a_question_asked_anew_keeps_its_files(people: People, provider: RunningProvider) -> None:
    sent = await ask(people.bob, "What?", await attach(people.bob, "owl.png", picture()))
    again = await answering.send(
        people.bob, "What is it, please?", conversation_id=sent.conversation_id, client_key=uuid4(),
        instead_of=sent.question.id,
    )  # fmt: skip
    await finished(people.bob, again)
    assert "owl.png" in str(last_content(provider))


async def test_an_answer_becomes_a_document_named_after_its_conversation(people: People) -> None:
    sent = await ask(people.bob, "[[text=Owls_hoot.]] What do owls do?")
    await conversations.rename(people.bob, sent.conversation_id, "Owls / at night")
    for actor, message_id in ((people.eve, sent.answer.id), (people.bob, sent.question.id)):
        with pytest.raises(NotFoundError):
            await saving.save_answer(actor, message_id)
    assert await saving.save_answer(people.bob, sent.answer.id) == "Owls at night.md"
    rows = (await documents.list_documents(people.bob, DocumentQuery())).rows
    assert [(row.name, row.is_own, row.is_shared) for row in rows] == [("Owls at night.md", True, False)]
