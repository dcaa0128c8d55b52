"""The database stands still, or is gone, under running pages: they say so, keep what was written, and go on by
themselves."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx
import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.attackers import client, database
from tests.e2e.conftest import Product, ask, start_product
from tests.fixtures.waiting import wait_until
from tests.provider.fixtures import RunningProvider, start_provider

AWAY = "The database is away."
OWNER = {"workspace": "W", "name": "Ada", "email": "ada@example.org", "password": "correct horse battery"}


@pytest.fixture(scope="module")
def provider() -> Iterator[RunningProvider]:
    with start_provider() as running:
        yield running


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, provider: RunningProvider) -> Iterator[Product]:
    """An installation whose database may be taken away."""
    with start_product(tmp_path_factory.mktemp("away"), provider) as running:
        yield running


@pytest.fixture(scope="module")
def cookie(own: Product) -> str:
    """The owner's cookie."""
    with client(own) as browser:
        answer = browser.post("/auth/set-up", json={**OWNER, "token": own.set_up_link.partition("token=")[2]})
    assert answer.status_code == 200, answer.text
    return answer.headers["set-cookie"].partition(";")[0]


@pytest.fixture
def context(browser: Browser, own: Product, cookie: str) -> Iterator[BrowserContext]:
    """The owner's browser, once all is well."""
    wait_until(lambda: health(own) == 200, "the database")
    opened = browser.new_context(locale="en-US", base_url=own.url)
    name, _, value = cookie.partition("=")
    opened.add_cookies([{"name": name, "value": value, "url": own.url}])
    yield opened
    opened.close()


def open_chat(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/chat")
    expect(page.get_by_test_id("chat-input")).to_be_visible()
    expect(page.locator(".welcome")).to_be_visible()
    return page


def server(product: Product) -> psutil.Process:
    return psutil.Process(int((product.data / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0]))


@contextmanager
def standing_still(product: Product) -> Iterator[None]:
    """All of the server's processes stop where they are, and break no connection."""
    starter = server(product)
    starter.suspend()  # First, so that there are no more of them.
    processes = [starter, *starter.children(recursive=True)]
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.suspend()
    try:
        yield
    finally:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.resume()


@contextmanager
def gone(product: Product) -> Iterator[None]:
    """The server is killed, and what it would start with is away."""
    cluster, aside = product.data / "postgres", product.data / "aside"
    dead = server(product)
    cluster.rename(aside)
    dead.kill()
    psutil.wait_procs([dead], timeout=60)
    try:
        yield
    finally:
        aside.rename(cluster)


def health(product: Product) -> int:
    return httpx.get(f"{product.url}/health", timeout=60).status_code


def statuses(product: Product) -> set[object]:
    return {status for (status,) in database(product, "SELECT status FROM message WHERE role = 'assistant'")}


@pytest.mark.parametrize("trouble", [standing_still, gone])
def test_pages_say_so_keep_what_was_written_and_go_on(own: Product, context: BrowserContext, trouble: type) -> None:
    watching, writing = open_chat(context), open_chat(context)
    ask(watching, "[[tokens=60 hold_every=30]] A long answer")
    expect(watching.locator("main")).to_contain_text("The quick")
    writing.get_by_test_id("chat-input").fill("Not sent yet")
    wait_until(lambda: is_kept(own, "The quick"), "the beginning of the answer in the database")
    with trouble(own):
        for page in (watching, writing):
            expect(page.get_by_test_id("connection-banner")).to_contain_text(AWAY)
        assert health(own) == 503
        assert httpx.get(f"{own.url}/ping", timeout=60).status_code == 200
        with client(own) as stranger:
            refused = stranger.post("/auth/sign-in", json={"email": OWNER["email"], "password": "x" * 10})
        assert (refused.status_code, refused.json()["code"]) == (503, "database_away")
        expect(watching.locator("main")).to_contain_text("The quick")
        expect(writing.get_by_test_id("chat-input")).to_have_value("Not sent yet")
    own.provider.go_on()
    for page in (watching, writing):
        expect(page.get_by_test_id("connection-banner")).to_be_hidden()
    expect(writing.get_by_test_id("chat-input")).to_have_value("Not sent yet")
    writing.get_by_test_id("chat-input").press("Enter")
    answer = writing.locator("[data-testid=message][data-role=assistant][data-status=done]").last
    expect(answer).to_contain_text("Not sent yet")
    # The answer under way was written to its end, or says that it was interrupted.
    wait_until(lambda: statuses(own) <= {"done", "interrupted"}, "the end of all answers")
    watching.reload()
    expect(watching.locator("main")).to_contain_text("The quick")
    worker_works(own, context.cookies(), trouble.__name__)


def test_what_is_sent_meanwhile_is_not_lost(own: Product, context: BrowserContext) -> None:
    page = open_chat(context)
    with standing_still(own):
        ask(page, "[[text=taken]] Sent in vain")
        expect(page.get_by_test_id("connection-banner")).to_contain_text(AWAY)
        # Nobody knows yet whether it has arrived.
        expect(page.get_by_test_id("chat-input")).to_have_value("[[text=taken]] Sent in vain")
    expect(page.get_by_test_id("connection-banner")).to_be_hidden()
    page.wait_for_timeout(2_000)
    if page.get_by_test_id("chat-input").input_value():
        page.get_by_test_id("chat-input").press("Enter")
    wait_until(lambda: taken(own), "the question")
    expect(page.get_by_test_id("chat-input")).to_have_value("")
    expect(page.get_by_test_id("message-text").get_by_text("taken", exact=True)).to_be_visible()
    assert len(taken(own)) == 1


def is_kept(product: Product, text: str) -> bool:
    """Whether what is being written has come into the database, which happens twice a second."""
    return bool(database(product, "SELECT 1 FROM message_generation WHERE strpos(text, %s) > 0", text))


def taken(product: Product) -> list[tuple[object, ...]]:
    return database(product, "SELECT 1 FROM message WHERE role = 'user' AND parts::text LIKE '%%Sent in vain%%'")


def worker_works(product: Product, cookies: list[dict[str, object]], name: str) -> None:
    """Jobs go on."""
    cookie = "; ".join(f"{item['name']}={item['value']}" for item in cookies)
    headers = {"x-requested-with": "convosphere", "x-file-name": f"{name}.md", "x-share": "me"}
    with client(product, cookie) as browser:
        content = f"# Notes\n\nAfter the database was away: {name}.\n".encode()
        assert browser.post("/api/files", content=content, headers=headers).status_code == 201
    wait_until(lambda: database(product, "SELECT 1 FROM document WHERE status <> 'ready'") == [], "the document")
