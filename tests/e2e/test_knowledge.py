"""Documents in the browser, from the drop to the passage."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

READY_MS = 60_000
TEXT = "# Holidays\n\nEverybody has thirty days of holiday a year.\n"


@pytest.fixture
def knowledge(page: Page) -> Page:
    """The owner's tab on the list of documents."""
    page.get_by_test_id("nav-knowledge").click()
    expect(page.get_by_test_id("upload-input")).to_be_attached()
    return page


def upload(page: Page, name: str, text: str = TEXT) -> Locator:
    """Give a file to the page; its row in the list."""
    file = {"name": name, "mimeType": "text/markdown", "buffer": text.encode()}
    page.get_by_test_id("upload-input").set_input_files(file)
    return page.locator(f'[data-testid=document-row][data-name="{name}"]')


def test_an_uploaded_file_becomes_ready_by_itself(knowledge: Page) -> None:
    row = upload(knowledge, "holidays.md")
    expect(knowledge.locator('[data-testid=upload-row][data-name="holidays.md"]')).to_have_attribute(
        "data-status", "done"
    )
    expect(row).to_have_attribute("data-status", "ready", timeout=READY_MS)
    row.get_by_test_id("document-open").click()
    expect(knowledge.get_by_test_id("document-title")).to_contain_text("holidays.md")
    expect(knowledge.get_by_test_id("passage").first).to_contain_text("thirty days")


def test_the_same_file_again_says_so(knowledge: Page) -> None:
    row = upload(knowledge, "again.md", TEXT + "again")
    expect(row).to_be_visible()
    upload(knowledge, "again.md", TEXT + "again")
    upload_row = knowledge.locator('[data-testid=upload-row][data-name="again.md"]')
    expect(upload_row).to_have_attribute("data-status", "duplicate")
    expect(row).to_have_count(1)


@pytest.mark.parametrize(("name", "text", "words"), [("program.exe", TEXT, "cannot be read"), ("a.md", "", "is empty")])
def test_a_file_that_is_not_taken_says_why(knowledge: Page, name: str, text: str, words: str) -> None:
    upload(knowledge, name, text)
    row = knowledge.locator(f'[data-testid=upload-row][data-name="{name}"]')
    expect(row).to_have_attribute("data-status", "failed")
    expect(row).to_contain_text(words)


def test_a_broken_file_says_why_and_can_be_tried_again(knowledge: Page) -> None:
    row = upload(knowledge, "broken.pdf", "%PDF-1.7 and nothing more")
    expect(row).to_have_attribute("data-status", "failed", timeout=READY_MS)
    expect(row).to_contain_text("damaged")
    row.get_by_test_id("document-retry").click()
    expect(row).to_have_attribute("data-status", "failed", timeout=READY_MS)


def test_a_picture_that_cannot_be_shown_has_its_sign(knowledge: Page) -> None:
    knowledge.route("**/thumbnail*", lambda _: None)  # As long as it is waited for.
    row = upload(knowledge, "broken.tiff", "II*\0 and nothing more")
    face = row.get_by_test_id("document-thumbnail")
    expect(face).to_be_attached()
    expect(face).to_be_hidden()
    knowledge.unroute_all(behavior="ignoreErrors")
    row.get_by_test_id("document-open").click()
    expect(knowledge.get_by_test_id("preview-failure")).to_contain_text("cannot be shown here")


def test_a_folder_is_taken_with_its_path(knowledge: Page, tmp_path: Path) -> None:
    folder = tmp_path / "Team" / "Plans"
    folder.mkdir(parents=True)
    (folder / "plan.md").write_text("# Plan\n\nFirst this, then that.")
    (folder / ".hidden.md").write_text("not for anybody")
    knowledge.get_by_test_id("upload-folder-input").set_input_files(tmp_path / "Team")
    row = knowledge.locator('[data-testid=document-row][data-name="plan.md"]')
    expect(row).to_contain_text("Team/Plans")
    expect(knowledge.locator('[data-testid=upload-row][data-name=".hidden.md"]')).to_have_count(0)


def test_what_is_deleted_lies_in_the_trash(knowledge: Page) -> None:
    row = upload(knowledge, "old.md", TEXT + "old")
    row.get_by_test_id("document-delete").click()
    knowledge.get_by_test_id("document-undo").hover()  # It stays as long as somebody points at it.
    expect(row).to_have_count(0)
    knowledge.get_by_test_id("document-undo").click()
    expect(row).to_have_count(1)


