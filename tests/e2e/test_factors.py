"""Second factors and passkeys in a real browser, whose own virtual authenticator stands for a device."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import LiteralString
from uuid import uuid4

import psycopg
import pytest
from nacl.pwhash import argon2id
from playwright.sync_api import Browser, Page, expect
from pyotp.totp import TOTP

from convosphere.launch.postgres import addresses_of
from tests.e2e.conftest import Product
from tests.e2e.devices import Device

PASSWORD = "correct horse battery"
NEW_PASSWORD = "battery staple horse"


@dataclass
class Somebody:
    """A person of the team with a password, at a browser of their own."""

    page: Page
    email: str

    def enter(self) -> None:
        """Sign in by password, as far as that goes."""
        self.page.goto("/sign-in")
        self.page.get_by_test_id("login-email").fill(self.email)
        self.page.get_by_test_id("login-password").fill(PASSWORD)
        self.page.get_by_test_id("login-submit").click()

    def leave(self) -> None:
        """Be signed out in this browser."""
        self.page.context.clear_cookies()
        self.page.goto("/sign-in")

    def is_in(self) -> None:
        """Signed in."""
        expect(self.page.get_by_test_id("chat-input")).to_be_visible()

    def add_app(self) -> str:
        """Set up an app for one-time codes; gives one of the recovery codes."""
        page = self.page
        page.get_by_test_id("totp-start").click()
        expect(page.get_by_test_id("totp-picture")).to_be_visible()
        app = TOTP(page.get_by_test_id("totp-secret").get_attribute("data-secret") or "")
        page.get_by_test_id("totp-code").fill("000000")
        page.get_by_test_id("totp-confirm").click()
        expect(page.get_by_test_id("totp-error")).to_be_visible()
        page.get_by_test_id("totp-code").fill(app.now())
        page.get_by_test_id("totp-confirm").click()
        expect(page.get_by_test_id("recovery-code")).to_have_count(10)
        code = page.get_by_test_id("recovery-code").first.inner_text()
        page.get_by_test_id("recovery-done").click()
        expect(page.get_by_test_id("totp-row")).to_be_visible()
        return code


Come = Callable[..., Somebody]


@pytest.fixture
def come(browser: Browser, product: Product, owner_cookies: list[dict[str, object]]) -> Iterator[Come]:
    """Makes people and signs them in."""
    with ExitStack() as stack:

        def make(role: str = "member", locale: str = "en") -> Somebody:
            context = browser.new_context(locale=locale, base_url=product.url, viewport={"width": 1280, "height": 900})
            stack.callback(context.close)
            somebody = Somebody(context.new_page(), f"{uuid4().hex[:8]}@example.org")
            _add_account(product, somebody.email, role, locale)
            somebody.enter()
            return somebody

        yield make


def test_a_passkey_signs_in_alone_and_as_second_factor(come: Come) -> None:
    mary = come()
    mary.is_in()
    page = mary.page
    Device(page)
    page.goto("/account/security")
    page.get_by_test_id("passkey-add").click()
    expect(page.get_by_test_id("recovery-code")).to_have_count(10)
    page.get_by_test_id("recovery-done").click()
    expect(page.get_by_test_id("passkey-row")).to_have_count(1)

    page.get_by_test_id("passkey-rename").click()
    page.get_by_test_id("passkey-name").fill("Work laptop")
    page.get_by_test_id("passkey-name-save").click()
    expect(page.get_by_test_id("passkey-row")).to_have_attribute("data-name", "Work laptop")

    mary.leave()
    page.get_by_test_id("login-passkey").click()
    mary.is_in()

    mary.leave()
    mary.enter()
    expect(page.get_by_test_id("login-code")).to_be_visible()
    page.get_by_test_id("login-code-passkey").click()
    mary.is_in()

    page.goto("/account/security")
    page.get_by_test_id("passkey-remove").click()
    page.get_by_test_id("passkey-remove-confirm").click()
    expect(page.get_by_test_id("passkey-row")).to_have_count(0)


@pytest.mark.parametrize("locale", ["en", "de"])
def test_an_app_and_a_recovery_code_are_second_factors(come: Come, locale: str) -> None:
    mary = come(locale=locale)
    mary.is_in()
    mary.page.goto("/account/security")
    code = mary.add_app()

    mary.leave()
    mary.enter()
    mary.page.get_by_test_id("login-code").fill(code)
    mary.page.get_by_test_id("login-code-submit").click()
    mary.is_in()
    mary.page.goto("/account/security")
    expect(mary.page.get_by_test_id("recovery-left")).to_contain_text("9")


@pytest.fixture
def guests_need_a_factor(product: Product, owner_cookies: list[dict[str, object]]) -> Iterator[None]:
    """The role of guests asks for a second factor."""
    _run(
        product,
        "INSERT INTO role (workspace_id, key, is_custom, requires_second_factor)"
        " SELECT workspace_id, 'guest', false, true FROM installation",
    )
    yield
    _run(product, "DELETE FROM role WHERE key = 'guest'")


@pytest.mark.usefixtures("guests_need_a_factor")
def test_a_role_that_asks_for_a_second_factor_leaves_one_page_until_there_is_one(come: Come) -> None:
    guest = come(role="guest")
    expect(guest.page.get_by_test_id("factor-lacking")).to_be_visible()
    guest.page.goto("/chat")
    expect(guest.page).to_have_url(re.compile("/account/security"))
    guest.add_app()
    expect(guest.page.get_by_test_id("factor-lacking")).to_have_count(0)
    guest.page.goto("/chat")
    guest.is_in()


def test_a_new_password_signs_out_everywhere_else(come: Come, browser: Browser, product: Product) -> None:
    mary = come()
    mary.is_in()
    context = browser.new_context(locale="en", base_url=product.url)
    elsewhere = Somebody(context.new_page(), mary.email)
    elsewhere.enter()
    elsewhere.is_in()
    page = mary.page
    page.goto("/account/security")
    page.get_by_test_id("password-current").fill(PASSWORD)
    page.get_by_test_id("password-new").fill("password2024")
    expect(page.get_by_test_id("password-strength")).to_have_attribute("data-score", "0")
    page.get_by_test_id("password-new").fill(NEW_PASSWORD)
    expect(page.get_by_test_id("password-strength")).to_have_attribute("data-score", "4")
    page.get_by_test_id("password-save").click()
    expect(page.get_by_test_id("password-done")).to_be_visible()
    expect(elsewhere.page).to_have_url(re.compile("/sign-in"))
    context.close()
    page.goto("/chat")
    mary.is_in()


def _add_account(product: Product, email: str, role: str, locale: str) -> None:
    _run(
        product,
        "WITH made AS (INSERT INTO account (id, email, name, password_hash, locale, is_active, created_at,"
        " email_verified_at) VALUES (gen_random_uuid(), %s, 'Mary', %s, %s, true, now(), now()) RETURNING id)"
        " INSERT INTO membership (workspace_id, account_id, role, is_active, created_at)"
        " SELECT workspace_id, made.id, %s, true, now() FROM installation, made",
        email, argon2id.str(PASSWORD.encode()).decode(), locale, role,
    )  # fmt: skip


def _run(product: Product, statement: LiteralString, *values: str) -> None:
    with psycopg.connect(addresses_of(product.data).superuser_url, autocommit=True) as connection:
        connection.execute(statement, values)
