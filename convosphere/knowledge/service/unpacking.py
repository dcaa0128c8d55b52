"""An archive is a folder: each file in it becomes a document of its owner, by the same door as any upload."""

import time
from collections.abc import Awaitable, Callable
from pathlib import PurePath

import structlog

from convosphere.core.errors import ExpectedError, UnavailableError
from convosphere.core.permissions import Actor, Permission
from convosphere.core.unit_of_work import unit_of_work
from convosphere.files import service as files
from convosphere.identity.service.memberships import resolve_person
from convosphere.knowledge.ledger.schemas import Work
from convosphere.knowledge.parsing.errors import DamagedFileError, NoTextError, ParseError
from convosphere.knowledge.parsing.members import Contents
from convosphere.knowledge.parsing.process.keeper import LostReaderError
from convosphere.knowledge.parsing.process.unpacker import Unpacker, unpacking_apart
from convosphere.knowledge.parsing.schemas import (
    Limits,
    ParsedDocument,
    ParsedPassage,
    ParseWarning,
    Progress,
    WarningCode,
)
from convosphere.knowledge.queries import documents as queries
from convosphere.knowledge.service import uploads

log = structlog.get_logger()

_MOST_WARNINGS = 100
_BETWEEN_REPORTS = 1.0
_LINES_OF_PASSAGE = 20
ReportProgress = Callable[[Progress], Awaitable[None]]


async def unpack(work: Work, report: ReportProgress) -> ParsedDocument:
    """Take in the files of an archive; what is read of the archive itself is the list of them.

    Whoever does it again finds what was taken in already, so nothing comes twice.

    Raises:
        ParseError: the archive cannot be opened, or holds nothing.
        NotFoundError, ForbiddenError: its owner is gone, or may not add documents any more.
    """
    try:
        async with unpacking_apart(Limits()) as unpacker:
            contents = await unpacker.contents(files.path_of(work.workspace_id, work.sha256))
            if not contents.members:
                raise NoTextError
            owner = await resolve_person(work.workspace_id, work.owner_id)
            warnings = [*contents.warnings, *await _take_in(owner, work, unpacker, contents, report)]
    except LostReaderError as error:
        log.warning("unpacker_lost", document=str(work.document_id), reason=repr(error.__cause__))
        why = error.__cause__
        raise (type(why) if isinstance(why, ParseError) else DamagedFileError) from error
    lines = ["/".join(filter(None, (member.folder, member.name))) for member in contents.members]
    return _listing(PurePath(work.file_name).stem, lines, tuple(warnings[:_MOST_WARNINGS]))


async def _take_in(
    owner: Actor, work: Work, unpacker: Unpacker, contents: Contents, report: ReportProgress
) -> list[ParseWarning]:
    """Upload each file; a remark for each that is refused."""
    async with unit_of_work(owner) as uow:
        row = await queries.get_row(uow, work.document_id)
        folder_id, is_shared = row[0].folder_id, bool(row.is_shared) and owner.may(Permission.DOCUMENT_SHARE)
    refused: list[ParseWarning] = []
    reported = 0.0
    for done, member in enumerate(contents.members, start=1):
        try:
            await uploads.upload(
                owner,
                unpacker.pieces(member),
                size=member.size,
                name=member.name,
                folder_path=f"{PurePath(work.file_name).stem}/{member.folder}",
                folder_id=folder_id,
                is_shared=is_shared,
            )
        except UnavailableError:
            raise
        except ExpectedError:
            refused.append(ParseWarning(WarningCode.MEMBER_REFUSED, part=f"{member.folder}/{member.name}"[-200:]))
        if time.monotonic() - reported > _BETWEEN_REPORTS:
            reported = time.monotonic()
            await report(Progress(done, len(contents.members)))
    return refused


def _listing(title: str, lines: list[str], warnings: tuple[ParseWarning, ...]) -> ParsedDocument:
    """The names as a text, some lines to a passage."""
    passages: list[ParsedPassage] = []
    start = 0
    for first in range(0, len(lines), _LINES_OF_PASSAGE):
        text = "\n".join(lines[first : first + _LINES_OF_PASSAGE])
        passages.append(ParsedPassage(len(passages) + 1, text, start, start + len(text), None, title, "und"))
        start += len(text) + 1
    return ParsedDocument(title, "und", None, "\n".join(lines), tuple(passages), warnings)
