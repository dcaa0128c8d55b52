"""What 300 conversations in the sidebar cost whoever opens the chat, beside somebody who has one."""

import asyncio
import statistics
from collections.abc import Iterator

from playwright.sync_api import Browser

from bench.browser import new_context, wait_until
from bench.figures import Figure, spread
from bench.people import add_conversations, add_people, database_of
from bench.product import Product, founded_product
from deploy.browser import open_browser

MANY = 300
LOADS = 30
# When the chat can be written in and the list is there, to the frame.
_SCRIPT = """
(() => {
  window.listed = null;
  const look = () => {
    const lines = document.querySelectorAll("[data-testid=conversation-item]").length;
    if (window.bench.usable && lines) window.listed = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""


def measure() -> Iterator[Figure]:
    """Load the chat for both in turn, so that they meet the same machine."""
    with founded_product(None) as product:
        few, many = asyncio.run(_fill(product))
        with open_browser() as browser:
            for cookie in (few, many):
                _load(browser, product, cookie)
            pairs = [(_load(browser, product, few), _load(browser, product, many)) for _ in range(LOADS)]
    of_few, of_many = zip(*pairs, strict=True)
    added = statistics.median(of_many) - statistics.median(of_few)
    yield Figure("load → chat and list, 1 conversation", spread(of_few), "", f"{LOADS} loads, empty cache")
    yield Figure(f"the same, {MANY}", spread(of_many), "", "in turn with those")
    yield Figure(f"what {MANY} conversations add", f"{added:.1f} ms", "≤ 50 ms", "difference of the middles")


async def _fill(product: Product) -> tuple[str, str]:
    async with database_of(product):
        one, another = await add_people(product, 2)
        await add_conversations(one, 1)
        await add_conversations(another, MANY)
    return one.cookie, another.cookie


def _load(browser: Browser, product: Product, cookie: str) -> float:
    product.owner_cookie = cookie
    context = new_context(browser, product)
    context.add_init_script(_SCRIPT)
    try:
        page = context.new_page()
        page.goto(f"{product.address}/chat")
        return wait_until(page, "window.listed")
    finally:
        context.close()
