"""Attacks on the sockets of the running product, as somebody would who reads its source."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import product as combinations

import aiohttp
import httpx
import pytest
import reflex as rx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reflex.utils.format import json_dumps
from socketio.exceptions import ConnectionError as SocketRefused

from convosphere.core.permissions import Permission
from convosphere.core.ways_in import declared_permission
from convosphere.identity.state.gate import FRAMEWORK_HANDLERS
from convosphere.playground.state.playground_state import PlaygroundAnswerState
from tests.e2e.attackers import PASSWORD as MEMBER_PASSWORD
from tests.e2e.attackers import (
    SECRET,
    Things,
    all_handlers,
    as_text,
    client,
    database,
    fingerprint,
    fitting,
    handler_name,
    is_background,
    join,
    make_things,
    parameters,
    rows_of,
)
from tests.e2e.conftest import EMAIL, PASSWORD, Product
from tests.e2e.raw_tab import NAMESPACE, REPORT, ROOT_STATE, Loop, Opener, RawTab, raw_tabs, redirects, toasts, values
from tests.fixtures.waiting import wait_until

MISSING = "00000000-0000-7000-8000-000000000000"
PLAUSIBLE = (
    "some text",
    1,
    True,
    {"name": "x", "document-name": "x", "role": "admin", "email": "eve@example.org"},
    MISSING,
)
ABSURD = (
    "",
    None,
    -1,
    1e308,
    [],
    {},
    [["a"]],
    {"__proto__": {"a": 1}},
    "\x00",
    "' OR 1=1 --",
    "a" * 5_000,
    "../../etc/passwd",
)
FORBIDDEN = "You do not have permission to do this."
# What anybody may see of an installation, besides their own connection.
OPEN_VARS = {
    ("entry_state", "is_founded"), ("entry_state", "is_mail_possible"), ("toast_state", "toasts"),
    ("state", "is_hydrated"),
    # That what was tried as a link is none; what a link opens is in other vars.
    ("linked_state", "stage"), ("linked_documents_state", "stage"),
}  # fmt: skip


@pytest.fixture
def tabs(product: Product) -> Iterator[Opener]:
    with raw_tabs(product.url) as opener:
        yield opener


@pytest.fixture(scope="package")
def ada(owner_cookies: list[dict[str, object]]) -> str:
    """The owner's cookie."""
    [cookie] = [cookie for cookie in owner_cookies if str(cookie["name"]).startswith("session_")]
    return f"{cookie['name']}={cookie['value']}"


@pytest.fixture(scope="package")
def bob(product: Product, ada: str) -> str:
    """A member's cookie."""
    with raw_tabs(product.url) as opener:
        return join(product, opener, ada, "Bob")


@pytest.fixture(scope="package")
def things(product: Product, ada: str) -> Things:
    """What the owner has and shares with nobody."""
    with raw_tabs(product.url) as opener:
        return make_things(product, opener, ada)


