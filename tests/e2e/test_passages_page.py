"""How texts are cut: a preview, passages made anew, and the switch to them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Product
from tests.provider.fixtures import RunningProvider, start_provider

READY_MS = 180_000
SAID = " ".join(f"Rule {number} of the harbour says where ship number {number} may moor." for number in range(90))


@pytest.fixture(scope="module")
def vectors() -> Iterator[RunningProvider]:
    """A server of models, one of which makes vectors."""
    with start_provider(("text-embedding-small",)) as running:
        yield running


def offer_vectors(page: Page, vectors: RunningProvider) -> None:
    """Connect the server and offer its model, as an administrator does, who then follows the link to try it."""
    page.goto("/admin/models")
    page.get_by_test_id("provider-new").click()
    page.get_by_test_id("provider-kind").select_option("compatible")
    page.get_by_test_id("provider-url").fill(vectors.url)
    page.get_by_test_id("provider-name").fill("Directions")
    page.get_by_test_id("provider-key").fill("test-key")
    page.get_by_test_id("provider-save").click()
    row = page.locator('[data-testid=discover-row][data-name="text-embedding-small"]')
    row.get_by_test_id("discover-choose").click()
    page.get_by_test_id("discover-offer").click()
    expect(page.locator('[data-testid=model-row][data-model="directions/text-embedding-small"]')).to_be_visible()
    page.get_by_test_id("default-embedding").get_by_role("link").click()


def choose_moorings(page: Page) -> None:
    """Try it on the document of this test, whichever came last."""
    page.get_by_test_id("chunk-choose").click()
    page.get_by_test_id("chunk-find").fill("moorings")
    page.locator('[data-testid=chunk-candidate][data-name="moorings.md"]').click()
    expect(page.get_by_test_id("chunk-chosen")).to_have_text("moorings.md")


def try_and_drop_model(page: Page) -> None:
    """Another model makes vectors of the same passages."""
    model, shadow = page.get_by_test_id("chunk-model"), page.get_by_test_id("shadow")
    model.select_option("directions/text-embedding-small")
    expect(page.get_by_test_id("chunk-cost")).to_contain_text("Nobody knows what that costs")
    page.get_by_test_id("chunk-start").click()
    expect(shadow).to_have_attribute("data-state", "ready", timeout=READY_MS)
    expect(shadow).to_contain_text("vectors by directions/text-embedding-small")
    shadow.get_by_test_id("shadow-drop").click()
    page.get_by_test_id("shadow-drop-confirm").click()
    expect(shadow).to_have_count(0)
    model.select_option("")


def switch(page: Page) -> None:
    shadow = page.get_by_test_id("shadow")
    shadow.get_by_test_id("shadow-switch").click()
    page.get_by_test_id("shadow-switch-confirm").click()
    expect(shadow).to_have_count(0)


def test_another_way_of_cutting_is_tried_made_and_taken(page: Page, product: Product, vectors: RunningProvider) -> None:
    page.goto(f"{product.url}/knowledge")
    file = {"name": "moorings.md", "mimeType": "text/markdown", "buffer": f"# Moorings\n\n{SAID}\n".encode()}
    page.get_by_test_id("upload-input").set_input_files(file)
    row = page.locator('[data-testid=document-row][data-name="moorings.md"]')
    expect(row).to_have_attribute("data-status", "ready", timeout=READY_MS)
    page.goto(f"{product.url}/knowledge/passages")
    choose_moorings(page)
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
    page.get_by_test_id("trial-find").fill("moorings")
    page.locator('[data-testid=trial-candidate][data-name="moorings.md"]').click()
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
    offer_vectors(page, vectors)
    choose_moorings(page)
    expect(now).to_have_attribute("data-count", cut or "")
    expect(page.get_by_test_id("chunk-size")).to_have_value("80")
    try_and_drop_model(page)
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
