"""Two providers, of which the first fails: another model answers, and the page says so."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import ask, found, start_product
from tests.provider.fixtures import start_provider

ANSWER = "[data-testid=message][data-role=assistant]"
NOTES = {
    "en": "Answered by second, since first did not work.",
    "de": "second hat geantwortet, weil first nicht funktioniert hat.",
}


def last_answer(page: Page, status: str) -> None:
    expect(page.locator(ANSWER).last).to_have_attribute("data-status", status)


def speak_german(page: Page) -> None:
    """Choose the language in the menu, which a phone keeps in its drawer."""
    page.get_by_role("button", name="Menu", exact=True).click()
    page.get_by_test_id("user-menu").click()
    page.get_by_test_id("language-menu").click()
    page.locator("[data-testid=language-option][data-locale=de]").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.reload()  # Which closes the drawer as well.


def test_another_model_answers_and_the_page_says_so(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    data = tmp_path_factory.mktemp("fallback")
    with start_provider(("first",)) as first, start_provider(("second",)) as second:
        chain = {
            "OLLAMA_HOST": second.url.removesuffix("/v1"),
            "CONVOSPHERE_MODELS": "openai/first,ollama/second",
            "CONVOSPHERE_DEFAULT_MODEL": "first",
        }
        with start_product(data, first, **chain) as product:
            context = browser.new_context(locale="en-US", base_url=product.url, viewport={"width": 360, "height": 780})
            context.add_cookies(found(product, browser))  # pyright: ignore[reportArgumentType]
            page = context.new_page()
            page.goto("/chat")
            expect(page.get_by_test_id("chat-input")).to_be_visible()

            first.provider.down = True
            ask(page, "[[text=Here_I_am.]] Is anybody there?")
            last_answer(page, "done")
            expect(page.locator(ANSWER).last.get_by_test_id("message-text")).to_have_text("Here I am.")
            expect(page.get_by_test_id("message-switch-note")).to_have_text(NOTES["en"])
            page.reload()
            expect(page.get_by_test_id("message-switch-note")).to_have_text(NOTES["en"])
            speak_german(page)
            expect(page.get_by_test_id("message-switch-note")).to_have_text(NOTES["de"])

            first.provider.down = False
            ask(page, "[[tokens=40 rate=50 cut_after=10]] And then?")
            last_answer(page, "failed")
            kept = page.locator(ANSWER).last.get_by_test_id("message-text").inner_text()
            assert len(kept.split()) == 10
            expect(page.get_by_test_id("message-error")).to_be_visible()
            chats = [*first.chats(), *second.chats()]
            assert sum("And then?" in chat.messages()[-1]["content"] for chat in chats) == 1, "nobody says it twice"
            context.close()
