"""The page of people with 10,000 of them."""

import asyncio
import time
from collections.abc import Iterator

from playwright.sync_api import Browser, Page
from sqlalchemy import text

from bench.browser import new_context
from bench.figures import Figure, spread
from bench.people import database_of, owner_of
from bench.product import Product, founded_product
from convosphere.core.page_routes import PEOPLE
from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.queries.roster import PeopleQuery
from convosphere.identity.service.roster import list_people
from deploy.browser import open_browser

PEOPLE_THERE = 10_000
LOADS = 7
TRIES = 50
QUERIES = {
    "by name": PeopleQuery(),
    "by last activity": PeopleQuery(sort="active", is_descending=True),
    "searched": PeopleQuery(text="ken 99"),
}
_ADD = text(
    """
    WITH new AS (
        INSERT INTO account (id, email, name, password_hash, locale, last_sign_in_at)
        SELECT gen_random_uuid(), 'p' || n || '@example.org', (ARRAY['Ada', 'Grace', 'Ken'])[1 + n % 3] || ' ' || n,
            '!', 'en', now() - make_interval(mins => n) FROM generate_series(1, :count) AS n
        RETURNING id
    )
    INSERT INTO membership (workspace_id, account_id, role) SELECT :workspace_id, id, 'member' FROM new
    """
)


def measure() -> Iterator[Figure]:
    """Fill a workspace, then look at its people by the service and in a browser."""
    with founded_product(None) as product:
        yield from asyncio.run(_by_service(product))
        with open_browser() as browser:
            loads = [_load(browser, product) for _ in range(LOADS + 1)][1:]
    yield Figure("load → rows of people", spread(loads), "≤ 1,000 ms", f"{PEOPLE_THERE} there, empty cache")


async def _by_service(product: Product) -> list[Figure]:
    async with database_of(product):
        owner = (await owner_of(product)).actor
        async with unit_of_work(owner) as uow:
            await uow.session.execute(_ADD, {"count": PEOPLE_THERE, "workspace_id": uow.workspace_id})
        return [
            Figure(f"people {name}", spread([await _list(owner, query) for _ in range(TRIES)]), "", "by the service")
            for name, query in QUERIES.items()
        ]


async def _list(actor: Actor, query: PeopleQuery) -> float:
    began = time.perf_counter()
    await list_people(actor, query)
    return (time.perf_counter() - began) * 1000


def _load(browser: Browser, product: Product) -> float:
    context = new_context(browser, product)
    try:
        return _until_rows(context.new_page(), product)
    finally:
        context.close()


def _until_rows(page: Page, product: Product) -> float:
    began = time.perf_counter()
    page.goto(f"{product.address}{PEOPLE}")
    page.get_by_test_id("person-row").first.wait_for()
    return (time.perf_counter() - began) * 1000
