"""How texts are cut: a preview, passages made anew, and the switch to them."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Product

READY_MS = 60_000
SAID = " ".join(f"Rule {number} of the harbour says where ship number {number} may moor." for number in range(90))


def switch(page: Page) -> None:
    shadow = page.get_by_test_id("shadow")
    shadow.get_by_test_id("shadow-switch").click()
    page.get_by_test_id("shadow-switch-confirm").click()
    expect(shadow).to_have_count(0)


def test_another_way_of_cutting_is_tried_made_and_taken(page: Page, product: Product) -> None:
    page.goto(f"{product.url}/knowledge")
    file = {"name": "harbour.md", "mimeType": "text/markdown", "buffer": f"# Harbour\n\n{SAID}\n".encode()}
    page.get_by_test_id("upload-input").set_input_files(file)
    row = page.locator('[data-testid=document-row][data-name="harbour.md"]')
    expect(row).to_have_attribute("data-status", "ready", timeout=READY_MS)
    page.goto(f"{product.url}/knowledge/passages")
    page.get_by_test_id("chunk-choose").click()
    page.get_by_test_id("chunk-find").fill("harbour")
    page.locator('[data-testid=chunk-candidate][data-name="harbour.md"]').click()
    expect(page.get_by_test_id("chunk-chosen")).to_have_text("harbour.md")
    now = page.get_by_test_id("chunk-now")
    before = now.get_attribute("data-count")
    then = page.get_by_test_id("chunk-then")
    expect(then).to_have_attribute("data-count", before or "")
    page.get_by_test_id("chunk-size").fill("20")
    expect(page.get_by_test_id("chunk-error")).to_contain_text("50")
    page.get_by_test_id("chunk-size").fill("80")
    page.get_by_test_id("chunk-overlap").fill("30")
    expect(then).not_to_have_attribute("data-count", before or "")
    expect(page.get_by_test_id("chunk-passage").nth(1)).to_contain_text("Shared with the one before")
    page.get_by_test_id("trial-open").click()
    page.get_by_test_id("trial-question").fill("Where may ship number 33 moor?")
    page.get_by_test_id("trial-find").fill("harbour")
    page.locator('[data-testid=trial-candidate][data-name="harbour.md"]').click()
    page.get_by_test_id("trial-words").fill("where ship number 33 may moor")
    page.get_by_test_id("trial-save").click()
    question = page.get_by_test_id("trial-row")
    expect(question).to_have_attribute("data-now", "-1")
    page.get_by_test_id("chunk-start").click()
    shadow = page.get_by_test_id("shadow")
    expect(shadow).to_have_attribute("data-state", "ready", timeout=READY_MS)
    page.get_by_test_id("trial-begin").click()
    expect(page.get_by_test_id("trial-then")).to_be_visible(timeout=READY_MS)
    expect(question).to_have_attribute("data-now", "1")
    expect(question).to_have_attribute("data-then", "1")
    switch(page)
    cut = then.get_attribute("data-count")
    page.goto(f"{product.url}/knowledge/passages")
    expect(now).to_have_attribute("data-count", cut or "")
    expect(page.get_by_test_id("chunk-size")).to_have_value("80")
    # Other tests of this product go by what is usual.
    page.get_by_test_id("chunk-size").fill("200")
    page.get_by_test_id("chunk-overlap").fill("0")
    expect(then).to_have_attribute("data-count", before or "")
    page.get_by_test_id("chunk-start").click()
    expect(shadow).to_have_attribute("data-state", "ready", timeout=READY_MS)
    switch(page)


def test_a_dialog_that_was_left_open_is_not_open_when_one_comes_back(page: Page) -> None:
    page.goto("/knowledge/passages")
    page.get_by_test_id("trial-open").click()
    expect(page.get_by_test_id("trial-question")).to_be_visible()
    page.reload()
    expect(page.get_by_test_id("chunk-size")).to_have_value("200")
    expect(page.get_by_test_id("trial-question")).to_have_count(0)
