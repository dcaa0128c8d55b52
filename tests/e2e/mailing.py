"""What tests of an installation that sends mail have in common: visitors, forms, and the links in letters."""

import re
import time
from email.message import EmailMessage

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Mailing
from tests.fixtures.mail import words_of
from tests.fixtures.waiting import PATIENCE


def visitor(browser: Browser, mailing: Mailing, locale: str = "en") -> Page:
    """Somebody with a browser of their own."""
    context = browser.new_context(locale=locale, base_url=mailing.product.url, viewport={"width": 1280, "height": 900})
    return context.new_page()


def fill(page: Page, area: str, **fields: str) -> None:
    """Fill the form of an area and send it."""
    for name, value in fields.items():
        page.get_by_test_id(f"{area}-{name}").fill(value)
    page.get_by_test_id(f"{area}-submit").click()


def enter(page: Page, email: str, password: str) -> None:
    """Sign in by password."""
    page.goto("/sign-in")
    fill(page, "login", email=email, password=password)
    expect(page.get_by_test_id("chat-input")).to_be_visible()


def letter_with(mailing: Mailing, to: str, page: str) -> tuple[EmailMessage, str]:
    """The mail to an address that leads to a page, once it comes, and the link in it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for message in mailing.mailbox.messages:
            link = re.search(rf"\S+/{page}\?token=\S+", words_of(message))
            if message["To"] == to and link:
                mailing.mailbox.messages.remove(message)
                return message, link[0]
        time.sleep(0.05)
    raise AssertionError([(message["To"], message["Subject"]) for message in mailing.mailbox.messages])


def link_in(mailing: Mailing, to: str, page: str) -> str:
    """The address in the mail that comes."""
    return letter_with(mailing, to, page)[1]
