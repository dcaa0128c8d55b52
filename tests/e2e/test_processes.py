"""Two processes of the product, one database, one Redis: nobody can tell which of them serves them."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import httpx
import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from convosphere.admin.state.person_state import PersonState
from convosphere.chat.state.answer_state import AnswerState
from convosphere.chat.state.conversation_state import ConversationState
from convosphere.identity.state.invite_state import InviteState
from convosphere.launch.postgres import addresses_of
from deploy.browser import start_browser
from tests.e2e.attackers import database, handler_name
from tests.e2e.conftest import ROOT, SLOW_MS, START_SECONDS, Product, start_product
from tests.e2e.raw_tab import Opener, RawTab, raw_tabs, toasts, values
from tests.e2e.test_chat import ANSWER, answer
from tests.fixtures.redis import PythonRedis, free_port
from tests.fixtures.waiting import wait_until
from tests.provider.fixtures import RunningProvider, start_provider

ADDRESS = "http://chat.test"
EMAIL, PASSWORD = "ada@example.org", "correct horse battery"
LONG = "[[tokens=300 rate=50 hold_every=100 markdown]] At length, please"
"""Waits twice; whoever asks lets it go on when all look on."""


class Server:
    """One more application beside the one that `run` has started."""

    def __init__(self, product: Product, redis_url: str, **settings: str) -> None:
        port = free_port()
        self.url = f"http://localhost:{port}"
        self.log = product.data / f"serve-{port}.log"
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(product.data),
            "CONVOSPHERE_DATA": str(product.data),
            "DATABASE_URL": addresses_of(product.data).app_url,
            "PORT": str(port),
            **environment_of(product.provider, redis_url),
            **settings,
        }
        with self.log.open("w") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "convosphere", "serve"],
                cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self._process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)

    @property
    def workers(self) -> set[int]:
        """The processes that serve."""
        return {child.pid for child in psutil.Process(self._process.pid).children()}

    def kill(self) -> None:
        """End it without any warning."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """End it in order."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            assert self._process.wait(START_SECONDS) == 0

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health").status_code == 200
        except httpx.HTTPError:
            return False


@dataclass
class Pair:
    """Two processes, what they share, and the owner's session."""

    product: Product
    second: Server
    redis: PythonRedis
    cookie: str

    @property
    def urls(self) -> tuple[str, str]:
        return self.product.url, self.second.url


def environment_of(provider: RunningProvider, redis_url: str) -> dict[str, str]:
    """What all processes of an installation are given alike."""
    return {
        "OPENAI_BASE_URL": provider.url,
        "OPENAI_API_KEY": "test-key",
        "CONVOSPHERE_DEFAULT_MODEL": "test-answer",
        "PUBLIC_URL": ADDRESS,
        "REDIS_URL": redis_url,
        "DRAIN_SECONDS": "3",
    }


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """An installation of two processes."""
    data = tmp_path_factory.mktemp("pair")
    redis = PythonRedis(data)
    redis.start()
    with (
        start_provider() as provider,
        start_product(data, provider, **environment_of(provider, redis.url)) as product,
    ):
        second = Server(product, redis.url)
        # Each process prints a link at its start; the last one works, in any of them.
        token = second.log.read_text().partition("token=")[2].split()[0]
        fields = {"workspace": "Ours", "name": "Ada", "email": EMAIL, "password": PASSWORD, "token": token}
        answer = _post(product.url, "/auth/set-up", fields)
        assert answer.status_code == 200, answer.text
        yield Pair(product, second, redis, _cookie_of(answer))
        second.stop()
    redis.kill()


@pytest.fixture
def at_first(pair: Pair) -> Iterator[Opener]:
    """Tabs that the first process serves."""
    with raw_tabs(pair.urls[0]) as tabs:
        yield tabs


@pytest.fixture
def at_second(pair: Pair) -> Iterator[Opener]:
    """Tabs that the second process serves."""
    with raw_tabs(pair.urls[1]) as tabs:
        yield tabs


@pytest.fixture
def page_of_second(pair: Pair, browser: Browser) -> Iterator[Page]:
    """The owner's tab in a browser that is led to the second process by the address of both."""
    port = pair.urls[1].rpartition(":")[2]
    led = start_browser(browser.browser_type, f"--host-resolver-rules=MAP chat.test 127.0.0.1:{port}")
    context = led.new_context(locale="en-US", base_url=ADDRESS)
    context.set_default_timeout(SLOW_MS)
    name, _, value = pair.cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": ADDRESS}])
    yield context.new_page()
    led.close()


def ask(tabs: Opener, cookie: str, question: str = LONG) -> tuple[RawTab, str]:
    """A tab that asks, and its conversation, once the answer has begun."""
    tab, key = tabs(cookie, origin=ADDRESS), str(uuid.uuid4())
    tab.settle()
    tab.send(handler_name(ConversationState.send), text=question, key=key)
    wait_until(lambda: looks(tab))
    return tab, key


