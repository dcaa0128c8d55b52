"""Every page by the rules of axe, in both looks and on a phone: nothing serious, nothing critical."""

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from uuid_utils.compat import uuid7

from tests.e2e.conftest import Product, ask

SIGNED_IN = (
    "/chat", "/side", "/assistants", "/prompts", "/prompts/new", "/account", "/account/notifications",
    "/account/usage", "/admin/models", "/admin/usage", "/admin/quality",
)  # fmt: skip
BEFORE = ("/sign-in", "/sign-up", "/set-up", "/forgot-password", "/recover", "/verify")
GRAVE = {"serious", "critical"}
LOOKS: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIZES = {"desktop": (1440, 900), "phone": (360, 740)}
TRANSITIONS_END = """() => Promise.all(document.getAnimations().filter((each) => each instanceof CSSTransition)
  .map((each) => each.finished.catch(() => null)))"""


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


def check_everywhere(page: Page, what: str) -> None:
    """In every size and look; the page is loaded once, since both are a matter of styles alone."""
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for look in LOOKS:
            page.emulate_media(color_scheme=look)
            expect(page.locator("html")).to_have_class(re.compile(look))
            page.wait_for_timeout(100)  # Styles of the look that was left are still drawn for a frame or two.
            page.evaluate(TRANSITIONS_END)
            assert grave(page) == [], f"{what}, {size}, {look}"
        assert no_sideways_scroll(page), f"{what}, {size}"


def check_title(page: Page) -> None:
    """Whoever has several tabs tells them apart by it, and readers of screens say it first."""
    page.wait_for_function("() => document.title === `${document.querySelector('h1').textContent} · ConvoSphere`")


@pytest.fixture
def tab(browser: Browser, product: Product) -> Iterator[Page]:
    """A tab that changes its look at once, since nothing moves in it."""
    context = browser.new_context(base_url=product.url, locale="de-DE", reduced_motion="reduce")
    yield context.new_page()
    context.close()


def test_pages_before_sign_in(tab: Page) -> None:
    for address in BEFORE:
        tab.goto(address)
        expect(tab.locator("h1")).to_be_visible()
        check_title(tab)
        check_everywhere(tab, address)


def test_pages_of_the_product(tab: Page, owner_cookies: list[dict[str, object]]) -> None:
    tab.context.add_cookies(owner_cookies)  # pyright: ignore[reportArgumentType]
    for address in SIGNED_IN:
        tab.goto(address)
        expect(tab.locator("h1")).to_be_visible()
        expect(tab.locator(".skeleton")).to_have_count(0)
        check_title(tab)
        tab.wait_for_timeout(300)  # For what comes without a skeleton.
        check_everywhere(tab, address)
    tab.goto("/knowledge")
    file = {"name": "read-aloud.md", "mimeType": "text/markdown", "buffer": b"# Aloud\n\nRead me.\n"}
    tab.get_by_test_id("upload-input").set_input_files(file)
    expect(tab.locator('[data-testid=document-row][data-name="read-aloud.md"]')).to_be_visible()
    check_everywhere(tab, "documents")
    tab.get_by_test_id("document-filter").click()
    expect(tab.get_by_test_id("filter-tag-search")).to_be_visible()
    check_everywhere(tab, "what documents are filtered by")
    tab.keyboard.press("Escape")
    tab.set_viewport_size({"width": 1440, "height": 900})  # A phone has it in its menu.
    tab.get_by_test_id("notifications-open").click()
    expect(tab.locator(".notifications-title")).to_be_visible()
    check_everywhere(tab, "notifications")
    tab.keyboard.press("Escape")
    tab.goto("/assistants/new")
    tab.get_by_test_id("assistant-name").fill(f"Read aloud {uuid7()}")
    tab.get_by_test_id("assistant-instructions").fill("Be brief.")
    tab.get_by_test_id("assistant-save").click()
    expect(tab.get_by_test_id("assistant-facts")).to_have_attribute("data-state", "draft")
    check_everywhere(tab, "an assistant")
    place = tab.url
    for page, ready in (("quality", "quality-range"), ("playground", "playground-question")):
        tab.goto(f"{place}/{page}")
        expect(tab.get_by_test_id(ready)).to_be_visible()
        check_everywhere(tab, f"the {page} of an assistant")
    tab.goto("/chat")
    ask(tab, "[[tokens=120 rate=1000 markdown]] Markdown")
    expect(tab.locator("[data-role=assistant]").last).to_have_attribute("data-status", "done")
    check_everywhere(tab, "a chat with an answer")
    tab.get_by_test_id("gauge-open").click()
    expect(tab.locator(".gauge-details")).to_be_visible()
    check_everywhere(tab, "what a conversation takes up")
