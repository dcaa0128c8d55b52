"""Two people in one conversation, a link for anybody, and what an open page shows once it is taken back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.conftest import Product, ask

PASSWORD = "nine brown owls fly"


@pytest.fixture
def grace(browser: Browser, product: Product, page: Page) -> Iterator[Page]:
    """The tab of a member, whom the owner has invited."""
    page.get_by_test_id("user-menu").click()
    page.get_by_test_id("invite-open").click()
    page.get_by_test_id("invite-send").click()
    address = page.get_by_test_id("invite-link").input_value()
    page.keyboard.press("Escape")
    context = browser.new_context(locale="en-US", base_url=product.url)
    tab = context.new_page()
    tab.goto(address)
    for field, text in {"name": "Grace Together", "email": "grace.together@example.org", "password": PASSWORD}.items():
        tab.get_by_test_id(f"signup-{field}").fill(text)
    tab.get_by_test_id("signup-submit").click()
    expect(tab.get_by_test_id("chat-input")).to_be_visible()
    yield tab
    context.close()


@pytest.fixture
def nobody(browser: Browser, product: Product) -> Iterator[BrowserContext]:
    """A browser that nobody is signed in with."""
    context = browser.new_context(locale="en-US", base_url=product.url)
    yield context
    context.close()


def share(page: Page, way: str) -> None:
    page.get_by_test_id("share-open").click()
    page.get_by_test_id(way).click()


def questions(page: Page) -> Locator:
    return page.locator("[data-testid=message][data-role=user]")


def answers(page: Page) -> Locator:
    return page.locator("[data-testid=message][data-role=assistant][data-status=done]")


def test_two_people_talk_in_one_conversation(page: Page, grace: Page) -> None:
    ask(page, "[[text=Anna]] What is her name?")
    expect(answers(page)).to_contain_text("Anna")
    share(page, "share-people")
    page.get_by_test_id("sharing-search").fill("grace tog")
    page.get_by_test_id("sharing-add").click()
    row = page.get_by_test_id("sharing-row")
    expect(row).to_have_attribute("data-level", "view")

    grace.get_by_test_id("shelf-shared").click()
    grace.get_by_test_id("conversation-item").first.locator("a").click()
    expect(answers(grace)).to_contain_text("Anna")
    expect(grace.get_by_test_id("only-reading")).to_be_visible()
    expect(grace.get_by_test_id("chat-input")).to_have_count(0)
    expect(grace.get_by_test_id("message-regenerate")).to_have_count(0)

    row.get_by_test_id("sharing-level").select_option("use")
    expect(grace.get_by_test_id("chat-input")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator('[data-testid=companion][data-name="Grace Together"]')).to_be_visible()
    grace.get_by_test_id("chat-input").press_sequentially("[[text=Otto]] And his?", delay=150)
    expect(page.get_by_test_id("who-writes")).to_contain_text("Grace Together is writing")
    grace.get_by_test_id("chat-input").press("Enter")
    expect(answers(page)).to_have_count(2)
    expect(questions(page).last.get_by_test_id("message-author")).to_have_text("Grace Together")
    expect(answers(page).last).to_contain_text("Otto")

    share(page, "share-people")
    page.get_by_test_id("sharing-remove").click()
    expect(grace.get_by_text("you have no access to it any more")).to_be_visible()
    expect(grace.get_by_test_id("message")).to_have_count(0)


@pytest.mark.usefixtures("link_rule")
def test_a_link_opens_until_it_is_revoked(page: Page, nobody: BrowserContext) -> None:
    ask(page, "[[text=Anna]] What is her name?")
    expect(answers(page)).to_contain_text("Anna")
    share(page, "share-by-link")
    page.get_by_test_id("link-rule").click()
    expect(page.get_by_test_id("link-scope").locator("option[value=anyone]")).to_be_enabled()
    page.get_by_test_id("link-scope").select_option("anyone")
    page.get_by_test_id("link-kind").select_option("live")
    page.get_by_test_id("link-make").click()
    address = page.get_by_test_id("share-link").input_value()
    page.keyboard.press("Escape")

    visitor = nobody.new_page()
    visitor.goto(address)
    expect(answers(visitor)).to_contain_text("Anna")
    expect(visitor.locator("meta[name=robots]")).to_have_attribute("content", "noindex, nofollow, noarchive")
    expect(visitor.get_by_text("Ada Lovelace")).to_have_count(0)
    page.keyboard.press("Escape")
    ask(page, "[[text=Otto]] And his?")
    expect(answers(visitor).last).to_contain_text("Otto")

    share(page, "share-by-link")
    page.get_by_test_id("link-revoke").click()
    page.get_by_test_id("link-revoke-confirm").click()
    expect(visitor.get_by_test_id("linked")).to_have_attribute("data-stage", "gone")
    expect(visitor.get_by_test_id("message")).to_have_count(0)
