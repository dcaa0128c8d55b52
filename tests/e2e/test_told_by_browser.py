"""Notifications of the browser: only once somebody has asked for them, and only while they look elsewhere."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import ask
from tests.e2e.test_chat import ANSWER

# The browser of the tests has no desktop to show them on.
BROWSER = """
    window.Notification = class {
      static permission = sessionStorage.getItem("asked") ?? "default";
      static async requestPermission() {
        sessionStorage.setItem("asked", "granted");
        Notification.permission = "granted";
        return "granted";
      }
      constructor(title, { body, tag }) {
        const { dataset } = document.documentElement; // Documents of other tests may be told of as well.
        dataset.told = `${dataset.told ?? ""}${body} ${tag}; `;
      }
      close() {}
    };
    document.hasFocus = () => sessionStorage.getItem("away") === null;
    Object.defineProperty(document, "hidden", { get: () => !document.hasFocus() });
"""
IS_TITLE = "(mark) => document.title === `${mark}${document.querySelector('h1').innerText} · ConvoSphere`"
LOOK = "() => { sessionStorage.removeItem('away'); document.dispatchEvent(new Event('visibilitychange')); }"


def test_the_browser_tells_who_asked_for_it_and_looks_elsewhere(page: Page) -> None:
    page.add_init_script(BROWSER)
    page.goto("/account/notifications")
    switch = page.get_by_test_id("browser-notifications")
    expect(switch).to_have_attribute("data-state", "off")
    switch.get_by_role("button").click()
    expect(switch).to_have_attribute("data-state", "on")
    page.goto("/chat")
    ask(page, "[[text=Here]] Watched?")
    expect(page.locator(f"{ANSWER}[data-status=done]")).to_have_count(1)
    expect(page.locator("html")).not_to_have_attribute("data-told", re.compile("."))
    page.evaluate("() => sessionStorage.setItem('away', 'yes')")
    ask(page, "[[text=There]] And now?")
    expect(page.locator("html")).to_have_attribute("data-told", re.compile("The answer is ready. /chat/[0-9a-f-]{36};"))
    page.wait_for_function(IS_TITLE, arg="● ")
    page.evaluate(LOOK)
    page.wait_for_function(IS_TITLE, arg="")
    page.get_by_test_id("new-chat").click()
    expect(page).to_have_title("Chat · ConvoSphere")
