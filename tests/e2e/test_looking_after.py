"""Whoever looks after knowledge: how documents are, what is left of them, and what they do not answer."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Product, ask

READY_MS = 60_000


def upload(page: Page, name: str, data: bytes) -> None:
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    page.get_by_test_id("upload-input").set_input_files(file)


def test_health_leads_from_counts_to_the_documents(page: Page, product: Product) -> None:
    page.goto(f"{product.url}/knowledge")
    upload(page, "torn.pdf", b"%PDF-1.7 torn in two")
    row = page.locator('[data-testid=document-row][data-name="torn.pdf"]')
    expect(row).to_have_attribute("data-status", "failed", timeout=READY_MS)
    page.set_viewport_size({"width": 1024, "height": 800})
    name = row.get_by_test_id("document-open").bounding_box()
    assert name
    assert name["width"] > 2 * name["height"], "beside folders and the sidebar there is room for names"
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{product.url}/knowledge/health")
    cause = page.locator("[data-testid=health-cause][data-code=damaged_file]")
    expect(cause).to_contain_text("damaged")
    cause.get_by_test_id("health-retry").click()
    expect(page.get_by_test_id("bulk-state")).to_have_attribute("data-state", "done", timeout=READY_MS)
    page.get_by_test_id("scan-begin").click()
    scan = page.get_by_test_id("scan")
    expect(scan).to_have_attribute("data-state", "done", timeout=READY_MS)
    expect(scan.get_by_test_id("scan-finding").first).to_be_visible()
    page.locator("[data-testid=health-bar][data-key=failed]").get_by_role("link").click()
    expect(page.get_by_test_id("filter-chip")).to_have_text("Not readable")
    expect(row).to_be_visible()
    expect(page.locator("[data-testid=document-row][data-status=ready]")).to_have_count(0)


def test_a_question_in_vain_is_answered_and_asked_again(page: Page, product: Product) -> None:
    page.goto(f"{product.url}/knowledge")
    upload(page, "canteen.md", b"# Canteen\n\nThe canteen opens at noon.\n")
    row = page.locator('[data-testid=document-row][data-name="canteen.md"]')
    expect(row).to_have_attribute("data-status", "ready", timeout=READY_MS)
    page.goto(f"{product.url}/chat")
    ask(page, "Which zeppelin flies to Zanzibar?")
    expect(page.locator("[data-testid=message][data-role=assistant][data-status=done]")).to_be_visible()
    page.goto(f"{product.url}/knowledge/questions")
    question = page.locator('[data-testid=question-row][data-words="Which zeppelin flies to Zanzibar?"]')
    expect(question.get_by_test_id("question-askers")).to_have_text("1 person asked")
    question.get_by_test_id("question-answer").click()
    page.get_by_test_id("question-find-document").fill("canteen")
    page.get_by_test_id("question-choice").first.click()
    expect(question).to_have_count(0)
    page.get_by_test_id("questions-answered").click()
    expect(question).to_contain_text("canteen.md")
    page.get_by_test_id("notifications-open").click()
    told = page.locator("[data-testid=notification-row]", has_text="Zanzibar").first
    told.get_by_test_id("notification-open").click()
    expect(page.get_by_test_id("chat-input")).to_have_value("Which zeppelin flies to Zanzibar?")


@pytest.mark.usefixtures("link_rule")
def test_a_link_opens_for_anybody_until_it_is_revoked(page: Page, product: Product, browser: Browser) -> None:
    page.goto(f"{product.url}/knowledge")
    upload(page, "notice.md", b"# Notice\n\nThe lift stands still on Friday.\n")
    row = page.locator('[data-testid=document-row][data-name="notice.md"]')
    expect(row).to_have_attribute("data-status", "ready", timeout=READY_MS)
    row.get_by_test_id("document-menu").click()
    page.get_by_test_id("document-link").click()
    scope = page.get_by_test_id("document-link-scope")
    expect(scope.locator("option[value=anyone]")).to_be_disabled()
    page.get_by_test_id("link-rule").click()
    expect(scope.locator("option[value=anyone]")).to_be_enabled()
    scope.select_option("anyone")
    page.get_by_test_id("document-link-make").click()
    address = page.get_by_test_id("share-document-link").input_value()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    context = browser.new_context(locale="en-US", base_url=product.url)
    visitor = context.new_page()
    visitor.goto(address)
    expect(visitor.get_by_test_id("linked-name")).to_have_text("notice.md")
    expect(visitor.get_by_test_id("linked-passages")).to_contain_text("stands still on Friday")
    expect(visitor.get_by_test_id("linked-passages").get_by_role("heading", name="Notice")).to_be_visible()
    expect(visitor.get_by_test_id("linked-download")).to_have_count(0)
    here = page.context.new_page()
    here.goto(address)
    expect(here.get_by_test_id("linked-name")).to_have_text("notice.md")
    expect(here.get_by_test_id("nav-knowledge")).to_have_count(0)  # Without the frame, also for who is signed in.
    here.close()
    expect(page.get_by_test_id("document-link-row")).to_be_visible()
    page.get_by_test_id("document-link-revoke").click()
    page.get_by_test_id("document-link-revoke-confirm").click()
    expect(visitor.get_by_test_id("linked-documents")).to_have_attribute("data-stage", "gone")
    expect(visitor.get_by_test_id("linked-passages")).to_have_count(0)
    context.close()
