"""The product's routes behind everything that stands before them, without a server."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from convosphere.core.database import Database
from convosphere.core.events import EventHub
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import Actor, system_actor
from convosphere.core.throttling import Throttle
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity import routes
from convosphere.identity.cookies import cookie_name
from convosphere.identity.models import Workspace
from convosphere.identity.passwords import hash_password
from convosphere.identity.queries import people
from convosphere.identity.roles import Role
from convosphere.identity.routes import reading
from convosphere.identity.service import keys
from convosphere.identity.service.sessions import resolve_actor
from convosphere.identity.ways import guard_routes
from convosphere.knowledge.routes import ROUTES as KNOWLEDGE_ROUTES
from convosphere.launch.gateway import Gateway
from convosphere.launch.postgres import DatabaseAddresses

ORIGIN = "http://testserver"
EMAIL, PASSWORD = "ada@example.org", "correct horse battery"

Browser = Callable[..., httpx.AsyncClient]
Program = Callable[..., Awaitable[httpx.Response]]


@pytest_asyncio.fixture
async def browser(database: Database, monkeypatch: object) -> AsyncIterator[Browser]:
    """Makes browsers on a page of ours, each at an address; the throttles start anew."""
    for name, rate in (("_tries_for_account", "10/minute"), ("_tries_from_address", "60/minute")):
        monkeypatch.setattr(reading, name, Throttle(rate))  # pyright: ignore[reportAttributeAccessIssue]
    app = Gateway(Starlette(routes=guard_routes([*routes.ROUTES, *KNOWLEDGE_ROUTES])), "default-src 'none'", "")
    async with AsyncExitStack() as stack:

        def make(address: str = "192.0.2.1", **headers: str) -> httpx.AsyncClient:
            transport = httpx.ASGITransport(app, client=(address, 5000))
            opened = httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"origin": ORIGIN, **headers})
            stack.push_async_callback(opened.aclose)
            return opened

        yield make


@pytest_asyncio.fixture
async def ada(database: Database) -> str:
    """An owner with a password; gives the address."""
    async with unit_of_work(system_actor(new_id())) as uow:
        uow.session.add(Workspace(id=uow.workspace_id, name="Ours"))
        await uow.session.flush()
        password_hash = await hash_password(PASSWORD)
        await people.add_account(
            uow, email=EMAIL, name="Ada", password_hash=password_hash, locale="en", role=Role.OWNER
        )
    return EMAIL


@pytest_asyncio.fixture
async def hub(addresses: DatabaseAddresses) -> AsyncIterator[EventHub]:
    """Hears what other processes tell."""
    async with EventHub(addresses.app_url).running() as running, running.subscribe("nothing") as notices:
        await notices.get()  # It listens.
        yield running


@pytest_asyncio.fixture
async def owner(browser: Browser, ada: str) -> Actor:
    """Ada, who has just signed in."""
    client = browser()
    await client.post("/auth/sign-in", json={"email": EMAIL, "password": PASSWORD})
    return await resolve_actor(client.cookies[cookie_name()])


@pytest.fixture
def program(browser: Browser) -> Program:
    """Sends a request as programs do: from no page, without a cookie."""

    async def send(method: str, path: str, bearer: str = "", **request: Any) -> httpx.Response:
        client = browser(origin="")
        headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
        return await client.request(method, path, headers={**headers, **request.pop("headers", {})}, **request)

    return send


async def make_key(owner: Actor, *scopes: str, days: int | None = None) -> keys.NewKey:
    """A new key of somebody."""
    return await keys.create_key(owner, "Robot", scopes or ["document:read"], days)
