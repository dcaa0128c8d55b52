"""Sends what one tab is told straight to its socket: Socket.IO would start a task for each message and wait for it."""

from contextlib import suppress

from engineio.exceptions import SocketIsClosedError
from engineio.packet import MESSAGE, Packet
from socketio import AsyncManager, AsyncServer
from socketio.packet import EVENT


class StraightManager(AsyncManager):
    """Knows the sockets of all tabs. Nobody asks for acknowledgements, which it could not give."""

    def __init__(self, server: AsyncServer) -> None:
        super().__init__()
        self._server = server
        self.set_server(server)

    async def emit(
        self, event: str, data: object, namespace: str, room: object = None, *_: object, **_o: object
    ) -> None:
        """Queue a message for each socket of a room, in the order of the calls."""
        packet = self._server.packet_class(EVENT, namespace=namespace, data=[event, data])  # pyright: ignore[reportCallIssue]
        message = packet.encode()
        for _sid, socket in self.get_participants(namespace, room):
            with suppress(SocketIsClosedError):
                await self._server.eio.send_packet(socket, Packet(MESSAGE, message))


def emit_straight(server: AsyncServer) -> None:
    """Let a server that has no connection yet send this way."""
    server.manager = StraightManager(server)
