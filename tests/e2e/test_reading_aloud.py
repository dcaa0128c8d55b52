"""Answers are read aloud by voices of the browser. This one has none, so it is lent some that only note it down."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import ask

ANSWER = "[data-testid=message][data-role=assistant]"
VOICES = """
window.said = [];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
let speaking = null;
const voices = [
  { name: "Anna", lang: "de-DE", localService: true },
  { name: "Near", lang: "en-GB", localService: true },
  { name: "Far", lang: "en-US", localService: false, default: true },
  { name: "Loin", lang: "fr-FR", localService: false },
];
window.finish = () => { const ended = speaking; speaking = null; ended.onend(); };
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => voices,
  cancel: () => { const left = speaking; speaking = null; left?.onerror({ error: "canceled" }); },
  speak: (utterance) => { speaking = utterance; said.push([utterance.voice.name, utterance.rate, utterance.text]); },
} });
"""


def said(page: Page) -> list[list[object]]:
    return page.evaluate("window.said.splice(0)")


def test_an_answer_is_read_sentence_by_sentence_and_rests(page: Page) -> None:
    page.add_init_script(VOICES)
    page.goto("/account")
    expect(page.get_by_test_id("profile-name")).to_have_value("Ada Lovelace")
    page.get_by_test_id("profile-speech-rate").select_option("1.25")
    page.goto("/chat")
    ask(page, "[[markdown]] Tell me")
    last = page.locator(ANSWER).last
    expect(last).to_have_attribute("data-status", "done")
    button, stop = last.get_by_test_id("message-read"), last.get_by_test_id("message-read-stop")
    page.keyboard.press("Control+Shift+L")
    expect(stop).to_be_visible()
    assert said(page) == [["Near", 1.25, "A heading"]]
    page.evaluate("finish()")
    assert said(page) == [["Near", 1.25, "A paragraph with bold words, inline code and a link."]]
    button.click()
    page.keyboard.press("Control+Shift+L")
    assert said(page) == [["Near", 1.25, "A paragraph with bold words, inline code and a link."]]
    for _ in range(7):
        page.evaluate("finish()")
    texts = [text for _, _, text in said(page)]
    assert texts == ["first point", "second point", "a nested one", "Item, Amount", "One, 1.50", "Two, 2.75",
                     "Inline mathematics ends it."]  # fmt: skip
    page.evaluate("finish()")
    expect(stop).to_have_count(0)
    expect(button).to_have_accessible_name("Read aloud")


def test_it_speaks_the_language_of_the_answer_and_says_where_it_cannot(page: Page) -> None:
    page.add_init_script(VOICES)
    page.goto("/chat")
    ask(page, "[[text=Die_Frist_ist_kurz,_und_sie_beginnt_heute.]] When?")
    last = page.locator(ANSWER).last
    expect(last).to_have_attribute("data-status", "done")
    last.get_by_test_id("message-read").click()
    expect(last.get_by_test_id("message-read-stop")).to_be_visible()
    assert said(page) == [["Anna", 1, "Die Frist ist kurz, und sie beginnt heute."]]
    # What is left is not read on.
    page.get_by_test_id("new-chat").click()
    expect(page.locator(".welcome")).to_be_visible()
    ask(page, "[[text=Le_délai_est_court_et_il_commence_avec_le_contrat.]] And in French?")
    expect(last).to_have_attribute("data-status", "done")
    last.get_by_test_id("message-read").click()
    expect(last.locator(".read-note")).to_contain_text("no voice of its own for French")
    assert said(page) == []
