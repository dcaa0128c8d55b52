"""Which conversation a page is about: the address says so at once, and nothing of another one is shown or used."""

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect

from tests.e2e.attackers import database
from tests.e2e.conftest import EMAIL, Product, ask
from tests.fixtures.waiting import wait_until

ANSWER = "[data-testid=message][data-role=assistant]"
FORBIDDEN = """
for (const name of ["localStorage", "sessionStorage"]) {
  const get = () => { throw new DOMException("The operation is insecure.", "SecurityError"); };
  Object.defineProperty(window, name, { get, configurable: true });
}
"""
COUNT_MESSAGES = """
window.messagesSeen = 0;
new MutationObserver(() => {
  window.messagesSeen += document.querySelectorAll("[data-testid=message]").length;
}).observe(document, { childList: true, subtree: true });
"""


class SlowLine:
    """What the server says to a tab, which can be held back."""

    def __init__(self, page: Page) -> None:
        self._held: list[str | bytes] = []
        self._is_held = False
        self._route: WebSocketRoute | None = None
        page.route_web_socket(re.compile("/_event"), self._connect)

    def hold(self) -> None:
        """Let nothing through from now on."""
        self._is_held = True

    def release(self) -> None:
        """Let through what was held, and what comes."""
        self._is_held = False
        for message in self._held:
            self._send(message)
        self._held.clear()

    def _connect(self, route: WebSocketRoute) -> None:
        self._route = route
        route.connect_to_server().on_message(self._take)

    def _take(self, message: str | bytes) -> None:
        if self._is_held:
            self._held.append(message)
        else:
            self._send(message)

    def _send(self, message: str | bytes) -> None:
        assert self._route is not None
        self._route.send(message)


@pytest.fixture
def line(page: Page) -> Iterator[SlowLine]:
    """The tab's line to the server."""
    slow = SlowLine(page)
    page.reload()
    expect(page.get_by_test_id("new-chat")).to_be_visible()
    yield slow
    slow.release()


