"""Assistants in the browser: made, tried, changed back, chosen by keys, named with an @."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.attackers import database
from tests.e2e.conftest import Product, ask, stay
from tests.fixtures.waiting import wait_until


@pytest.fixture
def editor(page: Page) -> Page:
    """The owner's tab on the page of a new assistant."""
    page.get_by_test_id("nav-assistants").click()
    page.get_by_test_id("assistant-new").first.click()
    expect(page.get_by_test_id("assistant-name")).to_be_visible()
    return page


def make(page: Page, name: str, instructions: str = "Be brief.") -> None:
    """Fill in and save what a new assistant needs."""
    page.get_by_test_id("assistant-name").fill(name)
    page.get_by_test_id("assistant-instructions").fill(instructions)
    page.get_by_test_id("assistant-save").click()
    expect(page.get_by_test_id("assistant-facts")).to_have_attribute("data-state", "draft")


def answer(page: Page, place: int) -> Locator:
    """An answer that is whole."""
    return page.locator("[data-testid=message][data-role=assistant][data-status=done]").nth(place)


def test_an_assistant_is_made_asked_and_left(editor: Page) -> None:
    page = editor
    page.get_by_test_id("assistant-starters").fill("Which owls are there?")
    page.get_by_test_id("assistant-instructions").fill("Help ")
    page.locator("[data-variable=user_name]").click()
    expect(page.get_by_test_id("assistant-instructions")).to_have_value("Help {{user_name}}")
    make(page, "Owl expert", "Help {{user_name}}.")
    expect(page.get_by_test_id("assistant-prompt")).to_contain_text("Help Ada Lovelace.")
    page.get_by_test_id("assistant-activate").click()
    expect(page.get_by_test_id("assistant-facts")).to_have_attribute("data-state", "active")
    page.get_by_test_id("assistant-chat").click()
    expect(page.get_by_test_id("assistant-welcome")).to_contain_text("Owl expert")
    page.get_by_test_id("assistant-starter").click()
    page.get_by_test_id("chat-input").press("Enter")
    expect(answer(page, 0)).to_contain_text("Owl expert")
    page.reload()
    expect(page.get_by_test_id("chat-assistant")).to_contain_text("Owl expert")
    page.get_by_test_id("chat-assistant").click()
    page.get_by_test_id("assistant-none").click()
    page.keyboard.type("And without you?")  # At once: the cursor is where one writes.
    page.keyboard.press("Enter")
    expect(answer(page, 1)).not_to_contain_text("Owl expert")
    expect(page.get_by_test_id("assistant-switch")).to_have_count(1)


def test_a_mistake_is_named_and_a_version_is_restored(editor: Page) -> None:
    page = editor
    page.get_by_test_id("assistant-name").fill("Careful")
    page.get_by_test_id("assistant-instructions").fill("{{secret}}")
    expect(page.locator("#instructions-hint")).to_contain_text("There is no variable")
    page.get_by_test_id("assistant-instructions").fill("A long day of writing.")
    stay(page)
    expect(page.get_by_test_id("assistant-instructions")).to_have_value("A long day of writing.")
    make(page, "Careful", "Be careful.")
    page.get_by_test_id("assistant-instructions").fill("Be careless.")
    page.get_by_test_id("assistant-why").fill("Faster")
    page.get_by_test_id("assistant-save").click()
    expect(page.get_by_test_id("assistant-saved")).to_have_attribute("data-version", "2")
    page.get_by_test_id("assistant-menu").click()
    page.get_by_test_id("assistant-versions").click()
    latest = page.locator("[data-testid=version-row][data-version='2']")
    latest.get_by_test_id("version-compare").click()
    expect(latest.locator("[data-field=instructions] [data-kind=removed]")).to_contain_text("Be careful.")
    page.locator("[data-testid=version-row][data-version='1']").get_by_test_id("version-restore").click()
    expect(page.get_by_test_id("assistant-instructions")).to_have_value("Be careful.")
    expect(page.get_by_test_id("version-row")).to_have_count(3)


def test_one_is_chosen_by_keys_and_another_by_an_at(editor: Page) -> None:
    page = editor
    make(page, "Zebra finch")
    page.get_by_test_id("new-chat").click()
    page.get_by_test_id("chat-assistant").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("assistant-search")).to_be_focused()
    page.keyboard.type("zebra crossing")
    expect(page.get_by_test_id("assistant-lack")).to_have_text("No assistant is called that.")
    page.get_by_test_id("assistant-search").fill("zebra")
    expect(page.get_by_test_id("assistant-option")).to_have_count(1)
    expect(page.get_by_test_id("assistant-lack")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("What do ")
    expect(page.get_by_test_id("chat-assistant")).to_contain_text("Zebra finch")
    expect(page.get_by_test_id("chat-assistant")).to_have_attribute("aria-expanded", "false")
    page.get_by_test_id("chat-model").click()
    page.locator("[data-testid=model-option][data-model=test-answer]").click()
    page.keyboard.type("finches eat?")
    expect(page.get_by_test_id("chat-input")).to_have_value("What do finches eat?")
    expect(page.get_by_test_id("model-option")).to_have_count(0)
    page.get_by_test_id("chat-assistant").click()
    page.get_by_test_id("assistant-none").click()
    page.get_by_test_id("chat-input").fill("")
    page.keyboard.type("Please @zeb")
    expect(page.get_by_test_id("trigger-option").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("chat-input")).to_have_value("Please @zebra-finch ")
    page.keyboard.type("sing")
    page.keyboard.press("Enter")
    expect(answer(page, 0)).to_contain_text("Zebra finch")


def test_deleting_can_be_taken_back(editor: Page) -> None:
    page = editor
    make(page, "Short lived")
    page.get_by_test_id("nav-assistants").click()
    card = page.locator("[data-testid=assistant-card][data-name='Short lived']")
    card.get_by_test_id("assistant-menu").click()
    page.get_by_test_id("assistant-delete").click()
    expect(card).to_have_count(0)
    page.get_by_test_id("assistant-undo").click()
    expect(card).to_have_count(1)
    card.get_by_test_id("assistant-favourite").click()
    expect(page.get_by_test_id("assistant-card").first).to_have_attribute("data-name", "Short lived")


def ratings(product: Product) -> int:
    [(count,)] = database(product, "SELECT count(*) FROM message_feedback")
    return int(str(count))


def test_two_versions_are_rated_and_compared(editor: Page, product: Product) -> None:
    page = editor
    make(page, "Rated")
    place = page.url
    for version in (1, 2):
        page.get_by_test_id("assistant-chat").click()
        ask(page, f"Question {version}")
        before = ratings(product)
        answer(page, 0).get_by_test_id("message-up").click()
        wait_until(lambda: ratings(product) > before, "the rating")  # noqa: B023
        page.goto(place)
        if version == 1:
            page.get_by_test_id("assistant-instructions").fill("Be wise.")
            page.get_by_test_id("assistant-save").click()
            expect(page.get_by_test_id("assistant-saved")).to_have_attribute("data-version", "2")
    page.get_by_test_id("assistant-menu").click()
    page.get_by_test_id("assistant-quality").click()
    rows = page.locator("[data-testid=quality-row][data-verdict]")
    for name in ("1", "2"):
        version = rows.locator(f"xpath=self::*[@data-name='{name}']")
        expect(version).to_have_attribute("data-answers", "1")
        expect(version).to_have_attribute("data-rated", "1")
    expect(page.get_by_test_id("quality-answer")).to_have_attribute("data-verdict", "few")
    expect(page.get_by_test_id("quality-answer")).to_contain_text("Too few ratings")
