"""The composer: prompts with gaps, signs, files, and pastes of any size."""

import io

from PIL import Image
from playwright.sync_api import Page, WebSocket, expect

from tests.e2e.conftest import stay
from tests.e2e.test_chat import answer

OWLS = b"# Owls\n\nThe eagle owl Bertram hunts hedgehogs in the moonlit quarry of Oberdorf.\n"


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "teal").save(out, "PNG")
    return out.getvalue()


def paste(page: Page, length: int) -> None:
    """What a person pastes; in the page, as so much does not go through the tests' own connection."""
    page.get_by_test_id("chat-input").evaluate(
        """(field, length) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", "word ".repeat(length / 5));
            field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        length,
    )


def test_a_prompt_is_written_called_and_filled(page: Page) -> None:
    page.get_by_test_id("nav-prompts").click()
    page.get_by_test_id("prompt-new").first.click()
    page.get_by_test_id("prompt-name").fill("Kind letter")
    page.get_by_test_id("prompt-text").fill("Write to {{name}} in a {{tone}} way.")
    tone = page.locator("[data-testid=prompt-variable][data-name=tone]")
    tone.get_by_test_id("prompt-variable-kind").select_option("choice")
    tone.get_by_test_id("prompt-variable-options").fill("warm\ncool")
    page.locator("#preview-name").fill("Ada")
    expect(page.get_by_test_id("prompt-preview")).to_have_text("Write to Ada in a  way.")
    stay(page)
    expect(page.get_by_test_id("prompt-preview")).to_have_text("Write to Ada in a  way.")
    page.get_by_test_id("prompt-save").click()
    expect(page.get_by_test_id("prompt-menu")).to_be_visible()
    page.get_by_test_id("nav-chat").click()
    field = page.get_by_test_id("chat-input")
    field.press_sequentially("/kind")
    expect(page.locator("[data-testid=trigger-option][data-kind=prompt]")).to_have_count(1)
    field.press("Enter")
    form = page.get_by_test_id("prompt-form")
    form.locator("[data-name=name]").fill("Bob")
    form.locator("[data-name=tone]").select_option("warm")
    page.get_by_test_id("prompt-insert").click()
    expect(field).to_have_value("Write to Bob in a warm way.")
    field.press("Enter")
    answer(page)


def test_files_come_with_a_question(page: Page) -> None:
    page.get_by_test_id("chat-attach-input").set_input_files(
        [
            {"name": "owls.md", "mimeType": "text/markdown", "buffer": OWLS},
            {"name": "owl.png", "mimeType": "image/png", "buffer": picture()},
            {"name": "evil.svg", "mimeType": "image/svg+xml", "buffer": b"<svg onload=alert(1)>"},
        ]
    )
    chips = page.get_by_test_id("attachment")
    expect(chips.and_(page.locator("[data-status=ready]"))).to_have_count(2)
    expect(chips.and_(page.locator("[data-status=failed]"))).to_have_count(1)
    expect(page.get_by_test_id("attachment-blind")).to_be_visible()
    expect(page.get_by_test_id("attachment-use")).to_have_value("whole")
    page.locator("[data-testid=attachment][data-status=failed]").get_by_test_id("attachment-remove").click()
    page.get_by_test_id("chat-input").fill("[[echo]] Who hunts?")
    page.get_by_test_id("chat-send").click()
    expect(page.get_by_test_id("message-file")).to_have_count(2)
    expect(chips).to_have_count(0)
    answer(page)
    page.reload()
    expect(page.get_by_test_id("message-file")).to_have_count(2)
    expect(page.locator("[data-testid=message-file] img")).to_have_js_property("naturalWidth", 80)


def test_long_pastes_become_files_and_words_cost_nothing(page: Page) -> None:
    sent: list[str] = []
    page.on("websocket", lambda socket: _listen(socket, sent))
    page.reload()
    field = page.get_by_test_id("chat-input")
    expect(page.get_by_test_id("chat-model")).to_be_visible()
    expect(page.get_by_test_id("chat-model")).to_contain_text("test-answer")
    page.wait_for_load_state("networkidle")
    before = len(sent)
    field.press_sequentially("Forty-two words, and each of them is free of charge.")
    events = [frame for frame in sent[before:] if "event" in frame]
    assert events == [], "a keystroke costs no round trip"
    paste(page, 150_000)
    expect(page.locator("[data-testid=attachment][data-status=ready]")).to_have_count(1)
    paste(page, 10_000_000)
    expect(page.get_by_test_id("composer-told")).to_be_visible()
    expect(page.get_by_test_id("attachment")).to_have_count(1)
    page.get_by_test_id("attachment-remove").click()
    expect(page.get_by_test_id("attachment")).to_have_count(0)
    field.fill("")


def _listen(socket: WebSocket, sent: list[str]) -> None:
    socket.on("framesent", lambda payload: sent.append(str(payload)))
