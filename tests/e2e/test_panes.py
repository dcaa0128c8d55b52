"""Several chats in one window, as people meet them."""

import re

from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, expect

from tests.e2e.conftest import ask, run_command

ANSWER = "[data-testid=message][data-role=assistant]"
ARE_PLACED = """() => [...document.querySelectorAll("[data-testid=pane] iframe")]
  .every((frame) => /[/]chat[/].{36}$/.test(frame.contentWindow.location.pathname))"""


def panes(page: Page) -> Locator:
    return page.get_by_test_id("pane")


def inside(page: Page, number: int) -> FrameLocator:
    return panes(page).nth(number).frame_locator("iframe")


def line(page: Page, address: str) -> Locator:
    """A conversation's line in the list."""
    return page.locator(f"[data-testid=conversation-item][data-conversation-id='{address.rsplit('/', 1)[-1]}']")


def say(page: Page, number: int, text: str) -> None:
    field = inside(page, number).get_by_test_id("chat-input")
    field.fill(text)
    field.press("Enter")


def test_chats_stand_beside_one_another_and_stay_there(page: Page, context: BrowserContext) -> None:
    ask(page, "[[text=The_moon_is_far]] How far?")
    expect(page.locator(ANSWER)).to_have_attribute("data-status", "done")
    expect(page).to_have_url(re.compile(r"/chat/.{36}$"))
    place = page.url.rsplit("/", 1)[1]
    page.get_by_test_id("new-chat").click()
    expect(page.locator(".welcome")).to_be_visible()
    line(page, place).get_by_test_id("conversation-menu").click()
    page.get_by_test_id("conversation-beside").click()
    expect(panes(page)).to_have_count(2)
    expect(inside(page, 1).locator(ANSWER)).to_contain_text("The moon is far")
    expect(inside(page, 0).locator(".sidebar, .skip-link")).to_have_count(0)

    # Both are written at once, each in its own.
    say(page, 0, "[[tokens=60 stall_after=30]] Slowly")
    say(page, 1, "[[tokens=60 stall_after=30]] Slowly too")
    for number in range(2):
        expect(inside(page, number).locator(f"{ANSWER}[data-status=streaming]")).to_contain_text(re.compile(r"\w+ \w+"))
    expect(page.get_by_test_id("pane-busy")).to_have_count(2)
    expect(panes(page).nth(1)).to_have_attribute("data-focused", "true")

    # Keys: the next pane, which then is the one that is stopped; what is no pane's own is the window's.
    page.keyboard.press("F6")
    expect(panes(page).nth(0)).to_have_attribute("data-focused", "true")
    expect(inside(page, 0).get_by_test_id("chat-input")).to_be_focused()
    page.keyboard.press("Escape")
    expect(inside(page, 0).locator(ANSWER)).to_have_attribute("data-status", "stopped")
    expect(inside(page, 1).locator(f"{ANSWER}[data-status=streaming]")).to_have_count(1)
    page.keyboard.press("Control+k")
    expect(page.get_by_test_id("command-palette")).to_be_visible()
    page.keyboard.press("Escape")

    # Widths by the keyboard; a reload keeps them and what is shown.
    edge = page.get_by_test_id("pane-edge")
    edge.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(edge).to_have_attribute("aria-valuenow", re.compile("^(5[1-9]|[6-9][0-9])"))
    share = edge.get_attribute("aria-valuenow") or ""
    page.reload()
    expect(page.get_by_test_id("pane-edge")).to_have_attribute("aria-valuenow", share)
    expect(inside(page, 1).locator(ANSWER).first).to_contain_text("The moon is far")
    expect(inside(page, 0).locator(ANSWER)).to_have_attribute("data-status", "stopped")

    # What is chosen in the list is shown in the pane with the focus, and the last one has the page.
    panes(page).nth(0).locator(".pane-title").click()
    inside(page, 0).get_by_test_id("chat-input").focus()
    expect(panes(page).nth(0)).to_have_attribute("data-focused", "true")
    line(page, place).locator("a").click()
    expect(inside(page, 0).locator(ANSWER).first).to_contain_text("The moon is far")
    panes(page).nth(1).get_by_test_id("pane-close").click()
    expect(page).to_have_url(re.compile(f"/chat/{place}$"))
    page.get_by_test_id("chat-stop").click()
    expect(page.get_by_test_id("chat-stop")).to_have_count(0)


def test_several_answer_the_same_and_one_is_chosen(page: Page) -> None:
    page.keyboard.press("Control+k")
    run_command(page, "compare")
    for model in ("test-answer", "test-fast"):
        page.locator(f"[data-testid=compare-option][data-query='?model={model}']").check()
    page.get_by_test_id("compare-start").click()
    expect(panes(page)).to_have_count(2)
    expect(inside(page, 1).get_by_test_id("chat-model")).to_contain_text("test-fast")
    say(page, 0, "[[text=Fine]] And you?")
    for number, model in enumerate(("test-answer", "test-fast")):
        done = inside(page, number).locator(f"{ANSWER}[data-status=done]")
        expect(done).to_contain_text("Fine")
        expect(done).to_contain_text(model)
        expect(panes(page).nth(number).get_by_test_id("pane-title")).to_have_text(model)
    page.wait_for_function(ARE_PLACED)
    shown = [line(page, frame.url) for frame in page.frames if "/chat/" in frame.url]
    for each in shown:
        expect(each).to_have_count(1)
    panes(page).nth(1).get_by_test_id("pane-keep").click()
    expect(page.get_by_test_id("toast")).to_contain_text("Archived: 1")
    expect(page).to_have_url(re.compile(r"/chat/.{36}$"))
    expect(page.locator(ANSWER)).to_contain_text("test-fast")
    expect(line(page, page.url)).to_have_count(1)
    expect(shown[0].or_(shown[1])).to_have_count(1)
