"""Git repositories, over http, by the program `git`."""

import asyncio
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from convosphere.core.addresses import AddressNotAllowedError, GuardedResolver, allow_list, literal_address
from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import t
from convosphere.core.settings import get_settings
from convosphere.knowledge.sources.errors import EntryError, SourceError
from convosphere.knowledge.sources.fetching import basic, blocked, host_of, normalised, port_of
from convosphere.knowledge.sources.kinds.base import Kind, Option, is_readable, place_of
from convosphere.knowledge.sources.kinds.web import checked_address
from convosphere.knowledge.sources.schemas import Entry, Known, Options

MOST_BYTES: Final = 4 * 1024**3
"""Of one repository, without its history."""
CLONE_SECONDS: Final = 900.0
LIST_SECONDS: Final = 60.0
_ABANDONED_SECONDS: Final = 86_400.0
_CHUNK: Final = 256 * 1024
_FILES: Final = frozenset({b"100644", b"100755"})
_BRANCH: Final = re.compile(r"(?!-)[\w./\-]{1,200}")
_OLDEST: Final = (2, 37)
"""The first that connects to an address that is given beside the name."""


class GitSource:
    """The files of the newest commit of a branch. As long as that is the same one, nothing is fetched."""

    def __init__(self, url: str, branch: str, folder: str, configuration: Mapping[str, str], place: str) -> None:
        self.is_complete = True
        self._url, self._branch, self._place = url, branch or "HEAD", place
        self._folder = f"{folder.strip('/')}/" if folder.strip("/") else ""
        self._environment = _environment(configuration, place)

    async def entries(self, known: Mapping[str, Known]) -> AsyncGenerator[Entry]:
        """All files that are read, of this commit; what is known already if it is the same one."""
        commit = await self._commit()
        if known and all(each.sha256 and each.memo.get("commit") == commit for each in known.values()):
            for key, each in known.items():
                yield Entry(key, each.name, fingerprint=each.fingerprint, memo=each.memo)
            return
        branch = [] if self._branch == "HEAD" else ["--branch", self._branch]
        await self._run(
            "clone", "--bare", "--quiet", "--depth=1", "--single-branch", "--no-tags", *branch, "--", self._url,
            "r.git", seconds=CLONE_SECONDS,
        )  # fmt: skip
        listed = await self._run("--git-dir=r.git", "ls-tree", "-r", "-z", "HEAD", seconds=LIST_SECONDS)
        for line in listed.split(b"\0"):
            head, _, path = line.partition(b"\t")
            mode, _, blob = head.partition(b" ")
            key = path.decode(errors="replace")
            folder, name = place_of(key.removeprefix(self._folder))
            if mode in _FILES and key.startswith(self._folder) and is_readable(name):
                yield Entry(key, name, folder, blob.split(b" ")[-1].decode(), {"commit": commit})

    async def read(self, entry: Entry) -> AsyncGenerator[bytes]:
        """The file as it is in this commit."""
        process = await self._start("--git-dir=r.git", "cat-file", "blob", entry.fingerprint)
        if process.stdout is None:
            raise EntryError
        try:
            while chunk := await process.stdout.read(_CHUNK):
                yield chunk
            if await process.wait():
                raise EntryError(t("The file cannot be read from the repository."))
        finally:
            await _end(process)

    async def _commit(self) -> str:
        branch = self._branch if self._branch == "HEAD" else f"refs/heads/{self._branch}"
        said = await self._run("ls-remote", "--quiet", "--", self._url, branch, seconds=LIST_SECONDS)
        commit = said.split(b"\t", 1)[0].decode(errors="replace")
        if not re.fullmatch(r"[0-9a-f]{40,64}", commit):
            raise SourceError(t("The repository has no branch {name}.", name=self._branch))
        return commit

    async def _run(self, *arguments: str, seconds: float) -> bytes:
        process = await self._start(*arguments)
        try:
            async with asyncio.timeout(seconds):
                said, _ = await process.communicate()
        except TimeoutError:
            raise SourceError(
                t("{host} did not answer in time. It is tried again later.", host=host_of(self._url))
            ) from None
        finally:
            await _end(process)
        if process.returncode:
            raise SourceError(
                t("{host} has no such repository, or does not let us in. Please check address, name and token.",
                  host=host_of(self._url))
            )  # fmt: skip
        return said

    async def _start(self, *arguments: str) -> Process:
        process = await asyncio.create_subprocess_exec(
            "git", *arguments, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, cwd=self._place, env=self._environment,
            start_new_session=True,
        )  # fmt: skip
        if sys.platform == "linux":  # Elsewhere only the time is bounded.
            with suppress(ProcessLookupError):
                resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (MOST_BYTES, MOST_BYTES))
        return process


