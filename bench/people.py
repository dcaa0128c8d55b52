"""People with open sessions and conversations, written straight into the product's database."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from bench.product import Product
from convosphere.chat.models import Message
from convosphere.chat.queries import conversations as chat
from convosphere.core.database import open_database
from convosphere.core.identifiers import hash_token, new_id, new_token
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.models import Installation, WebSession
from convosphere.identity.queries import people, sessions
from convosphere.identity.roles import PERMISSIONS, Role
from convosphere.identity.service.sessions import resolve_actor
from convosphere.launch.postgres import addresses_of


@dataclass(frozen=True)
class Person:
    """Somebody with a session; `cookie` is the header's value."""

    actor: Actor
    cookie: str


@asynccontextmanager
async def database_of(product: Product) -> AsyncIterator[None]:
    """Use the product's own database in this process, as the app's role."""
    async with open_database(addresses_of(product.data).app_url):
        yield


async def owner_of(product: Product) -> Person:
    """The person who founded the product."""
    return Person(await resolve_actor(product.owner_cookie.partition("=")[2]), product.owner_cookie)


async def add_people(product: Product, count: int) -> list[Person]:
    """So many members of the workspace, signed in."""
    async with unit_of_work(Actor(None, None, frozenset())) as uow:
        workspace_id = (await uow.session.execute(select(Installation.workspace_id))).scalar_one()  # pyright: ignore
    return [await _add_person(product, workspace_id) for _ in range(count)]


async def _add_person(product: Product, workspace_id: UUID) -> Person:
    token = new_token()
    async with unit_of_work(system_actor(workspace_id)) as uow:
        account = await people.add_account(
            uow, email=f"{new_id()}@example.org", name="Mia Member", password_hash="!", locale="en", role=Role.MEMBER
        )
        session = WebSession(
            token_hash=hash_token(token), account_id=account.id, active_workspace_id=workspace_id, address="127.0.0.1",
            user_agent="bench", expires_at=utc_now() + timedelta(days=1),
        )  # fmt: skip
        sessions.add_session(uow, session)
    actor = Actor(account.id, workspace_id, PERMISSIONS[Role.MEMBER], name="Mia Member", role=Role.MEMBER)
    return Person(actor, f"session_{product.port}={token}")


async def add_conversations(person: Person, count: int) -> list[UUID]:
    """So many empty conversations of a person."""
    ids = [new_id() for _ in range(count)]
    async with unit_of_work(person.actor) as uow:
        for number, conversation_id in enumerate(ids):
            await chat.add_conversation(uow, conversation_id, f"What is to be done about point {number} of the list")
    await asyncio.sleep(0)
    return ids


async def add_messages(person: Person, conversation_id: UUID, texts: Sequence[str]) -> None:
    """Questions and answers in turn, each the child of the one before."""
    parent_id: UUID | None = None
    async with unit_of_work(person.actor) as uow:
        for number, text in enumerate(texts):
            message = Message(
                id=new_id(), workspace_id=uow.workspace_id, conversation_id=conversation_id, parent_id=parent_id,
                role="assistant" if number % 2 else "user", status="done", parts=[{"type": "text", "text": text}],
            )  # fmt: skip
            uow.session.add(message)
            await uow.session.flush()
            parent_id = message.id
        if parent_id:
            chat.set_active_leaf(uow, conversation_id, parent_id)
