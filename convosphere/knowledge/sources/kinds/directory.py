"""Directories of the server, such as mounted shares, below those that whoever runs it has opened."""

import asyncio
import os
import stat
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from typing import Final

from convosphere.core.errors import InvalidInputError
from convosphere.core.i18n import Message, t
from convosphere.core.permissions import Permission
from convosphere.core.settings import get_settings
from convosphere.knowledge.sources.errors import EntryError, SourceError
from convosphere.knowledge.sources.kinds.base import Kind, Option, is_readable, place_of
from convosphere.knowledge.sources.schemas import Entry, Known, Options

_AT_ONCE: Final = 500
_CHUNK: Final = 256 * 1024
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class DirectorySource:
    """All files below a directory. Links are not followed, neither to files nor to directories, wherever they lead."""

    def __init__(self, root: Path) -> None:
        self.is_complete = True
        self._root = root

    async def entries(self, known: Mapping[str, Known]) -> AsyncGenerator[Entry]:
        """Directory by directory, by names."""
        del known
        found = self._walk()
        while some := await asyncio.to_thread(lambda: list(islice(found, _AT_ONCE))):
            for entry in some:
                yield entry

    async def read(self, entry: Entry) -> AsyncGenerator[bytes]:
        """The file as it is now."""
        try:
            with os.fdopen(await asyncio.to_thread(_open_below, self._root, entry.key), "rb") as file:
                while chunk := await asyncio.to_thread(file.read, _CHUNK):
                    yield chunk
        except OSError:
            raise EntryError(t("The file cannot be read: it is gone, or the server may not read it.")) from None

    def _walk(self) -> Iterator[Entry]:
        try:
            for place, folders, names, folder_fd in os.fwalk(self._root, onerror=self._note):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                inner = os.path.relpath(place, self._root)
                for name in sorted(filter(is_readable, names)):
                    if entry := self._entry(name if inner == "." else f"{inner}/{name}", name, folder_fd):
                        yield entry
        except OSError:
            raise _unreadable(self._root) from None

    def _entry(self, key: str, name: str, folder_fd: int) -> Entry | None:
        try:
            status = os.stat(name, dir_fd=folder_fd, follow_symlinks=False)
        except OSError as error:
            self._note(error)
            return None
        if not stat.S_ISREG(status.st_mode) or status.st_size == 0:
            return None
        shown = key.encode(errors="surrogateescape").decode(errors="replace")
        folder, last = place_of(shown)
        problem = t("The name of this file is not in UTF-8.") if shown != key else None
        return Entry(shown, last, folder, f"{status.st_mtime_ns}-{status.st_size}-{status.st_ino}", problem=problem)

    def _note(self, _error: OSError) -> None:
        """What lies in a directory that cannot be read is not gone."""
        self.is_complete = False


def _open_below(root: Path, key: str) -> int:
    """A file, reached name by name, so that nothing on the way can become a link meanwhile."""
    *folders, name = key.split("/")
    held = os.open(root, _FOLDER)
    try:
        for folder in folders:
            inner = os.open(folder, _FOLDER, dir_fd=held)
            os.close(held)
            held = inner
        return os.open(name, _FILE, dir_fd=held)
    finally:
        os.close(held)


def _check(options: Options) -> Options:
    return {**options, "path": str(_allowed(options["path"]))}


def _allowed(path: str) -> Path:
    """The real directory of a path, if it lies below an opened one."""
    roots = [Path(each).expanduser() for each in get_settings().source_directories]
    try:
        real = Path(path).resolve(strict=True)
        opened = [root.resolve(strict=True) for root in roots if root.exists()]
    except (OSError, RuntimeError, ValueError):
        raise _unreadable(Path(path)) from None
    if not any(real.is_relative_to(root) for root in opened):
        raise InvalidInputError(_closed(path))
    if not real.is_dir() or not os.access(real, os.R_OK | os.X_OK):
        raise _unreadable(real)
    return real


def _closed(path: str) -> Message:
    return t(
        "{path} is not opened for sources. If it is meant to be, whoever runs ConvoSphere sets "
        "SOURCE_DIRECTORIES={path} and starts it again.",
        path=path,
    )


def _unreadable(path: Path) -> SourceError:
    return SourceError(t("There is no directory {path} that the server may read. Is it mounted?", path=str(path)))


@asynccontextmanager
async def _open(options: Options, _secret: str) -> AsyncGenerator[DirectorySource]:
    yield DirectorySource(await asyncio.to_thread(_allowed, options["path"]))


DIRECTORY: Final = Kind(
    key="directory",
    label=t("Directory of the server"),
    description=t("The files below a directory that the server sees, such as a mounted share."),
    icon="folder-sync",
    options=(Option("path", t("Directory"), t("Such as /srv/share/handbook."), is_required=True),),
    place="path",
    open=_open,
    check=_check,
    permission=Permission.SOURCE_MANAGE,
)
