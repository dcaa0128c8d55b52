"""Getting in, and staying out."""

from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.attackers import PASSWORD as MEMBER_PASSWORD
from tests.e2e.attackers import join
from tests.e2e.conftest import EMAIL, PASSWORD, Product
from tests.e2e.raw_tab import raw_tabs


def test_the_cookie_is_out_of_reach_of_scripts(page: Page, context: BrowserContext) -> None:
    [cookie] = [cookie for cookie in context.cookies() if cookie["name"].startswith("session_")]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert page.evaluate("document.cookie") == ""


def test_nobody_gets_in_without_an_account(context: BrowserContext) -> None:
    page = context.new_page()
    for address in ("/", "/chat", "/chat/00000000-0000-7000-8000-000000000000"):
        page.goto(address)
        expect(page.get_by_test_id("login-email")).to_be_visible()


def test_signing_in_and_out(context: BrowserContext, owner_cookies: object) -> None:
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_test_id("login-email").fill(EMAIL)
    page.get_by_test_id("login-password").fill("wrong password")
    page.get_by_test_id("login-submit").click()
    expect(page.get_by_test_id("login-error")).to_contain_text("do not belong together")
    expect(page.get_by_test_id("login-email")).to_have_value(EMAIL)
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    expect(page.get_by_test_id("chat-input")).to_be_focused()
    page.get_by_test_id("chat-input").fill("Not for the next person at this browser")
    page.get_by_test_id("user-menu").click()
    page.get_by_test_id("logout").click()
    expect(page.get_by_test_id("login-email")).to_be_visible()
    assert "Not for the next" not in str(page.evaluate("JSON.stringify(localStorage)"))
    page.goto("/chat")
    expect(page.get_by_test_id("login-email")).to_be_visible()


def test_drafts_of_a_session_that_ran_out_are_not_for_the_next_person(
    context: BrowserContext, owner_cookies: list[dict[str, object]], product: Product
) -> None:
    page = context.new_page()
    sign_in(page, EMAIL, PASSWORD)
    page.get_by_test_id("chat-input").fill("Between me and my browser")
    context.clear_cookies()
    sign_in(page, EMAIL, PASSWORD)
    expect(page.get_by_test_id("chat-input")).to_have_value("Between me and my browser")
    context.clear_cookies()
    with raw_tabs(product.url) as tabs:
        [owner] = [item for item in owner_cookies if str(item["name"]).startswith("session_")]
        join(product, tabs, f"{owner['name']}={owner['value']}", "Nexta")
    sign_in(page, "nexta@example.org", MEMBER_PASSWORD)
    expect(page.get_by_test_id("chat-input")).to_have_value("")
    assert "Between me" not in str(page.evaluate("JSON.stringify(localStorage)"))


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/sign-in")
    page.get_by_test_id("login-email").fill(email)
    page.get_by_test_id("login-password").fill(password)
    page.get_by_test_id("login-submit").click()
    expect(page.get_by_test_id("chat-input")).to_be_focused()


def test_without_mail_the_page_says_whom_to_ask(context: BrowserContext, owner_cookies: object) -> None:
    page = context.new_page()
    page.goto("/sign-in")
    expect(page.get_by_test_id("forgot-without-mail")).to_contain_text("administrator")


def test_the_set_up_link_works_once(context: BrowserContext, product: Product, owner_cookies: object) -> None:
    page = context.new_page()
    page.goto(product.set_up_link)
    page.get_by_test_id("setup-workspace").fill("Second")
    page.get_by_test_id("setup-name").fill("Eve")
    page.get_by_test_id("setup-email").fill("eve@example.org")
    page.get_by_test_id("setup-password").fill(PASSWORD)
    page.get_by_test_id("setup-submit").click()
    expect(page.get_by_test_id("setup-error")).to_contain_text("used up")


def test_the_language_switches_at_once_and_stays(page: Page) -> None:
    navigations: list[str] = []
    page.get_by_test_id("user-menu").click()
    page.get_by_test_id("language-menu").hover()
    # From here on: until its script has come, a page may still note where it is, which counts as a navigation.
    page.on("framenavigated", lambda frame: navigations.append(frame.url))
    page.locator("[data-testid=language-option][data-locale=de]").click()
    expect(page.get_by_test_id("new-chat")).to_contain_text("Neuer Chat")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    assert navigations == []
    page.reload()
    expect(page.get_by_test_id("new-chat")).to_contain_text("Neuer Chat")
    page.get_by_test_id("user-menu").click()
    page.get_by_test_id("language-menu").hover()
    page.locator("[data-testid=language-option][data-locale=en]").click()
    expect(page.get_by_test_id("new-chat")).to_contain_text("New chat")
