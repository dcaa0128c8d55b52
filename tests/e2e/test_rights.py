"""Rights in the browser: groups, roles, sharing with some and why they see it, and looking as somebody."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.conftest import Product
from tests.fixtures.waiting import wait_until
from tests.integration.knowledge.parsing.makers import german_pdf

PASSWORD = "nine brown owls fly"


@pytest.fixture(scope="module")
def link(browser: Browser, product: Product, owner_cookies: list[dict[str, object]]) -> str:
    """A link for a member to join."""
    context = browser.new_context(locale="en-US", base_url=product.url)
    context.add_cookies(owner_cookies)  # pyright: ignore[reportArgumentType]
    page = context.new_page()
    page.goto("/chat")
    expect(page.get_by_test_id("nav-admin")).to_be_visible()
    page.get_by_test_id("user-menu").click()
    page.get_by_test_id("invite-open").click()
    page.get_by_test_id("invite-send").click()
    address = page.get_by_test_id("invite-link").input_value()
    context.close()
    return address


@pytest.fixture(scope="module")
def grace(browser: Browser, product: Product, link: str) -> Iterator[BrowserContext]:
    """The browser of Grace, a member."""
    context = browser.new_context(locale="en-US", base_url=product.url)
    page = context.new_page()
    page.goto(link)
    for field, text in {"name": "Grace Hopper", "email": "grace.rights@example.org", "password": PASSWORD}.items():
        page.get_by_test_id(f"signup-{field}").fill(text)
    page.get_by_test_id("signup-submit").click()
    expect(page.get_by_test_id("chat-input")).to_be_visible()
    yield context
    context.close()


def row(page: Page, testid: str, name: str) -> Locator:
    return page.locator(f'[data-testid={testid}][data-name="{name}"]')


def make_group(page: Page, name: str) -> None:
    page.goto("/admin/groups")
    page.get_by_test_id("group-new").click()
    page.get_by_test_id("group-name").fill(name)
    page.get_by_test_id("group-save").click()
    expect(row(page, "group-row", name)).to_be_visible()


def add_to_group(page: Page, group: str, person: str) -> None:
    row(page, "group-row", group).get_by_test_id("group-open").click()
    page.get_by_test_id("group-search").fill(person)
    row(page, "group-candidate", person).get_by_test_id("group-add").click()
    expect(row(page, "member-row", person)).to_be_visible()


def test_what_a_group_is_given_its_people_see_and_why(page: Page, grace: BrowserContext) -> None:
    make_group(page, "Navy")
    add_to_group(page, "Navy", "Grace Hopper")
    page.goto("/knowledge")
    page.get_by_test_id("upload-input").set_input_files(
        {"name": "compiler.md", "mimeType": "text/markdown", "buffer": b"# A compiler\n\nIt was the first one."}
    )
    document = row(page, "document-row", "compiler.md")
    expect(document).to_be_visible()
    document.get_by_test_id("document-menu").click()
    page.get_by_test_id("document-sharing").click()
    page.get_by_test_id("sharing-everyone").select_option("")
    page.get_by_test_id("sharing-search").fill("nav")
    row(page, "sharing-candidate", "Navy").get_by_test_id("sharing-add").click()
    expect(row(page, "sharing-row", "Navy")).to_have_attribute("data-level", "use")
    page.get_by_test_id("sharing-tab-access").click()
    expect(row(page, "access-row", "Grace Hopper")).to_contain_text("Through Navy")

    theirs = grace.new_page()
    theirs.goto("/knowledge")
    expect(row(theirs, "document-row", "compiler.md")).to_be_visible()
    page.get_by_test_id("sharing-tab-given").click()
    page.get_by_test_id("sharing-search").fill("grace")
    row(page, "sharing-candidate", "Grace Hopper").get_by_test_id("sharing-add").click()
    row(page, "sharing-row", "Grace Hopper").get_by_test_id("sharing-level").select_option("denied")
    expect(row(theirs, "document-row", "compiler.md")).to_have_count(0)
    theirs.close()


def test_what_is_only_to_be_looked_at_comes_as_pictures(page: Page, grace: BrowserContext, tmp_path: Path) -> None:
    """Nothing that the page offers or fetches is the file."""
    page.goto("/knowledge")
    report = {"name": "rules.pdf", "mimeType": "application/pdf", "buffer": german_pdf(tmp_path / "a.pdf").read_bytes()}
    page.get_by_test_id("upload-input").set_input_files(report)
    document = row(page, "document-row", "rules.pdf")
    expect(document).to_have_attribute("data-status", "ready")
    document.get_by_test_id("document-menu").click()
    page.get_by_test_id("document-sharing").click()
    page.get_by_test_id("sharing-everyone").select_option("view")
    page.keyboard.press("Escape")

    hers, fetched = grace.new_page(), list[str]()
    hers.on("request", lambda request: fetched.append(request.url))
    hers.goto("/knowledge")
    row(hers, "document-row", "rules.pdf").get_by_test_id("document-open").click()
    expect(hers.get_by_test_id("pages")).to_contain_text("not download")
    first = hers.get_by_test_id("page-picture").first
    wait_until(lambda: first.evaluate("(picture) => picture.complete && picture.naturalWidth > 500"))
    hers.get_by_test_id("document-menu").click()
    expect(hers.get_by_test_id("document-favour")).to_be_visible()
    expect(hers.get_by_test_id("document-download")).to_have_count(0)
    assert not [url for url in fetched if url.endswith(("/preview", "/file"))]
    hers.close()


def test_whoever_manages_a_group_finds_it(page: Page, grace: BrowserContext) -> None:
    make_group(page, "Harvard")
    add_to_group(page, "Harvard", "Grace Hopper")
    row(page, "member-row", "Grace Hopper").get_by_test_id("member-manager").click()
    expect(row(page, "member-row", "Grace Hopper").get_by_test_id("member-manager")).to_be_checked()
    theirs = grace.new_page()
    theirs.goto("/chat")
    expect(theirs.get_by_test_id("chat-input")).to_be_visible()
    theirs.get_by_test_id("user-menu").click()
    theirs.get_by_test_id("groups-open").click()
    expect(row(theirs, "group-row", "Harvard")).to_be_visible()
    expect(row(theirs, "group-row", "Navy")).to_have_count(0)
    expect(theirs.get_by_test_id("group-delete")).to_have_count(0)
    theirs.close()
    row(page, "group-row", "Harvard").get_by_test_id("group-delete").click()
    expect(page.get_by_role("alertdialog")).to_contain_text("1 person loses")
    page.get_by_test_id("group-delete-confirm").click()
    expect(row(page, "group-row", "Harvard")).to_have_count(0)


def test_a_role_of_ones_own_says_what_it_allows(page: Page) -> None:
    page.goto("/admin/roles")
    page.get_by_test_id("role-new").click()
    page.get_by_test_id("role-name").fill("Readers")
    page.locator('[data-testid=role-permission][data-permission="document:read"]').click()
    page.get_by_test_id("role-save").click()
    made = page.get_by_test_id("role-row").last
    expect(made).to_contain_text("Readers")
    made.get_by_test_id("role-open").click()
    expect(made.locator('[data-permission="document:read"]')).to_have_attribute("data-allowed", "true")
    expect(made.locator('[data-permission="document:write"]')).to_have_attribute("data-allowed", "false")
    made.get_by_test_id("role-delete").click()
    page.get_by_test_id("role-delete-confirm").click()
    expect(page.get_by_test_id("role-row").filter(has_text="Readers")).to_have_count(0)


def make_role(page: Page, name: str, permission: str) -> None:
    """Make a role that allows a single thing."""
    page.goto("/admin/roles")
    page.get_by_test_id("role-new").click()
    page.get_by_test_id("role-name").fill(name)
    page.locator(f'[data-testid=role-permission][data-permission="{permission}"]').click()
    page.get_by_test_id("role-save").click()
    expect(page.get_by_test_id("role-row").filter(has_text=name)).to_be_visible()


def show_grace(page: Page) -> Locator:
    """Open what is known of Grace; gives where her role is chosen."""
    page.goto("/admin/people")
    page.get_by_test_id("person-row").filter(has_text="grace.rights@example.org").get_by_role("link").first.click()
    return page.get_by_test_id("person-role")


def sign_in_as_grace(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_test_id("login-email").fill("grace.rights@example.org")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    expect(page.get_by_test_id("user-menu").filter(has_text="Grace")).to_be_visible()


def give_grace(page: Page) -> None:
    """Share with Grace what the open dialog is about."""
    page.get_by_test_id("sharing-search").fill("grace hop")
    row(page, "sharing-candidate", "Grace Hopper").get_by_test_id("sharing-add").click()
    expect(row(page, "sharing-row", "Grace Hopper")).to_be_visible()
    page.keyboard.press("Escape")


def test_what_is_shared_is_told_and_home_leads_to_it(page: Page, grace: BrowserContext) -> None:
    page.get_by_test_id("conversation-folder-new").click()
    page.get_by_test_id("folder-name").fill("Northern owls")
    page.get_by_test_id("folder-save").click()
    page.locator("[data-testid=conversation-folder]", has_text="Northern owls").get_by_test_id("folder-menu").click()
    page.get_by_test_id("folder-share").click()
    give_grace(page)
    page.goto("/templates/new")
    page.get_by_test_id("template-name").fill("Night letters")
    page.get_by_test_id("template-save").click()
    page.goto("/templates")
    page.get_by_test_id("template-row").filter(has_text="Night letters").get_by_test_id("template-menu").click()
    page.get_by_test_id("template-share").click()
    give_grace(page)

    theirs = grace.new_page()
    theirs.goto("/")
    shared = theirs.get_by_test_id("home-shared")
    template = shared.locator("[data-kind=conversation_template]")
    expect(template).to_contain_text("Night letters")
    template.click()
    expect(theirs.get_by_role("heading", name="Night letters")).to_be_visible()
    theirs.get_by_test_id("notifications-open").click()
    told = theirs.locator("[data-testid=notification-row][data-kind=template_shared]")
    expect(told).to_contain_text("Ada Lovelace shares the template “Night letters” with you.")
    theirs.locator("[data-kind=folder_shared]").get_by_test_id("notification-open").click()
    expect(theirs.get_by_test_id("shelf-name")).to_have_text("Northern owls")
    theirs.get_by_test_id("shelf-close").click()
    expect(theirs.get_by_test_id("shelf-name")).to_have_text("Chats")

    theirs.set_viewport_size({"width": 360, "height": 740})
    theirs.goto("/")
    shared.locator("[data-kind=conversation_folder]").click()
    expect(theirs.get_by_test_id("shelf-name")).to_have_text("Northern owls")
    expect(theirs.get_by_test_id("shelf-name")).to_be_in_viewport()
    theirs.close()


def test_whoever_may_see_usage_alone_is_led_there(
    page: Page, browser: Browser, product: Product, grace: object
) -> None:
    make_role(page, "Controllers", "usage:read")
    show_grace(page).select_option(label="Controllers")
    wait_until(lambda: is_led_to_administration(browser, product), "the new role")
    page.get_by_test_id("person-role").select_option("member")
    wait_until(lambda: not is_led_to_administration(browser, product), "the old role")


def is_led_to_administration(browser: Browser, product: Product) -> bool:
    """Whether Grace, signing in now, is shown the way; it leads to what usage shows and nothing else."""
    with browser.new_context(locale="en-US", base_url=product.url) as context:
        page = context.new_page()
        sign_in_as_grace(page)
        way = page.get_by_test_id("nav-admin")
        if not way.is_visible():
            return False
        way.click()
        expect(page.get_by_test_id("admin-usage")).to_have_attribute("aria-current", "page")
        expect(page.locator(".sections-line")).to_have_text(["Usage", "Quality"])
        return True


@pytest.fixture
def looker(browser: Browser, product: Product) -> Iterator[Page]:
    """The owner in a browser of their own: looking ends the session that it began with."""
    from_conftest = browser.new_context(locale="en-US", base_url=product.url)
    page = from_conftest.new_page()
    page.goto("/sign-in")
    page.get_by_test_id("login-email").fill("ada@example.org")
    page.get_by_test_id("login-password").fill("correct horse battery")
    page.get_by_test_id("login-submit").click()
    expect(page.get_by_test_id("chat-input")).to_be_visible()
    yield page
    from_conftest.close()


def test_looking_as_somebody_is_shown_all_the_time_and_leads_back(looker: Page, grace: BrowserContext) -> None:
    looker.goto("/admin/people")
    looker.get_by_test_id("people-search").fill("Grace")
    looker.get_by_test_id("person-row").filter(has_text="grace.rights@example.org").get_by_role("link").first.click()
    looker.get_by_test_id("look-as").click()
    bar = looker.get_by_test_id("looking-bar")
    expect(bar).to_contain_text("Grace Hopper")
    expect(looker.get_by_test_id("nav-admin")).to_have_count(0)
    looker.goto("/knowledge")
    expect(bar).to_be_visible()
    looker.get_by_test_id("look-back").click()
    expect(looker.get_by_test_id("nav-admin")).to_be_visible()
    expect(bar).to_have_count(0)
