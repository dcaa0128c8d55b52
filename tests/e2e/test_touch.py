"""A phone: no mouse that hovers, a small glass, fingers that tap and swipe."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Product
from tests.e2e.test_chat import ANSWER, answer
from tests.e2e.test_composer import picture


@pytest.fixture
def phone(browser: Browser, product: Product, owner_cookies: list[dict[str, object]]) -> Iterator[Page]:
    """The owner's tab on it."""
    context = browser.new_context(
        locale="en-US", base_url=product.url, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True,
        permissions=["clipboard-read", "clipboard-write"],
    )  # fmt: skip
    context.add_cookies(owner_cookies)  # pyright: ignore[reportArgumentType]
    opened = context.new_page()
    opened.goto("/chat")
    expect(opened.get_by_test_id("chat-photo")).to_be_visible()
    yield opened
    context.close()


def tap_in(phone: Page, question: str) -> None:
    """Ask by fingers alone; what lets the keyboard of the glass go is that the field has the focus no more."""
    field = phone.get_by_test_id("chat-input")
    field.tap()
    expect(field).to_be_focused()
    phone.keyboard.insert_text(question)
    phone.get_by_test_id("chat-send").tap()
    expect(field).not_to_be_focused()
    answer(phone)


def swipe(phone: Page, start: int, end: int) -> None:
    """A finger goes across the middle of the glass."""
    glass = phone.context.new_cdp_session(phone)

    def say(what: str, *places: float) -> None:
        points = [{"x": place, "y": 420} for place in places]
        glass.send("Input.dispatchTouchEvent", {"type": what, "touchPoints": points})

    say("touchStart", start)
    for step in range(1, 10):
        say("touchMove", start + (end - start) * step / 9)
    say("touchEnd")


def test_a_phone_asks_with_a_photo_and_reads_what_can_be_done(phone: Page) -> None:
    expect(phone.get_by_test_id("chat-input")).not_to_be_focused()  # No keyboard hides the page that was just opened.
    with phone.expect_file_chooser() as asked:
        phone.get_by_test_id("chat-photo").tap()
    assert asked.value.element.get_attribute("capture") == "environment"
    asked.value.set_files({"name": "owl.png", "mimeType": "image/png", "buffer": picture()})
    expect(phone.locator("[data-testid=attachment][data-status=ready]")).to_have_count(1)
    tap_in(phone, "[[text=An_owl]] What is this?")
    expect(phone.locator("[data-testid=message-file] img")).to_have_js_property("naturalWidth", 80)
    tap_in(phone, "[[text=Yes]] Sure?")
    # Not only below the last one, where a mouse need not point either.
    acts = phone.locator(ANSWER).first.locator(".message-acts")
    expect(acts).to_have_css("opacity", "1")
    for name in ("message-copy", "message-regenerate", "message-up"):
        expect(acts.get_by_test_id(name)).to_be_visible()
    acts.get_by_test_id("message-copy").tap()
    phone.wait_for_function("async () => await navigator.clipboard.readText() === 'An owl'")
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_panes_of_a_phone_are_swiped_and_tapped_between(phone: Page) -> None:
    phone.goto("/side")
    first, second = phone.get_by_test_id("pane").nth(0), phone.get_by_test_id("pane").nth(1)
    dots = phone.get_by_test_id("pane-dot")
    for pane in (first, second):
        expect(pane.frame_locator("iframe").get_by_test_id("chat-input")).to_be_attached()
    expect(first).to_be_in_viewport(ratio=0.9)
    expect(second).not_to_be_in_viewport()
    swipe(phone, 350, 80)
    expect(second).to_be_in_viewport(ratio=0.9)
    expect(first).not_to_be_in_viewport()
    expect(dots.nth(1)).to_have_attribute("aria-current", "true")
    swipe(phone, 80, 350)
    expect(first).to_be_in_viewport(ratio=0.9)
    expect(second).not_to_be_in_viewport()
    expect(dots.nth(0)).to_have_attribute("aria-current", "true")
    dots.nth(1).tap()
    expect(second).to_be_in_viewport(ratio=0.9)
    expect(first).not_to_be_in_viewport()