def begin(page: Page, title: str) -> str:
    """Begin a conversation; its address."""
    page.get_by_test_id("new-chat").click()
    expect(page.locator(".welcome")).to_be_visible()
    ask(page, f"[[text=Fine]] {title}")
    expect(page.locator(f"{ANSWER}[data-status=done]")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/chat/.{36}$"))
    return page.url


def end_of(locator: Locator) -> float:
    """How far to the right it reaches."""
    return float(locator.evaluate("(element) => element.getBoundingClientRect().right"))


def go(page: Page, address: str) -> None:
    """Choose a conversation in the list."""
    page.locator(f"[data-testid=conversation-item][data-conversation-id='{address[-36:]}'] a").click()
    expect(page).to_have_url(address)


def test_a_question_waits_until_its_conversation_is_there(page: Page, line: SlowLine) -> None:
    first, second = begin(page, "Place one"), begin(page, "Place two")
    field = page.get_by_test_id("chat-input")
    field.fill("A draft of the second")
    line.hold()
    go(page, first)
    expect(page.get_by_test_id("message")).to_have_count(0)
    expect(page.locator(".transcript-skeleton")).to_be_visible()
    expect(page.locator("h1")).not_to_have_text(re.compile("Place two"))
    expect(field).to_have_value("")
    ask(page, "[[text=Fine]] For the first")
    expect(page.get_by_test_id("chat-send")).to_be_disabled()
    expect(field).to_have_value("[[text=Fine]] For the first")
    line.release()
    expect(page.locator(f"{ANSWER}[data-status=done]")).to_have_count(2)
    expect(page.get_by_test_id("message").nth(2)).to_contain_text("For the first")
    expect(field).to_have_value("")
    expect(page).to_have_url(first)
    line.hold()
    go(page, second)
    expect(field).to_have_value("A draft of the second")
    field.press("Enter")
    field.fill("What was changed stays")
    line.release()
    expect(page.get_by_test_id("message")).to_have_count(2)
    expect(field).to_have_value("What was changed stays")
    field.fill("")


def test_a_question_waits_until_it_is_known_who_answers(page: Page, line: SlowLine) -> None:
    page.get_by_test_id("nav-knowledge").click()
    expect(page.get_by_test_id("chat-input")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    line.hold()
    page.get_by_test_id("new-chat").click()
    ask(page, "[[text=Fine]] By whom?")
    expect(page.get_by_test_id("chat-send")).to_be_disabled()
    expect(page.get_by_test_id("chat-input")).to_have_value("[[text=Fine]] By whom?")
    line.release()
    expect(page.locator(f"{ANSWER}[data-status=done]")).to_have_count(1)
    expect(page.get_by_test_id("chat-input")).to_have_value("")


def test_a_question_goes_where_it_was_written(page: Page, line: SlowLine) -> None:
    """Its answer is on its way when the person turns to another conversation, which it must not come into."""
    first, second = begin(page, "Place three"), begin(page, "Place four")
    line.hold()
    ask(page, "[[text=Fine]] Asked in the second")
    leaving = page.get_by_test_id("message-sending").locator(".question-bubble")
    taken = page.locator("[data-testid=message][data-role=user] .question-bubble")
    # What is on its way stands where it will stay, whatever is said beside it.
    assert end_of(leaving) == end_of(taken)
    go(page, first)
    line.release()
    expect(page.get_by_test_id("message")).to_have_count(2)
    expect(page).to_have_url(first)
    go(page, second)
    expect(page.locator(f"{ANSWER}[data-status=done]")).to_have_count(2)
    expect(page.get_by_test_id("message").nth(2)).to_contain_text("Asked in the second")


def test_a_new_conversation_does_not_call_back_who_has_left(page: Page, line: SlowLine) -> None:
    first = begin(page, "Place five")
    page.get_by_test_id("new-chat").click()
    expect(page.locator(".welcome")).to_be_visible()
    page.get_by_test_id("chat-input").fill("[[text=Fine]] Begun and left")
    expect(page.get_by_test_id("chat-send")).to_be_enabled()
    line.hold()
    page.get_by_test_id("chat-input").press("Enter")
    go(page, first)
    line.release()
    # By its place: what it is called changes as soon as the model has found a title.
    expect(page.get_by_test_id("conversation-item").first).to_have_attribute("data-current", "false")
    expect(page).to_have_url(first)
    expect(page.get_by_test_id("message").first).to_contain_text("Place five")


def test_an_empty_chat_never_shows_the_conversation_before(page: Page) -> None:
    begin(page, "Place six")
    page.add_init_script(COUNT_MESSAGES)
    page.goto("/chat")
    expect(page.locator(".welcome")).to_be_visible()
    assert page.evaluate("window.messagesSeen") == 0


def test_drafts_survive_a_reload_each_in_its_place(page: Page) -> None:
    first = begin(page, "Place seven")
    field = page.get_by_test_id("chat-input")
    field.fill("For seven")
    page.get_by_test_id("new-chat").click()
    expect(field).to_have_value("")
    field.fill("For a new one")
    page.reload()
    expect(field).to_have_value("For a new one")
    page.goto(first)
    expect(field).to_have_value("For seven")
    field.fill("")
    page.get_by_test_id("new-chat").click()
    field.fill("")


def test_everything_works_where_the_browser_keeps_nothing(
    browser: Browser, product: Product, owner_cookies: list[dict[str, object]]
) -> None:
    context = browser.new_context(locale="en-US", base_url=product.url)
    context.add_cookies(owner_cookies)  # pyright: ignore[reportArgumentType]
    context.add_init_script(FORBIDDEN)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/chat")
    expect(page.locator(".welcome")).to_be_visible()
    first = begin(page, "Place eight")
    page.get_by_test_id("chat-input").fill("Kept as long as the page")
    page.get_by_test_id("new-chat").click()
    expect(page.get_by_test_id("chat-input")).to_have_value("")
    go(page, first)
    expect(page.get_by_test_id("chat-input")).to_have_value("Kept as long as the page")
    page.get_by_test_id("sidebar-toggle").click()
    page.get_by_test_id("sidebar-toggle").click()
    page.get_by_test_id("user-menu").click()
    page.get_by_test_id("language-menu").click()
    page.locator("[data-testid=language-option][data-locale=de]").click()
    expect(page.get_by_test_id("new-chat")).to_contain_text("Neuer Chat")
    expect(page.get_by_test_id("user-menu")).to_have_attribute("data-state", "closed")
    page.get_by_test_id("user-menu").click()
    page.get_by_test_id("language-menu").click()
    page.locator("[data-testid=language-option][data-locale=en]").click()
    expect(page.get_by_test_id("new-chat")).to_contain_text("New chat")
    wait_until(lambda: database(product, "SELECT 1 FROM account WHERE email = %s AND locale = 'en'", EMAIL))
    page.reload()  # This browser remembers nothing, so what comes now is what the account keeps.
    expect(page.get_by_test_id("new-chat")).to_contain_text("New chat")
    assert errors == []
    context.close()


def press(link: Locator, key: str, goal: Locator) -> None:
    """Go from one line to another; again where the composer of a chat that was just opened takes the focus."""
    for _ in range(5):
        link.focus()
        link.page.keyboard.press(key)
        with suppress(AssertionError):
            expect(goal).to_be_focused(timeout=2_000)
            return
    expect(goal).to_be_focused()


def test_the_list_is_walked_by_keys(page: Page, product: Product) -> None:
    first, second = begin(page, "Place nine"), begin(page, "Place ten")
    links = page.locator("[data-testid=conversation-item] a")
    for link, address in ((links.first, second), (links.nth(1), first)):
        expect(link).to_have_attribute("href", address.removeprefix(product.url))
        expect(link).to_contain_text("Fine")  # The titles have come, and nothing moves any more.
    press(links.first, "ArrowDown", links.nth(1))
    page.keyboard.press("Enter")
    expect(page).to_have_url(first)
    press(links.nth(1), "Home", page.get_by_test_id("nav-search"))  # Above all that the list holds.
    press(links.nth(1), "ArrowUp", links.first)
    page.keyboard.press("Enter")
    expect(page).to_have_url(second)
