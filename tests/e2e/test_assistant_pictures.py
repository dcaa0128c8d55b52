"""An assistant gets a picture: chosen, cut, saved, and seen beside its answers."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import ask
from tests.e2e.test_account import face

OWN = "img.assistant-picture"


def test_an_assistant_gets_a_picture_of_its_own(page: Page) -> None:
    page.get_by_test_id("nav-assistants").click()
    page.get_by_test_id("assistant-new").first.click()
    page.get_by_test_id("assistant-name").fill("Painted")
    page.get_by_test_id("assistant-instructions").fill("Be brief.")
    page.get_by_test_id("avatar-input").set_input_files({"name": "p.png", "mimeType": "image/png", "buffer": face()})
    page.get_by_test_id("avatar-part-save").click()
    expect(page.get_by_test_id("assistant-picture")).to_be_checked()
    expect(page.locator(f".face-choices {OWN}")).to_be_visible()
    page.get_by_test_id("assistant-save").click()
    expect(page.get_by_test_id("assistant-facts")).to_have_attribute("data-state", "draft")
    page.reload()
    expect(page.get_by_test_id("assistant-picture")).to_be_checked()
    page.get_by_test_id("assistant-activate").click()
    expect(page.get_by_test_id("assistant-facts")).to_have_attribute("data-state", "active")
    page.get_by_test_id("assistant-chat").click()
    expect(page.get_by_test_id("assistant-welcome").locator(OWN)).to_be_visible()
    ask(page, "Hello")
    shown = page.locator(f"[data-testid=message][data-role=assistant][data-status=done] {OWN}")
    expect(shown).to_have_attribute("src", re.compile("^/api/assistant-pictures/[0-9a-f]{32}$"))
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 256)
    page.get_by_test_id("nav-assistants").click()
    expect(page.get_by_test_id("assistant-card").filter(has_text="Painted").locator(OWN)).to_be_visible()
