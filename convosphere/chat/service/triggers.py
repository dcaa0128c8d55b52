"""What the signs of the composer stand for: / prompts, @ assistants and models, # documents."""

from dataclasses import dataclass
from typing import Literal

from convosphere.assistants.service import asking
from convosphere.core.authorization import require
from convosphere.core.permissions import Actor, Permission
from convosphere.knowledge.schemas import DocumentQuery
from convosphere.knowledge.service import documents
from convosphere.llm.gateway import current_gateway
from convosphere.prompts.schemas import PromptQuery
from convosphere.prompts.service import prompts

MOST = 50
"""Lines of one kind in an offer."""
LONGEST_TEXT = 60

Kind = Literal["prompt", "assistant", "model", "document"]


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


async def find(actor: Actor, trigger: str, text: str) -> Offer:
    """What a sign with a text behind it may mean to the actor; nothing for signs that mean nothing."""
    require(actor, Permission.CONVERSATION_READ)
    text = text.strip()[:LONGEST_TEXT]
    match trigger:
        case "/":
            return await _prompts(actor, text)
        case "@":
            return await _answering(actor, text)
        case "#":
            return await _documents(actor, text)
        case _:
            return Offer()


async def _prompts(actor: Actor, text: str) -> Offer:
    if not actor.may(Permission.PROMPT_READ):
        return Offer()
    page = await prompts.list_prompts(actor, PromptQuery(text=text, limit=MOST))
    rows = [
        Found("prompt", str(row.id), row.name, " · ".join(filter(None, (f"/{row.command}", row.description))))
        for row in page.rows
    ]
    return Offer(tuple(rows), page.found <= len(rows))


async def _answering(actor: Actor, text: str) -> Offer:
    """Assistants, each handle once, then models; there are few enough models to send all that fit."""
    choices = {choice.handle: choice for choice in reversed(await asking.list_choices(actor, text))}
    assistants = [
        Found("assistant", str(choice.id), choice.name, f"@{choice.handle}", f"@{choice.handle}")
        for choice in reversed(choices.values())
    ]
    models = [
        Found("model", model.id, model.name, model.id if model.id != model.name else "")
        for model in await current_gateway().models(actor)
        if text.casefold() in f"{model.id} {model.name}".casefold()
    ]
    is_complete = len(assistants) < asking.MOST_CHOICES and len(models) <= MOST
    return Offer((*assistants, *models[:MOST]), is_complete)


async def _documents(actor: Actor, text: str) -> Offer:
    if not actor.may(Permission.DOCUMENT_READ):
        return Offer()
    page = await documents.list_documents(actor, DocumentQuery(text=text, limit=MOST))
    rows = [Found("document", str(row.id), row.name, row.folder_path) for row in page.rows]
    return Offer(tuple(rows), len(rows) < MOST)
