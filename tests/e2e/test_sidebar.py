"""The sidebar by the mouse: chats are pinned, and many are kept at once."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Product
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


def delete(made: Locator) -> None:
    of_menu(made, "folder-menu", "folder-delete")
    made.page.get_by_role("alertdialog").get_by_role("button").last.click()
    expect(made).to_have_count(0)


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
