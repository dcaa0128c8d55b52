"""Details of documents, rules that tag, and what tags are used for, in the browser."""

import re

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.e2e.test_knowledge import READY_MS, upload
from tests.fixtures.waiting import wait_until

TEXT = "# Badgers\n\nBadgers live in setts, which they dig for generations.\n"


@pytest.fixture
def knowledge(page: Page) -> Page:
    """The owner's tab on the list of documents."""
    page.get_by_test_id("nav-knowledge").click()
    expect(page.get_by_test_id("upload-input")).to_be_attached()
    return page


def test_details_are_corrected_and_filtered_by(knowledge: Page) -> None:
    row = upload(knowledge, "setts.md", "---\nauthor: Otter\ndate: 2024-05-03\n---\n" + TEXT)
    expect(row).to_have_attribute("data-status", "ready", timeout=READY_MS)
    row.get_by_test_id("document-open").click()
    facts = knowledge.locator(".facts").first
    expect(facts).to_contain_text("May 3, 2024")
    expect(facts).to_contain_text("as the file says")
    knowledge.get_by_test_id("metadata-edit").click()
    expect(knowledge.get_by_test_id("metadata-author")).to_have_value("Otter")
    knowledge.get_by_test_id("metadata-author").fill("Beaver")
    knowledge.get_by_test_id("metadata-review").fill("2024-06-01")
    knowledge.get_by_test_id("metadata-save").click()
    expect(facts).to_contain_text("Beaver")
    expect(facts).to_contain_text("entered by hand")
    knowledge.get_by_test_id("nav-knowledge").click()
    knowledge.get_by_test_id("document-filter").click()
    knowledge.locator('[data-testid=filter-authors][data-value="Beaver"]').click()
    knowledge.locator('[data-testid=filter-marks][data-value="review"]').click()
    knowledge.keyboard.press("Escape")
    expect(knowledge.get_by_test_id("document-row")).to_have_count(1)
    expect(row).to_be_visible()
    knowledge.get_by_test_id("filter-clear").click()


def test_a_rule_is_previewed_and_tags_what_comes(knowledge: Page) -> None:
    here = upload(knowledge, "otters-now.md", "# Rivers\n\nOtters live along rivers and dive for fish.\n")
    expect(here).to_have_attribute("data-status", "ready", timeout=READY_MS)
    lines: list[WebSocketRoute] = []
    knowledge.route_web_socket(re.compile("/_event"), lambda line: lines.append(line) or line.connect_to_server())
    knowledge.goto("/knowledge/tags")
    knowledge.get_by_test_id("tag-new").click()
    knowledge.get_by_test_id("tag-name").fill("Otters")
    knowledge.get_by_test_id("tag-save").click()
    row = knowledge.locator('[data-testid=tag-row][data-name="Otters"]')
    row.get_by_test_id("tag-menu").click()
    knowledge.get_by_test_id("tag-rules").click()
    knowledge.get_by_test_id("rule-new").click()
    knowledge.get_by_test_id("rule-part-add").click()
    knowledge.get_by_test_id("rule-add-author").click()  # Not filled in, so it asks nothing.
    knowledge.get_by_test_id("rule-words").fill("otter dives")
    expect(knowledge.get_by_test_id("rule-preview")).to_contain_text("1 document")
    lines[0].close()  # Who loses the network for a moment goes on with what they wrote.
    wait_until(lambda: knowledge.wait_for_timeout(50) or len(lines) == 2, "the line being there again")
    knowledge.get_by_test_id("rule-apply").click()
    expect(knowledge.get_by_test_id("rule-row")).to_contain_text("otter dives")
    knowledge.reload()  # Whoever comes back finds no dialog.
    expect(row).to_contain_text("1 document")
    expect(knowledge.get_by_test_id("rule-new")).to_have_count(0)
    knowledge.get_by_test_id("nav-knowledge").click()
    later = upload(knowledge, "otters-later.md", "# Diving\n\nAn otter can dive for minutes.\n")
    expect(later.get_by_test_id("document-tag")).to_have_text("Otters", timeout=READY_MS)


def test_tags_are_suggested_accepted_and_counted(knowledge: Page) -> None:
    words = "Herons stand in shallow water and wait for frogs; a heron swallows frogs whole."
    rows = [upload(knowledge, f"heron-{n}.md", f"{words} {n}") for n in range(3)]
    expect(rows[2]).to_have_attribute("data-status", "ready", timeout=READY_MS)
    for row in rows[:2]:
        expect(row).to_have_attribute("data-status", "ready", timeout=READY_MS)
        row.get_by_test_id("document-select").click()
    knowledge.get_by_test_id("bulk-tag").click()
    knowledge.get_by_test_id("tag-search").fill("Herons")
    knowledge.get_by_test_id("tag-create").click()
    expect(rows[0].get_by_test_id("document-tag")).to_have_text("Herons", timeout=READY_MS)
    rows[2].get_by_test_id("document-open").click()
    knowledge.get_by_test_id("suggest-here").click()
    knowledge.get_by_test_id("suggestion").filter(has_text="Herons").get_by_test_id("suggestion-accept").click()
    expect(knowledge.get_by_test_id("document-tag")).to_have_text("Herons")
    knowledge.goto("/knowledge/tags")
    expect(knowledge.locator('[data-testid=tag-row][data-name="Herons"]')).to_be_visible()
    knowledge.get_by_test_id("tags-figures").click()
    expect(knowledge.locator(".value-bars").first.locator("tr", has_text="Herons")).to_contain_text("3")
    expect(knowledge.get_by_test_id("month-chart")).to_be_visible()


def test_what_lies_in_the_trash_comes_back_or_goes_for_good(knowledge: Page) -> None:
    rows = [upload(knowledge, f"dug out {n}.md", f"{TEXT}{n}") for n in range(3)]
    for row in rows:
        expect(row).to_have_attribute("data-status", "ready", timeout=READY_MS)
        row.get_by_test_id("document-delete").click()
        expect(row).to_have_count(0)
    knowledge.goto("/knowledge/trash")
    trash = knowledge.get_by_test_id("trash-row").filter(has_text="dug out")
    boxes = trash.get_by_test_id("document-select")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(knowledge.get_by_test_id("bulk-bar")).to_contain_text("3 selected")
    boxes.nth(1).click()
    expect(knowledge.get_by_test_id("bulk-bar")).to_contain_text("2 selected")
    boxes.nth(2).click()
    knowledge.get_by_test_id("trash-delete").click()
    expect(knowledge.get_by_test_id("bulk-preview")).to_contain_text("1 document")
    knowledge.get_by_test_id("bulk-confirm").click()
    expect(trash).to_have_count(2, timeout=READY_MS)
    for left in (1, 0):
        trash.get_by_test_id("trash-restore-one").first.click()
        expect(trash).to_have_count(left)
    knowledge.goto("/knowledge/jobs")
    knowledge.get_by_test_id("job-open").first.click()
    expect(knowledge.get_by_test_id("bulk-receipt")).to_contain_text("1 document, 1 passage, ")
    knowledge.get_by_test_id("nav-knowledge").click()
    expect(rows[1]).to_be_visible()