def test_several_are_selected_and_deleted_together(knowledge: Page) -> None:
    rows = [upload(knowledge, f"{number}-bulk.md", f"{TEXT}{number}") for number in range(3)]
    for row in rows[:2]:
        row.get_by_test_id("document-select").click()
    expect(knowledge.get_by_test_id("bulk-count")).to_contain_text("2")
    knowledge.get_by_test_id("bulk-delete").click()
    expect(knowledge.get_by_test_id("bulk-preview")).to_contain_text("2 documents")
    knowledge.get_by_test_id("bulk-confirm").click()
    for row in rows[:2]:
        expect(row).to_have_count(0, timeout=READY_MS)
    expect(rows[2]).to_have_count(1)
    expect(knowledge.get_by_test_id("bulk-bar")).to_have_count(0)
    expect(knowledge.get_by_test_id("bulk-state")).to_have_attribute("data-state", "done", timeout=READY_MS)
    knowledge.get_by_test_id("bulk-undo").click()
    for row in rows:
        expect(row).to_have_count(1, timeout=READY_MS)


def test_ranges_and_all_that_match_are_selected(knowledge: Page) -> None:
    files = [
        {"name": f"range {number:02}.md", "mimeType": "text/markdown", "buffer": f"{TEXT}{number}".encode()}
        for number in range(53)
    ]
    knowledge.get_by_test_id("upload-input").set_input_files(files)
    expect(knowledge.get_by_test_id("document-row").first).to_be_visible(timeout=READY_MS)
    knowledge.get_by_test_id("document-search").fill("RANGE")
    span = knowledge.get_by_test_id("page-range")
    expect(span).to_have_text("1 to 50 of 53", timeout=180_000)
    boxes, count = knowledge.get_by_test_id("document-select"), knowledge.get_by_test_id("bulk-count")
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(count).to_have_text("4 selected")
    knowledge.keyboard.press("Shift+ArrowDown")
    expect(boxes.nth(5)).to_be_focused()
    expect(count).to_have_text("5 selected")
    knowledge.keyboard.press("Shift+ArrowUp")
    expect(count).to_have_text("4 selected")
    knowledge.keyboard.press("ArrowDown")
    knowledge.keyboard.press("ArrowDown")
    knowledge.keyboard.press("Space")
    expect(count).to_have_text("5 selected")
    knowledge.keyboard.press("Escape")
    expect(knowledge.get_by_test_id("bulk-bar")).to_have_count(0)
    knowledge.get_by_test_id("page-next").click()
    expect(span).to_have_text("51 to 53 of 53")
    expect(knowledge.get_by_test_id("document-row")).to_have_count(3)
    knowledge.get_by_test_id("select-all").click()
    knowledge.get_by_test_id("select-all-matching").click()
    expect(count).to_have_text("53 selected")
    knowledge.get_by_test_id("bulk-delete").click()
    expect(knowledge.get_by_test_id("bulk-preview")).to_contain_text("53 documents")
    knowledge.get_by_test_id("bulk-confirm").click()
    expect(knowledge.get_by_text("No document has this name.")).to_be_visible(timeout=180_000)
    knowledge.get_by_test_id("document-search").fill("")


def test_a_document_is_renamed_shared_and_found_by_name(knowledge: Page) -> None:
    row = upload(knowledge, "first-name.md", TEXT + "name")
    row.get_by_test_id("document-menu").click()
    knowledge.get_by_test_id("document-rename").click()
    knowledge.get_by_test_id("document-name").fill("Second name.md")
    knowledge.get_by_test_id("document-rename-save").click()
    renamed = knowledge.locator('[data-testid=document-row][data-name="Second name.md"]')
    expect(renamed).to_contain_text("Everyone")
    renamed.get_by_test_id("document-menu").click()
    knowledge.get_by_test_id("document-share").click()
    expect(renamed).to_contain_text("Only me")
    knowledge.get_by_test_id("document-search").fill("SECOND")
    expect(knowledge.get_by_test_id("document-row")).to_have_count(1)
    knowledge.get_by_test_id("document-search").fill("")


def test_a_document_that_is_not_there_says_so(page: Page) -> None:
    page.goto("/knowledge/00000000-0000-7000-8000-000000000000")
    expect(page.get_by_text("This document does not exist")).to_be_visible()


