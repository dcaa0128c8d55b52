"""The way of a message to a tab's socket."""

from itertools import count

from engineio.exceptions import SocketIsClosedError
from engineio.packet import Packet
from socketio import AsyncServer

from convosphere.launch.emission import emit_straight

SPACE = "/_event"


class Sockets:
    """Engine.IO's side: what each socket was given; one of them is closed."""

    def __init__(self) -> None:
        self.given: dict[str, list[str]] = {"a": [], "b": []}
        self._numbers = count()

    def generate_id(self) -> str:
        return f"tab-{next(self._numbers)}"

    async def send_packet(self, socket: str, packet: Packet) -> None:
        if socket == "closed":
            raise SocketIsClosedError
        # Whether signs are parted by spaces is for whoever configures Socket.IO to say.
        self.given[socket].append(str(packet.encode()).replace(" ", ""))


async def connected_server(*sockets: str) -> tuple[AsyncServer, Sockets, list[str]]:
    """A server with a tab for each socket."""
    server = AsyncServer(async_mode="asgi")
    emit_straight(server)
    server.eio = Sockets()
    tabs = [await server.manager.pre_connect(name, SPACE) for name in sockets]
    for tab in tabs:
        await server.manager.connect(tab, SPACE)
    return server, server.eio, tabs


async def test_a_tab_is_told_in_the_order_of_the_calls() -> None:
    server, sockets, tabs = await connected_server("a", "b")
    for number in range(3):
        await server.emit("event", {"delta": number}, to=tabs[0], namespace=SPACE)
    assert sockets.given == {"a": [f'42/_event,["event",{{"delta":{number}}}]' for number in range(3)], "b": []}


async def test_a_socket_that_closes_or_is_gone_breaks_nothing() -> None:
    server, sockets, tabs = await connected_server("closed", "b")
    await server.emit("event", {}, to=tabs[0], namespace=SPACE)
    await server.emit("event", {}, to="nobody", namespace=SPACE)
    await server.emit("event", {}, to=tabs[1], namespace=SPACE)
    assert sockets.given["b"] == ['42/_event,["event",{}]']
