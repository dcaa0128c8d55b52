"""A real browser in front of the product, and the script that notes what is painted when."""

import time
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from bench.product import BenchError, Product

PATIENCE_SECONDS = 60
LOOK_MILLISECONDS = 50
INPUT = "[data-testid=chat-input]"
SIGN = "№"
"""Stands before the number of each word of an answer, so that the script finds how far the painted text is."""

# Times are milliseconds of the wall clock, the one that the provider notes; a paint counts when its frame is done.
SCRIPT = """
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const bench = (window.bench = { usable: null, sent: null, before: 0, painted: [], longest: 0 });
  const answers = () => document.querySelectorAll("article[data-role=assistant] [data-testid=message-text]");
  const look = () => {
    const field = document.querySelector("[data-testid=chat-input]");
    const sign = location.pathname === "/chat" ? ".welcome" : "article[data-role=assistant]";
    const isLoaded = document.querySelector(sign);
    if (field && document.activeElement === field && isLoaded) bench.usable = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    Object.assign(bench, { sent: now(), before: answers().length, painted: [], longest: 0 });
  }, true);
  let pending = false;
  const after = new MessageChannel();
  after.port1.onmessage = ({ data }) => { pending = false; bench.painted.push([now(), data]); };
  const read = () => {
    const all = answers();
    const text = all.length > bench.before ? all[all.length - 1].textContent : "";
    const place = text.lastIndexOf("SIGN");
    if (place < 0) pending = false;
    else after.port2.postMessage(parseInt(text.slice(place + 1), 10));
  };
  new MutationObserver(() => {
    if (bench.sent === null || pending) return;
    pending = true;
    requestAnimationFrame(read);
  }).observe(document, { subtree: true, childList: true, characterData: true });
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) {
      if (performance.timeOrigin + task.startTime >= bench.sent) bench.longest = Math.max(bench.longest, task.duration);
    }
  }).observe({ type: "longtask" });
})();
""".replace("SIGN", SIGN)


def new_context(browser: Browser, product: Product) -> BrowserContext:
    """A fresh profile in which the owner is signed in; nothing is cached."""
    context = browser.new_context(locale="en-US")
    name, _, token = product.owner_cookie.partition("=")
    context.add_cookies([{"name": name, "value": token, "url": product.address}])
    context.add_init_script(SCRIPT)
    return context


def wait_until_usable(page: Page) -> float:
    """Milliseconds from the start of the navigation until one can write, with what the server knows shown."""
    return wait_until(page, "window.bench.usable")


def wait_until(page: Page, expression: str, seconds: float = PATIENCE_SECONDS) -> Any:  # noqa: ANN401  # Whatever it is.
    """The value of an expression as soon as it is true. Asked from outside, as pages forbid `eval` within."""
    end = time.monotonic() + seconds
    while not (value := page.evaluate(expression)):
        if time.monotonic() > end:
            raise BenchError(f"The page never came to {expression}.")
        page.wait_for_timeout(LOOK_MILLISECONDS)
    return value
