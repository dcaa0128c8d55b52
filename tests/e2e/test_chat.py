"""A chat as people use it."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import ask

ANSWER = "[data-testid=message][data-role=assistant]"


def answer(page: Page, status: str = "done") -> None:
    expect(page.locator(ANSWER).last).to_have_attribute("data-status", status, timeout=20_000)


def test_an_answer_streams_and_stays(page: Page) -> None:
    ask(page, "[[tokens=60 rate=100 markdown]] Tell me")
    expect(page.get_by_test_id("chat-stop")).to_be_visible()
    expect(page.locator(f"{ANSWER}[data-status=streaming]").get_by_test_id("message-text")).not_to_be_empty()
    answer(page)
    expect(page).to_have_url(re.compile(r"/chat/[0-9a-f-]{36}$"))
    text = page.locator(ANSWER).last.get_by_test_id("message-text").inner_text()
    page.reload()
    answer(page)
    assert page.locator(ANSWER).last.get_by_test_id("message-text").inner_text() == text
    expect(page.locator("[data-testid=message][data-role=user]")).to_have_count(1)


def test_shift_enter_begins_a_line_and_enter_sends(page: Page) -> None:
    field = page.get_by_test_id("chat-input")
    field.press_sequentially("one")
    field.press("Shift+Enter")
    field.press_sequentially("two")
    expect(field).to_have_value("one\ntwo")
    field.press("Enter")
    expect(field).to_have_value("")
    expect(page.locator("[data-role=user]").get_by_test_id("message-text")).to_have_text("one\ntwo")


def test_stop_keeps_what_was_written(page: Page) -> None:
    ask(page, "[[tokens=500 rate=20]] Slowly")
    expect(page.locator(ANSWER).last.get_by_test_id("message-text")).not_to_be_empty(timeout=10_000)
    page.get_by_test_id("chat-stop").click()
    answer(page, "stopped")
    expect(page.locator(ANSWER).last.get_by_test_id("message-text")).not_to_be_empty()
    expect(page.get_by_test_id("chat-send")).to_be_visible()


def test_a_reload_in_the_middle_loses_nothing(page: Page) -> None:
    ask(page, "[[tokens=160 rate=20]] Slowly")
    expect(page).to_have_url(re.compile(r"/chat/.{36}$"))
    expect(page.locator(ANSWER).last.get_by_test_id("message-text")).not_to_be_empty(timeout=10_000)
    before = page.locator(ANSWER).last.get_by_test_id("message-text").inner_text()
    page.reload()
    expect(page.locator(f"{ANSWER}[data-status=streaming]").get_by_test_id("message-text")).to_contain_text(
        before[:10], timeout=10_000
    )
    answer(page)


def test_two_tabs_see_the_same_answer(page: Page, context: BrowserContext) -> None:
    ask(page, "[[tokens=80 rate=20]] Slowly")
    expect(page).to_have_url(re.compile(r"/chat/.{36}$"))
    second = context.new_page()
    second.goto(page.url)
    expect(second.locator(f"{ANSWER}[data-status=streaming]")).to_be_visible(timeout=10_000)
    answer(page)
    answer(second)
    first_text = page.locator(ANSWER).last.get_by_test_id("message-text").inner_text()
    assert second.locator(ANSWER).last.get_by_test_id("message-text").inner_text() == first_text


def test_an_error_says_what_happened_and_offers_a_retry(page: Page) -> None:
    ask(page, "[[tokens=50 cut_after=5 times=9]] Break off")
    answer(page, "failed")
    expect(page.get_by_test_id("message-error")).to_contain_text("broke off")
    expect(page.locator(ANSWER).last.get_by_test_id("message-text")).not_to_be_empty()
    page.get_by_test_id("message-retry").click()
    expect(page.locator(ANSWER)).to_have_count(1)


def test_conversations_are_renamed_deleted_and_brought_back(page: Page) -> None:
    ask(page, "[[text=Fine]] A conversation of its own")
    answer(page)
    item = page.locator("[data-testid=conversation-item][data-current=true]")
    identity = item.get_attribute("data-conversation-id")
    item.hover()
    item.get_by_test_id("conversation-menu").click()
    page.get_by_test_id("conversation-rename").click()
    page.get_by_test_id("conversation-title").fill("My title")
    page.get_by_test_id("conversation-title").press("Enter")
    same = page.locator(f"[data-conversation-id='{identity}']")
    expect(same).to_contain_text("My title")
    expect(page.locator("h1")).to_have_text("My title")
    same.hover()
    same.get_by_test_id("conversation-menu").click()
    page.get_by_test_id("conversation-delete").click()
    expect(same).to_have_count(0)
    page.get_by_test_id("conversation-undo").click()
    expect(same).to_have_count(1)


def test_the_end_is_followed_only_from_the_end(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    ask(page, "[[tokens=600 rate=100 markdown]] A lot")
    view = page.locator(".transcript-view")
    expect(page.get_by_test_id("jump-down")).to_have_count(0)
    page.wait_for_function("() => document.querySelector('.transcript-view').scrollTop > 200", timeout=15_000)
    view.hover()
    page.mouse.wheel(0, -2000)
    expect(page.get_by_test_id("jump-down")).to_be_visible()
    top = view.evaluate("view => view.scrollTop")
    answer(page)
    assert abs(view.evaluate("view => view.scrollTop") - top) < 5
    page.get_by_test_id("jump-down").click()
    expect(page.get_by_test_id("jump-down")).to_have_count(0)


def test_what_a_model_writes_never_runs_or_loads_anything(page: Page) -> None:
    fired: list[str] = []
    page.on("dialog", lambda dialog: (fired.append(dialog.message), dialog.dismiss()))
    attack = "<img_src=x_onerror=alert(1)><script>alert(2)</script><iframe_srcdoc='<script>alert(3)</script>'></iframe>"
    links = "![x](https://evil.example/a.png)_[y](javascript:alert(4))_[z](https://evil.example/)"
    ask(page, f"[[text={attack}_{links}]] Attack")
    answer(page)
    text = page.locator(ANSWER).last.get_by_test_id("message-text")
    assert text.locator("img, script, iframe").count() == 0
    assert text.locator("a[href^='javascript']").count() == 0
    assert fired == []


def test_the_model_can_be_chosen(page: Page) -> None:
    page.get_by_test_id("chat-model").click()
    page.locator("[data-testid=model-option][data-model='test-echo']").click()
    ask(page, "Say this")
    answer(page)
    expect(page.locator(ANSWER).last).to_contain_text("Say this")
    page.reload()
    expect(page.get_by_test_id("chat-model")).to_contain_text("test-echo")