def go_on(pair: Pair) -> None:
    """Let an answer be written to its end."""
    for _ in range(2):
        pair.product.provider.go_on()


def flows(texts: list[str]) -> bool:
    """Whether a text came live: the database alone tells once a second, at that rate 200 letters."""
    lengths = [len(letters(text)) for text in texts]
    return sum(0 < later - earlier < 100 for earlier, later in pairwise(lengths)) > 5


def member_of(pair: Pair, tabs: Opener) -> str:
    """The cookie of somebody who joined by a link of the owner's."""
    inviting = tabs(pair.cookie, origin=ADDRESS)
    since = len(inviting.updates)
    inviting.send(handler_name(InviteState.create), form={"role": "member", "email": ""})
    links = [value for _, name, value in values(inviting.settle(since)) if name == "link" and value]
    fields = {"name": "Grace", "email": "grace@example.org", "password": PASSWORD}
    joined = _post(pair.urls[0], "/auth/sign-up", fields | {"token": links[-1].partition("token=")[2]})
    assert joined.status_code == 200, joined.text
    return _cookie_of(joined)


def looks(tab: RawTab) -> list[str]:
    """What the growing answer was, each time that it changed."""
    now: dict[str, Any] = {"blocks": [], "tail": "", "tip": ""}
    seen: list[str] = []
    for update in list(tab.updates):
        of_answer = ((name, value) for state, name, value in values([update]) if state.endswith("growing_state"))
        news = {name: value for name, value in of_answer if name in now}
        now |= news
        if news and any(now.values()):
            seen.append("".join([*now["blocks"], now["tail"], now["tip"]]))
    return seen


def answers(tab: RawTab) -> list[dict[str, Any]]:
    """The finished answers that a tab was shown."""
    lists = [value for state, name, value in values(list(tab.updates)) if name in {"latest", "earlier"}]
    return [item for items in lists for item in items if item["role"] == "assistant"]


def test_an_answer_of_one_grows_in_the_other(pair: Pair, at_first: Opener, at_second: Opener) -> None:
    writer, conversation = ask(at_first, pair.cookie)
    watcher = at_second(pair.cookie, origin=ADDRESS, path=f"/chat/{conversation}")
    wait_until(lambda: looks(watcher))
    go_on(pair)
    wait_until(lambda: answers(watcher) and answers(writer))
    seen = [letters(text) for text in looks(watcher)]
    assert flows(looks(watcher))
    assert all(later.startswith(earlier) for earlier, later in pairwise(seen) if later), "in order, nothing twice"
    assert answers(watcher)[-1]["text"] == answers(writer)[-1]["text"]
    assert answers(watcher)[-1]["status"] == "done"
    assert toasts(watcher.updates) == []


def test_a_stop_in_one_stops_the_other(pair: Pair, at_first: Opener, at_second: Opener) -> None:
    writer, conversation = ask(at_first, pair.cookie)
    watcher = at_second(pair.cookie, origin=ADDRESS, path=f"/chat/{conversation}")
    wait_until(lambda: looks(watcher))
    watcher.send(handler_name(AnswerState.stop))
    wait_until(lambda: answers(watcher) and answers(writer))
    assert [answers(tab)[-1]["status"] for tab in (watcher, writer)] == ["stopped", "stopped"]
    assert answers(watcher)[-1]["text"] == answers(writer)[-1]["text"]


def test_a_tab_goes_on_in_the_other(pair: Pair, at_first: Opener, at_second: Opener) -> None:
    writer, conversation = ask(at_first, pair.cookie)
    writer.close()
    again = at_second(pair.cookie, origin=ADDRESS, path=f"/chat/{conversation}", tab=writer.tab)
    wait_until(lambda: looks(again))
    go_on(pair)
    wait_until(lambda: answers(again))
    assert flows(looks(again))
    assert answers(again)[-1]["status"] == "done"


def test_the_name_of_a_tab_opens_nothing(pair: Pair, at_first: Opener, at_second: Opener) -> None:
    writer, conversation = ask(at_first, pair.cookie, "[[tokens=20 rate=50]] The heron nests at dawn")
    wait_until(lambda: answers(writer))
    stranger = at_second("", origin=ADDRESS, path=f"/chat/{conversation}", tab=writer.tab)
    stranger.wait_for("/sign-in")
    assert "heron" not in json.dumps(stranger.updates)


def test_signing_out_at_one_ends_sockets_and_streams_of_both(pair: Pair, at_first: Opener, at_second: Opener) -> None:
    signed_in = _post(pair.urls[0], "/auth/sign-in", {"email": EMAIL, "password": PASSWORD})
    cookie = _cookie_of(signed_in)
    writer, conversation = ask(at_first, cookie)
    watcher = at_second(cookie, origin=ADDRESS, path=f"/chat/{conversation}")
    wait_until(lambda: looks(watcher))
    other, kept = at_second(cookie, origin=ADDRESS), at_second(pair.cookie, origin=ADDRESS)
    for tab in (other, kept):
        tab.settle()
    assert _post(pair.urls[0], "/auth/sign-out", {}, cookie).status_code < 400
    for tab in (writer, watcher, other):
        tab.wait_until_closed()
    assert kept.is_open, "another session of the same person"


