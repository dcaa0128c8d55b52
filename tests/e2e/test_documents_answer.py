"""The promise of the product: a document goes in, an answer comes out, and its citation opens the very passage."""

import io
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

from tests.e2e.conftest import PASSWORD, Product, ask
from tests.integration.knowledge.parsing.makers import faxed_pdf

ANSWER = "[data-testid=message][data-role=assistant]"
BEAM = "def rotate_lantern_beam(angle):\n    # The lantern beam turns by seven degrees.\n    return angle + 7\n"
RULE = "Employees of the observatory receive thirty-one days of paid holiday in each calendar year."


@pytest.fixture(scope="package")
def pdf() -> bytes:
    """Two pages; the answer stands on the second."""
    style = getSampleStyleSheet()["BodyText"]
    story = [
        Paragraph("The observatory opens at nine and closes at six. " * 6, style),
        PageBreak(),
        Paragraph(RULE + " Days that are left lapse at the end of March.", style),
    ]
    out = io.BytesIO()
    SimpleDocTemplate(out, title="Observatory rules").build(story)
    return out.getvalue()


@pytest.fixture
def page_with_pdf(page: Page, pdf: bytes) -> Page:
    """The owner's tab, with the document ready."""
    page.goto("/knowledge")
    row = page.locator("[data-testid=document-row][data-name='observatory.pdf']")
    if row.count() == 0:
        page.get_by_test_id("upload-input").set_input_files(
            {"name": "observatory.pdf", "mimeType": "application/pdf", "buffer": pdf}
        )
    expect(row).to_have_attribute("data-status", "ready")
    page.goto("/chat")
    expect(page.get_by_test_id("chat-input")).to_be_focused()
    return page


def copied_text(page: Page, answer: Locator) -> str:
    """What is in the clipboard after a click on Copy, in a browser that keeps its own from pages behind plain http."""
    page.evaluate('Object.defineProperty(navigator, "clipboard", { value: undefined, configurable: true })')
    answer.get_by_test_id("message-copy").click()
    field = page.get_by_test_id("chat-input")
    field.press("Control+V")
    expect(field).not_to_have_value("")
    text = field.input_value()
    field.fill("")
    return text


@pytest.mark.parametrize("model", ["reader", "test-answer"])
def test_a_citation_opens_the_very_passage(page_with_pdf: Page, model: str) -> None:
    page = page_with_pdf
    page.get_by_test_id("chat-model").click()
    page.locator(f"[data-testid=model-option][data-model='{model}']").click()
    ask(page, "How many days of paid holiday do employees of the observatory receive?")
    answer = page.locator(ANSWER).last
    expect(answer).to_have_attribute("data-status", "done")
    copied = copied_text(page, answer)
    assert "thirty-one days" in copied
    assert "[1]" in copied
    assert "#cite" not in copied
    chip = answer.get_by_test_id("citation").first
    chip.click()
    panel = page.get_by_test_id("passage-panel")
    expect(panel.get_by_test_id("passage-highlight")).to_contain_text("thirty-one days")
    expect(panel.get_by_test_id("passage-highlight")).to_be_in_viewport()
    expect(panel).to_contain_text("observatory.pdf")
    expect(panel).to_contain_text("Page 2")
    page.keyboard.press("Escape")
    expect(panel).not_to_be_visible()


def test_a_citation_leads_to_the_page_of_the_pdf(page_with_pdf: Page) -> None:
    """What draws PDFs comes with the first one that is shown, runs no script of it, and marks what was cited."""
    page, fetched, troubles = page_with_pdf, list[str](), list[str]()
    page.on("request", lambda request: fetched.append(request.url))
    page.on("console", lambda said: troubles.append(said.text) if "Content Security" in said.text else None)
    ask(page, "How many days of paid holiday do employees of the observatory receive?")
    answer = page.locator(ANSWER).last
    expect(answer).to_have_attribute("data-status", "done")
    answer.get_by_test_id("citation").first.click()
    expect(page.get_by_test_id("passage-highlight")).to_be_visible()
    assert not [url for url in fetched if "pdf" in url]
    page.get_by_test_id("passage-open").click()
    mark = page.get_by_test_id("pdf-mark")
    expect(mark).to_contain_text("Employees of the observatory")
    expect(mark).to_be_in_viewport()
    number = page.get_by_test_id("pdf-number")
    expect(number).to_have_value("2")
    expect(page.get_by_test_id("pdf")).to_have_attribute("data-pages", "2")
    number.fill("1")
    number.press("Enter")
    expect(page.locator("[data-testid=pdf-page][data-page='1']")).to_be_in_viewport(ratio=0.4)
    expect(number).to_have_value("1")
    page.get_by_test_id("document-side-text").click()
    expect(page.get_by_test_id("passage").last).to_contain_text("thirty-one days")
    assert any("pdf.worker" in url for url in fetched)
    assert not any("sandbox" in url for url in fetched)
    assert troubles == []


