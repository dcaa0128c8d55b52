"""Four chats in one window, all of them being answered at once."""

import json
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page

from bench.browser import new_context, wait_until
from bench.figures import Figure
from bench.product import Product, founded_product, running_provider
from bench.stream import markdown_words, plain_words
from deploy.browser import open_browser

PANES = 4
RATE = 50
TOKENS = 400
RUNS = 3
SETTLE_MILLISECONDS = 3000
MOST_MILLISECONDS = 100
# Frames of one origin share their window's thread, and its observer hears of their long tasks as well.
_WATCH = """() => {
  window.tasks = [];
  const watch = (list) => window.tasks.push(...list.getEntries().map((task) => task.duration));
  window.watcher = new PerformanceObserver(watch);
  window.watcher.observe({ type: "longtask" });
}"""
_TASKS = "() => { window.watcher.disconnect(); return window.tasks; }"
_FRAMES = "[...document.querySelectorAll('iframe')].map((frame) => frame.contentDocument)"
_READY = f"{_FRAMES}.filter((page) => page?.querySelector('.welcome')).length === {PANES}"
_DONE = f"{_FRAMES}.filter((page) => page.querySelector('article[data-status=done]')).length === {PANES}"
_STREAMING = f"{_FRAMES}.filter((page) => page.querySelector('article[data-status=streaming]')).length === {PANES}"


def measure() -> Iterator[Figure]:
    """Long tasks of the one thread that draws all of them, while four answers come."""
    with running_provider() as provider, founded_product(provider) as product, open_browser() as browser:
        page = new_context(browser, product).new_page()
        page.set_viewport_size({"width": 1600, "height": 900})
        for name, text in (("plain", plain_words(TOKENS)), ("Markdown", markdown_words(TOKENS))):
            question = f"{text}\n[[rate={RATE} echo]]"
            runs = [_long_tasks(page, product, question) for _ in range(RUNS)]
            longest = max((task for run in runs for task in run), default=0)
            wanted, what = f"≤ {MOST_MILLISECONDS} ms", f"{PANES} panes, {RATE} tokens/s each, {name}: longest task"
            conditions = f"{RUNS} runs of {PANES} × {TOKENS} tokens, {sum(map(len, runs))} tasks ≥ 50 ms; 0: none"
            yield Figure(what, f"{longest:.0f} ms", wanted, conditions)
            # A busy machine lets a task stand still; what it takes of a processor is the page's own doing.
            processor = _most_processor(page, product, question)
            yield Figure(f"{what}, processor time", f"{processor:.0f} ms", wanted, "one run more, traced")


def _long_tasks(page: Page, product: Product, question: str) -> list[float]:
    """Milliseconds of each, from the first words in all panes to the last."""
    _begin(page, product, question)
    page.evaluate(_WATCH)
    wait_until(page, _DONE)
    tasks: Any = page.evaluate(_TASKS)
    return [float(task) for task in tasks]


def _most_processor(page: Page, product: Product, question: str) -> float:
    """Milliseconds of processor time of the greediest task of the page's thread."""
    _begin(page, product, question)
    browser = page.context.browser
    assert browser is not None
    browser.start_tracing(page=page, categories=["disabled-by-default-devtools.timeline"])
    wait_until(page, _DONE)
    events: list[dict[str, Any]] = json.loads(browser.stop_tracing())["traceEvents"]
    names = [event for event in events if event.get("name") == "thread_name"]
    mains = {(each["pid"], each["tid"]) for each in names if each["args"]["name"] == "CrRendererMain"}
    tasks = [event for event in events if event.get("name") == "RunTask" and (event["pid"], event["tid"]) in mains]
    return max(float(task.get("tdur", 0)) for task in tasks) / 1000


def _begin(page: Page, product: Product, question: str) -> None:
    """Four new chats are asked the same, and all of them are being answered."""
    page.goto(f"{product.address}/chat")
    page.evaluate("localStorage.clear()")
    page.goto(f"{product.address}/side")
    page.get_by_test_id("pane").nth(1).wait_for()
    for _ in range(PANES - 2):
        page.get_by_test_id("pane-add").click()
    wait_until(page, _READY)
    page.get_by_test_id("pane-together").check()
    page.wait_for_timeout(SETTLE_MILLISECONDS)  # The last of them still loads what comes late.
    field = page.get_by_test_id("pane").first.frame_locator("iframe").get_by_test_id("chat-input")
    field.fill(question)
    field.press("Enter")
    wait_until(page, _STREAMING)
