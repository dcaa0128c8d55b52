"""Composition root of the commands for a terminal that need the database."""

import argparse
import asyncio
import getpass
import os
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from convosphere.core.audit import service as audit_service
from convosphere.core.audit.schemas import INSTALLATION
from convosphere.core.audit.service import ChainReport, Report
from convosphere.core.database import open_database
from convosphere.core.origin import Means, Origin, set_origin
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
    set_origin(Origin(Means.TERMINAL))
    _with_database(settings, lambda: founding.create_owner(given.team, new))
    sys.stdout.write(f"{given.email} owns this installation now and can sign in at {settings.address}\n")
    return 0


def audit(arguments: Sequence[str]) -> int:
    """Verify the audit trail: `audit verify [--heads FILE]`; exit code 1 if something is wrong with it."""
    parser = argparse.ArgumentParser(prog="convosphere audit", description="Look after the audit trail.")
    verify = parser.add_subparsers(required=True, metavar="verify").add_parser("verify", help="check every entry")
    verify.add_argument("--heads", type=Path, help="file of heads to compare with, instead of the data directory's")
    given = parser.parse_args(arguments)
    report = _with_database(load_settings(), lambda: audit_service.verify(given.heads))
    sys.stdout.write("\n".join(_lines(report)) + "\n")
    return 0 if report.is_sound else 1


def _lines(report: Report) -> Iterator[str]:
    for chain in report.chains:
        yield _line(chain)
    for number in report.damaged_heads:
        yield f"Line {number} of the file of heads is damaged, or was sealed with another key."
    yield f"{report.checked:,} entries in {len(report.chains)} chains are as they were written."
    if report.heads_since is None or report.newest_head is None:
        yield "There are no heads yet: entries that were cut off at the end could not be found."
    else:
        since, newest = (f"{time:%Y-%m-%d %H:%M} UTC" for time in (report.heads_since, report.newest_head))
        yield f"Heads exist since {since}; the newest is of {newest}. What was cut off after that could not be found."


def _line(report: ChainReport) -> str:
    name = "The installation's chain" if report.chain == INSTALLATION else f"The chain of workspace {report.chain}"
    if report.broken is None:
        return f"{name} is whole: {report.checked:,} entries."
    entry = report.broken.entry
    now = f" What stands there now: {entry.action} of {entry.occurred_at:%Y-%m-%d %H:%M:%S} UTC." if entry else ""
    return f"{name} is BROKEN: {report.broken}.{now} The entries before are whole; none after was checked."


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