def test_a_scan_is_shown_though_nothing_was_read_of_it(page: Page, tmp_path: Path) -> None:
    """Its picture needs a decoder that is fetched for such files only. What it would run as it is opened never runs."""
    opened, fetched = list[str](), list[str]()
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: fetched.append(request.url))
    page.goto("/knowledge")
    scan = {"name": "fax.pdf", "mimeType": "application/pdf", "buffer": faxed_pdf(tmp_path / "fax.pdf").read_bytes()}
    page.get_by_test_id("upload-input").set_input_files(scan)
    row = page.locator("[data-testid=document-row][data-name='fax.pdf']")
    row.get_by_test_id("document-open").click()
    expect(page.get_by_test_id("pdf-page")).to_have_attribute("data-drawn", "true")
    middle = """(canvas) => [...canvas.getContext("2d").getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data]"""
    assert page.get_by_test_id("pdf-page").locator("canvas").evaluate(middle) == [0, 0, 0, 255]
    assert opened == []
    assert not [url for url in fetched if "sandbox" in url or "quickjs" in url]


COUNT_CANVASES = """
    window.canvases = 0;
    new MutationObserver((changes) => {
        for (const { addedNodes } of changes)
            window.canvases += [...addedNodes].filter((node) => node.nodeName === "CANVAS").length;
    }).observe(document, { childList: true, subtree: true });
"""


def test_of_many_pages_those_near_the_screen_are_drawn(page: Page) -> None:
    style, out = getSampleStyleSheet()["BodyText"], io.BytesIO()
    days = [part for day in range(80) for part in (Paragraph(f"Tides of day {day}.", style), PageBreak())]
    SimpleDocTemplate(out).build(days)
    page.add_init_script(COUNT_CANVASES)
    page.goto("/knowledge")
    tides = {"name": "tides.pdf", "mimeType": "application/pdf", "buffer": out.getvalue()}
    page.get_by_test_id("upload-input").set_input_files(tides)
    page.locator("[data-testid=document-row][data-name='tides.pdf']").get_by_test_id("document-open").click()
    expect(page.locator("[data-testid=pdf-page][data-page='1']")).to_have_attribute("data-drawn", "true")
    assert 0 < page.evaluate("window.canvases") < 10
    last = page.locator("[data-testid=pdf-page][data-page='80']")
    last.scroll_into_view_if_needed()
    expect(last).to_have_attribute("data-drawn", "true")


def test_cited_markdown_is_drawn_with_its_marks(page: Page) -> None:
    """No pipes and stars, no HTML that lives, and the cited stretch in the very words that it has."""
    text = (
        "## Harbour fees\n\n**Every** ship pays a *harbour fee*, also small ones. <img src=x onerror=alert(1)>\n\n"
        "![chart](https://evil.example/a.png)\n\n"
        "| Ship | Fee |\n|------|----:|\n| Schooner | 41 &amp; a half |\n| Frigate | 97 |\n"
    )
    page.goto("/knowledge")
    page.get_by_test_id("upload-input").set_input_files(
        {"name": "harbour.md", "mimeType": "text/markdown", "buffer": text.encode()}
    )
    row = page.locator("[data-testid=document-row][data-name='harbour.md']")
    expect(row).to_have_attribute("data-status", "ready")
    row.get_by_test_id("document-open").click()
    expect(page.get_by_test_id("passage").first.locator("table")).to_contain_text("Schooner")
    page.get_by_test_id("new-chat").click()
    page.get_by_test_id("chat-model").click()
    page.locator("[data-testid=model-option][data-model='reader']").click()
    ask(page, "Which harbour fee does a ship pay?")
    answer = page.locator(ANSWER).last
    expect(answer).to_have_attribute("data-status", "done")
    answer.get_by_test_id("citation").first.click()
    panel = page.get_by_test_id("passage-panel")
    expect(panel.get_by_test_id("passage-highlight")).to_contain_text("Every ship pays a harbour fee, also small ones.")
    expect(panel.locator("td").nth(1)).to_have_text("41 & a half")
    words = panel.inner_text()
    assert not any(sign in words for sign in ("##", "**", "|"))
    assert "<img src=x onerror=alert(1)>" in words
    assert panel.locator("img, script, iframe").count() == 0
    marked = " ".join("".join(panel.locator("mark").all_text_contents()).split())
    assert marked.startswith("Harbour feesEvery ship pays a harbour fee")
    assert marked.endswith("Frigate97")
    expect(panel.get_by_test_id("passage-newer")).to_have_count(0)
    # What was cited stays, with a word on what has become of it.
    panel.get_by_role("link", name="Open the document").click()
    mark = page.get_by_test_id("preview-text").get_by_test_id("passage-highlight")
    expect(mark).to_contain_text("also small ones")
    expect(mark).to_be_in_viewport()
    page.get_by_test_id("document-side-text").click()
    with page.expect_file_chooser() as choosing:
        page.get_by_test_id("version-upload").click()
    newer = text.replace("also small ones", "and no boat")
    choosing.value.set_files({"name": "harbour.md", "mimeType": "text/markdown", "buffer": newer.encode()})
    expect(page.get_by_test_id("passage").first).to_contain_text("and no boat")
    page.go_back()
    page.locator(ANSWER).last.get_by_test_id("citation").first.click()
    expect(panel.get_by_test_id("passage-newer")).to_have_attribute("data-newer", "differs")
    expect(panel.get_by_test_id("passage-highlight")).to_contain_text("also small ones")


