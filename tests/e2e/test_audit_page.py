"""The audit trail as an administrator reads it: found, opened, taken along and verified."""

import json
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import EMAIL, Product
from tests.e2e.test_accessibility import grave


def field(page: Page, word: str) -> Locator:
    return page.locator(f"[data-testid=audit-filter-field][data-filter={word}]")


def rows(page: Page) -> Locator:
    return page.get_by_test_id("audit-row")


def test_a_guess_is_found_opened_and_taken_along(page: Page, product: Product) -> None:
    guess = {"email": EMAIL, "password": "a guess of somebody"}
    origin = {"Origin": product.url}
    assert page.request.post("/auth/sign-in", data=guess, headers=origin).status == 401
    page.goto("/admin/audit?action=session:open")
    expect(rows(page).filter(has_text="Ada Lovelace").first).to_be_visible()
    expect(field(page, "action")).to_have_value("session:open")
    expect(page.locator("[data-testid=audit-row]:not([data-outcome=done])")).to_have_count(0)

    field(page, "chain").select_option("installation")
    expect(page.locator("[data-testid=audit-row][data-outcome=refused]").first).to_be_visible()
    rows(page).first.click()
    panel = page.get_by_test_id("audit-panel")
    expect(panel).to_contain_text("do not belong together")
    expect(panel).not_to_contain_text("a guess of somebody")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)

    page.get_by_test_id("audit-export").click()
    with page.expect_download() as download:
        page.locator("[data-testid=audit-export-option][data-format=jsonl]").click()
    lines = [json.loads(line) for line in Path(download.value.path()).read_text().splitlines()]
    assert {line["action"] for line in lines} == {"session:open"}
    assert {line["outcome"] for line in lines} == {"refused"}

    page.get_by_test_id("audit-clear").click()
    field(page, "chain").select_option("")
    expect(rows(page).first).to_contain_text("Audit trail exported")
    today, tomorrow = (
        page.evaluate(f"new Date(Date.now() + {days} * 864e5).toLocaleDateString('sv')") for days in (0, 1)
    )
    field(page, "since").fill(today)
    expect(rows(page).first).to_be_visible()
    field(page, "since").fill(tomorrow)
    expect(rows(page)).to_have_count(0)


def test_verifying_says_what_it_found(page: Page) -> None:
    page.goto("/admin/audit")
    result = page.get_by_test_id("audit-verification")
    page.get_by_test_id("audit-verify").click()
    expect(result).to_have_attribute("data-state", "sound")
    expect(result).to_contain_text("are as they were written")
    expect(result).to_contain_text("Ada Lovelace")
    page.set_viewport_size({"width": 360, "height": 780})
    expect(rows(page).filter(has_text="Ada Lovelace").first).to_be_visible()
    assert page.evaluate("document.querySelector('.page-content').scrollWidth <= 360")
    assert grave(page) == []