def test_a_download_is_the_original(knowledge: Page) -> None:
    row = upload(knowledge, "original.md", TEXT + "original")
    row.get_by_test_id("document-menu").click()
    with knowledge.expect_download() as waiting:
        knowledge.get_by_test_id("document-download").click()
    assert waiting.value.suggested_filename == "original.md"
    assert Path(waiting.value.path()).read_text() == TEXT + "original"


def test_documents_are_tagged_and_filtered(knowledge: Page) -> None:
    rows = [upload(knowledge, f"tagged-{number}.md", f"{TEXT}tagged {number}") for number in range(2)]
    for row in rows:
        row.get_by_test_id("document-select").click()
    knowledge.get_by_test_id("bulk-tag").click()
    knowledge.get_by_test_id("tag-search").fill("Feasts")
    knowledge.get_by_test_id("tag-create").click()
    for row in rows:
        expect(row.get_by_test_id("document-tag")).to_have_text("Feasts")
    knowledge.get_by_test_id("document-filter").click()
    knowledge.get_by_test_id("filter-tag").filter(has_text="Feasts").click()
    knowledge.keyboard.press("Escape")
    chip = knowledge.get_by_test_id("filter-chip")
    expect(chip).to_have_text("Feasts")
    expect(knowledge.get_by_test_id("document-row")).to_have_count(2)
    chip.click()
    expect(chip).to_contain_text("without")
    expect(rows[0]).to_have_count(0)
    knowledge.get_by_test_id("filter-clear").click()
    expect(rows[0]).to_have_count(1)


def test_a_filter_becomes_a_collection(knowledge: Page) -> None:
    row = upload(knowledge, "collected.md", f"{TEXT}collected")
    other = upload(knowledge, "collected.txt", f"{TEXT}collected too")
    row.get_by_test_id("document-menu").click()
    knowledge.get_by_test_id("document-favour").click()
    expect(row.locator(".favourite")).to_be_visible()
    knowledge.get_by_test_id("document-filter").click()
    knowledge.locator("[data-testid=filter-marks][data-value=favourites]").click()
    knowledge.locator("[data-testid=filter-kinds][data-value=Markdown]").click()
    knowledge.keyboard.press("Escape")
    expect(other).to_have_count(0)
    knowledge.get_by_test_id("collection-new").click()
    knowledge.get_by_test_id("collection-name").fill("Best pages")
    knowledge.get_by_test_id("collection-save").click()
    collection = knowledge.locator('[data-testid=collection-open][data-name="Best pages"]')
    expect(collection).to_have_attribute("aria-current", "true")
    knowledge.get_by_test_id("filter-clear").click()
    expect(other).to_be_visible()
    collection.click()
    expect(other).to_have_count(0)
    expect(knowledge.get_by_test_id("document-row")).to_have_count(1)
    knowledge.get_by_test_id("filter-chip").first.click()
    knowledge.get_by_test_id("collection-save-changes").click()
    expect(knowledge.get_by_test_id("collection-save-changes")).to_have_count(0)
    knowledge.get_by_test_id("collection-item").get_by_test_id("collection-menu").click()
    knowledge.get_by_test_id("collection-delete").click()
    knowledge.get_by_test_id("collection-delete-confirm").click()
    expect(collection).to_have_count(0)
    expect(other).to_be_visible()


def test_a_tag_is_made_changed_and_merged(knowledge: Page) -> None:
    knowledge.goto("/knowledge/tags")
    for name in ("Holidays", "Vacations"):
        knowledge.get_by_test_id("tag-new").click()
        knowledge.get_by_test_id("tag-name").fill(name)
        knowledge.get_by_test_id("tag-save").click()
        expect(knowledge.locator(f'[data-testid=tag-row][data-name="{name}"]')).to_be_visible()
    row = knowledge.locator('[data-testid=tag-row][data-name="Vacations"]')
    row.get_by_test_id("tag-menu").click()
    knowledge.get_by_test_id("tag-edit").click()
    expect(knowledge.get_by_test_id("tag-name")).to_have_value("Vacations")
    knowledge.get_by_test_id("tag-colour").select_option("green")
    knowledge.get_by_test_id("tag-save").click()
    expect(row.locator("[data-colour=green]")).to_be_visible()
    row.get_by_test_id("tag-menu").click()
    knowledge.get_by_test_id("tag-merge").click()
    knowledge.get_by_test_id("tag-target").filter(has_text="Holidays").click()
    expect(row).to_have_count(0)
    expect(knowledge.locator('[data-testid=tag-row][data-name="Holidays"]')).to_contain_text("Vacations")


