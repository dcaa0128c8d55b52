"""What the signs of the composer stand for: / prompts, @ assistants and models, # documents and where they lie."""

from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from convosphere.assistants.service import asking
from convosphere.chat.attachments import PLACE_KINDS
from convosphere.chat.queries import branches as branch_queries
from convosphere.chat.queries import messages as message_queries
from convosphere.chat.queries import sharing as sharing_queries
from convosphere.core.authorization import require
from convosphere.core.errors import NotFoundError
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.knowledge.places.service import MOST_FOUND, find_places
from convosphere.knowledge.schemas import DocumentFilter, DocumentQuery
from convosphere.knowledge.service import documents
from convosphere.llm.gateway import current_gateway
from convosphere.llm.service.favourites import list_favourites
from convosphere.prompts.schemas import PromptQuery
from convosphere.prompts.service import prompts
from convosphere.templates.schemas import TemplateQuery
from convosphere.templates.service import templates

MOST = 50
"""Lines of one kind in an offer."""
MOST_UNNAMED = 3
"""Folders, tags and collections each where nothing is written yet."""
LONGEST_TEXT = 60
THINGS: Final = frozenset({"document", "assistant", "prompt", "template"})
"""What has a name and a page."""
MOST_THINGS = 4
"""Of each kind."""

Kind = Literal["prompt", "template", "assistant", "model", "document", "folder", "tag", "collection", "person"]


@dataclass(frozen=True)
class Found:
    """Something that can be taken; `insert` is what stands for it in a text, if anything does."""

    kind: Kind
    id: str
    name: str
    note: str = ""
    insert: str = ""


@dataclass(frozen=True)
class Offer:
    """What fits a text; whether that is all of it."""

    rows: tuple[Found, ...] = ()
    is_complete: bool = True


async def get_own_question(actor: Actor, message_id: UUID) -> str:
    """What the actor asked once, to be asked again.

    Raises:
        NotFoundError: they see no such question.
    """
    require(actor, Permission.CONVERSATION_READ)
    async with unit_of_work(actor) as uow:
        _, message = await message_queries.get_message(uow, message_id)
    if message.role != "user":
        raise NotFoundError
    return message.text


async def find(actor: Actor, trigger: str, text: str, shared_id: UUID | None = None) -> Offer:
    """What a sign with a text behind it may mean to the actor; nothing for signs that mean nothing.

    In a conversation that is shared, which is `shared_id`, people who see it can be mentioned.
    """
    require(actor, Permission.CONVERSATION_READ)
    text = text.strip()[:LONGEST_TEXT]
    match trigger:
        case "/":
            return await _prompts_and_templates(actor, text)
        case "@":
            people = await _people(actor, text, shared_id) if shared_id else Offer()
            offers = (people, await _assistants(actor, text), await _models(actor, text))
            return Offer(tuple(row for each in offers for row in each.rows), all(each.is_complete for each in offers))
        case "#":
            found, documents_found = await _places(actor, text), await _documents(actor, text)
            return Offer((*found.rows, *documents_found.rows), found.is_complete and documents_found.is_complete)
        case _:
            return Offer()


async def find_things(actor: Actor, text: str) -> tuple[Found, ...]:
    """Documents, assistants, prompts and templates that the actor sees and that are called so, a few of each."""
    require(actor, Permission.CONVERSATION_READ)
    text = text.strip()[:LONGEST_TEXT]
    if not text:
        return ()
    offers = [await find(actor, text) for find in (_documents, _assistants, _prompts, _templates)]
    named = [[row for row in offer.rows if row.kind in THINGS][:MOST_THINGS] for offer in offers]
    return tuple(row for rows in named for row in rows)


async def _prompts_and_templates(actor: Actor, text: str) -> Offer:
    found, templates_found = await _prompts(actor, text), await _templates(actor, text)
    return Offer((*found.rows, *templates_found.rows), found.is_complete and templates_found.is_complete)


async def _templates(actor: Actor, text: str) -> Offer:
    if not actor.may(Permission.TEMPLATE_READ):
        return Offer()
    page = await templates.list_templates(actor, TemplateQuery(text=text, limit=MOST))
    rows = [Found("template", str(row.id), row.name, row.description) for row in page.rows]
    return Offer(tuple(rows), page.found <= len(rows))


async def _prompts(actor: Actor, text: str) -> Offer:
    if not actor.may(Permission.PROMPT_READ):
        return Offer()
    page = await prompts.list_prompts(actor, PromptQuery(text=text, limit=MOST))
    rows = [
        Found("prompt", str(row.id), row.name, " · ".join(filter(None, (f"/{row.command}", row.description))))
        for row in page.rows
    ]
    return Offer(tuple(rows), page.found <= len(rows))


async def _assistants(actor: Actor, text: str) -> Offer:
    """Each handle once."""
    choices = {choice.handle: choice for choice in reversed(await asking.list_choices(actor, text))}
    rows = [
        Found("assistant", str(choice.id), choice.name, f"@{choice.handle}", f"@{choice.handle}")
        for choice in reversed(choices.values())
    ]
    return Offer(tuple(rows), len(rows) < asking.MOST_CHOICES)


async def _models(actor: Actor, text: str) -> Offer:
    """Favourites first; there are few enough models to send all that fit."""
    favourites = await list_favourites(actor)
    found = [
        model
        for model in await current_gateway().models(actor)
        if text.casefold() in f"{model.id} {model.name}".casefold()
    ]
    found.sort(key=lambda model: model.id not in favourites)
    rows = [Found("model", model.id, model.name, model.id if model.id != model.name else "") for model in found[:MOST]]
    return Offer(tuple(rows), len(found) <= MOST)


async def _people(actor: Actor, text: str, conversation_id: UUID) -> Offer:
    async with unit_of_work(actor) as uow:
        await branch_queries.get_place(uow, conversation_id)
        found = await sharing_queries.list_companions(uow, conversation_id, text, MOST)
    rows = [Found("person", str(key), name, "", f"@{name}") for key, name in found.items()]
    return Offer(tuple(rows), len(rows) < MOST)


async def _places(actor: Actor, text: str) -> Offer:
    """Folders, tags and collections; a few, where nothing says which, so that documents are seen as well."""
    found = await find_places(actor, text, PLACE_KINDS)
    of_kind = {kind: [place for place in found if place.kind == kind] for kind in PLACE_KINDS}
    most = MOST_FOUND // len(PLACE_KINDS) if text else MOST_UNNAMED
    rows = [Found(place.kind, str(place.id), place.name) for places in of_kind.values() for place in places[:most]]
    return Offer(tuple(rows), all(len(places) < most for places in of_kind.values()))


async def _documents(actor: Actor, text: str) -> Offer:
    if not actor.may(Permission.DOCUMENT_READ):
        return Offer()
    page = await documents.list_documents(actor, DocumentQuery(DocumentFilter(text=text), limit=MOST))
    rows = [Found("document", str(row.id), row.name, row.folder_path) for row in page.rows]
    return Offer(tuple(rows), len(rows) < MOST)
