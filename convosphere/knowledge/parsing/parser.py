"""The door of this package: `async with Parser.from_settings(settings) as parser: await parser.parse(path, name)`."""

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from convosphere.core.errors import UnavailableError
from convosphere.core.settings import Settings
from convosphere.knowledge.parsing.detection import type_by_name
from convosphere.knowledge.parsing.errors import (
    DamagedFileError,
    EmptyFileError,
    NoTextError,
    ParseError,
    ParseTimeoutError,
    RecognitionMissingError,
)
from convosphere.knowledge.parsing.kinds import MODULES, DocumentType
from convosphere.knowledge.parsing.process.frames import Request
from convosphere.knowledge.parsing.process.keeper import Keeper, LostReaderError
from convosphere.knowledge.parsing.schemas import (
    Limits,
    ParsedDocument,
    ParseWarning,
    Progress,
    ReportProgress,
    WarningCode,
)

_log = structlog.get_logger(__name__)
_RECOGNITION = MODULES[DocumentType.IMAGE]
_IDLE_SECONDS = 30.0
_MOST_FILES = 500
"""After so many files a process makes room for a fresh one."""


def _ignore(_progress: Progress) -> None:
    """The report of those who do not listen."""


def _remedied(warning: ParseWarning) -> ParseWarning:
    """A page without text, with what the server lacks to read it."""
    is_empty = warning.code is WarningCode.PAGE_WITHOUT_TEXT
    return replace(warning, code=WarningCode.RECOGNITION_MISSING) if is_empty else warning


class Parser:
    """Reads files in processes of their own, which it keeps warm while there is work and ends soon after.

    `readers` files are read at once, others wait. `recognizer` is the path of tesseract, "" if there is none.
    """

    def __init__(
        self, limits: Limits, readers: int = 2, idle_seconds: float = _IDLE_SECONDS, recognizer: str = ""
    ) -> None:
        self.limits = limits
        self._recognizer = recognizer
        self._slots = asyncio.Semaphore(readers)
        self._idle: list[Keeper] = []
        self._busy: list[Keeper] = []
        self._idle_seconds = idle_seconds
        self._sweeper: asyncio.Task[None] | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """With the limits PARSE_SECONDS and PARSE_MEGABYTES, and a reader for each job at once."""
        limits = Limits(seconds=settings.parse_seconds, megabytes=settings.parse_megabytes)
        return cls(limits, settings.worker_concurrency, recognizer=shutil.which("tesseract") or "")

    async def __aenter__(self) -> Self:
        self._sweeper = asyncio.create_task(self._sweep())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._sweeper:
            self._sweeper.cancel()
            await asyncio.wait([self._sweeper])
        while self._idle:
            await self._idle.pop().stop()

    async def parse(self, path: Path, name: str, report: ReportProgress = _ignore) -> ParsedDocument:
        """Read the stored file `path`, whose original name was `name`; only the name's ending counts.

        Cancelling ends the reading at once.

        Raises:
            ParseError: of the kind that says why; see `errors`.
            FileNotFoundError: there is no file.
            UnavailableError: no process starts that could read it.
        """
        kind = type_by_name(name)
        if not (await asyncio.to_thread(path.stat)).st_size:
            raise EmptyFileError
        if kind is DocumentType.IMAGE and not self._recognizer:
            raise RecognitionMissingError
        request = Request(str(Path.cwd() / path), name, kind, self.limits)
        async with self._slots:
            if kind is DocumentType.PDF:
                return await self._parse_pdf(request, report)
            return await self._parse(request, MODULES[kind], report)

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The processes there are, busy ones first."""
        return tuple(keeper.process_id for keeper in (*self._busy, *self._idle))

    async def _parse_pdf(self, request: Request, report: ReportProgress) -> ParsedDocument:
        """By its text; if pages have none, once more by their pictures, where there is a program for that."""
        document, failure = None, None
        try:
            document = await self._parse(request, MODULES[DocumentType.PDF], report)
        except NoTextError as error:
            failure = error
        if document and all(told.code is not WarningCode.PAGE_WITHOUT_TEXT for told in document.warnings):
            return document
        if self._recognizer:
            try:
                return await self._parse(request, _RECOGNITION, report)
            except ParseError as error:
                failure = error
        if document is None:
            raise failure or NoTextError(scan="yes")
        return document if self._recognizer else replace(document, warnings=tuple(map(_remedied, document.warnings)))

    async def _parse(self, request: Request, module: str, report: ReportProgress) -> ParsedDocument:
        try:
            keeper = await self._take(module)
        except LostReaderError as error:
            _log.warning("reader_not_started", module=module, reason=repr(error.__cause__))
            raise UnavailableError from error
        self._busy.append(keeper)
        usable = False
        try:
            # Processor time is bounded inside; this bounds waiting as well, with some room for the answer's way.
            async with asyncio.timeout(self.limits.seconds + 2):
                document = await keeper.ask(request, report)
            usable = keeper.usable
        except TimeoutError:
            raise ParseTimeoutError from None
        except LostReaderError as error:
            _log.warning("reader_lost", name=request.name, reason=repr(error.__cause__))
            raise DamagedFileError from error
        except ParseError:
            usable = keeper.usable
            raise
        else:
            return document
        finally:
            await self._put_back(keeper, usable=usable)

    async def _take(self, module: str) -> Keeper:
        for keeper in self._idle:
            if keeper.module == module:
                self._idle.remove(keeper)
                return keeper
        return await Keeper.start(module, self._recognizer if module == _RECOGNITION else "")

    async def _put_back(self, keeper: Keeper, *, usable: bool) -> None:
        self._busy.remove(keeper)
        if usable and keeper.read < _MOST_FILES and self._sweeper:
            keeper.idle_since = asyncio.get_running_loop().time()
            self._idle.append(keeper)
        else:
            await asyncio.shield(keeper.stop())

    async def _sweep(self) -> None:
        """End processes that had nothing to do for a while."""
        while True:
            await asyncio.sleep(self._idle_seconds / 4)
            oldest = asyncio.get_running_loop().time() - self._idle_seconds
            for keeper in [keeper for keeper in self._idle if keeper.idle_since < oldest]:
                self._idle.remove(keeper)
                await keeper.stop()
