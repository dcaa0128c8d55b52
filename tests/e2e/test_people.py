"""An administrator's walk: a list is invited, somebody joins, is given a role, shut out, let in and deleted."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Product

PASSWORD = "a heron nests at dawn"


def invite_by_list(page: Page, directory: Path) -> str:
    """Uploads a list with a good line and two that are not; gives the link of the good one."""
    people = directory / "people.csv"
    people.write_bytes(
        "Name;E-Mail;Rolle\nJörg;joerg@example.org;Gast\nX;nobody;\nY;y@example.org;King\n".encode("cp1252")
    )
    page.get_by_test_id("people-list-open").click()
    page.get_by_test_id("people-list-file").set_input_files(people)
    counts = page.get_by_test_id("people-list-counts")
    expect(counts).to_have_attribute("data-good", "1")
    expect(counts).to_have_attribute("data-faulty", "2")
    expect(page.get_by_test_id("people-list-line").first).to_contain_text("e-mail address")
    page.get_by_test_id("people-list-send").click()
    expect(page.get_by_test_id("people-list-end")).to_have_attribute("data-status", "done")
    with page.expect_download() as download:
        page.get_by_test_id("people-list-links").click()
    rows = download.value.path().read_text("utf-8-sig").splitlines()
    page.keyboard.press("Escape")
    assert rows[1].startswith("Jörg,joerg@example.org,http")
    return rows[1].rpartition(",")[2]


def join(browser: Browser, link: str) -> Page:
    """Somebody with a browser of their own opens the link."""
    page = browser.new_context(locale="de-DE").new_page()
    page.goto(link)
    page.get_by_test_id("signup-name").fill("Jörg Brandt")
    page.get_by_test_id("signup-email").fill("joerg@example.org")
    page.get_by_test_id("signup-password").fill(PASSWORD)
    page.get_by_test_id("signup-submit").click()
    expect(page.get_by_test_id("chat-input")).to_be_visible()
    return page


def test_the_walk_of_an_administrator(page: Page, product: Product, browser: Browser, tmp_path: Path) -> None:
    page.goto("/admin/people")
    expect(page.get_by_test_id("person-row").first).to_be_visible()
    link = invite_by_list(page, tmp_path)
    page.get_by_test_id("people-standing").select_option("invited")
    invited = page.locator("[data-testid=invitation-row][data-email='joerg@example.org']")
    expect(invited).to_be_visible()
    guest = join(browser, link)
    expect(invited).to_have_count(0)
    page.get_by_test_id("people-standing").select_option("")
    page.get_by_test_id("people-search").fill("joerg@")
    row = page.get_by_test_id("person-row")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Guest")

    page.get_by_test_id("person-select").click()
    page.get_by_test_id("people-bulk-role").click()
    page.get_by_test_id("people-bulk-role-choice").select_option("member")
    page.get_by_test_id("people-bulk-confirm").click()
    expect(row).to_contain_text("Member")

    page.get_by_test_id("person-open").click()
    expect(page.get_by_test_id("person-session")).to_have_count(1)
    page.get_by_test_id("person-deactivate").click()
    page.get_by_test_id("person-deactivate-confirm").click()
    expect(page.get_by_test_id("person-head")).to_have_attribute("data-standing", "inactive")
    expect(guest.get_by_test_id("login-email")).to_be_visible()
    page.get_by_test_id("person-reactivate").click()
    expect(page.get_by_test_id("person-head")).to_have_attribute("data-standing", "active")
    expect(page.get_by_test_id("person-session")).to_have_count(0)

    page.get_by_test_id("person-delete").click()
    page.get_by_test_id("deletion-name").fill("Somebody else")
    page.get_by_test_id("deletion-confirm").click()
    expect(page.get_by_role("alert")).to_contain_text("exactly")
    page.get_by_test_id("deletion-name").fill("Jörg Brandt")
    page.get_by_test_id("deletion-confirm").click()
    expect(page).to_have_url(f"{product.url}/admin/people")
    expect(row).to_have_count(0)
    guest.context.close()
