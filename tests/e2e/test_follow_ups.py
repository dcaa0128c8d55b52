"""Questions that may follow an answer: one is asked by the keyboard, the draft stays, and they can be switched off."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import ask

ANSWERS = "[data-testid=message][data-role=assistant][data-status=done]"


def choose_model(page: Page, model: str) -> None:
    page.goto("/admin/models")
    chosen = page.locator("[data-testid=default-model][data-purpose=follow_ups]")
    chosen.select_option(model)
    expect(chosen).to_have_value(model)


def test_a_question_follows(page: Page) -> None:
    choose_model(page, "test-curious")
    page.goto("/chat")
    ask(page, "[[tokens=40 rate=1000]] Which owls are there?")
    expect(page.get_by_test_id("follow-up")).to_have_count(2)
    page.get_by_test_id("chat-input").fill("a draft")
    page.get_by_test_id("follow-up").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-testid=message][data-role=user]").last).to_contain_text("Which owls hunt by day?")
    expect(page.locator(ANSWERS)).to_have_count(2)
    expect(page.get_by_test_id("chat-input")).to_have_value("a draft")
    page.reload()
    expect(page.get_by_test_id("follow-up").first).to_be_visible()
    page.get_by_test_id("follow-ups-off").click()
    expect(page.get_by_test_id("follow-ups")).to_have_count(0)
    page.goto("/account")
    expect(page.get_by_test_id("profile-follow-ups")).to_have_attribute("data-state", "unchecked")
    page.get_by_test_id("profile-follow-ups").click()
    expect(page.get_by_test_id("profile-follow-ups")).to_have_attribute("data-state", "checked")
    choose_model(page, "")
