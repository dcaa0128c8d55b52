"""Folders by the keyboard, and anything by a few letters."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import ask

ANSWER = "[data-testid=message][data-role=assistant]"


def test_what_was_said_is_filed_and_found_by_keys(page: Page) -> None:
    ask(page, "[[text=The_giraffe_sleeps]] How does it sleep?")
    expect(page.locator(ANSWER).last).to_have_attribute("data-status", "done", timeout=20_000)
    expect(page).to_have_url(re.compile(r"/chat/[0-9a-f-]{36}$"))
    place = page.url.rsplit("/", 1)[1]

    page.get_by_test_id("folder-new").click()
    page.get_by_test_id("folder-name").fill("Animals")
    page.get_by_test_id("folder-save").click()
    folder = page.locator("[data-testid=conversation-folder]", has_text="Animals")
    line = page.locator(f"[data-testid=conversation-item][data-conversation-id='{place}']")
    line.get_by_test_id("conversation-menu").click()
    page.get_by_test_id("conversation-move").click()
    page.locator("[data-testid=move-option]", has_text="Animals").click()
    expect(line).to_have_count(0)
    folder.locator(".folder-link").click()
    expect(line).to_have_count(1)

    page.get_by_test_id("new-chat").click()
    page.keyboard.press("Control+k")
    page.get_by_test_id("command-input").fill("folder:animals giraffe")
    expect(page.get_by_test_id("chat-search-hit").locator("mark").first).to_have_text("giraffe")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/chat/{place}"))
    expect(page.locator(ANSWER).last).to_contain_text("The giraffe sleeps")

    page.keyboard.press("Control+k")
    page.get_by_test_id("command-input").fill("knowl")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/knowledge$"))
