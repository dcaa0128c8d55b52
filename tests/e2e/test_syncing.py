"""Sources in the browser: a site is tried, added and read, and what changes there changes here."""

from playwright.sync_api import Locator, Page, expect

from tests.fixtures.website import html, serve_website


def counts(page: Page) -> dict[str, Locator]:
    """The figures of the report that is shown."""
    return {key: page.get_by_test_id(f"source-{key}") for key in ("added", "changed", "gone")}


def test_a_site_is_added_and_followed(page: Page) -> None:
    with serve_website() as site:
        site.pages["/"] = html("Home", "Welcome to the handbook.", "/rules.html", "/old.html")
        site.pages["/rules.html"] = html("Rules", "Everybody has thirty days of holiday.")
        site.pages["/old.html"] = html("Old", "What nobody needs any more.")
        page.goto("/knowledge/sources")
        page.get_by_test_id("source-new").click()
        page.locator('[data-testid=source-kind][data-kind="site"]').click()
        page.get_by_test_id("source-url").fill("http://127.0.0.1:9/")
        page.get_by_test_id("source-name").fill("Handbook of rules")
        page.get_by_test_id("source-submit").click()
        expect(page.get_by_test_id("source-error")).to_contain_text("127.0.0.1 does not answer")
        page.get_by_test_id("source-url").fill(site.address)
        page.get_by_test_id("source-submit").click()
        expect(page.get_by_test_id("source-found")).to_have_count(3)
        page.get_by_test_id("source-keep").click()
        row = page.locator('[data-testid=source-row][data-name="Handbook of rules"]')
        expect(row).to_have_attribute("data-run", "done")
        row.get_by_test_id("source-open").click()
        expect(counts(page)["added"]).to_have_text("3")
        site.pages["/rules.html"] = html("Rules", "Everybody has forty days of holiday.")
        del site.pages["/old.html"]
        row.get_by_test_id("source-run").click()
        expect(page.get_by_test_id("source-run-row")).to_have_count(2)
        expect(counts(page)["changed"]).to_have_text("1")
        expect(counts(page)["gone"]).to_have_text("1")
        expect(page.get_by_test_id("source-result")).to_have_count(2)
        page.goto("/knowledge/trash")
        expect(page.get_by_test_id("trash-row").filter(has_text="old.html")).to_have_count(1)
