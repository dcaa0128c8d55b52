"""Conversations leave as files and come back, by what a person presses."""

import json
import re
from pathlib import Path
from uuid import UUID, uuid4

from playwright.sync_api import Page, expect

from tests.e2e.conftest import ask, run_command

ANSWER = "[data-testid=message][data-role=assistant]"


def test_a_conversation_leaves_and_comes_back(page: Page, tmp_path: Path) -> None:
    ask(page, "[[text=The_walrus_dives]] How does it swim?")
    expect(page.locator(ANSWER).last).to_have_attribute("data-status", "done")
    expect(page).to_have_url(re.compile(r"/chat/[0-9a-f-]{36}$"))
    line = page.locator(f"[data-testid=conversation-item][data-conversation-id='{page.url[-36:]}']")
    line.get_by_test_id("conversation-menu").click()
    page.get_by_test_id("export-menu").click()
    with page.expect_download() as downloading:
        page.locator("[data-testid=export-option][data-format=pdf]").click()
    assert downloading.value.suggested_filename.endswith(".pdf")
    assert Path(downloading.value.path()).read_bytes().startswith(b"%PDF-")

    page.keyboard.press("Control+k")
    run_command(page, "export this")
    with page.expect_download() as downloading:
        page.locator("[data-testid=export-option][data-format=json]").click()
    path = tmp_path / "walrus.json"
    downloading.value.save_as(path)
    told = json.loads(path.read_text())["conversations"]
    assert [message["parts"][-1]["text"] for message in told[0]["messages"]][1] == "The walrus dives"

    line.get_by_test_id("conversation-menu").click()
    page.get_by_test_id("conversation-mark").click()
    page.get_by_test_id("conversations-export").click()
    with page.expect_download() as downloading:
        page.locator("[data-testid=export-option][data-format=markdown]").click()
    assert "The walrus dives" in Path(downloading.value.path()).read_text()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("conversations-bar")).to_have_count(0)

    line.get_by_test_id("conversation-menu").click()
    page.get_by_test_id("conversation-delete").click()
    expect(line).to_have_count(0)
    page.get_by_test_id("shelf-menu").click()
    page.get_by_test_id("shelf-import").click()
    page.get_by_test_id("import-file").set_input_files(path)
    expect(page.locator("[data-testid=import-figure][data-name=conversations]")).to_have_text("1")
    page.get_by_test_id("import-take-in").click()
    expect(page.get_by_test_id("import-done")).to_be_visible()
    page.get_by_test_id("import-close").click()
    page.locator("[data-testid=conversation-item] a", has_text=told[0]["title"]).first.click()
    expect(page.locator(ANSWER).last).to_contain_text("The walrus dives")


def test_a_file_that_is_no_export_says_so(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    path.write_text("<html>")
    page.keyboard.press("Control+k")
    run_command(page, "import conv")
    page.get_by_test_id("import-file").set_input_files(path)
    expect(page.get_by_test_id("import-failed")).to_contain_text("no JSON")
    page.get_by_test_id("import-discard").click()
    expect(page.get_by_test_id("import-choose")).to_be_visible()


def test_what_stays_behind_is_named_before_anything_comes_in(page: Page, tmp_path: Path) -> None:
    then = "2026-05-01T10:00:00Z"
    said = {"number": 1, "role": "user", "parts": [{"type": "text", "text": "Which owls?"}], "created_at": then}
    gone = [{"id": str(UUID(int=number)), "name": f"Gone {number}.pdf"} for number in range(1, 56)]
    told = {
        "id": f"convosphere:{uuid4()}", "title": "Owls of elsewhere", "created_at": then, "updated_at": then,
        "messages": [said], "instructions": "Hoot.", "documents": gone, "assistant": {"id": str(uuid4())},
    }  # fmt: skip
    path = tmp_path / "elsewhere.json"
    path.write_text(json.dumps({"format": "convosphere.conversations", "version": 2, "conversations": [told]}))
    page.keyboard.press("Control+k")
    run_command(page, "import conv")
    page.get_by_test_id("import-file").set_input_files(path)
    expect(page.get_by_test_id("import-ready")).to_contain_text("1 conversation brings instructions of its own.")
    documents = page.locator("[data-testid=import-behind][data-kind=documents] li")
    expect(documents).to_have_count(51)
    expect(documents.first).to_have_text("Gone 1.pdf")
    expect(documents.last).to_have_text("and more")
    expect(page.locator("[data-testid=import-behind][data-kind=assistants] li")).to_have_text("Without a name")
    page.get_by_test_id("import-take-in").click()
    expect(page.get_by_test_id("import-done")).to_contain_text("comes without its assistant")
    page.get_by_test_id("import-close").click()
    expect(page.locator("[data-testid=conversation-item] a", has_text="Owls of elsewhere")).to_be_visible()
