"""One's own account in the browser: a forgotten password, another address, and preferences that follow the person."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import EMAIL, PASSWORD, Mailing
from tests.e2e.mailing import enter, fill, link_in, visitor

SIGN_IN = re.compile("/sign-in")
NEW_PASSWORD = {"en": "a new staple every day", "de": "jeden Tag eine neue Klammer"}


@pytest.mark.parametrize(
    ("locale", "asked", "done"),
    [
        ("en", "a mail with a link is on its way", "all devices are signed out"),
        ("de", "eine E-Mail mit einem Link unterwegs", "alle Geräte sind abgemeldet"),
    ],
)
def test_a_forgotten_password_is_set_anew_from_a_mail(
    mailing: Mailing, browser: Browser, locale: str, asked: str, done: str
) -> None:
    elsewhere, page = visitor(browser, mailing), visitor(browser, mailing, locale)
    email = f"grace-{locale}@example.org"
    page.goto("/sign-up")
    fill(page, "signup", name="Grace Hopper", email=email, password=PASSWORD)
    expect(page.get_by_test_id("signup-done")).to_be_visible()
    link_in(mailing, email, "verify")
    page.goto("/sign-in")
    fill(page, "login", email=email, password=PASSWORD)
    expect(page.get_by_test_id("login-error")).to_be_visible()
    page.goto(link_in(mailing, email, "verify"))
    page.get_by_test_id("verify-submit").click()
    expect(page.get_by_test_id("verify-done")).to_be_visible()
    enter(elsewhere, email, PASSWORD)

    page.goto("/sign-in")
    page.get_by_test_id("forgot-open").click()
    fill(page, "forgot", email=email)
    expect(page.get_by_test_id("forgot-done")).to_contain_text(asked)
    page.goto(link_in(mailing, email, "recover"))
    fill(page, "recover", password=NEW_PASSWORD[locale])
    expect(page.get_by_test_id("recover-done")).to_contain_text(done)
    expect(elsewhere).to_have_url(SIGN_IN)
    page.goto("/sign-in")
    fill(page, "login", email=email, password=PASSWORD)
    expect(page.get_by_test_id("login-error")).to_be_visible()
    enter(page, email, NEW_PASSWORD[locale])
    for each in (elsewhere, page):
        each.context.close()


def test_preferences_follow_the_person_to_another_browser(mailing: Mailing, browser: Browser, tmp_path: Path) -> None:
    here, there = visitor(browser, mailing), visitor(browser, mailing)
    enter(here, EMAIL, PASSWORD)
    here.goto("/account")
    expect(here.get_by_test_id("profile-name")).to_have_value("Ada Lovelace")
    here.get_by_test_id("profile-name").fill("Ada King")
    here.get_by_test_id("profile-save").click()
    expect(here.get_by_test_id("user-menu")).to_contain_text("Ada King")
    here.goto("/account/security")
    here_and_now = here.locator("time").first
    expect(here_and_now).to_have_attribute("title", re.compile(r"\d"))
    exact = here_and_now.get_attribute("title")
    here.goto("/account")
    expect(here.get_by_test_id("profile-name")).to_have_value("Ada King")
    row_height = "getComputedStyle(document.querySelector('[data-testid=nav-chat]')).minHeight"
    before = here.evaluate(row_height)
    here.locator("[data-testid=theme-choice][data-theme=dark]").click(force=True)
    here.locator("[data-testid=density-choice][data-density=compact]").click(force=True)
    here.get_by_test_id("profile-zone").select_option("Asia/Tokyo")
    expect(here.locator("html")).to_have_class(re.compile("dark"))
    expect(here.locator("html")).to_have_attribute("data-density", "compact")
    assert here.evaluate(row_height) < before
    here.get_by_test_id("avatar-input").set_input_files({"name": "me.png", "mimeType": "image/png", "buffer": face()})
    choose_lower_right(here)
    expect(here.locator(".avatar-large img")).to_have_js_property("naturalWidth", 256)
    assert colour_of(here.locator(".avatar-large img")) == [0, 0, 255]
    here.goto("/account/security")
    expect(here_and_now).not_to_have_attribute("title", exact or "")
    here.goto("/account")
    here.get_by_test_id("avatar-input").set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": b"<svg onload='alert(1)'/>"}
    )
    expect(here.get_by_test_id("avatar-error")).to_be_visible()

    enter(there, EMAIL, PASSWORD)
    expect(there.locator("html")).to_have_class(re.compile("dark"))
    expect(there.locator("html")).to_have_attribute("data-density", "compact")
    expect(there.locator("[data-testid=user-menu] img")).to_be_visible()
    there.goto("/account")
    expect(there.get_by_test_id("profile-zone")).to_have_value("Asia/Tokyo")
    there.get_by_test_id("avatar-remove").click()
    expect(there.locator("[data-testid=user-menu] img")).to_have_count(0)
    for each in (here, there):
        each.context.close()


def test_an_administrator_lets_somebody_in_again(mailing: Mailing, browser: Browser) -> None:
    page, other = visitor(browser, mailing), visitor(browser, mailing)
    enter(page, EMAIL, PASSWORD)
    page.goto("/admin/people")
    page.locator("[data-testid=person-row]", has_text="grace-de@example.org").get_by_test_id("person-open").click()
    page.get_by_test_id("person-recovery").click()
    link = page.get_by_test_id("person-recovery-link").input_value()
    other.goto(link)
    fill(other, "recover", password="given by hand to Grace")
    expect(other.get_by_test_id("recover-done")).to_be_visible()
    page.reload()
    expect(page.get_by_test_id("person-head")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_test_id("person-email-open").click()
    page.get_by_test_id("person-email").fill(EMAIL)
    page.get_by_test_id("person-email-save").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("Another account")
    page.get_by_test_id("person-email").fill("hopper@example.org")
    page.get_by_test_id("person-email-save").click()
    expect(page.get_by_test_id("person-head")).to_contain_text("hopper@example.org")
    enter(other, "hopper@example.org", "given by hand to Grace")
    for each in (page, other):
        each.context.close()


def test_another_address_is_confirmed_by_its_mail(mailing: Mailing, browser: Browser) -> None:
    page = visitor(browser, mailing)
    enter(page, EMAIL, PASSWORD)
    page.goto("/account")
    page.get_by_test_id("profile-email").fill("countess@example.org")
    page.get_by_test_id("profile-email-save").click()
    expect(page.get_by_test_id("profile-email-told")).to_contain_text("countess@example.org")
    page.goto(link_in(mailing, "countess@example.org", "verify"))
    page.get_by_test_id("verify-submit").click()
    expect(page.get_by_test_id("verify-done")).to_be_visible()
    page.goto("/account")
    expect(page.get_by_test_id("profile-email")).to_have_value("countess@example.org")
    page.goto("/account/notifications")
    kinds = page.get_by_test_id("mail-kind")
    expect(kinds.first).to_be_checked()
    kinds.first.click()
    expect(kinds.first).not_to_be_checked()
    page.reload()
    expect(kinds.first).not_to_be_checked()
    page.context.close()


def choose_lower_right(page: Page) -> None:
    """Zoom in by the slider, then go to the corner: with the arrow keys across, by dragging down."""
    frame = page.get_by_test_id("avatar-part")
    expect(frame).to_be_visible()
    page.get_by_test_id("avatar-zoom").fill("4")
    frame.focus()
    for _ in range(40):
        page.keyboard.press("ArrowLeft")
    for _ in range(3):
        frame.hover(position={"x": 30, "y": 250})
        page.mouse.down()
        page.mouse.move(0, 0, steps=4)
        page.mouse.up()
    page.get_by_test_id("avatar-part-save").click()


def colour_of(image: Locator) -> list[int]:
    """The middle of a picture."""
    return image.evaluate(
        """(image) => {
            const paint = new OffscreenCanvas(1, 1).getContext("2d");
            const { naturalWidth: width, naturalHeight: height } = image;
            paint.drawImage(image, width / 2, height / 2, 1, 1, 0, 0, 1, 1);
            return [...paint.getImageData(0, 0, 1, 1).data.slice(0, 3)].map((part) => Math.round(part / 51) * 51);
        }"""
    )


def face() -> bytes:
    """Red, with a blue corner at the lower right."""
    painted = Image.new("RGB", (600, 400), "red")
    painted.paste("blue", (480, 280, 600, 400))
    encoded = io.BytesIO()
    painted.save(encoded, "PNG")
    return encoded.getvalue()