def sign_in(product: Product) -> str:
    """Another session of the owner."""
    with client(product) as browser:
        answer = browser.post("/auth/sign-in", json={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 200
    return answer.headers["set-cookie"].partition(";")[0]


def short_name(state: str) -> str:
    return state.rpartition("____")[2]


def conversation_handler(name: str) -> str:
    return f"{ROOT_STATE}.convosphere___chat___state___conversation_state____conversation_state.{name}"


@pytest.mark.parametrize("origin", [None, "", "null", "https://evil.example", "http://localhost", "http://localhost:1"])
def test_a_socket_of_another_page_is_refused(tabs: Opener, origin: str | None) -> None:
    with pytest.raises(SocketRefused):
        tabs(origin=origin)


def test_polling_is_no_way_round(product: Product) -> None:
    with httpx.Client(base_url=product.url) as browser:
        for method, origin in combinations(("GET", "POST"), ("https://evil.example", product.url)):
            answer = browser.request(method, "/_event/?EIO=4&transport=polling&token=x", headers={"origin": origin})
            assert (answer.status_code, answer.text) == (400, '"Invalid transport"')


def test_without_a_session_pages_show_empty_defaults(tabs: Opener, things: Things) -> None:
    for path in ("/chat", f"/chat/{things.conversation}", "/knowledge", f"/knowledge/{things.document}", "/sign-in"):
        updates = tabs(path=path).settle()
        assert shown_to_strangers(updates) == set()
        assert SECRET not in as_text(updates)


def test_without_a_session_only_public_handlers_run(product: Product, tabs: Opener, things: Things) -> None:
    before = fingerprint(product)
    tab = tabs(path=f"/chat/{things.conversation}")
    handlers = all_handlers()
    assert len(handlers) > 50
    closed = [name for name, handler in handlers.items() if not is_public(name, handler)]
    for name in closed:
        for value in (*PLAUSIBLE, *ABSURD, *things.ids()):
            tab.send(name, **dict.fromkeys(parameters(handlers[name]), value))
        tab.send(name)
        tab.send(name, self=1, anything=2)
        # Each is answered by the way to sign in, or refused.
        assert set(redirects(tab.settle())) == {"/sign-in"}
    updates = tab.settle()
    assert shown_to_strangers(updates) == set()
    assert SECRET not in as_text(updates)
    assert fingerprint(product) == before


def test_public_handlers_tell_nothing_and_change_nothing(product: Product, tabs: Opener, things: Things) -> None:
    before = fingerprint(product)
    tab = tabs(path=f"/chat/{things.conversation}")
    public = {name: handler for name, handler in all_handlers().items() if is_public(name, handler)}
    for name, value in combinations(public, (*PLAUSIBLE, *ABSURD, *things.ids())):
        tab.send(name, **dict.fromkeys(parameters(public[name]), value))
    updates = tab.settle()
    assert shown_to_strangers(updates) == set()
    assert SECRET not in as_text(updates)
    assert fingerprint(product) == before


def is_public(name: str, handler: object) -> bool:
    return name in FRAMEWORK_HANDLERS or declared_permission(handler) is Permission.PUBLIC  # pyright: ignore[reportArgumentType]


def shown_to_strangers(updates: list[dict[str, object]]) -> set[tuple[str, str]]:
    """Vars that told somebody without a session more than nothing, or what they say to everybody at first."""
    at_first = defaults()
    told = {
        (short_name(state), name)
        for state, name, value in values(updates)
        if not name.startswith("rx_router") and not is_empty(value) and at_first.get((state, name)) != value
    }
    return told - OPEN_VARS - {("transcript_state", "is_loading")}


@cache
def defaults() -> dict[tuple[str, str], object]:
    """What every var is before anything was loaded, as it travels."""
    return {
        (state.get_full_name().rpartition(".")[2], name): json.loads(json_dumps(field.default_value()))
        for state in rx.State.get_substates()
        for name, field in state.get_fields().items()
        if name in state.base_vars
    }


def is_empty(value: object) -> bool:
    if isinstance(value, dict):
        return all(is_empty(part) for part in value.values())
    return value in ("", 0, -1, [], None, False)


def test_a_var_cannot_be_written_from_outside(tabs: Opener, bob: str, things: Things) -> None:
    tab = tabs(bob)
    setters = [name for name in all_handlers() if name.rpartition(".")[2] in {"setvar", "update_vars_internal"}]
    assert len(setters) > 10
    since = len(tab.updates)
    for name in setters:
        tab.send(name, var_name="ids", value=[things.document])
        tab.send(
            name, vars={f"{ROOT_STATE}.convosphere___knowledge___state___act_state____act_state.ids": [things.document]}
        )
    assert set(toasts(tab.settle(since))[: len(setters)]) <= {FORBIDDEN}
    tab.send(f"{ROOT_STATE}.hydrate_and_load", vars={
        f"{ROOT_STATE}.convosphere___knowledge___state___act_state____act_state.ids": [things.document],
        f"{ROOT_STATE}.convosphere___identity___state____session_state._session_id": "x",
    })  # fmt: skip
    assert things.document not in as_text(tab.settle(since))


def test_the_name_of_a_tab_opens_nothing(tabs: Opener, ada: str, bob: str, things: Things) -> None:
    """Whoever learns a tab's name, from a proxy's log for example, gets nothing of what it shows."""
    own = tabs(ada, path=f"/chat/{things.conversation}")
    own.wait_for(SECRET)
    for cookie in (bob, ""):
        beside = tabs(cookie, tab=own.tab, path=f"/chat/{things.conversation}")
        beside.settle()
        assert SECRET not in as_text(beside.updates)
        beside.close()
    name = own.tab
    own.close()
    for cookie, boots in combinations((bob, ""), (True, False)):
        after = tabs(cookie, tab=name, path=f"/chat/{things.conversation}", boots=boots)
        after.settle()
        after.send(conversation_handler("show_earlier"))
        after.settle()
        assert SECRET not in as_text(after.updates)
        assert EMAIL not in as_text(after.updates)
        after.close()


def test_an_answer_does_not_flow_into_a_tab_taken_over(tabs: Opener, ada: str, bob: str) -> None:
    writing = tabs(ada)
    writing.settle()
    writing.send(conversation_handler("send"), text="[[tokens=150 rate=50]] Slowly", key=str(uuid.uuid4()))
    writing.wait_for('"tail_rx_state_": "The')
    name = writing.tab
    writing.close()
    listening = tabs(bob, tab=name, boots=False)
    look = tabs(bob)
    for _ in range(20):
        look.settle()
    assert listening.updates == []


def test_signing_out_closes_the_sockets_of_the_session(product: Product, tabs: Opener, ada: str) -> None:
    cookie = sign_in(product)
    first, second, other = tabs(cookie), tabs(cookie), tabs(ada)
    first.settle()
    with client(product, cookie) as browser:
        assert browser.post("/auth/sign-out").status_code == 303
    first.wait_until_closed()
    second.wait_until_closed()
    other.settle()
    again = tabs(cookie)
    assert set(redirects(again.settle())) == {"/sign-in"}
    assert EMAIL not in as_text(again.updates)


@pytest.mark.parametrize(
    ("stroke", "undo"),
    [
        (
            "UPDATE account SET is_active = false WHERE email = %s",
            "UPDATE account SET is_active = true WHERE email = %s",
        ),
        (
            "UPDATE membership SET is_active = false WHERE account_id = (SELECT id FROM account WHERE email = %s)",
            "UPDATE membership SET is_active = true WHERE account_id = (SELECT id FROM account WHERE email = %s)",
        ),
        (
            "UPDATE web_session SET expires_at = now() WHERE account_id = (SELECT id FROM account WHERE email = %s)",
            "UPDATE web_session SET expires_at = now() + interval '1 day'"
            " WHERE account_id = (SELECT id FROM account WHERE email = %s)",
        ),
    ],
)
def test_rights_end_while_a_socket_is_open(product: Product, tabs: Opener, bob: str, stroke: str, undo: str) -> None:
    tab = tabs(bob)
    tab.settle()
    database(product, stroke, "bob@example.org")
    try:
        since = len(tab.updates)
        tab.send(conversation_handler("send"), text="Am I still here?", key=str(uuid.uuid4()))
        # What goes on beside it is refused as well.
        assert set(redirects(tab.settle(since))) == {"/sign-in"}
        with client(product, bob) as browser:
            assert browser.get(f"/api/documents/{MISSING}/file").status_code == 401
    finally:
        database(product, undo, "bob@example.org")
    assert database(product, "SELECT count(*) FROM message WHERE parts::text LIKE '%%Am I still here%%'") == [(0,)]


def test_a_token_that_was_just_replaced_neither_opens_anything_nor_signs_out(
    product: Product, tabs: Opener, bob: str
) -> None:
    tab = tabs(bob)
    tab.settle()
    whose = "account_id = (SELECT id FROM account WHERE email = 'bob@example.org')"
    replaced = "previous_token_hash = token_hash, token_hash = sha256(token_hash), renewed_at = now()"
    database(product, f"UPDATE web_session SET {replaced} WHERE {whose}")
    try:
        since = len(tab.updates)
        tab.send(conversation_handler("send"), text="By which token?", key=str(uuid.uuid4()))
        assert redirects(tab.settle(since)) == []
        assert database(product, "SELECT count(*) FROM message WHERE parts::text LIKE '%%By which token%%'") == [(0,)]
    finally:
        put_back = "token_hash = previous_token_hash, previous_token_hash = NULL"
        database(product, f"UPDATE web_session SET {put_back} WHERE {whose}")


def test_ids_of_somebody_else_open_nothing(product: Product, tabs: Opener, bob: str, things: Things) -> None:
    before = rows_of(product, things)
    assert len(before) >= 6
    handlers = {name: handler for name, handler in all_handlers().items() if name not in FRAMEWORK_HANDLERS}
    for path in (f"/chat/{things.conversation}", f"/knowledge/{things.document}"):
        tab = tabs(bob, path=path)
        for (name, handler), identity in combinations(handlers.items(), things.ids()):
            for arguments in fitting(handler, identity):
                tab.send(name, **arguments)
        # What the fields above left in the tab's State is now acted upon.
        for name, handler in handlers.items():
            if not parameters(handler):
                tab.send(name)
        shown = as_text(tab.settle())
        assert SECRET not in shown
        assert EMAIL not in shown
        tab.close()
    assert rows_of(product, things) == before


@pytest.fixture(scope="module")
def said_of_missing(product: Product, bob: str) -> dict[str, list[str]]:
    """What every handler says to the id of nothing."""
    with raw_tabs(product.url) as opener:
        return answers_to(opener, bob, MISSING)


@pytest.mark.parametrize("kind", ["conversation", "answer", "document"])
def test_somebody_elses_thing_looks_like_a_missing_one(
    tabs: Opener, bob: str, things: Things, said_of_missing: dict[str, list[str]], kind: str
) -> None:
    theirs = answers_to(tabs, bob, getattr(things, kind))
    assert theirs == said_of_missing
    assert len(theirs) > 50
    assert any(theirs.values())


SPEAKS_LATER = handler_name(PlaygroundAnswerState.ask)
"""Of those that work beside the others the only one that says something to such an id."""


def answers_to(tabs: Opener, cookie: str, identity: str) -> dict[str, list[str]]:
    """What every handler says to an id that can take one."""
    tab = tabs(cookie, path=f"/knowledge/{identity}")
    said = {}
    # What works in the background does not stand in line, so its answer may come behind the mark: it goes first, and
    # what it should not have said would be found among what the others say.
    for name, handler in sorted(all_handlers().items(), key=lambda item: (not is_background(item[0]), item[0])):
        # A question's key may be chosen freely: it becomes the id of a new conversation if there is none.
        if name in FRAMEWORK_HANDLERS or name in {conversation_handler("send"), REPORT}:
            continue
        attempts = list(fitting(handler, identity))
        if not attempts:
            continue
        since = len(tab.settle())
        for arguments in attempts:
            tab.send(name, **arguments)
        said[name] = toasts(tab.settle(since))
        if name == SPEAKS_LATER:
            wait_until(lambda: toasts(tab.updates[since:]), "word of what is not there")  # noqa: B023
            said[name] = toasts(tab.updates[since:])
    return said


MALFORMED = [
    "", "4", "40", "42", "2", "41/_event,", "42/_event,", "42/_event,[]", '42/_event,["event"]',
    '42/_event,["event",null]',
    '42/_event,["event",[]]', '42/_event,["event","{"]', '42/_event,["event",{"name":1}]', '42/_event,["event",{}]',
    '42/_event,["event",{"name":"_redirect","payload":{"path":"//evil.example"}}]', '42/_event,["connect",{}]',
    '42/_event,["event",{"name":"a","payload":[],"router_data":1}]', '42/_event,["client_error",{"error_type":[]}]',
    '42/_event,["disconnect"]', '42/_event,["nothing",1,2,3]', "42/_event,{", "451-/_event,[]", "42/other,[]",
    "9" * 1000,
    '42/_event,["event",' + "[" * 5_000, "42/_event," + "\x00" * 100, '43/_event,1[]', "40/_event,[]", "40/nowhere,{}",
]  # fmt: skip


def test_malformed_frames_harm_nobody_else(product: Product, tabs: Opener, ada: str) -> None:
    watching = tabs(ada)
    watching.settle()
    loop = Loop()
    for frame in [*MALFORMED, "4" + "x" * 2_000_000, '42/_event,["event","' + "x" * 2_000_000 + '"]']:
        loop.run(say(product, ada, frame, connects=False))
        loop.run(say(product, ada, frame, connects=True))
    loop.run(say(product, ada, b"\x00\xff" * 1000, connects=True))
    loop.stop()
    watching.settle()
    assert serves(product)


async def say(product: Product, cookie: str, frame: str | bytes, *, connects: bool) -> None:
    """Send one frame over a socket of its own, and hear what comes until the server falls silent or hangs up."""
    url = f"{product.url}/_event/?EIO=4&transport=websocket&token={uuid.uuid4()}"
    headers = {"Origin": product.url, "Cookie": cookie}
    async with aiohttp.ClientSession() as session, session.ws_connect(url, headers=headers) as socket:
        try:
            await socket.receive(5)
            if connects:
                await socket.send_str(f"40{NAMESPACE},{{}}")
                await socket.receive(5)
            await (socket.send_bytes(frame) if isinstance(frame, bytes) else socket.send_str(frame))
            await socket.receive(0.1)
        except (TimeoutError, ConnectionError, aiohttp.ClientError):
            return


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda part: st.lists(part, max_size=4) | st.dictionaries(st.text(max_size=10), part, max_size=4),
    max_leaves=12,
)


@dataclass
class Attacked:
    """What is attacked, and the tab that does it: another one whenever the server has hung up."""

    product: Product
    tabs: Opener
    cookie: str
    used: list[RawTab] = field(default_factory=list)

    def tab(self) -> RawTab:
        if not self.used or not self.used[-1].is_open:
            self.used.append(self.tabs(self.cookie))
        return self.used[-1]


@settings(max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=JSON, payload=JSON, router=JSON, number=st.integers(0, 1000))
def test_random_events_harm_nobody(
    attacked: Attacked, data: object, payload: object, router: object, number: int
) -> None:
    handlers = sorted(all_handlers())
    tab = attacked.tab()
    name = handlers[number % len(handlers)]
    tab.emit("event", {"name": name, "payload": payload, "router_data": router})
    tab.emit(
        "event", {"name": name, "payload": dict.fromkeys(parameters(all_handlers()[name]), data), "router_data": {}}
    )
    tab.emit("event", data)
    tab.emit("client_error", data)
    assert serves(attacked.product)


def serves(product: Product) -> bool:
    with client(product) as browser:
        return browser.get("/health").json() == {"database": "ok"}


@pytest.fixture
def attacked(product: Product, tabs: Opener, bob: str, ada: str) -> Iterator[Attacked]:
    """An open tab that has seen the attack must work as before."""
    watching = tabs(ada)
    watching.settle()
    yield Attacked(product, tabs, bob)
    watching.settle()
    assert serves(product)


def test_logs_hold_no_words_and_no_secrets(product: Product, tabs: Opener, ada: str, bob: str, things: Things) -> None:
    """After all the attacks above: neither what people wrote, nor what opens something."""
    mistyped = "mistyped-password-9417"
    with client(product) as browser:
        browser.post("/auth/sign-in", json={"email": EMAIL, "password": mistyped})
        browser.post("/auth/sign-in", json={"email": f"{EMAIL}\x00", "password": mistyped})
    tab = tabs(ada)
    tab.settle()
    for text in (f"{SECRET} [[status=500]]", f"{SECRET} [[garbage]]", f"{SECRET}\ud800", f"{SECRET} [[cut_after=1]]"):
        tab.send(conversation_handler("send"), text=text, key=str(uuid.uuid4()))
        tab.send(f"{ROOT_STATE}.convosphere___knowledge___state___list_state____document_list_state.search", text=text)
        tab.send(f"{ROOT_STATE}.convosphere___chat___state___list_state____conversation_list_state.rename",
                 conversation_id=things.conversation, title=text)  # fmt: skip
    tab.settle()
    logs = "".join(
        path.read_text(errors="replace") for path in [product.data / "product.log", *product.data.glob("logs/*")]
    )
    assert "undeclared_handler" in logs
    secrets = {SECRET, PASSWORD, MEMBER_PASSWORD, mistyped, EMAIL, "bob@example.org", "test-key",
               ada.partition("=")[2], bob.partition("=")[2]}  # fmt: skip
    assert {secret for secret in secrets if secret in logs} == set()
    # PostgreSQL begins the further lines of an entry with a tab.
    assert [line for line in logs.splitlines() if not line.removeprefix("\t").isprintable()] == []
