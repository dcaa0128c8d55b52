"""Two providers, of which the first fails: another model answers, and the page says so."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import ask, found, start_product
from tests.provider.fixtures import start_provider

ANSWER = "[data-testid=message][data-role=assistant]"
NOTE = "Answered by second, since first did not work."


def last_answer(page: Page, status: str) -> None:
    expect(page.locator(ANSWER).last).to_have_attribute("data-status", status, timeout=30_000)


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
            expect(page.get_by_test_id("chat-input")).to_be_visible(timeout=20_000)

            first.provider.down = True
            ask(page, "[[text=Here_I_am.]] Is anybody there?")
            last_answer(page, "done")
            expect(page.locator(ANSWER).last.get_by_test_id("message-text")).to_have_text("Here I am.")
            expect(page.get_by_test_id("message-switch-note")).to_have_text(NOTE)
            page.reload()
            expect(page.get_by_test_id("message-switch-note")).to_have_text(NOTE, timeout=20_000)

            first.provider.down = False
            ask(page, "[[tokens=40 rate=50 cut_after=10]] And then?")
            last_answer(page, "failed")
            kept = page.locator(ANSWER).last.get_by_test_id("message-text").inner_text()
            assert len(kept.split()) == 10
            expect(page.get_by_test_id("message-error")).to_be_visible()
            chats = [*first.chats(), *second.chats()]
            assert sum("And then?" in chat.messages()[-1]["content"] for chat in chats) == 1, "nobody says it twice"
            context.close()
