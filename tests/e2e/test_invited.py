"""A new person's whole walk, in each language: invited, mail, password, passkey, and signed out everywhere."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Mailing
from tests.e2e.devices import Device
from tests.e2e.mailing import enter, fill, letter_with, visitor
from tests.fixtures.mail import words_of

PASSWORD = "nine quiet owls above the harbour"


@dataclass(frozen=True)
class Words:
    """What is read on the way."""

    subject: str
    invites: str
    create_account: str
    strong: str
    new_chat: str
    sign_in: str
    by_passkey: str
    codes: str
    unused: str
    this_device: str
    end_all: str


WORDS = {
    "en": Words(
        subject="Invitation to “Analytical Engines”",
        invites="invites you to work together in “Analytical Engines”.",
        create_account="Create account",
        strong="Strong",
        new_chat="New chat",
        sign_in="Sign in",
        by_passkey="Sign in with a passkey",
        codes="Your recovery codes",
        unused="Not used yet",
        this_device="This device",
        end_all="Sign out everywhere else?",
    ),
    "de": Words(
        subject="Einladung zu „Analytical Engines“",
        invites="lädt Sie ein, in „Analytical Engines“ zusammenzuarbeiten.",
        create_account="Konto anlegen",
        strong="Stark",
        new_chat="Neuer Chat",
        sign_in="Anmelden",
        by_passkey="Mit Passkey anmelden",
        codes="Ihre Wiederherstellungscodes",
        unused="Noch nicht verwendet",
        this_device="Dieses Gerät",
        end_all="Überall sonst abmelden?",
    ),
}


@pytest.mark.parametrize("locale", WORDS)
def test_somebody_invited_by_mail_comes_in_by_passkey_and_signs_out_everywhere(
    mailing: Mailing, browser: Browser, locale: str
) -> None:
    words, email = WORDS[locale], f"edith-{locale}@example.org"
    owner = visitor(browser, mailing)
    owner.context.add_cookies(mailing.owner_cookies)  # pyright: ignore[reportArgumentType]
    invite(owner, email, locale)
    letter, link = letter_with(mailing, email, "sign-up")
    assert letter["Subject"] == words.subject
    assert words.invites in words_of(letter)
    assert words.create_account in words_of(letter)

    here, there = visitor(browser, mailing, locale), visitor(browser, mailing, locale)
    here.goto(link)
    join(here, email, words)
    leave(here, words)
    enter(here, email, PASSWORD)
    device = Device(here)
    add_passkey(here, words)
    Device(there).take_over(device)
    enter_by_passkey(there, words)
    end_all_others(here, there, words)
    for page in (owner, here, there):
        page.context.close()


def invite(page: Page, email: str, locale: str) -> None:
    """The owner asks for a mail in the person's language."""
    page.goto("/admin/people")
    page.get_by_test_id("invite-open").click()
    page.get_by_test_id("invite-email").fill(email)
    page.get_by_test_id("invite-locale").select_option(locale)
    page.get_by_test_id("invite-send").click()
    expect(page.get_by_test_id("invite-sent")).to_contain_text(email)


def join(page: Page, email: str, words: Words) -> None:
    """An account with a password, whose strength is told."""
    expect(page.locator("h1")).to_have_text(words.create_account)
    page.get_by_test_id("signup-password").fill(PASSWORD)
    expect(page.get_by_test_id("password-strength")).to_have_text(words.strong)
    fill(page, "signup", name="Edith Clarke", email=email)
    expect(page.get_by_test_id("chat-input")).to_be_visible()
    expect(page.get_by_test_id("new-chat")).to_contain_text(words.new_chat)


def leave(page: Page, words: Words) -> None:
    """Sign out by the menu."""
    page.get_by_test_id("user-menu").click()
    page.get_by_test_id("logout").click()
    expect(page.locator("h1")).to_have_text(words.sign_in)


def add_passkey(page: Page, words: Words) -> None:
    """On the page of one's security."""
    page.goto("/account/security")
    page.get_by_test_id("passkey-add").click()
    expect(page.get_by_role("dialog")).to_contain_text(words.codes)
    expect(page.get_by_test_id("recovery-code")).to_have_count(10)
    page.get_by_test_id("recovery-done").click()
    expect(page.get_by_test_id("passkey-row")).to_contain_text(words.unused)


def enter_by_passkey(page: Page, words: Words) -> None:
    """Without a name, and without a password."""
    page.goto("/sign-in")
    expect(page.get_by_test_id("login-passkey")).to_have_text(words.by_passkey)
    page.get_by_test_id("login-passkey").click()
    expect(page.get_by_test_id("chat-input")).to_be_visible()
    expect(page.get_by_test_id("user-menu")).to_contain_text("Edith Clarke")


def end_all_others(here: Page, there: Page, words: Words) -> None:
    """One press here, and the page there goes by itself."""
    here.reload()
    rows = here.get_by_test_id("session-row")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text(words.this_device)
    expect(here.get_by_test_id("passkey-row")).not_to_contain_text(words.unused)
    here.get_by_test_id("sessions-end-all").click()
    expect(here.get_by_role("alertdialog")).to_contain_text(words.end_all)
    here.get_by_test_id("sessions-end-all-confirm").click()
    expect(there.locator("h1")).to_have_text(words.sign_in)
    expect(there.get_by_test_id("login-email")).to_be_visible()
    expect(rows).to_have_count(1)
