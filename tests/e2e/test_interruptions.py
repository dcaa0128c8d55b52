"""What becomes of a conversation while somebody looks at it: the network goes, others delete it, words are changed."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.e2e.attackers import database
from tests.e2e.conftest import Product, ask
from tests.e2e.relay import Relay
from tests.e2e.test_branches import QUESTION
from tests.e2e.test_chat import ANSWER, answer
from tests.fixtures.waiting import wait_until

STREAMING = f"{ANSWER}[data-status=streaming]"
# Keeps each text that the growing answer ever shows.
WATCH = """() => {
  window.seen = [];
  new MutationObserver(() => {
    const text = document.querySelector("STREAMING [data-testid=message-text]")?.textContent;
    if (text) window.seen.push(text);
  }).observe(document, { subtree: true, childList: true, characterData: true });
}""".replace("STREAMING", STREAMING)

HAS_GROWN = "length => window.seen.some((text) => text.trim().split(/\\s+/).join(' ').length > length)"


@pytest.fixture
def relay(product: Product) -> Iterator[Relay]:
    """The line that the tab's network consists of."""
    with Relay(product.url) as running:
        yield running


@pytest.fixture
def tab(browser: Browser, relay: Relay, owner_cookies: list[dict[str, object]]) -> Iterator[Page]:
    """The owner's tab at the other end of it."""
    context = browser.new_context(locale="en-US", base_url=relay.url, viewport={"width": 1280, "height": 800})
    context.add_cookies(owner_cookies)  # pyright: ignore[reportArgumentType]
    page = context.new_page()
    page.goto("/chat")
    expect(page.get_by_test_id("chat-input")).to_be_visible()
    yield page
    context.close()


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("is_long", [False, True], ids=["back in mid-answer", "back when all is over"])
def test_a_lost_network_leaves_no_gap(tab: Page, relay: Relay, product: Product, is_long: bool) -> None:
    ask(tab, "[[text=Fine]] Once")
    answer(tab)
    conversation = tab.url[-36:]

    def stored(what: str) -> object:
        rows = database(
            product,
            f"SELECT {what} FROM message AS m LEFT JOIN message_generation AS g ON g.message_id = m.id"
            " WHERE m.conversation_id = %s ORDER BY m.id DESC LIMIT 1",
            conversation,
        )  # fmt: skip
        return rows[0][0]

    # On a branch, which one must still look at in the end.
    tab.locator(QUESTION).hover()
    tab.get_by_test_id("message-edit").click()
    tab.get_by_test_id("message-edit-field").fill("[[tokens=240 rate=40 hold_every=80]] In other words")
    tab.evaluate(WATCH)
    tab.get_by_test_id("message-edit-save").click()
    expect(tab.locator(STREAMING).get_by_test_id("message-text")).to_contain_text("what remains")
    relay.cut()
    tab.get_by_test_id("chat-input").fill("Still here")
    length = len(words(tab.locator(STREAMING).get_by_test_id("message-text").inner_text()))
    product.provider.go_on()
    if is_long:
        product.provider.go_on()
        wait_until(lambda: stored("m.status") == "done", "the end")
    else:
        wait_until(lambda: (stored("coalesce(length(g.text), 0)") or 0) > length + 100)  # pyright: ignore[reportOperatorIssue]
    expect(tab.locator(STREAMING)).to_be_visible()  # What was there stays.
    relay.mend()
    if not is_long:
        tab.wait_for_function(HAS_GROWN, arg=length + 120)
        product.provider.go_on()
    expect(tab.locator(f"{ANSWER}[data-status=done]")).to_have_count(1)
    expect(tab.locator(STREAMING)).to_have_count(0)
    whole = words(str(stored("m.parts->-1->>'text'")))
    assert words(tab.locator(ANSWER).get_by_test_id("message-text").inner_text()) == whole
    seen = [words(text) for text in tab.evaluate("window.seen")]
    assert len(seen) > 5
    assert [text for text in seen if not whole.startswith(text)] == []
    expect(tab.get_by_test_id("branch-count")).to_have_text("2/2")
    expect(tab.locator(QUESTION)).to_have_count(1)
    expect(tab.get_by_test_id("chat-input")).to_have_value("Still here")
    assert database(product, "SELECT count(*) FROM message WHERE conversation_id = %s", conversation) == [(4,)]


def test_words_that_are_being_changed_outlive_the_network(tab: Page, relay: Relay) -> None:
    ask(tab, "[[text=Fine]] Once")
    answer(tab)
    tab.locator(QUESTION).hover()
    tab.get_by_test_id("message-edit").click()
    tab.get_by_test_id("message-edit-field").fill("[[text=Better]] Half of my wor")
    relay.cut()
    expect(tab.get_by_test_id("connection-banner")).to_be_attached()
    relay.mend()
    expect(tab.get_by_test_id("connection-banner")).to_have_count(0)
    tab.wait_for_load_state("networkidle")
    expect(tab.get_by_test_id("message-edit-field")).to_have_value("[[text=Better]] Half of my wor")
    tab.get_by_test_id("message-edit-save").click()
    expect(tab.locator(ANSWER).get_by_test_id("message-text")).to_have_text("Better")
    expect(tab.get_by_test_id("message-edit-field")).to_have_count(0)
    tab.get_by_test_id("branch-prev").click()
    expect(tab.locator(ANSWER).get_by_test_id("message-text")).to_have_text("Fine")
    expect(tab.get_by_test_id("message-edit-field")).to_have_count(0)


