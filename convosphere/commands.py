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
from convosphere.core.secrets.checking import Survey, survey
from convosphere.core.secrets.rotation import SETTLE_SECONDS, Rotation, rotate
from convosphere.core.settings import Settings, load_settings
from convosphere.identity.schemas import NewAccount
from convosphere.identity.service import founding, recovery
from convosphere.identity.service.links import RECOVERY_MINUTES
from convosphere.knowledge.health import scanning
from convosphere.launch.database import reachable_database
from convosphere.launch.revisions import ensure_migrated
from convosphere.launch.sealed import SEALED_COLUMNS

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


def recover(arguments: Sequence[str]) -> int:
    """Let somebody in again who forgot their password: `recover --email ...` prints a link for a new one."""
    parser = argparse.ArgumentParser(prog="convosphere recover", description="Make a link for a new password.")
    parser.add_argument("--email", required=True)
    given = parser.parse_args(arguments)
    set_origin(Origin(Means.TERMINAL))
    link = _with_database(load_settings(), lambda: recovery.make_recovery_link_at_terminal(given.email))
    sys.stdout.write(f"Set a new password (works once, for {RECOVERY_MINUTES} minutes): {link.address}\n")
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


def secrets(arguments: Sequence[str]) -> int:
    """Keys of stored secrets: `secrets check`, `secrets rotate [--continue]`; exit code 1 if any is broken."""
    parser = argparse.ArgumentParser(prog="convosphere secrets", description="Look after the keys of stored secrets.")
    commands = parser.add_subparsers(required=True, dest="command", metavar="check | rotate")
    commands.add_parser("check", help="open every secret, and say under which keys they are")
    rotating = commands.add_parser("rotate", help="put all secrets under a new key, while everything runs")
    rotating.add_argument("--continue", dest="goes_on", action="store_true", help="add no key: finish an earlier run")
    given = parser.parse_args(arguments)
    settings = load_settings()
    set_origin(Origin(Means.TERMINAL))
    if given.command == "check":
        found = _with_database(settings, lambda: survey(SEALED_COLUMNS))
        sys.stdout.write("\n".join(_survey_lines(found)) + "\n")
        return 1 if found.broken else 0
    sys.stdout.write(f"This takes {SETTLE_SECONDS:.0f} seconds or a little more.\n")
    done = _with_database(settings, lambda: rotate(SEALED_COLUMNS, with_new_key=not given.goes_on))
    given_keys = settings.secret_keys.get_secret_value().replace(",", " ").split()
    sys.stdout.write("\n".join(_rotation_lines(done, len(given_keys))) + "\n")
    return 1 if done.broken else 0


def remains(arguments: Sequence[str]) -> int:
    """Look for remains of deleted documents: `remains`; exit code 1 if there are any."""
    parser = argparse.ArgumentParser(prog="convosphere remains", description="Look for what deleted documents left.")
    parser.parse_args(arguments)
    set_origin(Origin(Means.TERMINAL))
    found = _with_database(load_settings(), scanning.scan_at_terminal)
    sys.stdout.writelines(f"{finding.kind}: {finding.count:,}\n" for finding in found)
    return 1 if any(finding.count for finding in found) else 0


def _survey_lines(found: Survey) -> Iterator[str]:
    for number, key_id in enumerate(found.key_ids):
        name = "The newest key" if number == 0 else "An older key"
        yield f"{name}, {key_id.hex()}: {found.count(key_id):,} secrets."
    if not found.key_ids:
        yield "There are no keys yet; the first one is made when a secret is to be stored."
    yield from found.broken
    opened = sum(counts.total() for counts in found.stored.values()) - len(found.broken)
    yield f"{opened:,} secrets open. {found.waiting.total():,} secrets wait with jobs, such as mails."


def _rotation_lines(done: Rotation, given_keys: int) -> Iterator[str]:
    yield f"{done.rewrapped:,} secrets were put under the newest key."
    yield from done.broken
    if given_keys:
        yield from _given_keys_lines(done, given_keys)
        return
    yield f"{done.dropped:,} older keys were dropped."
    if done.left:
        yield (
            f"{done.left.total():,} secrets or waiting mails are still under older keys, which are kept. Give "
            "`secrets rotate --continue` when the mails are sent."
        )
    elif done.is_patience_over:
        yield "Somebody has been writing all the time, so older keys are kept. Give `secrets rotate --continue` later."


def _given_keys_lines(done: Rotation, given_keys: int) -> Iterator[str]:
    """What only a person can do, in its order."""
    if given_keys == 1:
        yield "The keys come from SECRET_KEYS, which only you can change:"
        yield "1. Make a key: openssl rand -hex 32"
        yield "2. Put it, and a comma, before the present one in SECRET_KEYS, and start every process anew with that."
        yield "3. Give `secrets rotate` again. It says when the older key may go."
    elif done.left:
        yield f"{done.left.total():,} secrets or waiting mails are under older keys: keep them in SECRET_KEYS for now."
    else:
        yield "Nothing is under the older keys. If every process runs with the newest one, take the others away."


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
