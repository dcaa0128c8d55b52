"""Every page by the rules of axe, in both looks and on a phone: nothing serious, nothing critical."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Product, ask

SIGNED_IN = ("/chat", "/knowledge", "/account", "/account/notifications")
BEFORE = ("/sign-in", "/sign-up", "/set-up", "/forgot-password", "/recover", "/verify")
GRAVE = {"serious", "critical"}
SIZES = {"desktop": (1440, 900), "phone": (360, 740)}


def grave(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['target']}"
        for violation in found
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
    ]


def no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_pages_before_sign_in(browser: Browser, product: Product, look: Literal["light", "dark"], size: str) -> None:
    width, height = SIZES[size]
    context = browser.new_context(
        base_url=product.url, color_scheme=look, locale="de-DE", viewport={"width": width, "height": height}
    )
    page = context.new_page()
    for address in BEFORE:
        page.goto(address)
        expect(page.locator("h1")).to_be_visible(timeout=20_000)
        assert grave(page) == [], address
        assert no_sideways_scroll(page), address
    context.close()


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_pages_of_the_product(
    browser: Browser,
    product: Product,
    owner_cookies: list[dict[str, object]],
    look: Literal["light", "dark"],
    size: str,
) -> None:
    width, height = SIZES[size]
    context = browser.new_context(
        base_url=product.url, color_scheme=look, locale="de-DE", viewport={"width": width, "height": height}
    )
    context.add_cookies(owner_cookies)  # pyright: ignore[reportArgumentType]
    page = context.new_page()
    for address in SIGNED_IN:
        page.goto(address)
        expect(page.locator("h1")).to_be_visible(timeout=20_000)
        page.wait_for_timeout(500)
        assert grave(page) == [], address
        assert no_sideways_scroll(page), address
    page.goto("/chat")
    ask(page, "[[tokens=120 rate=1000 markdown]] Markdown")
    expect(page.locator("[data-role=assistant]").last).to_have_attribute("data-status", "done", timeout=20_000)
    assert grave(page) == [], "a chat with an answer"
    assert no_sideways_scroll(page), "a chat with an answer"
    context.close()
