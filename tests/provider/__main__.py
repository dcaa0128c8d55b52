"""`python -m tests.provider --port 0` prints the address and serves until it is stopped."""

import argparse
import asyncio
import json
import signal
from collections.abc import Mapping
from pathlib import Path

from tests.provider.directives import BY_MODEL
from tests.provider.server import Provider


async def serve(host: str, port: int, models: tuple[str, ...], key: str, texts: Mapping[str, str]) -> None:
    """Serve until SIGINT or SIGTERM."""
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    server = await Provider(models, key, texts).listen(host, port)
    print(f"http://{host}:{server.sockets[0].getsockname()[1]}/v1", flush=True)  # noqa: T201
    await stopped.wait()
    server.close()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.provider", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--models", default=",".join(BY_MODEL), help="the list of models, separated by commas")
    parser.add_argument("--key", default="", help="refuse calls without this key")
    parser.add_argument("--texts", type=Path, help="a JSON file with texts by name, which [[said=NAME]] asks for")
    given = parser.parse_args()
    texts = json.loads(given.texts.read_text()) if given.texts else {}
    asyncio.run(serve(given.host, given.port, tuple(given.models.split(",")), given.key, texts))


if __name__ == "__main__":
    main()
