"""Guards the pages' sockets: only pages of this site open one and say what pages say, every browser session has tabs of
its own, and a socket ends with the session that it was opened in.

It also ends with the database, without which it could do nothing: a page without a socket says so, and comes back by
itself.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Container
from contextlib import suppress
from datetime import datetime
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

import structlog
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from convosphere.core.audit.actions import PERMISSION_REFUSED
from convosphere.core.audit.refusals import refused
from convosphere.core.database import is_database_away
from convosphere.core.errors import UnavailableError
from convosphere.core.events import current_event_hub, until_database_is_away
from convosphere.core.identifiers import hash_token
from convosphere.core.origin import from_browser, set_origin
from convosphere.core.permissions import ANONYMOUS, Actor
from convosphere.identity.cookies import is_own_origin, session_cookie_header, session_token
from convosphere.identity.service.renewal import confirm_renewal, renew_due, was_just_renewed
from convosphere.identity.service.sessions import resolve_actor, seconds_left
from convosphere.identity.ways import client_of
from convosphere.launch.frames import is_connection, is_frame_of_page, is_return
from convosphere.launch.lines import Line, Lines

log = structlog.get_logger()

Answer = TypeVar("Answer")

_REFUSED = 1008
_LATER = 1013
_TRY_AGAIN_SECONDS = 1.0


class Sockets:
    """Lets pass what is no socket, and sockets of our own pages.

    Args:
        app: the product.
        handlers: names of all events that pages can send.
    """

    def __init__(self, app: ASGIApp, handlers: Container[str]) -> None:
        self._app, self._handlers, self._lines = app, handlers, Lines()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        # Browsers always name the page's origin with a socket; whoever names none is no page of ours.
        if "token" not in query or not is_own_origin(headers.get("origin", ""), headers.get("host", "")):
            _tell_foreign(HTTPConnection(scope))
            await send({"type": "websocket.close", "code": _REFUSED, "reason": "no page of this site"})
            return
        if is_database_away():
            await send({"type": "websocket.close", "code": _LATER, "reason": "database away"})
            return
        token = session_token(headers.get("cookie", ""))
        if renewed := await _with_patience(renew_due, token):
            scope, send = _with_other_token(scope, token, renewed[0]), _handing_over(send, *renewed)
            token = renewed[0]
        actor = await _resolve(token)
        if actor.session_id is None and await _with_patience(was_just_renewed, token):
            await send({"type": "websocket.close", "code": _LATER, "reason": "come with the new cookie"})
            return
        query["token"] = own_tab(query["token"], str(actor.session_id or token))
        with self._lines.open(query["token"], send) as line:
            end = asyncio.create_task(_end(token, line), name="socket-end")
            said = self._connecting(line, self._of_pages(_until(end, receive, send)))
            if renewed:
                said = _confirming(said, token)
            try:
                await self._app({**scope, "query_string": urlencode(query).encode()}, said, send)
            finally:
                end.cancel()
                with suppress(asyncio.CancelledError):
                    await end

    def _of_pages(self, receive: Receive) -> Receive:
        async def receive_known() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive" or is_frame_of_page(message.get("text"), self._handlers):
                    return message
                log.warning("strange_frame")

        return receive_known

    def _connecting(self, line: Line, receive: Receive) -> Receive:
        async def receive_connected() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                frame: str | None = message.get("text")
                is_for_others = line.hear(frame)
                if frame and is_connection(frame):
                    await self._lines.connect(line, is_return=is_return(frame))
                if is_for_others and not line.followed.is_set():
                    return message

        return receive_connected


def _tell_foreign(connection: HTTPConnection) -> None:
    client = client_of(connection)
    set_origin(from_browser(client.address, client.user_agent))
    refused(ANONYMOUS, PERMISSION_REFUSED, label=connection.url.path, after={"reason": "foreign_origin"})


def _with_other_token(scope: Scope, token: str, other: str) -> Scope:
    """The request as it would be with the new cookie, by which the product looks up who sends each event."""
    changed = [
        (name, value.replace(token.encode(), other.encode()) if name == b"cookie" else value)
        for name, value in scope["headers"]
    ]
    return {**scope, "headers": changed}


def _handing_over(send: Send, token: str, expires_at: datetime) -> Send:
    """Give the browser the session's new token with the answer that opens the socket."""
    cookie = (b"set-cookie", session_cookie_header(token, expires_at).encode())

    async def send_with_cookie(message: Message) -> None:
        if message["type"] == "websocket.accept":
            message = {**message, "headers": [*message.get("headers", ()), cookie]}
        await send(message)

    return send_with_cookie


def _confirming(receive: Receive, token: str) -> Receive:
    """What the client sends; with its first word it shows that it has the token it was answered with."""
    is_confirmed = False

    async def receive_confirming() -> Message:
        nonlocal is_confirmed
        message = await receive()
        if not is_confirmed and message["type"] == "websocket.receive":
            is_confirmed = True
            await _with_patience(confirm_renewal, token)
        return message

    return receive_confirming


def own_tab(tab: str, owner: str) -> str:
    """The name under which the server keeps a tab's State.

    A page chooses the name of its tab, so whoever learns one could take over what the tab shows. Tied to the session
    that the cookie opens, the same name means another tab in another browser; when the session gets a new token, its
    tabs stay as they are.
    """
    return str(uuid.UUID(bytes=hash_token(f"{tab} {owner}")[:16]))


async def _end(token: str, line: Line) -> None:
    """Return when the session ends, the database is away or the page has another line."""
    waited_for = (_session_end(token), until_database_is_away(), line.followed.wait())
    ends: list[asyncio.Task[object]] = [asyncio.create_task(each) for each in waited_for]
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for end in ends:  # Not waited for: a question to a database that stands still ends when it goes on.
            end.cancel()


async def _session_end(token: str) -> None:
    """Return when the session ends or its rights change; never, where there is none."""
    actor = await _resolve(token)
    if actor.session_id is None:
        await asyncio.Event().wait()
    async with current_event_hub().subscribe(f"session:{actor.session_id}") as notices:
        # A notice may mean only that others were lost, so what the database says counts.
        while _has_same_rights(actor, await _resolve(token)):
            await _notice_or_limit(notices, token)


def _has_same_rights(before: Actor, now: Actor) -> bool:
    return (before.session_id, before.role, before.permissions) == (now.session_id, now.role, now.permissions)


async def _notice_or_limit(notices: asyncio.Queue[str], token: str) -> None:
    """Wait for word of a session, or until its time is over, which looking on does not prolong."""
    while (left := await _with_patience(seconds_left, token)) > 0:
        with suppress(TimeoutError):
            async with asyncio.timeout(left):
                await notices.get()
                return


async def _resolve(token: str) -> Actor:
    return await _with_patience(resolve_actor, token)


async def _with_patience(ask: Callable[[str], Awaitable[Answer]], token: str) -> Answer:
    while True:
        with suppress(UnavailableError):
            return await ask(token)
        await asyncio.sleep(_TRY_AGAIN_SECONDS)


def _until(end: asyncio.Task[None], receive: Receive, send: Send) -> Receive:
    """What the client sends, and its departure once `end` is done."""

    async def receive_or_end() -> Message:
        reading = asyncio.ensure_future(receive())
        try:
            await asyncio.wait({reading, end}, return_when=asyncio.FIRST_COMPLETED)
            if reading.done():
                return reading.result()
        finally:
            reading.cancel()
        await send({"type": "websocket.close", "code": _REFUSED, "reason": "over"})
        return {"type": "websocket.disconnect", "code": _REFUSED}

    return receive_or_end
