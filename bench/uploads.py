"""A file of 1 GB on its way in, against the same bytes through a socket into a file."""

import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.figures import Figure
from bench.product import BenchError, Product, founded_product

SIZE: Final = 1_000_000_000
_PIECE: Final = bytes(range(256)) * 4_096
_TRIES: Final = 3


def measure() -> Iterator[Figure]:
    """Copy, upload and copy again, so that a machine that is busy is so for both."""
    with founded_product(None, UPLOAD_MEGABYTES="2000") as product:
        before = _memory(product)
        copies, uploads, highest = [_copy(product.data)], list[float](), before
        for number in range(_TRIES):
            seconds, peak = _upload(product, number)
            uploads.append(seconds)
            highest = max(highest, peak)
            copies.append(_copy(product.data))
    copied, uploaded = min(copies), min(uploads)
    yield Figure("1 GB copied over loopback to disk", f"{copied:.1f} s", "-", f"best of {len(copies)}")
    yield Figure("1 GB uploaded", f"{uploaded:.1f} s", f"≤ {1.5 * copied:.1f} s", f"best of {_TRIES}; 1.5 × the copy")
    yield Figure("memory that it takes", f"{(highest - before) / 1e6:.0f} MB", "flat", "of the process that serves")


def _memory(product: Product) -> int:
    return sum(process.memory_info().rss for process in product.processes("serve"))


def _pieces() -> Iterator[bytes]:
    left = SIZE
    while left:
        piece = _PIECE[: min(len(_PIECE), left)]
        yield piece
        left -= len(piece)


def _copy(place: Path) -> float:
    """Seconds for the bytes to go through a socket into a file that is on the disk at the end, as an upload's is."""
    with socket.create_server(("127.0.0.1", 0)) as server, tempfile.TemporaryFile(dir=place) as target:
        began = time.monotonic()
        sender = threading.Thread(target=_send, args=(server.getsockname(),))
        sender.start()
        connection, _ = server.accept()
        with connection:
            while piece := connection.recv(1 << 20):
                target.write(piece)
        target.flush()
        sender.join()
        return time.monotonic() - began


def _send(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as connection:
        for piece in _pieces():
            connection.sendall(piece)


def _upload(product: Product, number: int) -> tuple[float, int]:
    """Seconds until the product has taken the file, and the most memory that it had meanwhile, in bytes."""
    # Each another content: an equal one would be there already.
    head = str(number).encode().ljust(len(_PIECE), b"\0")
    fields = {
        **product.origin, "Host": product.address.removeprefix("http://"), "Cookie": product.owner_cookie,
        "X-Requested-With": "convosphere", "X-File-Name": f"film-{number}.mp4", "X-Share": "me",
        "Content-Length": str(SIZE), "Connection": "close",
    }  # fmt: skip
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    highest, is_over = 0, threading.Event()

    def watch() -> None:
        nonlocal highest
        while not is_over.wait(0.05):
            highest = max(highest, _memory(product))

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.monotonic()
    try:
        with socket.create_connection(("localhost", product.port)) as connection:
            connection.sendall(f"POST /api/files HTTP/1.1\r\n{lines}\r\n".encode())
            for place, piece in enumerate(_pieces()):
                connection.sendall(piece if place else head)
            answer = connection.recv(1 << 16)
        seconds = time.monotonic() - began
    finally:
        is_over.set()
        watcher.join()
    if not answer.startswith(b"HTTP/1.1 201"):
        raise BenchError(f"The file was not taken: {answer!r}")
    return seconds, highest
