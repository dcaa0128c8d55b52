"""Keys that hold on every page, each with what is seen after it."""

from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import Product, ask
from tests.e2e.test_chat import ANSWER
from tests.e2e.test_rendering import plant

FIELD = "[data-testid=chat-input]"
LINE = "[data-testid=conversation-item] a"
PANE = "[data-testid=pane]"
BAR = "[data-testid=conversations-bar]"
CODE = 'print("owl")\nprint("mouse")'
SAID = f"Two lines:\n\n```python\n{CODE}\n```\n\nThat is **all**."

KEYS = (
    # Where one stands, what is pressed, and what is there then.
    (LINE, "Shift+Escape", f"{FIELD}:focus"),
    (FIELD, "Control+Shift+KeyS", "html[data-sidebar=narrow]"),
    (FIELD, "Control+Shift+KeyS", "html[data-sidebar=wide]"),
    (FIELD, "Control+Shift+KeyF", "dialog[open][aria-label='Search in all chats']"),
    ("dialog input", "Escape", f"body:not(:has(dialog)) {FIELD}:focus"),
    (LINE, "?", "[role=dialog] [data-testid=key-change][data-shortcut-id=copy-code]"),
    ("[data-testid=keys-on]", "Escape", "body:not(:has([role=dialog]))"),
    (LINE, "x", BAR),
    (LINE, "Escape", f"body:not(:has({BAR}))"),
    (FIELD, "Control+Period", "[data-testid=profile-name]"),
    (LINE, "Control+Shift+KeyO", ".welcome"),
    (FIELD, "Control+Shift+KeyE", f"{PANE} ~ {PANE}"),
    (LINE, "Control+Shift+KeyE", f"{PANE} ~ {PANE} ~ {PANE}"),
    (LINE, "Shift+F6", f"{PANE} ~ {PANE}[data-focused=true]:has(~ {PANE})"),
)

IS_COPIED = "async (text) => await navigator.clipboard.readText() === text"


def test_each_key_does_what_the_list_of_keys_says(page: Page, product: Product) -> None:
    conversation, _ = plant(product, ["Write", SAID])
    page.goto(f"/chat/{conversation}")
    expect(page.locator(FIELD)).to_be_focused()
    for place, keys, seen in KEYS:
        page.locator(place).first.press(keys)
        expect(page.locator(seen).first, f"{keys} → {seen}").to_be_attached()


def test_answers_and_code_are_copied_by_keys(page: Page, context: BrowserContext, product: Product) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    conversation, _ = plant(product, ["Hello", "Good day", "Write", SAID])
    page.goto(f"/chat/{conversation}")
    expect(page.locator(ANSWER)).to_have_count(2)
    field = page.locator(FIELD)
    field.press("Control+Shift+KeyC")
    page.wait_for_function(IS_COPIED, arg=SAID)
    field.press("Control+Shift+Semicolon")
    page.wait_for_function(IS_COPIED, arg=CODE)
    page.get_by_test_id("message-copy").first.click()
    page.wait_for_function(IS_COPIED, arg="Hello")
    page.get_by_test_id("code-copy").click()
    page.wait_for_function(IS_COPIED, arg=CODE)
    # The last answer, not the question that waits for one.
    ask(page, "[[tokens=60 stall_after=30]] Slowly")
    expect(page.locator(f"{ANSWER}[data-status=streaming]").get_by_test_id("message-text")).not_to_be_empty()
    field.press("Control+Shift+KeyC")
    page.wait_for_function(IS_COPIED, arg=SAID)
    field.press("Escape")
    expect(page.locator(f"{ANSWER}[data-status=stopped]")).to_have_count(1)
