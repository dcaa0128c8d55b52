"""The sidebar by the mouse: chats and folders are dragged, pinned, and many are kept at once."""

import re
from contextlib import suppress

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Product, ask
from tests.e2e.test_chat import answer
from tests.e2e.test_rendering import plant


def keep(page: Page, product: Product, count: int) -> list[str]:
    """Lines of so many chats of the list, the newest first."""
    made = [plant(product, ["How is it?", "Fine"])[0] for _ in range(count)]
    lines = [f"[data-testid=conversation-item][data-conversation-id='{each}']" for each in reversed(made)]
    page.reload()
    expect(page.locator(lines[0])).to_be_visible()
    return lines


def folder(page: Page, name: str) -> Locator:
    return page.get_by_test_id("conversation-folder").filter(has_text=name)


def make(page: Page, name: str) -> Locator:
    page.get_by_test_id("conversation-folder-new").click()
    page.get_by_test_id("folder-name").fill(name)
    page.get_by_test_id("folder-save").click()
    expect(folder(page, name)).to_be_visible()
    return folder(page, name)


def of_menu(opened: Locator, menu: str, act: str) -> None:
    opened.get_by_test_id(menu).click()
    opened.page.get_by_test_id(act).click()


def drag(what: Locator, onto: Locator, seen: Locator, count: int) -> None:
    """Drag something until that shows: a list that is just drawn anew may miss it."""
    for _ in range(3):
        what.drag_to(onto)
        with suppress(AssertionError):
            expect(seen).to_have_count(count, timeout=15_000)
            return
    expect(seen).to_have_count(count)


def delete(made: Locator) -> None:
    of_menu(made, "folder-menu", "folder-delete")
    made.page.get_by_role("alertdialog").get_by_role("button").last.click()
    expect(made).to_have_count(0)


def test_chats_and_folders_are_dragged_into_folders(page: Page, product: Product) -> None:
    chat = page.locator(*keep(page, product, 1))
    year, month = make(page, "Year of rain"), make(page, "Month of hail")
    drag(chat, month, chat, 0)
    expect(month.locator(".folder-count")).to_have_text("1")
    drag(month, year, year.locator("button.folder-fold"), 1)
    year.locator("button.folder-fold").click()
    expect(month).to_have_count(0)
    page.reload()
    expect(year.locator("button.folder-fold")).to_have_attribute("aria-expanded", "false")
    expect(month).to_have_count(0)
    year.locator("button.folder-fold").click()
    month.locator(".folder-link").click()
    expect(page.get_by_test_id("shelf-name")).to_have_text("Month of hail")
    drag(chat, page.get_by_test_id("shelf-name"), chat, 0)
    page.get_by_test_id("shelf-close").click()
    expect(chat).to_be_visible()

    # What is said of a folder counts in those within it.
    of_menu(year, "folder-menu", "folder-open")
    page.get_by_test_id("folder-instructions").fill("Answer as the wind would.")
    page.get_by_test_id("folder-brief-save").click()
    expect(page.get_by_test_id("folder-instructions")).to_have_count(0)
    of_menu(month, "folder-menu", "folder-chat")
    expect(page).to_have_url(re.compile("folder="))
    ask(page, "[[text=Fine]] Who are you?")
    answer(page)
    asked = [chat.body["messages"] for chat in product.provider.chats() if "max_tokens" not in chat.body]
    assert "Answer as the wind would." in asked[-1][0]["content"]
    expect(month.locator(".folder-count")).to_have_text("1")
    delete(year)
    expect(month).to_have_count(0)


def test_a_pinned_chat_stays_on_top(page: Page, product: Product) -> None:
    newer, older = keep(page, product, 2)
    expect(page.locator(f"{newer} ~ {older}")).to_have_count(1)
    of_menu(page.locator(older), "conversation-menu", "conversation-pin")
    expect(page.locator(f"{older} ~ {newer}")).to_have_count(1)
    page.reload()
    expect(page.locator(f"{older} ~ {newer}")).to_have_count(1)
    of_menu(page.locator(older), "conversation-menu", "conversation-unpin")
    expect(page.locator(f"{newer} ~ {older}")).to_have_count(1)


def test_many_chats_are_kept_at_once(page: Page, product: Product) -> None:
    chats = [page.locator(each) for each in keep(page, product, 3)]
    items = page.get_by_test_id("conversation-item")

    def act(name: str) -> None:
        """Select all three, from the newest on, and do something with them."""
        chats[0].locator("a").click(modifiers=["ControlOrMeta"])
        chats[2].locator("a").click(modifiers=["Shift"])
        expect(page.get_by_test_id("conversations-count")).to_have_text(re.compile("^3 "))
        page.get_by_test_id(f"conversations-{name}").click()

    def are(count: int) -> None:
        for chat in chats:
            expect(chat).to_have_count(count)

    act("archive")
    are(0)
    page.get_by_test_id("archive-undo").click()
    are(1)

    act("tag")
    page.get_by_test_id("conversation-tag-name").fill("thunder")
    page.get_by_test_id("conversation-tag-add").click()
    expect(page.locator("[data-testid=conversation-tag][data-tag=thunder]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    # The dialog alone is closed: what was selected can be moved as well, to a folder that is made for it.
    page.get_by_test_id("conversations-move").click()
    page.get_by_test_id("move-new").click()
    page.get_by_test_id("folder-name").fill("Storms of May")
    page.get_by_test_id("folder-save").click()
    storms = folder(page, "Storms of May")
    expect(storms.locator(".folder-count")).to_have_text("3")
    are(0)
    of_menu(page.locator("body"), "shelf-menu", "shelf-tags")
    page.locator("[data-testid=shelf-tag][data-tag=thunder]").click()
    expect(page.get_by_test_id("shelf-name")).to_have_text("#thunder")
    expect(items).to_have_count(3)
    are(1)

    act("delete")
    are(0)
    page.get_by_test_id("conversations-undo").click()
    are(1)
    expect(storms.locator(".folder-count")).to_have_text("3")
    act("move")
    page.get_by_test_id("move-option").first.click()
    expect(storms.locator(".folder-count")).to_have_count(0)
    page.get_by_test_id("shelf-close").click()
    are(1)
    delete(storms)