def test_what_a_tab_has_open_outlives_a_line_that_the_server_thinks_is_still_there(tab: Page, relay: Relay) -> None:
    """As when a laptop goes from one network to another: nothing tells the server that the line before is dead."""
    tab.goto("/knowledge/tags")
    tab.get_by_test_id("tag-new").click()
    tab.get_by_test_id("tag-name").fill("Weasels")
    tab.get_by_test_id("tag-save").click()
    row = tab.locator('[data-testid=tag-row][data-name="Weasels"]')
    row.get_by_test_id("tag-menu").click()
    tab.get_by_test_id("tag-rules").click()
    tab.get_by_test_id("rule-new").click()
    tab.get_by_test_id("rule-words").fill("weasel sleeps")
    expect(tab.get_by_test_id("rule-preview")).to_contain_text("0 documents")
    for _ in range(2):
        relay.cut()
        expect(tab.get_by_test_id("connection-banner")).to_be_attached()
        relay.mend()
        expect(tab.get_by_test_id("connection-banner")).to_have_count(0)
        tab.wait_for_load_state("networkidle")
    tab.get_by_test_id("rule-keep").click()
    expect(tab.get_by_test_id("rule-row")).to_contain_text("weasel sleeps")


def test_scripts_fetched_ahead_that_do_not_come_take_nothing_away(tab: Page) -> None:
    refused: list[str] = []

    def refuse(route: Route) -> None:
        refused.append(route.request.url)
        route.abort("connectionreset")

    tab.route("**/assets/_knowledge_*.js", refuse)
    tab.reload()
    tab.evaluate("window.isStill = true")
    tab.get_by_test_id("chat-input").fill("Half of my wor")
    wait_until(lambda: bool(tab.wait_for_timeout(50) or refused))
    tab.wait_for_timeout(500)
    assert tab.evaluate("window.isStill")
    tab.unroute("**/assets/_knowledge_*.js")
    tab.get_by_role("navigation", name="Pages").get_by_role("link", name="Knowledge").click()
    expect(tab.get_by_role("heading", name="Knowledge", level=1)).to_be_visible()


def test_a_question_is_changed_while_it_is_answered(page: Page) -> None:
    ask(page, "[[tokens=60 stall_after=30]] Slowly")
    expect(page.locator(STREAMING).get_by_test_id("message-text")).to_contain_text("what remains")
    page.locator(QUESTION).hover()
    page.get_by_test_id("message-edit").click()
    page.get_by_test_id("message-edit-field").fill("[[text=Quickly]] Faster")
    page.get_by_test_id("message-edit-save").dblclick()
    expect(page.locator(ANSWER).get_by_test_id("message-text")).to_have_text("Quickly")
    expect(page.get_by_test_id("branch-count")).to_have_text("2/2")
    page.get_by_test_id("branch-prev").click()
    answer(page, "stopped")
    expect(page.locator(ANSWER)).to_contain_text("what remains")


def test_a_conversation_that_is_deleted_elsewhere_says_so(page: Page, context: BrowserContext) -> None:
    ask(page, "[[tokens=60 stall_after=30]] Slowly")
    expect(page.locator(STREAMING).get_by_test_id("message-text")).not_to_be_empty()
    expect(page).to_have_url(re.compile(r"/chat/.{36}$"))
    elsewhere = context.new_page()
    elsewhere.goto("/chat")
    line = elsewhere.locator(f"[data-conversation-id='{page.url[-36:]}']")
    line.hover()
    line.get_by_test_id("conversation-menu").click()
    elsewhere.get_by_test_id("conversation-delete").click()
    elsewhere.get_by_test_id("conversation-undo").hover()  # It stays as long as somebody points at it.
    gone = page.get_by_text("This conversation was deleted, or you have no access to it any more.")
    expect(gone).to_be_visible()
    expect(page.get_by_test_id("chat-input")).to_have_count(0)
    elsewhere.get_by_test_id("conversation-undo").click()
    expect(gone).to_have_count(0)
    answer(page, "stopped")
    page.get_by_test_id("new-chat").click()
    expect(page.locator(".welcome")).to_be_visible()
    ask(page, "[[text=Fine]] Quietly")
    answer(page)
    elsewhere.locator(f"[data-conversation-id='{page.url[-36:]}']").hover()
    elsewhere.locator(f"[data-conversation-id='{page.url[-36:]}']").get_by_test_id("conversation-menu").click()
    elsewhere.get_by_test_id("conversation-delete").click()
    expect(gone).to_be_visible()
