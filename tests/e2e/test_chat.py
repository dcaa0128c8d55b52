"""A chat as people use it."""

import re

from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

from tests.e2e.conftest import Product, ask

ANSWER = "[data-testid=message][data-role=assistant]"


def answer(page: Page, status: str = "done") -> None:
    expect(page.locator(ANSWER).last).to_have_attribute("data-status", status)


def choose(page: Page, model: str) -> None:
    page.get_by_test_id("chat-model").click()
    page.locator(f"[data-testid=model-option][data-model='{model}']").click()


def test_an_answer_streams_and_stays(page: Page, product: Product) -> None:
    ask(page, "[[tokens=60 hold_every=30 markdown]] Tell me")
    expect(page.get_by_test_id("chat-stop")).to_be_visible()
    expect(page.locator(f"{ANSWER}[data-status=streaming]").get_by_test_id("message-text")).not_to_be_empty()
    product.provider.go_on()
    answer(page)
    expect(page).to_have_url(re.compile(r"/chat/[0-9a-f-]{36}$"))
    # Mathematics is set by a part that the page loads when it first needs it.
    expect(page.locator(ANSWER).last.locator(".katex")).to_be_visible()
    text = page.locator(ANSWER).last.get_by_test_id("message-text").inner_text()
    page.reload()
    answer(page)
    expect(page.locator(ANSWER).last.get_by_test_id("message-text")).to_have_text(text, use_inner_text=True)
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
    ask(page, "[[tokens=60 stall_after=30]] Slowly")
    expect(page.locator(ANSWER).last.get_by_test_id("message-text")).not_to_be_empty()
    page.get_by_test_id("chat-stop").click()
    answer(page, "stopped")
    expect(page.locator(ANSWER).last.get_by_test_id("message-text")).not_to_be_empty()
    expect(page.get_by_test_id("chat-send")).to_be_visible()


def test_a_reload_in_the_middle_loses_nothing(page: Page, product: Product) -> None:
    ask(page, "[[tokens=40 hold_every=20]] Slowly")
    expect(page).to_have_url(re.compile(r"/chat/.{36}$"))
    expect(page.locator(ANSWER).last.get_by_test_id("message-text")).not_to_be_empty()
    before = page.locator(ANSWER).last.get_by_test_id("message-text").inner_text()
    page.reload()
    expect(page.locator(f"{ANSWER}[data-status=streaming]").get_by_test_id("message-text")).to_contain_text(before[:10])
    product.provider.go_on()
    answer(page)


def test_two_tabs_see_the_same_answer(page: Page, context: BrowserContext, product: Product) -> None:
    ask(page, "[[tokens=40 hold_every=20]] Slowly")
    expect(page).to_have_url(re.compile(r"/chat/.{36}$"))
    second = context.new_page()
    second.goto(page.url)
    expect(second.locator(f"{ANSWER}[data-status=streaming]")).to_be_visible()
    product.provider.go_on()
    answer(page)
    answer(second)
    text = page.locator(ANSWER).last.get_by_test_id("message-text").inner_text()
    expect(second.locator(ANSWER).last.get_by_test_id("message-text")).to_have_text(text, use_inner_text=True)


def test_what_one_tab_asks_the_other_shows(page: Page, context: BrowserContext, product: Product) -> None:
    ask(page, "[[text=Fine]] The first")
    answer(page)
    second = context.new_page()
    second.goto(page.url)
    expect(second.locator(ANSWER)).to_have_count(1)
    ask(page, "[[tokens=40 hold_every=20]] The second")
    expect(second.locator(f"{ANSWER}[data-status=streaming]")).to_be_visible()
    expect(second.locator("[data-testid=message][data-role=user]").last).to_contain_text("The second")
    product.provider.go_on()
    answer(page)
    answer(second)
    for tab in (page, second):
        expect(tab.locator("[data-testid=message]")).to_have_count(4)


def test_an_error_says_what_happened_and_offers_a_retry(page: Page) -> None:
    # One that answers nothing else here: it rests for a while after its failure.
    choose(page, "test-markdown")
    ask(page, "[[tokens=50 cut_after=5 model=test-markdown]] Break off")
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
    expect(page).to_have_url(re.compile(r"/chat/?$"))
    expect(page.locator(ANSWER)).to_have_count(0)
    page.get_by_test_id("conversation-undo").click()
    expect(same).to_have_count(1)


