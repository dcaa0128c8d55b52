"""What is done before a page is alive: it is not lost, and no form is sent with its fields in the address."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.conftest import EMAIL, PASSWORD, ask


def hold(page: Page) -> Callable[[], None]:
    """Keep back the script that makes pages live until what comes back is called."""
    held: list[Route] = []
    is_over = False

    def keep(route: Route) -> None:
        if is_over:
            route.continue_()
        else:
            held.append(route)

    def go_on() -> None:
        nonlocal is_over
        is_over = True
        for route in held:
            route.continue_()

    page.route(re.compile("entry.client"), keep)
    return go_on


@pytest.mark.usefixtures("owner_cookies")
def test_who_signs_in_too_early_is_signed_in_and_tells_no_address(context: BrowserContext) -> None:
    page = context.new_page()
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    go_on = hold(page)
    page.goto("/sign-in", wait_until="commit")
    page.get_by_test_id("login-email").fill(EMAIL)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-password").press("Enter")
    expect(page.get_by_test_id("login-password")).to_have_value(PASSWORD)
    go_on()
    expect(page).not_to_have_url(re.compile("sign-in"))
    assert not any("?" in address for address in addresses if "sign-in" in address)


def test_a_click_that_came_too_early_counts(page: Page) -> None:
    go_on = hold(page)
    page.goto("/chat", wait_until="commit")
    page.get_by_test_id("chat-model").click()
    go_on()
    expect(page.get_by_test_id("model-search")).to_be_visible()


def test_a_file_that_was_picked_too_early_is_taken_in(page: Page) -> None:
    go_on = hold(page)
    page.goto("/knowledge", wait_until="commit")
    file = {"name": "early.md", "mimeType": "text/markdown", "buffer": b"# Early birds\n\nThey sing at four.\n"}
    page.get_by_test_id("upload-input").set_input_files(file)
    go_on()
    expect(page.locator('[data-testid=document-row][data-name="early.md"]')).to_be_visible()


def test_what_was_chosen_too_early_holds(page: Page) -> None:
    go_on = hold(page)
    page.goto("/account", wait_until="commit")
    page.get_by_test_id("profile-speech-rate").select_option("1.25")
    go_on()
    expect(page.get_by_test_id("profile-name")).to_have_value("Ada Lovelace")
    expect(page.get_by_test_id("profile-speech-rate")).to_have_value("1.25")
    page.get_by_test_id("profile-speech-rate").select_option("1")


def test_a_question_that_was_sent_too_early_is_answered(page: Page) -> None:
    go_on = hold(page)
    page.goto("/chat", wait_until="commit")
    ask(page, "[[text=Early]] Who sings first?")
    go_on()
    expect(page.locator("[data-testid=message][data-role=assistant]")).to_contain_text("Early")
