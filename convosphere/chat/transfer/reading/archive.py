"""A file that somebody brings: JSON, or a ZIP with JSON and contents. Names in it are looked up, never followed."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from convosphere.chat.transfer.reading.errors import ImportRefusedError
from convosphere.core.i18n import t

MOST_JSON_BYTES: Final = 4_000_000_000
"""Of all JSON in a ZIP, as it is when it is unpacked."""
MOST_MEMBERS: Final = 200_000
MOST_RATIO: Final = 200
"""Text packs to a fifth or a tenth; what packs to less than this is made to fill memory or disk."""
FREE_BYTES: Final = 20_000_000
"""Below that no ratio matters."""
_CONVERSATIONS = re.compile(r"(?:^|/)conversations(?:-\d{1,6})?\.json$")
_FILE_ID = re.compile(r"^(file[-_][0-9A-Za-z]+)")
_MARK: Final = b"\xef\xbb\xbf"
_ZIP_BEGINS: Final = b"PK\x03\x04"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)


class TextFile:
    """JSON as it is read: without the mark that some editors put before UTF-8; `position` is how far."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.position = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes.

        Raises:
            ImportRefusedError: they cannot be unpacked.
        """
        try:
            data = self._file.read(size)
            if not self.position and data.startswith(_MARK):
                data = data.removeprefix(_MARK) or self._file.read(size)
        except _BROKEN:
            raise ImportRefusedError(_DAMAGED) from None
        self.position += len(data)
        return data


class Archive:
    """What is in a file. To be closed, as by `with`.

    Raises:
        ImportRefusedError: it is a ZIP that is damaged, locked, packed beyond measure, or without conversations.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._zip = _opened(path) if _is_zip(path) else None
        self._members = {info.filename: info for info in self._zip.infolist()} if self._zip else {}
        self._by_file_id = {
            found[1]: name for name in self._members if (found := _FILE_ID.match(name.rpartition("/")[2]))
        }
        self._texts = self._choose()
        self.size = sum(info.file_size for info in self._texts) if self._zip else path.stat().st_size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._zip:
            self._zip.close()

    def texts(self) -> Iterator[TextFile]:
        """The JSON in it, one file after the other."""
        if self._zip is None:
            with self._path.open("rb") as file:
                yield TextFile(file)
        for info in self._texts:
            with self.opened(info.filename) as file:
                yield TextFile(file)

    def find(self, file_id: str) -> str | None:
        """Where the content lies that ChatGPT knows under an id."""
        return self._by_file_id.get(file_id)

    def size_of(self, name: str) -> int | None:
        """How large a content is; None where there is none under this name."""
        info = self._members.get(name)
        return None if info is None or info.is_dir() else info.file_size

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """A content, to be read.

        Raises:
            ImportRefusedError: it cannot be unpacked.
        """
        if self._zip is None:
            raise ImportRefusedError(_DAMAGED)
        info = self._members[name]
        _check_ratio(info)
        try:
            with self._zip.open(info) as file:
                yield file
        except _BROKEN:
            raise ImportRefusedError(_DAMAGED) from None

    def _choose(self) -> list[zipfile.ZipInfo]:
        """The files with conversations: those that are called so, else all JSON."""
        if self._zip is None:
            return []
        named = [info for name, info in self._members.items() if _CONVERSATIONS.search(name)]
        chosen = named or [info for name, info in self._members.items() if name.endswith(".json")]
        if not chosen:
            raise ImportRefusedError(t("This ZIP holds no conversations of ConvoSphere, Open WebUI or ChatGPT."))
        for info in chosen:
            _check_ratio(info)
        if sum(info.file_size for info in chosen) > MOST_JSON_BYTES:
            raise ImportRefusedError(_BEYOND_MEASURE)
        return sorted(chosen, key=lambda info: info.filename)


def _is_zip(path: Path) -> bool:
    """By how it begins, too: one that was cut short lacks its end."""
    with path.open("rb") as file:
        return file.read(len(_ZIP_BEGINS)) == _ZIP_BEGINS or zipfile.is_zipfile(path)


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        opened = zipfile.ZipFile(path)
    except (*_BROKEN, ValueError, OSError):
        raise ImportRefusedError(_DAMAGED) from None
    members = opened.infolist()
    if len(members) > MOST_MEMBERS:
        opened.close()
        raise ImportRefusedError(_BEYOND_MEASURE)
    return opened


def _check_ratio(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & 0x1:
        raise ImportRefusedError(t("This ZIP is locked with a password. Unlock it first."))
    # Others need as much memory as whoever packed them likes.
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise ImportRefusedError(_DAMAGED)
    if info.file_size > max(FREE_BYTES, info.compress_size * MOST_RATIO):
        raise ImportRefusedError(_BEYOND_MEASURE)


_DAMAGED = t("This ZIP is damaged, or packed in a way that is not known here. Export it again.")
_BEYOND_MEASURE = t("What is packed in this ZIP is larger than what is taken in.")
