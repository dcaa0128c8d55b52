"""Getting in: signing in when many do at once, and what looking up who somebody is adds to each request."""

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path

import uvloop
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.types import Message, Scope

from bench.figures import Figure, spread
from convosphere.core.audit.refusals import RefusalWriter
from convosphere.core.database import open_database
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import system_actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.cookies import cookie_name
from convosphere.identity.models import Installation, Workspace
from convosphere.identity.passwords import hash_password
from convosphere.identity.queries import people
from convosphere.identity.roles import Role
from convosphere.identity.routes import ROUTES
from convosphere.identity.service import keys, tokens
from convosphere.identity.service.credentials import resolve_authorization
from convosphere.identity.service.sessions import resolve_actor
from convosphere.identity.ways import guard_routes
from convosphere.launch.migrations import migrate
from convosphere.launch.postgres import embedded_postgres

AT_ONCE = 20
ROUNDS = 5
LOOK_UPS = 500
PASSWORD = "correct-horse-battery-staple"  # Of a database that lives for a minute.
ORIGIN = "http://bench"


def measure() -> Iterator[Figure]:
    """All in one process, without a server in front: what the server adds is the same for every request."""
    with _fresh_data() as data, embedded_postgres(data, durable=True) as addresses:
        migrate(addresses.owner_url)
        yield from uvloop.run(_measure(addresses.app_url))  # As the server's own.


@contextmanager
def _fresh_data() -> Iterator[Path]:
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="convosphere-bench-") as directory:
        os.environ |= {"CONVOSPHERE_DATA": directory, "LIMIT_GUESSES": "100000/minute", "LIMIT_AUTH": "100000/minute"}
        get_settings.cache_clear()
        try:
            yield Path(directory)
        finally:
            os.environ.clear()
            os.environ |= before
            get_settings.cache_clear()


async def _measure(url: str) -> list[Figure]:
    async with open_database(url, pool_size=10), RefusalWriter().running():
        emails = await _add_people()
        await _sign_in_at_once(emails[:4])  # Opens connections, and warms up what is loaded when first used.
        rounds = [await _sign_in_at_once(emails) for _ in range(ROUNDS)]
        signed_in = [took for _, answers in rounds for took, _ in answers]
        used = sum(seconds for seconds, _ in rounds) / len(signed_in)
        cookie = rounds[0][1][0][1]
        cpu = time.process_time()
        of_cookie = await _timed(lambda: resolve_actor(cookie))
        cpu = (time.process_time() - cpu) / LOOK_UPS
        actor = await resolve_actor(cookie)
        key = (await keys.create_key(actor, "Bench", ["document:read"], None)).value
        access = (await tokens.issue_for_key(key, "", "")).access
        of_key = await _timed(lambda: resolve_authorization([f"Bearer {key}"], ""))
        of_token = await _timed(lambda: resolve_authorization([f"Bearer {access}"], ""))
    return [
        Figure(f"signing in, {AT_ONCE} at once", spread(signed_in), "p95 ≤ 300 ms", f"by password; {_each(used)}"),
        Figure("who a cookie is", spread(of_cookie), "p95 ≤ 1 ms", f"added to every event; {_each(cpu)}"),
        Figure("who a key is", spread(of_key), "", "one statement"),
        Figure("who an access token is", spread(of_token), "", "signature and one statement"),
    ]


def _each(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms of this process's CPU each"


async def _add_people() -> list[str]:
    actor, password = system_actor(new_id()), await hash_password(PASSWORD)
    emails = [f"p{number}@example.org" for number in range(AT_ONCE)]
    async with unit_of_work(actor) as uow:
        uow.session.add(Workspace(id=uow.workspace_id, name="Bench"))
        await uow.session.flush()
        uow.session.add(Installation(workspace_id=uow.workspace_id))
        for email in emails:
            await people.add_account(
                uow, email=email, name="Mia Member", password_hash=password, locale="en", role=Role.OWNER
            )
    return emails


async def _sign_in_at_once(emails: list[str]) -> tuple[float, list[tuple[float, str]]]:
    """Seconds of this process's CPU for all; milliseconds and the session's token of each."""
    app = Starlette(routes=guard_routes(ROUTES))
    used = time.process_time()
    answers = await asyncio.gather(*(_sign_in(app, number, email) for number, email in enumerate(emails)))
    return time.process_time() - used, answers


async def _sign_in(app: Starlette, number: int, email: str) -> tuple[float, str]:
    """Ask the app itself: a client in this process would take a third of what is measured."""
    body = json.dumps({"email": email, "password": PASSWORD}).encode()
    path = "/auth/sign-in"
    headers = {"host": "bench", "origin": ORIGIN, "content-type": "application/json", "content-length": str(len(body))}
    scope: Scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "", "client": (f"192.0.2.{number}", 1),
        "server": ("bench", 80), "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    start = time.perf_counter()
    await app(scope, receive, send)
    took = (time.perf_counter() - start) * 1000
    return took, _session_in(Headers(raw=sent[0]["headers"]))


def _session_in(headers: Headers) -> str:
    cookies = SimpleCookie(headers.get("set-cookie", ""))
    return cookies[cookie_name()].value


async def _timed(ask: Callable[[], Awaitable[object]]) -> list[float]:
    await ask()
    times = []
    for _ in range(LOOK_UPS):
        start = time.perf_counter()
        await ask()
        times.append((time.perf_counter() - start) * 1000)
    return times
