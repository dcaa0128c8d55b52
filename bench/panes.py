"""Four chats in one window, all of them being answered at once."""

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
            runs = [_run(page, product, f"{text}\n[[rate={RATE} echo]]") for _ in range(RUNS)]
            longest = max((task for run in runs for task in run), default=0)
            yield Figure(
                f"{PANES} panes, {RATE} tokens/s each, {name}: longest task",
                f"{longest:.0f} ms",
                f"≤ {MOST_MILLISECONDS} ms",
                f"{RUNS} runs of {PANES} × {TOKENS} tokens, {sum(map(len, runs))} tasks ≥ 50 ms; 0: none",
            )


def _run(page: Page, product: Product, question: str) -> list[float]:
    """Milliseconds of each long task from the first words of all panes to the last of one."""
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
    page.evaluate(_WATCH)
    wait_until(page, _DONE)
    tasks: Any = page.evaluate(_TASKS)
    return [float(task) for task in tasks]