def test_deactivating_at_one_stops_an_answer_that_the_other_writes(
    pair: Pair, at_first: Opener, at_second: Opener
) -> None:
    cookie = member_of(pair, at_second)
    writer, conversation = ask(at_first, cookie, "[[tokens=4000 rate=50 markdown]] At length")
    me = httpx.get(f"{pair.urls[0]}/api/me", headers={"cookie": cookie}, timeout=60).json()["id"]
    owner = at_second(pair.cookie, origin=ADDRESS, path=f"/admin/people/{me}")
    owner.settle()
    owner.send(handler_name(PersonState.deactivate))
    writer.wait_until_closed()
    status = "SELECT status FROM message WHERE conversation_id = %s AND role = 'assistant'"
    wait_until(lambda: database(pair.product, status, conversation) == [("stopped",)])
    assert toasts(owner.updates) == []


def test_tries_are_counted_together(pair: Pair) -> None:
    wrong = {"email": "nobody@example.org", "password": "wrong"}
    tries = 0
    while _post(pair.urls[tries % 2], "/auth/sign-in", wrong).status_code != 429:
        tries += 1
        assert tries < 100
    assert _post(pair.urls[(tries + 1) % 2], "/auth/sign-in", wrong).status_code == 429
    assert tries == 10, "as many as one process alone allows"


def test_without_redis_an_answer_still_arrives(pair: Pair, at_first: Opener, at_second: Opener) -> None:
    writer, conversation = ask(at_first, pair.cookie)
    watcher = at_second(pair.cookie, origin=ADDRESS, path=f"/chat/{conversation}")
    wait_until(lambda: looks(watcher))
    pair.product.provider.go_on()
    before = len(set(looks(watcher)))
    pair.redis.kill()
    pair.product.provider.go_on()
    wait_until(lambda: answers(watcher) and answers(writer))
    pair.redis.start()
    assert len(set(looks(watcher))) > before, "the database tells it meanwhile"
    assert answers(watcher)[-1]["text"] == answers(writer)[-1]["text"]
    assert answers(watcher)[-1]["status"] == "done"
    assert toasts(watcher.updates) == toasts(writer.updates) == []


def test_a_killed_process_leaves_an_answer_that_one_click_continues(
    pair: Pair, at_first: Opener, page_of_second: Page
) -> None:
    doomed = Server(pair.product, pair.redis.url)
    with raw_tabs(doomed.url) as at_doomed:
        _, conversation = ask(at_doomed, pair.cookie, "[[tokens=4000 rate=40 markdown]] At length")
        watcher = at_first(pair.cookie, origin=ADDRESS, path=f"/chat/{conversation}")
        page_of_second.goto(f"/chat/{conversation}")
        expect(page_of_second.locator(f"{ANSWER}[data-status=streaming]")).to_be_visible()
        wait_until(lambda: len(looks(watcher)) > 20)
        doomed.kill()
        wait_until(lambda: answers(watcher))
    interrupted = answers(watcher)[-1]
    assert interrupted["status"] == "interrupted"
    assert interrupted["text"]
    answer(page_of_second, "interrupted")
    expect(page_of_second.get_by_test_id("message-error")).to_contain_text("was interrupted")
    page_of_second.get_by_test_id("message-continue").click()
    answer(page_of_second)
    expect(page_of_second.get_by_test_id("message-continue")).to_have_count(0)
    wait_until(lambda: answers(watcher)[-1]["status"] == "done", "the end where others look on")
    assert answers(watcher)[-1]["text"].startswith(interrupted["text"])
    assert toasts(watcher.updates) == []
    expect(page_of_second.get_by_test_id("toast")).to_have_count(0)


def test_several_serve_on_one_port(pair: Pair) -> None:
    server = Server(pair.product, pair.redis.url, APP_PROCESSES="2")
    try:
        wait_until(lambda: len(server.workers) == 2)
        before = server.workers
        os.kill(min(before), signal.SIGKILL)
        wait_until(lambda: len(server.workers) == 2 != len(server.workers & before), "another one in its place")
        wait_until(lambda: is_healthy(server.url))
        assert len(server.workers & before) == 1
    finally:
        server.stop()


def is_healthy(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health").status_code == 200
    except httpx.TransportError:
        return False  # The socket of the one that was killed is closed together with what it had accepted.


def letters(text: str) -> str:
    """A text without its signs: a block that is finished is shown a little otherwise than while it grew."""
    return "".join(sign for sign in text if sign.isalnum())


def _post(url: str, path: str, fields: dict[str, str], cookie: str = "") -> httpx.Response:
    headers = {"origin": ADDRESS} | ({"cookie": cookie} if cookie else {})
    return httpx.post(f"{url}{path}", json=fields, headers=headers, timeout=30)


def _cookie_of(answer: httpx.Response) -> str:
    return answer.headers["set-cookie"].partition(";")[0]
