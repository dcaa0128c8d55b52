"""The gauge, what becomes of a conversation that is full, settings of its model, and thumbs, as people use them."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.attackers import database
from tests.e2e.conftest import Product, ask
from tests.e2e.test_chat import ANSWER, answer
from tests.fixtures.waiting import wait_until

# Two of these do not fit into the 6,000 tokens that a model of unknown size reads.
LONG = "Sehr lange Ausführungen über Fristen. " * 200


def percent(page: Page) -> int:
    return int(page.get_by_test_id("gauge").get_attribute("data-percent") or "-1")


def choose(page: Page, way: str) -> None:
    page.get_by_test_id("gauge-open").click()
    page.locator(f"[data-testid=context-way][data-way={way}]").check()
    expect(page.locator(f"[data-testid=context-way][data-way={way}]")).to_be_checked()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("gauge-details")).to_have_count(0)


def test_the_gauge_counts_what_is_written_and_said(page: Page) -> None:
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))))
    page.reload()
    expect(page.get_by_test_id("gauge")).to_be_visible()
    empty = percent(page)
    sent.clear()
    page.get_by_test_id("chat-input").fill(LONG)
    page.wait_for_function(
        f"() => Number(document.querySelector('[data-testid=gauge]').dataset.percent) > {empty + 20}"
    )
    assert not any("context_state" in frame for frame in sent), "no key asks the server"
    page.get_by_test_id("chat-input").fill("")
    page.wait_for_function(f"() => Number(document.querySelector('[data-testid=gauge]').dataset.percent) == {empty}")

    ask(page, f"[[text=Fine]] Begin here. {LONG}")
    answer(page)
    assert any("conversation_state.send" in frame for frame in sent), "what is sent is seen here"
    page.wait_for_function(
        f"() => Number(document.querySelector('[data-testid=gauge]').dataset.percent) > {empty + 20}"
    )
    page.get_by_test_id("gauge-open").click()
    parts = page.get_by_test_id("gauge-part")
    expect(parts).to_have_count(6)
    tokens = [int(part.get_attribute("data-tokens") or "-1") for part in parts.all()]
    assert sum(tokens) == 8_000
    page.keyboard.press("Escape")
    shown = percent(page)
    page.reload()
    page.wait_for_function(
        f"() => Math.abs(document.querySelector('[data-testid=gauge]')?.dataset.percent - {shown}) <= 1"
    )


def test_a_full_conversation_asks_then_sums_up_in_a_note_that_can_be_edited(page: Page) -> None:
    ask(page, f"[[text=Fine]] Begin here. {LONG}")
    answer(page)
    choose(page, "ask")
    ask(page, f"[[text=Fine]] {LONG}")
    answer(page, "failed")
    expect(page.get_by_test_id("message-error")).to_contain_text("How shall it go on")
    page.locator("[data-testid=context-decide][data-way=summarise]").click()
    answer(page)
    expect(page.get_by_test_id("memory-mark")).to_be_visible()
    page.get_by_test_id("note-open").click()
    expect(page.get_by_test_id("note-text")).not_to_be_empty()
    page.get_by_test_id("note-edit").click()
    page.get_by_test_id("note-field").fill("They talked about deadlines.")
    page.get_by_test_id("note-save").click()
    expect(page.get_by_test_id("note-text")).to_have_text("They talked about deadlines.")
    page.reload()
    page.get_by_test_id("note-open").click()
    expect(page.get_by_test_id("note-text")).to_have_text("They talked about deadlines.")


def test_thumbs_and_reasons_stay(page: Page, product: Product) -> None:
    ask(page, "[[text=Fine]] Is it so?")
    answer(page)
    last = page.locator(ANSWER).last
    last.get_by_test_id("message-up").click()
    expect(last.get_by_test_id("message-up")).to_have_attribute("aria-pressed", "true")
    last.get_by_test_id("message-down").click()
    last.locator("[data-testid=feedback-reason][data-reason=too_long]").click()
    last.get_by_test_id("feedback-comment").fill("One word would do.")
    last.get_by_test_id("feedback-send").click()
    expect(last.get_by_test_id("feedback-form")).to_have_count(0)
    expect(last.get_by_test_id("message-down")).to_be_focused()
    expect(page).to_have_url(re.compile(r"/chat/.{36}$"))
    comments = "SELECT 1 FROM message_feedback WHERE comment = 'One word would do.'"
    wait_until(lambda: database(product, comments), "what was thought of it")
    page.reload()
    expect(last.get_by_test_id("message-down")).to_have_attribute("aria-pressed", "true")
    expect(last.get_by_test_id("message-up")).to_have_attribute("aria-pressed", "false")
    last.get_by_test_id("feedback-open").click()
    expect(last.locator("[data-reason=too_long]")).to_have_attribute("aria-pressed", "true")
    expect(last.get_by_test_id("feedback-comment")).to_have_value("One word would do.")


def open_settings(page: Page) -> None:
    page.get_by_test_id("chat-settings").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("chat-temperature")).to_be_focused()


def expect_chosen(page: Page, count: int) -> None:
    expect(page.get_by_test_id("chat-settings")).to_have_attribute("data-count", str(count))


def test_a_conversation_answers_with_what_was_chosen_for_it(page: Page) -> None:
    expect_chosen(page, 0)
    open_settings(page)
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    expect(page.locator("#temperature-hint")).to_contain_text("from 0 to 2")
    expect(page.get_by_test_id("message")).to_have_count(0)
    page.get_by_test_id("chat-temperature").fill("0,2")
    page.get_by_test_id("chat-max-tokens").fill("200")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("settings-form")).to_have_count(0)
    expect(page.get_by_test_id("chat-input")).to_be_focused()
    expect_chosen(page, 2)

    page.reload()
    expect_chosen(page, 2)
    ask(page, "[[text=Fine]] Is it so?")
    answer(page)
    told = page.get_by_test_id("message-settings").last
    expect(told).to_contain_text("Temperature 0.2")
    expect(told).to_contain_text("at most 200 tokens")
    address = page.url
    page.get_by_test_id("new-chat").click()
    expect_chosen(page, 0)
    page.goto(address)
    expect_chosen(page, 2)

    other = page.context.new_page()
    other.goto(address)
    expect_chosen(other, 2)
    open_settings(page)
    page.get_by_test_id("settings-usual").click()
    expect_chosen(page, 0)
    expect_chosen(other, 0)
    other.close()
