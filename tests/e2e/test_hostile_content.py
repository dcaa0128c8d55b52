"""Hostile words in every place that shows words: nothing of them runs, loads, or leads elsewhere by itself."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.attackers import client
from tests.e2e.conftest import EMAIL, PASSWORD, Product, ask

CORPUS = (Path(__file__).resolve().parents[1] / "fixtures" / "hostile_answer.md").read_text()
SHORT = "<img src=x onerror=window.__pwned=1><script>window.__pwned=2</script>\"'><svg onload=window.__pwned=3>"
FILE_NAME = "<img src=x onerror=window.__pwned=4>.md"
NAME = "<img src=x onerror=alert(5)>"
ANSWER = "[data-testid=message][data-role=assistant]"
# What a page of ours never holds unless somebody's words became elements.
INTRUDERS = (
    "[onerror], [onload], [onclick], [ontoggle], [onmouseover], iframe, object, embed, base, form[action*='evil']"
)
SMALL = re.compile(r"^http://localhost:\d+/api/documents/[0-9a-f-]{36}/thumbnail(\?again=\d+)?$")
WATCH = """
  window.__violations = [];
  document.addEventListener("securitypolicyviolation", (event) =>
    window.__violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


@pytest.fixture
def victim(context: BrowserContext, owner_cookies: list[dict[str, object]]) -> Iterator[Page]:
    """A tab that notes whatever hostile words achieve; the browser itself notes foreign requests."""
    context.add_cookies(owner_cookies)  # pyright: ignore[reportArgumentType]
    context.add_init_script(WATCH)
    page = context.new_page()
    achieved: list[str] = []
    page.on("dialog", lambda dialog: (achieved.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("pageerror", lambda error: achieved.append(f"error {error}"))
    page.on("popup", lambda popup: achieved.append(f"popup {popup.url}"))
    page.on("download", lambda download: achieved.append(f"download {download.url}"))
    page.goto("/chat")
    expect(page.get_by_test_id("chat-input")).to_be_focused()
    yield page
    assert achieved == []


def look_around(page: Page, *pictures: str) -> None:
    """Check that words stayed words; besides diagrams and the small pictures of documents, these may be shown."""
    page.wait_for_timeout(300)  # For what would load or run a moment later.
    assert page.evaluate("window.__pwned") is None
    assert page.evaluate("window.__violations") == []
    assert page.locator(INTRUDERS).count() == 0
    links = page.locator("a").evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    for link in links:
        assert link.startswith(("/", "#", "https://", "http://", "mailto:")), link
        assert not link.startswith("//"), link
    images = page.locator("img").evaluate_all("images => images.map((image) => image.src)")
    ours = ("data:image/svg+xml", *pictures)
    strange = [image for image in images if not image.startswith(ours) and not SMALL.match(image)]
    assert strange == []


def rest(page: Page, status: str = "done") -> None:
    expect(page.locator(ANSWER).last).to_have_attribute("data-status", status)


def test_an_answer_is_only_read(victim: Page, product: Product) -> None:
    ask(victim, "[[model=none]] A first word")
    rest(victim)
    # The corpus as the model's answer, streamed by an echo of the question.
    victim.get_by_test_id("chat-model").click()
    victim.locator("[data-testid=model-option][data-model='test-echo']").click()
    ask(victim, CORPUS)
    expect(victim.locator(ANSWER)).to_have_count(2)
    rest(victim)
    look_around(victim)
    victim.reload()
    rest(victim)
    look_around(victim)
    expect(victim.locator(f"{ANSWER} a", has_text="https://bank.example").first).to_contain_text("evil.example")
    outward = victim.locator(f"{ANSWER} a[href^='http']").evaluate_all(
        "links => links.map((link) => [link.rel, link.target])"
    )
    assert outward
    assert all(rel == "noopener noreferrer nofollow" and target == "_blank" for rel, target in outward)


def test_a_question_and_its_title_are_only_read(victim: Page) -> None:
    ask(victim, SHORT)
    rest(victim)
    expect(victim.locator("[data-role=user]").get_by_test_id("message-text")).to_contain_text("<script>")
    look_around(victim)
    item = victim.locator("[data-testid=conversation-item][data-current=true]")
    item.hover()
    item.get_by_test_id("conversation-menu").click()
    victim.get_by_test_id("conversation-rename").click()
    victim.get_by_test_id("conversation-title").fill(SHORT)
    victim.get_by_test_id("conversation-title").press("Enter")
    expect(victim.locator("h1")).to_contain_text("<img")
    look_around(victim)


def test_a_documents_name_text_and_passages_are_only_read(victim: Page, product: Product) -> None:
    [cookie] = [cookie for cookie in victim.context.cookies() if cookie["name"].startswith("session_")]
    headers = {"x-requested-with": "convosphere", "x-file-name": FILE_NAME, "x-share": "me"}
    text = f"# Heron {SHORT}\n\nThe purple heron nests in reeds. {SHORT}\n\n{CORPUS}"
    with client(product, f"{cookie['name']}={cookie['value']}") as browser:
        answer = browser.post("/api/files", content=text.encode(), headers=headers)
    assert answer.status_code == 201
    victim.goto("/knowledge")
    row = victim.locator(f"[data-testid=document-row][data-document-id='{answer.json()['id']}']")
    expect(row).to_have_attribute("data-status", "ready")
    look_around(victim)
    victim.goto(f"/knowledge/{answer.json()['id']}")
    expect(victim.get_by_test_id("passage").first).to_be_visible()
    look_around(victim)
    victim.goto("/chat")
    victim.get_by_test_id("chat-model").click()
    victim.locator("[data-testid=model-option][data-model='reader']").click()
    ask(victim, "Where does the purple heron nest?")
    rest(victim)
    victim.locator(ANSWER).get_by_test_id("citation").first.click()
    expect(victim.get_by_test_id("passage-highlight")).to_be_visible()
    look_around(victim)


def test_names_of_assistants_prompts_and_folders_are_only_read(victim: Page) -> None:
    page = victim
    page.goto("/assistants")
    page.get_by_test_id("assistant-new").first.click()
    page.get_by_test_id("assistant-name").fill(NAME)
    page.get_by_test_id("assistant-instructions").fill(CORPUS)
    page.get_by_test_id("assistant-starters").fill(NAME)
    page.get_by_test_id("assistant-save").click()
    expect(page.get_by_test_id("assistant-facts")).to_have_attribute("data-state", "draft")
    look_around(page)
    page.get_by_test_id("assistant-chat").click()
    expect(page.get_by_test_id("assistant-welcome")).to_contain_text(NAME)
    look_around(page)
    page.goto("/prompts")
    page.get_by_test_id("prompt-new").first.click()
    page.get_by_test_id("prompt-name").fill(NAME)
    page.get_by_test_id("prompt-text").fill(CORPUS)
    look_around(page)
    page.get_by_test_id("prompt-save").click()
    expect(page.get_by_test_id("prompt-menu")).to_be_visible()
    look_around(page)
    page.goto("/chat")
    field = page.get_by_test_id("chat-input")
    for sign in "/@":
        field.press_sequentially(f"{sign}img")
        expect(page.get_by_test_id("trigger-option").first).to_contain_text("<img")
        look_around(page)
        field.fill("")
    page.get_by_test_id("conversation-folder-new").click()
    page.get_by_test_id("folder-name").fill(NAME)
    page.get_by_test_id("folder-save").click()
    expect(page.get_by_test_id("conversation-folder").filter(has_text="<img")).to_have_count(1)
    look_around(page)


def test_names_of_files_and_tags_are_only_read(victim: Page, product: Product) -> None:
    page = victim
    page.goto("/chat")
    image = Image.new("RGB", (9, 9))
    image.save(encoded := io.BytesIO(), "PNG")
    page.get_by_test_id("chat-attach-input").set_input_files(
        [
            {"name": FILE_NAME, "mimeType": "text/markdown", "buffer": CORPUS.encode()},
            {"name": f"{NAME}.png", "mimeType": "image/png", "buffer": encoded.getvalue()},
        ]
    )
    expect(page.locator("[data-testid=attachment][data-status=ready]")).to_have_count(2)
    look_around(page, f"{product.url}/api/attachments/")
    ask(page, "[[text=Fine]] What is this?")
    rest(page)
    expect(page.get_by_test_id("message-file")).to_have_count(2)
    line = page.locator("[data-testid=conversation-item][data-current=true]")
    line.hover()
    line.get_by_test_id("conversation-menu").click()
    page.get_by_test_id("conversation-tags").click()
    page.get_by_test_id("conversation-tag-name").fill(NAME)
    page.get_by_test_id("conversation-tag-add").click()
    expect(page.get_by_test_id("conversation-tag").first).to_contain_text("<img")
    look_around(page, f"{product.url}/api/attachments/")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("conversation-tag-name")).to_have_count(0)
    page.keyboard.press("Control+k")
    page.get_by_test_id("command-input").fill("<img")
    look_around(page, f"{product.url}/api/attachments/")


def test_a_template_is_only_read(victim: Page) -> None:
    victim.goto("/templates/new")
    for field in ("name", "description", "instructions"):
        victim.get_by_test_id(f"template-{field}").fill(SHORT[:80])
    victim.get_by_test_id("template-exchange-add").click()
    victim.get_by_test_id("template-question").fill(SHORT)
    victim.get_by_test_id("template-answer").fill(CORPUS)
    victim.get_by_test_id("template-save").click()
    expect(victim.locator("h1")).to_contain_text("<img")
    look_around(victim)
    victim.goto("/templates")
    expect(victim.get_by_test_id("template-row").filter(has_text="<img")).to_be_visible()
    look_around(victim)
    victim.goto("/chat")
    expect(victim.get_by_test_id("template-offer").filter(has_text="<img")).to_be_visible()
    look_around(victim)
    victim.get_by_test_id("template-offer").filter(has_text="<img").click()
    expect(victim.locator(ANSWER)).to_have_count(1)
    look_around(victim)


def test_errors_and_addresses_are_only_read(victim: Page) -> None:
    for address in (
        f"/chat/{SHORT}",
        f"/knowledge/{SHORT}",
        f"/sign-in?next={SHORT}",
        f"/{SHORT}",
        f"/set-up?token={SHORT}",
    ):
        victim.goto(address)
        victim.wait_for_load_state("networkidle")
        look_around(victim)


WISHES = [
    "//evil.example", "/\\evil.example", "/%09/evil.example", "/%0a//evil.example", "https://evil.example", "//",
    "\\\\evil.example", "javascript:window.__pwned=1", "/%5cevil.example", "%20//evil.example", "data:text/html,x",
    "http:evil.example", "/%0d/evil.example/%2e%2e",
]  # fmt: skip


@pytest.mark.parametrize("wish", WISHES)
def test_after_signing_in_nobody_is_led_elsewhere(
    context: BrowserContext, product: Product, owner_cookies: object, wish: str
) -> None:
    page = context.new_page()
    page.route("**/auth/sign-in", lambda route: route.fulfill(status=200, json={"locale": "en"}))
    page.goto(f"/sign-in?next={wish}")
    page.get_by_test_id("login-email").fill(EMAIL)
    page.get_by_test_id("login-password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_test_id("login-submit").click()
    assert page.url.startswith(product.url + "/")
    assert page.evaluate("window.__pwned") is None


def test_a_wish_of_our_own_is_followed(context: BrowserContext, product: Product, owner_cookies: object) -> None:
    page = context.new_page()
    page.goto("/sign-in?next=/knowledge%3Fa=b")
    page.get_by_test_id("login-email").fill(EMAIL)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    page.wait_for_url(f"{product.url}/knowledge?a=b")
