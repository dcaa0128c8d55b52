"""An assistant gets a picture: chosen, cut, saved, and seen beside its answers."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import ask
from tests.e2e.test_account import face
from tests.e2e.test_recordings_page import offer_model
from tests.provider.fixtures import start_provider

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


def test_a_model_makes_a_picture_after_words(page: Page) -> None:
    page.goto("/assistants/new")
    page.get_by_test_id("assistant-name").fill("Guide")
    expect(page.get_by_test_id("avatar-choose")).to_be_visible()
    expect(page.get_by_test_id("drawing-open")).to_have_count(0)
    with start_provider(("dall-e-3", "test-echo")) as easel:
        offer_model(page, easel, "dall-e-3", "image", "$0.006 for a picture")
        page.goto("/assistants/new")
        page.get_by_test_id("assistant-name").fill("Guide")
        page.get_by_test_id("assistant-description").fill("Shows ships the way.")
        page.get_by_test_id("assistant-instructions").fill("Be brief.")
        page.get_by_test_id("drawing-open").click()
        page.get_by_test_id("drawing-wish").fill("[[filtered]] A lighthouse")
        page.get_by_test_id("drawing-make").click()
        expect(page.get_by_test_id("drawing-error")).not_to_be_empty()
        page.get_by_test_id("drawing-wish").fill("A lighthouse")
        page.get_by_test_id("drawing-make").click()
        expect(page.get_by_test_id("drawing-shown").locator(OWN)).to_have_js_property("naturalWidth", 256)
        page.get_by_test_id("drawing-take").click()
        expect(page.get_by_test_id("drawing-wish")).to_have_count(0)
        expect(page.get_by_test_id("assistant-picture")).to_be_checked()
        page.once("dialog", lambda dialog: dialog.dismiss())
        page.get_by_test_id("nav-assistants").click()  # It is not saved yet.
        expect(page.get_by_test_id("assistant-picture")).to_be_checked()
        page.get_by_test_id("assistant-save").click()
        expect(page.get_by_test_id("assistant-facts")).to_have_attribute("data-state", "draft")
        expect(page.locator(f".assistant-head {OWN}")).to_be_visible()
