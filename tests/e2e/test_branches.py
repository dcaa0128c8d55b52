"""Branches, questions that wait, thoughts and effort, as people meet them."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from convosphere.chat.errors import LONGEST_MESSAGE
from tests.e2e.conftest import Product, ask
from tests.e2e.test_chat import ANSWER, answer

QUESTION = "[data-testid=message][data-role=user]"


def test_a_question_gets_other_words_and_both_stay(page: Page, context: BrowserContext) -> None:
    ask(page, "[[text=Anna]] Who?")
    answer(page)
    ask(page, "[[text=Later]] And when?")
    expect(page.locator(f"{ANSWER}[data-status=done]")).to_have_count(2)
    first = page.locator(QUESTION).first
    first.hover()
    first.get_by_test_id("message-edit").click()
    page.get_by_test_id("message-edit-field").fill("[[text=Berta]] Who else?")
    page.get_by_test_id("message-edit-save").dblclick()
    answer(page)
    expect(page.locator(QUESTION)).to_have_count(1)
    expect(page.locator(QUESTION).get_by_test_id("branch-count")).to_have_text("2/2")
    expect(page.locator(ANSWER).get_by_test_id("message-text")).to_have_text("Berta")
    expect(page.locator(f"{ANSWER}[data-status=done]")).to_have_count(1)
    page.get_by_test_id("branch-prev").click()
    expect(page.locator(QUESTION)).to_have_count(2)
    expect(page.get_by_test_id("branch-count")).to_have_text("1/2")
    expect(page.locator(ANSWER).get_by_test_id("message-text")).to_have_text(["Anna", "Later"])
    # The keys stay on the arrows of the message that came.
    expect(page.get_by_test_id("branch-next")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator(ANSWER)).to_have_count(1)
    expect(page.locator(ANSWER).get_by_test_id("message-text")).to_have_text("Berta")
    expect(page.get_by_test_id("branch-prev")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(QUESTION)).to_have_count(2)
    page.reload()
    expect(page.locator(QUESTION)).to_have_count(2)
    expect(page.get_by_test_id("branch-count")).to_have_text("1/2")


def test_regenerating_by_another_model_and_a_new_chat_from_there(page: Page) -> None:
    ask(page, "[[text=Fine]] How?")
    answer(page)
    page.get_by_test_id("message-more").click()
    page.get_by_test_id("message-regenerate-with").click()
    expect(page.get_by_test_id("model-search")).to_be_focused()
    page.keyboard.type("fast")
    expect(page.get_by_test_id("regenerate-model")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(ANSWER).get_by_test_id("branch-count")).to_have_text("2/2")
    expect(page.locator(ANSWER)).to_contain_text("test-fast")
    expect(page.locator(ANSWER).get_by_test_id("message-effort")).to_contain_text(re.compile(r"\d\ss.*\d+ tokens"))
    before = page.url
    page.get_by_test_id("message-more").click()
    page.get_by_test_id("message-fork").last.click()
    expect(page).not_to_have_url(before)
    expect(page.locator(ANSWER)).to_have_count(1)
    expect(page.get_by_test_id("branch-count")).to_have_count(0)


def test_words_being_changed_outlive_a_reload_and_what_other_tabs_do(page: Page, context: BrowserContext) -> None:
    ask(page, "[[text=Fine]] Once")
    answer(page)
    expect(page).to_have_url(re.compile(r"/chat/.{36}$"))
    page.locator(QUESTION).hover()
    page.get_by_test_id("message-edit").click()
    page.get_by_test_id("message-edit-field").fill("Half of my wor")
    other = context.new_page()
    other.goto(page.url)
    expect(other.get_by_test_id("message-edit-field")).to_have_value("Half of my wor")
    ask(other, "[[text=More]] And then?")
    expect(page.locator(ANSWER)).to_have_count(2)
    page.get_by_test_id("message-edit-field").press_sequentially("ds")
    page.reload()
    expect(page.get_by_test_id("message-edit-field")).to_have_value("Half of my words")
    expect(page.get_by_test_id("chat-input")).to_be_focused()
    # What one tab gives up does not stand in the others for good.
    other.get_by_test_id("message-edit-cancel").click()
    expect(page.get_by_test_id("message-edit-field")).to_have_count(0)
    page.reload()
    expect(page.locator(QUESTION)).to_have_count(2)
    expect(page.get_by_test_id("message-edit-field")).to_have_count(0)


def test_questions_wait_are_changed_and_go_in_their_turn(page: Page, context: BrowserContext) -> None:
    ask(page, "[[tokens=60 stall_after=30]] Slowly")
    expect(page.get_by_test_id("chat-stop")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/chat/.{36}$"))
    for text in ("Second", "Third", "Never"):
        ask(page, text)
        expect(page.get_by_test_id("queued-text").last).to_have_text(text)
    other = context.new_page()
    other.goto(page.url)
    expect(other.get_by_test_id("queued-text")).to_have_text(["Second", "Third", "Never"])
    page.get_by_test_id("queued-remove").last.click()
    expect(page.get_by_test_id("queued-text")).to_have_text(["Second", "Third"])
    page.get_by_test_id("queued-edit").first.click()
    page.get_by_test_id("message-edit-field").fill("Second, in other words")
    page.get_by_test_id("queued-save").click()
    expect(other.get_by_test_id("queued-text")).to_have_text(["Second, in other words", "Third"])
    # What is too long says so where it is written; what is not kept in time is not lost.
    page.get_by_test_id("queued-edit").first.click()
    field = page.get_by_test_id("message-edit-field")
    field.fill("x" * (LONGEST_MESSAGE + 7))
    expect(page.get_by_test_id("message-edit-note")).to_contain_text("7 characters too many")
    expect(page.get_by_test_id("queued-save")).to_be_disabled()
    field.press("Control+Enter")
    expect(field).to_have_js_property("textLength", LONGEST_MESSAGE + 7)
    field.fill("Second, unfinished")
    expect(page.get_by_test_id("message-edit-note")).to_have_count(0)
    page.get_by_test_id("queued-send").last.click()
    expect(page.locator(f"{ANSWER}[data-status=stopped]")).to_be_visible()
    expect(page.locator(f"{ANSWER}[data-status=done]")).to_have_count(2)
    expect(page.get_by_test_id("queued-message")).to_have_count(0)
    expect(page.get_by_test_id("chat-input")).to_have_value("Second, unfinished")
    expect(page.get_by_test_id("composer-told")).to_be_visible()
    asked = [re.compile("Slowly$"), "Third", "Second, in other words"]
    expect(page.locator(QUESTION).get_by_test_id("message-text")).to_have_text(asked)
    expect(other.locator(f"{ANSWER}[data-status=done]")).to_have_count(2)
    expect(other.locator(QUESTION).get_by_test_id("message-text")).to_have_text(asked)


def test_thoughts_are_folded_once_there_is_a_text(page: Page) -> None:
    ask(page, "[[thinking=40 tokens=60 rate=25]] Think")
    expect(page.locator("[data-testid=message-thinking][data-done=true]")).to_be_visible()
    expect(page.get_by_test_id("thinking-text")).to_be_hidden()
    answer(page)
    page.get_by_test_id("thinking-toggle").click()
    expect(page.get_by_test_id("thinking-text")).not_to_be_empty()
    thought = page.get_by_test_id("thinking-text").inner_text()
    expect(page.locator(ANSWER).get_by_test_id("message-text")).not_to_contain_text(thought)


def test_what_ends_unseen_is_marked_in_the_list(page: Page, product: Product) -> None:
    ask(page, "[[tokens=30 hold_every=15]] Elsewhere")
    expect(page).to_have_url(re.compile(r"/chat/.{36}$"))
    line = page.locator(f"[data-conversation-id='{page.url.rsplit('/', 1)[1]}']")
    page.get_by_test_id("new-chat").click()
    expect(page.locator(ANSWER)).to_have_count(0)
    expect(line).to_have_attribute("data-streaming", "true")
    product.provider.go_on()
    expect(line).to_have_attribute("data-unread", "true")
    line.locator("a").click()
    answer(page)
    expect(line).to_have_attribute("data-unread", "false")
