"""The page of assistants with 2,000 of them, half of them others'."""

import asyncio
import time
from collections.abc import Iterator

from playwright.sync_api import Browser, Page
from sqlalchemy import text

from bench.browser import new_context, wait_until_usable
from bench.figures import Figure, spread
from bench.people import add_people, database_of, owner_of
from bench.product import Product, founded_product
from convosphere.assistants.schemas import AssistantQuery
from convosphere.assistants.service.asking import list_choices
from convosphere.assistants.service.assistants import list_assistants
from convosphere.core.page_routes import CHAT
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from deploy.browser import open_browser

ASSISTANTS_THERE = 2_000
LOADS = 7
TRIES = 40
QUERIES = {
    "by name": AssistantQuery(),
    "changed last, page 40": AssistantQuery(order="changed", skip=936),
    "searched": AssistantQuery(text="owl 19"),
    "gallery by use": AssistantQuery(whose="gallery", order="use"),
}
_ADD = text(
    """
    WITH new AS (
        INSERT INTO assistant (id, workspace_id, owner_id, name, handle, description, icon, color, state,
                               current_version_id, gallery_state, published_version_id)
        SELECT gen_random_uuid(), :workspace_id, :owner_id, 'Owl ' || n, 'owl-' || n, repeat('Knows owls. ', 8), 'bot',
            'indigo', 'active', v.id, 'published', v.id
        FROM generate_series(1, :count) AS n CROSS JOIN LATERAL (SELECT gen_random_uuid() AS id WHERE n > 0) AS v
        RETURNING id, workspace_id, current_version_id, name
    ), versions AS (
        INSERT INTO assistant_version (id, workspace_id, assistant_id, number, name, definition)
        SELECT current_version_id, workspace_id, id, 1, name, jsonb_build_object('name', name, 'model', '') FROM new
    )
    INSERT INTO access_grant (id, workspace_id, subject_type, object_type, object_id, level)
    SELECT gen_random_uuid(), workspace_id, 'everyone', 'assistant', id, 'use' FROM new
    """
)


def measure() -> Iterator[Figure]:
    """Fill a workspace, then look at its assistants by the service and in a browser."""
    with founded_product(None) as product:
        yield from asyncio.run(_by_service(product))
        with open_browser() as browser:
            loads = [_load(browser, product) for _ in range(LOADS + 1)][1:]
    yield Figure("click → cards", spread(loads), "≤ 500 ms", f"{ASSISTANTS_THERE} there, from the chat")


async def _by_service(product: Product) -> list[Figure]:
    async with database_of(product):
        owner = (await owner_of(product)).actor
        (other,) = await add_people(product, 1)
        for maker in (owner, other.actor):
            async with unit_of_work(maker) as uow:
                given = {"count": ASSISTANTS_THERE // 2, "workspace_id": uow.workspace_id, "owner_id": uow.account_id}
                await uow.session.execute(_ADD, given)
        figures = [
            Figure(
                f"assistants {name}", spread([await _list(owner, query) for _ in range(TRIES)]), "", "by the service"
            )
            for name, query in QUERIES.items()
        ]
        return [*figures, Figure("picker", spread([await _pick(owner) for _ in range(TRIES)]), "", "by the service")]


async def _list(actor: Actor, query: AssistantQuery) -> float:
    started_at = time.perf_counter()
    await list_assistants(actor, query)
    return (time.perf_counter() - started_at) * 1000


async def _pick(actor: Actor) -> float:
    started_at = time.perf_counter()
    await list_choices(actor, "owl 7")
    return (time.perf_counter() - started_at) * 1000


def _load(browser: Browser, product: Product) -> float:
    context = new_context(browser, product)
    try:
        return _until_cards(context.new_page(), product)
    finally:
        context.close()


def _until_cards(page: Page, product: Product) -> float:
    page.goto(f"{product.address}{CHAT}")
    wait_until_usable(page)
    began = time.perf_counter()
    page.get_by_test_id("nav-assistants").click()
    page.get_by_test_id("assistant-card").first.wait_for()
    return (time.perf_counter() - began) * 1000
