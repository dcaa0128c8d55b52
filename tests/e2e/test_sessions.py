"""A person's devices, keys and time: what is ended closes at once, and nobody is signed out without a word."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import LiteralString

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from convosphere.launch.postgres import addresses_of
from tests.e2e.attackers import PASSWORD, join
from tests.e2e.conftest import Product
from tests.e2e.raw_tab import raw_tabs
from tests.e2e.test_entry import sign_in

EMAIL = "dora@example.org"
Opener = Callable[[], BrowserContext]


@pytest.fixture(scope="module")
def dora(product: Product, owner_cookies: list[dict[str, object]]) -> str:
    """A member of her own, whose sessions no other test needs."""
    [owner] = [item for item in owner_cookies if str(item["name"]).startswith("session_")]
    with raw_tabs(product.url) as tabs:
        join(product, tabs, f"{owner['name']}={owner['value']}", "Dora")
    return EMAIL


@contextmanager
def signed_in(browser: Browser, product: Product, email: str) -> Iterator[Page]:
    """Another browser in which somebody has just signed in."""
    context = browser.new_context(locale="en-US", base_url=product.url, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    sign_in(page, email, PASSWORD)
    yield page
    context.close()


def change(product: Product, assignment: LiteralString) -> None:
    with psycopg.connect(addresses_of(product.data).superuser_url, autocommit=True) as connection:
        connection.execute(
            "UPDATE web_session SET " + assignment + " WHERE account_id = (SELECT id FROM account WHERE email = %s)",
            (EMAIL,),
        )


def test_ending_a_session_closes_its_tabs_at_once(browser: Browser, product: Product, dora: str) -> None:
    with signed_in(browser, product, dora) as here, signed_in(browser, product, dora) as there:
        here.goto("/account/security")
        rows = here.get_by_test_id("session-row")
        expect(rows.first).to_have_attribute("data-this", "true")
        expect(rows.first).to_contain_text("Chrome")
        count = rows.count()
        assert count >= 2
        here.get_by_test_id("session-end").first.click()
        expect(there.get_by_test_id("login-email")).to_be_visible()
        expect(rows).to_have_count(count - 1)
        with signed_in(browser, product, dora) as third:
            here.reload()
            expect(rows).to_have_count(count)  # Before it is alive, what is clicked is lost.
            here.get_by_test_id("sessions-end-all").click()
            here.get_by_test_id("sessions-end-all-confirm").click()
            expect(third.get_by_test_id("login-email")).to_be_visible()
            expect(rows).to_have_count(1)


def test_a_key_asks_who_it_is_and_is_then_made_by_itself(browser: Browser, product: Product, dora: str) -> None:
    with signed_in(browser, product, dora) as page:
        change(product, "authenticated_at = now() - interval '1 hour'")
        page.goto("/account/security")
        page.get_by_test_id("key-new").click()
        page.get_by_test_id("key-name").fill("Backup robot")
        page.locator("[data-scope='document:read']").check()
        before = cookie_of(page)
        page.get_by_test_id("key-create").click()
        page.get_by_test_id("reauth-password").fill("not the password")
        page.get_by_test_id("reauth-submit").click()
        expect(page.get_by_test_id("reauth-error")).to_contain_text("not right")
        page.get_by_test_id("reauth-password").fill(PASSWORD)
        page.get_by_test_id("reauth-submit").click()
        expect(page.get_by_test_id("key-value")).to_be_visible()
        key = page.get_by_test_id("key-value").input_value()
        assert cookie_of(page) != before
        answer = httpx.get(f"{product.url}/api/me", headers={"authorization": f"Bearer {key}"}, timeout=60)
        assert (answer.status_code, answer.json()["email"]) == (200, EMAIL)
        connect_anew(page)
        expect(page.get_by_test_id("key-row")).to_contain_text("Last used")
        assert page.get_by_test_id("key-value").input_value() == key

        page.reload()
        expect(page.get_by_test_id("key-row")).to_contain_text("Backup robot")
        expect(page.get_by_test_id("key-value")).to_have_count(0)
        assert key not in page.content()
        page.get_by_test_id("key-revoke").click()
        page.get_by_test_id("key-revoke-confirm").click()
        expect(page.get_by_test_id("key-row")).to_have_count(0)
        answer = httpx.get(f"{product.url}/api/me", headers={"authorization": f"Bearer {key}"}, timeout=60)
        assert answer.status_code == 401


def connect_anew(page: Page) -> None:
    """As after a break of the network: the page loads its State again."""
    page.evaluate("window.dispatchEvent(new Event('pagehide')); document.dispatchEvent(new Event('visibilitychange'))")


def cookie_of(page: Page) -> list[dict[str, object]]:
    cookies = [dict(cookie) for cookie in page.context.cookies()]
    return [cookie for cookie in cookies if str(cookie["name"]).startswith("session_")]


def test_a_warning_comes_before_the_end_and_a_press_prolongs(browser: Browser, product: Product, dora: str) -> None:
    with signed_in(browser, product, dora) as page:
        page.get_by_test_id("chat-input").fill("Half a thought")
        change(product, "last_seen_at = now() - interval '7 days' + interval '115 seconds'")
        page.reload()
        expect(page.get_by_test_id("session-warning")).to_contain_text("1:")
        page.get_by_test_id("session-stay").click()
        expect(page.get_by_test_id("session-warning")).not_to_be_visible()
        expect(page.get_by_test_id("chat-input")).to_have_value("Half a thought")
        change(product, "last_seen_at = now() - interval '7 days' + interval '20 seconds'")
        page.reload()
        expect(page.get_by_test_id("session-warning")).to_be_visible()
        expect(page.get_by_test_id("login-email")).to_be_visible()
        sign_in(page, EMAIL, PASSWORD)
        expect(page.get_by_test_id("chat-input")).to_have_value("Half a thought")


def test_after_many_tries_the_page_counts_down(context: BrowserContext, owner_cookies: object) -> None:
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_test_id("login-email").fill("nobody@example.org")
    for _ in range(26):  # Slow tries are counted for longer, and there may be 25 of them.
        page.get_by_test_id("login-password").fill("x" * 130)
        with page.expect_response("**/auth/sign-in") as said:
            page.get_by_test_id("login-submit").click()
        if said.value.status == 429:
            break
    error = page.get_by_test_id("login-error")
    expect(error).to_contain_text("Too many attempts")
    first = error.inner_text()
    expect(page.get_by_test_id("login-submit")).to_be_disabled()
    expect(error).not_to_have_text(first)
