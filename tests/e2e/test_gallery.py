"""A template becomes an assistant, a manager publishes it, and somebody else finds it, keeps it and takes a copy."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import Product

NAME = "Minutes"


@pytest.fixture
def maker(browser: Browser, product: Product, page: Page) -> Iterator[Page]:
    """The tab of a member whom the owner invited."""
    page.get_by_test_id("user-menu").click()
    page.get_by_test_id("invite-open").click()
    page.get_by_test_id("invite-send").click()
    link = page.get_by_test_id("invite-link").input_value()
    page.keyboard.press("Escape")
    context = browser.new_context(locale="en-US", base_url=product.url)
    opened = context.new_page()
    opened.goto(link)
    person = {"name": "Mary Somerville", "email": "mary.gallery@example.org", "password": "nine brown owls fly"}
    for field, text in person.items():
        opened.get_by_test_id(f"signup-{field}").fill(text)
    opened.get_by_test_id("signup-submit").click()
    expect(opened.get_by_test_id("chat-input")).to_be_visible()
    yield opened
    context.close()


def card(page: Page, name: str = NAME) -> Locator:
    """An assistant in the list."""
    return page.locator(f"[data-testid=assistant-card][data-name='{name}']")


def ask_for_review(page: Page) -> None:
    """Make an assistant of a template, and ask for a place in the gallery."""
    page.get_by_test_id("nav-assistants").click()
    page.get_by_test_id("assistant-new").first.click()
    page.get_by_test_id("template-open").click()
    page.locator("[data-testid=template][data-key=minutes]").click()
    expect(page.get_by_test_id("assistant-name")).to_have_value(NAME)
    page.get_by_test_id("assistant-save").click()
    expect(page.get_by_test_id("assistant-facts")).to_have_attribute("data-state", "draft")
    page.get_by_test_id("assistant-menu").click()
    page.get_by_test_id("assistant-publish").click()
    page.get_by_test_id("publish-ask").click()
    expect(page.get_by_test_id("gallery-line")).to_have_attribute("data-state", "requested")


def accept(page: Page) -> None:
    """Look at what waits, and publish it."""
    page.get_by_test_id("nav-assistants").click()
    page.get_by_test_id("review-open").click()
    waiting = page.locator(f"[data-testid=review-row][data-name='{NAME}']")
    waiting.get_by_test_id("review-look").click()
    expect(waiting.locator("[data-field=instructions]")).to_contain_text("You write minutes")
    waiting.get_by_test_id("review-accept").click()
    expect(waiting).to_have_count(0)
    page.get_by_test_id("nav-prompts").click()
    expect(page.get_by_test_id("review-panel")).to_have_count(0)
    page.get_by_test_id("nav-assistants").click()
    expect(page.get_by_test_id("assistants-search")).to_be_visible()
    expect(page.get_by_test_id("review-panel")).to_have_count(0)  # A page that is left takes its panel along.


def export(page: Page, directory: Path) -> Path:
    """Save the assistant of the card as a file."""
    card(page).get_by_test_id("assistant-menu").click()
    with page.expect_download() as download:
        page.get_by_test_id("assistant-export").click()
    path = directory / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_from_a_template_to_a_copy_of_somebody_else(maker: Page, page: Page, tmp_path: Path) -> None:
    ask_for_review(maker)
    accept(page)
    page.locator("[data-testid=assistants-whose][data-value=gallery]").click()
    expect(card(page)).to_have_attribute("data-published", "true")
    card(page).get_by_test_id("assistant-favourite").click()
    expect(card(page).get_by_test_id("assistant-favourite")).to_have_attribute("aria-pressed", "true")
    path = export(page, tmp_path)
    told = json.loads(path.read_text())
    told["assistant"] |= {"name": "Copied minutes", "model": "far/away", "tools": ["web_search"]}
    path.write_text(json.dumps(told))
    page.get_by_test_id("assistant-new").first.click()
    page.get_by_test_id("assistant-import").click()
    page.get_by_test_id("assistant-file").set_input_files(
        {"name": "evil.json", "mimeType": "application/json", "buffer": path.read_bytes()[:-1] + b', "command": "x"}'}
    )
    expect(page.get_by_test_id("gallery-problem")).to_contain_text("command")
    page.get_by_test_id("assistant-file").set_input_files(path)
    expect(page.get_by_test_id("import-name")).to_have_text("Copied minutes")
    expect(page.get_by_test_id("import-lack")).to_have_count(2)
    page.get_by_test_id("import-model").select_option("test-answer")
    page.get_by_test_id("import-take").click()
    expect(page.get_by_test_id("assistant-facts")).to_have_attribute("data-state", "draft")
    expect(page.get_by_test_id("assistant-name")).to_have_value("Copied minutes")
    expect(page.get_by_test_id("assistant-model")).to_have_value("test-answer")