def test_a_citation_leads_to_its_place_in_a_page_that_was_made_of_a_file(page: Page) -> None:
    """The frame runs nothing, so the server marks; the code beside it is marked over its colours."""
    told = "The lighthouse keeper paints the lantern room every seventh spring."
    around = "".join(f"<p>Log entry {number} says nothing of note.</p>" for number in range(80))
    files = {"keeper.html": f"<h1>Log</h1>{around}<p>{told}</p>{around}", "beam.py": "x = 1\n" * 400 + BEAM}
    page.goto("/knowledge")
    for name, text in files.items():
        page.get_by_test_id("upload-input").set_input_files(
            {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
        )
        row = page.locator(f"[data-testid=document-row][data-name='{name}']")
        expect(row).to_have_attribute("data-status", "ready")
    open_cited(page, "How often does the lighthouse keeper paint the lantern room?", "keeper.html")
    frame = page.frame_locator("[data-testid=preview-sheet]")
    expect(frame.locator("mark", has_text=told.rstrip("."))).to_be_attached()
    expect(frame.locator("mark#cited")).to_be_in_viewport()
    open_cited(page, "Which angle does rotate_lantern_beam turn by?", "beam.py")
    expect(page.locator(".preview-text .hljs-keyword").first).to_be_attached()
    marked = "[...CSS.highlights.get('cited') ?? []].join('')"
    page.wait_for_function(f"({marked}).includes('rotate_lantern_beam')")
    top = "[...CSS.highlights.get('cited')][0].getBoundingClientRect().top"
    page.wait_for_function(f"{top} > 0 && {top} < innerHeight")


def open_cited(page: Page, question: str, name: str) -> None:
    page.get_by_test_id("new-chat").click()
    page.get_by_test_id("chat-model").click()
    page.locator("[data-testid=model-option][data-model='reader']").click()
    ask(page, question)
    answer = page.locator(ANSWER).last
    expect(answer).to_have_attribute("data-status", "done")
    answer.get_by_test_id("citation").first.click()
    panel = page.get_by_test_id("passage-panel")
    expect(panel).to_contain_text(name)
    panel.get_by_test_id("passage-open").click()


def test_what_the_documents_do_not_say_is_not_made_up(page_with_pdf: Page) -> None:
    page = page_with_pdf
    page.get_by_test_id("chat-model").click()
    page.locator("[data-testid=model-option][data-model='reader']").click()
    ask(page, "Which volcano erupted in Iceland?")
    answer = page.locator(ANSWER).last
    expect(answer).to_have_attribute("data-status", "done")
    expect(answer).to_contain_text("do not say")
    expect(answer.get_by_test_id("citation")).to_have_count(0)


def test_somebody_invited_sees_what_is_shared(page_with_pdf: Page, context: BrowserContext, product: Product) -> None:
    """The link is made, used once, and opens the documents that are for everyone."""
    page = page_with_pdf
    page.goto("/knowledge")
    row = page.locator("[data-testid=document-row][data-name='observatory.pdf']")
    expect(row).to_have_attribute("data-status", "ready")
    page.get_by_test_id("user-menu").click()
    page.get_by_test_id("invite-open").click()
    page.get_by_test_id("invite-send").click()
    link = page.get_by_test_id("invite-link").input_value()
    page.keyboard.press("Escape")
    other = context.browser.new_context(locale="en-US", base_url=product.url)  # pyright: ignore[reportOptionalMemberAccess]
    guest = other.new_page()
    guest.goto(link)
    guest.get_by_test_id("language-menu").click()
    guest.locator("[data-testid=language-option][data-locale=de]").click()
    guest.get_by_test_id("signup-name").fill("Charles Babbage")
    guest.get_by_test_id("signup-email").fill("charles@example.org")
    guest.get_by_test_id("signup-password").fill(PASSWORD)
    guest.get_by_test_id("signup-submit").click()
    expect(guest.get_by_test_id("chat-input")).to_be_visible()
    guest.goto("/knowledge")
    theirs = guest.locator("[data-testid=document-row][data-name='observatory.pdf']")
    expect(theirs).to_have_count(1)
    guest.evaluate("localStorage.clear()")
    guest.reload()
    expect(guest.get_by_test_id("new-chat")).to_contain_text("Neuer Chat")
    other.close()
