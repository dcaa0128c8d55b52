"""Electronic books: their chapters in reading order."""

from collections.abc import Iterator
from zipfile import ZipFile

from convosphere.knowledge.parsing.archives import check_archive
from convosphere.knowledge.parsing.blocks import Block, Draft
from convosphere.knowledge.parsing.errors import DamagedFileError, EncryptedFileError, NoTextError
from convosphere.knowledge.parsing.markup.html import read_html
from convosphere.knowledge.parsing.packages import Element, core_properties, local_name, part_beside, tree_of
from convosphere.knowledge.parsing.schemas import Limits, ParseWarning, Progress, ReportProgress
from convosphere.knowledge.parsing.sources import Source

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_RIGHTS = "META-INF/rights.xml"


def read_epub(source: Source, limits: Limits, report: ReportProgress) -> Draft:
    """Read a book.

    Raises:
        EncryptedFileError: copy protection locks it.
        TooComplexError, DamagedFileError: as they say.
    """
    check_archive(source, limits)
    warnings: list[ParseWarning] = []
    blocks: list[Block] = []
    with source.open() as packed, ZipFile(packed) as archive:
        names = set(archive.namelist())
        if _RIGHTS in names and _ENCRYPTION in names:
            raise EncryptedFileError
        package = _package(archive)
        root = tree_of(archive, package)
        metadata = core_properties(next((part for part in root if local_name(part) == "metadata"), root))
        chapters = [name for name in _chapters(root, package) if name in names]
        for number, name in enumerate(chapters, start=1):
            blocks += _chapter(archive.read(name), limits, warnings)
            report(Progress(number, len(chapters)))
    return Draft(blocks, metadata.pop("title", ""), warnings=warnings, metadata=metadata)


def _package(archive: ZipFile) -> str:
    for element in tree_of(archive, _CONTAINER).iter("*"):
        if local_name(element) == "rootfile" and (name := element.get("full-path")):
            return name
    raise DamagedFileError


def _chapters(root: Element, package: str) -> Iterator[str]:
    """The parts of the book in the order of its spine."""
    elements = list(root.iter("*"))
    items = {item.get("id"): item.get("href") or "" for item in elements if local_name(item) == "item"}
    for reference in elements:
        if local_name(reference) == "itemref" and (href := items.get(reference.get("idref"))):
            yield part_beside(package, href)


def _chapter(data: bytes, limits: Limits, warnings: list[ParseWarning]) -> list[Block]:
    """A chapter; one without a word, such as a cover, is none."""
    try:
        draft = read_html(Source(data), limits, lambda _: None)
    except NoTextError:
        return []
    warnings += draft.warnings
    return draft.blocks
