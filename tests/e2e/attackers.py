"""What an attack needs: somebody's things, somebody else, every handler there is, and the state of the tables."""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import signature
from typing import get_origin, get_type_hints

import httpx
import psycopg
from psycopg import sql
from reflex_base.registry import RegistrationContext

from convosphere import convosphere
from convosphere.identity.state.invite_state import InviteState
from convosphere.launch.postgres import addresses_of
from tests.e2e.conftest import Product
from tests.e2e.raw_tab import ROOT_STATE, Opener, values

SECRET = "the-blue-heron-nests-at-dawn"
PASSWORD = "a long enough password"
# What changes by itself, by every look, or by what was refused.
RESTLESS = {"web_session", "procrastinate_workers", "procrastinate_events", "procrastinate_jobs", "message_generation",
            "procrastinate_periodic_defers", "audit_entry", "audit_chain", "usage_rolled"}  # fmt: skip

Handler = Callable[..., object]


@dataclass(frozen=True)
class Things:
    """Ids of what somebody owns, each of which another person may try."""

    conversation: str
    question: str
    answer: str
    document: str

    def ids(self) -> list[str]:
        return [self.conversation, self.question, self.answer, self.document]


def all_handlers() -> dict[str, Handler]:
    """Every page's handler that the product knows, the framework's included."""
    assert convosphere.app is not None
    return {name: registered.handler.fn for name, registered in RegistrationContext.get().event_handlers.items()}


def is_background(name: str) -> bool:
    """Whether a handler works beside the others of its tab."""
    return RegistrationContext.get().event_handlers[name].handler.is_background


def parameters(handler: Handler) -> list[str]:
    """Names of what it takes."""
    return list(signature(handler).parameters)[1:]


def fitting(handler: Handler, identity: str) -> Iterator[dict[str, object]]:
    """Arguments of the right types, with the id in each text in turn, or in every field of a form."""
    forms = dict.fromkeys(("document-name", "name", "id", "email", "role"), identity)
    others = {str: "x", bool: True, int: 1, float: 1.0, dict: {}}
    hints = get_type_hints(handler)
    types = {name: get_origin(hints.get(name)) or hints.get(name) for name in parameters(handler)}
    plain = {name: others.get(kind) for name, kind in types.items()}
    for name, kind in types.items():
        if kind in {str, dict}:
            yield {**plain, name: identity if kind is str else forms}


def rows_of(product: Product, things: Things) -> list[tuple[object, ...]]:
    """Everything that is stored of somebody's things."""
    found: list[tuple[object, ...]] = []
    for query, identity in (
        ("SELECT c::text FROM conversation AS c WHERE id::text = %s", things.conversation),
        ("SELECT m::text FROM message AS m WHERE conversation_id::text = %s ORDER BY id", things.conversation),
        ("SELECT v::text FROM conversation_view AS v WHERE conversation_id::text = %s", things.conversation),
        ("SELECT d::text FROM document AS d WHERE id::text = %s", things.document),
        ("SELECT v::text FROM document_version AS v WHERE document_id::text = %s ORDER BY id", things.document),
        ("SELECT g::text FROM access_grant AS g WHERE object_id::text = %s ORDER BY id", things.document),
    ):
        found += database(product, query, identity)
    return found


def handler_name(function: object) -> str:
    """The name of a State's handler on the wire."""
    return next(name for name, handler in all_handlers().items() if handler is function.fn)  # pyright: ignore[reportAttributeAccessIssue]


def client(product: Product, cookie: str = "") -> httpx.Client:
    """A client of the routes that says where it comes from, as a page does."""
    headers = {"origin": product.url} | ({"cookie": cookie} if cookie else {})
    return httpx.Client(base_url=product.url, headers=headers, timeout=60)


def join(product: Product, tabs: Opener, owner: str, name: str) -> str:
    """The cookie of a new member, who came by the owner's invitation."""
    inviting = tabs(owner)
    since = len(inviting.updates)
    inviting.send(handler_name(InviteState.create), form={"role": "member", "email": ""})
    links = [value for _, var, value in values(inviting.settle(since)) if var == "link" and value]
    token = links[-1].partition("token=")[2]
    fields = {"token": token, "name": name, "email": f"{name.lower()}@example.org", "password": PASSWORD}
    with client(product) as browser:
        answer = browser.post("/auth/sign-up", json=fields)
    assert answer.status_code == 200, answer.text
    return answer.headers["set-cookie"].partition(";")[0]


def make_things(product: Product, tabs: Opener, cookie: str) -> Things:
    """A conversation with a question and its answer, and a document that nobody else sees."""
    with client(product, cookie) as browser:
        headers = {"x-requested-with": "convosphere", "x-file-name": f"{SECRET}.md", "x-share": "me"}
        content = f"# {SECRET}\n\nThe secret of this document is {SECRET} {uuid.uuid4()}.".encode()
        document = browser.post("/api/files", content=content, headers=headers).json()["id"]
    tab = tabs(cookie, path=f"/knowledge/{document}")
    tab.wait_for('"status": "ready"')
    key = str(uuid.uuid4())
    tab.send(f"{ROOT_STATE}.convosphere___chat___state___conversation_state____conversation_state.send",
             text=f"[[text={SECRET}]] What is {SECRET}?", key=key)  # fmt: skip
    tab.wait_for('"status": "done"')
    rows = database(product, "SELECT role, id::text FROM message WHERE conversation_id = %s", key)
    tab.close()
    ids = {str(role): str(identity) for role, identity in rows}
    return Things(key, ids["user"], ids["assistant"], document)


def database(product: Product, query: str, *given: object) -> list[tuple[object, ...]]:
    """Ask the database as its superuser, whom no policy binds."""
    with psycopg.connect(addresses_of(product.data).superuser_url, autocommit=True) as connection:
        found = connection.execute(query.encode(), given)
        return found.fetchall() if found.description else []


def fingerprint(product: Product) -> dict[str, str]:
    """A hash of the content of every table that stays as it is unless somebody does something."""
    names = database(product, "SELECT relname FROM pg_class WHERE relkind = 'r' AND NOT relispartition"
                              " AND relnamespace = 'public'::regnamespace")  # fmt: skip
    with psycopg.connect(addresses_of(product.data).superuser_url) as connection:
        return dict(_hashes(connection, {str(name) for (name,) in names} - RESTLESS))


def _hashes(connection: psycopg.Connection, tables: set[str]) -> Iterator[tuple[str, str]]:
    for table in sorted(tables):
        query = sql.SQL("SELECT md5(coalesce(string_agg(t::text, ';' ORDER BY t::text), '')) FROM {} AS t")
        row = connection.execute(query.format(sql.Identifier(table))).fetchone()
        yield table, str(row and row[0])


def as_text(updates: list[dict[str, object]]) -> str:
    """All that the server sent, to look for what must not be in it."""
    return json.dumps(updates)
