"""Folders by the keyboard, and anything by a few letters."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import ask, run_command

ANSWER = "[data-testid=message][data-role=assistant]"


def test_what_was_said_is_filed_and_found_by_keys(page: Page) -> None:
    ask(page, "[[text=The_giraffe_sleeps]] How does it sleep?")
    expect(page.locator(ANSWER).last).to_have_attribute("data-status", "done")
    expect(page).to_have_url(re.compile(r"/chat/[0-9a-f-]{36}$"))
    place = page.url.rsplit("/", 1)[1]

    page.get_by_test_id("conversation-folder-new").click()
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
    folder.get_by_test_id("folder-menu").click()
    page.get_by_test_id("folder-share").click()
    expect(page.get_by_test_id("sharing-search")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_test_id("shelf-close").click()
    page.get_by_test_id("shelf-menu").click()
    page.get_by_test_id("shelf-archive").click()
    expect(line).to_have_count(0)
    page.get_by_test_id("shelf-close").click()

    page.get_by_test_id("new-chat").click()
    page.keyboard.press("Control+k")
    page.get_by_test_id("command-input").fill("folder:animals giraffe")
    expect(page.get_by_test_id("chat-search-hit").locator("mark").first).to_have_text("giraffe")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/chat/{place}"))
    expect(page.locator(ANSWER).last).to_contain_text("The giraffe sleeps")

    page.keyboard.press("Control+k")
    run_command(page, "knowl")
    expect(page).to_have_url(re.compile("/knowledge$"))


def test_what_is_filed_in_one_tab_is_seen_in_another(page: Page, context: BrowserContext) -> None:
    ask(page, "[[text=Fine]] Where does it stand?")
    expect(page.locator(ANSWER).last).to_have_attribute("data-status", "done")
    expect(page).to_have_url(re.compile(r"/chat/[0-9a-f-]{36}$"))
    line = f"[data-testid=conversation-item][data-conversation-id='{page.url[-36:]}']"
    other = context.new_page()
    other.goto("/knowledge")
    expect(other.locator(line)).to_be_visible()
    page.get_by_test_id("conversation-folder-new").click()
    page.get_by_test_id("folder-name").fill("Plants")
    page.get_by_test_id("folder-save").click()
    folder = other.locator("[data-testid=conversation-folder]", has_text="Plants")
    expect(folder).to_be_visible()
    page.locator(line).get_by_test_id("conversation-menu").click()
    page.get_by_test_id("conversation-move").click()
    page.locator("[data-testid=move-option]", has_text="Plants").click()
    expect(other.locator(line)).to_have_count(0)
    page.locator("[data-testid=conversation-folder]", has_text="Plants").get_by_test_id("folder-menu").click()
    page.get_by_test_id("folder-delete").click()
    page.get_by_role("alertdialog").get_by_role("button").last.click()
    expect(folder).to_have_count(0)
    expect(other.locator(line)).to_be_visible()


def test_keys_are_changed_and_turned_off(page: Page) -> None:
    page.keyboard.press("Control+/")
    own = page.locator("[data-testid=key-change][data-shortcut-id=new-chat]")
    own.click()
    page.keyboard.press("Control+k")
    expect(page.get_by_text("These keys belong to: Commands and search")).to_be_visible()
    own.click()
    page.keyboard.press("Alt+Shift+Y")
    expect(own).to_contain_text("Y")
    page.keyboard.press("Escape")
    expect(own).to_have_count(0)
    page.get_by_test_id("nav-knowledge").click()
    expect(page).to_have_url(re.compile("/knowledge$"))
    page.keyboard.press("Alt+Shift+Y")
    expect(page).to_have_url(re.compile("/chat$"))
    page.reload()
    expect(page.get_by_test_id("chat-input")).to_be_focused()
    page.keyboard.press("Control+/")
    expect(own).to_contain_text("Y")
    page.get_by_test_id("keys-on").uncheck()
    page.keyboard.press("Escape")
    expect(own).to_have_count(0)
    page.get_by_test_id("nav-knowledge").click()
    expect(page).to_have_url(re.compile("/knowledge$"))
    page.locator("body").press("Alt+Shift+Y")
    page.locator("body").press("Control+k")
    expect(page.get_by_test_id("command-input")).to_have_count(0)
    expect(page).to_have_url(re.compile("/knowledge$"))
    page.get_by_test_id("nav-search").click()
    run_command(page, "keyboard")
    page.get_by_test_id("keys-on").check()
    page.get_by_test_id("keys-reset").click()
    expect(own).not_to_contain_text("Y")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.get_by_test_id("command-input")).to_be_visible()