def test_the_end_is_followed_only_from_the_end(page: Page, product: Product) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    ask(page, "[[tokens=600 rate=300 hold_every=300 markdown]] A lot")
    view = page.locator(".transcript-view")
    expect(page.get_by_test_id("jump-down")).to_have_count(0)
    page.wait_for_function("() => document.querySelector('.transcript-view').scrollTop > 200")
    view.hover()
    page.mouse.wheel(0, -20_000)
    expect(page.get_by_test_id("jump-down")).to_be_visible()
    page.wait_for_function("() => document.querySelector('.transcript-view').scrollTop === 0")
    height = view.evaluate("view => view.scrollHeight")
    product.provider.go_on()
    answer(page)
    page.wait_for_function("height => document.querySelector('.transcript-view').scrollHeight > height", arg=height)
    assert view.evaluate("view => view.scrollTop") < 5
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
    expect(text.locator("a[href='https://evil.example/']")).to_be_visible()
    assert text.locator("img, script, iframe").count() == 0
    assert text.locator("a[href^='javascript']").count() == 0
    assert fired == []


def test_the_model_can_be_chosen(page: Page) -> None:
    choose(page, "test-curious")
    ask(page, "Say this")
    answer(page)
    expect(page.locator(ANSWER).last).to_contain_text("Which owls hunt by day?")
    page.reload()
    expect(page.get_by_test_id("chat-model")).to_contain_text("test-curious")


def test_an_answer_flows_only_into_its_own_conversation(page: Page) -> None:
    ask(page, "[[tokens=60 stall_after=30]] Slowly")
    expect(page.locator(f"{ANSWER}[data-status=streaming]")).to_be_visible()
    item = page.locator("[data-testid=conversation-item][data-current=true] a")
    address = item.get_attribute("href")
    page.get_by_test_id("new-chat").click()
    expect(page.locator(ANSWER)).to_have_count(0)
    page.evaluate(
        """address => {
            document.querySelector(`[data-testid=conversation-item] a[href="${address}"]`).click();
            document.querySelector("[data-testid=new-chat]").click();
        }""",
        address,
    )
    expect(page).to_have_url(re.compile(r"/chat/?$"))
    page.wait_for_timeout(1_000)
    expect(page.locator(ANSWER)).to_have_count(0)
    page.locator(f"[data-testid=conversation-item] a[href='{address}']").click()
    expect(page.locator(f"{ANSWER}[data-status=streaming]")).to_be_visible()
    page.get_by_test_id("chat-stop").click()
    answer(page, "stopped")


def test_a_message_of_a_megabyte_is_refused_and_kept(page: Page) -> None:
    field = page.get_by_test_id("chat-input")
    field.fill("word " * 250_000)
    field.press("Enter")
    expect(page.get_by_test_id("composer-told")).to_contain_text("1,049,999 characters too many")
    expect(field).to_have_js_property("textLength", 1_250_000)
    field.fill("")


def test_what_is_written_while_a_question_is_taken_stays(page: Page) -> None:
    page.get_by_test_id("chat-input").fill("What is sent earlier waits, unless it is changed")
    expect(page.get_by_test_id("chat-send")).to_be_enabled()
    page.evaluate(
        """() => {
            const field = document.querySelector("[data-testid=chat-input]");
            const write = (text) => {
                Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(field, text);
                field.dispatchEvent(new Event("input", { bubbles: true }));
            };
            write("[[text=Fine]] The first");
            field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
            write("The next");
        }"""
    )
    answer(page)
    expect(page).to_have_url(re.compile(r"/chat/.{36}$"))
    expect(page.get_by_test_id("chat-input")).to_have_value("The next")
    page.reload()
    expect(page.get_by_test_id("chat-input")).to_have_value("The next")
    page.get_by_test_id("new-chat").click()
    expect(page.get_by_test_id("chat-input")).to_have_value("")


def test_the_list_goes_on_after_the_connection_was_lost(page: Page, context: BrowserContext) -> None:
    """The other tab changes the list while this one is away, which ends what follows it, and once more afterwards."""
    sockets: list[WebSocketRoute] = []
    away = False

    def connect(socket: WebSocketRoute) -> None:
        if away:
            socket.close()
        else:
            socket.connect_to_server()
            sockets.append(socket)

    ask(page, "[[text=Fine]] Before")
    answer(page)
    tab = context.new_page()
    tab.route_web_socket(re.compile("/_event"), connect)
    tab.goto("/chat")
    expect(tab.get_by_test_id("conversation-item").first).to_be_visible()
    away = True
    sockets.pop().close()
    page.get_by_test_id("new-chat").click()
    expect(page.locator(ANSWER)).to_have_count(0)
    ask(page, "[[text=Fine]] While you were away")
    answer(page)
    expect(page).to_have_url(re.compile(r"/chat/.{36}$"))
    page.wait_for_timeout(500)
    away = False
    latest = tab.get_by_test_id("conversation-item").first
    expect(latest).to_have_attribute("data-conversation-id", page.url[-36:])
    page.get_by_test_id("new-chat").click()
    expect(page.locator(ANSWER)).to_have_count(0)
    ask(page, "[[text=Fine]] Since you are back")
    expect(page).to_have_url(re.compile(r"/chat/.{36}$"))
    expect(latest).to_have_attribute("data-conversation-id", page.url[-36:])
    tab.close()
