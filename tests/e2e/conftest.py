"""The product as people get it: built, started by its own command, looked at with a real browser.

What is shared lives as long as this package's tests: Playwright keeps an event loop running in their process, in which
no test with a loop of its own could follow.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from convosphere.launch.postgres import addresses_of
from deploy.browser import open_browser
from tests.fixtures.mail import Mailbox, open_mailbox
from tests.provider.fixtures import RunningProvider, start_provider

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 240
EMAIL, PASSWORD = "ada@example.org", "correct horse battery"
# How soon something is shown is measured elsewhere: a busy machine may take long.
SLOW_MS = 60_000
expect.set_options(timeout=SLOW_MS)
# A page may not say anything in the console but this, which Reflex says when a page is left.
HARMLESS = ("Disconnect websocket",)


@dataclass(frozen=True)
class Product:
    """A running installation with its own provider of models."""

    url: str
    set_up_link: str
    process: subprocess.Popen[str]
    provider: RunningProvider
    data: Path


@dataclass(frozen=True)
class Mailing:
    """An installation that sends mail, where that arrives, and the session of its owner."""

    product: Product
    mailbox: Mailbox
    owner_cookies: list[dict[str, object]]


@pytest.fixture(scope="package")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One installation for all of these tests, stopped as Ctrl-C stops it."""
    data = tmp_path_factory.mktemp("data")
    with start_provider() as provider, start_product(data, provider) as running:
        yield running


class start_product:  # noqa: N801  # Used like a function.
    """Start an installation on a free port; at the end it must stop by itself, with code 0."""

    def __init__(self, data: Path, provider: RunningProvider, **environment: str) -> None:
        port = _free_port()
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(data),
            "CONVOSPHERE_DATA": str(data),
            "PORT": str(port),
            "OPENAI_BASE_URL": provider.url,
            "OPENAI_API_KEY": "test-key",
            "CONVOSPHERE_DEFAULT_MODEL": "test-answer",
            # One person does here in a minute what hundreds do in an hour.
            "LIMIT_AUTH": "100000/minute",
            "LIMIT_API": "100000/minute",
            "LIMIT_EVENTS": "100000/minute",
            "PROVIDER_HOSTS": "127.0.0.1",
            "SOURCE_HOSTS": "127.0.0.1",
            # What a test holds back is still waited for.
            "NEXT_TOKEN_SECONDS": "600",
            **environment,
        }
        self._data, self._provider, self._url = data, provider, f"http://localhost:{port}"

    def __enter__(self) -> Product:
        log = self._data / "product.log"
        with log.open("w") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "convosphere", "run"],
                cwd=ROOT, env=self._environment, stdout=output, stderr=subprocess.STDOUT, text=True,
            )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while "is ready" not in log.read_text():
            assert self._process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        link = re.search(r"\S+/set-up\?token=\S+", log.read_text())
        return Product(self._url, link[0] if link else "", self._process, self._provider, self._data)

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGINT)
        assert self._process.wait(START_SECONDS) == 0


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The browser that the set-up found."""
    with open_browser() as opened:
        opened.new_context = _patient(opened.new_context)  # pyright: ignore[reportAttributeAccessIssue]
        yield opened


@pytest.fixture(scope="package")
def owner_cookies(product: Product, browser: Browser) -> list[dict[str, object]]:
    """The session of the owner."""
    return found(product, browser)


@pytest.fixture(scope="package")
def mailing(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Mailing]:
    """Another installation, open to everybody, with a mail server on loopback."""
    data = tmp_path_factory.mktemp("mailing")
    with open_mailbox() as box, start_provider() as provider:
        mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(box.port), "SMTP_SECURITY": "none", "SIGN_UP": "open"}
        with start_product(data, provider, **mail) as running:
            yield Mailing(running, box, found(running, browser))


def found(product: Product, browser: Browser) -> list[dict[str, object]]:
    """Found the workspace by the set-up link as a person would; gives the owner's session."""
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    page.goto(product.set_up_link)
    page.get_by_test_id("setup-workspace").fill("Analytical Engines")
    page.get_by_test_id("setup-name").fill("Ada Lovelace")
    page.get_by_test_id("setup-email").fill(EMAIL)
    page.get_by_test_id("setup-password").fill(PASSWORD)
    page.get_by_test_id("setup-submit").click()
    expect(page.get_by_test_id("chat-input")).to_be_visible()
    cookies = context.cookies()
    context.close()
    return [dict(cookie) for cookie in cookies]


@pytest.fixture
def context(browser: Browser, product: Product) -> Iterator[BrowserContext]:
    """A browser of its own for each test, with nobody signed in; foreign addresses count as a failure."""
    opened = browser.new_context(locale="en-US", base_url=product.url, viewport={"width": 1280, "height": 800})
    foreign: list[str] = []
    opened.on(
        "request",
        lambda request: (
            None if request.url.startswith((product.url, "data:", "blob:")) else foreign.append(request.url)
        ),
    )
    yield opened
    opened.close()
    assert foreign == []


@pytest.fixture
def page(context: BrowserContext, owner_cookies: list[dict[str, object]]) -> Iterator[Page]:
    """The owner's tab on an empty chat; anything that its console complains of fails the test."""
    context.add_cookies(owner_cookies)  # pyright: ignore[reportArgumentType]
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            if message.type in {"error", "warning"} and not message.text.startswith(HARMLESS)
            else None
        ),
    )
    opened.goto("/chat")
    expect(opened.get_by_test_id("chat-input")).to_be_focused()  # By the page itself: it is alive.
    yield opened
    assert complaints == []


@pytest.fixture
def link_rule(product: Product) -> Iterator[None]:
    """What a test allows of links holds for it alone."""
    yield
    with psycopg.connect(addresses_of(product.data).superuser_url) as connection:
        connection.execute("DELETE FROM link_rule")


def run_command(page: Page, typed: str) -> None:
    """Choose a command by what it is called, once the palette offers it: what a person may is known a bit later."""
    page.get_by_test_id("command-input").fill(typed)
    offered = page.locator("[data-testid=command-item][aria-selected=true]")
    expect(offered).to_contain_text(re.compile(re.escape(typed), re.IGNORECASE))
    page.keyboard.press("Enter")


def ask(page: Page, question: str) -> None:
    """Write a question and send it by Enter."""
    page.get_by_test_id("chat-input").fill(question)
    page.get_by_test_id("chat-input").press("Enter")


def stay(page: Page) -> None:
    """Go to another page, be asked about what is not saved yet, and stay."""
    page.once("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:
        page.get_by_test_id("nav-knowledge").click()
    assert "not saved yet" in asked.value.message


def _patient(new_context: Callable[..., BrowserContext]) -> Callable[..., BrowserContext]:
    """The same, for browsers that may take long."""

    def open_context(**options: object) -> BrowserContext:
        opened = new_context(**{"reduced_motion": "reduce", **options})
        opened.set_default_timeout(SLOW_MS)
        return opened

    return open_context


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
