"""The playground: two answers side by side, a version saved from there, test cases run and compared."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import stay
from tests.e2e.test_assistants import editor, make

__all__ = ["editor"]


def add_case(page: Page, question: str, expected: str) -> None:
    page.get_by_test_id("case-new").click()
    page.get_by_test_id("case-question").fill(question)
    page.get_by_test_id("case-value").first.fill(expected)
    page.get_by_test_id("case-save").click()
    expect(page.get_by_test_id("case-save")).to_have_count(0)


def run(page: Page, version: int) -> None:
    page.get_by_test_id("run-version").select_option(str(version))
    page.get_by_test_id("run-start").click()
    newest = page.get_by_test_id("run-row").first
    expect(newest).to_have_attribute("data-version", str(version))
    expect(newest).to_have_attribute("data-state", "done")


def look_elsewhere(page: Page) -> None:
    """See the test cases, nearly leave, and come back to what is tried."""
    page.get_by_test_id("playground-view-cases").click()
    expect(page.get_by_test_id("case-new")).to_be_visible()
    stay(page)
    page.get_by_test_id("playground-view-try").click()


def begin_case(page: Page, question: str) -> None:
    """Write a question, and nearly close the dialog with it."""
    page.get_by_test_id("case-new").click()
    page.get_by_test_id("case-question").fill(question)
    for way in (lambda: page.keyboard.press("Escape"), lambda: page.mouse.click(1, 1)):
        page.once("dialog", lambda dialog: dialog.dismiss())
        with page.expect_event("dialog") as asked:
            way()
        assert "not saved yet" in asked.value.message


def test_versions_are_tried_side_by_side_and_compared_by_cases(editor: Page) -> None:
    page = editor
    make(page, "Owl taster")
    page.get_by_test_id("assistant-menu").click()
    page.get_by_test_id("assistant-playground").click()
    page.get_by_test_id("playground-question").fill("Which owls [[tokens=40 rate=100]]")
    page.get_by_test_id("playground-question").press("Enter")
    for place in range(2):
        column = page.get_by_test_id("playground-column").nth(place)
        expect(column).to_have_attribute("data-status", "done")
        expect(column.get_by_test_id("playground-facts")).to_contain_text(
            re.compile(r"\d\ss to the first word.*\d tokens")
        )
    page.get_by_test_id("playground-question").fill("Never [[tokens=20 stall_after=5]]")
    page.get_by_test_id("playground-ask").click()
    expect(page.get_by_test_id("playground-column").first).to_have_attribute("data-status", "streaming")
    page.get_by_test_id("playground-stop").click()
    expect(page.get_by_test_id("playground-column").first).to_have_attribute("data-status", "stopped")
    page.get_by_test_id("playground-temperature").fill("warm")
    page.get_by_test_id("playground-ask").click()
    expect(page.locator("#temperature-hint")).to_have_text("Please enter a number.")
    page.get_by_test_id("playground-temperature").fill("")
    page.get_by_test_id("playground-model").select_option("test-echo")
    look_elsewhere(page)
    expect(page.get_by_test_id("playground-model")).to_have_value("test-echo")
    page.get_by_test_id("playground-save").click()
    expect(page.get_by_test_id("playground-version")).to_have_attribute("data-version", "2")
    expect(page.locator("#temperature-hint")).not_to_have_text("Please enter a number.")
    expect(page.get_by_test_id("playground-question")).to_have_value("Never [[tokens=20 stall_after=5]]")
    page.get_by_test_id("playground-question").fill("[[status=500 model=test-echo]] Who answers?")
    page.get_by_test_id("playground-ask").click()
    expect(page.get_by_test_id("playground-note").first).to_contain_text("since test-echo")
    expect(page.get_by_test_id("playground-column").nth(1)).to_have_attribute("data-status", "done")

    page.get_by_test_id("playground-view-cases").click()
    begin_case(page, "Which owls?")
    page.get_by_test_id("case-kind").select_option("regex")
    page.get_by_test_id("case-value").fill("(")
    page.get_by_test_id("case-save").click()
    expect(page.get_by_test_id("case-problem")).to_be_visible()
    page.get_by_test_id("case-value").fill("^You asked")
    page.get_by_test_id("case-save").click()
    expect(page.get_by_test_id("case-row")).to_have_count(1)
    add_case(page, "Which eagles?", "eagles")
    expect(page.get_by_test_id("case-row")).to_have_count(2)
    run(page, 1)
    run(page, 2)
    newest = page.get_by_test_id("run-row").first
    newest.get_by_test_id("run-open").click()
    expect(newest.get_by_test_id("result-row")).to_have_count(2)
    older = newest.get_by_test_id("run-against").locator("option", has_text=re.compile("Version 1")).first
    newest.get_by_test_id("run-against").select_option(older.get_attribute("value"))
    expect(newest.get_by_test_id("run-compared")).to_have_attribute("data-worse", "1")
    expect(newest.locator("[data-outcome=worse]")).to_have_count(1)
