"""What an electronic book says of itself, and its chapters in reading order."""

from collections.abc import Iterator
from dataclasses import dataclass
from zipfile import ZipFile

from convosphere.knowledge.parsing.errors import DamagedFileError, EncryptedFileError
from convosphere.knowledge.parsing.packages import Element, core_properties, local_name, part_beside, tree_of

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_RIGHTS = "META-INF/rights.xml"


@dataclass(frozen=True)
class Book:
    """`chapters` are names of parts of the archive."""

    metadata: dict[str, str]
    chapters: list[str]


def book_of(archive: ZipFile) -> Book:
    """The book in an archive that was checked.

    Raises:
        EncryptedFileError: copy protection locks it.
        DamagedFileError: it has no list of its parts.
    """
    names = set(archive.namelist())
    if _RIGHTS in names and _ENCRYPTION in names:
        raise EncryptedFileError
    package = _package(archive)
    root = tree_of(archive, package)
    metadata = core_properties(next((part for part in root if local_name(part) == "metadata"), root))
    return Book(metadata, [name for name in _chapters(root, package) if name in names])


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
