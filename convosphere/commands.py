"""Composition root of the commands that act on accounts from a terminal."""

import argparse
import asyncio
import getpass
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from convosphere.core.database import open_database
from convosphere.core.settings import Settings, load_settings
from convosphere.identity.schemas import NewAccount
from convosphere.identity.service import founding
from convosphere.launch.database import reachable_database
from convosphere.launch.revisions import ensure_migrated

Result = TypeVar("Result")


def create_owner(arguments: Sequence[str]) -> int:
    """Found the installation: `owner --email ... [--name ...] [--team ...]`; asks for the password, or reads a line."""
    parser = argparse.ArgumentParser(prog="convosphere owner", description="Create the owner's account.")
    parser.add_argument("--email", required=True)
    parser.add_argument("--name", default="")
    parser.add_argument("--team", default="ConvoSphere", help="name of the workspace")
    given = parser.parse_args(arguments)
    settings = load_settings()
    name = given.name or given.email.partition("@")[0]
    new = NewAccount(name, given.email, _read_password(), settings.default_locale)
    _with_database(settings, lambda: founding.create_owner(given.team, new))
    sys.stdout.write(f"{given.email} owns this installation now and can sign in at {settings.address}\n")
    return 0


def _read_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return getpass.getpass("Password: ")


def _with_database(settings: Settings, work: Callable[[], Awaitable[Result]]) -> Result:
    async def run(url: str) -> Result:
        async with open_database(url, pool_size=2):
            return await work()

    with reachable_database(settings) as addresses:
        ensure_migrated(addresses.owner_url, addresses.app_url, os.environ)
        return asyncio.run(run(addresses.app_url))