async def _end(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _environment(configuration: Mapping[str, str], place: str) -> dict[str, str]:
    """Nothing of the server's own but the way to programs; secrets stand here and not among the arguments."""
    pairs = {
        "protocol.allow": "never", "protocol.http.allow": "always", "protocol.https.allow": "always",
        "http.followRedirects": "false", "http.proxy": "", "credential.helper": "", "transfer.fsckObjects": "true",
        "core.hooksPath": "/dev/null", "http.lowSpeedLimit": "1000", "http.lowSpeedTime": "60", **configuration,
    }  # fmt: skip
    numbered = {
        f"GIT_CONFIG_{kind}_{number}": value
        for number, pair in enumerate(pairs.items())
        for kind, value in zip(("KEY", "VALUE"), pair, strict=True)
    }
    return {
        "PATH": os.environ.get("PATH", os.defpath), "HOME": place, "LANG": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_COUNT": str(len(pairs)), **numbered,
    }  # fmt: skip


async def _pinned(url: str) -> dict[str, str]:
    """The configuration that lets git connect to the address that was judged, whatever the name says later."""
    host, port, allowed = host_of(url), port_of(url), allow_list(get_settings().source_hosts)
    if (literal := literal_address(host)) is not None:
        if not allowed.allows(host, port, str(literal)):
            raise blocked(url)
        return {}
    try:
        found = await GuardedResolver(allowed).resolve(host, port)
    except AddressNotAllowedError:
        raise blocked(url) from None
    except (OSError, UnicodeError):
        raise SourceError(
            t("No server of the name {host} is known. Please check how it is written.", host=host)
        ) from None
    return {"http.curloptResolve": f"{host}:{port}:{','.join(each['host'] for each in found)}"}


async def _require_program() -> None:
    lacking = SourceError(t("The server has no git of version 2.37 or newer. Please have its package git installed."))
    if shutil.which("git") is None:
        raise lacking
    process = await asyncio.create_subprocess_exec("git", "--version", stdout=PIPE, stderr=DEVNULL)
    said, _ = await process.communicate()
    version = re.search(rb"(\d+)\.(\d+)", said)
    if version is None or (int(version[1]), int(version[2])) < _OLDEST:
        raise lacking


def _work_directory() -> Path:
    """Where clones lie as long as they are read; those that a killed process left go after a day."""
    directory = get_settings().data / "sources"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in directory.glob("git-*"):
        if left.stat().st_mtime < time.time() - _ABANDONED_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    return directory


def _check(options: Options) -> Options:
    if options["branch"] and not _BRANCH.fullmatch(options["branch"]):
        raise InvalidInputError(t("Please enter the name of a branch, or nothing."))
    return checked_address(options)


@asynccontextmanager
async def _open(options: Options, secret: str) -> AsyncGenerator[GitSource]:
    await _require_program()
    url = normalised(options["url"])
    configuration = await _pinned(url)
    if secret:
        header = basic(options["user"] or "git", secret)["Authorization"]
        parts = urlsplit(url)
        configuration[f"http.{parts.scheme}://{parts.netloc}/.extraHeader"] = f"Authorization: {header}"
    directory = await asyncio.to_thread(_work_directory)
    with tempfile.TemporaryDirectory(prefix="git-", dir=directory, ignore_cleanup_errors=True) as place:
        yield GitSource(url, options["branch"], options["folder"], configuration, place)


GIT: Final = Kind(
    key="git",
    label=t("Git repository"),
    description=t("The files of the newest commit of a branch."),
    icon="git-branch",
    options=(
        Option("url", t("Address"), t("Such as https://git.example.org/team/handbook.git."), is_required=True),
        Option("branch", t("Branch"), t("Empty: the main one.")),
        Option("folder", t("Only this folder"), t("Such as docs. Empty: all.")),
        Option("user", t("User name")),
    ),
    place="url",
    open=_open,
    check=_check,
    secret=Option("secret", t("Password or token")),
    secret_for=("url", "user"),
)