def test_a_new_version_takes_over_and_the_old_one_comes_back(knowledge: Page) -> None:
    row = upload(knowledge, "leave.md")
    expect(row).to_have_attribute("data-status", "ready", timeout=READY_MS)
    upload(knowledge, "leave.md", TEXT.replace("thirty", "forty"))
    sent = knowledge.locator('[data-testid=upload-row][data-name="leave.md"]')
    expect(sent).to_have_attribute("data-status", "renewed")
    expect(sent).to_contain_text("version 2")
    expect(row).to_have_count(1)
    row.get_by_test_id("document-open").click()
    expect(knowledge.get_by_test_id("passage").first).to_contain_text("forty days", timeout=READY_MS)
    rows = knowledge.get_by_test_id("version-row")
    expect(rows).to_have_count(2)
    rows.first.get_by_test_id("version-compare").click()
    lines = knowledge.get_by_test_id("version-change").locator(".diff-line")
    expect(lines).to_have_count(2)
    expect(lines.nth(1)).to_contain_text("forty")
    knowledge.keyboard.press("Escape")
    with knowledge.expect_file_chooser() as choosing:
        knowledge.get_by_test_id("version-upload").click()
    choosing.value.set_files({"name": "b.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 nothing more"})
    expect(knowledge.get_by_test_id("version-failed")).to_be_visible(timeout=READY_MS)
    expect(knowledge.get_by_test_id("passage").first).to_contain_text("forty days")
    expect(rows.first).to_contain_text("damaged")
    rows.nth(2).get_by_test_id("version-restore").click()
    expect(knowledge.get_by_test_id("passage").first).to_contain_text("thirty days", timeout=READY_MS)
    expect(rows).to_have_count(4)
    expect(rows.first.get_by_test_id("version-state")).to_have_attribute("data-state", "current", timeout=READY_MS)
    knowledge.get_by_test_id("document-menu").click()
    knowledge.get_by_test_id("document-read-again").click()
    expect(rows).to_have_count(5)
    expect(rows.first).to_contain_text("Read again")
    expect(rows.first.get_by_test_id("version-state")).to_have_attribute("data-state", "current", timeout=READY_MS)


def test_what_is_there_already_is_told_and_settled(knowledge: Page) -> None:
    text = TEXT + " ".join(f"Rule {number} holds for the house and the garden." for number in range(60))
    expect(upload(knowledge, "rules.md", text)).to_have_attribute("data-status", "ready", timeout=READY_MS)
    row = upload(knowledge, "rules again.md", text)
    sent = knowledge.locator('[data-testid=upload-row][data-name="rules again.md"]')
    expect(sent).to_have_attribute("data-status", "same")
    expect(sent).to_contain_text("“rules.md”")
    sent.get_by_test_id("upload-skip").click()
    expect(sent).to_have_attribute("data-status", "skipped")
    expect(row).to_have_count(0)
    row = upload(knowledge, "nearly rules.md", text + " And nobody may smoke.")
    expect(row).to_have_attribute("data-status", "ready", timeout=READY_MS)
    sent = knowledge.locator('[data-testid=upload-row][data-name="nearly rules.md"]')
    expect(sent).to_have_attribute("data-status", "alike")
    expect(sent).to_contain_text("Much like “rules.md”")
    row.get_by_test_id("document-open").click()
    alike = knowledge.get_by_test_id("document-alike")
    expect(alike).to_contain_text("rules.md")
    alike.get_by_role("link").click()
    rows = knowledge.get_by_test_id("duplicate-row")
    expect(rows).to_have_count(2)
    expect(rows.nth(1).get_by_test_id("duplicate-version")).to_be_visible()
    knowledge.get_by_test_id("nav-knowledge").click()
    sent.get_by_test_id("upload-version").press("Enter")
    expect(sent).to_have_attribute("data-status", "joined")
    expect(row).to_have_count(0)
    kept = knowledge.locator('[data-testid=document-row][data-name="rules.md"]').get_by_test_id("document-open")
    # By its address: the row moves while the other one goes.
    knowledge.goto(str(kept.get_attribute("href")))
    expect(knowledge.get_by_test_id("version-row")).to_have_count(2)
    expect(knowledge.get_by_test_id("passage").last).to_contain_text("nobody may smoke", timeout=READY_MS)
