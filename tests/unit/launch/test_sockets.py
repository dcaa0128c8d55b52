"""Who may open a socket, and whose tab it is then."""

import asyncio
from urllib.parse import parse_qs

import pytest
from starlette.types import Message, Receive, Scope, Send

from convosphere.core.settings import get_settings
from convosphere.launch.sockets import Sockets, own_tab
from tests.fixtures.waiting import until

HOST = "here:8000"


async def open_socket(query: str, **headers: str) -> tuple[list[str], list[Scope]]:
    """What a client is sent, and what the product behind gets to see."""
    seen: list[Scope] = []
    sent: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)
        assert (await receive())["type"] == "websocket.connect"
        await send({"type": "websocket.accept"})

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message["type"])

    fields = [(name.encode(), value.encode()) for name, value in {"host": HOST, **headers}.items()]
    scope = {"type": "websocket", "path": "/_event", "headers": fields, "query_string": query.encode()}
    await Sockets(app, ())(scope, receive, send)
    return sent, seen


@pytest.mark.parametrize(
    ("origin", "public_url", "is_accepted"),
    [
        ("http://here:8000", "", True),
        ("https://chat.example.org", "https://chat.example.org", True),
        ("", "", False),
        ("", "https://chat.example.org", False),
        ("null", "", False),
        ("http://here", "", False),
        ("http://here:8000.evil.example", "", False),
        ("https://evil.example", "", False),
        ("https://evil.example", "https://chat.example.org", False),
        ("http://here:8000", "https://chat.example.org", False),
        ("https://chat.example.org.evil.example", "https://chat.example.org", False),
    ],
)
async def test_only_pages_of_this_site_open_sockets(
    origin: str, public_url: str, is_accepted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", public_url)
    get_settings.cache_clear()
    sent, seen = await open_socket("token=tab", **({"origin": origin} if origin else {}))
    assert sent == ["websocket.accept" if is_accepted else "websocket.close"]
    assert len(seen) == is_accepted


async def test_a_socket_without_a_tab_is_refused() -> None:
    assert await open_socket("EIO=4", origin="http://here:8000") == (["websocket.close"], [])


async def test_the_tab_is_renamed_and_the_rest_of_the_address_stays() -> None:
    _, [scope] = await open_socket("EIO=4&transport=websocket&token=tab", origin="http://here:8000")
    query = parse_qs(scope["query_string"].decode())
    assert query == {"EIO": ["4"], "transport": ["websocket"], "token": [own_tab("tab", "")]}


def test_a_tab_belongs_to_one_session() -> None:
    assert own_tab("tab", "mine") == own_tab("tab", "mine")
    assert (
        len({own_tab("tab", "mine"), own_tab("tab", "yours"), own_tab("tab", ""), own_tab("tab2", "mine"), "tab"}) == 5
    )


async def test_strange_frames_never_arrive() -> None:
    frames = ["42/_event,{", "2", '42/_event,["event",{"name":"unknown"}]', "3"]
    arrived: list[str] = []

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        while (message := await receive())["type"] == "websocket.receive":
            arrived.append(message["text"])

    async def receive() -> Message:
        return {"type": "websocket.receive", "text": frames.pop(0)} if frames else {"type": "websocket.disconnect"}

    async def send(_message: Message) -> None:
        """Nothing is sent."""

    fields = [(b"host", HOST.encode()), (b"origin", f"http://{HOST}".encode())]
    await Sockets(app, ())({"type": "websocket", "headers": fields, "query_string": b"token=tab"}, receive, send)
    assert arrived == ["2", "3"]


BEGINS = '40/_event,{"event":{"name":"load","payload":{"hashes":["1"]}},"state_schema":"2"}'
RETURNS = '40/_event,{"event":{"name":"load","router_data":{"pathname":"/chat"}},"state_schema":"2"}'


class Page:
    """The other end of a socket, which answers pings as long as its network is there."""

    def __init__(self, sockets: Sockets, first: str) -> None:
        self.is_there, self.is_closed, self.names = True, False, 0
        self._said: asyncio.Queue[Message] = asyncio.Queue()
        for message in ({"type": "websocket.connect"}, {"type": "websocket.receive", "text": first}):
            self._said.put_nowait(message)
        fields = [(b"host", HOST.encode()), (b"origin", f"http://{HOST}".encode())]
        scope = {"type": "websocket", "headers": fields, "query_string": b"token=tab"}
        self._task = asyncio.create_task(sockets(scope, self._said.get, self._take))

    async def _take(self, message: Message) -> None:
        self.is_closed |= message["type"] == "websocket.close"
        self.names += "new_token" in message.get("text", "")
        if message.get("text") == "2" and self.is_there:
            self.say("3")

    def say(self, frame: str) -> None:
        self._said.put_nowait({"type": "websocket.receive", "text": frame})

    async def leave(self) -> None:
        self._said.put_nowait({"type": "websocket.disconnect"})
        await self._task


class Served:
    """Sockets, and what arrives behind them."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.sockets = Sockets(self._serve, {"load"})

    async def _serve(self, _scope: Scope, receive: Receive, _send: Send) -> None:
        while (message := await receive())["type"] != "websocket.disconnect":
            if message["type"] == "websocket.receive":
                self.seen.append("connected" if message["text"].startswith("40") else message["text"])
        self.seen.append("gone")

    async def open(self, first: str) -> Page:
        """A page that is connected."""
        before = self.seen.count("connected")
        page = Page(self.sockets, first)
        await until(lambda: self.seen.count("connected") > before)
        return page


@pytest.mark.parametrize(
    ("second", "is_there", "order"),
    [
        (RETURNS, False, ["connected", "gone", "connected"]),  # It gets its tab, which has no other line any more.
        (RETURNS, True, ["connected", "connected"]),  # Two pages: neither sends the other away.
        (BEGINS, False, ["connected", "connected"]),
        ("40/_event,", False, ["connected", "connected"]),
    ],
)
async def test_a_page_that_comes_back_ends_the_line_that_it_lost(second: str, is_there: bool, order: list[str]) -> None:
    served = Served()
    before = await served.open(BEGINS)
    before.is_there = is_there
    after = await served.open(second)
    assert served.seen == order
    assert before.is_closed == ("gone" in order)
    assert before.names == before.is_closed, "a page that is there all the same has another name from now on"
    for page in (before, after):
        await page.leave()


async def test_of_several_that_come_back_at_once_the_last_has_the_tab() -> None:
    served = Served()
    lost = await served.open(BEGINS)
    lost.is_there = False
    pages = [Page(served.sockets, RETURNS) for _ in range(3)]
    for page in pages[:2]:
        page.is_there = False
    await until(lambda: [page.is_closed for page in (lost, *pages)] == [True, True, True, False])
    await until(lambda: served.seen.count("gone") == 3)
    for page in (lost, *pages):
        await page.leave()


async def test_answers_to_pings_of_others_arrive() -> None:
    served = Served()
    page = await served.open(BEGINS)
    copy = await served.open(RETURNS)  # Asks whether the first is there.
    page.say("3")
    await until(lambda: "3" in served.seen)
    assert served.seen.count("3") == 1
    for each in (page, copy):
        await each.leave()


async def test_what_is_no_socket_passes() -> None:
    passed: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        passed.append(scope["type"])

    async def nothing(*_: object) -> Message:
        await asyncio.sleep(0)
        return {}

    await Sockets(app, ())({"type": "http"}, nothing, nothing)
    assert passed == ["http"]
