"""The page of models: a provider in minutes, its models named, priced and kept for some, and a chat with one."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import Product
from tests.provider.fixtures import RunningProvider, start_provider

KEY = "sk-house-0123456789abcdef"
PASSWORD = "nine brown owls fly"


@pytest.fixture(scope="module")
def house() -> Iterator[RunningProvider]:
    """A server of models that asks for a key."""
    with start_provider(("test-echo", "test-answer", "test-house", "text-embedding-small"), key=KEY) as running:
        yield running


@pytest.fixture(scope="module")
def member(browser: Browser, product: Product, owner_cookies: list[dict[str, object]]) -> Iterator[Page]:
    """The browser of a member."""
    context = browser.new_context(locale="en-US", base_url=product.url)
    context.add_cookies(owner_cookies)  # pyright: ignore[reportArgumentType]
    page = context.new_page()
    page.goto("/chat")
    page.get_by_test_id("user-menu").click()
    page.get_by_test_id("invite-open").click()
    page.get_by_test_id("invite-send").click()
    link = page.get_by_test_id("invite-link").input_value()
    context.close()
    context = browser.new_context(locale="en-US", base_url=product.url)
    page = context.new_page()
    page.goto(link)
    for field, text in {"name": "Mary Jackson", "email": "mary.models@example.org", "password": PASSWORD}.items():
        page.get_by_test_id(f"signup-{field}").fill(text)
    page.get_by_test_id("signup-submit").click()
    expect(page.get_by_test_id("chat-input")).to_be_visible()
    yield page
    context.close()


def model(page: Page, model_id: str) -> Locator:
    return page.locator(f'[data-testid=model-row][data-model="{model_id}"]')


def expect_offered(page: Page, model_id: str, *, is_offered: bool) -> None:
    """The picker of the composer offers a model or not, whatever it offered when the page was left."""
    page.goto("/chat")
    expect(page.locator(".welcome")).to_be_visible()
    page.get_by_test_id("chat-model").click()
    expect(page.get_by_test_id("model-option").first).to_be_visible()
    offered = page.locator(f'[data-testid=model-option][data-model="{model_id}"]')
    expect(offered).to_have_count(1 if is_offered else 0)
    page.keyboard.press("Escape")


def test_a_provider_is_connected_in_minutes(page: Page, house: RunningProvider) -> None:
    page.goto("/admin/models")
    page.get_by_test_id("provider-new").click()
    page.get_by_test_id("provider-kind").select_option("ollama")
    page.get_by_test_id("provider-url").fill("http://10.1.2.3:11434")
    page.get_by_test_id("provider-test").click()
    expect(page.get_by_test_id("provider-error")).to_contain_text("PROVIDER_HOSTS=10.1.2.3:11434")

    page.get_by_test_id("provider-kind").select_option("compatible")
    expect(page.get_by_test_id("provider-url")).to_have_value("")
    page.get_by_test_id("provider-url").fill(house.url)
    page.get_by_test_id("provider-name").fill("House")
    page.get_by_test_id("provider-key").fill("sk-wrong-key-of-somebody-else")
    page.get_by_test_id("provider-test").click()
    expect(page.get_by_test_id("provider-error")).to_contain_text("refused our key")
    expect(page.get_by_test_id("provider-error")).to_contain_text("Check the key")

    page.get_by_test_id("provider-key").fill(KEY)
    page.get_by_text("Limits", exact=True).click()
    page.get_by_test_id("provider-parallel").fill("0")
    page.get_by_test_id("provider-save").click()
    expect(page.get_by_test_id("provider-error")).to_contain_text("A limit is a number from 1")
    page.get_by_test_id("provider-parallel").fill("")
    page.get_by_test_id("provider-save").click()
    for name in ("test-echo", "test-answer", "test-house"):
        page.locator(f'[data-testid=discover-row][data-name="{name}"]').get_by_test_id("discover-choose").click()
    page.get_by_test_id("discover-offer").dblclick()
    expect(model(page, "house/test-echo")).to_be_visible()
    listed = page.locator('[data-testid=provider-row][data-name="House"]')
    expect(listed).to_contain_text("cdef")
    expect(page.get_by_test_id("toast")).to_have_count(0)
    assert KEY not in page.content()


def test_a_model_is_named_priced_and_tried(page: Page) -> None:
    page.goto("/admin/models")
    model(page, "house/test-echo").get_by_test_id("model-open").click()
    page.get_by_test_id("model-try").click()
    expect(page.get_by_test_id("model-works")).to_be_visible()
    page.get_by_test_id("model-display-name").fill("House echo")
    page.get_by_test_id("model-vision").check()
    page.get_by_test_id("model-context").fill("32000")
    page.get_by_test_id("model-save").click()
    expect(model(page, "house/test-echo")).to_contain_text("House echo")
    expect(model(page, "house/test-echo")).to_contain_text("32k")
    expect(model(page, "house/test-echo")).to_contain_text("price unknown")
    page.get_by_test_id("price-source").select_option("own")
    page.get_by_test_id("price-input").fill("2,50")
    page.get_by_test_id("price-output").fill("-1")
    page.get_by_test_id("price-currency").fill("eur")
    page.get_by_test_id("price-save").click()
    expect(page.get_by_text("Please enter a price such as 2.50")).to_be_visible()
    page.get_by_test_id("price-output").fill("10")
    page.get_by_test_id("price-save").click()
    expect(model(page, "house/test-echo")).to_contain_text("€2.50 / €10.00")
    expect(model(page, "house/test-echo")).to_have_attribute("data-health", "working")


def test_a_model_for_some_does_not_exist_for_others(page: Page, member: Page) -> None:
    expect_offered(member, "house/test-echo", is_offered=True)
    page.goto("/admin/groups")
    page.get_by_test_id("group-new").click()
    page.get_by_test_id("group-name").fill("Human computers")
    page.get_by_test_id("group-save").click()
    expect(page.locator('[data-testid=group-row][data-name="Human computers"]')).to_be_visible()
    page.goto("/admin/models")
    model(page, "house/test-echo").get_by_test_id("model-open").click()
    page.get_by_test_id("model-access").select_option("some")
    page.get_by_test_id("model-user-search").fill("Human")
    page.locator('[data-testid=model-candidate][data-name="Human computers"]').get_by_test_id("model-user-add").click()
    expect(page.locator('[data-testid=model-user][data-name="Human computers"]')).to_be_visible()
    expect(model(page, "house/test-echo")).to_have_attribute("data-restricted", "true")
    expect_offered(member, "house/test-echo", is_offered=False)

    page.goto("/admin/groups")
    page.locator('[data-testid=group-row][data-name="Human computers"]').get_by_test_id("group-open").click()
    page.get_by_test_id("group-search").fill("Mary")
    page.locator('[data-testid=group-candidate][data-name="Mary Jackson"]').get_by_test_id("group-add").click()
    expect(page.locator('[data-testid=member-row][data-name="Mary Jackson"]')).to_be_visible()
    expect_offered(member, "house/test-echo", is_offered=True)


def test_whoever_may_chats_with_it(member: Page, house: RunningProvider) -> None:
    member.goto("/chat")
    expect(member.locator(".welcome")).to_be_visible()
    member.get_by_test_id("chat-model").press("Enter")
    expect(member.get_by_test_id("model-search")).to_be_focused()
    member.keyboard.type("house SEES")
    offered = member.get_by_test_id("model-option")
    expect(offered).to_have_count(1)
    expect(offered).to_have_attribute("data-model", "house/test-echo")
    expect(offered).to_contain_text("House echo")
    expect(offered).to_contain_text("32k")
    expect(offered).to_contain_text("€2.50 / €10.00")
    expect(offered.get_by_role("img", name="Sees images")).to_be_visible()
    member.keyboard.press("Enter")
    expect(member.get_by_test_id("chat-model")).to_have_text("House echo")
    member.get_by_test_id("chat-input").fill("Is anybody at home?")
    member.get_by_test_id("chat-send").click()
    answer = member.locator("[data-testid=message][data-role=assistant]").last
    expect(answer).to_have_attribute("data-status", "done")
    expect(answer.get_by_test_id("message-text")).to_contain_text("Is anybody at home?")
    expect(answer.get_by_test_id("message-model")).to_have_text("House echo")
    assert house.chats("test-echo")
    member.goto("/admin/models")
    expect(member.locator("main").get_by_text("You do not have permission to do this.")).to_be_visible()


def test_favourites_are_found_first(member: Page) -> None:
    stars = member.get_by_test_id("model-favourite")
    groups = member.get_by_test_id("model-group")
    favourite = groups.first.get_by_test_id("model-favourite")

    member.goto("/chat")
    expect(member.locator(".welcome")).to_be_visible()
    member.get_by_test_id("chat-model").press("Enter")
    expect(member.get_by_test_id("model-search")).to_be_focused()
    expect(groups.first).not_to_have_attribute("aria-label", "Favourites")
    member.keyboard.type("reader")
    expect(stars).to_have_count(1)
    member.keyboard.press("ArrowDown")
    member.keyboard.press("ArrowRight")
    expect(stars).to_be_focused()
    member.keyboard.press("Enter")
    expect(stars).to_have_attribute("aria-pressed", "true")
    expect(stars).to_be_focused()
    expect(groups).to_have_attribute("aria-label", "Built in")

    member.reload()
    expect(member.locator(".welcome")).to_be_visible()
    member.get_by_test_id("chat-model").click()
    expect(groups.first).to_have_attribute("aria-label", "Favourites")
    expect(favourite).to_have_accessible_name("Favourite: Reader")
    member.get_by_test_id("compare-models").click()
    expect(member.locator(".compare-group").first.get_by_text("Favourites")).to_be_visible()
    expect(member.locator(".compare-group").first.get_by_test_id("compare-option")).to_have_count(1)

    member.goto("/chat")
    expect(member.locator(".welcome")).to_be_visible()
    member.get_by_test_id("chat-model").click()
    favourite.click()
    expect(favourite).to_have_attribute("aria-pressed", "false")
    member.keyboard.press("Escape")
    member.get_by_test_id("chat-model").click()
    expect(groups.first).not_to_have_attribute("aria-label", "Favourites")
    expect(member.locator("[data-testid=model-favourite][aria-pressed=true]")).to_have_count(0)


def test_how_a_model_does_is_shown_as_it_happens(page: Page, member: Page) -> None:
    page.goto("/admin/models")
    expect(model(page, "house/test-echo")).to_have_attribute("data-health", "working")
    member.goto("/chat")
    expect(member.locator(".welcome")).to_be_visible()
    member.get_by_test_id("chat-model").click()
    member.locator('[data-testid=model-option][data-model="house/test-house"]').click()
    member.get_by_test_id("chat-input").fill("[[status=500 model=test-house]] Still there?")
    member.get_by_test_id("chat-send").click()
    expect(model(page, "house/test-house")).to_have_attribute("data-health", "failing")
    # Whoever chooses is told as well, also on a phone, where the picker lies at the foot of the window.
    member.set_viewport_size({"width": 360, "height": 640})
    member.get_by_test_id("chat-model").click()
    failing = member.locator('[data-testid=model-option][data-model="house/test-house"][data-health=failing]')
    expect(failing).to_contain_text("Fails")
    sheet = member.locator(".model-offer")
    expect(sheet).to_be_in_viewport(ratio=1)
    assert sheet.evaluate("sheet => sheet.getBoundingClientRect().width") == 360
    member.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(member.get_by_test_id("chat-model")).to_be_focused()


def test_a_default_is_chosen_and_a_provider_deleted(page: Page, member: Page) -> None:
    page.goto("/admin/models")
    titles = page.locator("[data-testid=default-model][data-purpose=title]")
    titles.select_option("house/test-answer")
    expect(titles).to_have_value("house/test-answer")
    other = page.context.new_page()
    other.goto("/admin/models")
    model(other, "house/test-house").get_by_test_id("model-open").click()
    model(page, "house/test-answer").get_by_test_id("model-open").click()
    page.get_by_test_id("model-enabled").click()
    expect(model(page, "house/test-answer")).to_have_attribute("data-enabled", "false")
    page.reload()
    expect(titles).to_have_value("house/test-answer")
    expect(titles.locator("option:checked")).to_have_text("test-answer, not offered now")
    expect(page.get_by_test_id("default-embedding")).to_contain_text("Search goes by words alone")
    page.locator('[data-testid=provider-row][data-name="House"]').get_by_test_id("provider-delete").click()
    page.get_by_test_id("provider-delete-confirm").click()
    expect(page.locator('[data-testid=provider-row][data-name="House"]')).to_have_count(0)
    other.get_by_test_id("model-try").click()
    expect(other.get_by_text("is not available any longer")).to_be_visible()
    expect(other.get_by_test_id("model-try")).to_be_enabled()
    other.close()
    expect(model(page, "house/test-answer")).to_have_count(0)
    expect(titles).to_have_value("")
    expect_offered(member, "house/test-echo", is_offered=False)
