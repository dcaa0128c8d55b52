"""Folders of documents in the browser: made, filled by drag and by keys, and taken away without a loss."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import ask
from tests.e2e.test_chat import answer

TEXT = "# Plan\n\nFirst this, then that.\n"


def folder(page: Page, name: str) -> Locator:
    return page.locator(f'[data-testid=folder-item][data-name="{name}"]')


def document(page: Page, name: str) -> Locator:
    return page.locator(f'[data-testid=document-row][data-name="{name}"]')


def make(page: Page, name: str) -> Locator:
    page.get_by_test_id("folder-new").click()
    page.get_by_test_id("folder-name").fill(name)
    page.get_by_test_id("folder-save").click()
    expect(folder(page, name)).to_be_visible()
    return folder(page, name)


def test_documents_go_into_folders_and_outlive_them(page: Page) -> None:
    page.get_by_test_id("nav-knowledge").click()
    expect(page.get_by_test_id("upload-input")).to_be_attached()
    plans = make(page, "Plans of autumn")
    plans.get_by_test_id("folder-show").click()
    expect(page.get_by_test_id("folder-title")).to_have_text("Plans of autumn")
    page.get_by_test_id("upload-input").set_input_files(
        {"name": "autumn.md", "mimeType": "text/markdown", "buffer": TEXT.encode()}
    )
    expect(document(page, "autumn.md")).to_contain_text("Plans of autumn")
    expect(plans).to_contain_text("1")

    other = make(page, "Later")
    document(page, "autumn.md").drag_to(other)
    expect(document(page, "autumn.md")).to_have_count(0)
    other.get_by_test_id("folder-show").click()
    expect(document(page, "autumn.md")).to_contain_text("Later")

    document(page, "autumn.md").get_by_test_id("document-menu").click()
    page.get_by_test_id("document-move").press("Enter")
    page.get_by_test_id("folder-target").filter(has_text="Plans of autumn").press("Enter")
    expect(document(page, "autumn.md")).to_have_count(0)

    page.get_by_test_id("new-chat").click()
    page.get_by_test_id("chat-input").press_sequentially("#plans")
    page.locator("[data-testid=trigger-option][data-kind=folder]").click()
    expect(page.get_by_test_id("attachment")).to_contain_text("Plans of autumn")
    ask(page, "[[text=First]] What comes first?")
    expect(page.get_by_test_id("message-file")).to_contain_text("Plans of autumn")
    answer(page)
    page.keyboard.press("Control+k")
    page.get_by_test_id("command-input").fill("autumn.md")
    page.locator("[data-testid=command-thing][data-kind=document]").click()
    expect(page).to_have_url(re.compile("/knowledge/[0-9a-f-]{36}$"))
    page.get_by_test_id("nav-knowledge").click()

    plans.get_by_test_id("folder-show").click()
    plans.get_by_test_id("folder-menu").click()
    page.get_by_test_id("folder-delete").click()
    page.get_by_test_id("folder-delete-confirm").click()
    expect(plans).to_have_count(0)
    expect(document(page, "autumn.md")).to_be_visible()
