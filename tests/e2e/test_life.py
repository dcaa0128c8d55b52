"""A chat that is not kept, the rule on chats, and a template, as people meet them."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import ask, stay
from tests.e2e.test_knowledge import upload

ANSWER = "[data-testid=message][data-role=assistant]"
PLACE = re.compile(r"/chat/[0-9a-f-]{36}$")


def test_a_temporary_chat_is_gone_when_it_is_closed(page: Page) -> None:
    page.get_by_test_id("temporary-switch").click()
    expect(page.get_by_test_id("temporary-note")).to_be_visible()
    ask(page, "[[text=Only_between_us]] A secret?")
    expect(page.locator(ANSWER).last).to_have_attribute("data-status", "done")
    expect(page).to_have_url(PLACE)
    address = page.url
    place = address.rsplit("/", 1)[1]
    expect(page.locator(f"[data-testid=conversation-item][data-conversation-id='{place}']")).to_have_count(0)
    page.reload()
    expect(page.locator(ANSWER).last).to_contain_text("Only between us")
    expect(page.get_by_test_id("temporary-note")).to_be_visible()
    expect(page.get_by_test_id("chat-input")).to_be_focused()
    page.keyboard.press("Control+k")
    page.get_by_test_id("command-input").fill("conversation")
    offered = page.get_by_test_id("command-item")
    expect(offered.filter(has_text="Delete this conversation")).to_have_count(1)
    expect(offered.filter(has_text="Export this conversation")).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_test_id("temporary-close").click()
    expect(page).to_have_url(re.compile("/chat$"))
    expect(page.get_by_test_id("temporary-note")).to_have_count(0)
    page.goto(address)
    expect(page.get_by_text("This conversation does not exist")).to_be_visible()


def test_a_rule_is_looked_at_before_it_counts(page: Page) -> None:
    page.goto("/admin/conversations")
    page.get_by_test_id("retention-days").fill("3650")
    page.get_by_test_id("retention-preview").click()
    expect(page.get_by_test_id("retention-result")).to_have_attribute("data-now", "0")
    page.get_by_test_id("retention-save").click()
    expect(page.get_by_test_id("retention-result")).to_have_count(0)
    page.reload()
    expect(page.get_by_test_id("retention-days")).to_have_value("3650")


def test_a_chat_begins_with_a_template(page: Page) -> None:
    page.get_by_test_id("nav-knowledge").click()
    expect(upload(page, "owls-of-the-north.md")).to_be_visible()
    page.goto("/templates/new")
    page.get_by_test_id("template-name").fill("Owls of the night")
    page.get_by_test_id("template-exchange-add").click()
    page.get_by_test_id("template-question").fill("Which owl is the largest?")
    page.get_by_test_id("template-answer").fill("Bubo blakistoni.")
    page.get_by_test_id("template-settings").get_by_text("Settings of the model").click()
    page.get_by_test_id("template-temperature").fill("warm")
    page.get_by_test_id("template-save").click()
    expect(page.get_by_text("Please enter a number")).to_be_visible()
    page.get_by_test_id("template-temperature").fill("0,3")
    stay(page)
    page.get_by_test_id("template-save").click()
    expect(page).to_have_url(re.compile(r"/templates/[0-9a-f-]{36}$"))
    expect(page.get_by_test_id("template-temperature")).to_have_value("0.3")
    page.get_by_test_id("template-document-search").fill("owls-of-the-north")
    page.get_by_test_id("template-document-add").click()
    chosen = page.get_by_test_id("template-document")
    expect(chosen).to_have_count(1)
    stay(page)
    chosen.get_by_role("button").click()
    expect(chosen).to_have_count(0)
    page.get_by_test_id("template-exchange-add").click()
    expect(page.get_by_test_id("template-exchange")).to_have_count(2)
    stay(page)
    page.get_by_test_id("template-exchange-remove").last.click()
    expect(page.get_by_test_id("template-exchange")).to_have_count(1)
    page.get_by_test_id("new-chat").click()
    page.get_by_test_id("chat-input").press_sequentially("/owls")
    page.get_by_test_id("trigger-option").filter(has_text="Owls of the night").click()
    expect(page).to_have_url(PLACE)
    expect(page.locator(ANSWER)).to_contain_text("Bubo blakistoni.")
    expect(page.locator("h1")).to_have_text("Owls of the night")
    expect(page.get_by_test_id("chat-settings")).to_have_attribute("data-count", "1")
    ask(page, "[[text=The_elf_owl]] And the smallest?")
    expect(page.locator(ANSWER).last).to_contain_text("The elf owl")
